"""Where the CPU time of indexing goes: microseconds an article, by stage.

    python -m benchmarks.stages [PATH...] [--strange] [--rounds 3]

Indexes an archive in one process, as `dateline index PATH… --workers 1` does: by default 1,000 synthetic reports of 440
words (see `benchmarks.archive`), the first half of them before the clock starts, so that kernels are loaded and the
frequent words are known; with `--strange`, reports in no language. Every millisecond the stage at work is looked up on
the stack: the innermost function that belongs to one. What is shared by several stages, such as folding a word, counts
for its caller. A stage has its share of the CPU time of the run, the least of the rounds.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import search
from benchmarks import archive, results
from indexer import pipeline

STAGES: Mapping[str, str] = {
    "indexer.archive": "reading",
    "indexer.readers": "reading",
    "indexer.enrich.language": "language",
    "indexer.enrich.dates": "dates",
    "indexer.dates": "dates",
    "indexer.enrich.authors": "authors",
    "indexer.enrich.shared.words": "numbering words",
    "indexer.enrich.persons.tagger.sentences": "sentences",
    "indexer.enrich.persons.tagger": "persons: tagger",
    "indexer.enrich.persons": "persons: rules",
    "indexer.enrich.topics": "topics",
    "indexer.enrich.countries": "countries",
    "indexer.copies": "near-duplicates",
    "indexer.digest": "ledger",
    "indexer.ledger": "ledger",
    "search.local": "index",
    "search.values.record": "index",
}
"""Module or package → stage; the longest name that fits counts."""
OTHER = "everything else"
INTERVAL_S = 0.001
WORDS = 440
REPORTS = 1000


@dataclass(frozen=True, slots=True)
class Profile:
    """A run: the articles indexed, and the CPU seconds by stage."""

    articles: int
    seconds: Mapping[str, float]

    @property
    def shares(self) -> dict[str, float]:
        """The part of the whole that each stage takes, the greatest first."""
        whole = sum(self.seconds.values())
        return {stage: seconds / whole for stage, seconds in sorted(self.seconds.items(), key=lambda item: -item[1])}


def least(rounds: Sequence[Profile]) -> Profile:
    """The least CPU time of each stage in some runs over the same articles: what else the machine does adds to it."""
    stages = {stage for found in rounds for stage in found.seconds}
    return Profile(rounds[0].articles, {each: min(found.seconds.get(each, 0.0) for found in rounds) for each in stages})


def measured(paths: list[Path], before: list[Path]) -> Profile:
    """Index an archive into a new index, after another one that is not measured."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "news.idx"
        options = pipeline.Options(place=place, collection="news")
        with search.writer(place) as writer:
            if before:
                pipeline.index(writer, before, options)
            began = time.process_time()
            with _sampled() as samples:
                report = pipeline.index(writer, paths, options)
            seconds = time.process_time() - began
    taken = sum(samples.values())
    return Profile(report.added, {stage: seconds * count / taken for stage, count in samples.items()})


@contextmanager
def _sampled() -> Iterator[Counter[str]]:
    """Count the stages at work in the main thread while the block runs."""
    found: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        found[_stage(frame)] += 1

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL_S, INTERVAL_S)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        while name:
            if name in STAGES:
                return STAGES[name]
            name = name.rpartition(".")[0]
        frame = frame.f_back
    return OTHER


def write_reports(folder: Path, count: int = REPORTS, strange: bool = False) -> tuple[Path, Path]:
    """Write synthetic reports as JSON Lines, in two halves, each in a directory."""
    reports = list((archive.strange if strange else archive.reports)(count, words=WORDS))
    halves = folder / "first", folder / "second"
    for half, some in zip(halves, (reports[: count // 2], reports[count // 2 :]), strict=True):
        archive.write(half, "jsonl", some)
    return halves


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--strange", action="store_true", help="reports in no language")
    parser.add_argument("--rounds", type=int, default=3)
    results.option(parser)
    chosen = parser.parse_args()
    sheet = results.Sheet("stages")
    with tempfile.TemporaryDirectory() as folder:
        before, after = write_reports(Path(folder), strange=chosen.strange)
        paths, known = (chosen.paths, []) if chosen.paths else ([after], [before])
        found = least([measured(paths, known) for _ in range(chosen.rounds)])
    print(f"{found.articles:,} articles")
    for stage, share in found.shares.items():
        micros = found.seconds[stage] / found.articles * 1e6
        sheet.row("stages", stage=stage, articles=found.articles, micros=micros, share=share)
        print(f"{stage:20}{micros:10,.0f} µs{share:8.1%}")
    print(f"{'all':20}{sum(found.seconds.values()) / found.articles * 1e6:10,.0f} µs")
    sheet.keep(chosen.keep)


if __name__ == "__main__":
    main()
