"""Databases from elsewhere, in a snapshot or beside an index: what is not as Dateline makes it is read by nobody."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

import search
from desk.alerts.store import Alerts
from desk.citations import store as citations
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.people.keys import KeyStore
from desk.people.sessions import Records
from desk.searches.store import Searches
from desk.store.base import Desk
from desk.store.where import FILE
from indexer.ledger import Ledger
from indexer.withheld import withdrawn
from search import Article
from search.engine import present_among
from search.errors import IndexDamaged, IndexProblem
from search.files import backup_list, databases
from search.files.changes import Changes
from search.system import database
from search.system.inflating import inflated
from service.spool import Spool
from tests.reliability.running import run

KINDS: tuple[type[Desk], ...] = (Store, Lists, Searches, Alerts, citations.Store, KeyStore, Records)
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x, x, x, x, x, x FROM n"
FOREIGN = {
    "a view": f"CREATE VIEW more AS {ENDLESS}",
    "a view for a table": f"ALTER TABLE lists RENAME TO old; CREATE VIEW lists AS {ENDLESS}",
    "a name in brackets": 'CREATE TABLE "[v]" (x, sum INTEGER)',
    "a name with a quote": "CREATE TABLE \"a\"\"b\" (x, sum INTEGER)",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON lists BEGIN DELETE FROM lists; END",
    "generated columns": "CREATE TABLE big (x, y AS (zeroblob(1000000000)), sum INTEGER)",
    "an index of an expression": "CREATE INDEX costly ON lists (hex(zeroblob(100)))",
    "an index of many columns and a condition": "CREATE TABLE wide ("
    + ", ".join(f"c{n}" for n in range(60)) + "); CREATE INDEX i ON wide ("
    + ", ".join(f"c{n}" for n in range(60)) + ") WHERE c0 = 1",
    "a name of bytes": "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET name = CAST(name AS BLOB)",
    "a statement of bytes": "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(sql AS BLOB)",
    "a check": "CREATE TABLE checked (x CHECK (x < 1), sum INTEGER)",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "Oil."))
    Lists(place).close()
    Changes(place).close()
    with Ledger(place):
        pass
    return place


def test_what_dateline_makes_is_not_foreign(place: Path) -> None:
    Spool(str(place)).make()
    made = [*databases.in_folder(place), *(place / "spool").glob("*.sqlite")]
    assert len(made) == 4

    for path in made:
        with closing(database.connect(path, make=False)) as opened:
            assert list(databases.foreign(opened)) == [], path.name
    assert run("verify", place).exit_code == 0


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_foreign_is_refused_before_it_is_read(place: Path, tmp_path: Path, what: str) -> None:
    assert run("snapshot", place, tmp_path / "monday").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "monday" / FILE)) as opened:
        opened.executescript(FOREIGN[what])
        opened.commit()

    for command in (("verify", tmp_path / "monday"), ("restore", tmp_path / "monday", tmp_path / "back")):
        done = run(*command)
        assert done.exit_code != 0, command
        assert FILE in done.stderr or command[0] == "verify"
    with pytest.raises(IndexDamaged):
        Lists(tmp_path / "monday")


def test_a_ledger_from_elsewhere_is_looked_at_first(place: Path) -> None:
    with closing(sqlite3.connect(place / "ingest.sqlite")) as opened:
        opened.executescript(
            f"DROP TABLE withdrawn; CREATE VIEW withdrawn (id) AS {ENDLESS.replace('x, x, x, x, x, x, x', 'x')}"
        )
        opened.commit()

    assert withdrawn.among(place, {"gone"}) == frozenset()
    assert not withdrawn.known(place, "gone")
    with pytest.raises(IndexDamaged, match="not as Dateline makes it"):
        Ledger(place)
    assert run("verify", place).exit_code != 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_store_is_opened_only_as_it_was_made(tmp_path: Path, kind: type[Desk]) -> None:
    kind(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / kind.FILE)) as opened:
        opened.execute("CREATE TABLE more (x)")
        opened.commit()

    with pytest.raises(IndexProblem, match="other tables than Dateline makes"):
        kind(tmp_path)


def test_little_does_not_become_much() -> None:
    assert inflated(zlib.compress(b"x" * 1000), 1000) == b"x" * 1000
    bomb = zlib.compress(bytes(50_000_000))
    for data, most in ((bomb, 1_000_000), (zlib.compress(b"xy"), 1), (zlib.compress(b"x")[:-1], 9), (b"", 9)):
        with pytest.raises(zlib.error):
            inflated(data, most)
    with pytest.raises(zlib.error):
        inflated(zlib.compress(b"x") + b"more", 9)


def test_a_list_of_backups_is_taken_from_no_backup(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "theirs.idx"
    with search.writer(other) as writer:
        writer.add(Article("a", "Theirs."))
    assert run("snapshot", place, tmp_path / "monday").exit_code == 0
    assert not (tmp_path / "monday" / backup_list.NAME).exists()
    backup_list.add(tmp_path / "monday", other)
    assert run("restore", tmp_path / "monday", place, "--replace").exit_code == 0
    assert run("restore", tmp_path / "monday", tmp_path / "new.idx").exit_code == 0

    for index in (place, tmp_path / "new.idx"):
        assert other not in backup_list.read(index)
        assert run("delete", index, "a", "--purge").exit_code == 0
    with search.open(other) as engine:
        assert present_among(engine, ["a"]) == {"a"}
