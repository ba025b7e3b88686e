"""Nearness in meaning in the plainest way: what it adds to the scores of first articles."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from search.meaning import model
from search.values.article import Article

SIZE = 384
HEAD, WEIGHT = 200, 0.7
SIMILAR, LIKENESS = 50, 2.0


def added(question: str, firsts: Sequence[Article], scores: Mapping[str, float]) -> dict[str, float]:
    """Article → what is added; `firsts` are in order."""
    chosen = model.chosen()
    head = list(firsts[:HEAD])
    near = {a.id: _cosine(a.meaning, _vector(question)) for a in head if a.meaning} if chosen else {}
    if not near:
        return {}
    before = {a.id: round(scores[a.id], 6) for a in head}
    words, meanings = _standard(before), _standard(near)
    mixed = {a.id: (1 - WEIGHT) * words[a.id] + WEIGHT * meanings.get(a.id, 0.0) for a in head}
    first, last = max(before.values()), min(mixed.values())
    return {one: round(first - before[one] + mixed[one] - last, 6) for one in mixed}


def added_to_similar(article: Article, firsts: Sequence[Article], scores: Mapping[str, float]) -> dict[str, float]:
    """The same for articles that are similar to one."""
    head = list(firsts[:SIMILAR]) if article.meaning else []
    own = _mean(article.meaning) if head else []
    near = {a.id: sum(x * y for x, y in zip(_mean(a.meaning), own, strict=True)) for a in head if a.meaning}
    if not near:
        return {}
    before = {a.id: round(scores[a.id], 6) for a in head}
    most, usual = max(before.values()), statistics.fmean(near.values())
    worth = {a.id: before[a.id] / most + LIKENESS * near.get(a.id, usual) for a in head}
    return {one: round(most - before[one] + worth[one] - min(worth.values()), 6) for one in worth}


def _mean(data: bytes) -> list[float]:
    passages = []
    for begin in range(0, len(data), SIZE):
        passage = [byte - 256 if byte > 127 else byte for byte in data[begin : begin + SIZE]]
        length = math.sqrt(sum(a * a for a in passage))
        passages.append([a / length for a in passage])
    whole = [sum(column) for column in zip(*passages, strict=True)]
    length = math.sqrt(sum(a * a for a in whole))
    return [a / length for a in whole]


def _vector(question: str) -> list[float]:
    chosen = model.chosen()
    assert chosen is not None
    vector: list[float] = chosen.vectors([chosen.pieces(question, 126)])[0].tolist()
    return vector


def _cosine(data: bytes, question: Sequence[float]) -> float:
    """That of the nearest passage."""
    found = []
    for begin in range(0, len(data), SIZE):
        passage = [byte - 256 if byte > 127 else byte for byte in data[begin : begin + SIZE]]
        product = sum(a * b for a, b in zip(passage, question, strict=True))
        found.append(product / math.sqrt(sum(a * a for a in passage)) / math.sqrt(sum(b * b for b in question)))
    return max(found)


def _standard(values: Mapping[str, float]) -> dict[str, float]:
    mean, spread = statistics.fmean(values.values()), statistics.pstdev(values.values())
    return {name: (value - mean) / spread if spread > 1e-12 else 0.0 for name, value in values.items()}
