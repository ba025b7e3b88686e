"""Towns with the name of a more famous place: Paris in Texas, Lebanon in Ohio, Edmonton in Kentucky.

`Here` reads the whole article: the regions it names, the towns it names with a region ("Paris, Texas"), and words of
local news. `Here.country` then decides which place is meant. If the article refers to the famous place's country by any
other word, the famous place is meant.

Otherwise the town is meant if the article writes it with its region anywhere; or if it names a region that has such a
town, and the name is not that of a capital or a country, or the article has a word of local news (the pattern `local`);
or if it has such a word, is at home in a country by its institutions, and that country has such a town.

An article is at home in the country of which it has most hints (country_institutions.tsv): two different ones, or three
if it names another country, or one if it names that country or a place in it.

Cost: a microsecond for an article without regions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cache

from indexer.enrich.countries import gazetteer
from indexer.enrich.countries.gazetteer import Mention, Place, rows
from indexer.enrich.kernels.around import COUNTY, NAMESAKE
from indexer.languages import Language
from search.text.tokens import fold

KINDS = frozenset({"city", "capital", "name"})
"""The kinds of phrases that may be another town's name."""

ALONE, WITH_OTHERS = 2, 3
"""The number of different institutions that show it without any other word for the country: if the article names no
other country, and if it does."""

FAMOUS = frozenset({"capital", "name"})
"""The kinds that need more than a region to be one."""

_BEFORE, _AFTER = 20, 20
"""The greatest number of characters of a word of local news before and after its part in `in-local`."""


def is_local(text: str, language: Language) -> bool:
    """True if a text has a word of local news, in countries with counties, townships and school districts."""
    pattern = language.pattern("local")
    for part in language.listed("in-local"):
        at = text.find(part)
        while at >= 0:
            found = pattern.search(text, max(at - _BEFORE, 0), at + len(part) + _AFTER)
            if found and pattern.match(text, found.start()):  # also if the search did not end within a word
                return True
            at = text.find(part, at + 1)
    return False


class Here:
    """Where an article is from, judged by all that it names.

    Attributes:
        language: of the article.
        home: the country whose institutions it speaks of as its own; "" if there is none.
        towns: the countries of the smaller towns that it names.
        named: those that it refers to by other words than names of towns, as far as that matters here.
    """

    def __init__(self, language: Language, *passages: tuple[str, Sequence[Mention]]) -> None:
        """Read an article: title and text, each in one line (`gazetteer.flat`), with its mentions."""
        self.language, self._passages = language, passages
        self._regions: set[str] = set()
        self._towns: dict[str, str] = {}
        self._local: bool | None = None
        self.towns: Set[str] = set()
        hints: dict[str, tuple[str, ...]] = {}
        for text, mentions in passages:
            for number, (start, end, place, _) in enumerate(mentions):
                if place.kind == "subdivision":
                    self._read_region(text, start, end, mentions[number - 1] if number else None)
                elif place.kind == gazetteer.TOWN:
                    self.towns |= {*place.readings[0].codes}
                elif gazetteer.HINT in place.wary:
                    hints[fold(text[start:end]).rstrip("s")] = place.readings[0].codes
        hints = _longest(hints)
        heard = _at_home(hints, frozenset())
        self.home = _most(heard, frozenset())
        self.named = self._elsewhere() if self._regions or heard else frozenset[str]()
        clear = self._clear()
        heard = _at_home(hints, clear)
        self.home = _most(heard, clear)
        if self.home not in self.named | self.towns and len(heard.get(self.home, ())) < (
            WITH_OTHERS if self.named else ALONE
        ):
            self.home = ""
        self.named |= heard.keys()

    def _read_region(self, text: str, start: int, end: int, before: Mention | None) -> None:
        """Note a region that is named in a text, and the town before it."""
        if region := regions(self.language).get(text[start:end]):
            self._regions.add(region)
            if before and before.place.kind in KINDS and text[before.end : start] in (", ", ",\n"):
                self._towns[text[before.start : before.end].lower()] = region[:2]

    def _clear(self) -> frozenset[str]:
        """The countries of `named` for which there is a word that has no other meaning."""
        if not self.named:
            return self.named
        places = {mention.place for _, mentions in self._passages for mention in mentions}
        sure = (place for place in places if len(place.readings) == 1 and gazetteer.HINT not in place.wary)
        return self.named & {code for place in sure for code in place.readings[0].codes}

    def _elsewhere(self) -> frozenset[str]:
        """The countries of words that are not also a town of a named region; institutions do not count."""
        found: set[Place] = set()
        doubted = COUNTY | NAMESAKE
        for text, mentions in self._passages:
            for mention in mentions:
                if not ((self._towns or mention.near & doubted) and self._is_doubtful(text, mention)):
                    found.add(mention.place)
        clear = (place for place in found if place.kind != gazetteer.TOWN and gazetteer.HINT not in place.wary)
        return frozenset[str]().union(*map(gazetteer.ground, clear))

    def _is_doubtful(self, text: str, mention: Mention) -> bool:
        """True if a name may be that of another place here."""
        if is_county(text, mention, self.language):
            return True
        phrase = text[mention.start : mention.end].lower()
        return mention.place.kind in KINDS and (phrase in self._towns or bool(self._shares(phrase)))

    def _shares(self, phrase: str) -> list[str]:
        """The named regions that have a town of this name; otherwise those of the country that the article is from."""
        towns = gazetteer.shared_names(self.language).get(phrase)
        if towns is None:
            return []
        return sorted(self._regions & towns) or sorted(
            town for town in towns if town[:2] == self.home and self._is_local()
        )

    def country(self, phrase: str, mention: Mention, code: str) -> str:
        """The country of a place: `code`, that of the famous one, or that of its namesake."""
        if not (self._regions or self.home) or mention.place.kind not in KINDS or code in self.named:
            return code
        if town := self._towns.get(phrase.lower()):
            return town
        here = self._shares(phrase.lower())
        if here and (mention.place.kind not in FAMOUS or self._is_local()):
            return here[0][:2]
        return code

    def _is_local(self) -> bool:
        if self._local is None:
            self._local = any(is_local(text, self.language) for text, _ in self._passages)
        return self._local


def _longest(hints: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Hint → its countries, of those that are not part of a longer one."""
    return {name: codes for name, codes in hints.items() if not any(name in other for other in hints if name != other)}


def _at_home(hints: Mapping[str, tuple[str, ...]], named: Set[str]) -> dict[str, set[str]]:
    """Country → the hints that count for it.

    A hint of several countries counts for those that the article names otherwise, and for the first if none is named or
    if the first has hints of its own.
    """
    heard: dict[str, set[str]] = {}
    for name, codes in hints.items():
        if len(codes) == 1:
            heard.setdefault(codes[0], set()).add(name)
    own = frozenset(heard)
    for name, codes in hints.items():
        if len(codes) > 1:
            meant = named & frozenset(codes)
            for code in meant | {codes[0]} if not meant or codes[0] in own else meant:
                heard.setdefault(code, set()).add(name)
    return heard


def _most(heard: Mapping[str, set[str]], named: Set[str]) -> str:
    """The country with most hints, one that the article names otherwise before others; "" if there is none."""
    return max(heard, key=lambda code: (len(heard[code]), code in named, code), default="")


_WITH_COUNTIES = {("GB",), ("IE",)}


def is_county(text: str, mention: Mention, language: Language) -> bool:
    """True if the name of a British county is that of another one here: Kent is never called Kent County in Britain."""
    place = mention.place
    british = place.kind == "subdivision" and place.readings[-1].codes in _WITH_COUNTIES
    return british and language.pattern("county-after").match(text, mention.end) is not None


@cache
def regions(language: Language) -> Mapping[str, str]:
    """Word for a region → its ISO 3166-2 code."""
    return {word: row["code"] for row in rows("regions", language) for word in row["words"].split("|")}
