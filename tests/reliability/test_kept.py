"""What people decide, in files beside an index: written by many at once, damaged, emptied, removed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import search
from desk.corrections.correction import Correction
from desk.corrections.store import CorrectionMissing, Store
from desk.store.where import FILE
from search import Article
from search.errors import IndexDamaged, IndexProblem
from search.files import databases
from search.local.safe import backup
from search.local.safe.verify import verify
from search.system import database
from tests import waiting
from tests.cases import cases
from tests.processes import descriptors

AT = "2026-11-26T21:04:11Z"
_TRY_TO_LOCK = """
import sqlite3, sys
sqlite3.connect(sys.argv[1], 0, isolation_level=None).execute("BEGIN IMMEDIATE")
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "A zebra."))
    return place


def made(value: str) -> Correction:
    return Correction("a", "person", "add", value, "somebody", AT, "a note")


def locked_for_others(path: Path) -> bool:
    return subprocess.run([sys.executable, "-c", _TRY_TO_LOCK, path], stderr=subprocess.DEVNULL).returncode != 0


@cases("meanwhile", [
    lambda path: database.connect(path).close(),
    lambda path: database.connect(path, make=False).close(),
    lambda path: list(databases.faults(path)),
    databases.seal,
    lambda path: list(database.pieces(path)),
])  # fmt: skip
def test_a_lock_outlives_what_others_do_in_the_same_process(place: Path, meanwhile: Callable[[Path], object]) -> None:
    with Store(place) as store, store.transaction():
        assert locked_for_others(place / FILE)
        meanwhile(place / FILE)
        assert locked_for_others(place / FILE)


def test_descriptors_are_closed_with_the_last_connection(place: Path) -> None:
    with Store(place):
        list(database.pieces(place / FILE))
    before = descriptors()
    for _ in range(5):
        with Store(place):
            list(database.pieces(place / FILE))
            list(database.pieces(place / FILE))

    assert descriptors() == before


def test_nothing_is_lost_when_many_write_at_once(place: Path) -> None:
    told: list[Correction] = []

    def work(number: int) -> None:
        for each in range(10):
            with Store(place) as store:
                told.extend(store.add([made(f"{number}-{each}")]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Store(place) as store:
        assert sorted(told, key=lambda each: each.number) == list(store.listed())
    assert {each.number for each in told} == {*range(1, 201)}
    assert verify(place).faults == ()


def test_a_snapshot_stays_as_it_is_while_others_wait_to_write(place: Path) -> None:
    def add(value: str) -> None:
        with Store(place) as other:
            other.add([made(value)])

    add("Ann Lee")
    writer = threading.Thread(target=add, args=("Bob Lee",))
    with Store(place) as store:
        with store.snapshot():
            before = store.listed()
            writer.start()
            waiting.until(lambda: locked_for_others(place / FILE), "somebody writes")
            with store.snapshot():
                assert store.listed() == before
            assert store.listed() == before
        writer.join()
        assert [each.value for each in store.listed()] == ["Ann Lee", "Bob Lee"]


def test_a_snapshot_that_fails_holds_up_nobody(place: Path) -> None:
    with Store(place) as store, Store(place) as other:
        other.add([made("Ann Lee")])
        with pytest.raises(CorrectionMissing), store.snapshot():
            raise CorrectionMissing(store.last)
        other.add([made("Bob Lee")])
        assert len(store.listed()) == 2


def test_a_snapshot_in_a_transaction_ends_nothing(place: Path) -> None:
    with Store(place) as store:
        with store.transaction():
            with store.snapshot():
                store._insert(replace(made("Ann Lee"), number=1))
            assert locked_for_others(place / FILE)
        assert len(store.listed()) == 1


def test_a_damaged_value_is_found_by_all_who_read_it(place: Path, tmp_path: Path) -> None:
    with Store(place) as store:
        store.add([made("Ann Lee")])
    (place / FILE).write_bytes((place / FILE).read_bytes().replace(b"Ann Lee", b"Bob Lee"))

    with Store(place) as store, pytest.raises(IndexDamaged, match=r"not as written.*dateline restore"):
        store.listed()
    assert [(each.file, each.problem) for each in verify(place).faults] == [
        (FILE, "1 of the rows of its table corrections is not as written.")
    ]
    with pytest.raises(IndexDamaged, match="is not copied"):
        backup.create(place, tmp_path / "snapshot")
    assert not (tmp_path / "snapshot").exists()


def test_any_damaged_byte_is_found_or_changes_nothing(place: Path, amount: Callable[..., int]) -> None:
    with Store(place) as store:
        store.add([made(f"Person {number}") for number in range(40)])
        before = store.listed()
    whole = (place / FILE).read_bytes()
    chance = random.Random(7)
    for _ in range(amount(300, few=40)):
        at = chance.randrange(len(whole))
        (place / FILE).write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            with Store(place) as store:
                found = store.listed()
        except IndexProblem:
            continue
        assert found == before or verify(place).faults


@cases("harm, said", [
    (lambda whole: None, "is missing"),
    (lambda whole: b"", "is empty"),
    (lambda whole: whole[:5000], "cannot be read"),
    (lambda whole: b"x" * 5000, "cannot be read"),
])  # fmt: skip
def test_a_file_that_was_there_is_never_taken_for_a_new_one(
    place: Path, harm: Callable[[bytes], bytes | None], said: str
) -> None:
    for path in place.glob(f"{FILE}*"):  # of the case before
        path.unlink()
    with Store(place) as store:
        store.add([made("Ann Lee")])
    left = harm((place / FILE).read_bytes())
    (place / FILE).unlink()
    if left is not None:
        (place / FILE).write_bytes(left)

    assert Store.is_in(place)
    with (
        pytest.raises(IndexDamaged, match=rf"(?s){said}.*{FILE}.sum.*all that people have decided is lost"),
        Store(place) as store,
    ):
        store.listed()
    (defect,) = verify(place).faults
    assert defect.file == FILE
    assert "written:" not in defect.problem


def test_an_older_file_is_not_taken_for_the_one_that_was_there(place: Path) -> None:
    with Store(place) as store:
        store.add([made("Ann Lee")])
    older = (place / FILE).read_bytes()
    with Store(place) as store:
        store.add([made("Bob Lee")])
    databases.seal(place / FILE)
    (place / FILE).write_bytes(older)

    assert [each.problem for each in verify(place).faults] == ["It is older than its checksum."]
