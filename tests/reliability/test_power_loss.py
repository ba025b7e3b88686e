"""The power fails between any two calls: what was not synced is gone, and so may be names.

One generation is left, and what was accepted is done.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import search
from search import Article
from service.archive import Archive
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from service.settings import Settings
from tests.reliability import model
from tests.reliability.conftest import STEPS
from tests.reliability.faulty import Power
from tests.reliability.test_storage_faults import transaction
from tests.service.api.test_ingest import Desk, body


def lose_power(before: Path, folder: Path, every: int) -> int:
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
    for moment in moments:
        for after in moment.restored(dice, folder / "after.idx"):
            state = model.found(after)
            assert state in (old, new)
            seen.add(len(state) == len(new) and state == new)
            if moment is moments[-1]:
                assert state == new  # it had been acknowledged
            looked += 1
    assert seen == {False, True}
    return looked


def test_one_generation_is_left_when_the_power_fails(
    before: Path,
    tmp_path: Path,
    amount: Callable[..., int],
) -> None:
    assert lose_power(before, tmp_path, amount(5, few=13)) > 20


@pytest.mark.soak
def test_one_generation_is_left_at_every_moment(before: Path, tmp_path: Path) -> None:
    looked = lose_power(before, tmp_path, 1)

    assert looked > 150
    print(f"{looked} directories looked at")


@pytest.mark.parametrize("kind", ["articles", pytest.param("delete", marks=pytest.mark.check)])
def test_what_was_accepted_is_done_whenever_the_power_fails(
    kind: str, tmp_path: Path, amount: Callable[..., int]
) -> None:
    """The first request to an index, which has no spool yet: accepted, indexed, and looked up."""
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "An old zebra."))
    power = Power(place)
    with pytest.MonkeyPatch.context() as patched, Archive(str(place)) as archive:
        desk = Desk(place, archive, Settings())
        power.watch(patched)
        accepted = desk.send(body("new")) if kind == "articles" else desk.remove("old")
        assert accepted.status_code == 202
        power.mark()
        accepted_at = len(power.moments) - 1
        desk.index()
        power.mark()
    dice = random.Random(7)
    ids, states = {"old", "new"} if kind == "articles" else set(), set()
    moments = list(enumerate(power.moments))
    until, since = moments[: accepted_at : amount(1, few=23)], moments[accepted_at : -1 : amount(13, few=121)]
    for number, moment in [*until, *since, moments[-1]]:
        for after in moment.restored(dice, tmp_path / "after.idx"):
            JobQueue(str(after)).recover()
            job = JobQueue(str(after)).job(accepted.json["job"])
            assert job is not None or number < accepted_at
            if job is None:
                continue
            states.add(job.state)
            Indexing(str(after), 1, lambda: False).once()
            assert JobQueue(str(after)).counts() == {"done": 1}
            assert set(model.found(after)) == ids
    assert states == {"queued", "done"}
