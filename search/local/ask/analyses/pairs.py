"""The pairs of values in the articles of a result: exact counts of all pairs, in one pass over the columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import I32, I64, U32
from search.kernels import pairs as kernels
from search.local.ask.search import Search
from search.local.ask.selection import smallest
from search.measures.cooccurrence import DIGITS, Pair, Pairing, PairNode, Pairs, arranged
from search.system.budget import current

FIRST_SIZE = 1 << 10
"""Slots of the first table; it grows by a factor of four."""


def pairs(search: Search, pairing: Pairing) -> Pairs:
    """Count the pairs of a result, after `Search.run`."""
    snapshot, query = search.snapshot, search.query
    first, second = (snapshot.facets[query.counted(name)] for name in pairing.fields)
    same = pairing.fields[0] == pairing.fields[1]
    keys, together = _counted(search, pairing, same)
    enough = together >= pairing.min
    keys, together = keys[enough], together[enough]
    a, b = keys >> 32, keys & 0xFFFFFFFF
    counts = search.facets.by_value(pairing.fields[0])
    others = counts if same else search.facets.by_value(pairing.fields[1])
    one, other = (column.spelled for column in (first, second))
    by_label = one.order[a].astype(np.int64) << 32 | other.order[b]
    best = smallest((*_ranks(pairing, together, counts[a], others[b], search.total), by_label), pairing.limit)

    def pair(n: int) -> Pair:
        x, y = int(a[n]), int(b[n])
        return Pair(
            PairNode(pairing.fields[0], one.values[x], one.labels[x], int(counts[x])),
            PairNode(pairing.fields[1], other.values[y], other.labels[y], int(others[y])),
            int(together[n]),
        )

    return arranged(pairing, search.total, len(keys), map(pair, best.tolist()))


def _counted(search: Search, pairing: Pairing, same: bool) -> tuple[I64, U32]:
    """All pairs of the result as keys, and the number of articles, or stories, that have each."""
    snapshot, query = search.snapshot, search.query
    articles, stories = search.by_story()
    rows = [snapshot.facets[query.counted(name)].rows for name in pairing.fields]
    first, second = ((row.sets, row.offsets, row.ordinals) for row in rows)
    order = snapshot.facets[query.counted(pairing.fields[0])].spelled.order
    table, size = _table(FIRST_SIZE), FIRST_SIZE
    at = used = 0
    while True:
        at, used = kernels.count_pairs(articles, at, stories, first, second, same, order, table, used)
        if at == len(articles):
            break
        current().check()
        size *= 4
        larger = _table(size)
        kernels.enlarge(table, larger)
        table = larger
    keys, counts, _ = table
    there = keys != kernels.FREE
    return keys[there], counts[there]


def _table(size: int) -> tuple[I64, U32, I32]:
    return np.full(size, kernels.FREE, np.int64), np.zeros(size, np.uint32), np.empty(size, np.int32)


def _ranks(pairing: Pairing, together: U32, a: U32, b: U32, total: int) -> Sequence[NDArray[Any]]:
    """The keys by which pairs are ordered before their labels, the best with the smallest."""
    counts = -together.astype(np.int64)
    if pairing.measure == "count":
        return (counts,)
    with np.errstate(divide="ignore", invalid="ignore"):
        measure = np.log(together / (a.astype(np.float64) * b / total)) / np.log(total / together)
    return np.where(together == total, -1.0, -np.round(measure, DIGITS)), counts
