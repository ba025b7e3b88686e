from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from indexer.archive.containers import LEAST_SECONDS
from indexer.archive.walk import walk
from indexer.readers.shared.record import Deferred, Item, Origin
from indexer.safe import speed
from indexer.workers import crew, work
from indexer.workers.deferred import PART_RECORDS, Partial, Together
from indexer.workers.found import Batch, DeferredRead, FileEnd, Found, RawBatch, Unreadable
from indexer.workers.work import MOST_NAMED, Unit
from search import Article
from search.errors import BadRecord
from tests.indexer.readers.web.test_warc import record

PAGES = 50


def page(number: int) -> bytes:
    """A page with an article, or one without in every seventh."""
    words = f"The council met for the {number}th time, and it heard of the bridge. " * 5
    text = words if number % 7 else ""
    return f"<html><head><title>Bridge {number}</title></head><body><p>{text}</p></body></html>".encode()


@pytest.fixture(params=["tar", "zip", "warc"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with one file of many pages."""
    place = tmp_path / "in"
    place.mkdir()
    pages = [(f"{number:03}.html", page(number)) for number in range(PAGES)]
    if request.param == "tar":
        with tarfile.open(place / "pages.tar", "w") as tar:
            for name, data in pages:
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    elif request.param == "zip":
        with zipfile.ZipFile(place / "pages.zip", "w") as packed:
            for name, data in pages:
                packed.writestr(name, data)
    else:
        (place / "pages.warc").write_bytes(
            b"".join(record(data, url=f"https://news.example/{name}") for name, data in pages)
        )
    return place


def unit(folder: Path) -> Unit:
    return Unit(tuple(enumerate(walk([folder], "c"))), {})


def told(batches: Iterator[crew.Done]) -> list[str]:
    def one(found: Found) -> str:
        return found.reason if isinstance(found, Unreadable) else getattr(found, "id", type(found).__name__)

    return [one(found) for batch, _ in batches for found in batch]


def nothing(_batch: Batch) -> list[list[Article]]:
    return []


def test_pages_come_in_the_order_of_their_file(archive: Path, amount: Callable[..., int]) -> None:
    expected = told(crew.in_process([unit(archive)], nothing))

    assert len(expected) == PAGES + 1
    for workers, forked in ((2, True), (1, False), (3, False))[: amount(3, few=1)]:
        assert told(crew.in_workers([unit(archive)], nothing, workers, forked=forked)) == expected


def test_large_pages_are_not_read_far_ahead(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    monkeypatch.setattr(crew, "MOST_DEFERRED", 1)
    expected = told(crew.in_process([unit(archive)], nothing))
    held: list[int] = []
    reads_on = crew._Schedule._reads_on

    def noted(schedule: crew._Schedule, reading: crew._Reading, ahead: int) -> bool:
        before = sum(batch.length for batch in reading.batches)
        if asked := reads_on(schedule, reading, ahead):
            held.append(before)
        return asked

    monkeypatch.setattr(crew._Schedule, "_reads_on", noted)

    assert told(crew.in_workers([unit(archive)], nothing, 2, forked=True)) == expected
    assert {*held} == {0}  # no more is asked for while pages wait, whenever they come


def test_pages_of_a_container_are_deferred(archive: Path) -> None:
    found = [found for batch in work.read_on(unit(archive)) for found in batch]

    assert [type(one) for one in found] == [DeferredRead] * PAGES + [FileEnd]


def test_a_page_that_is_a_file_is_not_deferred(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(1))

    assert not any(isinstance(found, DeferredRead) for batch in work.read_on(unit(tmp_path)) for found in batch)


def refused(number: int) -> Item:
    return BadRecord(f"Page {number} is not one.")


@pytest.fixture
def together(tmp_path: Path) -> Together:
    (tmp_path / "pages.warc").write_bytes(b"WARC/1.0")
    return Together(unit(tmp_path).files)


def read(together: Together, count: int, seconds: float) -> Batch:
    """What becomes of a file of refused pages that took so many seconds each."""
    origin = Origin("c", "pages.warc", "pages.warc")
    batch: RawBatch = [DeferredRead(0, Deferred(partial(refused, number), 10), origin) for number in range(count)]
    partial_batch = Partial([*batch, FileEnd(0)], together.over)
    for part in partial_batch.parts:
        part.take([work.late(one, one.record.read(), seconds) for one in part.records])
    return together.whole(partial_batch)


def test_parts_are_small_and_in_order(together: Together) -> None:
    origin = Origin("c", "pages.warc", "pages.warc")
    records: RawBatch = [DeferredRead(0, Deferred(partial(refused, number), 10), origin) for number in range(100)]
    parts = Partial(records, ()).parts

    assert [one for part in parts for one in part.records] == records
    assert {len(part.records) for part in parts[:-1]} == {PART_RECORDS}


def test_a_batch_is_whole_when_all_of_its_records_are_read() -> None:
    origin = Origin("c", "pages.warc", "pages.warc")
    batch = Partial([DeferredRead(0, Deferred(partial(refused, 0), 10), origin)], ())
    before = batch.is_read
    batch.parts[0].take(work.deferred(batch.parts[0].records))

    assert (before, batch.is_read) == (False, True)


def test_a_file_whose_pages_take_too_long_in_vain_is_not_read_on(together: Together) -> None:
    seconds = LEAST_SECONDS * speed.slowness() / 3
    found = read(together, 20, seconds)

    assert 3 <= len(found) - 2 <= 5
    assert isinstance(found[-2], Unreadable)
    assert "the rest is not read" in found[-2].reason
    assert isinstance(found[-1], FileEnd)
    assert read(together, 20, seconds) == [FileEnd(0)]


def test_rejected_pages_beyond_those_listed_are_counted(together: Together) -> None:
    found = read(together, MOST_NAMED + 10, 0.0)
    problems = [one for one in found if isinstance(one, Unreadable)]

    assert len(problems) == MOST_NAMED + 1
    assert sum(one.times for one in problems) == MOST_NAMED + 10
