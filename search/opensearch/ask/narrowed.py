"""The articles that a narrowing allows, as a clause for the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from search.opensearch.ask.translate import EVERYTHING, UNDATED, Clause, any_of, between
from search.opensearch.document import MAX_VALUE, key
from search.values.rights import Extent, Narrowing


def allowed(narrowing: Narrowing) -> Clause:
    """The articles that a narrowing allows.

    Of each run of extents that show, those articles that none before it hides; and all that none fits. It is as flat as
    that, since a cluster allows clauses to be nested 20 deep.
    """
    hidden: list[Clause] = []
    found: list[Clause] = []
    for shown, run in groupby(narrowing.rules, lambda rule: rule[1]):
        fitting = [_fitting(extent, shown) for extent, _ in run]
        if shown:
            found.append(_without(any_of(fitting), hidden))
        else:
            hidden = [*hidden, *fitting]
    here = any_of([*found, _without(EVERYTHING, hidden)])
    return here if narrowing.also is None else {"bool": {"filter": [here, allowed(narrowing.also)]}}


def _without(clause: Clause, hidden: Sequence[Clause]) -> Clause:
    return {"bool": {"filter": [clause], "must_not": list(hidden)}}


def _fitting(extent: Extent, shown: bool) -> Clause:
    """The articles that an extent decides on: with days, those that are of one of them if it hides, and undated ones;
    those that are of no other day if it shows. A cluster does not know of which articles only the month or the year is
    known: of a month or a year that the days cut, each article of its first day counts as one of these.
    """
    found: list[Clause] = [EVERYTHING]
    if extent.collection:
        found.append({"terms": {"collection": [name[:MAX_VALUE] for name in extent.collection]}})
    for name, wanted in (("source", extent.source), ("language", extent.language)):
        if wanted:
            found.append({"terms": {name: sorted(set(map(key, wanted)))}})
    if extent.is_dated:
        within = between(
            extent.first.toordinal() if extent.first else None, extent.last.toordinal() if extent.last else None
        )
        cut: Clause = {"terms": {"day": sorted({period.first.toordinal() for period in extent.cut})}}
        found.append(_without(within, [cut]) if shown else any_of([within, UNDATED, cut]))
    return {"bool": {"filter": found}}
