"""Saved web pages: lost pages, and accuracy of text and dates, compared with trafilatura and htmldate alone.

    python -m benchmarks.pages [--data ../shared/data] [--errors] [--limit N] [--costs]

The pages of both evaluations are written into a WARC file each, with the addresses they came from, indexed by
`dateline index`, and exported. The text is judged by the sentences that belong to it and those that do not, the date by
its day. For comparison, in the same run and on the same bytes: `trafilatura.extract` and `htmldate.find_date` with
their defaults. With `--errors` every wrong page is printed.

With `--costs` only CPU time is measured, page by page in turns in one process: of our reader, of trafilatura's text
alone, and of trafilatura with its title, authors and date.

Needs the evaluation data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import subprocess
import sys
import tarfile
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from htmldate import find_date
from trafilatura import extract, extract_with_metadata

from benchmarks import results
from indexer.readers.shared.record import Origin
from indexer.readers.web import html
from search.errors import BadRecord
from search.system.json import Json

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
TEXTS, DATES = "trafilatura", "htmldate"

_FIRST = 10
"""Pages that are read before the clock starts, as tables are made."""

Articles = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Saved:
    """A page of an evaluation: its annotations, and its bytes."""

    gold: Json
    data: bytes

    @property
    def id(self) -> str:
        """Its name in the evaluation."""
        return str(self.gold["id"])


def saved(data: Path, name: str, limit: int | None = None) -> list[Saved]:
    """The pages of an evaluation.

    Args:
        limit: the number of pages, chosen by the hash of their names; None for all.
    """
    with gzip.open(data / "webpages" / f"{name}_gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        golds = [json.loads(line) for line in lines]
    if limit is not None:
        golds = sorted(golds, key=lambda gold: sha256(gold["id"].encode()).digest())[:limit]
    wanted = {gold["file"] for gold in golds}
    with tarfile.open(data / "webpages" / f"{name}_html.tar.xz") as archive:
        files = {
            member.name: file.read()
            for member in archive
            if member.name in wanted and (file := archive.extractfile(member)) is not None
        }
    return [Saved(gold, files[gold["file"]]) for gold in golds]


def warc(pages: Sequence[Saved], path: Path) -> None:
    """Write pages as a crawler does; a fragment distinguishes those with the same address."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for page in pages:
            body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.data
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{page.id}>\r\nWARC-Target-URI: "
                f"{page.gold['url']}#{page.id}\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            file.write(head.encode() + body + b"\r\n\r\n")


def indexed(pages: Sequence[Saved], folder: Path, workers: int) -> tuple[Json, Articles]:
    """The report of indexing pages, and each page's article, by the page's name."""
    folder.mkdir()
    warc(pages, folder / "pages.warc.gz")
    command, index = [sys.executable, "-m", "service"], str(folder / "news.idx")
    read = [*command, "index", index, str(folder / "pages.warc.gz"), "--json", "--workers", str(workers)]
    report: Json = json.loads(subprocess.run(read, stdout=subprocess.PIPE, check=True).stdout)
    lines = subprocess.run([*command, "export", index], stdout=subprocess.PIPE, check=True).stdout.splitlines()
    return report, {str(article["url"]).rpartition("#")[2]: article for article in map(json.loads, lines)}


def spaced(text: str) -> str:
    """A text in one Unicode form, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def shares(pages: Sequence[Saved], texts: Mapping[str, str], errors: bool = False) -> tuple[float, float]:
    """The share of the annotated sentences that were extracted, and of the boilerplate sentences that were not."""
    kept = belong = left = foreign = 0
    for page in pages:
        text = spaced(texts.get(page.id, ""))
        lost = [one for one in page.gold["with"] if spaced(one) not in text]
        there = [one for one in page.gold["without"] if spaced(one) in text]
        belong, kept = belong + len(page.gold["with"]), kept + len(page.gold["with"]) - len(lost)
        foreign, left = foreign + len(page.gold["without"]), left + len(page.gold["without"]) - len(there)
        if errors and (lost or there):
            print(f"{page.id} {page.gold['url']}: lost {lost}, there {there}")
    return kept / belong, left / foreign


def dated(pages: Sequence[Saved], days: Mapping[str, str | None], errors: bool = False) -> dict[str, float]:
    """The share of pages with the right day (or none, if there is none), with another, and with none though there is
    one.
    """
    counts = Counter({"exact": 0, "another day": 0, "none": 0})
    for page in pages:
        found, right = (days.get(page.id) or "")[:10], page.gold["expected_date"] or ""
        counts["exact" if found == right else "another day" if found else "none"] += 1
        if errors and found != right:
            print(f"{page.id} {page.gold['url']}: {found or 'none'}, not {right or 'none'}")
    return {name: number / len(pages) for name, number in counts.items()}


def costs(pages: Sequence[Saved]) -> dict[str, float]:
    """Milliseconds of CPU time a page, of our reader and of trafilatura; the first ten pages are not counted."""
    ways: dict[str, Callable[[Saved], object]] = {
        "dateline, all fields": _read,
        "trafilatura, text": lambda page: extract(page.data, url=page.gold["url"], include_comments=False),
        "trafilatura, all fields": lambda page: extract_with_metadata(
            page.data, url=page.gold["url"], include_comments=False
        ),
    }
    spent = dict.fromkeys(ways, 0.0)
    for number, page in enumerate(pages):
        for name, way in ways.items():
            began = time.process_time()
            way(page)
            spent[name] += (time.process_time() - began) * (number >= _FIRST)
    return {name: 1000 * seconds / (len(pages) - _FIRST) for name, seconds in spent.items()}


def _read(page: Saved) -> object:
    with suppress(BadRecord):
        return html.page(page.data, Origin("saved", page.id, page.id), url=page.gold["url"])
    return None


def whole(articles: Articles) -> dict[str, str]:
    """The visible parts of articles: title and text."""
    return {name: f"{article['title']}\n{article['text']}" for name, article in articles.items()}


def main() -> None:
    """Index, compare with the other libraries, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--errors", action="store_true", help="print wrong pages")
    parser.add_argument("--limit", type=int, help="number of pages of each evaluation")
    parser.add_argument("--costs", action="store_true", help="measure CPU time alone")
    parser.add_argument("--workers", type=int, default=2)
    results.option(parser)
    options = parser.parse_args()
    for library in (TEXTS, DATES):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    sheet = results.Sheet("pages")
    texts, dates = saved(options.data, TEXTS, options.limit), saved(options.data, DATES, options.limit)
    if options.costs:
        for name, spent in costs([*texts, *dates]).items():
            print(f"{name:24}{spent:8.1f} ms a page")
        return
    articles: dict[str, Json] = {}
    failed = 0
    reasons: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, pages in ((TEXTS, texts), (DATES, dates)):
            report, found = indexed(pages, Path(folder) / name, options.workers)
            articles |= found
            failed += report["internal_errors"]
            for entry in report["skipped"]:
                reasons[entry["reason"].partition(": ")[2]] += 1
                print(f"rejected: {entry['reason']}")
    sheet.row(
        "read",
        pages=len(texts) + len(dates),
        articles=len(articles),
        titles=sum(bool(article["title"]) for article in articles.values()),
        languages=len({article["language"] for article in articles.values() if article["language"]}),
        internal_errors=failed,
    )
    for reason, times in reasons.most_common():
        sheet.row("reasons", reason=reason, times=times)
    ours = shares(texts, whole(articles), options.errors)
    theirs = shares(texts, {page.id: extract(page.data, url=page.gold["url"]) or "" for page in texts})
    for name, mine, other in zip(("sentences retained", "boilerplate omitted"), ours, theirs, strict=True):
        sheet.row("shares", share=name, dateline=mine, trafilatura=other)
        print(f"{name:22} dateline {mine:.4f}   trafilatura {other:.4f}")
    days = dated(dates, {name: article["published"] for name, article in articles.items()}, options.errors)
    others = dated(dates, {page.id: find_date(page.data, url=page.gold["url"]) for page in dates})
    for name, mine in days.items():
        sheet.row("dates", count=name, dateline=mine, htmldate=others[name])
        print(f"dates, {name:15} dateline {mine:.4f}   htmldate    {others[name]:.4f}")
    print(f"internal errors        {failed}")
    sheet.keep(options.keep)
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
