"""Legible articles: those of whose words most are known, or were read surely; what the page offers to see them alone.

It is offered in an archive of which one article in `MUCH` is not legible. The share of known words decides; where none
is known, as in languages without a lexicon, the quality does that the programs stated that read the scans.
"""

from __future__ import annotations

from typing import NamedTuple

from search.analyses.legible import only
from search.engine import Engine
from search.errors import NeedsUpgrade
from search.values.query import Query
from service.archive import Archive

LEAST = "0.8"
"""The share, or quality, from which the page calls an article legible."""
MUCH = 100
_BY = ("known", "quality")
"""The fields that decide, the first that tells something."""


class Legible(NamedTuple):
    """What is offered.

    Attributes:
        name: the field that decides.
        least: the number from which an article is legible.
        number: the legible articles among the matches of the query without this filter.
        unknown: those of which it is not known.
        chosen, missing: True if the query asks for the former, or for the latter.
    """

    name: str
    least: str
    number: int
    unknown: int
    chosen: bool
    missing: bool

    @property
    def asked(self) -> bool:
        """True if the query has this filter."""
        return self.chosen or self.missing

    @property
    def percent(self) -> str:
        """The least number in percent."""
        return f"{100 * float(self.least):g}"


def legible_among(archive: Archive, query: Query, shares: bool = False) -> Legible | None:
    """What is offered for a query; None if all matches are legible, or so is the archive, or it does not know.

    Args:
        shares: the timeline shows shares, which differ even if all matches are legible: misread words match nowhere.
    """
    try:
        name = next((name for name in _BY if _asks(query, name) or _tells(archive, name)), None)
        return None if name is None else _counted(archive.engine, query, name, shares)
    except NeedsUpgrade:
        return None


def _asks(query: Query, name: str) -> bool:
    return any(field == name for field, *_ in query.measured())


def _tells(archive: Archive, name: str) -> bool:
    """True if an article in `MUCH` of those that have a number is not legible by it, and none decides before."""
    rest = Query(known_missing=name != _BY[0])

    def illegible() -> int:
        all_known, known, enough = archive.engine.totals(
            [only(Query(), "0", name), only(rest, "0", name), only(rest, LEAST, name)]
        )
        return known - enough if (known - enough) * MUCH >= all_known else 0

    return archive.totals.get(archive.edition, f"illegible by {name}", illegible) > 0


def _counted(engine: Engine, query: Query, name: str, shares: bool) -> Legible | None:
    least, missing = query.measure(name)
    asked = ((least or LEAST, False), ("0", False), (None, True))
    enough, known, unknown = engine.totals([query.measuring(name, *one) for one in asked])
    if not (least or missing) and (not known or (enough == known and not shares)):
        return None
    return Legible(name, least or LEAST, enough, unknown, least is not None, missing)
