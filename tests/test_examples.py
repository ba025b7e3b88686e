"""What the documents and the helps tell a reader to type is typed, over `seeds/`, in the order in which it stands."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from desk.asker import Asker
from desk.lists.store import Lists
from desk.people import keys
from desk.searches.store import Searches
from search.engine import Engine
from search.text import dates
from service.commands.cli import main
from service.http.session import Sessions
from tests import waiting
from tests.cases import cases

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
RULES = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("make ", "docker ", "pip ", "pipx ", "uvx ", "curl ", "python deploy/", ".venv/bin/pytest")
"""Commands that are tried by other tests, or by the gate itself."""
ENDLESS = re.compile(r"dateline (?:serve|watch|mcp|fetch|ocr) ")
"""Commands that go on until they are stopped, or need other servers or programs; their own tests run them."""
FAR = "opensearch+https://"
FIRST = ("index", "search", "show", "similar", "event", "export", "snapshot", "restore", "lists")
"""Helps whose examples need what those of others take away."""
NOTHING_FOUND = {"event"}
"""Those whose example finds nothing, since no two reports of seeds/ are of one event."""
OPERATED = {"DATELINE_SMTP_HOST": "127.0.0.1", "DATELINE_SMTP_FROM": "archive@example.org"}
"""What an operator has set before alerts can be mailed; no example sends one."""
KEY = "3f2a91c0"
"""The key that examples revoke; the last one that was made stands in for it."""
SESSION = "5e1c77d0"
"""The session that an example closes; the first one stands in for it."""


def commands(block: str) -> list[str]:
    """The lines of a block, those that go on put together."""
    return [line for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def blocks() -> Iterator[tuple[str, list[str]]]:
    """What can be typed, by document."""
    for document in DOCUMENTS:
        for block in BLOCK.findall(document.read_text("utf-8")):
            kept = [
                c for c in commands(block) if not c.startswith(ELSEWHERE) and FAR not in c and not ENDLESS.search(c)
            ]
            if kept:
                yield document.name, kept


def helps(command: click.Command, path: str) -> Iterator[list[str]]:
    """The examples of a command and of those below it."""
    said = command.get_help(click.Context(command, info_name=path))
    found = re.findall(r"^ +(dateline .*)$", said.split("Example:")[-1].split("Options:")[0], re.MULTILINE)
    assert found, path
    yield [line for line in found if not ENDLESS.search(line)]
    for name, below in getattr(command, "commands", {}).items():
        yield from helps(below, f"{path} {name}")


@dataclass(frozen=True)
class Typed:
    """What came of a line."""

    code: int
    out: str
    err: str


class Shell:
    """A directory with `seeds/` and an index of it; `dateline` runs in this process, all else in bash."""

    def __init__(self, folder: Path, made: Path) -> None:
        self.folder = folder
        (folder / "seeds").symlink_to(ROOT / "seeds")
        shutil.copytree(made, folder / "news.idx")
        (folder / "people.txt").write_text("Nelson Mandela\nRonald Reagan\n", "utf-8")
        (folder / "rules.json").write_text(RULES.findall((ROOT / "docs/rights.md").read_text("utf-8"))[0], "utf-8")

    def type(self, line: str) -> Typed:
        """Run a line; `> NAME` at its end takes what it says."""
        words = shlex.split(line, comments=True)
        with contextlib.chdir(self.folder):
            if words[0].removeprefix(".venv/bin/") != "dateline":
                run = subprocess.run(
                    ["bash", "-c", line], capture_output=True, text=True, timeout=waiting.HANG_S, check=False
                )
                return Typed(run.returncode, run.stdout, run.stderr)
            words = [self._key() if word == KEY else self._session() if word == SESSION else word for word in words]
            words, into = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, None)
            found = CliRunner(env=OPERATED).invoke(main, words[1:], prog_name="dateline")
            if into:
                Path(into).write_bytes(found.stdout_bytes)
            return Typed(found.exit_code, found.stdout, found.stderr)

    def _key(self) -> str:
        return str(re.findall(r"^[0-9a-f]{8}", self.type("dateline keys news.idx list").out, re.MULTILINE)[-1])

    def _session(self) -> str:
        return str(re.findall(r"^[0-9a-f]{8}", self.type("dateline keys news.idx sessions").out, re.MULTILINE)[0])


@pytest.fixture(scope="module")
def made(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of `seeds/`, with somebody who is signed in, and has a list and a search of her own."""
    place = Path(shutil.copytree(seeds_index, tmp_path_factory.mktemp("made") / "news.idx"))
    key, _ = keys.add(str(place), ["read"], "Ann")
    Sessions(str(place)).begin(key)
    asker = Asker(member=f"key:{key.id}")
    with Lists(place, asker=asker) as lists, Searches(place, asker=asker) as searches:
        lists.make("Berlin wall", "Ann", dates.now(), shared=False)
        searches.save("Oil in France", "q=oil", "Ann", dates.now(), shared=False)
    return place


@pytest.fixture(scope="module")
def shell(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("examples"), made)


@cases("document, lines", list(blocks()))
def test_what_a_document_says_to_type_works(shell: Shell, document: str, lines: list[str]) -> None:
    for line in lines:
        run = shell.type(line)

        assert run.code == 0, f"{document}: {line}\n{run.err}"


def test_the_readme_finds_what_it_made(shell: Shell) -> None:
    lines = [line for document, some in blocks() if document == "README.md" for line in some]
    found = shell.type(next(line for line in lines if "--country Iran" in line)).out

    assert "Oil talks open" in found
    assert "Port strike ends" in shell.type(next(line for line in lines if "--missing date" in line)).out


def test_the_python_of_the_readme_runs(shell: Shell) -> None:
    code = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)[0]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=shell.folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=waiting.HANG_S, check=True,
    )  # fmt: skip

    assert re.fullmatch(r"\d+ .+ \d+\n", run.stdout)


@pytest.mark.costs("an example of each of thirty-five commands, of which some start a server or compile")
@pytest.mark.parametrize("first", [True, False])
def test_examples_of_helps_work(made: Path, tmp_path: Path, first: bool) -> None:
    shell = Shell(tmp_path, made)
    for name in FIRST if first else sorted(main.commands.keys() - set(FIRST)):
        for lines in helps(main.commands[name], f"dateline {name}"):
            for line in lines:
                run = shell.type(line)

                assert run.code == (name in NOTHING_FOUND), f"{line}\n{run.err}"


def test_seeds_have_as_many_reports_as_the_readme_says(engine: Engine) -> None:
    said = re.findall(r"the (\d+) reports of seeds/", (ROOT / "README.md").read_text("utf-8"))

    assert said == [str(engine.stats().articles)]
