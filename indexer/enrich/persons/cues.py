"""What the words around a name show: that it names a person, or a place, a ship, a firm.

Each function looks at the words of one sentence and the position of a name in it, not at the article: `verdict` adds up
the evidence of all occurrences of a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.enrich.persons import names
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.text import fold

WHO = frozenset(("who", "whose", "whom"))
_PLACED = frozenset(
    ("in", "at", "near", "around", "across", "along", "inside", "outside", "throughout", "via", "into", "onto")
)
"""Prepositions that precede places, rarely persons."""

_SHORT_APPOSITIVE = 7
"""The number of words searched for the head of an appositive."""


def is_role(word: str) -> bool:
    """True if a word denotes a person: an office, a profession, a relation."""
    folded = fold(word)
    if word.islower() and folded in words_of("no-role"):
        return False
    return folded in words_of("role") or folded in words_of("kin") or bool(names.title_kind(folded))


def is_given(word: str) -> bool:
    """True if a word is a given name, possibly a double one: Karl-Heinz."""
    if "g" in flags(word) or word in table("nicknames"):
        return True
    first, hyphen, second = word.partition("-")
    return bool(hyphen) and first in table("given") and second in table("given")


def is_small_surname(word: str) -> bool:
    """True if a word is a family name that begins with a lower-case letter: al-Amin, d'Orsay, deVries."""
    if not word[0].islower():
        return False
    at = next((at for at, letter in enumerate(word) if letter.isupper()), 0)
    return at > 0 and word[at + 1 :].islower() and fold(word[:at].rstrip("-‐‑'’ʼ")) in words_of("joined")


def vouched(words: Sequence[str], first: int, last: int) -> bool:
    """True if the words around a name, apart from its title, show that it is a person's."""
    if first and (words[first - 1][0].islower() or first == 1) and is_role(words[first - 1]):
        return not (first > 1 and _is_thing(words[first - 2]))
    after = words[last : last + 3]
    if not after:
        return False
    if after[0] in WHO:
        return True
    if after[0] != "," or len(after) < 3:
        return False
    if after[1] in WHO or (after[1].isdigit() and len(after[1]) == 2 and after[2] in (",", ".", ";")):
        return True
    return is_role(_head(words, last + 1))


def _head(words: Sequence[str], start: int) -> str:
    """The head noun of an appositive that starts at a word: `minister` in `the first minister of Wales`."""
    head = words[start]
    for word in words[start : start + _SHORT_APPOSITIVE]:
        if word in words_of("appositive-end") or not word[0].isalnum():
            return head
        head = word
    return ""


def speaks(words: Sequence[str], first: int, last: int) -> bool:
    """True if a name is next to a verb of saying or the like: it may be a person's or a firm's."""
    after = words[last] if last < len(words) else ""
    return after in words_of("saying") or (first > 0 and words[first - 1] in words_of("saying"))


def denied(words: Sequence[str], first: int, last: int, title: str, ends: frozenset[int]) -> bool:
    """True if the words around a name show that it is a place's or a thing's.

    Args:
        first, last: the name, without its title.
        title: the title, which is among the words before the name.
        ends: where other names of persons end in the sentence.
    """
    start = first - len(title.split())
    before = tuple(fold(word) for word in words[max(start - 2, 0) : start])
    lone = last - first == 1
    if title:
        military = names.title_kind(title) == "military"
        return military and bool(before) and (_is_thing(before[-1]) or (before[-1] == "the" and lone))
    after = words[last : last + 2]
    if after and (_is_thing_before(after, lone and first > 0) or _is_played(words, last) or _is_listed(words, last)):
        return True
    if first and (_is_character(words, first) or (lone and _is_storm(words, first))):
        return True
    if not before:
        return False
    if before[-1] == "of" and len(before) > 1:
        given = not lone and is_given(words[first])
        return start - 1 in ends or _is_place_of(before[0], given)
    return _is_thing_after(before, words[first:last], after)


def _is_thing_before(after: Sequence[str], lone: bool) -> bool:
    """True if the following words make a name a place or thing: `X prefecture`, `X's shareholders`, `X 2`."""
    return (
        fold(after[0]) in words_of("generic")
        or (after[0] in _POSSESSIVES and len(after) > 1 and after[1] in words_of("owned"))
        or (lone and after[0].isdigit() and len(after[0]) < 3)
    )


def _is_played(words: Sequence[str], last: int) -> bool:
    """True if the words after a name say who plays it: `X, played by`, `X (voiced by`."""
    return (
        words[last] in (",", "(")
        and last + 2 < len(words)
        and (words[last + 1] in ("played", "portrayed", "voiced") and words[last + 2] == "by")
    )


def _is_character(words: Sequence[str], first: int) -> bool:
    """True if a name follows a word such as `character`, or is in a list that does."""
    at = first - 1
    while at > 0 and first - at < _LONGEST_LIST and (words[at] in _LISTING or words[at][0].isupper()):
        at -= 1
    return fold(words[at]) in words_of("character") and (at == first - 1 or words[at + 1] in _LISTING)


def _is_storm(words: Sequence[str], first: int) -> bool:
    """True if a name is in a list after storms: `hurricanes Harvey, Irma and Maria`."""
    at = first - 1
    while at > 0 and first - at < _LONGEST_LIST and (words[at] in _LISTED or words[at][0].isupper()):
        at -= 1
    return fold(words[at]) in _STORMS


_STORMS = frozenset(("hurricanes", "storms", "cyclones", "typhoons"))


def _is_listed(words: Sequence[str], last: int) -> bool:
    """True if a name is in a list of things: `X, Y and Z borders`."""
    at = last
    while at < len(words) and at - last < _LONGEST_LIST and (words[at] in _LISTED or words[at][0].isupper()):
        at += 1
    return (
        at - last > 1
        and words[last] in _LISTED
        and words[at - 1][0].isupper()
        and at < len(words)
        and words[at].endswith("s")
        and words[at] in words_of("generic")
    )


_LONGEST_LIST = 20
"""The number of words searched for the head of a list."""

_LISTING = frozenset((",", "—", "–", "-", ":", "(", "and", "&"))
_LISTED = frozenset((",", "and", "&"))


def _is_place_of(noun: str, given: bool) -> bool:
    """True if a noun and `of` make the following name a place or body: `city of X`, `leader of X`; not `wife of X`."""
    if noun in words_of("generic"):
        return True
    return not given and noun != "head" and is_role(noun) and noun not in words_of("kin")


def _is_thing_after(before: Sequence[str], name: Sequence[str], after: Sequence[str]) -> bool:
    """True if the words before a name make it a place's or a thing's: `at X`, `the X`, `the tanker X`."""
    word, earlier = before[-1], before[-2] if len(before) > 1 else ""
    lone, given = len(name) == 1, is_given(name[0])
    whole = not lone and given and "f" in flags(name[-1])
    next_word = after[0] if after else "."
    if word == "off":
        return lone or not given
    if word in _PLACED and not (whole and word == "in"):
        return next_word not in _POSSESSIVES and earlier not in words_of("towards")
    if word in ("to", "from") and not lone and _is_landmark(name[-1]):
        return True
    if word == "the":
        return not (next_word in words_of("of-person") if lone else whole and next_word[0].islower())
    if lone and (word == "v." or (word in _CALLED and not (earlier and is_role(earlier)))):
        return True
    if _is_thing(word) and (lone or not is_role(word)):
        return True
    return (
        lone and word in _POSSESSIVES and bool(names.title_kind(earlier) or (earlier.isdigit() and len(earlier) == 4))
    )


_POSSESSIVES = frozenset(("'s", "’s", "'", "’"))
_CALLED = frozenset(("named", "called", "christened", "codenamed", "code-named", "dubbed", "nicknamed"))


def _is_landmark(word: str) -> bool:
    return fold(word) in words_of("landmark") and word not in table("surname")


def _is_thing(word: str) -> bool:
    return fold(word) in words_of("thing") or fold(word) in words_of("bearer")
