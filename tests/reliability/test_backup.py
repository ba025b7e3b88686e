"""Snapshots are whole while the index is written, and come back as they were."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import search
from indexer import pipeline
from indexer.ledger import NAME as LEDGER
from search import IndexDamaged, IndexProblem
from search.errors import DiskFull
from search.files.array_file import ArrayFile
from search.local.safe import backup, restoring
from search.local.safe.verify import verify
from search.names import authority as authorities
from search.names.authority import Authority
from search.text import dates
from service.commands.side_files import RULES
from tests.cases import cases
from tests.conftest import SEEDS
from tests.reliability import model
from tests.reliability.faulty import fail_at


def test_a_snapshot_comes_back_as_it_was(place: Path, tmp_path: Path) -> None:
    generation = backup.create(place, tmp_path / "monday")
    with search.writer(place) as writer:
        model.step(writer, 3)
    assert backup.restore(tmp_path / "monday", tmp_path / "back.idx") == generation

    assert model.found(tmp_path / "back.idx") == model.after(3)
    with search.writer(tmp_path / "back.idx") as writer:
        assert writer.blocked() == {"nobody"}
        assert writer.authority().entries
        model.step(writer, 3)
    assert model.found(tmp_path / "back.idx") == model.after(4) == model.found(place)
    assert verify(tmp_path / "monday").whole


def test_a_full_disk_is_that_of_the_destination(tmp_path: Path) -> None:
    place, full = tmp_path / "news.idx", tmp_path / "full"
    full.mkdir()
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    with search.writer(place) as writer:
        pipeline.index(writer, [tmp_path / "a.jsonl"], pipeline.Options(place=place))
    for kind in ("backup", "make_folder", "create", "write", "sync", "rename"):
        with pytest.MonkeyPatch.context() as patched:
            fail_at(patched, 1, only=kind)
            with pytest.raises(DiskFull, match=rf"^“{full}/.* cannot be written: "):
                backup.create(place, full / "monday", copied=True)
        assert list(full.iterdir()) == [], kind


@cases("number, decided", enumerate([
    ("2026-11-01T00:00:00Z",),
    ("2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"),
    ("2026-11-01T00:00:00.000100Z", "2026-11-01T00:00:00.000200Z"),
]))  # fmt: skip
def test_the_newer_decisions_about_names_outlive_a_restore(
    tmp_path: Path, number: int, decided: tuple[str, ...]
) -> None:
    place, monday = tmp_path / f"{number}.idx", tmp_path / f"monday{number}"
    with search.writer(place) as writer:
        writer.add(search.Article("a", "text", person=("A. Lee",)))
        writer.set_authority(authorities.block(Authority(), "person", "Nobody", decided[0], "Ann"))
    backup.create(place, monday)
    with search.writer(place) as writer:
        now = writer.authority()
        for at in decided[1:]:
            now = authorities.block(now, "person", "A. Lee", at, "Bo")
        writer.set_authority(now)

    done = restoring.replace(monday, place, {})

    with search.open(place) as engine:
        assert [change.time for change in engine.authority().journal] == list(map(dates.apart, decided))
    assert done.retained == (("1 decision about names",) if decided[1:] else ())


def test_snapshots_are_whole_while_the_index_is_written(
    place: Path, tmp_path: Path, amount: Callable[..., int]
) -> None:
    done, snapshots = threading.Event(), amount(12, few=4)
    steps = 3

    def write() -> None:
        nonlocal steps
        with search.writer(place) as writer:
            while not done.is_set():
                model.step(writer, steps)
                writer.commit()
                steps += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(snapshots):
            backup.create(place, tmp_path / str(number), copied=bool(number % 2))
    finally:
        done.set()
        thread.join()
    states = [model.after(number) for number in range(3, steps + 1)]
    for number in range(snapshots):
        assert verify(tmp_path / str(number)).whole
        assert model.found(tmp_path / str(number)) in states


def test_what_was_read_is_remembered_in_a_snapshot(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    for target in (place, tmp_path / "back.idx"):
        with search.writer(target) as writer:
            report = pipeline.index(writer, [SEEDS / "1945-1969"], pipeline.Options(collection="seeds", place=target))
        if target == place:
            assert report.added
            backup.create(place, tmp_path / "monday")
            backup.restore(tmp_path / "monday", tmp_path / "back.idx")
            assert (tmp_path / "back.idx" / LEDGER).exists()
    assert report.added == 0
    assert report.unchanged


def test_a_snapshot_that_is_not_whole_is_not_put_back(place: Path, tmp_path: Path) -> None:
    backup.create(place, tmp_path / "monday", copied=True)
    path = next((tmp_path / "monday").glob("*.sto"))
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)

    with pytest.raises(IndexDamaged, match=path.name):
        backup.restore(tmp_path / "monday", tmp_path / "back.idx")
    assert not (tmp_path / "back.idx").exists()


def test_an_index_is_replaced_under_who_reads_it(place: Path, tmp_path: Path) -> None:
    backup.create(place, tmp_path / "monday")
    engine = search.open(place)
    with search.writer(place) as writer:
        for number in range(3, 20):
            model.step(writer, number)
    (place / "spool").mkdir()
    with pytest.raises(IndexProblem, match=r"exists already\. Give --replace"):
        backup.restore(tmp_path / "monday", place)
    restoring.replace(tmp_path / "monday", place, RULES)

    assert {article.id for article in engine.export(search.Query())} == set(model.after(3))
    assert (place / "spool").is_dir()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("news")] == ["news.idx"]


def test_an_index_that_is_written_is_not_replaced(place: Path, tmp_path: Path) -> None:
    backup.create(place, tmp_path / "monday")

    with search.writer(place), pytest.raises(search.IndexLocked):
        restoring.replace(tmp_path / "monday", place, RULES)


def test_an_index_of_an_earlier_format_is_refused_with_the_way_out(place: Path) -> None:
    (manifest,) = place.glob("generation_*.sum")
    manifest.rename(place / manifest.name.replace("generation", "_MAIN"))

    for use in (search.open, search.writer):
        with pytest.raises(IndexDamaged, match="dateline index NEW FOLDER"):
            use(place)


def test_what_lies_between_arrays_is_looked_at(place: Path) -> None:
    path = next(place.glob("*.lex"))
    file = ArrayFile(path)
    data = bytearray(path.read_bytes())
    ends = sorted(entry["place"] + entry["bytes"] for entry in file._table.values())
    gap = next(end for end in ends if end % 64)
    data[gap] = 1
    path.write_bytes(data)

    assert "" in ArrayFile(path).damaged()
    assert not verify(place).whole
