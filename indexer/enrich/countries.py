"""The countries an article is about, by the names, peoples, cities and regions it mentions.

A gazetteer of some ten thousand phrases is looked up in one pass (Aho–Corasick); at each place the longest phrase wins.
Each mention adds the weight of its kind to its country, a mention in the title twice; a country is kept from
`ENOUGH` on. So one name, people, capital or large city is enough, and a place of an ambiguous name needs company.
Persons are found first: "Jordan Henderson" is no country.

The words are in the tables of `indexer/enrich/data`: `country_demonyms`, `country_subdivisions`, `country_metonyms`,
`country_cities`, `country_city_names`; what they mean beside each other in `country_phrases`, `country_wary` and
`country_eras`; the names of countries are those of `search.vocabulary`.

Only for English text. Not for coordinates, nor for places within a country. Cost: 60 to 90 microseconds for an
article of 130 words; the gazetteer is built once, in a tenth of a second.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import ahocorasick

from search.article import Article, Evidence
from search.text import fold
from search.vocabulary import vocabulary

ENOUGH = 0.5
"""The sum of weights from which a country is kept: any single clear mention, or three different weak ones."""

TITLE = 2
"""How many times a mention in the title counts."""

SHOWN = 10
"""How many mentions of a country are kept as evidence, the first ones; all of them count."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mention: what it adds to a country, and how sure it makes."""

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
}
"""Rule of the evidence → what it is worth. `past` is the name of a state that is gone."""

WEAK = Kind(0.2, 0.3)
"""What a place is worth whose name is as often another's or an ordinary word."""

WARY = Kind(0.1, 0.2)
"""What it is worth where it stands like a person's name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase means when one of the words of `context` stands in the article; () always holds."""

    context: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase of the gazetteer.

    Attributes:
        readings: the first whose context holds is meant.
        wary: of `given`, `surname`, `weak`: see country_wary.tsv; `comma`: counts only after a comma.
    """

    kind: str
    readings: tuple[Reading, ...]
    wary: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found in a text, in code points."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class Era:
    """The years in which places of today's countries belonged to a state of the past."""

    code: str
    first: int
    last: int
    today: frozenset[str]


def enrich(article: Article) -> Article:
    """The article with its countries, weightiest first, and the evidence for each."""
    if "country" in article.given or article.language not in ("en", None):
        return article
    spans = [(e.start, e.end) for e in article.evidence.get("person", ()) if e.start is not None and e.end is not None]
    found = _judge(article.title, _without_names(article.title, _mentions(article.title), article), article)
    count = len(found)
    found += _judge(article.text, _without_spans(article.text, _mentions(article.text), spans), article)
    found = list(_of_their_time(found, article))
    totals = _totals(found, count)
    codes = tuple(sorted((code for code, total in totals.items() if total >= ENOUGH - 1e-9), key=lambda c: -totals[c]))
    kept: dict[str, list[Evidence]] = {code: [] for code in codes}
    for number, (evidence, _) in enumerate(found):
        mentions = kept.get(evidence.value)
        if mentions is not None and len(mentions) < SHOWN:
            if number < count:
                evidence = replace(evidence, start=None, end=None, rule=f"title: {evidence.rule}")
            mentions.append(evidence)
    shown = tuple(evidence for code in codes for evidence in kept[code])
    return replace(article, country=codes, evidence={**article.evidence, "country": shown})


def _totals(found: list[tuple[Evidence, float]], count: int) -> dict[str, float]:
    """Country → the sum of its mentions' weights, of which the first `count` stand in the title.

    A weak word counts once, however often it comes: a Mr Reading is no more a town for being named ten times.
    """
    totals: dict[str, float] = {}
    weak: set[tuple[str, str]] = set()
    for number, (evidence, weight) in enumerate(found):
        if weight < ENOUGH:
            word = (evidence.value, evidence.text)
            if word in weak:
                continue
            weak.add(word)
        totals[evidence.value] = totals.get(evidence.value, 0.0) + weight * (TITLE if number < count else 1)
    return totals


# --- finding the phrases ---

_FLAT = str.maketrans({"\n": " ", "\t": " ", "\r": " ", "\xa0": " ", "’": "'", "‑": "-"})
"""Characters taken for others of the same length, so that places stay where they are."""

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
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Lord|Lady|Sir|Dame|Prof|Professor|Judge|Justice|Sgt|Capt|Sen|Rep)\.? $")
_NEXT = re.compile(r" [A-Z][a-z]")
_SIGNED = re.compile(r" (?:accords?|agreements?|conventions?|pact|protocols?|treaty)\b", re.IGNORECASE)
"""What is named after the city it was signed in."""
_MONEY = re.compile(
    r"[ \n-](?:crown|dinar|dirham|dlr|dollar|franc|guilder|krona|krone|lira|lire|mark|peso|pound|real|rial|riyal|"
    r"ringgit|rouble|ruble|rupee|rupiah|schilling|shilling|sterling|won|yen|yuan)s?\b",
    re.IGNORECASE,
)
"""The money of a country, which is a unit before it is a subject."""


def _mentions(text: str) -> list[Mention]:
    """The phrases that stand in the text as words, longest first at each place, none overlapping."""
    if not text:
        return []
    flat = text.translate(_FLAT)
    size = len(flat)
    hits = []
    for last, (length, place) in _automaton().iter(flat):
        start, end = last - length + 1, last + 1
        if (start and flat[start - 1].isalnum()) or (end < size and flat[end].isalnum() and flat[last] != "$"):
            continue
        if "comma" in place.wary and not (flat[start - 2 : start] == ", " and flat[start - 3 : start - 2].isalnum()):
            continue
        hits.append((start, -end, place))
    hits.sort(key=lambda hit: hit[:2])
    chosen: list[Mention] = []
    reached = 0
    for start, negative_end, place in hits:
        if start >= reached:
            reached = -negative_end
            chosen.append(Mention(start, reached, place))
    return chosen


def _without_spans(text: str, mentions: list[Mention], spans: list[tuple[int, int]]) -> list[Mention]:
    """Those that no person's name covers or cuts.

    A place of several words that is the whole name stays ("Cote d'Ivoire"), and so does that of "Hussein of Jordan".
    """
    if not spans:
        return mentions
    return [
        m
        for m in mentions
        if text[max(0, m.start - 3) : m.start] == "of "
        or ((m.start, m.end) in spans and " " in text[m.start : m.end])
        or not any(start < m.end and m.start < end and m.end - m.start <= end - start for start, end in spans)
    ]


def _without_names(title: str, mentions: list[Mention], article: Article) -> list[Mention]:
    """Those that are no person's name: names and surnames of the article's persons are covered."""
    if not mentions:
        return mentions
    names = {e.text for e in article.evidence.get("person", ())} | set(article.person)
    surnames = {name.rpartition(" ")[2] for name in names if " of " not in name}
    words = [re.escape(word) for word in sorted(names | surnames, key=len, reverse=True) if word]
    if not words:
        return mentions
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    return _without_spans(title, mentions, [match.span() for match in pattern.finditer(title)])


# --- judging what they mean ---


def _judge(text: str, mentions: list[Mention], article: Article) -> list[tuple[Evidence, float]]:
    """What each mention says: a piece of evidence and its weight, in the order of the text."""
    found: list[tuple[Evidence, float]] = []
    shouted = text.isupper()
    for number, mention in enumerate(mentions):
        following = mentions[number + 1] if number + 1 < len(mentions) else None
        if following and _qualifies(text, mention, following):
            continue
        place = mention.place
        if shouted and mention.start and text[mention.start : mention.end] == "US":
            continue  # as likely the pronoun
        reading = _reading(place, article)
        if reading is None or (mention.start and _TITLED.search(text, max(0, mention.start - 11), mention.start)):
            continue
        kind, worth = place.kind, KINDS[place.kind]
        if place.wary:
            worth = _wary(text, mention, reading, shouted) or worth
        if kind in ("city", "capital"):
            if _SIGNED.match(text, mention.end):
                continue
        elif _MONEY.match(text, mention.end):
            worth = WEAK
        for code in reading.codes:
            rule = "past" if kind == "name" and len(code) == 4 else kind
            passage = text[mention.start : mention.end]
            found.append((Evidence(code, mention.start, mention.end, passage, rule, worth.confidence), worth.weight))
    return found


def _qualifies(text: str, mention: Mention, following: Mention) -> bool:
    """Whether the next mention tells that this is another place of the name, as in "Paris, Texas"."""
    if following.start != mention.end + 2 or text[mention.end : following.start] not in (", ", ",\n"):
        return False
    here, there = mention.place, following.place
    if here.kind not in ("city", "capital") or here.readings[-1].codes == there.readings[-1].codes:
        return False
    return there.kind == "subdivision" or (here.kind == "city" and there.kind == "name")


def _reading(place: Place, article: Article) -> Reading | None:
    for reading in place.readings:
        if not reading.context or any(_stands(word, article.title, article.text) for word in reading.context):
            return reading
    return None


def _stands(word: str, *texts: str) -> bool:
    """Whether the word stands in one of the texts, as a word; in capitals where the text is in capitals."""
    for text in texts:
        sought = word.upper() if text.isupper() else word
        start = text.find(sought)
        while start >= 0:
            end = start + len(sought)
            if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
                return True
            start = text.find(sought, end)
    return False


def _wary(text: str, mention: Mention, reading: Reading, shouted: bool) -> Kind | None:
    """The lesser worth of a name one must be wary of; None where there is no reason here."""
    wary = mention.place.wary
    if not shouted:
        if "given" in wary and _NEXT.match(text, mention.end):
            return WARY
        before = _BEFORE.search(text, max(0, mention.start - 24), mention.start) if "surname" in wary else None
        if before and before[1] not in _STARTS:
            return WARY
    return WEAK if "weak" in wary and not reading.context else None


_PLACES = frozenset({"city", "capital", "metonym"})
"""The kinds of evidence that belong to whoever rules the place."""


def _of_their_time(found: list[tuple[Evidence, float]], article: Article) -> Iterator[tuple[Evidence, float]]:
    """The same, with cities and buildings given to the state they belonged to when the article was written."""
    year = int(article.published[:4]) if article.published and article.published[:4].isdigit() else None
    named = {evidence.value for evidence, _ in found if evidence.rule not in _PLACES}
    eras = [era for era in _eras() if (era.first <= year <= era.last if year else era.code in named)]
    for evidence, weight in found:
        if eras and evidence.rule in _PLACES and (year or evidence.value not in named):
            code = next((era.code for era in eras if evidence.value in era.today), evidence.value)
            evidence = replace(evidence, value=code)
        yield evidence, weight


# --- the gazetteer ---

_INITIALS = {"US", "USA", "UK", "UAE", "USSR", "PRC", "DPRK", "GDR", "FRG", "DDR", "SFRY"}
"""The abbreviations that newspapers use for countries; the other codes of the vocabulary are not looked for."""

_LOUD = 4
"""From how many letters on a phrase is also known in capitals; shorter ones are as often initials."""


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    places = _places()
    for phrase, place in places.items():
        automaton.add_word(phrase, (len(phrase), place))
    for phrase, place in places.items():
        loud = phrase.upper()
        if loud not in places and len(phrase) >= _LOUD and not place.wary & {"weak", "comma"}:
            automaton.add_word(loud, (len(loud), place))
    automaton.make_automaton()
    return automaton


@cache
def _places() -> dict[str, Place]:
    """Every phrase in the cases it is written in, except all capitals; what comes first keeps a phrase."""
    wary = {row["word"]: frozenset(row["wary"].split("|")) for row in _table("wary")}
    readings: dict[str, list[Reading]] = {}
    for row in _table("phrases"):
        context = tuple(row["context"].split("|")) if row["context"] else ()
        codes = tuple(row["codes"].split("|")) if row["codes"] else ()
        readings.setdefault(row["phrase"], []).append(Reading(context, codes))
    kinds: dict[str, str] = {}
    places: dict[str, Place] = {}
    for phrase, code, kind, weak in _words():
        if phrase not in kinds:
            kinds[phrase] = kind
            marks = wary.get(phrase, frozenset()) | weak
            _add(places, phrase, Place(kind, (Reading((), (code,)),), marks))
    for phrase, choices in readings.items():
        place = Place(kinds.get(phrase, "phrase"), tuple(choices), wary.get(phrase, frozenset()))
        _add(places, phrase, place, dict.__setitem__)
    return places


def _add(
    places: dict[str, Place],
    phrase: str,
    place: Place,
    put: Callable[[dict[str, Place], str, Place], object] = dict.setdefault,
) -> None:
    """Put a phrase in as it is written, without its accents, and with capitals as in a headline."""
    put(places, phrase, place)
    for other in (_plain(phrase), _titled(phrase)):
        if other != phrase:
            put(places, other, place)


def _words() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """(phrase, code, kind, marks) of every word of the tables, the more telling kinds first."""
    none: frozenset[str] = frozenset()
    for entry in vocabulary("country").entries.values():
        kind = "past" if len(entry.code) == 4 else "name"
        for name in (entry.label.partition(" (")[0], *entry.aliases):
            initials = name.isupper() and name.isalpha()
            if (name in _INITIALS or not initials) and not name.lower().startswith("the "):
                yield name, entry.code, kind, none
    yield "US", "US", "name", none
    for table, kind in (("demonyms", "demonym"), ("subdivisions", "subdivision"), ("metonyms", "metonym")):
        for row in _table(table):
            for word in row.get("words", row.get("names", "")).split("|"):
                yield word, row["code"], kind, none
    for row in _table("subdivisions"):
        for word in filter(None, (row.get("abbreviations") or "").split("|")):
            yield word, row["code"], "subdivision", frozenset({"comma"})
    cities = list(_table("cities"))
    for row in cities:
        if row["kind"] == "capital" and not row["weak"]:
            yield row["name"], row["code"], "capital", none
    for row in _table("city_names"):
        for word in row["names"].split("|"):
            yield word, row["code"], "city", none
    for row in cities:
        yield row["name"], row["code"], row["kind"], frozenset({"weak"}) if row["weak"] else none


@cache
def _eras() -> tuple[Era, ...]:
    return tuple(
        Era(row["code"], int(row["from"]), int(row["to"]), frozenset(row["today"].split("|"))) for row in _table("eras")
    )


def _table(name: str) -> Iterable[Mapping[str, str]]:
    table = (resources.files("indexer.enrich") / "data" / f"country_{name}.tsv").read_text(encoding="utf-8")
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _plain(phrase: str) -> str:
    """A phrase without accents, as English keyboards write it."""
    folded = fold(phrase)
    if len(folded) != len(phrase):
        return phrase
    return "".join(plain.upper() if kept.isupper() else plain for plain, kept in zip(folded, phrase, strict=True))


def _titled(phrase: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in phrase.split(" "))
