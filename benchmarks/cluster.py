"""The local engine compared with clusters of one and three nodes on one machine: whole pages, and agreement.

    python -m benchmarks.cluster [--articles 100000] [--queries 5] [--rounds 3] [--heap 2g] [--data ../shared/data]

Pages: the corpus and the queries of `benchmarks.corpus`, each page with ten hits, snippets and four facets. Times are
medians over queries of the minimum of the rounds, in milliseconds, one thread; throughput is pages a second over all of
them. Bytes are those of the primaries.

Agreement: 500 queries over the Reuters articles, each of two words from one title; sets, counts and histograms must be
equal, or the exit status is 1. Overlap is the share of the top ten that both engines have; the cluster uses statistics
of all shards.

Needs `make opensearch`, and `tantivy` as `benchmarks.engine` does. All nodes share the machine with the client.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import search
from benchmarks import results
from benchmarks.corpus import cases, corpus
from benchmarks.peers import Ours
from benchmarks.reuters import DATA, mapped
from search import Article, Query
from search.engine import Engine
from search.text.tokens import tokens
from tests.opensearch.cluster import Cluster

AGREE = 500


def made(size: int) -> Iterator[Article]:
    """The corpus as articles."""
    for row in corpus(size):
        lists = {name: tuple(row[name]) for name in ("person", "country", "topic")}
        yield Article(**{**row, **lists})


def reuters(data: Path) -> Iterator[Article]:
    """The Reuters articles with the metadata of their source, and random countries."""
    chance = random.Random(3)
    for row in mapped(data):
        country = tuple(chance.sample(("US", "JP", "GB", "DE", "FR", "BR"), chance.choice((0, 1, 1, 2))))
        yield Article(**{**row, "country": country})


def fill(place: str | Path, articles: Iterable[Article]) -> float:
    """Index articles. Returns the seconds it took."""
    began = time.perf_counter()
    with search.writer(place) as writer:
        for article in articles:
            writer.add(article)
    return time.perf_counter() - began


def timed(name: str, engine: Engine, count: int, rounds: int, sheet: results.Sheet | None = None) -> dict[str, float]:
    """Milliseconds per page, by class."""
    found: dict[str, float] = {}
    asked = Ours(Path())
    spent, pages = 0.0, 0
    for kind, several in cases(count).items():
        best: list[float] = []
        for case in several:
            query = asked.query(case)
            times = []
            for _ in range(rounds):
                began = time.perf_counter()
                engine.search(query)
                times.append(time.perf_counter() - began)
            best.append(min(times))
            spent, pages = spent + sum(times), pages + len(times)
        found[kind] = 1000 * statistics.median(best)
    print(f"{name}: {pages / spent:.1f} pages a second")
    if sheet is not None:
        sheet.row("rates", engine=name, pages=pages / spent)
        for kind, page in found.items():
            sheet.row("pages", engine=name, kind=kind, page=page)
    return found


def agree(local: Engine, remote: Engine, articles: list[Article]) -> tuple[int, float]:
    """The number of the `AGREE` queries with different answers, and the mean overlap of the top ten."""
    chance = random.Random(5)
    different, overlap = 0, []
    for number in range(AGREE):
        words = [token.word for token in tokens(chance.choice(articles).title)]
        some = chance.sample(words, min(len(words), 2))
        text = (" ", " OR ")[number % 2].join(some)
        query = Query(text, facets=("person", "country", "source", "language", "date"), interval="month")
        mine, theirs = local.search(query), remote.search(query)
        dated = Query(text, facets=(), sort="newest", size=100)
        same = (mine.total, mine.facets) == (theirs.total, theirs.facets)
        same &= [h.article.id for h in local.search(dated).hits] == [h.article.id for h in remote.search(dated).hits]
        different += not same
        best = {hit.article.id for hit in mine.hits}
        if best:
            overlap.append(len(best & {hit.article.id for hit in theirs.hits}) / len(best))
    return different, statistics.mean(overlap)


def main() -> int:
    """Start the cluster, index, query, compare, stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--data", type=Path, default=DATA)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("cluster")
    tables: dict[str, dict[str, float]] = {}
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "local.idx"
        filled = options.articles / fill(place, made(options.articles))
        print(f"local: {filled:.0f} articles a second")
        with search.open(place) as engine:
            timed("local (first)", engine, 1, 1)
            tables["local"] = timed("local", engine, options.queries, options.rounds, sheet)
            size = engine.stats().bytes / options.articles
            sheet.row("fill", engine="local", articles=options.articles, rate=filled, bytes=size)
            print(f"local: {size:.0f} bytes an article")
        for size in (1, 3):
            os.environ |= {
                "DATELINE_OPENSEARCH_SHARDS": str(size),
                "DATELINE_OPENSEARCH_REPLICAS": str(min(1, size - 1)),
                "DATELINE_OPENSEARCH_TIMEOUT_S": "300",  # three nodes on the cores of one machine
            }
            name = f"{size} node{'s' * (size > 1)}"
            cluster = Cluster(Path(folder) / name.replace(" ", "-"), size, options.heap)
            cluster.start()
            try:
                address = f"opensearch+http://{cluster.hosts}/bench"
                filled = options.articles / fill(address, made(options.articles))
                print(f"{name}: {filled:.0f} articles a second")
                with search.open(address) as engine:
                    began = time.perf_counter()
                    engine.search(Query())
                    print(f"{name}: {time.perf_counter() - began:.1f} s for the first query after a commit")
                    timed(f"{name} (first)", engine, 2, 2)
                    tables[name] = timed(name, engine, options.queries, options.rounds, sheet)
                    each = engine.stats().bytes / options.articles
                    sheet.row("fill", engine=name, articles=options.articles, rate=filled, bytes=each)
                    print(f"{name}: {each:.0f} bytes an article")
                if size > 1 and options.data.is_dir():
                    articles = list(reuters(options.data))
                    fill(f"opensearch+http://{cluster.hosts}/reuters", articles)
                    fill(Path(folder) / "reuters.idx", articles)
                    with (
                        search.open(Path(folder) / "reuters.idx") as local,
                        search.open(f"opensearch+http://{cluster.hosts}/reuters") as remote,
                    ):
                        different, overlap = agree(local, remote, articles)
                    print(f"{AGREE} queries over {len(articles)} Reuters articles: {different} differ")
                    print(f"overlap of the top ten: {overlap:.3f}")
                    sheet.row("agreement", questions=AGREE, articles=len(articles), differ=different, overlap=overlap)
            finally:
                cluster.stop()
    print("| page, ms | " + " | ".join(tables) + " |\n| --- |" + " ---: |" * len(tables))
    for kind in tables["local"]:
        print(f"| {kind} | " + " | ".join(f"{table[kind]:.1f}" for table in tables.values()) + " |")
    sheet.keep(options.keep)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
