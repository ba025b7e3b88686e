"""What a phrase of the gazetteer means in its context, and what it weighs: "Paris, Texas" is not in France.

`judge` interprets each mention by the words around it and in the article: personal names, treaties, money, the next
place; `namesakes` distinguishes a town from the famous city of the same name, `passing` finds mentions in passing. Not
for adding up the weights: see `countries`.

Cost: some ten microseconds for an article of 130 words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from indexer.enrich.countries.gazetteer import HINT, TOWN, Meaning, Mention, Place, flat
from indexer.enrich.countries.namesakes import Here, is_county
from indexer.enrich.countries.passing import IN_FIRM, IN_PASSING, counted, in_firm, in_passing
from indexer.enrich.kernels.around import COMMA, COUNTY, MONEY, NAMED, SIGNED, SITED, SPOKEN, STREET, TITLE
from indexer.languages import Language
from search.values.article import Article


class Kind(NamedTuple):
    """A kind of mention: the weight it adds to a country, and its confidence."""

    weight: float
    confidence: float


KINDS = {
    "name": Kind(1.0, 0.95),
    "past": Kind(1.0, 0.95),
    "demonym": Kind(0.8, 0.9),
    "phrase": Kind(0.8, 0.9),
    "subdivision": Kind(0.6, 0.8),
    "capital": Kind(0.6, 0.8),
    "metonym": Kind(0.6, 0.7),
    "city": Kind(0.6, 0.7),
    "town": Kind(0.3, 0.5),
    "institution": Kind(0.6, 0.7),
}
"""Rule of the evidence → weight and confidence. `past` is the name of a former state."""

PAID = Kind(0.5, 0.4)
"""For the money of a country."""

HELD = Kind(0.5, 0.6)
"""For a smaller town where something is said to happen: `in Coachella`."""

WEAK = Kind(0.2, 0.3)
"""For a place whose name is as often something else or an ordinary word."""

PASSING = 0.2
"""The share of a mention in passing."""

COUNTED = 0.04
"""The share of people who are counted (`deux Français et un Péruvien`): they say who was there, not where it was."""

HINTED = Kind(0.25, 0.5)
"""For an institution that several countries have, in news that is at home in one of them."""

WARY = Kind(0.1, 0.2)
"""For a place that is written like a person's name."""


class Said(NamedTuple):
    """The interpretation of a mention.

    Attributes:
        code: its country.
        start, end, rule, confidence: as in `search.values.article.Evidence`.
        weight: the weight it adds to its country.
        once: mentions of a country with the same word here add their weight only once; "" if each counts.
        share: what it adds to the claim that its country is a main one; see `prominence`.
    """

    code: str
    start: int
    end: int
    rule: str
    confidence: float
    weight: float
    once: str
    share: float


PAYMENT = "money"
"""`once` of a country's money."""


def judge(text: str, mentions: list[Mention], article: Article, here: Here, firms: frozenset[str]) -> list[Said]:
    """Interpret each mention, in the order of the text.

    Args:
        firms: see `firms_in`.
    """
    found: list[Said] = []
    line, language = flat(text), here.language
    shouted = text.isupper()
    stand: dict[str, bool] = {}
    for number, mention in enumerate(mentions, 1):
        start, end, place, near = mention
        if near & COMMA and line.startswith(", ", end) and _qualifies(mention, mentions[number : number + 1]):
            continue
        phrase = line[start:end]
        if shouted and start and phrase in language.words("shouted-pronoun"):
            continue  # US in capitals is as likely the pronoun
        if (near & _ELSEWHERE or place.kind in _CITIES) and _is_elsewhere(line, mention, language):
            continue
        reading = place.only or _reading(place, article, here, stand)
        if reading is None:
            continue
        codes = reading.codes
        if HINT in place.wary:
            codes = (here.home,) if here.home in codes else ()
        elif near & COUNTY and is_county(line, mention, language) and here.home not in codes:
            continue
        worth, once = KINDS[place.kind], ""
        if firms or near & _WORTH or place.doubtful:
            worth, once = _worth(line, mention, reading, shouted, firms, language)
        share = 0.0 if once == PAYMENT else worth.weight
        if share > PASSING and near & IN_PASSING and in_passing(line, mention, language):
            share = PASSING
        elif place.kind == "demonym" and counted(line, mention, language):
            share = COUNTED
        for famous in codes:
            code = famous if famous in here.named else here.country(phrase, mention, famous)
            kind = "past" if place.kind == "name" and len(code) == 4 else place.kind
            rule = kind if code == famous else "namesake"
            found.append(Said(code, start, end, rule, worth.confidence, worth.weight, once, share))
    return found


_CITIES = frozenset({"city", "capital"})
_ELSEWHERE = TITLE | SPOKEN | STREET | SIGNED
_WORTH = MONEY | IN_FIRM
"""The bits of what is near a mention without which it is not elsewhere, or is worth what its kind is."""


def _is_elsewhere(text: str, mention: Mention, language: Language) -> bool:
    """True if a phrase is part of a person's name, or names a street, a language or what was signed in a city."""
    start, end, place, near = mention
    kind = place.kind
    if near & TITLE and language.pattern("titled-before").search(text, max(0, start - 11), start):
        return True
    if kind == "demonym":
        return bool(near & SPOKEN) and _is_language(text, start, end, language)
    if near & STREET and kind in _STREETS and language.pattern("street-after").match(text, end):
        return True
    if kind not in _CITIES:
        return False
    return bool(
        (near & SIGNED and language.pattern("signed-after").match(text, end))
        or language.pattern("signed-before").search(text, max(0, start - 24), start)
    )


def _worth(
    text: str, mention: Mention, reading: Meaning, shouted: bool, firms: frozenset[str], language: Language
) -> tuple[Kind, str]:
    """The weight of a mention, and its `once` (see `Said`)."""
    start, end, place, near = mention
    phrase = text[start:end]
    worth, once = KINDS[place.kind], ""
    if HINT in place.wary:
        worth, once = HINTED, phrase.lower()
    elif place.wary and (lesser := _wary(text, mention, reading, shouted, language)):
        worth, once = lesser, phrase
    elif place.kind == TOWN:
        sited = near & SITED and language.pattern("sited-before").search(text, max(0, start - 24), start)
        worth, once = (HELD, f"in {phrase}") if sited else (worth, phrase)
    if near & MONEY and place.kind not in ("city", "capital") and language.pattern("money-after").match(text, end):
        worth, once = PAID, PAYMENT
    if worth.weight > WEAK.weight and ((firms and phrase.lower() in firms) or in_firm(text, mention, language)):
        worth, once = WEAK, phrase.lower()
    return worth, once


_BORROWED = frozenset({"city", "subdivision", TOWN})
"""The kinds of places that may denote a firm once its full name has been given."""


def firms_in(text: str, mentions: list[Mention], language: Language) -> frozenset[str]:
    """Place names, in lower case, that a text introduces as part of a firm's name: `oxford` of Oxford Financial Inc."""
    first: dict[str, bool] = {}
    line = flat(text)
    for mention in mentions:
        if mention.place.kind in _BORROWED:
            word = line[mention.start : mention.end].lower()
            if word not in first:
                first[word] = in_firm(line, mention, language)
    return frozenset(word for word, named in first.items() if named)


def _qualifies(mention: Mention, following: Sequence[Mention]) -> bool:
    """True if the mention after a comma shows that another place of this name is meant, as in "Paris, Texas"."""
    if not following or following[0].start != mention.end + 2:
        return False
    here, there = mention.place, following[0].place
    if here.kind not in ("city", "capital") or here.readings[-1].codes == there.readings[-1].codes:
        return False
    return there.kind == "subdivision" or (here.kind == "city" and there.kind == "name")


def _reading(place: Place, article: Article, here: Here, stand: dict[str, bool]) -> Meaning | None:
    """The reading whose context applies in an article; if none does, that of the country of a smaller town in it.

    Args:
        stand: a cache: word → True if it occurs in the article.
    """
    for reading in place.readings:
        for word in reading.context:
            if word not in stand:
                stand[word] = _stands(word, article.title, article.text)
        if any(map(stand.__getitem__, reading.context)):
            return reading
        if not reading.context:
            return next((other for other in place.readings if not here.towns.isdisjoint(other.codes)), reading)
    return None


def _stands(word: str, *texts: str) -> bool:
    """True if a word occurs in one of the texts as a whole word, or in capitals if the text is in capitals."""
    for text in texts:
        sought = word.upper() if text.isupper() else word
        start = text.find(sought)
        while start >= 0:
            end = start + len(sought)
            if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
                return True
            start = text.find(sought, end)
    return False


def _wary(text: str, mention: Mention, reading: Meaning, shouted: bool, language: Language) -> Kind | None:
    """The lower worth of a doubtful name; None if there is no reason for doubt here."""
    wary = mention.place.wary
    if not shouted:
        if mention.near & NAMED and "given" in wary and _NEXT.match(text, mention.end):
            return WARY
        before = _BEFORE.search(text, max(0, mention.start - 24), mention.start) if "surname" in wary else None
        if before and before[1] not in language.words("opener"):
            return WARY
    return WEAK if "weak" in wary and not reading.context else None


def _is_language(text: str, start: int, end: int, language: Language) -> bool:
    """True if the word for a people is its language here: `in Greek,`, `speaks Polish`."""
    if language.pattern("spoken-before").search(text, max(0, start - 24), start):
        return True
    after_in = any(text[start - len(word) - 1 : start].lower() == f"{word} " for word in language.listed("in"))
    return after_in and language.pattern("written-after").match(text, end) is not None


_STREETS = frozenset({"name", "city", "capital", "subdivision", TOWN})
_BEFORE = re.compile(r"(?<![\w'])([A-Z][\w'-]*\.?) $")
_NEXT = re.compile(r" [A-Z][a-z]")
