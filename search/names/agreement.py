"""Here are two names of persons, may they be one person's, by their letters alone? When and with whom: see `company`.

`parts` takes a folded name apart: given names, surname, and what follows it (Jr., III). `agree` says how two full names
agree, `begins` whether initials may be those of a full name. Names that are written alike but for spaces, hyphens and
apostrophes have the same `tight` form, as `glued` makes it.

Cost: two microseconds a name, which are remembered for the names asked about last.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from search.names.given_names import SHORT, formal
from search.text.edits import within

PARTICLES = frozenset(
    ("bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "ter", "van",
     "vander", "vom", "von", "zu")
)  # fmt: skip
"""Words before a surname that do not make it a full name: de Gaulle. Not those that are given names, too: Al, Ben."""

_NUMERALS = frozenset(("ii", "iii", "iv"))
_SUFFIXES = _NUMERALS | {"jr", "sr"}
_STOPS = str.maketrans({".": " ", ",": " "})
_MARKS = str.maketrans("", "", " .,-‐‑'’ʼ")
_LONG = 5
"""Letters of given names that may differ in one: Damien, Damian. In shorter ones a letter makes another name."""
_VOWELS = frozenset("aeiouy")


class Parts(NamedTuple):
    """A folded name.

    Attributes:
        tight: its letters and digits, without the space that may be missing.
        given: the words before the surname, without particles; initials have one letter.
        surname: its last word, without hyphens and apostrophes.
        suffix: `jr`, `iii` or "".
    """

    tight: str
    given: tuple[str, ...]
    surname: str
    suffix: str

    @property
    def full(self) -> bool:
        """True if it is more than a surname, alone or after initials: it has a given name, or a numeral."""
        return bool(self.given and len(self.given[0]) > 1) or self.suffix in _NUMERALS


class Agreement(IntEnum):
    """How two full names of one surname agree: not at all, or they differ in what is named."""

    NONE = 0
    INITIALS = 1
    """One has middle initials that the other has not: Ronald W. Reagan, Ronald Reagan."""
    SHORTENED = 2
    """One lacks a given name or Jr., or has a short form: José Antonio Reyes, José Reyes; Dan, Daniel."""
    LETTER = 3
    """The given names differ in a letter, as in a misprint: Damien, Damian; or one is a pet form: Bill, William."""


@lru_cache(maxsize=1 << 14)
def parts(key: str) -> Parts:
    """Take a folded name apart."""
    words = key.translate(_STOPS).split() or [key]
    tight = glued([word.translate(_MARKS) for word in words])
    suffix = ""
    while len(words) > 1 and words[-1] in _SUFFIXES:
        suffix = words.pop()
    at = 0
    while at + 1 < len(words) and words[at] in PARTICLES:
        at += 1
    given = tuple(word for word in words[at:-1] if word not in PARTICLES)
    return Parts(tight, given, words[-1].translate(_MARKS) or words[-1], suffix)


def glued(words: Sequence[str]) -> str:
    """The letters of a name in one word: Kim Jongun, O Neill, J P Grant; a single initial apart: G Ross, not Gross."""
    first = words[0]
    if len(words) > 1 and len(first) == 1 and len(words[1]) > 1 and first != "o" and first.upper() != first:
        return f"{first} {''.join(words[1:])}"
    return "".join(words)


def agree(one: Parts, other: Parts) -> Agreement:
    """How two names with a given name agree, of which the surname is not compared."""
    if one.suffix != other.suffix and ((one.suffix and other.suffix) or {one.suffix, other.suffix} & _NUMERALS):
        return Agreement.NONE
    found = _given(one.given, other.given)
    return Agreement.SHORTENED if found is Agreement.INITIALS and one.suffix != other.suffix else found


def _given(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    if not one or not other:
        return Agreement.NONE
    first = _first(one[0], other[0])
    if first is Agreement.NONE:
        return first
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    for a, b in zip(long[1:], short[1:], strict=False):
        if a != b and not (a[0] == b[0] and 1 in (len(a), len(b))):
            return Agreement.NONE
    if first is Agreement.LETTER and any(a == b and len(a) > 1 for a, b in zip(long[1:], short[1:], strict=False)):
        first = Agreement.INITIALS
    more = any(len(word) > 1 for word in long[len(short) :])
    return max(first, Agreement.SHORTENED if more else Agreement.INITIALS)


def _first(one: str, other: str) -> Agreement:
    if one == other:
        return Agreement.INITIALS
    short, long = sorted((one, other), key=len)
    if len(short) >= SHORT and long.startswith(short):
        return Agreement.SHORTENED
    alike = not {one, *formal(one)}.isdisjoint((other, *formal(other))) or (
        short[:SHORT] == long[:SHORT] and misspelt(one, other)
    )
    return Agreement.LETTER if alike else Agreement.NONE


def misspelt(one: str, other: str) -> bool:
    """True if two given names differ in a letter as a misprint does, not by sex as Gabriele and Gabriela."""
    sexes = one[:-1] == other[:-1] and _VOWELS.issuperset((one[-1], other[-1]))
    return min(len(one), len(other)) >= _LONG and one[0] == other[0] and not sexes and within(one, other, 1)


def begins(short: Parts, full: Parts) -> bool:
    """True if the given names of a name, of one letter or whole, may be the first ones of a full name."""
    return len(short.given) <= len(full.given) and all(
        full_word.startswith(word) if len(word) == 1 else word == full_word
        for word, full_word in zip(short.given, full.given, strict=False)
    )
