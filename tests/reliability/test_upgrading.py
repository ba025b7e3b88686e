"""An upgrade that is stopped at any moment leaves one generation with all articles, and goes on."""

from __future__ import annotations

import errno
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import search
from search import CannotWrite, backends
from search.errors import IndexProblem
from search.local.safe.catalog import Catalog
from search.local.safe.verify import verify
from tests import waiting
from tests.released import unpacked
from tests.reliability.faulty import Power, fail_at
from tests.reliability.running import ids
from tests.reliability.test_faults_everywhere import ERRORS, each

RELEASE = "format-11"
"""One of which every segment is rebuilt."""
UPGRADE = "import sys; from search import backends; print('ready', flush=True); backends.upgrade(sys.argv[1])"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(RELEASE, tmp_path_factory.mktemp("released"))


def check_goes_on(place: Path, wanted: set[str]) -> None:
    """Check that it is whole, and that another run ends what is left, with nothing left over."""
    assert ids(place) == wanted
    assert verify(place).faults == ()
    backends.upgrade(place)
    assert ids(place) == wanted
    found = verify(place)
    assert (found.faults, found.left_over, backends.outdated(place)) == ((), (), None)


def stopped(place: Path) -> None:
    with suppress(CannotWrite):
        backends.upgrade(place)


def test_it_waits_while_another_process_writes(released: Path, tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    shutil.copytree(released, place)
    command = [sys.executable, "-m", "service", "upgrade", str(place)]
    writer = search.writer(place)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("This waits until it has finished" in line for line in process.stderr)
        writer.close()
        assert process.wait(waiting.HANG_S) == 0
    assert backends.outdated(place) is None


@pytest.mark.parametrize("on", [False, pytest.param(True, marks=pytest.mark.check)], ids=["once", "on"])
def test_any_call_may_fail(released: Path, tmp_path: Path, on: bool, amount: Callable[..., int]) -> None:
    wanted = ids(released)

    def after(place: Path) -> None:
        check_goes_on(place, wanted)

    def before(place: Path) -> None:
        shutil.copytree(released, place)

    assert each(tmp_path, ERRORS, amount(23, few=97), stopped, after, before, on) > 40


def test_a_full_disk_says_so(released: Path, tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    shutil.copytree(released, place)
    with pytest.MonkeyPatch.context() as patched:
        fail_at(patched, 12, errno.ENOSPC, on=True)
        with pytest.raises(IndexProblem, match=r"(?i)full|no space"):
            backends.upgrade(place)


@pytest.mark.check
def test_the_power_fails_at_any_moment(released: Path, tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    shutil.copytree(released, place)
    wanted, before = ids(place), Catalog(place).generation
    power = Power(place)
    with pytest.MonkeyPatch.context() as patched:
        power.watch(patched)
        backends.upgrade(place)
    power.mark()
    dice = random.Random(5)
    seen = set()
    for moment in [*power.moments[::5], power.moments[-1]]:
        for after in moment.restored(dice, tmp_path / "after.idx"):
            seen.add(Catalog(after).generation - before)
            check_goes_on(after, wanted)
    assert seen == {0, 1, 2}


def test_nothing_is_lost_when_it_is_killed(released: Path, tmp_path: Path, amount: Callable[..., int]) -> None:
    moments = random.Random(3)
    wanted = ids(released)
    whole_s = 0.0
    for number in range(amount(8, few=2)):
        place = tmp_path / f"{number}.idx"
        shutil.copytree(released, place)
        with subprocess.Popen([sys.executable, "-c", UPGRADE, str(place)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            if whole_s:
                waiting.random_while(moments, whole_s)
                process.kill()
            else:
                whole_s = waiting.elapsed(process.wait)
        check_goes_on(place, wanted)
