from __future__ import annotations

import pytest

from indexer.safe import speed
from tests import waiting


@pytest.fixture(autouse=True)
def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "_known", None)


def takes(monkeypatch: pytest.MonkeyPatch, *seconds: float) -> None:
    """Have the work take so long, run by run."""
    runs = iter(seconds)
    monkeypatch.setattr(speed, "_timed", lambda: next(runs))


@pytest.mark.parametrize(("times", "slow"), [(0.4, 1.0), (1.0, 1.0), (2.0, 2.0), (5.5, 5.5), (1000.0, speed.MOST)])
def test_slowness_is_how_much_longer_the_work_takes_within_bounds(
    times: float, slow: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes(monkeypatch, *[times * speed.REFERENCE_S] * speed.RUNS)

    assert speed.slowness() == pytest.approx(slow)


def test_one_undisturbed_run_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    takes(monkeypatch, *(n * speed.REFERENCE_S for n in (9, 8, 1.5, 9, 7)))

    assert speed.slowness() == pytest.approx(1.5)


def test_it_is_measured_once_and_again_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    takes(monkeypatch, *[speed.REFERENCE_S] * 5, *[4 * speed.REFERENCE_S] * 5, *[2 * speed.REFERENCE_S] * 5)

    assert [speed.slowness(), speed.slowness(), speed.measured(), speed.slowness(), speed.measured()] == pytest.approx(
        [1, 1, 4, 4, 4]
    )


def test_measuring_takes_a_few_milliseconds() -> None:
    assert waiting.cpu_seconds(speed.measured) < 0.05
