"""One generation of an index, opened: everything a question is answered from, immutable and shared by all threads.

Cost of opening: linear in the articles and in the pairs of article and facet value; 21,578 newswire articles take
about a second. A commit is seen by opening another snapshot, never by changing one.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex
from whoosh.reading import IndexReader

from search.article import Article
from search.errors import IndexDamaged
from search.fields import FACET_NAMES
from search.local import store
from search.local.columns import Mask, ValueColumn, value_column
from search.local.postings import PostingsReader
from search.text import DEFAULT_LANGUAGE

_ATTEMPTS = 20
_PAUSE_S = 0.05


class Snapshot:
    """A generation.

    Attributes:
        generation: its number.
        size: articles in its segments, deleted ones included; article numbers are below it.
        live: which of them are not deleted.
        ids: object, shape (size,); the articles' ids.
        rank: int64, shape (size,); the place of each article among all in order of id.
        days: int64, shape (size,); day of publication as `date.toordinal`, 0 unknown.
        lengths: float64, shape (size,); words, a title word counting thrice.
        facets: the column of each facet.
        languages: codes of the languages whose stems a word is looked for under.
    """

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self.postings = PostingsReader(reader)
        self.generation = reader.generation() or 0
        self.size = int(reader.doc_count_all())
        self.segments = len(list(reader.leaf_readers())) if self.size else 0
        self.live: Mask = np.array([not reader.is_deleted(number) for number in range(self.size)], np.bool_)
        self.ids: NDArray[np.object_] = np.array([*self._column("id"), None], object)[:-1]
        self.rank = np.empty(self.size, np.int64)
        self.rank[np.argsort(self.ids, kind="stable")] = np.arange(self.size)
        self.days: NDArray[np.int64] = np.array(self._column("day"), np.int64)
        self.lengths: NDArray[np.float64] = np.array(self._column("length"), np.float64)
        self.mean_length = float(self.lengths.mean()) if self.size else 0.0
        self.facets: dict[str, ValueColumn] = {
            name: value_column(self.postings, name, self.live) for name in FACET_NAMES
        }
        language = self.facets["language"]
        found = [value for value, count in zip(language.values, language.counts(self.live), strict=True) if count]
        unnamed = bool((self.live & ~language.some).any())
        self.languages = tuple(dict.fromkeys([*([DEFAULT_LANGUAGE] if unnamed or not found else []), *found]))

    def _column(self, name: str) -> list[Any]:
        if not self.size:  # Whoosh's reader of nothing has no columns
            return []
        return [value for leaf, _ in self._reader.leaf_readers() for value in leaf.column_reader(name)]

    def article(self, number: int) -> Article:
        """An article by its number, its values spelled as the facets spell them."""
        data = self.postings.stored(number)["article"]
        if not isinstance(data, bytes):
            raise IndexDamaged(f"Article {number} of generation {self.generation} has no stored form. Index it again.")
        return self._spelled(store.decode(data))

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
        articles = self.postings.read("id", article_id).articles
        alive = articles[self.live[articles]]
        return int(alive[-1]) if len(alive) else None

    def close(self) -> None:
        """Close the files. No thread may be using the snapshot."""
        self._reader.close()


def open_snapshot(index: FileIndex, path: Path) -> Snapshot:
    """Open the last generation; a commit that removes files meanwhile only makes it try again.

    Raises:
        IndexDamaged: when its files still cannot be read after a second.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return Snapshot(index.reader())
        except OSError as error:
            if attempt == _ATTEMPTS - 1:
                raise IndexDamaged(f"The index “{path}” cannot be read: {error}. Index the archive again.") from error
            time.sleep(_PAUSE_S)
    raise AssertionError("unreachable")
