"""One spelling for each person of an article: "Mr Blinken", "Blinken" and "Antony Blinken" are Antony Blinken.

`resolve` takes an article's mentions in order and answers each with a canonical name: the fullest spelling in that
article, without title. A short form goes to the full name whose end it is, or whose beginning where the family name
stands first; where several would do, to the last before it. A surname whose full name the article never gives stays as
it is. Not for telling namesakes apart across articles.

Cost: some ten microseconds a mention; names are found by their ends, so that long lists of names stay quick.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.enrich.lexicon import table, words_of
from indexer.enrich.names import Name, family_first
from search.text import fold


@dataclass(slots=True)
class _Person:
    """A person of the article while it is read: its longest name, its spellings, where its full name stood."""

    name: Name
    spellings: Counter[str]
    places: list[int]


class _People:
    """The persons of an article, found by the ends of their names, so that long lists of names stay quick."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[_Person]] = {}

    def add(self, name: Name) -> _Person:
        """A new person."""
        person = _Person(name, Counter(), [])
        for key in _ends(name):
            self._by_key.setdefault(key, []).append(person)
        return person

    def near(self, name: Name) -> list[_Person]:
        """Those whose name begins or ends as this one does, or is spelt the same but for spaces and hyphens."""
        found = {id(person): person for key in _ends(name) for person in self._by_key.get(key, ())}
        return list(found.values())

    def meant(self, name: Name, at: int) -> _Person | None:
        """The person a mention means: of those it fits best, the one whose full name stood last before it."""
        fits = [(rank, person) for person in self.near(name) if (rank := _fit(person.name, name)) < _UNFIT]
        if not fits:
            return None
        best = min(rank for rank, _ in fits)

        def distance(person: _Person) -> tuple[bool, int]:
            earlier = bisect_right(person.places, at)
            return (False, at - person.places[earlier - 1]) if earlier else (True, min(person.places[:1], default=0))

        return min((person for rank, person in fits if rank == best), key=distance)


def _ends(name: Name) -> set[str]:
    return {*name.keys, _together(name)}


def _together(name: Name) -> str:
    return "".join(name.keys).replace("-", "")


def resolve(mentions: Sequence[Name]) -> list[str]:
    """The canonical name of each mention of an article, given in the order of the text."""
    people = _People()
    full = [(at, name) for at, name in enumerate(mentions) if name.full]
    for _, name in sorted(full, key=lambda pair: -len(pair[1].keys)):
        if not any(_same(person.name, name) for person in people.near(name)):
            people.add(name)
    for at, name in full:
        for person in people.near(name):
            if _same(person.name, name):
                person.places.append(at)
    found: list[_Person] = []
    for at, name in enumerate(mentions):
        person = people.meant(name, at) or people.add(name)
        person.spellings[_spelling(name)] += 1
        found.append(person)
    fullest = {id(person): _canonical(person) for person in found}
    return [fullest[id(person)] for person in found]


_UNFIT = 9
_INSIDE = 5


def _fit(person: Name, name: Name) -> int:
    """How well a mention fits a person, 0 best; `_UNFIT` where it does not.

    0: the same full name, or the surname. 1: the other end of the name, its given name. Two more where the title says
    the other sex. `_INSIDE`: a word between, as the first of two surnames.
    """
    if person.keys == name.keys and (not person.suffix or not name.suffix or person.suffix == name.suffix):
        return 0
    if name.full:
        return 0 if _same(person, name) else _UNFIT
    if not person.full:
        return _UNFIT
    size = len(name.keys)
    at_end, at_start = person.keys[-size:] == name.keys, person.keys[:size] == name.keys
    if not at_end and not at_start:
        return _INSIDE if size == 1 and len(name.keys[0]) > 2 and name.keys[0] in _middle(person.keys) else _UNFIT
    first = family_first(person)
    fit = 0 if (at_start if first else at_end) else 1
    sex = table("given").get(person.words[0].capitalize(), ("b",))[0]
    title = fold(name.title).rstrip(".")
    return fit + 2 * ((title in _HERS and sex == "m") or (title in _HIS and sex == "f")) if not first else fit


_HERS = frozenset(("mrs", "ms", "miss", "madame", "mme", "lady", "dame", "queen", "princess", "frau", "senora"))
_HIS = frozenset(("mr", "sir", "lord", "king", "prince", "monsieur", "herr", "senor"))


def _same(one: Name, other: Name) -> bool:
    """Whether two full names may be one person's."""
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return False
    if _together(one) == _together(other):
        return True
    long, short = (one.keys, other.keys) if len(one.keys) >= len(other.keys) else (other.keys, one.keys)
    if len(short) > 1 and (long[-len(short) :] == short or long[: len(short)] == short) and len(short) < len(long):
        return True
    if long[-1] != short[-1] or len(short) < 2:
        return False
    return _same_given(long[0], short[0]) and _same_middle(_middle(long), _middle(short))


def _middle(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys[1:-1] if key not in words_of("particle"))


def _same_given(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) <= 2 or len(other) <= 2:
        return one[0] == other[0] and (len(one) == 1 or len(other) == 1 or _initials(one) or _initials(other))
    return one in _nicknames(other) or other in _nicknames(one) or bool(_nicknames(one) & _nicknames(other))


def _initials(key: str) -> bool:
    return not any(letter in "aeiouy" for letter in key)


@lru_cache(maxsize=1 << 12)
def _nicknames(key: str) -> frozenset[str]:
    """The given names that a short form, folded, may stand for."""
    return frozenset(map(fold, table("nicknames").get(key.capitalize(), ())))


def _same_middle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(
        a == b or (a[0] == b[0] and (len(a) == 1 or len(b) == 1))
        for a, b in zip(one, other, strict=False)
    )  # fmt: skip


def _spelling(name: Name) -> str:
    """A mention as it would stand in the list of persons."""
    words = [word.capitalize() if word.isupper() and len(word) > 3 and "." not in word else word for word in name.words]
    if name.suffix in words_of("numeral"):
        words.append(name.suffix.upper())
    elif name.suffix in ("jr", "sr"):
        words.append(f"{name.suffix.capitalize()}.")
    elif len(words) == 1 and name.kind in _ROYAL and name.title[0].isupper() and fold(name.title) not in _REIGNING:
        words.insert(0, name.title)
    return " ".join(words)


_ROYAL = frozenset(("royal", "religious"))
"""Kinds of title that are part of the name where only a given name follows: Prince Harry, Pope Francis."""

_REIGNING = frozenset(
    ("king", "queen", "pope", "emperor", "empress", "tsar", "tsarina", "czar", "kaiser", "shah", "emir", "cardinal")
)
"""Titles that are left away even before a given name: Pope Francis is Francis, but Prince Harry, Mother Teresa."""


def _canonical(person: _Person) -> str:
    """The fullest spelling: the most whole words, then the most words, then with accents, then the most frequent."""

    def fullness(pair: tuple[str, int]) -> tuple[int, int, bool, int, int]:
        spelling, count = pair
        words = spelling.split()
        whole = sum(len(word.replace(".", "")) > 1 for word in words)
        return whole, len(words), not spelling.isascii(), count, -len(spelling)

    return max(person.spellings.items(), key=fullness)[0]
