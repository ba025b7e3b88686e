"""The power fails between any two calls: what was not synced is gone, and so may be names. One generation is left."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.reliability import model
from tests.reliability.faulty import Inode, Power
from tests.reliability.test_storage_faults import STEPS, before, transaction  # noqa: F401

Names = dict[str, Inode]


def outcomes(durable: Names, pending: list[tuple[str, Inode | None]], dice: random.Random) -> list[Names]:
    """Directories that may be found then: no change of a name on disk, all of them, the first few, some."""
    first = pending[: dice.randint(0, len(pending))]
    some = [change for change in pending if dice.random() < 0.5]
    return [_named(durable, changes) for changes in ([], pending, first, some)]


def _named(durable: Names, changes: list[tuple[str, Inode | None]]) -> Names:
    names: dict[str, Inode | None] = {**durable, **dict(changes)}
    return {name: inode for name, inode in names.items() if inode is not None}


def lose_power(before: Path, folder: Path, every: int) -> int:  # noqa: F811
    """Fail at every so-manieth call; how many directories were looked at."""
    place = folder / "news.idx"
    shutil.copytree(before, place)
    power = Power(place)
    with pytest.MonkeyPatch.context() as patched:
        power.watch(patched)
        transaction(place)
    power.mark()
    old, new = model.after(STEPS), model.after(STEPS + 1)
    dice = random.Random(3)
    looked, seen = 0, set()
    moments = [*power.moments[:-1:every], power.moments[-1]]
    for moment, (durable, pending, synced) in enumerate(moments):
        for names in outcomes(durable, pending, dice):
            after = folder / "after.idx"
            after.mkdir()
            for name, inode in names.items():
                (after / name).write_bytes(synced.get(id(inode), b""))
            state = model.found(after)
            assert state in (old, new)
            seen.add(len(state) == len(new) and state == new)
            if moment == len(moments) - 1:
                assert state == new  # it had been acknowledged
            shutil.rmtree(after)
            looked += 1
    assert seen == {False, True}
    return looked


def test_one_generation_is_left_when_the_power_fails(before: Path, tmp_path: Path) -> None:  # noqa: F811
    assert lose_power(before, tmp_path, 3) > 50


@pytest.mark.soak
def test_one_generation_is_left_at_every_moment(before: Path, tmp_path: Path) -> None:  # noqa: F811
    print(f"{lose_power(before, tmp_path, 1)} directories looked at")
