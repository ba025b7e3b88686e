"""What a phrase of the gazetteer means in its context, and what it weighs: "Paris, Texas" is not in France.

`judge` interprets each mention by the words around it and in the article: personal names, treaties, money, the next
place; `namesakes` distinguishes a town from the famous city of the same name, `passing` finds mentions in passing. Not
for adding up the weights: see `countries`.

Cost: some ten microseconds for an article of 130 words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.enrich.countries.gazetteer import Meaning, Mention, Place, flat
from indexer.enrich.countries.namesakes import INSTITUTION, Here, is_county
from indexer.enrich.countries.passing import in_firm, in_passing
from search.article import Article, Evidence


@dataclass(frozen=True, slots=True)
class Kind:
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
    "institution": Kind(0.25, 0.5),
}
"""Rule of the evidence → weight and confidence. `past` is the name of a former state."""

WEAK = Kind(0.2, 0.3)
"""For a place whose name is as often something else or an ordinary word."""

PASSING = Kind(0.2, 0.4)
"""For a place mentioned in passing; unlike a weak word it counts each time."""

WARY = Kind(0.1, 0.2)
"""For a place that is written like a person's name."""


@dataclass(frozen=True, slots=True)
class Said:
    """The interpretation of a mention.

    Attributes:
        weight: the weight it adds to its country.
        once: mentions of a country with the same word here add their weight only once; "" if each counts.
    """

    evidence: Evidence
    weight: float
    once: str


MONEY = "money"
"""`once` of a country's money."""


def judge(text: str, mentions: list[Mention], article: Article, here: Here, firms: frozenset[str]) -> list[Said]:
    """Interpret each mention, in the order of the text.

    Args:
        firms: see `firms_in`.
    """
    found: list[Said] = []
    line = flat(text)
    shouted = text.isupper()
    stand: dict[str, bool] = {}
    for number, mention in enumerate(mentions):
        following = mentions[number + 1] if number + 1 < len(mentions) else None
        if following and _qualifies(line, mention, following):
            continue
        place = mention.place
        phrase = line[mention.start : mention.end]
        if shouted and mention.start and phrase == "US":
            continue  # as likely the pronoun
        reading = _reading(place, article, stand)
        if reading is None or (mention.start and _TITLED.search(line, max(0, mention.start - 11), mention.start)):
            continue
        kind, once = place.kind, ""
        worth = KINDS[kind]
        if kind == INSTITUTION:
            if here.home not in reading.codes:
                continue
            once = phrase.lower()
        elif is_county(line, mention) and here.home not in reading.codes:
            continue
        if place.wary and (lesser := _wary(line, mention, reading, shouted)):
            worth, once = lesser, phrase
        if kind in ("city", "capital"):
            if _SIGNED.match(line, mention.end):
                continue
        elif _MONEY.match(line, mention.end):
            worth, once = WEAK, MONEY
        if worth.weight > WEAK.weight:
            if phrase.lower() in firms or in_firm(line, mention.start, mention.end, kind):
                worth, once = WEAK, phrase.lower()
            elif in_passing(line, mention.start, mention.end, kind):
                worth = PASSING
        for famous in reading.codes:
            code = here.country(phrase, mention, famous)
            rule = "past" if kind == "name" and len(code) == 4 else kind if code == famous else "namesake"
            passage = text[mention.start : mention.end]
            evidence = Evidence(code, mention.start, mention.end, passage, rule, worth.confidence)
            found.append(Said(evidence, worth.weight, once))
    return found


_BORROWED = frozenset({"city", "subdivision"})
"""The kinds of places that may stand for a firm once its full name has been given."""


def firms_in(text: str, mentions: list[Mention]) -> frozenset[str]:
    """Place names, in lower case, that a text introduces as part of a firm's name: `oxford` of Oxford Financial Inc."""
    first: dict[str, bool] = {}
    line = flat(text)
    for mention in mentions:
        if mention.place.kind in _BORROWED:
            word = line[mention.start : mention.end].lower()
            if word not in first:
                first[word] = in_firm(line, mention.start, mention.end, mention.place.kind)
    return frozenset(word for word, named in first.items() if named)


def _qualifies(text: str, mention: Mention, following: Mention) -> bool:
    """True if the next mention shows that another place of this name is meant, as in "Paris, Texas"."""
    if following.start != mention.end + 2 or text[mention.end : following.start] != ", ":
        return False
    here, there = mention.place, following.place
    if here.kind not in ("city", "capital") or here.readings[-1].codes == there.readings[-1].codes:
        return False
    return there.kind == "subdivision" or (here.kind == "city" and there.kind == "name")


def _reading(place: Place, article: Article, stand: dict[str, bool]) -> Meaning | None:
    """The reading whose context applies in an article.

    Args:
        stand: a cache: word → True if it occurs in the article.
    """
    for reading in place.readings:
        for word in reading.context:
            if word not in stand:
                stand[word] = _stands(word, article.title, article.text)
        if not reading.context or any(map(stand.__getitem__, reading.context)):
            return reading
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


def _wary(text: str, mention: Mention, reading: Meaning, shouted: bool) -> Kind | None:
    """The lower worth of a doubtful name; None if there is no reason for doubt here."""
    wary = mention.place.wary
    if not shouted:
        if "given" in wary and _NEXT.match(text, mention.end):
            return WARY
        before = _BEFORE.search(text, max(0, mention.start - 24), mention.start) if "surname" in wary else None
        if before and before[1] not in _STARTS:
            return WARY
    return WEAK if "weak" in wary and not reading.context else None


_OPENERS = """
A After All Also Although An And Any Are Around As At Before Behind Beyond Both But By Can Central Could Despite
Did Does Down Downtown During East Eastern Even Every Following For Former Friday From Greater Had Has Have How
If In Inner Inside Into Is Lower Many Modern Monday Near New No North Northern Not Now Of Off Old On Once Only
Or Our Out Outside Over Rural Saturday Should Since So South Southern Still Sunday That The Then There Though
Through Thursday To Today Toward Towards Tuesday Under Unlike Until Upper Was Wednesday Were West Western What
When Where Whether Which While Who Why Will With Within Without Would Yet
"""
_STARTS = frozenset(_OPENERS.split())
"""Capitalised words that a place's name may follow without being a surname."""

_BEFORE = re.compile(r"(?<![\w'])([A-Z][\w'-]*\.?) $")
_NEXT = re.compile(r" [A-Z][a-z]")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Lord|Lady|Sir|Dame|Prof|Professor|Judge|Justice|Sgt|Capt|Sen|Rep)\.? $")
_SIGNED = re.compile(r" (?:accords?|agreements?|conventions?|pact|protocols?|treaty)\b", re.IGNORECASE)
"""What is named after the city it was signed in."""

_MONEY = re.compile(
    r"[ \n-](?:crown|dinar|dirham|dlr|dollar|franc|guilder|krona|krone|lira|lire|mark|peso|pound|real|rial|riyal|"
    r"ringgit|rouble|ruble|rupee|rupiah|schilling|shilling|sterling|won|yen|yuan)s?\b",
    re.IGNORECASE,
)
"""The money of a country, which is a unit before it is a subject."""
