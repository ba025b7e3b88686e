"""One spelling for each person of an article: "Mr Blinken", "Blinken" and "Antony Blinken" are Antony Blinken.

`resolve` takes an article's mentions in order and returns a canonical name for each: the fullest spelling in that
article, without title. A short form is resolved to the full name that ends with it (or begins with it, if the family
name comes first); if there are several, to the last one before it. Two full names that sound alike and differ by a
letter in each word at most are one. A surname whose full name the article never gives is not changed. Not for
distinguishing namesakes across articles.

Cost: some ten microseconds a mention, also in a long list of names: each is only compared with candidates, and a
repeated name is looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from indexer.enrich.persons.names import Name, family_first
from indexer.languages import Language
from search.text.tokens import fold

MOST_ALIKE = 20
"""The number of candidates that a name is compared with. News does not have more Smiths whose given names begin with J,
and a list of a hundred thousand of them must not take quadratic time."""

_LONGEST = 12
"""The longest beginning or end of a name by which it is indexed, in words."""


@dataclass(eq=False, slots=True)
class _Person:
    """A person of the article being read: its longest name, how often it has each spelling, where its full name stands.

    Attributes:
        number: the number of the person in the article; the longest names come first.
    """

    number: int
    name: Name
    spellings: dict[str, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)


class _People:
    """An index of the persons of an article by the parts of a name that could identify them.

    So a name is compared only with the few it could match, however many others share a word with it.
    """

    def __init__(self) -> None:
        self._size = 0
        self._by: dict[Hashable, list[_Person]] = {}

    def add(self, name: Name, alike: bool = False) -> _Person:
        """Add a person.

        Args:
            alike: find it by full names, too, which may be those of the same person.
        """
        person = _Person(self._size, name)
        self._size += 1
        for part in _found_by(name.keys, name.language) if alike else _with_parts(name.keys, name.language):
            if (there := self._by.get(part)) is None:
                self._by[part] = [person]
            else:
                there.append(person)
        return person

    def same(self, name: Name) -> list[_Person]:
        """The persons that a full name may be the name of, the longest first."""
        found: dict[int, _Person] = {}
        for key in _sought(name.keys, name.language):
            if there := self._by.get(key):
                for person in there[:MOST_ALIKE]:
                    found[person.number] = person
        return [found[number] for number in sorted(found) if _same(found[number].name, name)]

    def with_part(self, name: Name) -> list[_Person]:
        """The persons whose name begins or ends with a partial name, or contains it."""
        at_end = self._by.get(("end", name.keys), [])
        inside = self._by.get(("inside", name.keys[0])) if len(name.keys) == 1 else None
        if not inside:
            return at_end
        found = {person.number: person for person in (*at_end, *inside)}
        return [found[number] for number in sorted(found)]


@lru_cache(maxsize=1 << 12)
def _found_by(keys: tuple[str, ...], language: Language) -> tuple[Hashable, ...]:
    """The keys of the index under which the person with a name is found."""
    given, family = keys[0], keys[-1]
    found: list[Hashable] = [("together", _together(keys)), ("whole", keys), *_with_parts(keys, language)]
    found += ((family, "as", given), (family, "letter", given[:1]))
    found += ((family, "for", full) for full in sorted(_nicknames(given, language)))
    found += [(family, "short", given[:1])] if len(given) <= _SHORT else []
    return (*found, *_sounds(keys))


@lru_cache(maxsize=1 << 12)
def _with_parts(keys: tuple[str, ...], language: Language) -> tuple[Hashable, ...]:
    """Those of them under which it is found by a partial name."""
    inside = (("inside", key) for key in dict.fromkeys(_middle(keys, language)))
    return (*(("end", part) for part in sorted({*_parts(keys), keys})), *inside)


@lru_cache(maxsize=1 << 12)
def _likeness(keys: tuple[str, ...]) -> tuple[Hashable, ...]:
    """Of two full names that may be the same person's (see `_same`), one of these is the same."""
    return ("first", keys[0]), ("last", keys[-1]), ("together", _together(keys)), *_sounds(keys)


@lru_cache(maxsize=1 << 12)
def _sought(keys: tuple[str, ...], language: Language) -> tuple[Hashable, ...]:
    """The keys of the index under which are those who may be the person with a name (see `_same`)."""
    given, family = keys[0], keys[-1]
    found: list[Hashable] = [("together", _together(keys)), ("end", keys)]
    found += (("whole", part) for part in sorted(_parts(keys)))
    found += ((family, "as", given), (family, "letter" if len(given) <= _SHORT else "short", given[:1]))
    found.append((family, "for", given))
    for full in sorted(_nicknames(given, language)):
        found += ((family, "as", full), (family, "for", full))
    return (*found, *_sounds(keys))


def _sounds(keys: tuple[str, ...]) -> tuple[Hashable, ...]:
    sound = _sound(keys)
    return (("sound", sound),) if sound else ()


def _parts(keys: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The beginnings and ends of a name, without the whole name."""
    sizes = range(1, min(len(keys), _LONGEST + 1))
    return {keys[:size] for size in sizes} | {keys[-size:] for size in sizes}


class _Meant:
    """The persons that a partial name fits best, and the positions of their full names."""

    def __init__(self, fits: Sequence[_Person]) -> None:
        self._places: list[int] = []
        self._first = fits[0]
        if len(fits) > 1:
            stand = sorted((place, -person.number, person) for person in fits for place in person.places)
            self._places = [place for place, _, _ in stand]
            self._persons = [person for _, _, person in stand]
            nowhere = [person for person in fits if not person.places]
            self._first = nowhere[0] if nowhere else min(fits, key=lambda person: (person.places[0], person.number))

    def at(self, place: int) -> _Person:
        """The person whose full name occurs last before a position, otherwise first after it."""
        earlier = bisect_right(self._places, place)
        return self._persons[earlier - 1] if earlier else self._first


def _together(keys: tuple[str, ...]) -> str:
    return "".join(keys).replace("-", "")


def resolve(mentions: Sequence[Name]) -> list[str]:
    """The canonical name of each mention of an article; mentions are in the order of the text."""
    people = _People()
    places: dict[tuple[tuple[str, ...], str], list[int]] = {}
    full: dict[tuple[tuple[str, ...], str], Name] = {}
    for at, name in enumerate(mentions):
        if name.full:
            places.setdefault((name.keys, name.suffix), []).append(at)
            full.setdefault((name.keys, name.suffix), name)
    alike = _alike(full)
    whose: dict[tuple[tuple[str, ...], str], _Person] = {}
    for spelt, name in sorted(full.items(), key=lambda item: -len(item[0][0])):
        if spelt not in alike:
            whose[spelt] = people.add(name)
            whose[spelt].places = places[spelt]
        elif not people.same(name):
            people.add(name, alike=True)
    for spelt, name in alike.items():
        persons = people.same(name)
        whose[spelt] = persons[0]
        for person in persons:
            person.places += places[spelt]
    for person in {whose[spelt] for spelt in alike}:
        person.places.sort()
    surnames: dict[str, str] = {}
    for spelt, name in alike.items():
        person = whose[spelt]
        if name.keys[-1] != person.name.keys[-1] and _misspelt(name, person.name):
            surnames[name.keys[-1]] = person.name.keys[-1]
    found: list[_Person] = []
    parts: dict[tuple[tuple[str, ...], str, int], _Meant | None] = {}
    alone: dict[tuple[str, ...], list[_Person]] = {}
    for at, name in enumerate(mentions):
        if name.full:
            person = whose[name.keys, name.suffix]
        else:
            if len(name.keys) == 1 and name.keys[0] in surnames and not people.with_part(name):
                name = replace(name, keys=(surnames[name.keys[0]],))
            elif len(name.keys) == 1 and "-" in name.keys[0] and not people.with_part(name):
                name = replace(name, keys=tuple(name.keys[0].split("-")))
            person = _short(name, at, people, parts, alone)
        person.spellings[name.spelling] = person.spellings.get(name.spelling, 0) + 1
        found.append(person)
    fullest = {person.number: _canonical(person) for person in set(found)}
    return [fullest[person.number] for person in found]


def _alike(full: Mapping[tuple[tuple[str, ...], str], Name]) -> Mapping[tuple[tuple[str, ...], str], Name]:
    """Those of some full names that may be the same person's as another of them."""
    first: dict[Hashable, tuple[tuple[str, ...], str]] = {}
    found: set[tuple[tuple[str, ...], str]] = set()
    for spelt in full:
        for part in _likeness(spelt[0]):
            other = first.setdefault(part, spelt)
            if other is not spelt:
                found |= {other, spelt}
    return {spelt: name for spelt, name in full.items() if spelt in found} if found else {}


def _short(
    name: Name,
    at: int,
    people: _People,
    parts: dict[tuple[tuple[str, ...], str, int], _Meant | None],
    alone: dict[tuple[str, ...], list[_Person]],
) -> _Person:
    """The person meant by a partial name: one with a full name, or one without.

    Args:
        parts: the results for earlier partial names.
        alone: the persons without a full name, by their names.
    """
    known = name.keys, name.suffix, _sex(name)
    if known not in parts:
        ranks = [(_fit(person.name, name), person) for person in people.with_part(name) if person.name.full]
        best = min((rank for rank, _ in ranks), default=_UNFIT)
        parts[known] = _Meant([person for rank, person in ranks if rank == best]) if best < _UNFIT else None
    meant = parts[known]
    if meant is not None:
        return meant.at(at)
    here = alone.setdefault(name.keys, [])
    for person in here:
        if not person.name.suffix or not name.suffix or person.name.suffix == name.suffix:
            return person
    here.append(people.add(name))
    return here[-1]


_UNFIT = 9
_INSIDE = 5


def _fit(person: Name, name: Name) -> int:
    """How well a mention fits a person, 0 best; `_UNFIT` if it does not.

    0: the same full name, or the surname. 1: the other end of the name, its given name. 2 more if the title is of the
    other sex. `_INSIDE`: a word between, as the first of two surnames.
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
        return (
            _INSIDE
            if size == 1 and len(name.keys[0]) > 2 and name.keys[0] in _middle(person.keys, name.language)
            else _UNFIT
        )
    first = family_first(person)
    fit = 0 if (at_start if first else at_end) else 1
    sex = name.language.table("given").get(person.words[0].capitalize(), ("b",))[0]
    return fit + 2 * ((_sex(name), sex) in ((_HER, "m"), (_HIM, "f"))) if not first else fit


def _sex(name: Name) -> int:
    """The sex according to the title before a name; 0 if the title does not show it."""
    title = fold(name.title).rstrip(".") if name.title else ""
    return _HER if title in name.language.words("her") else _HIM if title in name.language.words("his") else 0


_HER, _HIM = 1, 2


def _same(one: Name, other: Name) -> bool:
    """True if two full names may be one person's."""
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return False
    if one.keys == other.keys or _together(one.keys) == _together(other.keys):
        return True
    long, short = (one.keys, other.keys) if len(one.keys) >= len(other.keys) else (other.keys, one.keys)
    if len(short) > 1 and (long[-len(short) :] == short or long[: len(short)] == short) and len(short) < len(long):
        return True
    if _misspelt(one, other):
        return True
    if long[-1] != short[-1] or len(short) < 2:
        return False
    language = one.language
    return _same_given(long[0], short[0], language) and _same_middle(_middle(long, language), _middle(short, language))


def _misspelt(one: Name, other: Name) -> bool:
    """True if two names of two words are one in two spellings: Frederic Forsythe, Frederick Forsyth.

    Both words sound alike and differ by a letter at most, but given names not by a vowel at the end: Robert, Roberta.
    """
    sound = _sound(one.keys)
    if not sound or sound != _sound(other.keys) or not all(map(_one_letter, one.keys, other.keys)):
        return False
    given, other_given = one.keys[0], other.keys[0]
    return given[-1] == other_given[-1] or not {given[-1], other_given[-1]} & _VOWELS


_VOWELS = frozenset("aeiou")


@lru_cache(maxsize=1 << 12)  # a name is compared with each that sounds alike
def _sound(keys: tuple[str, ...]) -> tuple[str, str] | None:
    """The consonants of a name of two long words, those that sound alike as one; None for other names."""
    if len(keys) != 2 or min(map(len, keys)) < _LEAST_MISSPELT:
        return None
    return _consonants(keys[0]), _consonants(keys[1])


_LEAST_MISSPELT = 5
_ALIKE = str.maketrans({"k": "c", "q": "c", "z": "s", "v": "f", "w": "f", **dict.fromkeys("aeiouyh-'", "")})


def _consonants(key: str) -> str:
    said = key.replace("ph", "f").translate(_ALIKE)
    return "".join(letter for at, letter in enumerate(said) if not at or said[at - 1] != letter)


def _one_letter(one: str, other: str) -> bool:
    """True if two words differ by one letter at most: changed, added or omitted."""
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    if len(long) - len(short) > 1:
        return False
    at = next((at for at, letter in enumerate(short) if long[at] != letter), len(short))
    return long[at + 1 :] == short[at + (len(long) == len(short)) :]


def _middle(keys: tuple[str, ...], language: Language) -> tuple[str, ...]:
    return tuple(key for key in keys[1:-1] if key not in language.words("particle"))


def _same_given(one: str, other: str, language: Language) -> bool:
    if one == other:
        return True
    if len(one) <= _SHORT or len(other) <= _SHORT:
        return one[0] == other[0] and (len(one) == 1 or len(other) == 1 or _initials(one) or _initials(other))
    ones, others = _nicknames(one, language), _nicknames(other, language)
    return one in others or other in ones or bool(ones & others)


_SHORT = 2
"""The greatest length of a given name that may be initials."""


def _initials(key: str) -> bool:
    return not any(letter in "aeiouy" for letter in key)


@lru_cache(maxsize=1 << 12)
def _nicknames(key: str, language: Language) -> frozenset[str]:
    """The given names that a folded short form may represent."""
    return frozenset(map(fold, language.table("nicknames").get(key.capitalize(), ())))


def _same_middle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(
        a == b or (a[0] == b[0] and (len(a) == 1 or len(b) == 1))
        for a, b in zip(one, other, strict=False)
    )  # fmt: skip


def _canonical(person: _Person) -> str:
    """The fullest spelling: the most whole words, then the most words, then with accents, then the most frequent."""
    if len(person.spellings) == 1:
        return next(iter(person.spellings))

    def fullness(pair: tuple[str, int]) -> tuple[int, int, bool, int, int]:
        spelling, count = pair
        words = spelling.split()
        whole = sum(len(word.replace(".", "")) > 1 for word in words)
        return whole, len(words), not spelling.isascii(), count, -len(spelling)

    return max(person.spellings.items(), key=fullness)[0]
