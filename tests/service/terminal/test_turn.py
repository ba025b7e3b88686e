"""What a command cannot do while another process writes to the index waits for its end, and says so at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import search
from search import Article, Query
from search.engine import Writer
from search.errors import IndexLocked
from service.commands.cli import main
from service.terminal import turn
from tests import waiting
from tests.cases import cases

DELETE = ("delete", "{}", "a")
WAITING = {
    "delete": DELETE,
    "purge": (*DELETE, "--purge"),
    "block and purge": (*DELETE, "--block", "--purge"),
    "unblock": ("delete", "{}", "c", "--unblock"),
    "merge": ("authority", "{}", "merge", "person", "Ann", "Bob"),
    "split": ("authority", "{}", "split", "person", "Bob"),
    "block a name": ("authority", "{}", "block", "person", "Bob"),
    "unblock a name": ("authority", "{}", "unblock", "person", "Eve"),
    "undo": ("authority", "{}", "undo"),
}
BY_COMMIT = {"block and purge": "They are removed and blocked, and not yet erased."}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("turn") / "news.idx"
    with search.writer(made) as writer:
        writer.add(Article("a", "Talks.", person=("Ann", "Bob")))
        writer.add(Article("b", "Trade.", person=("Bob",)))
        writer.block("c")
        writer.set_authority(search.names.authority.block(writer.authority(), "person", "Eve", "2026-11-28T08:00:00Z"))
    return made


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "news.idx"))


def run(place: Path, command: str) -> Result:
    return CliRunner().invoke(main, [each.format(place) for each in WAITING[command]])


def state(place: Path) -> object:
    with search.open(place) as engine:
        entries = [(entry.action, entry.name, entry.alias) for entry in engine.authority().entries]
        return sorted(each.id for each in engine.export(Query())), sorted(engine.removals().blocked), entries


def looking(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]) -> None:
    """Act each time that a command has looked whether it is its turn, instead of waiting."""
    looks: list[float] = []

    def slept(seconds: float) -> None:
        looks.append(seconds)
        act(len(looks))

    for module in ("service.terminal.turn", "service.commands.takedown"):
        waiting.put_clocks(monkeypatch, module, sleep=slept)


def holding(place: Path) -> tuple[Writer, str]:
    """A writer, and what others are told of it."""
    writer = search.writer(place)
    with pytest.raises(IndexLocked) as told:
        search.writer(place)
    assert f"“{place}”: {os.getpid()} on " in told.value.told
    assert ", since 20" in told.value.told
    return writer, told.value.told


@cases("command", WAITING)
def test_a_command_waits_for_the_end_of_another_writer(
    command: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(shutil.copytree(made, tmp_path / f"{command}.idx"))
    writer, told = holding(place)
    before = state(place)
    writer.add(Article("new", "More."))

    def act(looks: int) -> None:
        if looks == 1 and command in BY_COMMIT:
            writer.commit()
        if looks == 3:
            writer.commit()
            writer.close()

    looking(monkeypatch, act)
    done = run(place, command)

    assert done.exit_code == 0, done.output
    assert f"{told} This waits until it has finished; Ctrl-C ends the wait." in done.output
    assert ("With --block, it would remove them" in done.output) == (command in ("delete", "purge"))
    found, unchanged = state(place), (sorted([*before[0], "new"]), *before[1:])  # type: ignore[index]
    assert found != unchanged
    search.writer(place).close()


@cases("command", WAITING)
def test_ctrl_c_ends_the_wait_and_changes_nothing(
    command: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(shutil.copytree(made, tmp_path / f"{command}.idx"))
    writer, _ = holding(place)
    before = state(place)

    def act(looks: int) -> None:
        if not (command in BY_COMMIT and looks == 1):
            raise KeyboardInterrupt
        writer.commit()

    looking(monkeypatch, act)
    done = run(place, command)
    writer.close()

    assert done.exit_code == 2
    assert done.output.endswith(f"Interrupted. {BY_COMMIT.get(command, 'Nothing was changed.')}\n")
    assert (state(place) == before) == (command not in BY_COMMIT)
    search.writer(place).close()


def test_an_index_that_is_removed_meanwhile_is_not_made_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, _ = holding(place)
    moved = place.with_name("moved.idx")
    looking(monkeypatch, lambda _looks: place.rename(moved))
    done = run(place, "delete")

    assert done.exit_code == 2
    assert f"The index “{place}” has been moved or removed meanwhile. Nothing was changed." in done.output
    assert not place.exists()
    moved.rename(place)
    writer.close()


def test_a_command_whose_turn_it_is_says_nothing_of_waiting(place: Path) -> None:
    assert "waits" not in run(place, "delete").output
    turn.writer(str(place)).close()
