"""What nearness in meaning adds to the scores of the first articles of a list.

The first `HEAD` articles, by the words of the query and of the first articles (see `search.feedback`), are put into
another order among themselves: that of (1 − `WEIGHT`) × the score + `WEIGHT` × the cosine of the question and the
nearest passage, both as z-scores over these articles. All others stay behind them as they were, so that what is added
is never negative. An article without vectors counts as one of average nearness.

Measured by `python -m benchmarks.meaning`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search.meaning.minilm import MiniLM, Vectors
from search.meaning.passages import PASSAGE, nearest

HEAD = 200
WEIGHT = 0.7
DIGITS = 6
"""Decimal places of what is added."""
EQUAL = 1e-12
"""A standard deviation of values that differ by rounding alone."""


def added(scores: Sequence[float], articles: Sequence[bytes], model: MiniLM, question: str) -> list[float]:
    """What is added to the score of each of the first articles; empty if none of them has vectors.

    Args:
        scores: of the first articles, in order.
        articles: the vectors of each (see `passages`).
        question: as it was typed.
    """
    if not any(articles):
        return []
    before = np.array(scores, np.float64)
    near = _z(nearest(articles, _vector(model, question)))
    mixed = (1 - WEIGHT) * _z(before) + WEIGHT * np.nan_to_num(near)
    more: list[float] = np.round(before.max() - before + mixed - mixed.min(), DIGITS).tolist()
    return more


def _z(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values as z-scores, NaN as they are; zeros if all are equal."""
    known = values[~np.isnan(values)]
    spread = float(known.std())
    return (values - known.mean()) / spread if spread > EQUAL else values * 0.0


@lru_cache(maxsize=256)
def _vector(model: MiniLM, question: str) -> Vectors:
    vector: Vectors = model.vectors([model.pieces(question, PASSAGE)])[0]
    return vector
