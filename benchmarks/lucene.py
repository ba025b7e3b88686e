"""Lucene as a peer: one Java process (`java/Peer.java`) behind a pipe, with its facets and its unified highlighter.

Times are those seen from Python, as a program in Python would use it: a query goes through the pipe, and the answer
comes back as JSON. `inside` gives the milliseconds that Java needed for an answer, without the pipe.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import orjson

from benchmarks.corpus import FACETS, Case, cases
from search.system.json import Json

HOME = Path(__file__).parent.parent / ".venv" / "lucene"
"""What `make lucene` fetches and compiles."""
VERSION = "9.12.3"
"""As in `java/pom.xml`."""
GAP = "qqgapqq"
"""A word between title and text, so that no phrase has words of both."""
WARMING = 30
"""Times that each query is asked before any is timed: Java compiles what is used often."""


class Lucene:
    """Lucene, one field for title and text, facets as sorted sets of values."""

    name = "lucene"
    slow = False
    approximate = False

    def __init__(self, folder: Path) -> None:
        self.place = folder / "lucene"

    def _command(self, what: str) -> list[str]:
        return ["java", "-Xmx2g", "-cp", f"{HOME}/jars/*:{HOME}/classes", "Peer", what, str(self.place)]

    def build(self, source: Path) -> None:
        with subprocess.Popen(self._command("build"), stdin=subprocess.PIPE) as writer, source.open("rb") as file:
            assert writer.stdin is not None
            for line in file:
                row = orjson.loads(line)
                values = ["|".join(row[name]) for name in FACETS]
                body = f"{row['title']} {GAP} {row['text']}"
                cells = [row["id"], row["title"], body, row["published"][:4], *values]
                writer.stdin.write("\t".join(cells).encode() + b"\n")
        assert writer.returncode == 0

    def open(self) -> None:
        self.process = subprocess.Popen(self._command("serve"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def warm(self) -> None:
        """Ask what is asked later, often enough for Java to compile it."""
        for what in ("top", "ids", "page"):
            for _ in range(WARMING):
                for asked in cases(3).values():
                    for case in asked:
                        self._ask(what, case)

    def close(self) -> None:
        self.process.communicate()

    def _ask(self, what: str, case: Case) -> Json:
        """The answer to a query: the total, hits, facets, and the milliseconds inside Java."""
        first, last = case.years or ("", "")
        cells = (what, case.kind, " ".join(case.words), case.without, case.person, case.country, str(first), str(last))
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\t".join(cells).encode() + b"\n")
        self.process.stdin.flush()
        answer: Json = orjson.loads(self.process.stdout.readline())
        return answer

    def inside(self, what: str, case: Case) -> float:
        """The milliseconds of an answer without the pipe."""
        taken: float = self._ask(what, case)["ms"]
        return taken

    def top(self, case: Case) -> int:
        total: int = self._ask("top", case)["total"]
        return total

    def ids(self, case: Case) -> tuple[int, int]:
        return self._counted(self._ask("ids", case))

    def page(self, case: Case) -> tuple[int, int]:
        return self._counted(self._ask("page", case))

    def _counted(self, answer: Json) -> tuple[int, int]:
        return answer["total"], sum(count for name in FACETS for _, count in answer["facets"][name])
