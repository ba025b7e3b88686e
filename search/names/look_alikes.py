"""Here are the names of an archive, give me those that may be one: a person checks each pair, and merges it or not.

A name is paired with the most frequent other one that is like it, for the first of these reasons that holds:

- `spelling`: the same letters, but for accents, case, spaces, hyphens and apostrophes, or the same words in another
  order, or in another script: *Kim Jong Un* and *Kim Jong-un*, *Владимир Путин* and *Vladimir Putin*;
- `initials`: the same surname, with the first letters of its given names: *J. Smith* and *John Smith*;
- `letter`: one letter more, less or different, or two swapped, in names of several words and `LETTERS` letters:
  *Jeremy Corbyn* and *Jeremey Corbyn*;
- `misread`: letters that a scanner takes for one another (see `misreadings`), in the rarer one: *Gladstone* and
  *Gladstcne*, *Amis* and *Arnis*;
- of people, `given`: given names that agree (see `agreement`): *Dan Amstutz* and *Daniel Amstutz*; and `surname`: a
  surname alone and a full name that ends with it: *Hussein* and *Saddam Hussein*. Those whose given names differ are
  never paired.

What the archive's own evidence merges (see `search.names.spellings`) is one name already. Cost: linear in the letters
of all names, some 40 microseconds a name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from search.names.agreement import Parts, agree, begins, glued, misspelt, parts
from search.names.given_names import beginning
from search.text.edits import within
from search.text.misreadings import OWN, misreadings
from search.text.tokens import fold

Reason = Literal["spelling", "initials", "letter", "misread", "given", "surname"]
REASONS: tuple[Reason, ...] = get_args(Reason)
LETTERS = 9
"""Letters of a name that may differ in one: in shorter ones a letter often makes another name."""
_COMPARED = 4
"""The most frequent names of those that share a key which are compared with the others."""

_CYRILLIC = dict(
    zip("абвгґдежзиіїйклмнопрстуфхцчшщъыьэюяєѓѕјљњћџђќў",
        ("a", "b", "v", "g", "g", "d", "e", "zh", "z", "i", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "e", "g", "dz", "j", "lj", "nj", "c",
         "dz", "dj", "k", "u"), strict=True)
)  # fmt: skip
_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω",
        ("a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f",
         "ch", "ps", "o"), strict=True)
)  # fmt: skip
_LATIN = str.maketrans(_CYRILLIC | _GREEK)
"""Letters of other scripts as newspapers in English write them, roughly: people check what is found."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names that may be one.

    Attributes:
        name, count: the more frequent one, ties by name, and the articles that have it.
        other, other_count: the other one.
        reason: why they are thought to be alike.
    """

    name: str
    count: int
    other: str
    other_count: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    count: int
    words: tuple[str, ...]

    @property
    def parts(self) -> Parts:
        """Given names and surname."""
        return parts(fold(self.name))


def look_alikes(names: Iterable[tuple[str, int]], people: bool = False) -> list[Pair]:
    """The pairs of names that may be one, those first in which the rarer name has the most articles, ties by name.

    Args:
        names: each name as it is shown, once, with its number of articles.
        people: True if they are names of people.
    """
    ranked = sorted(((-count, name) for name, count in names if count))
    known = [_Name(name, -count, words) for count, name in ranked if (words := words_of(name))]
    found: dict[str, Pair] = {}
    for reason, keys, alike in (*_WAYS, *_WAYS_OF_PEOPLE) if people else _WAYS:
        for name, other in _pairs(known, keys, alike):
            if other.name not in found and (not people or reason == "spelling" or _may_be_one(name, other)):
                found[other.name] = Pair(name.name, name.count, other.name, other.count, reason)
    return sorted(found.values(), key=lambda pair: (-pair.other_count, pair.name, pair.other))


def may_be_one(name: str, other: str) -> bool:
    """True unless the given names of two people differ."""
    return _may_be_one(_Name(name, 0, ()), _Name(other, 0, ()))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case Latin letters, without accents, where there is a way to write it in them."""
    latin = fold(name).translate(_LATIN)
    letters = "".join(c if c.isalnum() else " " if c.isspace() or c in ".,-‐‑" else "" for c in latin)
    return tuple(unicodedata.normalize("NFC", letters).split())


def _pairs(
    known: Sequence[_Name], keys: Callable[[_Name], Iterable[str]], alike: Callable[[_Name, _Name], bool]
) -> Iterator[tuple[_Name, _Name]]:
    """Names that share a key and are alike; the more frequent one, which comes first in `known`, and the other."""
    having: dict[str, list[_Name]] = {}
    for one in known:
        for key in dict.fromkeys(keys(one)):
            before = having.setdefault(key, [])
            match = next((other for other in before if alike(other, one)), None)
            if match is not None:
                yield match, one
                break
            if len(before) < _COMPARED:
                before.append(one)


def _tight(one: _Name) -> Iterator[str]:
    yield glued(one.words)
    yield " ".join(sorted(one.words))


def _initialled(one: _Name) -> Iterator[str]:
    """The first letter and the surname; for a name that has a given name of one letter, marked as such."""
    if len(one.words) > 1:
        yield f"{one.words[0][0]} {one.words[-1]}"


def _is_initialled(one: _Name, other: _Name) -> bool:
    """True if the given names of one are initials of those of the other."""
    return any(
        all(len(word) == 1 for word in short.words[:-1])
        and all(len(word) > 1 for word in whole.words[:1])
        and all(word == full[0] for word, full in zip(short.words[:-1], whole.words[:-1], strict=False))
        for short, whole in ((one, other), (other, one))
    )


def _without_a_letter(one: _Name) -> Iterator[str]:
    """The name, and the name without each of its letters: names one edit apart share one of these."""
    text = " ".join(one.words)
    if len(one.words) > 1 and sum(map(len, one.words)) >= LETTERS:
        yield text
        for at in range(len(text)):
            yield text[:at] + text[at + 1 :]


def _is_one_edit_apart(one: _Name, other: _Name) -> bool:
    return within(" ".join(one.words), " ".join(other.words), 1)


def _outline(one: _Name) -> Iterator[str]:
    """The name with one letter for all that look like it."""
    text = " ".join(one.words)
    for seen, letter in _LOOK_LIKE:
        text = text.replace(seen, letter)
    yield text


def _is_misread(one: _Name, other: _Name) -> bool:
    """True if the rarer name is what a scanner may have read in place of the more frequent one."""
    return one.count > OWN * other.count and all(
        read == word or read in misreadings(word) for word, read in zip(one.words, other.words, strict=True)
    )


_LOOK_LIKE = (
    ("rn", "m"), ("in", "m"), ("ni", "m"), ("nn", "m"), ("cl", "d"), ("li", "h"), ("vv", "w"), ("ii", "n"),
    ("u", "n"), ("e", "c"), ("o", "c"), ("a", "c"), ("f", "s"), ("t", "l"), ("i", "l"), ("j", "l"), ("b", "h"),
    ("k", "h"), ("y", "v"), ("q", "g"),
)  # fmt: skip
"""What looks like a letter, those of two letters first: names that are outlined alike are compared."""
_WAYS: tuple[tuple[Reason, Callable[[_Name], Iterable[str]], Callable[[_Name, _Name], bool]], ...] = (
    ("spelling", _tight, lambda _one, _other: True),
    ("initials", _initialled, _is_initialled),
    ("letter", _without_a_letter, _is_one_edit_apart),
    ("misread", _outline, _is_misread),
)


def _may_be_one(one: _Name, other: _Name) -> bool:
    """True unless the given names of two people differ."""
    a, b = one.parts, other.parts
    if a.full and b.full:
        return bool(agree(a, b)) or (
            bool(a.given and b.given) and a.given[1:] == b.given[1:] and misspelt(a.given[0], b.given[0])
        )
    return begins(a, b) if b.full else begins(b, a) if a.full else a.given == b.given


def _begun(one: _Name) -> Iterator[str]:
    """The surname with the beginning of the given name."""
    own = one.parts
    if own.full and own.given:
        yield f"{own.surname} {beginning(own.given[0])}"


def _surname(one: _Name) -> Iterator[str]:
    yield one.parts.surname


def _is_surname(one: _Name, other: _Name) -> bool:
    """True if one is the surname of the other."""
    return any(
        not short.given and not short.full and full.full
        for short, full in ((one.parts, other.parts), (other.parts, one.parts))
    )


_WAYS_OF_PEOPLE: tuple[tuple[Reason, Callable[[_Name], Iterable[str]], Callable[[_Name, _Name], bool]], ...] = (
    ("given", _begun, _may_be_one),
    ("surname", _surname, _is_surname),
)
