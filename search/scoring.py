"""BM25 as in Lucene ≥ 8 (k1 = 1.2, b = 0.75), over title and text as one field; a title word counts three times.

A term's score in an article is idf · tf / (tf + flat + slope · length), where flat = k1 · (1 − b), slope = k1 · b /
mean length and idf = ln(1 + (N − n + 0.5) / (n + 0.5)); N counts all articles of the segments, n those that have the
term. Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009); Lucene
BM25Similarity.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
FLAT = K1 * (1 - B)


def slope(mean_length: float) -> float:
    """The part of the denominator of BM25 for each word of an article's length."""
    return K1 * B / (mean_length or 1.0)


def idf(having: int, articles: int) -> float:
    """The inverse document frequency of a term that `having` of all `articles` have."""
    return math.log(1 + (articles - having + 0.5) / (having + 0.5))


def idfs(having: NDArray[np.int64], articles: int) -> NDArray[np.float64]:
    """The same for many terms."""
    found: NDArray[np.float64] = np.log(1 + (articles - having + 0.5) / (having + 0.5))
    return found
