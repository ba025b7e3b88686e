"""Any call that changes the disk may fail: the error is a sentence, and one generation is there, old or new."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

import search
from search import IndexProblem, Query
from search.local.safe.verify import verify
from search.local.writer import LocalWriter
from tests.reliability import model
from tests.reliability.conftest import STEPS
from tests.reliability.faulty import fail_at


def transaction(place: Path) -> None:
    """A commit that writes all there is to write: segments, a merge, ids kept out."""
    writer = LocalWriter(place, memory_bytes=1 << 14)
    try:
        model.step(writer, STEPS)
        writer.block("nobody else")
        writer.commit()
    finally:
        writer.close()


def fail_each(before: Path, folder: Path, every: int, error: int) -> int:
    """Let the first, the second… call fail until none is left; how many calls there were."""
    old, new = model.after(STEPS), model.after(STEPS + 1)
    for number in count(1, every):
        place = folder / "news.idx"
        shutil.copytree(before, place)
        with search.open(place) as reader:
            with pytest.MonkeyPatch.context() as patched:
                calls = fail_at(patched, number, error)
                with suppress(IndexProblem):
                    transaction(place)
            assert reader.search(Query("trade", size=0)).total in (len(old), len(new))
        state = model.found(place)
        assert state in (old, new), number

        with search.writer(place) as writer:
            model.step(writer, STEPS)
        assert model.found(place) == new
        assert verify(place).faults == ()
        assert verify(place).left_over == ()
        shutil.rmtree(place)
        if calls() < number:
            return calls()
    raise AssertionError("unreachable")


def test_a_call_that_fails_leaves_the_old_generation_or_the_new_one(
    before: Path, tmp_path: Path, amount: Callable[..., int]
) -> None:
    assert fail_each(before, tmp_path, amount(31, few=151), errno.ENOSPC) > 100


@pytest.mark.soak
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
def test_every_single_call_may_fail(before: Path, tmp_path: Path, error: int) -> None:
    calls = fail_each(before, tmp_path, 1, error)

    assert calls > 50
    print(f"{calls} calls, each failed once")


def test_a_writer_goes_on_after_a_full_disk(before: Path, tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    shutil.copytree(before, place)
    writer = search.writer(place)
    model.step(writer, STEPS)
    with pytest.MonkeyPatch.context() as patched:
        fail_at(patched, 20)
        with pytest.raises(IndexProblem, match="No space left"):
            writer.commit()
    writer.rollback()
    model.step(writer, STEPS)
    writer.commit()
    writer.close()

    assert model.found(place) == model.after(STEPS + 1)


def test_an_index_whose_making_failed_can_be_made(tmp_path: Path, amount: Callable[..., int]) -> None:
    for number in range(1, 30, amount(1, few=4)):
        place = tmp_path / f"{number}.idx"
        with pytest.MonkeyPatch.context() as patched:
            fail_at(patched, number)
            with suppress(IndexProblem):
                model.make(place, 1)
        model.make(place, 1)

        assert model.found(place) == model.after(1)
