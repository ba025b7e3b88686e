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
    """The articles that an extent decides on; undated ones if it has days and hides."""
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
        found.append(within if shown else any_of([within, UNDATED]))
    return {"bool": {"filter": found}}
