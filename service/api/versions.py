"""Comparing copies of one text: how much of one is in the other, and what changed, word by word.

Cost: linear in the texts, except for stretches in which nearly all changed; texts are compared up to `MAX_WORDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from search.engine import Engine
from search.errors import ArticleMissing
from search.text.tokens import tokens
from search.values.article import Article

RUN = 3
"""Words in a run, as in the detection of near-duplicates."""
MAX_WORDS = 5000
"""The maximum of compared words of each text."""

_WORD = re.compile(r"\n\s*\n|\S+")
_BREAK = "\n\n"

Kind = Literal["same", "gone", "new"]


class Change(NamedTuple):
    """A stretch of words: in both texts, only in the earlier, or only in the later one."""

    kind: Kind
    text: str


def similarity(one: str, other: str) -> float | None:
    """The share of the shorter text's runs of three words that are in the longer one: 0 to 1; None if one is empty."""
    if not (one and other):
        return None
    shorter, longer = sorted((_runs(one), _runs(other)), key=len)
    return len(shorter & longer) / len(shorter) if shorter else 0.0


def to_representative(engine: Engine, article: Article, members: Sequence[Article]) -> dict[str, float]:
    """By id, the similarity of an article and of some members of its group to the article that represents the group.

    Without those that have no text; empty if that one no longer exists.
    """
    group = [article, *members]
    first = next((one for one in group if one.id == article.group), None)
    if first is None and article.group:
        try:
            first = engine.article(article.group)
        except ArticleMissing:
            return {}
    if first is None:
        return {}
    found = {one.id: similarity(one.text, first.text) for one in group}
    return {name: round(share, 3) for name, share in found.items() if share is not None}


def difference(before: str, after: str) -> tuple[list[list[Change]], bool]:
    """The changes between two texts by paragraph, and True if both were compared completely."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    whole = len(old) <= MAX_WORDS and len(new) <= MAX_WORDS
    paragraphs: list[list[Change]] = [[]]
    for change in _changes(old[:MAX_WORDS], new[:MAX_WORDS]):
        for number, part in enumerate(change.text.split(_BREAK)):
            if number and paragraphs[-1]:
                paragraphs.append([])
            if part.strip():
                paragraphs[-1].append(Change(change.kind, part.strip()))
    return [paragraph for paragraph in paragraphs if paragraph], whole


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old, new)  # with its heuristic: frequent words do not begin a match
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Change("same", _joined(old[a:b]))
            continue
        if b > a:
            yield Change("gone", _joined(old[a:b]))
        if d > c:
            yield Change("new", _joined(new[c:d]))


def _joined(words: Sequence[str]) -> str:
    """Words as a text, with a blank line between paragraphs."""
    return " ".join(word if word.strip() else _BREAK for word in words)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [token.word for token in tokens(text)]
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False)) or frozenset([tuple(words)])
