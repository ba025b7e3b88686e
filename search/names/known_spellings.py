"""Spellings of one person's name in several languages: Vladimir Putin, Wladimir Putin, Vladimir Poutine.

The table `spellings.tsv` has the known persons whose names newspapers write differently, and the spellings of the words
of these names. `usual` gives a name as English newspapers write it, if all of its words are spellings of those of one
known person; a surname alone likewise. Names of other persons stay as they are, however alike: no rule of sounds or
letters decides. Made by `python -m training.spellings`.

Cost: the table is read at first use, in some milliseconds; then half a microsecond for most names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from search.text import tables

TABLE = "spellings.tsv"
"""In `search/data`: kind, name or word, its other spellings; folded, without articles, hyphens and apostrophes."""
GIVEN, FAMILY, ALONE, NAME = "given", "family", "alone", "name"
"""Kinds of rows; `ALONE`: surnames that are no other people's in one of their spellings, so known by themselves too."""
ARTICLES = frozenset(("al", "el", "as", "ash", "asch", "ach", "az", "an", "ul"))
"""The Arabic article, which some languages leave out."""
_MARKS = str.maketrans({"-": " ", "‐": " ", "‑": " ", **dict.fromkeys(".,'’ʼ")})


class _Known(NamedTuple):
    """The table.

    Attributes:
        given, family, alone: spelling → the word.
        names: name in these words, or whole spelling → the name.
        last: the last words of all of these.
    """

    given: Mapping[str, str]
    family: Mapping[str, str]
    alone: Mapping[str, str]
    names: Mapping[str, str]
    last: frozenset[str]


@cache
def _known() -> _Known:
    text = resources.files("search").joinpath("data", TABLE).read_text("utf-8")
    found: dict[str, dict[str, str]] = {GIVEN: {}, FAMILY: {}, ALONE: {}, NAME: {}}
    for kind, name, spellings in tables.cells(text):
        found[kind] |= dict.fromkeys((name, *filter(None, spellings.split("|"))), name)
    alone, names = found[ALONE], found[NAME]
    family = {**found[FAMILY], **alone}
    last = frozenset((*family, *(name.rpartition(" ")[2] for name in names)))
    return _Known(found[GIVEN], family, alone, names, last)


def words_of(key: str) -> list[str]:
    """The words of a folded name by which spellings are compared."""
    words = key.translate(_MARKS).split()
    return [word for at, word in enumerate(words) if word not in ARTICLES or at + 1 == len(words)]


def usual(key: str) -> str:
    """A folded name as English newspapers write it, if it is a known person's or surname; otherwise itself."""
    known = _known()
    last = key[key.rfind(" ") + 1 :]
    if last not in known.last and last.isalnum():
        return key  # fast path, as most names are
    words = words_of(key)
    if len(words) < 2:
        return known.alone.get(words[0], key) if words else key
    whole, given = " ".join(words), known.given
    family = known.family.get(words[-1], words[-1])
    return known.names.get(whole) or known.names.get(" ".join([*(given.get(w, w) for w in words[:-1]), family]), key)
