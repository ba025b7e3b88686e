"""How fast an archive is indexed: articles a second and peak memory, by archive and number of workers.

    python -m benchmarks.ingest [DATA] [--articles 2000] [--archives jsonl,html,bbc] [--workers 1,2]
                                [--real 25000] [--stated 20000] [--memory 10000] [--against CHECKOUT]

Each archive is indexed by the command into a new index, then by the same command again. An archive in one of the forms
of `benchmarks.archive` has `--articles` reports of some 300 words, generated from the sentences of `seeds/`. `bbc` has
news reports of 440 words, `newswire` Reuters-21578 and `pages` the saved web pages of an evaluation, all from DATA
(`../shared/data`), `--real` at most;
`stated` has the made-up articles of `benchmarks.corpus`, which state their persons, countries, topics and authors.

*peak* is the maximum memory of all processes of the command together, each page counted once (PSS), sampled four times
a second, as a sample takes 6 ms of each process; *again* is how many times as fast the second run was, and *bytes* what
an article takes of the index, the ledger included. The first row indexes one article, once modules and kernels are
compiled: it is the start-up time of the command, which is part of every other time. `--memory` is the number of
reports of 300 words with which the peak of two workers is measured last.

With `--against`, a directory with another version of this project that the same interpreter can run, each archive is
then indexed by the command of that version and of this one, in turns; the last two columns are the bytes of both.

With `tantivy` installed, the made-up articles are also indexed by tantivy-py, by the clock and by CPU time, next to the
command and to Dateline's engine, which is given them through `search.load`, in one process and with two more; the last
column is the bytes of an article.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import archive, pages, results, reuters
from benchmarks.corpus import corpus
from search.system.json import Json

LOOK_S = 0.25


REAL = ("bbc", "newswire", "pages", "stated")
"""Archives besides those in one of `archive.FORMS`."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One run of the command: its seconds, its CPU seconds, its peak memory in MB, and its report."""

    seconds: float
    cpu: float
    peak_mb: float
    report: dict[str, Any]


def run(index: str | Path, folder: Path, workers: int, checkout: Path | None = None) -> Timing:
    """Index a folder, as installed: the modules are compiled once, even where Python is told not to store them.

    Args:
        checkout: a directory with another version of this project, whose command is run instead.
    """
    command = [sys.executable, "-m", "service", "index", str(index), str(folder), "--workers", str(workers), "--json"]
    removed = {"PYTHONDONTWRITEBYTECODE"} | ({"PYTHONPATH"} if checkout else set())
    environment = {name: value for name, value in os.environ.items() if name not in removed}
    began, cpu = time.monotonic(), results.cpu_seconds()
    peak = 0.0
    with (
        tempfile.TemporaryFile() as out,
        subprocess.Popen(command, stdout=out, env=environment, cwd=checkout) as process,
    ):
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
                break
            peak = max(peak, _memory_mb(process.pid))
        seconds = time.monotonic() - began
        out.seek(0)
        return Timing(seconds, results.cpu_seconds() - cpu, peak, json.loads(out.read()))


def _memory_mb(process: int) -> float:
    """The memory of a process and its descendants."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:  # it has ended
        return 0.0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own / 1024 + sum(_memory_mb(int(child)) for child in children)


def bbc(data: Path) -> Iterator[Json]:
    """News reports, without the topics that they state."""
    with gzip.open(data / "bbc_topics_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield {name: row[name] for name in ("id", "title", "text")}


def stated(count: int) -> Iterator[Json]:
    """Made-up articles that state all facts."""
    return ({**row, "author": []} for row in corpus(count))


def write(folder: Path, rows: Iterable[Json]) -> int:
    """Write articles as JSON Lines. Returns their number."""
    folder.mkdir(exist_ok=True)
    count = 0
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for count, row in enumerate(rows, 1):  # noqa: B007
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def written(place: Path, name: str, chosen: argparse.Namespace) -> tuple[Path, int]:
    """Write an archive. Returns its folder and the number of its articles."""
    folder = place / name
    if name in archive.FORMS:
        articles = list(archive.reports(chosen.articles))
        archive.write(folder, name, articles)
        return folder, len(articles)
    if name == "pages":
        folder.mkdir(exist_ok=True)
        found = pages.saved(chosen.data, pages.TEXTS, chosen.real)
        pages.warc(found, folder / "pages.warc.gz")
        return folder, len(found)
    rows: dict[str, Callable[[], Iterable[Json]]] = {
        "bbc": lambda: bbc(chosen.data),
        "newswire": lambda: reuters.mapped(chosen.data),
        "stated": lambda: stated(chosen.stated),
    }
    most = chosen.stated if name == "stated" else chosen.real
    return folder, write(folder, islice(rows[name](), most))


def measured(place: Path, name: str, chosen: argparse.Namespace, sheet: results.Sheet) -> str:
    """Index an archive with each number of workers. Returns a line of the table."""
    folder, count = written(place, name, chosen)
    line = f"{name:16}{count:9,}"
    for workers in map(int, chosen.workers.split(",")):
        print(f"{name}, {workers} workers…", file=sys.stderr, flush=True)
        index = place / f"{name}-{workers}.idx"
        first, second = run(index, folder, workers), run(index, folder, workers)
        assert first.report["added"] + first.report["skipped_count"] == count, first.report
        assert second.report["unchanged"] == first.report["added"], second.report
        rate, of_cpu, again = count / first.seconds, count / first.cpu, first.seconds / second.seconds
        sheet.row(
            "forms", articles=count, form=name, workers=workers, rate=rate, cpu=of_cpu, peak_mb=first.peak_mb,
            again=again, bytes=(size := results.bytes_of(index) / count),
        )  # fmt: skip
        line += f"{rate:10,.0f}{of_cpu:8,.0f}{first.peak_mb:7,.0f}{again:7.1f}×{size:8,.0f}"
    return line


def against(place: Path, name: str, chosen: argparse.Namespace, sheet: results.Sheet) -> None:
    """Index an archive with the other version's command and this one's, in turns."""
    other = chosen.against.resolve()
    said = ["git", "-C", str(other), "log", "-1", "--format=%h, %ad", "--date=format:%-d %B %Y, %H:%M"]
    commit = subprocess.run(said, check=True, capture_output=True, text=True).stdout.strip()
    folder, count = written(place, name, chosen)
    for workers in map(int, chosen.workers.split(",")):
        print(f"{name}, {workers} workers, the other version…", file=sys.stderr, flush=True)
        old, new = (place / f"{name}-{workers}-{when}.idx" for when in ("before", "after"))
        before, after = run(old, folder, workers, other), run(new, folder, workers)
        assert before.report["added"] == after.report["added"] == count
        sheet.row(
            "against", commit=commit, form=name, articles=count, workers=workers, before=count / before.seconds,
            rate=count / after.seconds, cpu=before.cpu / after.cpu, bytes_before=results.bytes_of(old) / count,
            bytes=results.bytes_of(new) / count,
        )  # fmt: skip
        print(
            f"{name:16}{count:9,}{workers:3}{count / before.seconds:10,.0f}{count / after.seconds:10,.0f}"
            f"{before.seconds / after.seconds:8.2f}×{before.cpu / after.cpu:8.2f}×"
            f"{results.bytes_of(old) / count:9,.0f}{results.bytes_of(new) / count:8,.0f}",
            flush=True,
        )


def compare(place: Path, count: int, workers: int, sheet: results.Sheet) -> None:
    """Index the made-up articles with the command, the engine and tantivy-py."""
    from benchmarks.peers import Ours, Tantivy  # needs packages that not everybody has

    folder = place / "given"
    write(folder, stated(count))

    source = folder / "articles.jsonl"
    ways: dict[str, tuple[Path, Callable[[], object]]] = {
        "tantivy": (place / "tantivy", lambda: Tantivy(place).build(source)),
        "engine": (place / "one", lambda: Ours(place / "one", 1).build(source)),
        "engine, more": (place / "more", lambda: Ours(place / "more", workers).build(source)),
        "command": (place / "given.idx", lambda: run(place / "given.idx", folder, workers)),
    }
    for name, (index, build) in ways.items():
        print(f"{count:,} articles, {name}…", file=sys.stderr, flush=True)
        clock, cpu = time.monotonic(), results.cpu_seconds()
        build()
        clock, cpu = time.monotonic() - clock, results.cpu_seconds() - cpu
        sheet.row(
            "peers", way=name, articles=count, workers=workers, rate=count / clock, cpu=count / cpu,
            bytes=(size := results.bytes_of(index) / count),
        )  # fmt: skip
        print(f"{name:16}{count:9,}{count / clock:10,.0f}{count / cpu:8,.0f}{size:8,.0f}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=reuters.DATA)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--archives", default=",".join((*archive.FORMS, *REAL)))
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--real", type=int, default=25_000)
    parser.add_argument("--stated", type=int, default=20_000)
    parser.add_argument("--memory", type=int, default=10_000)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="another version, measured in turns with this")
    results.option(parser)
    chosen = parser.parse_args()
    sheet = results.Sheet("ingest")
    heads = [f"{w} worker{'s' * (w != '1')}" for w in chosen.workers.split(",")]
    print(
        f"{'archive':16}{'articles':>9}"
        + "".join(f"{head:>18}{'peak MB':>7}{'again':>8}{'bytes':>8}" for head in heads)
    )
    print(f"{'':25}" + f"{'a second':>10}{'by CPU':>8}{'':23}" * len(heads))
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        (place / "nothing").mkdir()
        (place / "nothing" / "one.txt").write_text("One\n\nReport.", "utf-8")
        run(place / "compiled.idx", place / "nothing", 1)
        start = run(place / "nothing.idx", place / "nothing", 1)
        print(f"{'nothing':16}{1:9}{start.seconds:8.2f} s{start.cpu:6.2f} s{start.peak_mb:7.0f}")
        for name in filter(None, chosen.archives.split(",")):
            print(measured(place, name, chosen, sheet), flush=True)
        if chosen.against:
            run(place / "other.idx", place / "nothing", 1, chosen.against)
            for name in filter(None, chosen.archives.split(",")):
                against(place, name, chosen, sheet)
        if find_spec("tantivy") is not None and chosen.stated:
            compare(place, chosen.stated, 2, sheet)
        if chosen.memory:
            print(f"{chosen.memory:,} reports for the peak…", file=sys.stderr, flush=True)
            archive.write(place / "many", "jsonl", list(archive.reports(chosen.memory)))
            found = run(place / "many.idx", place / "many", 2)
            sheet.row("memory", articles=chosen.memory, workers=2, peak_mb=found.peak_mb)
            print(f"{'peak':16}{chosen.memory:9,}{found.peak_mb:25,.0f} MB")
    sheet.keep(chosen.keep)


if __name__ == "__main__":
    main()
