"""Overlap: the passages that two texts have in common, word for word.

A passage is a maximal run of the same words (see `search.text.tokens`: case, accents and punctuation do not matter).
Each word of the other text is in one passage at most, and a run that a text has twice is found at its first place.

Cost: linear in both texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from search.text.tokens import tokens

LEAST = 8
"""The minimum number of words of a passage; shorter ones are common phrases."""


class Shared(NamedTuple):
    """A passage of both texts: its number of words, and its start and end in each, in code points."""

    words: int
    start: int
    end: int
    other_start: int
    other_end: int


def shared(text: str, other: str, least: int = LEAST) -> tuple[list[Shared], float]:
    """The passages of at least so many words, in the order of the text, and the share of its words that are in them."""
    mine, theirs = list(tokens(text)), list(tokens(other))
    words, others = [token.word for token in mine], [token.word for token in theirs]
    places: dict[tuple[str, ...], int] = {}
    for number in range(len(words) - least + 1):
        places.setdefault(tuple(words[number : number + least]), number)
    found, covered, at = [], set[int](), 0
    while at <= len(others) - least:
        place = places.get(tuple(others[at : at + least]))
        if place is None:
            at += 1
            continue
        size = least + _same(words, place + least, others, at + least)
        last, other_last = mine[place + size - 1], theirs[at + size - 1]
        found.append(Shared(size, mine[place].start, last.end, theirs[at].start, other_last.end))
        covered.update(range(place, place + size))
        at += size
    found.sort(key=lambda passage: (passage.start, passage.other_start))
    return found, len(covered) / len(words) if words else 0.0


def _same(words: Sequence[str], place: int, others: Sequence[str], at: int) -> int:
    """How many words from two places on are the same."""
    size = 0
    while place + size < len(words) and at + size < len(others) and words[place + size] == others[at + size]:
        size += 1
    return size
