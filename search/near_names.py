"""Here is a name that no article has, give me the one that was meant: *Ronald Regan* is *Ronald Reagan*.

A name is near when each word that was typed is a word of it, or nearly: with the same first letter, and one edit away,
two where it has more than `SHORT` letters; `MAX_EDITS` in all. It may have `MAX_MORE` words more. The nearest is the
one with the fewest edits, then the fewest words more, then the most articles, then by spelling.

Not for completions, which are beginnings of names (see `completion`). Cost: some microseconds a name; an engine with
many gives only those that come into question.
"""

from __future__ import annotations

from collections.abc import Iterable

from search import completion
from search.syntax.edits import within

SHORT = 5
MAX_EDITS = 2
MAX_MORE = 2
MIN_LETTERS = 3
"""Letters of the longest word that is typed; below, too much is near."""


def edits_of(word: str) -> int:
    """How many edits a typed word may be from a word of a name."""
    return 1 if len(word) <= SHORT else MAX_EDITS


def nearest(typed: str, names: Iterable[tuple[str, int]]) -> str | None:
    """The name that is nearest to what was typed; None where none is near.

    Args:
        names: names, each once, and the articles that have each.
    """
    wanted = completion.words(typed)
    if max(map(len, wanted), default=0) < MIN_LETTERS:
        return None
    found = (
        (edits, more, -count, name)
        for name, count in names
        if count and (edits := _edits(wanted, own := completion.words(name))) <= MAX_EDITS
        for more in (len(own) - len(wanted),)
        if more <= MAX_MORE
    )
    best = min(found, default=None)
    return None if best is None else best[3]


def _edits(wanted: tuple[str, ...], own: tuple[str, ...]) -> int:
    """The edits that make the typed words different words of a name; more than `MAX_EDITS` where that is too many."""
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
