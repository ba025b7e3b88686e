"""Quality of topics, compared with a baseline that looks for the words of the topics' labels.

    python -m benchmarks.topics [DATA]

Sets: news teasers of three sections (AG News without `World`, which is not a topic), Reuters reports about companies
and commodities, the leads of `topic_leads.tsv` (six for each topic, written for this file and never trained on), and
the reports of `seeds/` with their annotated topics, and the three readings of `tests/gold/topics.tsv`, which are web
pages and teasers. DATA is the folder of all but the leads and the seeds; missing ones are skipped.

Columns: `first`, the share of texts whose first topic is right (for the seeds and the labelled: their main topic);
`right`, the share whose first topic is any of the right ones; `any`, the share
with a right topic among those found; `none`, the share without a topic; `macro`, the mean over topics of `first`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tarfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

import numpy as np
import py3langid

from indexer import languages, readers
from indexer.enrich import topics
from indexer.readers.shared.record import Origin
from search.system.json import Json
from search.text.tokens import terms
from search.values.article import Article

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"

SECTIONS = {"Business": "medtop:04000000", "Sports": "medtop:15000000", "Sci/Tech": "medtop:13000000"}

LABELS = {
    "medtop:01000000": "arts culture entertainment media",
    "medtop:02000000": "crime law justice",
    "medtop:03000000": "disaster accident emergency",
    "medtop:04000000": "economy business finance",
    "medtop:05000000": "education",
    "medtop:06000000": "environment",
    "medtop:07000000": "health",
    "medtop:08000000": "human interest",
    "medtop:09000000": "labour",
    "medtop:10000000": "lifestyle leisure",
    "medtop:11000000": "politics",
    "medtop:12000000": "religion",
    "medtop:13000000": "science technology",
    "medtop:14000000": "society",
    "medtop:15000000": "sport",
    "medtop:16000000": "conflict war peace",
    "medtop:17000000": "weather",
}
"""The words of the top levels' labels, for the baseline."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text and its right codes, the main one first."""

    article: Article
    gold: tuple[str, ...]


def records(path: Path) -> Iterator[Json]:
    """The records of a file of JSON lines, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def ag_news(data: Path) -> Iterator[Case]:
    """Teasers of business, sports and technology."""
    for record in records(data / "agnews_test.jsonl.gz"):
        if code := SECTIONS.get(record["topics"][0]):
            yield Case(Article(record["id"], record["body"], record["title"]), (code,))


def reuters(data: Path) -> Iterator[Case]:
    """Every fifth report that has a topic; nearly all are about companies, commodities, money."""
    for number, record in enumerate(records(data / "reuters21578.jsonl.gz")):
        if number % 5 == 0 and record["topics"] and record["body"]:
            yield Case(Article(record["id"], record["body"], record["title"]), ("medtop:04000000",))


def leads(_: Path) -> Iterator[Case]:
    """Six leads for each topic."""
    for line in (ROOT / "benchmarks" / "topic_leads.tsv").read_text(encoding="utf-8").splitlines():
        code, text = line.split("\t")
        yield Case(Article(code, text), (code,))


def seeds(_: Path) -> Iterator[Case]:
    """The English reports of `seeds/` that have annotated topics."""
    for gold in sorted((ROOT / "tests" / "gold").glob("seeds-*.jsonl")):
        for record in records(gold):
            article = seed(record.get("id"), ROOT / record["file"])
            if record.get("topic") and article and py3langid.classify(article.text)[0] == languages.DEFAULT:
                yield Case(article, tuple(record["topic"]))


def labelled(data: Path, reading: str) -> Iterator[Case]:
    """The web pages and teasers of a reading of `tests/gold/topics.tsv`, which has their ids and topics."""
    lines = (ROOT / "tests" / "gold" / "topics.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    gold = {name: tuple(codes.split()) for name, codes, number in rows if number == reading}
    for record in records(data / "agnews_test.jsonl.gz"):
        if codes := gold.get(record["id"]):
            yield Case(Article(record["id"], record["body"], record["title"]), codes)
    for pages in ("trafilatura", "htmldate"):
        with tarfile.open(data / "webpages" / f"{pages}_html.tar.xz") as packed, TemporaryDirectory() as folder:
            for member in packed:
                name = Path(member.name).name
                if codes := gold.get(f"{pages}/{name}"):
                    path = Path(folder) / name
                    path.write_bytes(cast("IO[bytes]", packed.extractfile(member)).read())
                    if article := seed(None, path):
                        yield Case(article, codes)


def seed(identifier: str | None, path: Path) -> Article | None:
    """One report without its topics: the one with this id in its file, or the file's only one."""
    for found in readers.read(path, Origin("seeds", path.name, path.name)) if path.exists() else ():
        if isinstance(found, Article) and identifier in (None, found.id):
            return Article(found.id, found.text, found.title)
    return None


@cache
def label_words() -> dict[str, frozenset[str]]:
    """For each code the stems of its label's words."""
    return {code: frozenset(terms(words, "en")) for code, words in LABELS.items()}


def baseline(article: Article) -> tuple[str, ...]:
    """The topics whose label words occur in the article, most frequent first."""
    found = terms(f"{article.title} {article.text}", "en")
    counts = {code: sum(word in words for word in found) for code, words in label_words().items()}
    return tuple(sorted((code for code in counts if counts[code]), key=lambda code: -counts[code])[: topics.MOST])


def model(article: Article) -> tuple[str, ...]:
    """The topics that the program finds."""
    return topics.enrich(article).topic


def measure(cases: Sequence[Case], find: Callable[[Article], tuple[str, ...]]) -> tuple[str, dict[str, float]]:
    """A line of figures, and the share of right first topics by code."""
    by_code = defaultdict(list)
    anywhere = none = named = among = 0
    for case in cases:
        found = find(case.article)
        by_code[case.gold[0]].append(found[:1] == case.gold[:1])
        anywhere += bool(set(found) & set(case.gold))
        among += bool(set(found[:1]) & set(case.gold))
        none += not found
        named += len(found)
    first = {code: float(np.mean(hits)) for code, hits in sorted(by_code.items())}
    total = sum(map(len, by_code.values()))
    right = sum(map(sum, by_code.values()))
    mean = float(np.mean(list(first.values())))
    figures = (right / total, mean, among / total, anywhere / total, none / total, named / total)
    return "".join(f"{figure:8.3f}" for figure in figures), first


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    data = parser.parse_args().data
    topics.load(languages.default())
    print(
        f"{'set':10}{'texts':>7}  {'':9}{'first':>8}{'macro':>8}{'right':>8}{'any':>8}{'none':>8}{'topics':>8}{'ms':>8}"
    )
    sets: dict[str, Callable[[Path], Iterator[Case]]] = {
        "ag_news": ag_news,
        "reuters": reuters,
        "leads": leads,
        "seeds": seeds,
        **{f"reading {number}": partial(labelled, reading=number) for number in "123"},
    }
    for name, load in sets.items():
        try:
            cases = list(load(data))
        except FileNotFoundError as error:
            print(f"{name:10} skipped: no {error.filename}")
            continue
        for title, find in {"labels": baseline, "model": model}.items() if cases else ():
            begun = time.perf_counter()
            line, first = measure(cases, find)
            spent = (time.perf_counter() - begun) * 1000 / len(cases)
            print(f"{name:10}{len(cases):7}  {title:9}{line}{spent:8.2f}")
        if cases and len(first) > 1:
            print("   " + "  ".join(f"{code[7:9]} {share:.2f}" for code, share in first.items()))


if __name__ == "__main__":
    main()
