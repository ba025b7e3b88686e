"""What `make test` runs and what `make check` adds: tests marked `check`, and larger numbers of made-up cases.

A test that asks for the fixture `amount`, or that Hypothesis makes examples for, runs in both: in `make test` with few
cases, in `make check` with all. Tests marked `soak` take minutes and run only where `-m soak` asks for them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import hypothesis
import pytest
from _pytest.mark import ParameterSet

TIERS = ("test", "check", "all")
"""What `make test` runs; what `make check` adds; both, each test once and with all its cases."""
MARKERS = (
    "check: only a rare fault could break it, or it is dear; `make check` runs it",
    "soak: takes minutes; runs only where asked for by -m soak",
    "costs(why): takes more than 5 CPU seconds in `make test`, for a reason",
)
UNCHECKED = (hypothesis.HealthCheck.too_slow,)
"""Checks of Hypothesis that are off: how long it takes to make up cases, by the clock, which a busy machine fails."""
_full = False


def configure(config: pytest.Config) -> None:
    """Take the tier that a run is of; before its tests are imported."""
    global _full
    _full = config.getoption("tier") in ("check", "all") or bool(config.option.markexpr)
    hypothesis.settings.register_profile("tier", parent=hypothesis.settings.default, max_examples=amount(100, few=25))
    hypothesis.settings.load_profile("tier")
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def amount(full: int, few: int | None = None) -> int:
    """How many cases a test takes: all in `make check` and with `-m`, else a tenth of them or as many as is said."""
    if _full:
        return full
    return few if few is not None else max(1, full // 10)


def examples(
    full: int, few: int | None = None, suppress: Collection[hypothesis.HealthCheck] = ()
) -> hypothesis.settings:
    """Settings for a test that Hypothesis makes so many examples for."""
    return hypothesis.settings(
        max_examples=amount(full, few), deadline=None, suppress_health_check=[*UNCHECKED, *suppress]
    )


def ends(values: Sequence[object]) -> list[ParameterSet]:
    """Parameters of a test: the first and the last value, and in `make check` those between."""
    marks = [[] if number in (0, len(values) - 1) else [pytest.mark.check] for number in range(len(values))]
    return [pytest.param(value, marks=mark) for value, mark in zip(values, marks, strict=True)]


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the items of the tier; where only `-m` or the names of single tests say what to run, that is run."""
    tier = config.getoption("tier")
    if config.option.markexpr or (tier is None and any("::" in argument for argument in config.args)):
        return
    left_out = [item for item in items if not _is_of(item, tier)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _is_of(item, tier)]


def _is_of(item: pytest.Item, tier: str | None) -> bool:
    if item.get_closest_marker("soak"):
        return False
    is_dear = item.get_closest_marker("check") is not None
    if tier == "check":
        return is_dear or _has_amounts(item)
    return tier == "all" or not is_dear


def _has_amounts(item: pytest.Item) -> bool:
    names: list[str] = getattr(item, "fixturenames", [])
    return "amount" in names or bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))
