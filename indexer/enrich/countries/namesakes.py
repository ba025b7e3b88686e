"""Towns with the name of a more famous place: Paris in Texas, Lebanon in Ohio, Edmonton in Kentucky.

`Here` reads the whole article: the regions it names, the towns it names with a region ("Paris, Texas"), and words of
local news. `Here.country` then decides which place is meant. If the article refers to the famous place's country by any
other word, the famous place is meant.

Otherwise the town is meant if the article writes it with its region anywhere; or if it names a region that has such a
town, and the name is not that of a capital or a country, or the article has a word of local news (`LOCAL`); or if the
article speaks of a country's sheriffs, school boards and the like as its own, and that country has such a town.

Cost: a microsecond for an article without regions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from indexer.enrich.countries import gazetteer
from indexer.enrich.countries.gazetteer import Mention, rows
from search.text import fold

KINDS = frozenset({"city", "capital", "name"})
"""The kinds of phrases that may be another town's name."""

INSTITUTION = "institution"
"""The kind of phrases that show where local news is from."""

ALONE, BESIDE_OTHERS = 2, 3
"""The number of different institutions that show it without any other word for the country: if the article names no
other country, and if it does."""

FAMOUS = frozenset({"capital", "name"})
"""The kinds that need more than a region to be one."""

LOCAL = re.compile(
    r"\b(?:County|Township|[Ss]heriff(?:[’']s)?|[Dd]eput(?:y|ies)|[Cc]oroner|[Tt]roopers?|High School|Middle School|"
    r"Elementary School|School District|[Ss]chool board|School Board|[Cc]ity [Cc]ouncil|City Hall|Superior Court|"
    r"Circuit Court|District Court|State Police|Police Department|Fire Department|Highway Patrol|Funeral Home|"
    r"[Ff]irefighters|Const\.)(?!\w)"
)
"""Words of local news in countries with counties, townships and school districts."""


class Here:
    """Where an article is from, judged by all that it names.

    Attributes:
        home: the country whose institutions it speaks of as its own; "" if there is none.
    """

    def __init__(self, *passages: tuple[str, Sequence[Mention]]) -> None:
        """Read an article: title and text, each in one line (`gazetteer.flat`), with its mentions."""
        self._passages = passages
        self._regions: set[str] = set()
        self._towns: dict[str, str] = {}
        self._local: bool | None = None
        known = regions()
        for text, mentions in passages:
            for number, mention in enumerate(mentions):
                region = known.get(text[mention.start : mention.end]) if mention.place.kind == "subdivision" else None
                if region:
                    self._regions.add(region)
                    before = mentions[number - 1] if number else None
                    if before and before.place.kind in KINDS and text[before.end : mention.start] in (", ", ",\n"):
                        self._towns[text[before.start : before.end].lower()] = region[:2]
        heard = self._institutions()
        self.home = max(heard, key=lambda code: (len(heard[code]), code), default="")
        self._named: set[str] = set(self._elsewhere()) if self._regions or heard else set()
        if self.home not in self._named and len(heard.get(self.home, ())) < (BESIDE_OTHERS if self._named else ALONE):
            self.home = ""
        self._named |= heard.keys()

    def _institutions(self) -> Mapping[str, set[str]]:
        """Country → its institutions that are mentioned."""
        heard: dict[str, set[str]] = {}
        for text, mentions in self._passages:
            for mention in mentions:
                if mention.place.kind == INSTITUTION:
                    (code,) = mention.place.readings[0].codes
                    heard.setdefault(code, set()).add(fold(text[mention.start : mention.end]).rstrip("s"))
        return {
            code: {name for name in names if not any(name in other for other in names - {name})}
            for code, names in heard.items()
        }

    def _elsewhere(self) -> Iterator[str]:
        """The countries of words that are not also a town of a named region; institutions do not count."""
        for text, mentions in self._passages:
            for mention in mentions:
                phrase = text[mention.start : mention.end].lower()
                if (
                    mention.place.kind != INSTITUTION
                    and not is_county(text, mention)
                    and not (mention.place.kind in KINDS and (phrase in self._towns or self._shares(phrase)))
                ):
                    for reading in mention.place.readings:
                        yield from reading.codes
                        for code in reading.codes:
                            yield from gazetteer.ground(code)

    def _shares(self, phrase: str) -> list[str]:
        """The named regions that have a town of this name; otherwise those of the country that the article is from."""
        towns = _shared().get(phrase, frozenset())
        return sorted(self._regions & towns) or sorted(town for town in towns if town[:2] == self.home)

    def country(self, phrase: str, mention: Mention, code: str) -> str:
        """The country of a place: `code`, that of the famous one, or that of its namesake."""
        if not (self._regions or self.home) or mention.place.kind not in KINDS or code in self._named:
            return code
        if town := self._towns.get(phrase.lower()):
            return town
        here = self._shares(phrase.lower())
        if here and (mention.place.kind not in FAMOUS or self.home == here[0][:2] or self._is_local()):
            return here[0][:2]
        return code

    def _is_local(self) -> bool:
        if self._local is None:
            self._local = any(LOCAL.search(text) for text, _ in self._passages)
        return self._local


_COUNTY = re.compile(r" (?:County|Township)\b(?! (?:Council|Councillor|Cricket|Court|Hall|Championship|Ground|Show))")
_WITH_COUNTIES = {("GB",), ("IE",)}


def is_county(text: str, mention: Mention) -> bool:
    """True if the name of a British county is that of another one here: Kent is never called Kent County in Britain."""
    place = mention.place
    british = place.kind == "subdivision" and place.readings[-1].codes in _WITH_COUNTIES
    return british and _COUNTY.match(text, mention.end) is not None


@cache
def regions() -> Mapping[str, str]:
    """Word for a region → its ISO 3166-2 code."""
    return {word: row["code"] for row in rows("regions") for word in row["words"].split("|")}


@cache
def _shared() -> Mapping[str, frozenset[str]]:
    return {row["name"].lower(): frozenset(row["regions"].split("|")) for row in rows("namesakes")}
