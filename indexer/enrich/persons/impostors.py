"""Names that the tagger mistook for persons: a firm, an airport, a storm, a people, a day of the week.

`is_person` judges each mention by the words of the name, the words next to it, and the firms and surnames of the
article. Not for adding up the evidence of all occurrences of a name: see `verdict`.

Cost: a few microseconds a mention; `firms_in` reads only sentences that have a word such as Inc.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.enrich.persons import names, trait
from indexer.enrich.persons.cues import is_given
from indexer.enrich.persons.mentions import (
    FIRST_CONFIDENCE,
    FULL_CONFIDENCE,
    LONE_CONFIDENCE,
    ORDINARY_CONFIDENCE,
    SURNAME_CONFIDENCE,
    Mention,
    begins,
)
from indexer.enrich.persons.partners import in_firm, owns_nothing
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import Context
from indexer.languages import Language
from search.text.tokens import fold

CERTAIN = frozenset(("honorific", "military", "royal", "religious", "noble"))
"""Kinds of title after which a single word is a person even if it is also a place or a common word."""

SAINT = "saint"
"""The pattern of the title of a saint; such names usually are those of a church, a school or a town."""


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
    sentence, first, last, name = body[mention.sentence], mention.first, mention.last, mention.name
    words, traits, language = sentence.words, sentence.traits, sentence.language
    before, after, head, tail = traits[first - 1], traits[last], traits[first], traits[last - 1]
    any_inside = head | tail
    for at in range(first + 1, last - 1):
        any_inside |= traits[at]
    if any_inside & trait.NO_NAME or tail & trait.NO_NAME_LAST or (before | after) & trait.AMPERSAND:
        return False
    if (
        before & trait.BEARER
        or after & trait.NAMESAKE
        or (not before & trait.ALNUM and _in_abbreviation(body, mention))
    ):
        return False
    if sentence.any_traits & trait.BRACKET and _in_brackets(words, first, last):
        return False
    if tail & trait.STREET_OR_SIDE and _in_address(words, first, last, language):
        return False
    titled, whole = bool(name.title), words[first:last]
    near_firm = before & (trait.HELD | trait.LINK) or after & trait.FIRM_AFTER
    if (near_firm and (not titled or name.title.islower()) and in_firm(sentence, first, last)) or (
        not titled and firms and tuple(whole) in firms
    ):
        return name.keys[0] in surnames and len(whole) == 1
    near_place = before & trait.PLACE_PART or after & trait.PLACE_PART_BEGINS
    if near_place and head & tail & trait.PLACE_PART_BEGINS and _inside_place(words, first, last, language):
        return False
    if (
        any_inside & trait.ORGANISATION
        or tail & trait.HEAD
        or _is_thing(whole, head, tail, language)
        or (after & trait.UPPER and _inside_thing(traits, last))
    ):
        return False
    if not titled and head & trait.PEOPLE:
        return False
    if any_inside & trait.LANDMARK and not (titled or head & trait.IN_GIVEN or words[first].endswith(".")):
        return False
    if not name.spelt_out:
        return False
    if not titled and len(whole) > 1 and _is_common(sentence, first, last, around):
        return False
    if len(name.words) > 1:
        person = tail & trait.FAMILY or (head & trait.INITIAL and not tail & trait.PLACE)
        enough = SURNAME_CONFIDENCE if person else FULL_CONFIDENCE
        if not titled and tail & trait.ORDINARY:
            enough = ORDINARY_CONFIDENCE
        return mention.confidence >= enough and not _is_known_otherwise(whole, language)
    if not titled and head & trait.COMMON and after & trait.UPPER and not after & trait.CALENDAR:
        return False  # `North` of `North American-made`
    if name.keys[0] in surnames:
        return True
    if not titled and (head & (trait.ORDINARY | trait.TITLE) or _in_list_of_towns(words, first, last, language)):
        return False
    if last + 1 < len(words) and words[last] == "-" and words[last + 1][0].isdigit():
        return False
    if not titled and after & trait.UPPER and after & trait.TITLE and not head & trait.GIVEN:
        return False
    if head & trait.CALENDAR:
        return False
    if words[first][-1] == "." and fold(words[first]).rstrip(".") in language.words("calendar"):
        return False
    if name.title and language.pattern(SAINT).fullmatch(name.title):
        return False
    if (
        after & trait.FIRM_AFTER
        and words[last] in language.words("possessive")
        and owns_nothing(words, last + 1, language)
    ):
        return False
    if name.kind in CERTAIN:
        return mention.confidence >= FULL_CONFIDENCE
    if head & (trait.PLACE | trait.BRAND) or not head & trait.UPPER or around.has_small(sentence, first):
        return False
    if not titled and around.has_organised(sentence, first):
        return False
    shows_nothing = head & (trait.UPPER | trait.CASED) == trait.UPPER or begins(words, first)
    return mention.confidence >= (FIRST_CONFIDENCE if shows_nothing else LONE_CONFIDENCE)


def _is_thing(inside: Sequence[str], head: int, tail: int, language: Language) -> bool:
    """True if words name an office or a landmark, or are an abbreviation."""
    if len(inside) == 1:
        return inside[0][1:2] in _HYPHENS and not names.is_suffix(inside[0], language)
    return (
        (
            not head & trait.IN_GIVEN
            and (head & trait.BEARER > 0 or (head & trait.STREET_OR_SIDE > 0 and _is_side(inside[0], language)))
        )
        or (_is_shortened(inside[-1]) and not names.is_suffix(inside[-1], language))
        or (tail & (trait.LANDMARK | trait.STREET_OR_SIDE) > 0 and _named_after_place(inside, language))
    )


def _is_side(word: str, language: Language) -> bool:
    return fold(word).partition("-")[0] in language.words("side")


def _is_shortened(word: str) -> bool:
    """True if the last word of a name is an abbreviation: `N.V.`, `OS`, `W. Va.`, `R-Minn`."""
    return word.endswith(".") or (len(word) == 2 and word.isupper())


_HYPHENS = frozenset("-‐‑")


def _in_address(words: Sequence[str], first: int, last: int, language: Language) -> bool:
    """True if a name is a street's: `12 Doe St`, `on Jane Street`."""
    if not first or last - first < 2 or fold(words[last - 1]) not in language.words("street"):
        return False
    before = words[first - 1]
    return before in language.words("on-street") or before in language.words("possessive") or before[0].isdigit()


def _in_list_of_towns(words: Sequence[str], first: int, last: int, language: Language) -> bool:
    """True if a single word stands where a home or a result does: `Jane Doe, 35, of Anytown`, `Jane Doe, 35, Anytown,
    was`, `Anytown (3-1)`.
    """
    if first > 2 and words[first - 1] in language.words("of") and words[first - 2] == ",":
        return words[first - 3].isdigit()
    after = words[last : last + 3]
    if len(after) == 3 and after[0] == "(" and after[2] == ")" and _RECORD.fullmatch(after[1]):
        return True
    aged = first > 3 and words[first - 1] == words[first - 3] == "," and words[first - 2].isdigit()
    return aged and not (len(after) > 1 and after[0] == "," and after[1].isdigit())


_RECORD = re.compile(r"\d{1,3}-\d{1,3}(?:-\d{1,3})?")


def _is_known_otherwise(inside: Sequence[str], language: Language) -> bool:
    """True if a name of several words is a place's, or a firm's or team's, also after a word of another kind."""
    brands, whole = language.table("brands"), " ".join(inside)
    if whole in language.table("places") or whole in brands:
        return True
    return len(inside) > 2 and " ".join(inside[1:]) in brands and not is_given(inside[0], language)


def _named_after_place(inside: Sequence[str], language: Language) -> bool:
    """True if a name is that of a landmark or a part of a place, such as India Gate and Bolton West."""
    last = fold(inside[-1])
    kinds = language.table("places").get(" ".join(inside[:-1]), ())
    return ("country" in kinds and last in language.words("landmark")) or (
        "city" in kinds and last in language.words("side")
    )


def _inside_place(words: Sequence[str], first: int, last: int, language: Language) -> bool:
    """True if words are part of a place name of two or three words: `Hong` before `Kong-listed`, `HAAG` after `DEN`."""
    places = language.table("places")
    return any(
        (written := " ".join((*words[start : end - 1], words[end - 1].partition("-")[0]))) in places
        or (written.isupper() and written.title() in places)
        for start in range(max(last - 3, 0), first + 1)
        for end in range(last, min(start + 4, len(words) + 1))
        if end - start > max(last - first, 1)
    )


def _inside_thing(traits: Sequence[int], last: int) -> bool:
    """True if the capitalised words after a name make it a thing's: `Indira Gandhi` before `World Peace Award`."""
    given = False
    for after in traits[last : last + _LONGEST_TAIL]:
        if after & trait.UPPER and after & trait.TAIL:
            return True
        if not after & trait.UPPER or after & trait.ROLE or given:
            return False
        given = after & trait.GIVEN > 0
    return False


_LONGEST_TAIL = 5


def _in_abbreviation(body: Sequence[Sentence], mention: Mention) -> bool:
    """True if words begin within an abbreviation that was cut: `S. Trade` of `Soviet-U.S. Trade`."""
    here, first = body[mention.sentence], mention.first
    before = body[mention.sentence - 1] if mention.sentence and first < 2 else None
    if first and here.words[first - 1] != ".":
        return False
    words = here.words[max(first - 2, 0) : first]
    if before:
        words = [*before.words[-2:], *words][-2:]
    if len(words) < 2 or words[1] != "." or not words[0][-1].isupper():
        return False
    stop = here.starts[first - 1] if first or before is None else before.starts[-1]
    return stop + 1 == here.starts[first] and (len(words[0]) == 1 or words[0][-2] in _HYPHENS)


def _in_brackets(words: Sequence[str], first: int, last: int) -> bool:
    """True if words are between `<` and `>`: a firm's name at some agencies, or markup of a page."""
    before = next((word for word in reversed(words[max(first - _LONGEST_MARK, 0) : first]) if word in "<>"), "")
    return before == "<" and next((word for word in words[last : last + _LONGEST_MARK] if word in "<>"), "") == ">"


_LONGEST_MARK = 24
"""The greatest number of words between `<` and `>`."""


_LANDS = frozenset(("country", "region", "demonym"))


def _is_common(sentence: Sentence, first: int, last: int, around: Context) -> bool:
    """True if words without a known name end in a common word of the article, or follow a place name."""
    inside, head, tail = sentence.words[first:last], sentence.traits[first], sentence.traits[last - 1]
    if head & trait.GIVEN or tail & (trait.FAMILY | trait.IN_GIVEN) or inside[0].endswith("."):
        return False
    return (
        tail & trait.ORDINARY > 0
        or around.has_small(sentence, last - 1)
        or (len(inside) == 2 and not _LANDS.isdisjoint(sentence.language.table("places").get(inside[0], ())))
    )


def firms_in(body: Sequence[Sentence]) -> frozenset[tuple[str, ...]]:
    """The names before Inc or the like in an article, and the short names of those firms."""
    found: set[tuple[str, ...]] = set()
    for sentence in body:
        if not sentence.any_traits & _OF_FIRM:
            continue
        words, traits, language = sentence.words, sentence.traits, sentence.language
        for at in sentence.capitals:
            if not at or not traits[at] & _OF_FIRM:
                continue
            if traits[at] & trait.FIRM_ENDS:
                if words[at - 1] == "," and fold(words[at]).rstrip(".") not in language.words("legal-after-comma"):
                    continue
                first = at
                while (
                    first > at - _LONGEST_FIRM
                    and first
                    and (words[first - 1][0].isupper() or words[first - 1] in language.words("listed"))
                ):
                    first -= 1
                run = [each for each in words[first:at] if each[0].isupper()]
                found.update(tuple(run[:size]) for size in range(1, len(run) + 1))
                if len(run) > 1 and run[0].endswith("."):
                    found.add((run[1],))
            elif "firm" in language.table("brands").get(f"{words[at - 1]} {words[at]}", ()):
                found.add((words[at - 1],))
    return frozenset(found)


_OF_FIRM = trait.FIRM_ENDS | trait.FIRM_SECOND

_LONGEST_FIRM = 8
"""The greatest length of a firm's name in words, including commas."""
