"""What a program for OCR may have read in place of a word: letters that differ by a stroke in roman or Gothic type, a
word broken in two, or joined with a small one.

Words are folded: ſ is s, ü is u, a ligature is its letters. The pairs are a selection of our own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

MOST = 2
"""The greatest number of places in a word that were misread."""
SHORT, LONG = 5, 16
"""Letters of a word up to which, and beyond which, only one place was."""
LONGEST = 40
"""Letters beyond which none was."""
MAX_FORMS = 50
"""Maximum number of words that are taken for one, itself among them."""
OWN = 5
"""If more than a fifth as many articles have a reading, it is a word of its own: *band* is not a misread *hand*."""
PIECE = 2
"""Minimum letters of each piece of a broken word."""
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
SMALL = (
    "the", "of", "and", "to", "in", "on", "by", "at",
    "der", "die", "das", "und", "den", "dem", "von",
    "le", "la", "les", "de", "du", "des", "et",
    "el", "los", "las", "del", "il", "di", "het", "een", "van", "en",
)  # fmt: skip
"""Words that stand next to many others, with which these are joined where a scan has too little space."""

_READ_AS: dict[str, list[tuple[str, str]]] = {}
for _one, _other in (*PAIRS, *((other, one) for one, other in PAIRS)):
    _READ_AS.setdefault(_one[0], []).append((_one, _other))


def most_places(word: str) -> int:
    """In how many places a word may have been misread."""
    return 0 if len(word) > LONGEST else MOST if SHORT < len(word) <= LONG else 1


@lru_cache(maxsize=256)
def misreadings(word: str) -> dict[str, int]:
    """What a folded word may have been read as → in how many places, at the least; itself in none.

    A letter is misread once. A word that was broken in two has a space there, one that was joined with a word of
    `SMALL` has it at an end; either is one place, and the only one. Cost: some fifty words for each misread place, and
    a thousand for two.
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
    if SHORT < len(word) <= LONGEST:
        for other in (*(small + word for small in SMALL), *(word + small for small in SMALL)):
            read[other] = 1
        for at in range(PIECE, len(word) - PIECE + 1):
            read[f"{word[:at]} {word[at:]}"] = 1
    return read


def words_of(word: str) -> tuple[str, ...]:
    """The words of which it must be known how many articles have them, to choose from the misreadings of one."""
    return tuple(dict.fromkeys(part for read in misreadings(word) for part in read.split()))


class Forms(NamedTuple):
    """Misreadings of a word that an archive has.

    Attributes:
        taken: those that are taken for it, after the word itself, `MAX_FORMS` with it at most.
        own: those that are words of their own, and are taken for it only where a query adds them; as many at most.
    """

    taken: list[str]
    own: list[str]

    def chosen(self, without: Collection[str], also: Collection[str]) -> list[str]:
        """The word, and what is taken for it without some, and with some of its own words."""
        read = [*self.taken[1:], *(one for one in self.own if one in also)]
        return [self.taken[0], *(one for one in read if one not in without)]

    def left(self, without: Collection[str], also: Collection[str]) -> list[str]:
        """The words of their own that a query neither adds nor excludes."""
        return [one for one in self.own if one not in also and one not in without]


def forms(word: str, having: Mapping[str, int]) -> Forms:
    """The misreadings of a word that the archive has.

    Those in the fewest places first, then those that more articles have, then by spelling. Of a word that was broken,
    no more articles have both pieces than have the rarer one, which counts. Which are words of their own says `OWN`; a
    single article makes none.

    Args:
        having: the number of articles that have each of `words_of`, in any inflection.
    """
    most = max(1, having.get(word, 0) / OWN) if having.get(word, 0) else None
    found: dict[bool, list[tuple[int, int, str]]] = {False: [], True: []}
    for read, places in misreadings(word).items():
        articles = min(having.get(part, 0) for part in read.split())
        if places and articles:
            own = " " not in read and most is not None and articles > most
            found[own].append((places, -articles, read))
    taken, own_words = ([read for _, _, read in sorted(found[own])] for own in (False, True))
    return Forms([word, *taken[: MAX_FORMS - 1]], own_words[: MAX_FORMS - 1])
