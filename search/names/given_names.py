"""How usual a given name is, and of which ones it is the short or pet form: Bill, William.

The table `given_names.tsv` is made by `python -m training.spellings`, and read at first use. Names are folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from search.text import tables

GIVEN_NAMES = "given_names.tsv"
"""In `search/data`: given name, of 10,000 known people how many have it, what it is a form of, which begin alike."""

SHORT = 3
"""Letters that given names share if one may be a short form of the other: Dan, Daniel."""


@cache
def _shares() -> Mapping[str, float]:
    return {name: int(count) / 10_000 for name, count, _ in _rows()}


@cache
def _formal() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(formal.split("|")) for name, _, formal in _rows() if formal}


def _rows() -> list[tuple[str, str, str]]:
    text = resources.files("search").joinpath("data", GIVEN_NAMES).read_text("utf-8")
    return [(name, count, "".join(formal)) for name, count, *formal in tables.cells(text)]


def share_of(given: str) -> float:
    """The share of known people who have a given name; 0.0 for one that fewer than one in a thousand have."""
    return _shares().get(given, 0.0)


def formal(given: str) -> tuple[str, ...]:
    """The names of which a given name is the short or pet form, which begin alike; itself if it is of none."""
    return _formal().get(given, (given,))


def beginning(given: str) -> str:
    """The letters that given names have in common if they may be one person's."""
    return formal(given)[0][:SHORT]
