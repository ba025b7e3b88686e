"""Names that the tagger mistook for persons: a firm, an airport, a storm, a people, a day of the week.

`is_person` judges each mention by the words of the name, the words next to it, and the firms and surnames of the
article. Not for adding up the evidence of all occurrences of a name: see `verdict`.

Cost: some ten microseconds a mention, and for `firms_in` one pass over the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from indexer.enrich.persons import names
from indexer.enrich.persons.cues import is_given, is_role
from indexer.enrich.persons.mentions import (
    FIRST_CONFIDENCE,
    FULL_CONFIDENCE,
    LONE_CONFIDENCE,
    ORDINARY_CONFIDENCE,
    SURNAME_CONFIDENCE,
    Mention,
    begins,
)
from indexer.enrich.persons.partners import POSSESSIVES, in_firm, owns_nothing
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.text import fold

CERTAIN = frozenset(("honorific", "military", "royal", "religious", "noble"))
"""Kinds of title after which a single word is a person even if it is also a place or a common word."""

SAINT = re.compile(r"St\.?|Saint")
"""The title of a saint; such names usually are those of a church, a school or a town."""


def is_person(
    body: Sequence[Sentence],
    mention: Mention,
    around: Context,
    firms: frozenset[tuple[str, ...]],
    surnames: frozenset[str] = frozenset(),
) -> bool:
    """True if a name that the model found may be a person, judging by its words and the article.

    The firms are those of `firms_in`; the surnames are those of full names in the article, as compared.
    """
    words, name = body[mention.sentence].words, mention.name
    inside = tuple(words[mention.first : mention.last])
    if _is_no_name(inside):
        return False
    if _in_abbreviation(body, mention) or _in_brackets(words, mention.first, mention.last):
        return False
    if mention.first and (fold(words[mention.first - 1]) in words_of("bearer") or _in_address(words, mention)):
        return False
    after = words[mention.last] if mention.last < len(words) else ""
    if after == "&" or (mention.first and words[mention.first - 1] == "&"):
        return False
    if fold(after).rstrip(".") in words_of("namesake"):
        return False
    if (not name.title or name.title.islower()) and in_firm(words, mention.first, mention.last):
        return name.keys[0] in surnames and len(inside) == 1
    if not name.title and inside in firms:
        return name.keys[0] in surnames and len(inside) == 1
    if _inside_place(words, mention.first, mention.last) or _is_thing(inside) or _inside_thing(words, mention.last):
        return False
    if not name.title and fold(inside[0]) in words_of("people"):
        return False
    led = "g" in flags(inside[0]) or inside[0].endswith(".") or bool(name.title)
    if not led and any(fold(word) in words_of("landmark") for word in inside):
        return False
    if not any(len(key) > 1 and key not in words_of("particle") for key in name.keys):
        return False
    if not name.title and len(inside) > 1 and _is_common(inside, around):
        return False
    if len(name.words) > 1:
        whole = " ".join(inside)
        enough = SURNAME_CONFIDENCE if "f" in flags(inside[-1]) else FULL_CONFIDENCE
        if not name.title and _is_ordinary(inside[-1]):
            enough = ORDINARY_CONFIDENCE
        return mention.confidence >= enough and whole not in table("places") and not _is_brand(inside)
    if not name.title and _goes_on(inside[0], after):
        return False
    if name.keys[0] in surnames:
        return True
    if not name.title and (_is_ordinary(inside[0]) or _in_list_of_towns(words, mention.first, mention.last)):
        return False
    if after == "-" and words[mention.last + 1 : mention.last + 2] and words[mention.last + 1][0].isdigit():
        return False
    if not name.title and after[:1].isupper() and names.title_kind(after) and not is_given(inside[0]):
        return False
    if fold(inside[0]).rstrip(".") in words_of("calendar") or (not name.title and names.title_kind(inside[0])):
        return False
    if SAINT.fullmatch(name.title) or (after in POSSESSIVES and owns_nothing(words, mention.last + 1)):
        return False
    if name.kind in CERTAIN:
        return mention.confidence >= FULL_CONFIDENCE
    if inside[0] in table("places") or inside[0].lower() in around.small or not inside[0][0].isupper():
        return False
    if inside[0] in table("brands"):
        return False
    return mention.confidence >= (FIRST_CONFIDENCE if begins(words, mention.first) else LONE_CONFIDENCE)


@lru_cache(maxsize=1 << 14)
def _is_no_name(inside: tuple[str, ...]) -> bool:
    """True if words are not written like a person's name, or end like a street's."""
    return (
        any(character.isdigit() for word in inside for character in word)
        or any(word.islower() and fold(word) not in words_of("particle") for word in inside)
        or any(word[0].isalpha() and word.upper() == word.lower() for word in inside)
        or any(word.isupper() and word.isalpha() and len(word) > 2 and not names.is_suffix(word) for word in inside)
        or any(map(_is_glued, inside))
        or any(map(_PLURAL.fullmatch, inside))
        or fold(inside[-1]) in words_of("namesake") - words_of("landmark")
    )


_PLURAL = re.compile("[A-Z]{2,}s")
"""Several of what an abbreviation means: `MPs`."""


def _is_glued(word: str) -> bool:
    """True if a word is two words run together, as a page's buttons are: `UndoUndo`, `ShareTweet`; not `DeVito`."""
    for part in _PARTS.split(word):
        at = next((at for at in range(1, len(part)) if part[at].isupper() and part[at - 1].islower()), 0)
        if at > _LONGEST_PREFIX and part[:at] not in _PREFIXES and part[:at] not in table("given"):
            return True
    return False


_PARTS = re.compile(r"[-‐‑'’ʼ]")
_LONGEST_PREFIX = 3
_PREFIXES = frozenset(("Fitz", "Vande", "Vander", "Della", "Delle"))
"""What a capital may follow within a surname, if longer than Mac and Van."""


@lru_cache(maxsize=1 << 14)
def _is_thing(inside: tuple[str, ...]) -> bool:
    """True if words name an organisation, an office or a landmark."""
    return (
        _is_shortened(inside)
        or any(map(_is_organisation, inside))
        or (fold(inside[0]) in words_of("bearer") and len(inside) > 1 and inside[0] not in table("given"))
        or fold(inside[-1]) in words_of("head")
        or (len(inside) > 1 and fold(inside[0]).partition("-")[0] in _SIDES and inside[0] not in table("given"))
        or (len(inside) > 1 and _named_after_place(inside))
    )


def _is_organisation(word: str) -> bool:
    """True if a word is part of the names of organisations; an abbreviation only in capitals: `FA`, but not `Fa`."""
    return fold(word).rstrip(".") in words_of("organisation") and (
        word.isupper() or "." in word or word.upper() not in table("words")
    )


def _is_ordinary(word: str) -> bool:
    """True if a word is none of a name's: `Oh`, `Meanwhile`."""
    return word.lower() in table("ordinary")


def _in_address(words: Sequence[str], mention: Mention) -> bool:
    """True if a name is a street's: `12 Doe St`, `on Jane Street`."""
    last = fold(words[mention.last - 1])
    if last not in _STREETS or mention.last - mention.first < 2:
        return False
    before = words[mention.first - 1]
    return before in _AT or before in POSSESSIVES or before[0].isdigit()


_STREETS = frozenset(
    ("street", "st", "road", "rd", "lane", "drive", "avenue", "ave", "terrace", "close", "way", "square")
)
_AT = frozenset(("on", "in", "at", "near", "along", "from", "of", "to", "off", "and"))


def _in_list_of_towns(words: Sequence[str], first: int, last: int) -> bool:
    """True if a single word stands where a home or a result does: `Jane Doe, 35, Anytown, was`, `Anytown (3-1)`."""
    after = words[last : last + 3]
    if len(after) == 3 and after[0] == "(" and after[2] == ")" and _RECORD.fullmatch(after[1]):
        return True
    aged = first > 3 and words[first - 1] == words[first - 3] == "," and words[first - 2].isdigit()
    return aged and not (len(after) > 1 and after[0] == "," and after[1].isdigit())


_RECORD = re.compile(r"\d{1,3}-\d{1,3}(?:-\d{1,3})?")


def _is_brand(inside: tuple[str, ...]) -> bool:
    """True if a name of several words is a firm's, a team's or the like, also after a word of another kind."""
    brands = table("brands")
    whole, rest = " ".join(inside), " ".join(inside[1:])
    return whole in brands or (len(inside) > 2 and rest in brands and not is_given(inside[0]))


def _goes_on(word: str, after: str) -> bool:
    """True if a single word is the beginning of a longer name: `North` of `North American-made`."""
    return after[:1].isupper() and fold(word) in words_of("common") and fold(after) not in words_of("calendar")


def _named_after_place(inside: Sequence[str]) -> bool:
    """True if a name is that of a landmark or a part of a place, such as India Gate and Bolton West."""
    kinds = table("places").get(" ".join(inside[:-1]), ())
    last = fold(inside[-1])
    return ("country" in kinds and last in words_of("landmark")) or ("city" in kinds and last in _SIDES)


_SIDES = frozenset(("north", "south", "east", "west", "central"))


def _inside_place(words: Sequence[str], first: int, last: int) -> bool:
    """True if words are part of a place name of two or three words: `Hong` before `Kong-listed`."""
    known = _place_words()
    after = words[last] if last < len(words) else ""
    if (not first or words[first - 1] not in known) and after not in known and after.partition("-")[0] not in known:
        return False  # a longer name has the word before or after
    return any(
        " ".join((*words[start : end - 1], words[end - 1].partition("-")[0])) in table("places")
        for start in range(max(last - 3, 0), first + 1)
        for end in range(last, min(start + 4, len(words) + 1))
        if end - start > max(last - first, 1)
    )


@cache
def _place_words() -> frozenset[str]:
    """The words of place names of several words."""
    return frozenset(word for name in table("places") if " " in name for word in name.split(" "))


def _inside_thing(words: Sequence[str], last: int) -> bool:
    """True if the capitalised words after a name make it a thing's: `Indira Gandhi` before `World Peace Award`."""
    for word in words[last : last + _LONGEST_TAIL]:
        folded = fold(word).rstrip(".")
        if not word[0].isupper() or is_given(word) or is_role(word):
            return False
        if any(folded in words_of(kind) for kind in ("head", "namesake", "organisation")):
            return True
    return False


_LONGEST_TAIL = 5


def _in_abbreviation(body: Sequence[Sentence], mention: Mention) -> bool:
    """True if words begin within an abbreviation that was cut: `S. Trade` of `Soviet-U.S. Trade`."""
    here, at = body[mention.sentence], slice(max(mention.first - 2, 0), mention.first)
    words, starts = list(here.words[at]), list(here.starts[at])
    if mention.sentence and len(words) < 2:
        before = body[mention.sentence - 1]
        words, starts = [*before.words[-2:], *words][-2:], [*before.starts[-2:], *starts][-2:]
    if len(words) < 2 or words[1] != "." or starts[1] + 1 != here.starts[mention.first]:
        return False
    return words[0][-1].isupper() and (len(words[0]) == 1 or words[0][-2] in _HYPHENS)


def _in_brackets(words: Sequence[str], first: int, last: int) -> bool:
    """True if words are between `<` and `>`: a firm's name at some agencies, or markup of a page."""
    if "<" not in words:
        return False
    before = next((word for word in reversed(words[max(first - _LONGEST_MARK, 0) : first]) if word in "<>"), "")
    return before == "<" and next((word for word in words[last : last + _LONGEST_MARK] if word in "<>"), "") == ">"


_LONGEST_MARK = 24
"""The greatest number of words between `<` and `>`."""


def _is_shortened(inside: Sequence[str]) -> bool:
    """True if the last word is an abbreviation other than Jr: `N.V.`, `OS`, `W. Va.`, `R-Minn`."""
    last = inside[-1]
    if names.is_suffix(last):
        return False
    if len(inside) == 1:
        return last[1:2] in _HYPHENS
    return last.endswith(".") or (len(last) == 2 and last.isupper())


_HYPHENS = frozenset("-‐‑")

_LANDS = frozenset(("country", "region", "demonym"))


def _is_common(inside: Sequence[str], around: Context) -> bool:
    """True if words without a known name end in a common word of the article, or follow a place name."""
    first, last = inside[0], inside[-1]
    if is_given(first) or first.endswith(".") or last in table("surname") or last in table("given"):
        return False
    return (
        last.lower() in around.small
        or _is_ordinary(last)
        or (len(inside) == 2 and bool(_LANDS & set(table("places").get(first, ()))))
    )


def firms_in(body: Sequence[Sentence]) -> frozenset[tuple[str, ...]]:
    """The names before Inc or the like in an article, and the short names of those firms."""
    found: set[tuple[str, ...]] = set()
    for sentence in body:
        words = sentence.words
        for at in sentence.capitals:
            word = words[at]
            if not at:
                continue
            if _ends_firm(word):
                if words[at - 1] == "," and fold(word).rstrip(".") not in _LEGAL:
                    continue
                first = at
                while (
                    first > at - _LONGEST_FIRM
                    and first
                    and (words[first - 1][0].isupper() or words[first - 1] in ("&", "and", ","))
                ):
                    first -= 1
                run = [each for each in words[first:at] if each[0].isupper()]
                found.update(tuple(run[:size]) for size in range(1, len(run) + 1))
                if len(run) > 1 and run[0].endswith("."):
                    found.add((run[1],))
            elif word in _second_words() and "firm" in table("brands").get(f"{words[at - 1]} {word}", ()):
                found.add((words[at - 1],))
    return frozenset(found)


@lru_cache(maxsize=1 << 16)
def _ends_firm(word: str) -> bool:
    return fold(word).rstrip(".") in words_of("firm")


@cache
def _second_words() -> frozenset[str]:
    """The last words of firms' names of two words."""
    return frozenset(
        name.split()[1] for name, kinds in table("brands").items() if "firm" in kinds and name.count(" ") == 1
    )


_LEGAL = frozenset(
    (
        "inc",
        "corp",
        "corporation",
        "co",
        "company",
        "cos",
        "ltd",
        "limited",
        "llc",
        "llp",
        "plc",
        "ag",
        "sa",
        "nv",
        "lp",
    )
)
"""What may follow a firm's name after a comma; not `Jane Doe, Group President`."""

_LONGEST_FIRM = 8
"""The greatest length of a firm's name in words, including commas."""
