"""Makes the index of a release, `python -m tests.released.making`: small, with something of all that an index stores.

It is made by the commands of the program as its users have it, so that an earlier version makes one, too: give its
folder. What that version does not know yet is left out. `articles.jsonl` is what it exported afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Collection
from pathlib import Path

from tests.conftest import ROOT
from tests.waiting import HANG_S

FOLDER = Path(__file__).parent
FIRST = (
    "1953-04-double-helix", "1957-03-treaty-of-rome", "1969-07-apollo-11-moon-landing", "1986-04-chernobyl-wire",
    "1990-02-mandela-free", "2002-01-euro-bargeld", "2012-07-boson-de-higgs",
)  # fmt: skip
"""Reports of `seeds/` in the first commit: four languages, a byline, persons found and given."""
SECOND = ("1986-04-chernobyl-gazette", "2023-07-hollywood-strike", "2024-07-ouverture-jeux-paris")
"""Those that come with the second: a near-copy, and contractions."""
GONE = "1957-03-treaty-of-rome"
CHANGED = "1969-07-apollo-11-moon-landing"
AFTER = " “We'll be back,” a flight director said; he'll not say when. Others don't think so."
"""What the second commit adds to a report: contractions, which format 14 tells apart."""
COMMANDS = (
    ("corrections", "INDEX", "add", "1953-04-double-helix", "person", "add", "Erwin Schrödinger"),
    ("authority", "INDEX", "merge", "person", "Neil A. Armstrong", "Neil Armstrong"),
    ("authority", "INDEX", "block", "person", "Ronald Reagan"),
    ("lists", "INDEX", "add", "Reactors", "1986-04-chernobyl-wire", "--note", "First report."),
    ("searches", "INDEX", "add", "Strikes", "q=strike"),
    ("alerts", "INDEX", "add", "Mandela", "q=mandela"),
    ("keys", "INDEX", "add", "--scope", "index", "--name", "night desk"),
    ("delete", "INDEX", "2002-01-euro-bargeld"),
    ("delete", "INDEX", "2024-07-ouverture-jeux-paris", "--block"),
)


def reports(changed: bool) -> list[dict[str, object]]:
    """The articles of the first commit, or of the second."""
    named = {}
    for path in sorted((ROOT / "seeds").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            article = json.loads(line)
            named[article["id"]] = article
    if not changed:
        return [named[name] for name in FIRST]
    named[CHANGED]["text"] += AFTER
    return [named[name] for name in (*FIRST, *SECOND) if name != GONE]


def make(program: Path, to: Path, without: Collection[str] = ()) -> None:
    """Make the index of a program, packed, with what it exports.

    Args:
        without: commands that are left out.
    """
    scripts = tomllib.loads((program / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, function = scripts["dateline"].partition(":")
    environment = {**os.environ, "PYTHONPATH": str(program), "DATELINE_KERNEL_CACHE": ""}

    def run(*arguments: str) -> str:
        made = subprocess.run(
            [sys.executable, "-c", f"from {module} import {function}; {function}()", *arguments],
            cwd=tmp, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=HANG_S,
        )  # fmt: skip
        return made.stdout

    def knows(command: str) -> bool:
        try:
            return bool(run(command, "--help"))
        except subprocess.CalledProcessError:
            return False

    with tempfile.TemporaryDirectory() as folder:
        tmp = Path(folder)
        (tmp / "archive").mkdir()
        for changed in (False, True):
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in reports(changed))
            (tmp / "archive" / "reports.jsonl").write_text(lines, "utf-8")
            run("index", "news.idx", "archive", "--collection", "seeds", "--workers", "1", "--delete-missing")
        for command in COMMANDS:
            if command[0] not in without and knows(command[0]):
                run(*("news.idx" if part == "INDEX" else part for part in command))
        (tmp / "articles.jsonl").write_text(run("export", "news.idx", "--format", "jsonl"), "utf-8")
        with tarfile.open(to, "w:xz") as packed:
            packed.add(tmp / "news.idx", "news.idx")
            packed.add(tmp / "articles.jsonl", "articles.jsonl")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--program", type=Path, default=ROOT)
    parser.add_argument("--without", action="append", default=[])
    given = parser.parse_args()
    make(given.program, FOLDER / f"{given.name}.tar.xz", given.without)


if __name__ == "__main__":
    main()
