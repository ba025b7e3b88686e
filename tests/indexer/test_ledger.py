"""What ingest remembers of files and their records."""

from __future__ import annotations

from indexer.ledger import FileStamp, Ledger, Remembered
from tests.cases import cases

STAMP = FileStamp(10, 20, 30, "v1")


def article(name: str) -> Remembered:
    return Remembered("article", name, b"01234567")


def read(ledger: Ledger, ids: str, name: str = "a.jsonl", beside: dict[str, tuple[int, int]] | None = None) -> int:
    """Read a file whole, an article a letter."""
    number = ledger.number("c", name)
    ledger.remember((number, place, article(each)) for place, each in enumerate(ids))
    ledger.stamp(number, STAMP, beside or {}, len(ids))
    return number


@cases("before", ["", "a", "abc"])
@cases("after", ["", "x", "xy", "xyz", "wxyz"])
def test_a_file_has_what_it_had_when_it_was_last_read(before: str, after: str) -> None:
    """It grows, shrinks by one record or several, or stays as long; the file beside it keeps its own."""
    with Ledger(None) as ledger:
        other = read(ledger, "pqrst", "b.jsonl")
        number = read(ledger, before)
        assert read(ledger, after) == number

        assert [record.id for record in ledger.records(number)] == list(after)
        assert [record.id for record in ledger.records(other)] == list("pqrst")


@cases("first, count, ids", [
    (0, -1, "abc"), (0, 3, "abc"), (0, 2, "ab"), (1, 1, "b"), (2, 5, "c"), (3, 5, ""), (0, 0, ""),
])  # fmt: skip
def test_records_are_given_from_one_on(first: int, count: int, ids: str) -> None:
    with Ledger(None) as ledger:
        assert "".join(record.id for record in ledger.records(read(ledger, "abc"), first, count)) == ids


@cases("other", [
    STAMP._replace(size=11), STAMP._replace(changed_ns=21), STAMP._replace(inode=31), STAMP._replace(reading="v2"),
])  # fmt: skip
def test_a_file_is_read_again_when_anything_of_its_stamp_is_another(other: FileStamp) -> None:
    with Ledger(None) as ledger:
        number = read(ledger, "a")

        assert ledger.unchanged_file("c", "a.jsonl", STAMP, lambda *_: False) == number
        assert ledger.unchanged_file("c", "a.jsonl", other, lambda *_: True) is None
        assert ledger.unchanged_file("d", "a.jsonl", STAMP, lambda *_: True) is None
        assert ledger.unchanged_file("c", "b.jsonl", STAMP, lambda *_: True) is None


def test_a_file_is_read_again_when_one_beside_it_is_another() -> None:
    beside = {"a.css": (1, 2), "b.css": (3, 4)}
    with Ledger(None) as ledger:
        number = read(ledger, "a", beside=beside)
        asked: dict[str, tuple[int, int]] = {}
        asked_all = ledger.unchanged_file("c", "a.jsonl", STAMP, lambda name, stamp: not asked.update({name: stamp}))

        assert (asked_all, asked) == (number, beside)
        assert ledger.unchanged_file("c", "a.jsonl", STAMP, lambda name, _: name != "b.css") is None


def test_a_file_that_is_begun_is_not_read() -> None:
    with Ledger(None) as ledger:
        number = read(ledger, "a")

        assert ledger.number("c", "a.jsonl") == number
        assert ledger.unchanged_file("c", "a.jsonl", STAMP, lambda *_: True) is None


def test_files_that_are_gone_are_forgotten_and_what_shared_an_article_is_read_again() -> None:
    with Ledger(None) as ledger:
        gone, shares, apart = read(ledger, "ab", "gone"), read(ledger, "bc", "shares"), read(ledger, "d", "apart")
        ledger.forget_missing("other", lambda _: False)
        assert len(ledger.records(gone)) == 2
        ledger.forget_missing("c", lambda name: name != "gone")

        assert ledger.records(gone) == []
        assert [record.digest for record in ledger.records(shares)] == [b"", b"01234567"]
        assert ledger.unchanged_file("c", "shares", STAMP, lambda *_: True) is None
        assert ledger.unchanged_file("c", "apart", STAMP, lambda *_: True) == apart
