"""What nearness in meaning adds to the scores of the first articles of a list.

The first articles, by words, are put into another order among themselves. All others stay behind them as they were, so
that what is added is never negative. An article without vectors counts as one of average nearness.

`ToQuestion`: the first `HEAD`, by the words of the query and of the first articles (see `search.meaning.feedback`), in
the order of (1 − `WEIGHT`) × the score + `WEIGHT` × the cosine of the question and the nearest passage, both as
z-scores over these articles. `ToArticle`: the first `SIMILAR` of the articles that are similar to another one, in the
order of the score, as a part of the greatest one, + `LIKENESS` × the cosine of the mean passages of both; no model is
needed.

Measured by `python -m benchmarks.meaning` and `python -m benchmarks.events`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.meaning import model
from search.meaning.feedback import Expansion
from search.meaning.passages import PASSAGE, likeness, nearest
from search.values.query import Query

HEAD = 200
WEIGHT = 0.7
SIMILAR = 50
LIKENESS = 2.0
DIGITS = 6
"""Decimal places of what is added."""
EQUAL = 1e-12
"""A standard deviation of values that differ by rounding alone."""


class ToQuestion:
    """Nearness to a question, as it was typed.

    Attributes:
        head: the number of first articles that are put into another order; 0 if no model is chosen.
    """

    def __init__(self, question: str) -> None:
        self._question = question
        self.head = HEAD if model.is_chosen() else 0

    def added(self, scores: Sequence[float], articles: Sequence[bytes]) -> list[float]:
        """What is added to the score of each of the first articles; empty if none of them has vectors.

        Args:
            scores: of the first articles, in order.
            articles: the vectors of each (see `passages`).
        """
        read = model.chosen() if any(articles) else None
        if read is None:
            return []
        before = np.array(scores, np.float64)
        near = _z(nearest(articles, read.vector(self._question, PASSAGE)))
        return _raised(before, (1 - WEIGHT) * _z(before) + WEIGHT * np.nan_to_num(near))


class ToArticle:
    """Nearness to an article.

    Args:
        vectors: of the article; it may have none.

    Attributes:
        head: the number of first articles that are put into another order; 0 if it has none.
    """

    def __init__(self, vectors: bytes) -> None:
        self._vectors = vectors
        self.head = SIMILAR if vectors else 0

    def added(self, scores: Sequence[float], articles: Sequence[bytes]) -> list[float]:
        """What is added to the score of each of the first articles, as `ToQuestion.added` tells it."""
        if not any(articles):
            return []
        before, near = np.array(scores, np.float64), likeness(articles, self._vectors)
        near[np.isnan(near)] = np.nanmean(near)
        return _raised(before, before / (before.max() or 1.0) + LIKENESS * near)


Near = ToQuestion | ToArticle


def applies(near: Near, query: Query, expansions: Sequence[Expansion]) -> bool:
    """True if the order of a query goes by this nearness, too: to a question only where it goes by words of the first
    articles, which none of them has all of.
    """
    return bool(near.head and (query.size or query.cursor) and (expansions or isinstance(near, ToArticle)))


def _raised(before: NDArray[np.float64], worth: NDArray[np.float64]) -> list[float]:
    """What has to be added to scores, so that they are above all others, in the order of a worth."""
    more: list[float] = np.round(before.max() - before + worth - worth.min(), DIGITS).tolist()
    return more


def _z(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values as z-scores, NaN as they are; zeros if all are equal."""
    known = values[~np.isnan(values)]
    spread = float(known.std())
    return (values - known.mean()) / spread if spread > EQUAL else values * 0.0
