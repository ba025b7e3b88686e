"""Operations on ascending lists of articles with scores or weights: score, filter, merge, gather from tables.

A table has a number for every article of the snapshot. For a long list, a pass over a table is cheaper than stepping
along two lists, as there are no branches to mispredict.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from search.fields import TITLE_WEIGHT
from search.jit.arguments import F64, I64, U8, U32, Flags, Formula
from search.jit.compiling import kernel
from search.kernels.packing import BLOCK
from search.kernels.postings import bm25

V = TypeVar("V", U32, I64)
N = TypeVar("N", U32, F64)
LEAST = 1e-300
"""Added to scores in a table, so that a match without a score can be distinguished from no match."""


@kernel
def weigh(articles: U32, counts: U32, titles: U32, in_title: bool) -> int:
    """Turn a term's occurrences into its weights in one field, and drop articles without any there.

    Returns the number that remain.
    """
    at = 0
    for i in range(len(articles)):
        weight = titles[i] * np.uint32(TITLE_WEIGHT) if in_title else counts[i] - titles[i]
        articles[at] = articles[i]
        counts[at] = weight
        at += weight > 0
    return at


@kernel
def score(articles: U32, weights: U32, formula: Formula, out: F64) -> None:
    """BM25 of one term in each article; 0 if its weight is 0."""
    sizes, scores = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.float64)
    for start in range(0, len(articles), BLOCK):
        count = min(BLOCK, len(articles) - start)
        bm25(articles[start:], weights[start:], count, formula, sizes, scores)
        for i in range(count):
            out[np.uint64(start + i)] = scores[i]


@kernel
def narrow(articles: U32, scores: F64, weights: U32, formula: Formula) -> int:
    """Keep the articles in which a term has a weight, and add its score. Returns the number that remain."""
    sizes, more = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.float64)
    at = np.uint64(0)
    for start in range(0, len(articles), BLOCK):
        count = min(BLOCK, len(articles) - start)
        bm25(articles[start:], weights[start:], count, formula, sizes, more)
        for i in range(count):
            here = np.uint64(start + i)
            articles[at] = articles[here]
            scores[at] = scores[here] + more[i]
            at += np.uint64(weights[here] > 0)
    return np.int64(at)


@kernel
def without(articles: U32, scores: F64, weights: U32) -> int:
    """Keep the articles in which a term has no weight. Returns the number that remain."""
    at = 0
    for i in range(len(articles)):
        articles[at] = articles[i]
        scores[at] = scores[i]
        at += weights[i] == 0
    return at


@kernel
def without_marked(articles: U32, scores: F64, marked: U8) -> int:
    """Keep the articles that are not marked. Returns the number that remain."""
    at = np.uint64(0)
    for i in range(len(articles)):
        article = articles[i]
        articles[at] = article
        scores[at] = scores[i]
        at += np.uint64(marked[article] == 0)
    return np.int64(at)


@kernel
def keep(articles: U32, flags: U8, wanted: int, out: U32) -> int:
    """Find the articles whose flags have all wanted bits. Returns their number."""
    at = 0
    for i in range(len(articles)):
        article = articles[i]
        out[at] = article
        at += (flags[article] & wanted) == wanted
    return at


@kernel
def drop(articles: U32, flags: U8, unwanted: int, out: U32) -> int:
    """Find the articles whose flags have none of some bits. Returns their number."""
    at = 0
    for i in range(len(articles)):
        article = articles[i]
        out[at] = article
        at += (flags[article] & unwanted) == 0
    return at


@kernel
def keep_live(articles: U32, live: Flags, out: U32) -> int:
    """Find the live articles. Returns their number."""
    at = 0
    for i in range(len(articles)):
        article = articles[i]
        out[at] = article
        at += live[article]
    return at


@kernel
def pick(articles: U32, values: N, marked: U8, out: N) -> int:
    """Copy the values that belong to marked articles. Returns their number. Room for one more is needed."""
    at = np.uint64(0)
    for i in range(len(articles)):
        out[at] = values[i]
        at += np.uint64(marked[articles[i]] != 0)
    return np.int64(at)


@kernel
def both(a: U32, a_scores: F64, b: U32, b_scores: F64, out: U32, scores_out: F64) -> int:
    """Intersect two lists, adding scores, by galloping. Returns the number of articles."""
    i = 0
    j = 0
    at = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            out[at] = a[i]
            scores_out[at] = a_scores[i] + b_scores[j]
            at += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
            if i < len(a) and a[i] < b[j]:
                i = _advance(a, i, b[j])
        else:
            j += 1
            if j < len(b) and b[j] < a[i]:
                j = _advance(b, j, a[i])
    return at


@kernel
def look_among(a: U32, weights: U32, b: U32, out: U32) -> None:
    """The weights in list `a` of the articles of list `b`, 0 if it does not have them."""
    i = 0
    for j in range(len(b)):
        if i < len(a) and a[i] < b[j]:
            i = _advance(a, i, b[j])
        out[j] = weights[i] if i < len(a) and a[i] == b[j] else np.uint32(0)


@kernel
def _advance(a, i, wanted):
    """The first index from `i` on that is not before `wanted`."""
    step = 1
    low = i
    while i + step < len(a) and a[i + step] < wanted:
        low = i + step
        step *= 2
    high = min(i + step, len(a))
    while low < high:
        middle = (low + high) // 2
        if a[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def either(a: U32, a_scores: F64, b: U32, b_scores: F64, out: U32, scores_out: F64) -> int:
    """Unite two lists, adding scores. Returns the number of articles."""
    i = 0
    j = 0
    at = 0
    while i < len(a) or j < len(b):
        if j >= len(b) or (i < len(a) and a[i] < b[j]):
            out[at] = a[i]
            scores_out[at] = a_scores[i]
            i += 1
        elif i >= len(a) or b[j] < a[i]:
            out[at] = b[j]
            scores_out[at] = b_scores[j]
            j += 1
        else:
            out[at] = a[i]
            scores_out[at] = a_scores[i] + b_scores[j]
            i += 1
            j += 1
        at += 1
    return at


@kernel
def subtract(a: U32, a_scores: F64, b: U32) -> int:
    """Remove the articles of list `b` from list `a`. Returns the number that remain."""
    j = 0
    at = 0
    for i in range(len(a)):
        if j < len(b) and b[j] < a[i]:
            j = _advance(b, j, a[i])
        a[at] = a[i]
        a_scores[at] = a_scores[i]
        at += j >= len(b) or b[j] != a[i]
    return at


@kernel
def put(articles: U32, weights: U32, table: U32) -> None:
    """Write weights into a table."""
    for i in range(len(articles)):
        table[articles[i]] = weights[i]


@kernel
def gather(articles: U32, table: V, out: V) -> None:
    """Read weights from a table."""
    for i in range(len(articles)):
        out[i] = table[articles[i]]


@kernel
def add(articles: U32, scores: F64, table: F64) -> None:
    """Add scores to a table."""
    for i in range(len(articles)):
        table[articles[i]] += scores[i] + LEAST


@kernel
def collect(table: N, articles: U32, values: N) -> int:
    """Find the articles for which a table is above 0, and their numbers there. Returns the number of articles."""
    at = 0
    for article in range(len(table)):
        value = table[article]
        articles[at] = article
        values[at] = value
        at += value > 0
    return at


@kernel
def complement(articles: U32, flags: U8, out: U32) -> int:
    """Find the articles whose flags are set and that are not in a list. Returns their number.

    Clears the flags of those in the list.
    """
    for i in range(len(articles)):
        flags[articles[i]] = 0
    at = 0
    for article in range(len(flags)):
        out[at] = article
        at += flags[article]
    return at
