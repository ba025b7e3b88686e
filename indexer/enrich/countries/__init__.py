"""The countries an article is about, by the names, peoples, cities and regions it mentions.

The `gazetteer` finds the phrases, `senses` decides what each means and what it weighs. Each mention adds the weight of
its kind to its country, a mention in the title twice; a country with a sum of at least `ENOUGH` is reported. So one
name, people, capital or large city is enough; an ambiguous place name needs support, as does a small town. The
evidence says if a country is a main one (`prominence`). Persons are found first: "Jordan Henderson" is not a country.

For the languages that have a gazetteer; in others only the names of countries are found, by `territories`. Not for
coordinates, nor for places within a country. Cost: some 150 microseconds for a report of 440 words, 250 if it names
twenty places.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Literal

from indexer import languages
from indexer.enrich.countries import gazetteer, territories
from indexer.enrich.countries.gazetteer import Mention
from indexer.enrich.countries.namesakes import Here
from indexer.enrich.countries.prominence import main_ones
from indexer.enrich.countries.senses import Said, firms_in, judge
from search.values.article import Article, Evidence, changed

ENOUGH = 0.5
"""The least sum of weights of a country: any single clear mention, or three different weak ones."""

TITLE = 2
"""The factor for mentions in the title."""

SHOWN = 10
"""The number of mentions of a country that are listed as evidence, the first ones; all of them count."""


def enrich(article: Article) -> Article:
    """Return the article with its countries, greatest weight first, and the evidence for each."""
    if "country" in article.given:
        return article
    language = languages.named(article.language or languages.DEFAULT)
    if language is None or not language.has(gazetteer.FILE):
        return _by_names_alone(article)
    spans = [
        (e.start, e.end)
        for e in article.evidence.get("person", ())
        if e.within == "text" and e.start is not None and e.end is not None
    ]
    in_title = _without_names(article.title, gazetteer.find(article.title, language), article)
    in_text = _without_spans(article.text, gazetteer.find(article.text, language), spans)
    lines = (gazetteer.flat(article.title), in_title), (gazetteer.flat(article.text), in_text)
    here, firms = Here(language, *lines), firms_in(article.text, in_text, language)
    found = judge(article.title, in_title, article, here, firms)
    count = len(found)
    found += judge(article.text, in_text, article, here, firms)
    return _with(article, _of_their_time(found, article), count)


def _by_names_alone(article: Article) -> Article:
    """Return the article with the countries that it names in a language without a gazetteer."""
    found, count = territories.find(article)
    return _with(article, found, count) if found else article


def _with(article: Article, found: list[Said], count: int) -> Article:
    """Return the article with the countries that are mentioned often enough; the first `count` are in the title."""
    totals = _totals(found, count)
    codes = sorted((code for code, total in totals.items() if total >= ENOUGH - 1e-9), key=lambda c: -totals[c])
    main = main_ones(codes, found[:count], found[count:], len(article.text))
    by_code: dict[str, list[Evidence]] = {code: [] for code in codes}
    for number, said in enumerate(found):
        code, start, end, rule, confidence, *_ = said
        if code in by_code and len(by_code[code]) < SHOWN:
            text, within = (article.title, _TITLE) if number < count else (article.text, _TEXT)
            by_code[code].append(Evidence(code, start, end, text[start:end], rule, confidence, within, code in main))
    shown = tuple(evidence for code in codes for evidence in by_code[code])
    return changed(article, country=tuple(codes), evidence={**article.evidence, "country": shown})


_TITLE: Literal["title"] = "title"
_TEXT: Literal["text"] = "text"


def _totals(found: list[Said], count: int) -> dict[str, float]:
    """Country → the sum of its mentions' weights, of which the first `count` are in the title.

    A weak word counts once, however often it occurs: a Mr Reading is no more a town for being named ten times. What
    counts once counts no more in a title than elsewhere.
    """
    totals: dict[str, float] = {}
    heard: set[tuple[str, str]] = set()
    for number, said in enumerate(found):
        code = said.code
        if said.once:
            if (code, said.once) in heard:
                continue
            heard.add((code, said.once))
        weight = said.weight * (TITLE if number < count and not said.once else 1)
        totals[code] = totals.get(code, 0.0) + weight
    return totals


def _without_spans(text: str, mentions: list[Mention], spans: list[tuple[int, int]]) -> list[Mention]:
    """The mentions that do not overlap with a person's name.

    A place of several words that is the whole name remains ("Cote d'Ivoire"), as does that of "Hussein of Jordan".
    """
    if not spans:
        return mentions
    names, outside = set(spans), []
    coming = deque(sorted(names))
    here: list[tuple[int, int]] = []
    for mention in mentions:  # in the order of the text, so that each is compared only with the names it overlaps
        start, end, *_ = mention
        while coming and coming[0][0] < end:
            here.append(coming.popleft())
        if here:
            here = [name for name in here if name[1] > start]
        if (
            not here
            or text.endswith("of ", 0, start)
            or ((start, end) in names and " " in text[start:end])
            or not any(end - start <= name[1] - name[0] for name in here)
        ):
            outside.append(mention)
    return outside


def _without_names(title: str, mentions: list[Mention], article: Article) -> list[Mention]:
    """The mentions outside the names and surnames of the article's persons."""
    if not mentions:
        return mentions
    names = {e.text for e in article.evidence.get("person", ())} | set(article.person)
    surnames = {name.rpartition(" ")[2] for name in names if " of " not in name}
    small = title.lower()
    here = [word for word in names | surnames if word and word.lower() in small]
    if not here:
        return mentions
    words = [re.escape(word) for word in sorted(here, key=len, reverse=True)]
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    return _without_spans(title, mentions, [match.span() for match in pattern.finditer(title)])


_PLACES = frozenset({"city", "town", "capital", "metonym", "institution"})
"""The kinds of evidence that belong to the state a place is part of at the time."""


def _of_their_time(found: list[Said], article: Article) -> list[Said]:
    """Assign cities and buildings to the state they belonged to when the article was written."""
    year = int(article.published[:4]) if article.published and article.published[:4].isdigit() else None
    named = set() if year else {said.code for said in found if said.rule not in _PLACES}
    eras = [era for era in gazetteer.eras() if (era.first <= year <= era.last if year else era.code in named)]
    if not eras:
        return found
    return [_moved(said, eras) if said.rule in _PLACES and said.code not in named else said for said in found]


def _moved(said: Said, eras: list[gazetteer.Era]) -> Said:
    return said._replace(code=next((era.code for era in eras if said.code in era.today), said.code))
