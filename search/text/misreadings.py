"""What a program for OCR may have read in place of a word: letters that differ by a stroke in roman or Gothic type.

Words are folded: ſ is s, ü is u, a ligature is its letters. The pairs are a selection of our own.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise

MOST = 2
"""The greatest number of places in a word that were misread."""
LONG = 16
"""Letters of a word beyond which only one place was."""
LONGEST = 40
"""Letters beyond which none was."""
PAIRS = (
    ("rn", "m"), ("in", "m"), ("ni", "m"), ("nn", "m"), ("ri", "n"), ("ii", "n"), ("ii", "u"), ("ll", "u"),
    ("li", "u"), ("u", "n"), ("n", "r"), ("cl", "d"), ("ol", "d"), ("li", "h"), ("ti", "h"), ("lt", "h"),
    ("vv", "w"), ("iv", "w"), ("w", "m"), ("c", "e"), ("e", "o"), ("c", "o"), ("a", "o"), ("a", "u"), ("e", "a"),
    ("f", "s"), ("l", "t"), ("i", "l"), ("i", "t"), ("i", "j"), ("j", "l"), ("f", "t"), ("r", "t"), ("l", "1"),
    ("i", "1"), ("t", "1"), ("o", "0"), ("b", "6"), ("g", "9"), ("s", "5"), ("s", "8"), ("b", "8"), ("z", "2"),
    ("h", "b"), ("h", "n"), ("k", "h"), ("b", "v"), ("v", "y"), ("g", "q"), ("g", "y"), ("p", "v"), ("x", "r"),
    ("lc", "k"), ("ic", "k"), ("ct", "d"),
)  # fmt: skip
"""What is taken for one another, in either direction."""

_READ_AS: dict[str, list[tuple[str, str]]] = {}
for _one, _other in (*PAIRS, *((other, one) for one, other in PAIRS)):
    _READ_AS.setdefault(_one[0], []).append((_one, _other))


def most_places(word: str) -> int:
    """In how many places a word may have been misread."""
    return MOST if len(word) <= LONG else 1 if len(word) <= LONGEST else 0


@lru_cache(maxsize=256)
def misreadings(word: str) -> dict[str, int]:
    """The words that a folded word may have been read as → in how many places, at the least; itself in none.

    A letter is misread once. Cost: some fifty words for each misread place, and a thousand for two.
    """
    found = [
        (at, at + len(letters), instead)
        for at, first in enumerate(word)
        for letters, instead in _READ_AS.get(first, ())
        if word.startswith(letters, at)
    ]
    read = {word: 0}
    for places in range(1, most_places(word) + 1):
        for chosen in combinations(found, places):
            if all(before[1] <= after[0] for before, after in pairwise(chosen)):
                parts, at = [], 0
                for start, end, instead in chosen:
                    parts += [word[at:start], instead]
                    at = end
                read.setdefault("".join((*parts, word[at:])), places)
    return read
