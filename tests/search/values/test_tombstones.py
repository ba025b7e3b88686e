"""Articles that were removed, as they are remembered in a directory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import search
from search import Article, IndexDamaged
from search.engine import removed_since
from search.files import sealed
from search.local.format import removed
from search.local.safe.verify import verify
from search.values import tombstones
from tests.cases import cases
from tests.search.indexes import written


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return written(tmp_path / "news.idx", *(Article(name, "A zebra.") for name in ("a", "b", "c")))


def delete(place: Path, *ids: str) -> None:
    with search.writer(place) as writer:
        for name in ids:
            writer.delete(name)


def test_there_is_no_file_before_anything_was_removed(place: Path) -> None:
    assert not (place / removed.NAME).exists()
    delete(place, "a")
    assert list(removed.read(place)) == ["a"]
    assert not verify(place).faults


def test_what_is_older_than_30_days_is_dropped_at_the_next_commit(place: Path) -> None:
    removed.write(place, {"young": ago(29), "old": ago(31)})

    assert [one.id for one in removed_since(search.open(place), tombstones.since())] == ["young"]
    delete(place, "a")
    assert list(removed.read(place)) == ["a", "young"]


def test_the_newest_are_kept() -> None:
    many = {str(number): ago(1) for number in range(tombstones.MOST)}
    after = tombstones.after(many, ["new"], back=())

    assert len(after) == tombstones.MOST
    assert next(iter(after)) == "new"


def test_the_newest_come_first_from_the_given_time_on() -> None:
    known = {"b": "2026-11-26T00:00:01Z", "z": "2026-11-26T00:00:02Z", "a": "2026-11-26T00:00:02Z", "old": "2026-11-26"}

    assert [one.id for one in tombstones.newest(known, "2026-11-26T00:00:01Z")] == ["a", "z", "b"]


def test_an_article_that_is_there_is_never_told_as_removed(place: Path) -> None:
    removed.write(place, {"a": ago(1), "x": ago(1)})  # as a crash leaves it that comes before the commit
    engine = search.open(place)

    assert [one.id for one in removed_since(engine, tombstones.since())] == ["x"]
    assert engine.article("a").id == "a"


@cases("content, next_", [(b"", "a"), (b"{}", "b"), (b'{"crc32":"00000000","content":{}}\n', "c")])
def test_a_damaged_file_is_said_and_can_be_removed(place: Path, content: bytes, next_: str) -> None:
    (place / removed.NAME).write_bytes(content)

    assert [fault.file for fault in verify(place).faults] == [removed.NAME]
    with pytest.raises(IndexDamaged, match="or remove it"):
        search.open(place).article("nowhere")
    (place / removed.NAME).unlink()
    delete(place, next_)
    assert list(removed.read(place)) == [next_]


@cases("content", [[], {"a": 1}, {"a": "yesterday"}])
def test_what_no_writer_wrote_is_damage(place: Path, content: object) -> None:
    sealed.write(place / removed.NAME, content)
    with pytest.raises(IndexDamaged, match="or remove it"):
        removed.read(place)
