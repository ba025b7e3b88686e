"""What is special about a result: exact counts of every value that can be among the most special ones.

The values of a facet are all counted. Words are counted by their posting lists, intersected with the matches, starting
with those that can be most special by the number of articles of the archive that have them; once no other word can be
among the listed ones, the rest is not read.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from search.kernels import keyness as kernels
from search.local.ask.search import Search
from search.measures.keyness import WORDS, Contrast, Keyness, Special, measured
from search.system.budget import current

FIRST_POSTINGS = 1 << 20
"""The number of postings to read before it is checked whether more are needed; doubled each time."""


def special(result: Search, reference: Search | None, contrast: Contrast) -> Special:
    """Find what is special about a result.

    Args:
        result: counts articles, not stories.
        reference: the same filters without words; None for the archive.
    """
    snapshot = result.snapshot
    total = len(result.articles)
    whole = snapshot.count if reference is None else len(reference.articles)
    if whole == snapshot.count:
        reference = None
    values: tuple[Keyness, ...] = ()
    if 0 < total < whole:
        find = _words if contrast.field == WORDS else _values
        values = tuple(find(result, reference, contrast, total, whole))
    return Special(contrast, total, whole, values)


def _values(result: Search, reference: Search | None, contrast: Contrast, total: int, whole: int) -> Iterator[Keyness]:
    column = result.snapshot.facets[result.query.counted(contrast.field)]
    counts = result.facets.by_value(contrast.field)
    totals = column.totals if reference is None else reference.facets.by_value(contrast.field)
    keys, best = np.empty(contrast.limit, np.int64), np.empty(contrast.limit, np.uint32)
    everything = np.arange(len(totals), dtype=np.uint32)
    found = kernels.most_special(
        everything, counts, totals, total, whole, contrast.sort == "under", column.spelled.order, 0, keys, best
    )
    for ordinal in best[:found].tolist():
        value, label = column.spelled.values[ordinal], column.spelled.labels[ordinal]
        yield measured(value, label, int(counts[ordinal]), int(totals[ordinal]), total, whole)


def _words(result: Search, reference: Search | None, contrast: Contrast, total: int, whole: int) -> Iterator[Keyness]:
    forms, under, known = result.snapshot.forms, contrast.sort == "under", reference is None
    weights = np.zeros(result.snapshot.size, np.uint8)
    if reference is not None:
        weights[reference.articles] = kernels.IN_REFERENCE
    weights[result.articles] = kernels.IN_RESULT
    bounds = np.empty(len(forms.levels), np.int64)
    kernels.bounds(forms.levels, total, whole, under, known, bounds)
    counts = np.zeros(len(forms), np.uint32)
    totals = forms.totals if known else np.zeros(len(forms), np.uint32)
    keys, best = np.empty(contrast.limit, np.int64), np.empty(contrast.limit, np.uint32)
    wanted, found = np.zeros(len(forms), np.bool_), 0
    promising = np.argsort(-bounds, kind="stable")
    postings = np.cumsum((np.diff(forms.starts) * forms.levels)[promising])
    at, enough = 0, FIRST_POSTINGS
    while at < len(promising):
        least = int(keys[found - 1]) if found == contrast.limit else 1
        may = int(np.searchsorted(-bounds[promising], -least, side="right"))
        end = min(may, int(np.searchsorted(postings, enough)) + 1)
        if end <= at:
            break
        levels = promising[at:end].tolist()
        some = np.concatenate([forms.order[forms.starts[level] : forms.starts[level + 1]] for level in levels])
        wanted[some] = True
        forms.count(wanted, weights, counts, totals[:0] if known else totals)
        wanted[some] = False
        found = kernels.most_special(some, counts, totals, total, whole, under, counts[:0], found, keys, best)
        at, enough = end, 2 * enough
        current().check()
    for number in best[:found].tolist():
        word = forms[number]
        yield measured(word, word, int(counts[number]), int(totals[number]), total, whole)
