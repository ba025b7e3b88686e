"""Here is a term, give me the articles that have it, and how often.

Whoosh keeps the postings; they are read through its public matchers, one block at a time, into arrays that are kept.
Article numbers are those of one generation, deleted articles included: who counts applies the live mask.

A Whoosh reader moves its file's position as it reads, so one thread reads at a time. What was read is immutable and
shared. Cost: about a microsecond and a half a posting the first time, nothing after, until `_CAPACITY` is reached.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.matching.mcore import Matcher
from whoosh.reading import IndexReader, TermNotFound

_CAPACITY = 20_000_000
"""Postings kept in memory, at 8 bytes each."""


class Postings(NamedTuple):
    """Where a term occurs: ascending article numbers (int32), and how often in each (float32)."""

    articles: NDArray[np.int32]
    frequencies: NDArray[np.float32]


_NONE = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


class PostingsReader:
    """Reads the postings of one generation."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._leaves: list[tuple[IndexReader, int]] = list(reader.leaf_readers())
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._size = 0

    def read(self, field: str, term: str) -> Postings:
        """The postings of a term in a field; empty arrays where there is no such term."""
        key = (field, term)
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
            postings = self._decode(field, term)
            self._kept[key] = postings
            self._size += len(postings.articles)
            while self._size > _CAPACITY and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1].articles)
            return postings

    def positions(self, field: str, term: str, articles: NDArray[np.int32]) -> dict[int, list[int]]:
        """The positions (from 0, ascending) of a term in each of these articles that has it."""
        wanted = frozenset(articles.tolist())
        found: dict[int, list[int]] = {}
        with self._lock:
            for matcher, offset in self._matchers(field, term):
                while matcher.is_active():
                    article = matcher.id() + offset
                    if article in wanted:
                        found[article] = list(matcher.value_as("positions"))
                    matcher.next()
        return found

    def expand(self, field: str, prefix: str, limit: int) -> list[str]:
        """The terms of a field that begin with a prefix, in order; at most `limit` of them and one more."""
        terms: list[str] = []
        with self._lock:
            for raw in self._reader.expand_prefix(field, prefix):
                terms.append(raw.decode("utf-8"))
                if len(terms) > limit:
                    break
        return terms

    def terms(self, field: str) -> list[str]:
        """Every term of a field, in order."""
        with self._lock:
            return [raw.decode("utf-8") for raw in self._reader.lexicon(field)]

    def stored(self, article: int) -> dict[str, object]:
        """The stored fields of an article."""
        with self._lock:
            return dict(self._reader.stored_fields(article))

    def _matchers(self, field: str, term: str) -> Iterator[tuple[Matcher, int]]:
        for leaf, offset in self._leaves:
            try:
                yield leaf.postings(field, term), offset
            except TermNotFound:
                continue

    def _decode(self, field: str, term: str) -> Postings:
        articles: list[int] = []
        frequencies: list[float] = []
        for matcher, offset in self._matchers(field, term):
            while matcher.is_active():
                articles.append(matcher.id() + offset)
                frequencies.append(matcher.weight())
                matcher.next()
        if not articles:
            return _NONE
        return Postings(np.array(articles, np.int32), np.array(frequencies, np.float32))
