"""Desks of earlier versions, or elsewhere, are taken over by the first opening, whole and once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

import search
from desk import restored
from desk.lists.store import Lists
from desk.people import keys
from desk.people.sessions import Records
from desk.searches.store import Searches
from desk.store import opening, registered, rows, where
from desk.store.base import Desk
from desk.store.tables import VERSION
from indexer.withheld.purge import purge
from search.errors import IndexDamaged, IndexProblem
from search.files import databases, reconciling
from search.system import disk
from service.spool import Spool
from tests import waiting
from tests.desk import former
from tests.desk.store.test_contract import fill, run, state


def test_all_that_earlier_versions_stored_is_taken_over(place: Path) -> None:
    files = former.make(place)
    found = state(place)

    lists, entries, searches, alerts, deliveries, seen, citations, secrets, corrections, pending, last, people = found
    assert [(one.name, one.articles, one.revision) for one in lists] == [("Berlin Wall", 1, 4), ("Ölkrise 1973", 2, 2)]
    assert [(one.article, one.note) for one in entries[0]] == [("b", "photo on page 2")]
    assert [(one.name, one.question) for one in searches] == [
        ("Oil in France", "q=oil&country=FR"),
        ("Wall", "q=wall&list=%2F1"),
    ]
    assert [(one.number, one.name, one.generation, one.rules) for one in alerts] == [
        (1, "Oil", 3, "r"), (3, "Wall", 1, ""),
    ]  # fmt: skip
    assert [(one.number, one.state, one.attempts, one.went) for one in deliveries] == [
        (2, "waiting", 1, ("b",)), (1, "delivered", 0, ()),
    ]  # fmt: skip
    assert seen == {1: {"a": b"4" * 32}}
    assert [[entry.id for entry in one.entries] for one in citations] == [["a", "b"]]
    assert len(secrets) == 1
    assert [(one.number, one.value, one.undone is None, one.micros) for one in corrections] == [
        (1, "Ann Lee", False, 0), (2, "Bob Lee", True, 1), (3, "1961-08-13", True, 0), (4, "The wall", True, 0),
    ]  # fmt: skip
    assert (pending[0], last) == (["a", "b"], 4)
    assert [(one.name, one.scopes) for one in people] == [("night desk", ("edit",))]
    with Records(place) as records:
        assert [one.key for one in records.all()] == [people[0].id]
    assert Spool(str(place)).counts() == {"queued": 2}
    assert not [path for path in files if path.exists() or databases.seal_path(path).exists()]
    assert run("verify", place)[0] == 0
    assert state(place) == found


def test_numbers_go_on_where_they_were(place: Path) -> None:
    former.make(place)
    with Lists(place) as lists:
        lists.make("New", "Ann", "2026")
        assert lists.stamp("New")[0] == 4  # three were made, one of which is removed


def test_one_that_is_stopped_begins_again(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = former.make(index)
    put, left = rows.put, 0

    def failing(*given: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        put(*given)  # type: ignore[arg-type]

    for count in range(0, 20, 3):
        left = count
        stopped(index, monkeypatch, rows, "put", failing)
        assert all(path.exists() for path in files)
    with Lists(index) as lists:
        assert len(lists.listed()) == 2


def test_one_that_is_stopped_before_it_removes_a_source_removes_it_later(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = former.make(index)
    stopped(index, monkeypatch, opening, "_take_over", interrupt)
    assert (index / where.FILE).exists()
    assert all(path.exists() for path in files)
    with Lists(index) as lists:
        assert len(lists.listed()) == 2
    assert not (index / "lists.sqlite").exists()


def interrupt(*_given: object) -> None:
    raise KeyboardInterrupt


def stopped(index: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, by: object) -> None:
    """Open a desk, and be stopped where a function is called."""
    with monkeypatch.context() as patch:
        patch.setattr(where, name, by)
        with pytest.raises(KeyboardInterrupt):
            Lists(index)


def test_what_an_earlier_version_wrote_since_is_not_removed(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    former.make(index)
    stopped(index, monkeypatch, opening, "_take_over", interrupt)
    with closing(sqlite3.connect(index / "lists.sqlite")) as opened, opened:
        opened.execute("DELETE FROM entries")
    with pytest.raises(IndexProblem, match="which an earlier version of Dateline may have changed since"):
        Lists(index)
    assert (index / "lists.sqlite").exists()


@pytest.mark.parametrize("harm", ["damaged", "missing", "empty"])
def test_what_is_damaged_is_not_taken_over(index: Path, harm: str) -> None:
    former.make(index)
    path = index / "searches.sqlite"
    if harm == "damaged":
        with closing(sqlite3.connect(path)) as opened, opened:
            opened.execute("UPDATE searches SET name = 'x'")
    elif harm == "missing":
        path.unlink()
    else:
        path.write_bytes(b"")
    with pytest.raises(IndexDamaged, match=harm):
        Lists(index)
    assert not (index / where.FILE).exists()
    assert (index / "lists.sqlite").exists()


def test_a_desk_in_a_file_moves_to_a_server(
    index: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(index)
    keys.add(str(index), ["edit"], "night desk")
    before = state(index)
    with Desk(index) as desk:
        identity = desk.identity
    monkeypatch.setenv(where.SETTING, request.getfixturevalue("server").new())
    assert state(index) == before
    with Desk(index) as desk:
        assert desk.identity != identity  # else the former one, of which a backup may have a copy, would pass for it
    assert not (index / where.FILE).exists()

    monkeypatch.delenv(where.SETTING)
    with pytest.raises(IndexProblem, match=r"not at “.*desk\.sqlite” but at “postgresql://.*DATELINE_DESK"):
        Lists(index)


@pytest.mark.parametrize("emptied", [True, False])
def test_one_that_is_stopped_before_it_removes_a_desk_does_not_leave_two(
    index: Path, emptied: bool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(index)
    before = state(index)
    monkeypatch.setenv(where.SETTING, request.getfixturevalue("server").new())
    if emptied:
        stopped(index, monkeypatch, disk, "remove", interrupt_at(where.FILE))
    else:
        stopped(index, monkeypatch, registered, "check", interrupt_after(registered.check))
    assert (index / where.FILE).exists()

    with monkeypatch.context() as patch:
        patch.delenv(where.SETTING)
        with pytest.raises(IndexProblem, match=r"not at “.*desk\.sqlite” but at “postgresql://"):
            Lists(index)
    assert state(index) == before
    assert not (index / where.FILE).exists()


def interrupt_after(do: Callable[..., None]) -> Callable[..., None]:
    def doing(*given: object) -> None:
        do(*given)
        raise KeyboardInterrupt

    return doing


def interrupt_at(name: str) -> Callable[[Path], None]:
    remove = disk.remove

    def removing(path: Path) -> None:
        if path.name == name:
            raise KeyboardInterrupt
        remove(path)

    return removing


def other_index(place: Path) -> Path:
    with search.writer(place) as writer:
        writer.add(search.Article("c", "Grain.", "Grain"))
    return place


@pytest.mark.parametrize("at", ["server", "directory"])
def test_a_desk_is_of_one_index(
    index: Path, tmp_path: Path, at: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = request.getfixturevalue("server").new() if at == "server" else str(tmp_path / "desk")
    monkeypatch.setenv(where.SETTING, desk)
    fill(index)
    before = state(index)
    other = other_index(tmp_path / "other.idx")

    for kind in (Lists, Records):
        with pytest.raises(IndexProblem, match=r"is the desk of another index, that at “[^:]+:/.*news\.idx”"):
            kind(other)
    assert not (other / reconciling.DESK).exists()
    index.rename(tmp_path / "moved.idx")
    assert state(tmp_path / "moved.idx") == before
    (tmp_path / "moved.idx" / reconciling.DESK).rename(other / reconciling.DESK)  # it takes its place
    assert state(other) == before


def test_a_desk_of_before_is_claimed_by_the_first_index_that_opens_it(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(where.of(place), Path):
        monkeypatch.setenv(where.SETTING, str(tmp_path / "desk"))
    fill(place)
    before = state(place)
    with Desk(place) as desk:
        for made_since in ("claim", "titles", "told", "rights", "members", "audit", "people"):
            desk._run(text(f"DROP TABLE {made_since}"))
        desk._run(VERSION.update().values(version_num="0001"))
    path = place / reconciling.DESK
    known = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps({"id": known["id"], "at": known["at"]}))
    opening._checked.clear()
    opening._opened_on.clear()

    assert state(place) == before
    with pytest.raises(IndexProblem, match="of another index"):
        Lists(other_index(tmp_path / "other.idx"))


def test_a_restored_index_has_the_desk_that_it_had(
    index: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(where.SETTING, request.getfixturevalue("server").new())
    fill(index)
    before = state(index)
    assert run("snapshot", index, tmp_path / "monday")[0] == 0
    shutil.rmtree(index)
    assert run("restore", tmp_path / "monday", index)[0] == 0
    assert state(index) == before

    other = other_index(tmp_path / "other.idx")
    with monkeypatch.context() as patch:
        patch.delenv(where.SETTING)
        assert run("snapshot", other, tmp_path / "tuesday")[0] == 0
    code, said = run("restore", tmp_path / "tuesday", tmp_path / "new.idx")
    assert (code, "is the desk of another index" in said) == (2, True)
    assert not (tmp_path / "new.idx").exists()


def test_a_copy_of_an_index_gets_no_desk_that_is_another_ones(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(where.SETTING, str(tmp_path / "desk"))
    fill(index)
    before = state(index)
    code, said = run("copy", index, tmp_path / "copied.idx")
    assert code == 0
    assert "Nothing of the desk is copied: DATELINE_DESK names that of" in said
    assert state(index) == before


def test_a_second_desk_is_refused(index: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    server = request.getfixturevalue("server")
    monkeypatch.setenv(where.SETTING, server.new())
    fill(index)
    monkeypatch.setenv(where.SETTING, server.new())
    with pytest.raises(IndexProblem, match="Say so in DATELINE_DESK"):
        Lists(index)


def test_a_desk_may_be_in_another_directory(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(index)
    before = state(index)
    monkeypatch.setenv(where.SETTING, str(tmp_path / "desk"))
    assert state(index) == before
    assert (tmp_path / "desk" / where.FILE).exists()
    assert not (index / where.FILE).exists()
    assert run("snapshot", index, tmp_path / "monday")[0] == 0
    assert (tmp_path / "monday" / where.FILE).exists()


def test_no_password_is_in_a_message(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(where.SETTING, "postgresql://ann:geheim@127.0.0.1:9/desk")
    with pytest.raises(IndexProblem, match=r"The desk at “postgresql://127\.0\.0\.1:9/desk” does not answer") as error:
        Lists(index)
    assert "geheim" not in str(error.value)
    assert os.environ[where.SETTING]


def test_what_a_process_was_stopped_in_is_undone_before_a_source_is_taken_over(index: Path, tmp_path: Path) -> None:
    former.make(index)
    path, copied = index / "lists.sqlite", tmp_path / "copied.idx"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 5")
        writer.execute("BEGIN IMMEDIATE")
        for number in range(4_000):
            writer.execute("UPDATE lists SET about = ? || ?", (str(number), "x" * 500))
        shutil.copytree(index, copied)
        writer.execute("ROLLBACK")

    assert (copied / "lists.sqlite-journal").exists()
    with Lists(copied) as lists:
        assert [one.name for one in lists.listed()] == ["Berlin Wall", "Ölkrise 1973"]
    with Lists(copied) as lists:
        assert len(lists.listed()) == 2


def test_a_process_that_waits_to_write_a_source_fails(index: Path) -> None:
    """Otherwise it would write to a file without a name, and say that it is stored."""
    former.make(index)
    path = index / "lists.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as waiting_one:
        waiting_one.execute("SELECT count(*) FROM lists").fetchall()
        Lists(index).close()

        assert not path.exists()
        with pytest.raises(sqlite3.Error):
            waiting_one.execute("UPDATE lists SET about = 'lost'")


def test_one_that_is_being_written_is_waited_for(index: Path) -> None:
    former.make(index)
    with closing(sqlite3.connect(index / "searches.sqlite", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM searches WHERE name = 'Wall'")
        opened = threading.Thread(target=lambda: Lists(index).close())
        opened.start()
        assert opened.is_alive()
        writer.execute("COMMIT")
    opened.join(waiting.HANG_S)

    with Searches(index) as searches:
        assert [one.name for one in searches.listed("Ann")] == ["Oil in France"]


def test_keys_that_an_earlier_version_had_are_not_revived(index: Path, tmp_path: Path) -> None:
    former.make(index)
    backup = tmp_path / "backup"
    shutil.copytree(index, backup)
    (known,) = keys.listed(str(index))
    keys.revoke(str(index), known.id)
    restored.merge(backup, index)

    assert keys.listed(str(index)) == ()


@pytest.mark.check
def test_several_that_open_a_desk_at_once_all_do(index: Path) -> None:
    former.make(index)
    command = [sys.executable, "-c", f"from desk.lists.store import Lists; print(len(Lists({str(index)!r}).listed()))"]
    begun = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(6)]
    said = [process.communicate(timeout=waiting.HANG_S) for process in begun]

    assert [out for out, _ in said] == ["2\n"] * 6, said


def test_what_a_process_that_was_stopped_has_left_goes_with_the_next_purge(index: Path) -> None:
    with Lists(index) as lists:
        lists.make("Oil", "Ann", "2026")
    left = index / f"{where.FILE}.0123456789abcdef.new"
    left.write_bytes(b"note")
    with search.writer(index) as writer:
        purge(writer, index, ["a"])

    assert not left.exists()
