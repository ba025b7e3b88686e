"""What programs ask: a list of questions as one job next to its lines one by one, a concordance, and the client.

    python -m benchmarks.programs [--articles 30000] [--lines 2000] [--rounds 3]

The corpus is that of the engine's benchmark. Times are CPU milliseconds of one process, the least of the rounds. A line
one by one is two requests to the API, for the oldest article and the newest, each with its passage, as the application
answers them in this process, without a network; in a list it is what `dateline batch` and `/api/batch` do for it. Half
of the lines have one word, half have two. The client is imported by an interpreter of its own, less what starting that
takes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import search
from benchmarks import results
from benchmarks.corpus import articles_of, corpus, lines_of
from search.analyses.batch import answers
from search.analyses.concordance import Window, concordance
from search.text.tokens import tokens
from search.values.query import Query
from service.archive import Archive
from service.assistants.asking import Application
from service.server.app import create_app
from service.settings import Settings

ALONE = 200
"""The lines that are asked one by one."""
CLIENT = Path(__file__).parents[1] / "client"


def least(task: Callable[[], object], rounds: int) -> float:
    """CPU milliseconds of a task, the least of some rounds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        task()
        times.append(time.process_time() - began)
    return 1000 * min(times)


def chosen(engine: search.Engine, count: int) -> list[str]:
    """Lines of words of the archive."""
    words: set[str] = set()
    for article in itertools.islice(engine.export(Query()), 2_000):
        words.update(token.word for token in tokens(article.text) if len(token.word) > 3)
    some = random.Random(1).choices(sorted(words), k=3 * count // 2)
    half = count // 2
    return [*some[:half], *map(" ".join, zip(some[half : 2 * half], some[2 * half :], strict=False))]


def imported(module: str) -> float:
    """CPU milliseconds of importing a module of the client; of none if it is ""."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", f"import {module or 'sys'}"], cwd=CLIENT, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    return min(run() for _ in range(5))


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=30_000)
    parser.add_argument("--lines", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("programs")
    with tempfile.TemporaryDirectory() as folder:
        source, place = Path(folder) / "corpus.jsonl", Path(folder) / "programs.idx"
        with source.open("w", encoding="utf-8") as file:
            for row in itertools.islice(corpus(options.articles), options.articles):
                file.write(json.dumps(row) + "\n")
        with search.writer(place) as writer:
            search.load(writer, lines_of(source), articles_of, 2)
        with search.open(place) as engine, Archive(str(place)) as archive:
            lines = chosen(engine, options.lines)
            asked = Application(create_app(archive, Settings()))

            def alone() -> list[int]:
                pairs = [("size", "1"), ("facets", "")]
                both = [
                    [("q", line), ("sort", sort), *pairs]
                    for line in lines[::-1][:ALONE]
                    for sort in ("oldest", "newest")
                ]
                return [asked.get("/api/search", each)["total"] for each in both]

            together = list(answers(engine, lines, Query()))
            assert [one.total for one in together[::-1][:ALONE]] == alone()[::2]
            one = least(alone, options.rounds) / ALONE
            listed = least(lambda: list(answers(engine, lines, Query())), options.rounds) / len(lines)
            frequent = max(lines[: len(lines) // 2], key=lambda word: engine.totals([Query(word)])[0])
            found = concordance(engine, Query(frequent), Window())
            rows = least(lambda: concordance(engine, Query(frequent), Window()), options.rounds)
            near = least(lambda: concordance(engine, Query(frequent), Window(collocates=25)), options.rounds)
    measured = {
        "a line, one by one": one,
        "a line of a list": listed,
        f"concordance of {found.total:,} occurrences, a page": rows,
        "the same with 25 collocates": near,
        "importing the client": imported("dateline_client") - imported(""),
        "importing httpx alone": imported("httpx") - imported(""),
    }
    for what, taken in measured.items():
        print(f"{what:50}{taken:10.3f} ms")
        sheet.row("programs", articles=options.articles, what=what, ms=taken)
    size = sum(path.stat().st_size for path in (CLIENT / "dateline_client").glob("*.py"))
    sheet.row("client", files="dateline_client", bytes=size)
    sheet.keep(options.keep)


if __name__ == "__main__":
    main()
