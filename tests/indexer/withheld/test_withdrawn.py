"""Withdrawals in the ledger: up to a version, and of the parts of an item."""

from __future__ import annotations

from pathlib import Path

from indexer.digest import digest
from indexer.ledger import Ledger
from indexer.withheld import withdrawn
from indexer.withheld.withdrawn import Withdrawn
from search import Article
from tests.cases import cases


@cases("first, second, version", [
    (1, 2, 2), (2, 1, 2), (2, 2, 2), (None, 2, None), (2, None, None), (None, None, None), (0, 0, 0),
])  # fmt: skip
def test_two_withdrawals_are_one_up_to_the_higher_version(
    first: int | None, second: int | None, version: int | None
) -> None:
    with Ledger(None) as ledger:
        assert withdrawn.of(ledger, "a") is None
        assert withdrawn.withdraw(ledger, "a", Withdrawn(first, "one")) == first
        assert withdrawn.withdraw(ledger, "a", Withdrawn(second, "two")) == version
        assert withdrawn.of(ledger, "a") == Withdrawn(version, "two")
        assert withdrawn.of(ledger, "b") is None
        assert (withdrawn.forget(ledger, "a"), withdrawn.forget(ledger, "a")) == (True, False)


NOTHING: list[tuple[str, Withdrawn]] = []


@cases("versions, gone", [
    ([(None, "ab"), (None, "a")], NOTHING),
    ([(1, "ab"), (1, "a")], NOTHING),
    ([(1, "ab"), (2, "ab")], NOTHING),
    ([(1, "ab"), (2, "a")], [("b", Withdrawn(1, "Version 2 of “w” does not contain it."))]),
    ([(2, "a"), (1, "ab")], [("b", Withdrawn(1, "Version 2 of “w” does not contain it."))]),
    ([(1, "ab"), (None, "a")], NOTHING),
    ([(None, "ab"), (2, "a")], NOTHING),
    ([(1, "ab"), (3, "a"), (3, "b")], NOTHING),
    ([(1, "abc"), (4, "b")], [(n, Withdrawn(3, "Version 4 of “w” does not contain it.")) for n in "ac"]),
])  # fmt: skip
def test_a_later_version_withdraws_the_parts_that_it_has_no_more(
    versions: list[tuple[int | None, str]], gone: list[tuple[str, Withdrawn]]
) -> None:
    with Ledger(None) as ledger:
        for version, parts in versions:
            found = withdrawn.consists(ledger, "w", tuple(parts), version)

        assert sorted(found) == gone
        assert withdrawn.consists(ledger, "other", ("b",), 1) == []


def test_the_withdrawal_of_an_item_is_of_all_its_parts() -> None:
    with Ledger(None) as ledger:
        withdrawn.consists(ledger, "w", ("w", "a", "b"), 1)
        withdrawn.withdraw(ledger, "w", Withdrawn(3, "Wrong."))

        assert sorted(withdrawn.parts(ledger, "w")) == ["a", "b"]
        assert withdrawn.parts(ledger, "a") == []
        assert withdrawn.consists(ledger, "w", ("w", "a", "b"), 1) == [(n, Withdrawn(3, "Wrong.")) for n in "ab"]


@cases("stated, version, newer", [
    (3, 2, True), (2, 2, False), (1, 2, False), (3, None, False), (None, 2, False), ("3", 2, False), (True, 0, False),
    (-1, -2, True), (10**18 - 1, 2, True), (10**18, 2, False),
])  # fmt: skip
def test_only_a_higher_version_is_newer(stated: object, version: int | None, newer: bool) -> None:
    article = Article("a", "Zebras.", extra={"version": stated} if stated is not None else {})

    assert withdrawn.newer(digest(article), version) is newer


def test_a_withdrawal_is_known_without_waiting_and_taken_back(tmp_path: Path) -> None:
    assert not withdrawn.known(tmp_path, "a")
    with Ledger(tmp_path) as ledger:
        withdrawn.consists(ledger, "w", ("a", "b"), 1)
        for name in ("a", "w"):
            withdrawn.withdraw(ledger, name, Withdrawn(None, "Wrong."))
        ledger.commit()

    assert [withdrawn.known(tmp_path, name) for name in ("a", "b", "w")] == [True, False, True]
    assert withdrawn.readmit(tmp_path, ["w", "b"]) == {"w"}
    assert [withdrawn.known(tmp_path, name) for name in ("a", "b", "w")] == [False, False, False]
    (tmp_path / "ingest.sqlite").write_bytes(b"damaged")
    assert not withdrawn.known(tmp_path, "a")
