"""A generation as if it had only some of its articles: all others count as deleted, also in the statistics of scores.

So nothing that reads a snapshot can tell of another article: every count, name, word and order is computed from
`Snapshot.live`. Cost: opening one is a pass over the facets' values, and over the postings of those that hidden
articles have; what is then asked for costs what it costs in an index with deleted articles.
"""

from __future__ import annotations

import numpy as np

from search.local.ask.facts.rows import Mask
from search.local.ask.snapshot import Snapshot
from search.local.format.segment import SegmentData
from search.text.tokens import fold
from search.values.rights import Extent, Narrowing

_UNKNOWN = 0
_EVER = 1 << 30


def narrowed(snapshot: Snapshot, narrowing: Narrowing) -> Snapshot:
    """A generation with those of its articles that a narrowing allows."""
    return snapshot.only(allowed(snapshot, narrowing))


def allowed(snapshot: Snapshot, narrowing: Narrowing) -> Mask:
    """Flags of the articles that a narrowing allows, deleted ones among them: bool, shape (size,)."""
    found: Mask = np.ones(snapshot.size, np.bool_)
    for extent, shown in reversed(narrowing.rules):
        found[_fitting(snapshot, extent, shown)] = shown
    return found if narrowing.also is None else found & allowed(snapshot, narrowing.also)


def _fitting(snapshot: Snapshot, extent: Extent, shown: bool) -> Mask:
    """Flags of the articles that an extent decides on: with days, those that are of one of them if it hides, and
    undated ones; those that are of no other day if it shows.
    """
    fits: Mask = np.ones(snapshot.size, np.bool_)
    keys = {
        "collection": set(extent.collection),
        "source": set(map(fold, extent.source)),
        "language": set(map(fold, extent.language)),
    }
    for start, segment in snapshot.placed_segments:
        here = fits[start : start + segment.size]
        for name, wanted in keys.items():
            if wanted:
                here &= _having(segment, name, wanted)
    if extent.is_dated:
        first = extent.first.toordinal() if extent.first else _UNKNOWN + 1
        last = extent.last.toordinal() if extent.last else _EVER
        within = (snapshot.days >= first) & (snapshot.days <= last)
        if not shown:
            within |= snapshot.days == _UNKNOWN
        for period in extent.cut:
            for start, segment in snapshot.placed_segments:
                numbers, lasts = segment.lasting(period.first.toordinal())
                within[start + numbers[lasts == period.last.toordinal()]] = not shown
        fits &= within
    return fits


def _having(segment: SegmentData, name: str, wanted: set[str]) -> Mask:
    """Flags of the articles of a segment that have one of some values, folded but for collections; "" is none."""
    column = segment.values(name)
    spelled = [value.decode() for value in column.values]
    these = np.array([(one if name == "collection" else fold(one)) in wanted for one in spelled], np.bool_)
    rows = np.zeros(len(column.offsets) - 1, np.bool_)
    having = np.flatnonzero(these[column.ordinals]) if len(these) else np.empty(0, np.int64)
    rows[np.searchsorted(column.offsets, having, "right") - 1] = True
    if "" in wanted:
        rows |= column.offsets[1:] == column.offsets[:-1]
    found: Mask = rows[column.sets]
    return found
