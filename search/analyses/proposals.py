"""Here are the names of an archive, propose those that may be one to the people who decide: the surest first.

The pairs are those of `search.names.look_alikes`; of the most promising (`LOOKED`) the articles are looked at. Evidence
for a pair of people is that both are named with the same others, their *companions*, and that they are in the news in
the same years. A pair is dropped if its articles are from other years (`YEARS`), and, unless the letters are nearly
the same, if both have companions but none in common, or if one article names both.

Cost: some five queries a pair; a caller keeps the answer for a generation.

`on_sport` proposes the reverse: that one name is two people's. Of all fields sport alone is one whose people are not in
other news, too; years do not tell, since companions change within a career.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from search.analyses.entity import having
from search.engine import Engine
from search.names.look_alikes import Pair, Reason, look_alikes
from search.names.spellings import YEARS
from search.text.tokens import fold
from search.values.query import Filter, Listing, Query
from search.values.results import DateFacet, ValueFacet

COMPARED = 20_000
"""The most frequent names of a kind that are compared with each other."""
LOOKED = 150
"""The pairs whose articles are looked at: those with the most to gain."""
PEOPLE = ("person", "author")
_COMPANIONS = 100
_STEP = 1_000
_ENOUGH = 3
"""Companions in common above which more say no more."""
_FEW = 2
"""Companions of the articles of each of two people, below which their not being the same says nothing."""
SPORT = "medtop:15000000"
_NEARLY: tuple[Reason, ...] = ("spelling", "letter")
_ORDER: tuple[Reason, ...] = ("spelling", "letter", "misread", "given", "initials", "surname")


@dataclass(frozen=True, slots=True)
class Years:
    """The first and the last year in which articles have a name."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair of names that may be one, and the evidence.

    Attributes:
        pair: the names, and how their letters are alike.
        companions: persons whom articles with either name have, the most frequent first.
        years: of the name and of the other one; None if their articles have no date, or were not looked at.
    """

    pair: Pair
    companions: tuple[str, ...] = ()
    years: tuple[Years | None, Years | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals for one kind of names, and whether all names were compared."""

    found: tuple[Proposal, ...]
    whole: bool


def proposals(engine: Engine, kind: str, apart: Collection[str] = ()) -> Proposals:
    """Propose names of a field that may be one.

    Args:
        apart: folded names that somebody has decided about.
    """
    names = _names(engine, kind)
    pairs = [
        pair
        for pair in look_alikes(names, people=kind in PEOPLE)
        if fold(pair.name) not in apart and fold(pair.other) not in apart
    ]
    looking = _Looking(engine, kind)
    likely = [proposal for pair in pairs[:LOOKED] if (proposal := looking.at(pair)) is not None]
    rest = [Proposal(pair) for pair in pairs[LOOKED:] if pair.reason in _NEARLY]
    return Proposals((*sorted(likely, key=_order), *rest), len(names) < COMPARED)


def _order(proposal: Proposal) -> tuple[int, int, int, str, str]:
    pair = proposal.pair
    companions = min(len(proposal.companions), _ENOUGH)
    return -companions, _ORDER.index(pair.reason), -pair.other_count, pair.name, pair.other


@dataclass(frozen=True, slots=True)
class TwoFields:
    """How many articles of a name are on sport, and on anything else: companions of each, and none in common."""

    sport: int
    others: int


def on_sport(engine: Engine, name: str) -> TwoFields | None:
    """The articles of a person, if those on sport and the others name nobody in common: they may be two people's.

    Cost: four queries.
    """
    parts = [
        having(Query(filters={"topic": wanted}, size=0, facets=()), "person", name)
        for wanted in (Filter(any=(SPORT,)), Filter(none=(SPORT,)))
    ]
    sport, others = engine.totals(parts)
    if not sport or not others:
        return None
    facets = [engine.facet(part, "person", Listing(limit=_STEP)) for part in parts]
    ours, theirs = ({fold(one.value) for one in f.values} - {fold(name)} for f in facets if isinstance(f, ValueFacet))
    return TwoFields(sport, others) if min(len(ours), len(theirs)) >= _FEW and not ours & theirs else None


class _Looking:
    """Looks at the articles of names, at each once."""

    def __init__(self, engine: Engine, kind: str) -> None:
        self._engine, self._kind = engine, kind
        self._known: dict[str, tuple[tuple[str, ...], Years | None]] = {}

    def at(self, pair: Pair) -> Proposal | None:
        """The proposal for a pair; None if its articles contradict it."""
        (ours, years), (theirs, other_years) = self._of(pair.name), self._of(pair.other)
        both = {fold(pair.name), fold(pair.other)}
        shared = tuple(name for name in ours if name in theirs and fold(name) not in both)
        if years and other_years and max(years.first, other_years.first) - min(years.last, other_years.last) > YEARS:
            return None
        if self._kind in PEOPLE and pair.reason not in _NEARLY:
            apart = not shared and {*map(fold, ours)} - both and {*map(fold, theirs)} - both
            if apart or self._together(pair):
                return None
        return Proposal(pair, shared, (years, other_years))

    def _of(self, name: str) -> tuple[tuple[str, ...], Years | None]:
        """The companions of a name, and its years."""
        if name not in self._known:
            query = having(Query(size=0, facets=()), self._kind, name)
            facet = self._engine.facet(query, "person", Listing(limit=_COMPANIONS))
            companions = tuple(one.value for one in facet.values) if isinstance(facet, ValueFacet) else ()
            self._known[name] = companions, _years(self._engine.facet(query, "date", Listing()))
        return self._known[name]

    def _together(self, pair: Pair) -> bool:
        """True if one article names both."""
        filters = {self._kind: Filter(all=(pair.name, pair.other))}
        return self._engine.search(Query(filters=filters, size=0, facets=())).total > 0


def _years(facet: ValueFacet | DateFacet) -> Years | None:
    starts = [one.start for one in facet.buckets if one.count] if isinstance(facet, DateFacet) else []
    return Years(int(starts[0][:4]), int(starts[-1][:4])) if starts else None


def _names(engine: Engine, kind: str) -> list[tuple[str, int]]:
    """The most frequent names of a kind, with their articles."""
    found: list[tuple[str, int]] = []
    while len(found) < COMPARED:
        facet = engine.facet(Query(size=0), kind, Listing(offset=len(found), limit=_STEP))
        values = facet.values if isinstance(facet, ValueFacet) else ()
        found += [(one.value, one.count) for one in values]
        if len(values) < _STEP:
            break
    return found
