"""What threads and processes on the cores of one machine share: pages a second of several, compared with one.

    python -m benchmarks.threads [--articles 300000] [--seconds 3]

The corpus and the queries of `benchmarks.corpus`, asked through `search.open`: whole pages, ids alone, and ids of the
kind *OR of three*, most of whose time are compiled loops over all articles. *Threads* share one process and its engine;
*processes* are forks that have the engine open. The controls have hardly any Python: `sha256` computes on bytes that
fit in a core's cache, and `copy` moves an array that fits in none; both release the GIL. Each figure is calls a second
of all together by those of one, medians of `ROUNDS` in turns.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import results
from benchmarks.corpus import cases, corpus
from benchmarks.peers import Ours

AT_ONCE = (2, 4, 8)
ROUNDS = 5
SMALL = 64 << 10
"""Bytes that a core's cache holds."""
LARGE = 32 << 20
"""Bytes of an array that no cache holds."""

Task = Callable[[], object]


def calls(make: Callable[[], Task], seconds: float) -> int:
    """How often a task can be done one after the other."""
    task = make()
    until, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        task()
        count += 1
    return count


def by_threads(make: Callable[[], Task], number: int, seconds: float) -> float:
    """Calls a second of some threads."""
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(calls(make, seconds))) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def by_processes(make: Callable[[], Task], number: int, seconds: float) -> float:
    """Calls a second of some processes."""
    context = multiprocessing.get_context("fork")
    counts = context.SimpleQueue()
    processes = [context.Process(target=lambda: counts.put(calls(make, seconds))) for _ in range(number)]
    for process in processes:
        process.start()
    total: int = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return total / seconds


def asking(ours: Ours, what: str, kinds: tuple[str, ...]) -> Callable[[], Task]:
    """Makes tasks that ask one query after the other."""
    found = cases(6)
    asked = [case for several in zip(*(found[kind] for kind in kinds), strict=True) for case in several]
    ask = getattr(ours, what)

    def make() -> Task:
        turn = itertools.cycle(asked)
        return lambda: ask(next(turn))

    return make


def hashing() -> Task:
    """A task that computes, without the GIL."""
    some = bytes(SMALL)
    return lambda: hashlib.sha256(some).digest()


def copying() -> Task:
    """A task that moves memory, without the GIL."""
    source, to = np.ones(LARGE, np.uint8), np.empty(LARGE, np.uint8)
    return lambda: np.copyto(to, source)


def main() -> None:
    """Build an index, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("threads")
    with tempfile.TemporaryDirectory(prefix="dateline-threads-") as folder:
        source = Path(folder) / "corpus.jsonl"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in corpus(options.articles))
        ours = Ours(Path(folder))
        ours.build(source)
        ours.open()
        kinds = tuple(cases(1))
        tasks = {
            "a page": asking(ours, "page", kinds),
            "ids only": asking(ours, "ids", kinds),
            "ids only, OR of three": asking(ours, "ids", ("OR of three",)),
            "control: sha256": hashing,
            "control: copy": copying,
        }
        for name, make in tasks.items():
            calls(make, options.seconds)
            rates: dict[str, list[float]] = {}
            for _ in range(ROUNDS):
                for number in (1, *AT_ONCE):
                    rates.setdefault(f"threads_{number}", []).append(by_threads(make, number, options.seconds))
                rates.setdefault("processes_2", []).append(by_processes(make, 2, options.seconds))
            middle = {way: statistics.median(several) for way, several in rates.items()}
            one = middle.pop("threads_1")
            row = {"task": name, "articles": options.articles, "one": one}
            row |= {way: rate / one for way, rate in middle.items()}
            sheet.row("tasks", **row)
            print(", ".join(f"{key} {value:,.2f}" if key != "task" else str(value) for key, value in row.items()))
        ours.close()
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
