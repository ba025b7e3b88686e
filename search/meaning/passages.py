"""The vectors of an article, as bytes: those of its first passages, since news begin with what they are about.

A vector is `DIMENSIONS` signed bytes, its greatest component ±127; its length is not stored. An article has up to
`PASSAGES` of them, one after another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.meaning.minilm import DIMENSIONS, MiniLM, Vectors

PASSAGE = 126
"""Word pieces of a passage."""
PASSAGES = 4
GREATEST = 127


def encoded(model: MiniLM, title: str, text: str) -> bytes:
    """The vectors of an article; none if it has no words."""
    pieces = model.pieces(f"{title} {text}", PASSAGE * PASSAGES)
    cut = [pieces[begin : begin + PASSAGE] for begin in range(0, len(pieces), PASSAGE)]
    return packed(model.vectors(cut)) if cut else b""


def packed(vectors: Vectors) -> bytes:
    """Vectors as bytes."""
    scaled = np.rint(vectors * (GREATEST / np.abs(vectors).max(axis=1, keepdims=True)))
    data: bytes = scaled.astype(np.int8).tobytes()
    return data


def checked(data: bytes) -> bytes:
    """The vectors of an article. Raises ValueError if they cannot be any."""
    if len(data) % DIMENSIONS or len(data) > PASSAGES * DIMENSIONS:
        raise ValueError(f"An article has up to {PASSAGES} vectors of {DIMENSIONS} bytes, not {len(data)} bytes.")
    if not np.frombuffer(data, np.int8).reshape(-1, DIMENSIONS).any(axis=1).all():
        raise ValueError("A vector of an article is of zeros, which means nothing.")
    return data


def likeness(articles: Sequence[bytes], article: bytes) -> NDArray[np.float64]:
    """The cosine of the mean passage of each article and that of another one; NaN for one without any.

    Args:
        articles, article: the vectors of each, and of the other one, which has some.
    """
    found = np.full(len(articles), np.nan)
    mean = _mean(article)
    for number, data in enumerate(articles):
        if data:
            found[number] = float(_mean(data) @ mean)
    return found


def _mean(data: bytes) -> NDArray[np.float64]:
    """The mean of the passages of an article, each and it of length 1; zeros if they are opposites."""
    rows = np.frombuffer(data, np.int8).reshape(-1, DIMENSIONS).astype(np.float64)
    whole: NDArray[np.float64] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).sum(axis=0)
    length = float(np.linalg.norm(whole))
    return whole / length if length else whole


def nearest(articles: Sequence[bytes], vector: NDArray[np.float32]) -> NDArray[np.float64]:
    """The greatest cosine of a passage of each article with a vector of length 1; NaN for one without any.

    Args:
        articles: the vectors of each.
        vector: float32, shape (`DIMENSIONS`,).
    """
    found = np.full(len(articles), np.nan)
    having = [number for number, data in enumerate(articles) if data]
    if having:
        rows = np.frombuffer(b"".join(articles[number] for number in having), np.int8).reshape(-1, DIMENSIONS)
        vectors = rows.astype(np.float32)
        cosines = vectors @ vector / np.linalg.norm(vectors, axis=1)
        starts = np.cumsum([0, *(len(articles[number]) // DIMENSIONS for number in having[:-1])])
        found[having] = np.maximum.reduceat(cosines, starts)
    return found
