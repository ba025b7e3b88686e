"""What the house weighs: lines, files in a folder, and how many files know one thing.

    python -m tests.house

A *line of product* is one of a Python file of `search`, `indexer`, `desk` or `service`: a statement, an import, words
(docstrings and comments), or blank; *tables* are constants of more than five lines at the top of a module. A *line of
data* is one of a table next to these files (`.tsv`), which no line of product counts. A *file that a correction passes*
is one of those in which something runs while a correction is posted and applied, and nothing while an article is, those
of `search` aside, which answer what name is meant. A *file with the knowledge of a channel* is one of the desk whose
code, or a string in it, names it.
"""

from __future__ import annotations

import ast
import re
import sys
import tempfile
import threading
import tokenize
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import falcon.testing

import search
from desk.people import keys
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("search", "indexer", "desk", "service")
CHANNEL = re.compile("(?<![a-z-])(mail|smtp)", re.IGNORECASE)
TABLE = 5
"""The lines of the longest constant that is none of the tables."""


def main() -> None:
    """Print the table."""
    files = {package: sorted((ROOT / package).rglob("*.py")) for package in PACKAGES}
    lines = {package: sum(map(_lines, files[package])) for package in PACKAGES}
    folders = {file.parent for package in PACKAGES for file in files[package]}
    fullest = max(folders, key=_modules)
    print("| | |\n| --- | --- |")
    print(f"| lines of product | {sum(lines.values()):,} ({', '.join(f'{name} {n:,}' for name, n in lines.items())}) |")
    kinds = Counter(kind for package in PACKAGES for file in files[package] for kind in _kinds(file))
    told = ", ".join(f"{kind} {kinds[kind]:,}" for kind in ("statements", "tables", "imports", "docstrings", "blank"))
    print(f"| of these | {told} |")
    data = [file for package in PACKAGES for file in (ROOT / package).rglob("*.tsv")]
    print(f"| lines of data, in {len(data)} tables | {sum(map(_lines, data)):,} |")
    for package in PACKAGES:
        print(f"| files flat in `{package}/` | {_modules(ROOT / package)} |")
    print(f"| most files in a folder | {_modules(fullest)}, in `{fullest.relative_to(ROOT)}/` |")
    passed = passed_by_a_correction()
    print(f"| files that a correction passes | {len(passed)}: {', '.join(sorted(passed))} |")
    desks = [file for room in ("desk", "service/desk") for file in sorted((ROOT / room).rglob("*.py"))]
    knowing = [file for file in desks if _names(file, CHANNEL)]
    told = ", ".join(file.relative_to(ROOT).as_posix() for file in knowing)
    print(f"| files with the knowledge of one channel of alerts, mail | {len(knowing)}: {told} |")


def passed_by_a_correction() -> set[str]:
    """The files in which something runs for a correction, from request to disk, and nothing for an article."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "news.idx"
        with search.writer(place) as writer:
            writer.add(Article("wall", "Brandenburg Gate was closed.", person=("Brandenburg Gate",)))
        key = keys.add(str(place), ["admin"], "desk")[1]
        with Archive(str(place)) as archive:
            client = falcon.testing.TestClient(
                create_app(archive, Settings()), headers={"Authorization": f"Bearer {key}"}
            )

            def post(path: str, body: object) -> None:
                assert client.simulate_post(path, json=body).status_code == 202
                Indexing(str(place), 1, lambda: False).once()

            correction = {"article": "wall", "field": "person", "action": "remove", "value": "Brandenburg Gate"}
            article = {"id": "other", "text": "A zebra."}
            post("/api/articles", {"id": "first", "text": "A zebra."})  # what is loaded once is loaded
            others = run_in(lambda: post("/api/articles", article))
            return run_in(lambda: post("/api/corrections", correction)) - others


def run_in(what: Callable[[], None]) -> set[str]:
    """The files of the product above `search` in which a function runs."""
    found: set[str] = set()

    def see(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            found.add(frame.f_code.co_filename)

    threading.setprofile(see)
    sys.setprofile(see)
    try:
        what()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    inside = (Path(name) for name in found if name.startswith(str(ROOT)))
    names = (path.relative_to(ROOT).as_posix() for path in inside)
    return {name for name in names if name.startswith(PACKAGES[1:])}


def _lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


def _kinds(file: Path) -> list[str]:
    """What each line of a file is; comments are with docstrings, what runs is `statements`."""
    lines = file.read_text("utf-8").splitlines()
    kinds = ["statements" if line.strip() else "blank" for line in lines]
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            kinds[number] = "docstrings"
    module = ast.parse("\n".join(lines))
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            _mark(kinds, node, "docstrings")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            _mark(kinds, node, "imports")
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and (node.end_lineno or 0) - node.lineno >= TABLE:
            _mark(kinds, node, "tables")
    return kinds


def _mark(kinds: list[str], node: ast.stmt, kind: str) -> None:
    end = node.end_lineno or node.lineno
    kinds[node.lineno - 1 : end] = [kind] * (end - node.lineno + 1)


def _modules(folder: Path) -> int:
    return sum(file.stem != "__init__" for file in folder.glob("*.py"))


def _names(file: Path, what: re.Pattern[str]) -> bool:
    """True if the code of a file or a string in it names something, its comments and docstrings aside."""
    kinds = _kinds(file)
    with file.open("rb") as opened:
        tokens = [
            token.string
            for token in tokenize.tokenize(opened.readline)
            if token.type in (tokenize.NAME, tokenize.STRING) and kinds[token.start[0] - 1] != "docstrings"
        ]
    return any(map(what.search, tokens))


if __name__ == "__main__":
    main()
