"""How Dateline scales with the archive: one index, from ten thousand articles to a million, or to ten million.

    python -m benchmarks.growth [--most 1000000] [--queries 6]

The synthetic corpus of `benchmarks.corpus` is added in steps, in separate processes that each commit a million articles
at most; after each step a new process opens the index, runs every class of query and reports the time, its private
memory, and the throughput of four threads compared with one. Then a thousand articles are added, and the time is
measured until a search finds them. At the end a process deletes an article of each thousand and rewrites all segments
without them, while another asks for pages.

Private memory is that of the process (without mapped files): for a reader, the difference to one that has only
imported numba; for a writer, the maximum, sampled ten times a second. Pages are those of `benchmarks.engine`, with
titles and snippets: times are of the queries of all classes, each the minimum of three rounds, in milliseconds. The
page of the most frequent person, and the check of a draft of 300 words, are measured in CPU milliseconds, since their
parts are few. The rewriting is described by the pages asked for one after the other meanwhile, and in `REST_S` before.
Ten million articles need 40 GB of disk while segments are merged, and an hour on two cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import search
from benchmarks import desk, results
from benchmarks.corpus import cases, corpus
from benchmarks.peers import Ours
from service.archive import Archive

STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
COMMIT = 1_000_000
"""Articles of one commit, at most."""
ADDED = 1000
DELETED = 1000
"""Of so many articles one is deleted before segments are rewritten."""
REST_S = 20.0
"""Seconds in which pages are asked for before that."""
THREADS = 4


def anonymous_memory() -> float:
    """Megabytes of anonymous memory of this process."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("The kernel does not report anonymous memory.")


def reader(place: Path, queries: int) -> dict[str, float]:
    """Time and memory for a new process to open an index, and to answer queries."""
    import numba  # noqa: F401 - what the memory is measured against

    numba_only = anonymous_memory()
    ours = Ours(place.parent)
    ours.place = place
    began = time.perf_counter()
    ours.open()
    opened = time.perf_counter() - began
    asked = [case for several in cases(queries).values() for case in several]
    began = time.perf_counter()
    ours.page(asked[0])
    first = time.perf_counter() - began
    least = []
    for case in asked:
        times = []
        for _ in range(3):
            began = time.perf_counter()
            ours.page(case)
            times.append(time.perf_counter() - began)
        least.append(min(times) * 1000)
    memory = anonymous_memory() - numba_only
    alone = rate(ours, asked, 1)
    together = rate(ours, asked, THREADS)
    with Archive(str(place)) as archive:
        name_ms = desk.least(desk.portrait(archive.engine, "person"), 3)
        draft_ms = desk.least(desk.draft(archive.engine, archive, ours.query(cases(1)["term high"][0])), 3)
    return {
        "open_ms": opened * 1000,
        "first_ms": first * 1000,
        "p50": float(np.percentile(least, 50)),
        "p99": float(np.percentile(least, 99)),
        "memory_mb": memory,
        "threads": together / alone,
        "name_ms": name_ms,
        "draft_ms": draft_ms,
    }


def writer(place: Path, source: Path) -> dict[str, float]:
    """Add articles to an index. Returns the seconds it took, and the maximum memory meanwhile."""
    ours = Ours(place.parent)
    ours.place = place
    most, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.1):
            most = max(most, anonymous_memory())

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.perf_counter()
    ours.build(source)
    seconds = time.perf_counter() - began
    done.set()
    watching.join()
    return {"seconds": seconds, "memory_mb": max(most, anonymous_memory())}


def rate(ours: Ours, asked: list[Any], threads: int) -> float:
    """Pages a second."""
    many = asked * max(1, 400 // len(asked))
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ours.page, many))
    return len(many) / (time.perf_counter() - began)


def added(ours: Ours, rows: Any) -> float:
    """Seconds from the first of a thousand articles until a search finds them."""
    ours.open()
    before = ours.engine.stats().articles
    source = ours.place.with_suffix(".jsonl")
    with source.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    began = time.perf_counter()
    ours.build(source)
    assert ours.top(cases(1)["everything"][0]) == before + ADDED
    return time.perf_counter() - began


def rewriter(place: Path, size: int) -> dict[str, float]:
    """Delete some articles, and rewrite all segments. Returns the seconds it took."""
    began = time.perf_counter()
    with search.writer(place) as writing:
        for number in range(0, size, DELETED):
            writing.delete(f"a{number:07d}")
        writing.compact(size)
    return {"seconds": time.perf_counter() - began}


def rewritten(place: Path, size: int) -> dict[str, float]:
    """Milliseconds of pages at rest and while all segments are rewritten, and the seconds that takes."""
    ours = Ours(place.parent)
    ours.place = place
    ours.open()
    asked = itertools.cycle(case for several in zip(*cases(6).values(), strict=True) for case in several)

    def times(done: Callable[[], bool]) -> list[float]:
        found = []
        while not done():
            began = time.perf_counter()
            ours.page(next(asked))
            found.append(1000 * (time.perf_counter() - began))
        return found

    until = time.perf_counter() + REST_S
    times(lambda: time.perf_counter() > until)
    until += REST_S
    rest = times(lambda: time.perf_counter() > until)
    with ThreadPoolExecutor(1) as pool:
        rewriting = pool.submit(_apart, "--rewriter", place, size)
        busy = times(rewriting.done)
    found = {"rewrite_s": rewriting.result()["seconds"]}
    for name, page in (("rest", rest), ("rewrite", busy)):
        found |= {f"{name}_p50": float(np.percentile(page, 50)), f"{name}_p99": float(np.percentile(page, 99))}
        found[f"{name}_most"] = max(page)
    return found


def _apart(*arguments: object) -> dict[str, float]:
    """The output of a separate process."""
    command = [sys.executable, "-m", "benchmarks.growth", *map(str, arguments)]
    measured: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return measured


def main() -> None:
    """Grow the index, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=6, help="of each class")
    parser.add_argument("--reader", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--writer", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--rewriter", nargs=2, help=argparse.SUPPRESS)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("growth")
    if options.reader:
        print(json.dumps(reader(options.reader, options.queries)))
        return
    if options.writer:
        print(json.dumps(writer(*options.writer)))
        return
    if options.rewriter:
        print(json.dumps(rewriter(Path(options.rewriter[0]), int(options.rewriter[1]))))
        return
    rows = corpus(options.most + ADDED * len(STEPS))
    print(
        f"{'articles':>9}{'built/s':>9}{'bytes':>7}{'open ms':>9}{'first ms':>9}{'page p50':>10}{'p99':>8}"
        f"{'memory MB':>11}{'4 threads':>11}{'+1,000 s':>10}{'writer MB':>11}{'name ms':>9}{'draft ms':>9}"
    )
    with tempfile.TemporaryDirectory(prefix="dateline-growth-") as folder:
        ours = Ours(Path(folder))
        source = Path(folder) / "more.jsonl"
        size = 0
        for step in STEPS:
            if step > options.most:
                break
            seconds, peak = 0.0, 0.0
            for begin in range(size, step, COMMIT):
                with source.open("w", encoding="utf-8") as file:
                    file.writelines(json.dumps(row) + "\n" for row in islice(rows, min(COMMIT, step - begin)))
                wrote = _apart("--writer", ours.place, source)
                seconds, peak = seconds + wrote["seconds"], max(peak, wrote["memory_mb"])
            built = (step - size) / seconds
            size = step
            measured = _apart("--reader", ours.place, "--queries", options.queries)
            seconds = added(ours, islice(rows, ADDED))
            size += ADDED
            sheet.row(
                "steps", articles=step, built=built, bytes=results.bytes_of(ours.place) / size, **measured,
                added_s=seconds, writer_mb=peak,
            )  # fmt: skip
            print(
                f"{step:9,}{built:9,.0f}{results.bytes_of(ours.place) / size:7,.0f}"
                f"{measured['open_ms']:9.0f}{measured['first_ms']:9.0f}"
                f"{measured['p50']:10.2f}{measured['p99']:8.2f}{measured['memory_mb']:11.0f}{measured['threads']:10.1f}×{seconds:10.1f}"
                f"{peak:11,.0f}{measured['name_ms']:9.1f}{measured['draft_ms']:9.1f}",
                flush=True,
            )
        pauses = rewritten(ours.place, size)
        sheet.row("rewriting", articles=size, **pauses)
        print(", ".join(f"{name} {value:,.1f}" for name, value in pauses.items()))
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
