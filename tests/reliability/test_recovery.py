"""What a stopped writer left is swept in an order that leaves no generation without its files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

import search
from search.local.format import manifest
from search.local.format.manifest import Manifest
from search.local.safe import leases, recovery
from search.local.safe.catalog import Catalog
from search.local.safe.verify import verify
from search.system import disk
from tests import waiting
from tests.reliability import model


class Stopped(BaseException):
    """The program has been ended."""


@pytest.fixture
def swept(tmp_path: Path) -> Path:
    """An index in which a writer, and readers with a lease, were stopped before anything was swept."""
    place = tmp_path / "news.idx"
    model.make(place, 2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recovery, "tidy", lambda *_: None)
        for number in (2, 3, 4):
            assert leases.take(place, Catalog(place).generation, waiting.HANG_S if number == 4 else -60)
            with search.writer(place) as writer:
                model.step(writer, number)
                writer.compact(1000)
    for name in ("segment_0stopped.col", "segment_0stopped.lex.new", "generation_99.sum.new"):
        (place / name).write_bytes(b"of a writer that was stopped")
    (place / "notes.txt").write_text("not ours")
    return place


def generations(place: Path) -> list[Manifest]:
    """All generations that somebody may find there, leased ones among them."""
    folders = (place, place / leases.FOLDER)
    paths = [path for folder in folders for path in folder.iterdir() if manifest.generation_of(path.name) is not None]
    return [manifest.read(path.parent, int(path.stem.split("_")[1])) for path in paths]


def test_wherever_a_sweep_is_stopped_each_generation_that_is_left_has_its_files(
    swept: Path, tmp_path: Path, amount: Callable[..., int]
) -> None:
    assert len(generations(swept)) > 6
    for number in count(step=amount(1, few=4)):
        place = tmp_path / f"{number}.idx"
        shutil.copytree(swept, place)
        removed = 0

        def remove(path: Path, number: int = number) -> None:
            nonlocal removed
            if removed == number:
                raise Stopped
            removed += 1
            path.unlink(missing_ok=True)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(disk, "remove", remove)
            try:
                recovery.tidy(place, manifest.read(place, Catalog(place).generation))
                stopped = False
            except Stopped:
                stopped = True
        for left in generations(place):
            assert not manifest.changed(place, left), number
        assert model.found(place) == model.after(5)
        if not stopped:
            break
    assert number > 20
    assert verify(place).left_over == ()
    assert (place / "notes.txt").exists()
    assert {found.generation for found in generations(place)} == {Catalog(place).generation, *_leased(swept)}


def _leased(place: Path) -> set[int]:
    """The generations whose lease lasts."""
    return {
        int(path.stem.split("_")[1])
        for path in (place / leases.FOLDER).iterdir()
        if path.stat().st_mtime > datetime.now(UTC).timestamp()
    }


def test_a_sweep_that_may_not_remove_one_file_removes_the_others(swept: Path) -> None:
    current = manifest.read(swept, Catalog(swept).generation)
    found = list(recovery.left_over(swept, current))
    stubborn = found[len(found) // 2]
    with pytest.MonkeyPatch.context() as patched:

        def system(_what: str, path: Path, do: Callable[[], object]) -> object:
            if path == stubborn:
                raise PermissionError(13, "Permission denied", str(path))
            return do()

        patched.setattr(disk, "system", system)
        recovery.tidy(swept, current)

    assert verify(swept).left_over == (stubborn.name,)
    search.writer(swept).close()
    assert verify(swept).left_over == ()
    assert model.found(swept) == model.after(5)
