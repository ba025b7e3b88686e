"""No figure falls below its floor; without the data there is nothing to hold to it, which CI takes for a failure."""

from __future__ import annotations

import os

import pytest

from benchmarks import quality

FLOORS = quality.floors()


@pytest.mark.check  # reads all of the evaluation data; `test_chain` holds those of `seeds/` to theirs
def test_no_figure_falls_below_its_floor() -> None:
    if not quality.DATA.is_dir():
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("the evaluation data are not beside the project")
    if quality.digest(quality.DATA) != FLOORS["digest"]:
        pytest.fail("the evaluation data are not those the floors were measured on: see benchmarks/quality.py")
    measured, floors = quality.figures(quality.DATA), FLOORS["figures"]

    assert measured.keys() == floors.keys()
    assert {name: value for name, value in measured.items() if value < floors[name] - quality.MARGIN} == {}
