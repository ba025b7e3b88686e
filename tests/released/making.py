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
from contextlib import ExitStack
from pathlib import Path

from tests.conftest import ROOT
from tests.opensearch.cluster import running
from tests.released import recording
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
AFTER = {
    "1969-07-apollo-11-moon-landing":
        " “We'll be back,” a flight director said; he'll not say when. Others don't think so.",
    "2012-07-boson-de-higgs": " « Ce n'est pas fini. » Le public est parti.",
}  # fmt: skip
"""What the second commit adds to reports: contractions, which format 14 tells apart; and a sentence that ends as those
of its language do by format 19."""
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
    for name, more in AFTER.items():
        named[name]["text"] += more
    return [named[name] for name in (*FIRST, *SECOND) if name != GONE]


def make(program: Path, to: Path, without: Collection[str] = (), node: str | None = None) -> None:
    """Make the index of a program, packed, with what it exports.

    Args:
        without: commands that are left out.
        node: the host and port of one of a cluster, in which the index is made; then what the program has changed there
            is packed instead (see `recording`), and the desk.
    """
    scripts = tomllib.loads((program / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, function = scripts["dateline"].partition(":")

    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        tmp = Path(folder)
        environment = {**os.environ, "PYTHONPATH": str(program), "DATELINE_KERNEL_CACHE": ""}
        place = "news.idx"
        if node is not None:
            host = opened.enter_context(recording.recorded(node, tmp / "requests.jsonl"))
            place = f"opensearch+http://{host}/{recording.NAME}"
            environment |= {"DATELINE_OPENSEARCH_SHARDS": "1", "DATELINE_OPENSEARCH_REPLICAS": "0"}
            environment["XDG_DATA_HOME"] = str(tmp / "home")

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

        (tmp / "archive").mkdir()
        for changed in (False, True):
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in reports(changed))
            (tmp / "archive" / "reports.jsonl").write_text(lines, "utf-8")
            more = ["--delete-missing"] if node is None else []
            run("index", place, "archive", "--collection", "seeds", "--workers", "1", *more)
        for command in COMMANDS if node is None else (("delete", "INDEX", GONE), *COMMANDS):
            if command[0] not in without and knows(command[0]):
                run(*(place if part == "INDEX" else part for part in command))
        (tmp / "articles.jsonl").write_text(run("export", place, "--format", "jsonl"), "utf-8")
        with tarfile.open(to, "w:xz") as packed:
            for path in (
                tmp / "news.idx",
                tmp / "requests.jsonl",
                *tmp.glob("home/dateline/*"),
                tmp / "articles.jsonl",
            ):
                if path.exists():
                    packed.add(path, "desk" if "home" in path.parts else path.name)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--program", type=Path, default=ROOT)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--cluster", action="store_true", help="an index in a cluster")
    given = parser.parse_args()
    with ExitStack() as opened:
        node = opened.enter_context(running(1)).hosts if given.cluster else None
        make(given.program, FOLDER / f"{given.name}.tar.xz", given.without, node)


if __name__ == "__main__":
    main()
