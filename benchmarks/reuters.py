"""21,578 newswire articles through the whole program, and its counts against brute force.

    python -m benchmarks.reuters [DATA] [--folder FOLDER]

Maps Reuters-21578 to JSON Lines in the contract's format, indexes it with the command `dateline`, exports it, and runs
faceted queries on the index and, in plain Python, on the exported articles. Any difference makes the exit status 1.

Prints articles and seconds of indexing, then for each query the total, milliseconds, and whether all counts agree.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import search
from benchmarks import results
from search import Article, DateFacet, Filter, Query, ValueFacet
from search.names.vocabulary import vocabulary
from search.system.json import Json
from search.text.dates import day_of
from search.text.tokens import term, tokens

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
QUERIES = (
    Query(),
    Query("trade"),
    Query("trade surplus"),
    Query("oil prices", filters={"country": Filter(any=("SA",))}),
    Query("bank", filters={"country": Filter(any=("JP", "US"))}, date_from="1987-03", date_to="1987-04"),
    Query("tariffs", filters={"country": Filter(all=("JP", "US"))}),
    Query("shares", filters={"country": Filter(none=("US",))}),
    Query("wheat", filters={"person": Filter(missing=True)}),
    Query(filters={"topic": Filter(any=("medtop:04000000",)), "country": Filter(any=("FR", "DE"))}),
    Query("reagan", filters={"topic": Filter(any=("medtop:11000000",))}),
)
FACETS = ("person", "country", "topic", "date")


def mapped(data: Path) -> Iterator[Json]:
    """The articles in the contract's format; one without a body has its title as text."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            paragraphs = [" ".join(part.split()) for part in (row["body"] or "").split("\n    ")]
            text = "\n\n".join(part for part in paragraphs if part)
            if row["dateline"] and text:
                text = f"{row['dateline'].strip()} {text}"
            yield {
                "id": f"reuters-{row['id']}",
                "title": row["title"],
                "text": text or row["title"] or "(no text)",
                "published": row["date"],
                "source": "Reuters",
                "language": "en",
            }


def brute(articles: list[Article], query: Query) -> tuple[int, dict[str, dict[str, int]]]:
    """Total and facet counts of a query of plain words, by examining every article."""
    words = [term(token.word, "en") for token in tokens(query.text)]
    found = [a for a in articles if not words or set(words) <= _words(a)]

    def passes(article: Article, ignored: str) -> bool:
        for name, wanted in query.filters.items():
            values = set(_values(article, name))
            if not set(wanted.all) <= values or set(wanted.none) & values:
                return False
            own = (wanted.any or wanted.missing) and name != ignored
            if own and not (set(wanted.any) & values or (wanted.missing and not values)):
                return False
        first, last = query.days()
        day = day_of(article.published)
        if ignored == "date" or not (first or last):
            return True
        return day is not None and (not first or first <= day) and (not last or day <= last)

    counts: dict[str, dict[str, int]] = {}
    tops = vocabulary("topic").tops
    for name in FACETS[:-1]:
        counts[name] = dict(Counter(v for a in found if passes(a, name) for v in _values(a, name)))
    counts["topic"] = {
        code: count for code, count in counts["topic"].items() if code in tops
    }  # only top-level topics are listed
    counts["date"] = dict(Counter((a.published or "")[:7] + "-01" for a in found if passes(a, "date") and a.published))
    return sum(passes(a, "") for a in found), counts


_SEEN: dict[str, frozenset[str]] = {}


def _words(article: Article) -> frozenset[str]:
    if article.id not in _SEEN:
        _SEEN[article.id] = frozenset(term(t.word, "en") for x in (article.title, article.text) for t in tokens(x))
    return _SEEN[article.id]


def _values(article: Article, name: str) -> tuple[str, ...]:
    values: tuple[str, ...] = getattr(article, name)
    topics = vocabulary("topic")
    return tuple(dict.fromkeys(up for v in values for up in ((v, *topics.ancestors(v)) if name == "topic" else (v,))))


def answered(engine: search.Engine, query: Query) -> tuple[int, dict[str, dict[str, int]], float]:
    """The same from the engine, and its milliseconds; every value of every facet is requested."""
    asked = Query(
        query.text, query.filters, query.date_from, query.date_to, facets=FACETS, facet_size=1000, interval="month"
    )
    results = min((engine.search(asked) for _ in range(5)), key=lambda r: r.took_ms)
    counts: dict[str, dict[str, int]] = {}
    for name, facet in results.facets.items():
        if isinstance(facet, ValueFacet):
            counts[name] = {entry.value: entry.count for entry in facet.values}
        elif isinstance(facet, DateFacet):
            counts[name] = {bucket.start: bucket.count for bucket in facet.buckets if bucket.count}
    return results.total, counts, results.took_ms


def asked(query: Query) -> str:
    """A query in words."""
    parts = [f"“{query.text}”" if query.text else "everything"]
    for name, wanted in query.filters.items():
        parts += [
            f"{name} {joint.join(values)}" for values, joint in ((wanted.any, " or "), (wanted.all, " and ")) if values
        ]
        parts += [f"{name} not {' or '.join(wanted.none)}"] if wanted.none else []
        parts += [f"no {name}"] if wanted.missing else []
    if query.date_from or query.date_to:
        parts.append(f"{query.date_from} to {query.date_to}")
    return ", ".join(parts)


def agree(engine_counts: dict[str, int], plain: dict[str, int]) -> bool:
    """True if the engine's top thousand are right, and no greater count is missing."""
    kept = {value: count for value, count in engine_counts.items() if count}
    least = min(kept.values(), default=0)
    rest = [count for value, count in plain.items() if value not in kept]
    return all(plain.get(value) == count for value, count in kept.items()) and (
        len(kept) == len(plain) or max(rest, default=0) <= least
    )


def main() -> int:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--folder", type=Path, help="folder for the generated files, which are not deleted")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("reuters")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "reuters.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in mapped(options.data))
        dateline = [sys.executable, "-m", "service"]
        began = time.monotonic()
        run = [*dateline, "index", str(folder / "reuters.idx"), str(folder / "reuters.jsonl"), "--json"]
        report = json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout)
        seconds = time.monotonic() - began
        print(f"indexed {report['read']:,} articles in {seconds:.1f} s, {report['read'] / seconds:,.0f} a second")
        sheet.row("indexed", articles=report["read"], seconds=seconds, rate=report["read"] / seconds)
        again = json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout)
        print(f"again: {again['unchanged']:,} unchanged in {again['seconds']:.1f} s")
        engine = search.open(folder / "reuters.idx")
        articles = list(engine.export(Query()))
        wrong = int(len(articles) != report["read"]) + int(again["unchanged"] != report["read"])
        print(f"exported {len(articles):,} articles")
        for query in QUERIES:
            total, counts = brute(articles, query)
            engine_total, engine_counts, took = answered(engine, query)
            right = total == engine_total and all(agree(engine_counts[name], counts[name]) for name in FACETS)
            wrong += not right
            sheet.row("queries", query=asked(query), total=total, ms=took, agrees="yes" if right else "no")
            filters = "".join(f" {name}={wanted}" for name, wanted in query.filters.items())
            print(f"{'agrees ' if right else 'DIFFERS'} {total:6,} of “{query.text}”{filters}  {took:.1f} ms")
        engine.close()
    sheet.keep(options.keep)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
