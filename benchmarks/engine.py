"""The local engine compared with tantivy-py, Lucene, SQLite FTS5 and plain Whoosh: same corpus, same answers, one run.

    python -m benchmarks.engine [--articles 100000] [--whoosh 5000] [--queries 10] [--rounds 7]
    python -m benchmarks.engine --once [--articles 100000] [--queries 10]

Dateline builds with two processes that read and prepare in addition to the one that writes, and with that one alone;
tantivy-py with its default number of threads. The corpus is synthetic: some 306 words an article from a Zipf vocabulary
of 200,000, up to three of 30,000 persons, two of 220 countries, one or two of 17 topics, a day in 80 years. Each engine
builds an index of it from the same JSON Lines with stored title and text, positions and facets; then every query runs
on each in turn. Totals are asserted equal before anything is timed, and facet counts too if an engine has exact ones.
No answers are cached. Dateline is asked as everybody asks it: `search.open(…).search(Query(…))`.

A *page* is the ten best with title and highlighted snippet, the exact total, the ten most frequent persons, countries
and topics and a histogram by year; a filtered facet is counted without its own filter. *ids* is the same with the ids of
the ten alone, *top* the ten best with their titles and the total. Times are medians over queries of the minimum of the
rounds, in milliseconds, one thread, seen from Python; a class's ratio is that of the medians. Those of Lucene, a Java
process behind a pipe, are also told as measured inside Java.

`--once` asks for the page of each question of all kinds one time, in random order, in CPU milliseconds, as people do who
ask something else each time: Dateline and tantivy-py by turns. Their first page, which loads what all need, is apart.

Needs `tantivy` in addition to the project's own packages, and `make lucene`.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import search
from benchmarks import results, tables
from benchmarks.corpus import Case, cases, corpus
from benchmarks.lucene import VERSION, Lucene
from benchmarks.peers import Fts5, Ours, Tantivy, Whoosh

MEASURES = ("top", "ids", "page")
SLOW_ROUNDS = 2
"""Rounds for an engine whose queries take a hundred times as long."""


def timed(ask: Callable[[Case], object], asked: Sequence[Case], rounds: int) -> tuple[float, float]:
    """Median and 99th percentile over queries, each the minimum of the rounds, in milliseconds."""
    least = []
    for case in asked:
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            ask(case)
            times.append(time.perf_counter() - began)
        least.append(min(times) * 1000)
    return statistics.median(least), float(np.percentile(least, 99))


def build(engine: Any, source: Path, size: int, sheet: results.Sheet, table: str = "build") -> None:
    """Build an index and print the results."""
    wall, cpu = time.perf_counter(), results.cpu_seconds()
    engine.build(source)
    wall, cpu = time.perf_counter() - wall, results.cpu_seconds() - cpu
    on_disk = results.bytes_of(engine.place)
    sheet.row(table, articles=size, engine=engine.name, wall=size / wall, cpu=size / cpu, bytes=on_disk / size)
    print(
        f"{engine.name:10} {size / wall:8,.0f} articles/s wall  {size / cpu:8,.0f} a CPU second  "
        f"{on_disk / size:7,.0f} bytes an article",
        flush=True,
    )


def compare(engines: Sequence[Any], count: int, rounds: int, size: int, sheet: results.Sheet) -> None:
    """Check that all agree, then time them class by class."""
    miscounted: Counter[str] = Counter()
    ratios: dict[tuple[str, str], list[float]] = {}
    print(f"\n{'ms':16}{'matches':>9}" + "".join(f"{e.name + ' top':>15}{'ids':>9}{'page':>9}" for e in engines))
    for name, asked in cases(count).items():
        pages = [[engine.page(case) for case in asked] for engine in engines]
        for answers, engine in zip(pages[1:], engines[1:], strict=True):
            for first, theirs, case in zip(pages[0], answers, asked, strict=True):
                assert first[0] == theirs[0], (name, engine.name, case, first, theirs)
                if first[1] != theirs[1]:
                    assert engine.approximate, (name, engine.name, case, first, theirs)
                    miscounted[engine.name] += 1
        matches = statistics.median(total for total, _ in pages[0])
        line = f"{name:16}{matches:9,.0f}"
        mine: dict[str, float] = {}
        told = []
        for engine in engines:
            times = rounds if not engine.slow else min(rounds, SLOW_ROUNDS)
            took = {what: timed(getattr(engine, what), asked, times)[0] for what in MEASURES}
            line += f"{took['top']:15.2f}{took['ids']:9.2f}{took['page']:9.2f}"
            sheet.row("pages", articles=size, kind=name, matches=matches, engine=engine.name, **took)
            mine = mine or took
            if engine is not engines[0]:
                for what, milliseconds in took.items():
                    ratios.setdefault((engine.name, what), []).append(milliseconds / mine[what])
                told.append(f"{took['page'] / mine['page']:.1f}×")
            if isinstance(engine, Lucene):
                inside = [min(engine.inside("page", case) for _ in range(rounds)) for case in asked]
                sheet.row("inside", articles=size, kind=name, page=statistics.median(inside))
        print(f"{line}  {' '.join(told)}", flush=True)
    for other, wrong in miscounted.items():
        print(f"{other} gave wrong facet counts on {wrong} pages (its counts are approximate)")
    for (other, what), values in ratios.items():
        print(f"{what} compared with {other}: geometric mean {tables.mean(values):.1f}×, minimum {min(values):.1f}×")


def once(size: int, count: int) -> None:
    """Print what a page costs that nobody has asked for before."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as name:
        folder = Path(name)
        with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in corpus(size))
        engines: list[Ours | Tantivy] = [Ours(folder), Tantivy(folder)]
        for engine in engines:
            engine.build(folder / "corpus.jsonl")
            engine.open()
        asked = [case for several in cases(count).values() for case in several]
        random.Random(1815).shuffle(asked)
        took: dict[str, list[float]] = {engine.name: [] for engine in engines}
        for case in asked:
            for engine in engines:
                began = time.thread_time()
                engine.page(case)
                took[engine.name].append((time.thread_time() - began) * 1000)
        print(f"{len(asked)} questions, each once, among {size:,} articles, CPU ms")
        for engine in engines:
            first, *others = took[engine.name]
            median, slow = statistics.median(others), float(np.percentile(others, 90))
            print(
                f"{engine.name:10} first {first:6.1f}  median {median:6.2f}  90th {slow:6.2f}  slowest {max(others):6.1f}"
            )
            engine.close()


def profile(size: int) -> None:
    """Print where Dateline spends the time of building and of a page for a frequent term."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    try:
        with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in corpus(size))
        ours = Ours(folder)
        profiler = cProfile.Profile()
        profiler.runcall(ours.build, folder / "corpus.jsonl")
        ours.open()
        case = cases(4)["term high"][0]
        ours.page(case)
        asking = cProfile.Profile()
        for _ in range(100):
            asking.runcall(ours.page, case)
        print(f"100 pages of a frequent term among {size:,} articles:")
        pstats.Stats(asking).sort_stats("cumtime").print_stats(r"search/", 16)
        print("building:")
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(r"search/|indexer/", 16)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Generate the corpus, build, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--whoosh", type=int, default=5000, help="articles for plain Whoosh, which is slow; 0 for none")
    parser.add_argument("--queries", type=int, default=10, help="of each class")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="where Dateline spends its time")
    parser.add_argument("--once", action="store_true", help="each question one time")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("engine")
    if options.once:
        once(options.articles, options.queries)
        return
    search.warm()
    if options.profile:
        profile(options.articles)
        return
    versions = {
        "tantivy": version("tantivy"),
        "lucene": VERSION,
        "sqlite": sqlite3.sqlite_version,
        "whoosh": version("whoosh3"),
    }
    sheet.row("versions", **versions)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {versions}")
    for size, kinds in ((options.whoosh, (Ours, Whoosh)), (options.articles, (Ours, Tantivy, Lucene, Fts5))):
        if not size:
            continue
        folder = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
        try:
            source = folder / "corpus.jsonl"
            with source.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in corpus(size))
            print(f"\n{size:,} articles")
            engines = [kind(folder) for kind in kinds]
            for engine in engines:
                build(engine, source, size, sheet)
            if size > options.whoosh:
                (folder / "alone").mkdir()
                build(Ours(folder / "alone", 1), source, size, sheet, "alone")
            for engine in engines:
                began = time.perf_counter()
                engine.open()
                opened = (time.perf_counter() - began) * 1000
                sheet.row("open", articles=size, engine=engine.name, ms=opened)
                print(f"{engine.name:10} opens in {opened:.0f} ms")
                if isinstance(engine, Lucene):
                    engine.warm()
            compare(engines, options.queries, options.rounds, size, sheet)
            for engine in engines:
                engine.close()
        finally:
            shutil.rmtree(folder)
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
