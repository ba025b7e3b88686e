"""What is promised of a desk, in a file and on a server: nothing acknowledged is lost, no damage is copied."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Column, Table, text

import search
from desk.alerts.alert import Alert
from desk.alerts.store import Alerts, Difference
from desk.citations.citation import Citation
from desk.citations.result import Entry, hash_of
from desk.citations.store import Store as Citations
from desk.corrections.correction import Correction
from desk.corrections.store import Store as Corrections
from desk.lists.store import ListConflict, ListMissing, Lists
from desk.people import keys
from desk.people.keys import Keys
from desk.searches.store import Searches, Seen
from desk.store import elsewhere, tables, where
from desk.store.base import Desk
from indexer.withheld.purge import purge
from search.errors import IndexDamaged, IndexProblem
from search.files import row_sums
from service.commands.cli import main
from service.jobs import JobRequest, Jobs
from service.server import job_queue
from service.server.job_queue import JobQueue
from tests import waiting
from tests.cases import cases
from tests.desk.store import postgresql

AT = "2026-11-27T06:00:00Z"
BLOCKED_S = 0.3
"""How long a writer is given to get between two reads; in a file it has to wait for them, and is not waited for."""
ENTRIES = (Entry("a", b"a" * 32, 7), Entry("b", b"b" * 32, None))


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    return done.exit_code, done.output


def correction(value: str, article: str = "a") -> Correction:
    return Correction(article, "person", "add", value, "Ann", AT, "she wrote it", ("A. Lee",))


def fill(place: Path) -> None:
    """Store something of each feature."""
    with Lists(place) as lists:
        lists.make("Wall", "Ann", AT, "who climbed it", {"a": "page 1", "b": ""})
    with Searches(place) as searches:
        searches.save("Oil", "q=oil", "Ann", AT, ("Ann", Seen(AT, 3)))
    with Alerts(place) as alerts:
        made = Alert(0, "Oil", "q=oil", "at once", "UTC", "feed", "", "Ann", AT, AT, 1, AT)
        alerts.make(made, {"a": b"1" * 32}, frozenset)
        (one,) = alerts.listed()
        alerts.look([(one, one, Difference({"b": b"2" * 32}, {"a": b"3" * 32}, frozenset()))], AT, frozenset)
    with Citations(place) as citations:
        citations.add(Citation("", "q=oil", 1, AT, 2, hash_of(ENTRIES), "Ann", ENTRIES), lambda: True)
        citations.secrets()
    with Corrections(place) as corrections:
        corrections.add([correction("Ann Lee"), correction("Bob Lee", "b")])
        corrections.undo(1, "Bob", AT)


def state(place: Path) -> list[Any]:
    """All that is stored."""
    with Lists(place) as lists, Searches(place) as searches, Alerts(place) as alerts:
        found: list[Any] = [lists.listed(), [lists.entries(one.name) for one in lists.listed()], searches.listed("Ann")]
        found += [alerts.listed(), alerts.deliveries(1), alerts.seen([1])]
    with Citations(place) as citations, Corrections(place) as corrections:
        secrets = citations._secrets()
        found += [list(citations.all()), secrets, corrections.listed(), corrections.pending(), corrections.last]
    return [*found, keys.listed(str(place))]


def test_what_is_stored_is_read_as_it_was(place: Path) -> None:
    fill(place)
    with Lists(place) as lists:
        assert [(one.article, one.note) for one in lists.entries("wall")] == [("a", "page 1"), ("b", "")]
    with Alerts(place) as alerts:
        (told,) = alerts.deliveries(1)
        assert (told.came, told.changed, alerts.seen([1])) == (("b",), ("a",), {1: {"a": b"3" * 32, "b": b"2" * 32}})
        assert alerts.waiting(AT) == (told,)
    with Citations(place) as citations:
        (cited,) = citations.all()
        assert cited.entries == ENTRIES
    with Corrections(place) as corrections:
        assert [(one.value, one.names, one.undone) for one in corrections.listed()] == [
            ("Ann Lee", ("A. Lee",), AT), ("Bob Lee", ("A. Lee",), None),
        ]  # fmt: skip


def test_text_is_in_the_order_of_its_bytes(place: Path) -> None:
    names = ["Zebra", "ant", "Ähre", "b-c", "b c", "_", "中"]
    with Lists(place) as lists:
        for name in names:
            lists.make(name, "Ann", AT)
        assert [one.name for one in lists.listed()] == sorted(names, key=str.casefold)


def test_a_transaction_that_fails_changes_nothing(place: Path) -> None:
    with Lists(place) as lists:
        lists.make("Wall", "Ann", AT)
        with pytest.raises(ListConflict):
            lists.make("wall", "Bob", AT)
        with suppress(KeyboardInterrupt), lists.transaction():
            lists._put(lists._named("Wall"), {"a": ""}, "Bob", AT)
            raise KeyboardInterrupt
        assert lists.ids("Wall") == ()
        assert lists.put("Wall", {"a": ""}, "Bob", AT) == 1


def test_a_number_is_given_once(place: Path) -> None:
    with Corrections(place) as store:
        store.add([correction("Ann Lee")])
        store.erase(["a"])
        (second,) = store.add([correction("Ann Lee")])
        assert (second.number, store.last) == (2, 2)


def test_a_snapshot_is_of_one_commit(place: Path) -> None:
    def change() -> None:
        with Lists(place) as other:
            other.put("Wall", {"b": ""}, "Bob", AT)

    with Lists(place) as lists:
        lists.make("Wall", "Ann", AT, notes={"a": ""})
        writer = threading.Thread(target=change)
        with lists.snapshot():
            before = lists.named("Wall")
            writer.start()
            writer.join(BLOCKED_S)
            assert (lists.named("Wall"), lists.ids("Wall")) == (before, ("a",))
        writer.join(waiting.HANG_S)
        assert lists.ids("Wall") == ("a", "b")


def test_writers_take_turns(place: Path) -> None:
    told: list[Correction] = []

    def work(number: int) -> None:
        for each in range(5):
            with Corrections(place) as store:
                told.extend(store.add([correction(f"{number}-{each}", f"article{each}")]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Corrections(place) as store:
        assert sorted(told, key=lambda each: each.number) == list(store.listed())
    assert [each.number for each in sorted(told, key=lambda each: each.number)] == [*range(1, 41)]


WRITER = """
import sys
from desk.lists.store import Lists
for number in range(1000):
    with Lists(sys.argv[1]) as lists:
        lists.put("Wall", {f"a{number}": "x" * 200}, "Ann", "2026", make=True)
    print(number, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(place: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, place], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(10)]
        process.kill()
        told += process.stdout.readlines()
    acknowledged = [int(line) for line in told if line.endswith("\n")]

    with Lists(place) as lists:
        there = lists.ids("Wall")
        assert there[: len(acknowledged)] == tuple(f"a{number}" for number in acknowledged)
        assert len(there) - len(acknowledged) in (0, 1)
        assert lists.put("Wall", {"after": ""}, "Bob", AT) == 1
    assert run("verify", place)[0] == 0


def test_damage_is_reported_and_not_copied(place: Path, tmp_path: Path) -> None:
    fill(place)
    with Desk(place) as desk:
        desk._run(text("UPDATE entries SET note = 'other' WHERE article = 'a'"))

    with Lists(place) as lists, pytest.raises(IndexDamaged, match="not as written"):
        lists.entries("Wall")
    code, said = run("verify", place)
    assert (code, "1 of the rows of its table entries is not as written." in said) == (2, True)
    code, said = run("snapshot", place, tmp_path / "monday")
    assert code == 2
    assert "not as written" in said
    assert not (tmp_path / "monday").exists()


def forge(path: Path, table: Table, column: Column[Any], value: object) -> None:
    """Put a value into a column of a row, with the checksum of the row."""
    with closing(sqlite3.connect(path)) as opened, opened:
        names = [each.name for each in table.columns]
        old = opened.execute(f"SELECT * FROM {table.name} LIMIT 1").fetchone()
        new = {**dict(zip(names, old, strict=True)), column.name: value}
        of_it = " AND ".join(f"{name} IS ?" for name in names)
        values = (value, row_sums.summed([*new.values()][:-1])[-1], *old)
        assert opened.execute(f"UPDATE {table.name} SET {column.name} = ?, sum = ? WHERE {of_it}", values).rowcount == 1


@pytest.mark.parametrize("elsewhere_", [False, pytest.param(True, marks=pytest.mark.check)])
@cases(
    ("table", "column", "value"),
    [
        (tables.LISTS, tables.LISTS.c.revision, "many"),
        (tables.LISTS, tables.LISTS.c.revision, 1.5),
        (tables.LISTS, tables.LISTS.c.name, b"Wall"),
        (tables.SEEN, tables.SEEN.c.alerts, "1234"),
        (tables.ALERTS, tables.ALERTS.c.generation, b"1"),
        (tables.CORRECTIONS, tables.CORRECTIONS.c.undone, b"2026"),
    ],
)
def test_a_value_of_another_kind_is_damage(
    elsewhere_: bool, table: Table, column: Column[Any], value: object, tmp_path: Path
) -> None:
    place = Path(tempfile.mkdtemp(dir=tmp_path)) / "news.idx"
    with search.writer(place) as writer:
        writer.add(search.Article("a", "Oil falls.", "Oil"))
    with pytest.MonkeyPatch.context() as patched:
        if elsewhere_:
            patched.setenv(where.SETTING, str(place.parent / "desk"))
        fill(place)
        home = where.of(place)
        assert isinstance(home, Path)
        forge(home, table, column, value)

        with Desk(place) as desk, pytest.raises(IndexDamaged, match="not as written"):
            list(desk.whole(table))
        code, said = run("verify", place)
        assert (code, f"1 of the rows of its table {table.name} is not as written." in said) == (2, True), said
        assert run("snapshot", place, place.parent / "monday")[0] == 2


def test_a_backup_takes_the_desk_along(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(place)
    before = state(place)
    assert run("snapshot", place, tmp_path / "monday")[0] == 0
    with Lists(place) as lists:
        lists.remove("Wall")
    with Corrections(place) as store:
        store.add([correction("Cem Lee")])
    assert run("restore", tmp_path / "monday", place, "--replace")[0] == 0
    with Lists(place) as lists, Corrections(place) as store:
        assert (lists.listed(), len(store.listed())) == ((), 3)
    assert run("verify", place)[0] == 0

    monkeypatch.delenv(where.SETTING, raising=False)
    assert run("verify", tmp_path / "monday")[0] == 0
    assert run("restore", tmp_path / "monday", tmp_path / "new.idx")[0] == 0
    assert state(tmp_path / "new.idx")[:-1] == before[:-1]


def test_a_purge_leaves_no_byte(
    place: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with search.writer(place) as writer:
        writer.add(search.Article("secret-id", "Oil."))
    with Lists(place) as lists:
        lists.make("Wall", "Ann", AT, notes={"secret-id": "of secret-id", "b": ""})
    with Corrections(place) as store:
        store.add([correction("secret-id Lee", "secret-id")])
    with Citations(place) as citations:
        entries = (Entry("secret-id", b"s" * 32, None),)
        for asked in ("q=oil", "q=id:secret-id"):
            citations.add(Citation("", asked, 1, AT, 1, hash_of(entries), "Ann", entries), lambda: True)
    assert run("snapshot", place, tmp_path / "monday")[0] == 0
    assert run("delete", place, "secret-id", "--purge")[0] == 0

    with Lists(place) as lists:
        assert lists.ids("Wall") == ("b",)
    files = [path for folder in (place, tmp_path / "monday") for path in folder.rglob("*.sqlite")]
    if isinstance(where.of(place), str):
        server = request.getfixturevalue("server")
        server.run("postgres", "CHECKPOINT")
        files += [path for path in (server.data / "base").rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert [path for path in files if b"secret-id" in path.read_bytes()] == []


def test_jobs_are_done_in_order_and_known_by_their_keys(place: Path) -> None:
    spool = JobQueue(str(place))
    first = spool.put(spool.new_id(), JobRequest("correct", "key", "d1", target="a", idempotency="k"), 0, 1000)
    spool.put(spool.new_id(), JobRequest("correct", "key", "d2", target="b"), 0, 1000)
    assert spool.put(spool.new_id(), JobRequest("correct", "key", "d1", target="a", idempotency="k"), 0, 1000) == first
    taken = spool.take()
    assert taken is not None
    assert (taken.id, taken.attempts, spool.counts()) == (first.id, 1, {"running": 1, "queued": 1})
    spool.finish(taken, {"added": 1}, erased=True)
    done = spool.job(first.id)
    assert done is not None
    assert (done.state, done.target, done.report) == ("done", "", {"added": 1})


def seen_long_ago(spool: JobQueue) -> JobQueue:
    """As if what it last saw of a job that another process does had been long ago."""
    assert spool._running is not None
    spool._running = spool._running[0], -float("inf")
    return spool


def test_a_job_is_begun_again_only_if_nobody_gives_a_sign_of_life(
    index: Path, server: postgresql.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(where.SETTING, server.new())
    monkeypatch.setattr(job_queue, "_SIGN_EVERY_S", 0.01)
    one, other = JobQueue(str(index)), JobQueue(str(index))
    one.put("j1", JobRequest("correct", "key", "d1", target="a"), 0, 1000)
    taken = one.take()
    assert taken is not None
    assert other.take() is None
    one.give_sign()
    assert seen_long_ago(other).take() is None
    with one.doing(), Jobs(index) as jobs:
        before = jobs.signs
        waiting.until(lambda: jobs.signs > before, "a sign is given meanwhile")
    assert seen_long_ago(other).take() is None
    again = seen_long_ago(other).take()
    assert again is not None

    one.requeue(taken)
    one.fail(taken, "It failed.")
    assert not one.finish(taken, {})
    assert one.job("j1") == again
    assert other.finish(again, {"added": 1})


@pytest.mark.parametrize("erase", [lambda store: store.erase(["nothing"]), lambda store: store.vacuum()])
def test_a_vacuum_changes_nothing(place: Path, erase: Callable[[Lists], object]) -> None:
    fill(place)
    before = state(place)
    with Lists(place) as lists:
        erase(lists)
    assert state(place) == before


def test_a_desk_that_is_not_at_hand_is_told_and_no_desk_is_begun(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(where.SETTING, str(tmp_path / "desk"))
    with Lists(index) as lists:
        lists.put("Oil", {"a": "note"}, "Ann", "2026-11-30T10:00:00Z", make=True)
    monkeypatch.delenv(where.SETTING)

    def erase() -> None:
        with search.writer(index) as writer:
            purge(writer, index, ["a"])

    def faults() -> None:
        list(elsewhere.faults(index))

    for ask in (erase, faults, partial(elsewhere.copy, index, tmp_path), partial(Keys(str(index)).with_id, "x")):
        with pytest.raises(IndexProblem, match="is not at"):
            ask()
    assert not (index / where.FILE).exists()


@cases(
    ("given", "named"),
    [
        ("postgresql://ann:secret@host/db", "postgresql://host/db"),
        ("postgres://ann:se/cr@et@host:5/db?password=secret", "postgresql://host:5/db"),
        ("POSTGRESQL+psycopg://ann:s#e?c[ret@host/db", "postgresql://host/db"),
    ],
)
def test_a_desk_is_named_without_its_password(given: str, named: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(where.SETTING, given)
        home = where.of("news.idx")

    assert isinstance(home, str)
    assert where.named(home) == named


def test_an_address_of_something_else_is_no_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(where.SETTING, "mysql://ann:secret@host/db")
    with pytest.raises(IndexProblem, match="“mysql://host/db”") as refused:
        where.of("news.idx")
    assert "secret" not in str(refused.value)


def test_an_index_may_be_named_as_its_own_desk(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(where.SETTING, str(index.parent / "." / index.name))
    assert where.of(index) == where.by_default(index)


def test_text_that_no_row_has_is_not_found(place: Path) -> None:
    with Lists(place) as lists:
        for name in ("a\0b", "a\udc80b"):
            with pytest.raises(ListMissing):
                lists.named(name)
