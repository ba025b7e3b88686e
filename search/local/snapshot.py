"""One generation of an index, opened: everything a question is answered from, immutable and shared by all threads.

A segment that was open in the generation before is taken over as it is. A commit is seen by opening another snapshot,
never by changing one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.fields import FACET_NAMES
from search.local.catalog import Catalog
from search.local.columns import Mask, ValueColumn, value_column
from search.local.segment import Occurrences, SegmentData
from search.text import DEFAULT_LANGUAGE

K1 = 1.2
B = 0.75
_KEPT = 4_000_000
"""Postings that are kept unpacked, at 16 bytes each."""


class Snapshot:
    """A generation.

    Attributes:
        stamp: what tells it from every other generation.
        generation: its number.
        size: articles in its segments, deleted ones included; article numbers are below it.
        segments: its segments by name, in order.
        starts: the first article number of each segment.
        live: which articles are not deleted.
        rank: int64, shape (size,); the place of each article among all in order of id.
        days: int64, shape (size,); day of publication as `date.toordinal`, 0 unknown.
        lengths: float64, shape (size,); words, a title word counting thrice.
        norms: float64, shape (size,); what BM25 adds to a term's frequency in each article.
        numbers: uint32, shape (size,); all article numbers.
        whole: whether no article is deleted.
        placed_segments: the segments, each after its first article number.
        facets: the column of each facet.
        languages: codes of the languages whose stems a word is looked for under.
    """

    def __init__(self, catalog: Catalog, known: Mapping[str, SegmentData]) -> None:
        self.stamp = catalog.stamp()
        self.generation, listed = catalog.read()
        self.segments = {
            name: known.get(name) or SegmentData(Path(catalog.folder), name)
            for name in (segment.name for segment in listed)
        }
        data = self._data = list(self.segments.values())
        self.starts = np.cumsum([0, *(segment.size for segment in data)])
        self.size = int(self.starts[-1])
        self.live: Mask = np.ones(self.size, np.bool_)
        for start, segment in zip(self.starts.tolist(), listed, strict=False):
            self.live[[start + number for number in segment.deleted_docs()]] = False
        self.days: NDArray[np.int64] = _joined([segment.days for segment in data], np.int64)
        self.lengths: NDArray[np.float64] = _joined([segment.lengths for segment in data], np.float64)
        self.mean_length = float(self.lengths.mean()) if self.size else 0.0
        self.norms = K1 * (1 - B + B * self.lengths / (self.mean_length or 1.0))
        self.numbers = np.arange(self.size, dtype=np.uint32)
        self.whole = bool(self.live.all())
        self.placed_segments = list(zip(self.starts.tolist(), data, strict=False))
        self.rank = self._ranks()
        self.facets: dict[str, ValueColumn] = {name: value_column(data, name, self.live) for name in FACET_NAMES}
        self.languages = self._languages()
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, bool], Occurrences] = OrderedDict()
        self._kept_size = 0

    def _ranks(self) -> NDArray[np.int64]:
        ids = [name for segment in self._data for name in segment.ids]
        ranks = np.empty(self.size, np.int64)
        ranks[sorted(range(self.size), key=ids.__getitem__)] = np.arange(self.size)
        return ranks

    def _languages(self) -> tuple[str, ...]:
        language = self.facets["language"]
        unnamed = bool((self.live & (np.diff(language.offsets.astype(np.int64)) == 0)).any())
        first = [DEFAULT_LANGUAGE] if unnamed or not language.values else []
        return tuple(dict.fromkeys([*first, *language.values]))

    def segment_of(self, number: int) -> tuple[SegmentData, int]:
        """The segment an article is in, and its number there."""
        place = int(np.searchsorted(self.starts, number, side="right")) - 1
        return self._data[place], number - int(self.starts[place])

    def count_live(self, articles: NDArray[np.uint32]) -> int:
        """How many of these articles are not deleted."""
        return len(articles) if self.whole else int(np.count_nonzero(self.live[articles]))

    def id(self, number: int) -> str:
        """The id of an article."""
        segment, place = self.segment_of(number)
        return segment.ids[place].decode()

    def article(self, number: int) -> Article:
        """An article by its number, its values spelled as the facets spell them."""
        segment, place = self.segment_of(number)
        return self._spelled(segment.article(place))

    def _spelled(self, article: Article) -> Article:
        changed: dict[str, Any] = {}
        for name, column in self.facets.items():
            value = getattr(article, name)
            if isinstance(value, tuple):
                spelled = tuple(dict.fromkeys(map(column.spelling, value)))
                if spelled != value:
                    changed[name] = spelled
            elif value is not None and column.spelling(value) != value:
                changed[name] = column.spelling(value)
        if changed:
            changed["evidence"] = {
                name: tuple(replace(entry, value=self.facets[name].spelling(entry.value)) for entry in entries)
                for name, entries in article.evidence.items()
            }
        return replace(article, **changed) if changed else article

    def number(self, article_id: str) -> int | None:
        """The number of the live article of this id."""
        for start, segment in zip(self.starts.tolist(), self._data, strict=False):
            place = segment.number(article_id)
            if place is not None and self.live[start + place]:
                return int(start) + place
        return None

    def stem(self, term: str) -> Occurrences:
        """The postings of a stem."""
        return self._occurrences(term, False)

    def form(self, word: str) -> Occurrences:
        """The postings of a word as it is written."""
        return self._occurrences(word, True)

    def _occurrences(self, term: str, form: bool) -> Occurrences:
        key = (term, form)
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
        found = self._read(term.encode(), form)
        with self._lock:
            self._kept[key] = found
            self._kept_size += len(found.articles)
            while self._kept_size > _KEPT and len(self._kept) > 1:
                self._kept_size -= len(self._kept.popitem(last=False)[1].articles)
        return found

    def _read(self, term: bytes, form: bool) -> Occurrences:
        parts = []
        for start, segment in zip(self.starts.tolist(), self._data, strict=False):
            number = (segment.forms if form else segment.stems).find(term)
            if number is not None:
                found = segment.occurrences(int(segment.form_number[number]) if form else number)
                parts.append(found._replace(articles=found.articles + np.uint32(start)))
        if len(parts) == 1:
            return parts[0]
        none = np.empty(0, np.uint32)
        return Occurrences(*(np.concatenate([none, *(part[i] for part in parts)]) for i in range(4)))

    def beginning(self, letters: str, limit: int) -> list[str]:
        """The words that begin with these letters, in order; at most `limit` of them and one more."""
        words: set[bytes] = set()
        for segment in self._data:
            found = segment.forms.beginning(letters.encode())
            words |= {segment.forms[number] for number in found[: limit + 1]}
        return [word.decode() for word in sorted(words)[: limit + 1]]

    def terms(self) -> int:
        """How many different stems there are."""
        return len(set().union(*(segment.stems for segment in self._data)))


def _joined(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *parts]).astype(dtype)
