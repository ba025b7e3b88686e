"""What a reader may see of which articles: a few rules, of which the first that fits an article decides.

A rule is an `Extent` of articles and a tier. The articles that reach a tier are a `Narrowing`, which both engines apply
before anything is found, counted or read: a narrowed engine answers as an index of these articles alone would.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from msgspec import json

from search.text import dates
from search.text.tokens import fold
from search.values.article import Article

Tier = Literal["none", "metadata", "text", "export"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""From nothing: that an article exists, with its metadata; its text; its scan, and that it may be exported."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Some articles, by what they state; an empty tuple or None restricts nothing.

    Attributes:
        collection: the names under which articles were read; "" is that of those read under none.
        source, language: values of these facets, in any case and with any accents, as articles have them, whatever
            names are merged.
        first, last: days of publication, inclusive.
    """

    collection: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def is_dated(self) -> bool:
        """True if it is restricted by the day of publication."""
        return self.first is not None or self.last is not None

    def beyond(self, other: Extent) -> Extent | None:
        """These articles without those of another extent, or more of them: only values of one list are omitted.

        Returns:
            None if the other has all of them.
        """
        within_days = (other.first or date.min) <= (self.first or date.min) and (
            (self.last or date.max) <= (other.last or date.max)
        )
        rests = {name: rest for name in _LISTS if (rest := _rest(name, self, other)) is not None}
        if not within_days or len(rests) > 1:
            return self
        if not rests:
            return None
        ((name, rest),) = rests.items()
        if not rest:
            return self
        collection, source, language = (rest if each == name else getattr(self, each) for each in _LISTS)
        return Extent(collection, source, language, self.first, self.last)

    def fits(self, article: Article) -> bool | None:
        """True if an article is among these; None if that depends on its day, which is unknown, or on which of the days
        of its month or year it is.
        """
        for wanted, value in ((self.source, article.source), (self.language, article.language)):
            if wanted and (not value or fold(value) not in set(map(fold, wanted))):
                return False
        if self.collection and article.collection not in self.collection:
            return False
        if not self.is_dated:
            return True
        if article.published is None:
            return None
        return self._has(dates.parse(article.published))

    @property
    def cut(self) -> frozenset[dates.Days]:
        """The months and years of which it has some days and not others."""
        ends = [day.isoformat() for day in (self.first, self.last) if day is not None]
        periods = frozenset(dates.parse(end[:length]) for end in ends for length in (len("1979"), len("1979-06")))
        return frozenset(period for period in periods if self._has(period) is None)

    def _has(self, days: dates.Days) -> bool | None:
        """True if it has all of some days; None if it has some of them."""
        first, last = self.first or date.min, self.last or date.max
        if max(first, days.first) > min(last, days.last):
            return False
        return True if first <= days.first and days.last <= last else None


_LISTS = ("collection", "source", "language")


def _rest(name: str, some: Extent, other: Extent) -> tuple[str, ...] | None:
    """The values of a list that another extent does not have; () for any value; None if it has all."""
    mine: tuple[str, ...] = getattr(some, name)
    theirs: tuple[str, ...] = getattr(other, name)
    if not theirs:
        return None
    if not mine:
        return ()
    known = frozenset(_keys(name, theirs))
    return tuple(one for one, key in zip(mine, _keys(name, mine), strict=True) if key not in known) or None


@lru_cache(maxsize=1_000)
def _keys(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """What values that are one have in common."""
    return values if name == "collection" else tuple(map(fold, values))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which articles there are for somebody: the first extent that fits decides; if none does, an article is there.

    An article without a day is there only if it would be on any day that it may be of: of all days, or those of the
    month or year that is known. An extent counts for it if it hides one of these, and if it shows all of them.

    Attributes:
        rules: extents, and True for those whose articles are there.
        also: what else has to allow an article, if there is more than one list of rules.
    """

    rules: tuple[tuple[Extent, bool], ...] = ()
    also: Narrowing | None = None

    def __and__(self, other: Narrowing) -> Narrowing:
        """The articles that both allow. One list of rules cannot say it: each decides on undated articles by itself."""
        if not self.rules:
            return other
        return replace(self, also=self.also & other if self.also else other) if other.rules else self

    def allows(self, article: Article) -> bool:
        """True if an article is there: the definition, which engines apply to all articles at once."""
        for extent, shown in self.rules:
            fits = extent.fits(article)
            if fits or (fits is None and not shown):
                return shown and self._also_allows(article)
        return self._also_allows(article)

    def _also_allows(self, article: Article) -> bool:
        return self.also is None or self.also.allows(article)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see.

    Attributes:
        rules: extents and tiers, in order; an article that none fits may be exported.
    """

    rules: tuple[tuple[Extent, Tier], ...] = ()

    def reaching(self, tier: Tier) -> Narrowing:
        """The articles of at least a tier."""
        least = TIERS.index(tier)
        rules = [(extent, TIERS.index(given) >= least) for extent, given in self.rules]
        while rules and rules[-1][1]:
            rules.pop()
        return Narrowing(tuple(rules))

    @property
    def is_whole(self) -> bool:
        """True if everything may be seen and exported."""
        return not self.reaching("export").rules

    @property
    def exported(self) -> Sight:
        """The sight of those articles only that may be exported."""
        return sight((extent, "export" if tier == "export" else "none") for extent, tier in self.rules)

    def tier(self, article: Article) -> Tier:
        """The tier of an article."""
        return max((tier for tier in TIERS if self.reaching(tier).allows(article)), key=TIERS.index)


def written(sight: Sight) -> str:
    """A sight as it is stored, as JSON; "" for everything."""
    return "" if sight.is_whole else json.encode(sight.rules).decode()


def stored(text: str) -> Sight:
    """The sight that `written` has written."""
    return Sight(json.decode(text, type=tuple[tuple[Extent, Tier], ...])) if text else WHOLE


WHOLE = Sight()
NOTHING = Sight(((Extent(), "none"),))


def sight(rules: Iterable[tuple[Extent, Tier]]) -> Sight:
    """A sight, without the rules, and the values of rules, about which earlier ones have decided.

    So a sight is whole unless a rule hides what there can be, other than what overlaps with several earlier ones.
    Cost: quadratic in the rules, of which there are up to a hundred.
    """
    needed: list[tuple[Extent, Tier]] = []
    for extent, tier in rules:
        left: Extent | None = extent
        for earlier, _ in needed:
            left = left and left.beyond(earlier)
        if left is not None:
            needed.append((left, tier))
    while needed and needed[-1][1] == "export":
        needed.pop()
    return Sight(tuple(needed))
