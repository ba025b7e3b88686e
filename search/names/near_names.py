"""Here is a name that no article has, give me the nearest one that exists: *Ronald Regan* is *Ronald Reagan*.

A name is near if each typed word is a word of it, or nearly: with the same first letter, and one edit away, two for
words of more than `SHORT` letters; `MAX_EDITS` in all. It may have `MAX_MORE` additional words. The nearest is the one
with the fewest edits, then the fewest additional words, then the most articles, then by spelling.

The words of a name are its runs of letters and digits, without case and accents. Not for completions, which are
prefixes of names (see `completion`). Cost: some microseconds a name; an engine with many names passes only candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.text.edits import within
from search.text.tokens import fold

SHORT = 5
MAX_EDITS = 2
MAX_MORE = 2
MIN_LETTERS = 3
"""Minimum length of the longest typed word; shorter ones are near too many names."""


_WORD = re.compile(r"[^\W_]+")


def words(name: str) -> tuple[str, ...]:
    """The different words of a name, folded, in order."""
    return tuple(dict.fromkeys(_WORD.findall(fold(name))))


def edits_of(word: str) -> int:
    """The number of edits allowed between a typed word and a word of a name."""
    return 1 if len(word) <= SHORT else MAX_EDITS


def nearest(typed: str, names: Iterable[tuple[str, int]]) -> str | None:
    """The name nearest to a typed one; None if none is near.

    Args:
        names: the candidates, each once, with their numbers of articles.
    """
    wanted = words(typed)
    if max(map(len, wanted), default=0) < MIN_LETTERS:
        return None
    found = (
        (edits, more, -count, name)
        for name, count in names
        if count and (edits := _edits(wanted, own := words(name))) <= MAX_EDITS
        for more in (len(own) - len(wanted),)
        if more <= MAX_MORE
    )
    best = min(found, default=None)
    return None if best is None else best[3]


def _edits(wanted: tuple[str, ...], own: tuple[str, ...]) -> int:
    """The edits between the typed words and different words of a name; more than `MAX_EDITS` if there are too many."""
    left, total = list(own), 0
    for word in wanted:
        edits, at = min(((_apart(word, other), n) for n, other in enumerate(left)), default=(MAX_EDITS + 1, 0))
        if edits > edits_of(word):
            return MAX_EDITS + 1
        total += edits
        del left[at]
    return total


def _apart(word: str, other: str) -> int:
    if word[0] != other[0]:
        return MAX_EDITS + 1
    return next((edits for edits in range(MAX_EDITS + 1) if within(word, other, edits)), MAX_EDITS + 1)
