"""How fast an archive is indexed: articles a second and peak memory, by format and number of workers.

    python -m benchmarks.ingest [--articles 2000] [--formats jsonl,html] [--workers 1,2]

The reports are generated from the sentences of `seeds/`, some 300 words each, written in each format and indexed by the
command into a new index, then by the same command again. *peak* is the maximum memory of all its processes together,
each page counted once (PSS), sampled four times a second, as a sample takes 6 ms of each process; *again* is how many
times as fast the second run was. The first row indexes nothing: it is the start-up time of the command, which is part
of every other time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import archive, results

LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Timing:
    """One run of the command: its seconds, its peak memory in MB, and its report."""

    seconds: float
    peak_mb: float
    report: dict[str, object]


def run(index: Path, folder: Path, workers: int) -> Timing:
    """Index a folder."""
    command = [sys.executable, "-m", "service", "index", str(index), str(folder), "--workers", str(workers), "--json"]
    began = time.monotonic()
    peak = 0.0
    with tempfile.TemporaryFile() as out, subprocess.Popen(command, stdout=out) as process:
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
                break
            peak = max(peak, _memory_mb(process.pid))
        seconds = time.monotonic() - began
        out.seek(0)
        return Timing(seconds, peak, json.loads(out.read()))


def _memory_mb(process: int) -> float:
    """The memory of a process and its descendants."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:  # it has ended
        return 0.0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own / 1024 + sum(_memory_mb(int(child)) for child in children)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--formats", default=",".join(archive.FORMS))
    parser.add_argument("--workers", default="1,2")
    results.option(parser)
    chosen = parser.parse_args()
    sheet = results.Sheet("ingest")
    workers = [int(number) for number in chosen.workers.split(",")]
    articles = list(archive.reports(chosen.articles))
    print(f"{'format':16}{'files':>7}" + "".join(f"{f'{w} workers':>22}{'again':>8}" for w in workers))
    print(f"{'':23}" + f"{'articles/s   peak MB':>22}{'':8}" * len(workers))
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        (place / "nothing").mkdir()
        (place / "nothing" / "one.txt").write_text("One\n\nReport.", "utf-8")
        start = run(place / "nothing.idx", place / "nothing", 1)
        print(f"{'nothing':16}{1:7}{start.seconds:12.2f} s{start.peak_mb:8.0f}")
        for form in chosen.formats.split(","):
            folder = place / form
            cells = f"{form:16}{archive.write(folder, form, articles):7}"
            for number in workers:
                index = place / f"{form}-{number}.idx"
                first, second = run(index, folder, number), run(index, folder, number)
                assert first.report["added"] == len(articles), first.report
                assert second.report["unchanged"] == len(articles), second.report
                rate = len(articles) / first.seconds
                sheet.row(
                    "forms", articles=len(articles), form=form, workers=number, rate=rate, peak_mb=first.peak_mb,
                    again=first.seconds / second.seconds,
                )  # fmt: skip
                cells += f"{rate:12,.0f}{first.peak_mb:10,.0f}{first.seconds / second.seconds:7.1f}×"
            print(cells, flush=True)
    sheet.keep(chosen.keep)


if __name__ == "__main__":
    main()
