"""No figure falls below its floor; without the data there is nothing to hold to it, which CI takes for a failure."""

from __future__ import annotations

import os

import pytest

from benchmarks import quality

FLOORS = quality.floors()


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    if not quality.DATA.is_dir():
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("the evaluation data are not beside the project")
    if quality.digest(quality.DATA) != FLOORS["digest"]:
        pytest.fail("the evaluation data are not those the floors were measured on: see benchmarks/quality.py")
    return quality.figures(quality.DATA)


@pytest.mark.parametrize("name", FLOORS["figures"])
def test_no_figure_falls_below_its_floor(measured: dict[str, float], name: str) -> None:
    assert measured[name] >= FLOORS["figures"][name] - quality.MARGIN


def test_every_figure_has_a_floor(measured: dict[str, float]) -> None:
    assert measured.keys() == FLOORS["figures"].keys()
