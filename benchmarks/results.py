"""Stored results of benchmarks: one JSON file each under `results/`, written by the command that measured it.

A sheet has the tables of one run. With `--keep`, a benchmark writes its sheet when it ends; `benchmarks.page` generates
the documents from stored sheets. Without `--keep` it only prints.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import sys
import textwrap
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import service
from search.system.json import Json

FOLDER = Path(__file__).parent / "results"

Row = Json
WIDTH = 120
"""Characters in a line of the documents."""
_FOLDERS = re.compile(r"(?<![^=])/(?:[^/]+/)*")
"""The folders of an absolute path, which are those of one machine."""
QUIET = 0.5
"""Maximum load of a machine whose times are worth storing."""


class Sheet:
    """The tables of a run, filled while it runs.

    Args:
        name: of the sheet.
        module: the benchmark's, if that has another name.
    """

    def __init__(self, name: str, module: str = "") -> None:
        self.name = name
        self._module = module or name
        self._tables: dict[str, list[Row]] = {}
        self._began = time.monotonic()
        self._load = os.getloadavg()[0]

    def row(self, table: str, **cells: str | float | None) -> None:
        """Add a row to a table."""
        self._tables.setdefault(table, []).append(
            {name: round(value, 5) if isinstance(value, float) else value for name, value in cells.items()}
        )

    def keep(self, wanted: bool = True) -> None:
        """Store the results, replacing earlier ones, if `wanted`."""
        if not wanted:
            return
        if self._load > QUIET:
            print(f"The load was {self._load:.1f} when this began: times are those of a busy machine.", file=sys.stderr)
        arguments = [_FOLDERS.sub("", argument) for argument in sys.argv[1:] if argument != "--keep"]
        content = {
            "command": " ".join(["python", "-m", f"benchmarks.{self._module}", *arguments]),
            "measured": date.today().isoformat(),
            "seconds": round(time.monotonic() - self._began),
            "load": round(self._load, 1),
            "machine": machine(),
            "python": platform.python_version(),
            "dateline": service.__version__,
            "tables": self._tables,
        }
        path_of(self.name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def cpu_seconds() -> float:
    """CPU seconds of this process and of the child processes it has waited for."""
    uses = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def bytes_of(place: Path) -> int:
    """Bytes of a file or a directory."""
    return sum(f.stat().st_size for f in place.rglob("*")) if place.is_dir() else place.stat().st_size


def machine() -> str:
    """The cores and the processor of this machine."""
    cores = len(os.sched_getaffinity(0))
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{cores} cores, {' '.join(names[0].split()) if names else platform.machine()}"


def option(parser: argparse.ArgumentParser) -> None:
    """Add the option `--keep` to a benchmark."""
    parser.add_argument("--keep", action="store_true", help="write the results to benchmarks/results/")


def path_of(name: str) -> Path:
    """The file with the results of a benchmark."""
    return FOLDER / f"{name}.json"


class Measurements:
    """The stored sheet of a benchmark; empty if there is none."""

    def __init__(self, name: str) -> None:
        path = path_of(name)
        self.name = name
        self.content: Json = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def __bool__(self) -> bool:
        return bool(self.content)

    def table(self, name: str) -> Sequence[Row]:
        """The rows of a table."""
        rows: Sequence[Row] = self.content.get("tables", {}).get(name, ())
        return rows

    @property
    def origin(self) -> str:
        """The command, the time and the machine, in lines of `WIDTH`."""
        c = self.content
        words = (
            f"`{c['command']}`, on {_in_words(date.fromisoformat(c['measured']))}, {c['seconds']:,} s; {c['machine']}, "
            f"load {c['load']} when it began; Python {c['python']}, Dateline {c['dateline']}."
        )
        return textwrap.fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
