"""Numbered articles in, one segment's files out: numbers become sorted arrays.

An `Inverter` collects a batch of articles as numbers; when finished, the batch is written as a segment, while the next
one is filled. It needs four bytes a word plus the articles, and five times as much for the words while it is written;
the caller limits it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from search.files.array_file import Array, ArrayFileWriter
from search.jit.arguments import Postings
from search.kernels import inversion
from search.kernels import landmarks as kernels
from search.local.format.layout import GROUP, INSTANTS, LANDMARK, NAMES
from search.local.format.scratch import Scratch, Scratches
from search.local.format.segment import SegmentWriter
from search.local.format.store import StoreWriter
from search.local.format.string_arrays import Strings
from search.local.write import bigrams
from search.local.write.grouping import grouped
from search.local.write.numbering import Numbered, Numberer, StoredFields, Values, stored_fields
from search.local.write.word_numbers import StringNumbers
from search.values.article import Article

TOGETHER_BYTES = 1 << 18
"""Bytes of articles that are numbered together."""
WORD_BYTES = 24
"""Bytes of a word until its segment is written: its number twice, its sorted position, and its packed form."""
ARTICLE_BYTES = 500
"""Bytes of an article in addition to its words and its record."""


class Inverter:
    """A batch of articles for a segment.

    Args:
        numberer: numbers the articles; it may have been used before.
    """

    def __init__(self, numberer: Numberer) -> None:
        self._numberer = numberer
        self._waiting: list[Article] = []
        self._stored: list[StoredFields] = []
        self._waiting_bytes = 0
        self._pieces: list[Numbered] = []
        self._numbered = 0
        self._bytes = 0
        self._groups: dict[int, str] = {}

    @property
    def size(self) -> int:
        """The number of its articles."""
        return self._numbered + len(self._waiting)

    @property
    def memory(self) -> int:
        """Approximate number of bytes that writing the segment will need."""
        return self._bytes + (1 + WORD_BYTES // 5) * self._waiting_bytes

    def add(self, article: Article) -> None:
        """Add an article with the next number."""
        self._stored.append(stored_fields(article))
        if article.group is not None:
            self._groups[self.size] = article.group
        self._waiting.append(article)
        self._waiting_bytes += len(article.title) + len(article.text)
        if self._waiting_bytes > TOGETHER_BYTES:
            self._number()

    def take(self, articles: Numbered, groups: Sequence[str | None]) -> None:
        """Add articles that were numbered by this inverter's numberer, with their near-duplicate groups."""
        self._number()
        self._groups.update((self.size + at, group) for at, group in enumerate(groups) if group is not None)
        self._pieces.append(articles)
        self._numbered += len(articles)
        self._bytes += WORD_BYTES * len(articles.words) + ARTICLE_BYTES * len(articles)
        self._bytes += WORD_BYTES * len(articles.landmarks.numbers)
        self._bytes += sum(map(len, articles.records)) + sum(map(len, articles.meanings))

    def regroup(self, number: int, group: str) -> None:
        """Move one of its articles to another group."""
        self._groups[number] = group

    def _number(self) -> None:
        """Number the waiting articles."""
        if self._waiting:
            numbered = self._numberer(self._waiting, self._stored)
            self._waiting, self._stored, self._waiting_bytes = [], [], 0
            self.take(numbered, ())

    def finished(self) -> Batch:
        """The finished batch, which can be written while another is filled."""
        self._number()
        groups = StringNumbers()
        numbers = groups.numbers(self._groups.values())
        counts = np.zeros(self.size, np.uint32)
        counts[list(self._groups)] = 1
        grouped = np.empty(self.size, np.uint32)
        grouped[list(self._groups)] = numbers
        return Batch(self._pieces, self._numberer, groups, Values(counts, grouped[counts > 0]))


class Batch:
    """A finished batch; it is written with the words and values known when it was finished."""

    def __init__(self, pieces: Sequence[Numbered], numberer: Numberer, groups: StringNumbers, group: Values) -> None:
        self.size = sum(map(len, pieces))
        self._pieces = pieces
        self._words = numberer.words.columns()
        self._word_names = numberer.words.names
        self._names = {**numberer.names, GROUP: groups}
        self._group = group

    def write(self, scratches: Scratches, files: dict[str, ArrayFileWriter]) -> None:
        """Write the segment to files by their ending, in borrowed working memory."""
        with ExitStack() as borrowed:
            whole, some, packing = (borrowed.enter_context(scratches.lent()) for _ in range(3))
            store_thread = borrowed.enter_context(ThreadPoolExecutor(1, "dateline-store"))
            titles = _joined([piece.titles for piece in self._pieces], np.uint32)
            texts = _joined([piece.texts for piece in self._pieces], np.uint32)
            segment = SegmentWriter(files, titles, texts, packing)
            storing = store_thread.submit(self._write_store, segment.store())
            self._write_words(segment, titles, texts, whole, some)
            self._write_columns(segment)
            segment.finish()
            storing.result()

    def _write_words(
        self, segment: SegmentWriter, titles: NDArray[np.uint32], texts: NDArray[np.uint32], whole: Scratch,
        some: Scratch,
    ) -> None:  # fmt: skip
        words = whole.take(sum(len(piece.words) for piece in self._pieces), np.uint32)
        np.concatenate([np.empty(0, np.uint32), *(piece.words for piece in self._pieces)], out=words)
        ends = np.cumsum(titles.astype(np.int64) + texts)
        counts = np.zeros(len(self._words[0]), np.uint32)
        inversion.count_words(words, counts)
        used = np.flatnonzero(counts)
        (stem_of, stem_terms), (form_of, form_terms) = (
            _renumbered(self._word_names, column, used) for column in self._words
        )
        own = _own_forms(stem_of[used], form_of[used], len(stem_terms), len(form_terms))
        form_number = np.empty(len(form_terms), np.uint32)
        form_number[form_of[used]] = stem_of[used]
        form_number[own] = len(stem_terms) + np.arange(len(own))
        landmarks, landmark_terms = self._landmarks()
        segment.write_terms(stem_terms, form_terms, form_number, landmark_terms)

        sort = whole.take(len(words), np.uint64)
        for postings in inverted(words, counts, stem_of, ends, titles, len(stem_terms), sort, some):
            segment.add_words(postings)
        place = np.full(len(form_terms), len(own), np.uint32)
        place[own] = np.arange(len(own), dtype=np.uint32)
        forms = np.full(len(counts), len(own), np.uint32)
        forms[used] = place[form_of[used]]
        for postings in inverted(words, counts, forms, ends, titles, len(own), sort, some):
            segment.add_words(postings)
        for postings in landmarks(titles, some):
            segment.add_words(postings)
        bigrams.write(segment, len(stem_terms), titles, bigrams.in_stream(words, stem_of, ends, titles), some)

    def _landmarks(
        self,
    ) -> tuple[Callable[[NDArray[np.uint32], Scratch], Iterator[Postings]], Strings]:
        """A function that inverts the landmarks, and their names, sorted."""
        parts = [piece.landmarks for piece in self._pieces]
        numbers, positions, each = (
            _joined([getattr(part, name) for part in parts], np.uint32) for name in ("numbers", "positions", "counts")
        )
        used = np.bincount(numbers).astype(np.uint32)
        places, terms = self._names[LANDMARK].among(used > 0)

        def inverted(titles: NDArray[np.uint32], scratch: Scratch) -> Iterator[Postings]:
            occurrences = np.bincount(places[used > 0], used[used > 0], len(terms)).astype(np.int64)
            starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(occurrences)])
            sort = np.empty(len(numbers), np.uint64)
            kernels.sort(numbers, positions, np.cumsum(each, dtype=np.int64), places, starts[:-1].copy(), sort)
            return grouped(sort, starts, titles, scratch)

        return inverted, terms

    def _write_store(self, store: StoreWriter) -> None:
        for piece in self._pieces:
            for encoded in piece.records:
                store.add(encoded)
        store.finish()

    def _write_columns(self, segment: SegmentWriter) -> None:
        ids = Strings.encoded([name for piece in self._pieces for name in piece.ids])
        digests = (Strings.encoded(piece.digests) for piece in self._pieces)
        written = (Strings.encoded(piece.written) for piece in self._pieces)
        days = _joined([piece.days for piece in self._pieces], np.int32)
        instants = np.concatenate([np.empty((0, len(INSTANTS)), np.int64), *(piece.instants for piece in self._pieces)])
        segment.write_columns(days, instants, ids, digests, written)
        if any(map(any, (piece.meanings for piece in self._pieces))):
            segment.write_meanings(Strings.encoded(piece.meanings) for piece in self._pieces)
        for name in NAMES:
            columns = [self._group] if name == GROUP else [piece.values[name] for piece in self._pieces]
            counts = _joined([column.counts for column in columns], np.uint32)
            numbers = _joined([column.numbers for column in columns], np.uint32)
            offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
            flags = np.zeros(int(numbers.max()) + 1 if len(numbers) else 0, np.bool_)
            flags[numbers] = True
            places, values = self._names[name].among(flags)
            segment.write_values(name, values, offsets, places[numbers])


def _joined(parts: Sequence[Array], dtype: type[np.generic]) -> Array:
    """Arrays of one type, concatenated."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _renumbered(
    names: StringNumbers, column: NDArray[np.uint32], used: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], Strings]:
    """For each word the index of its stem (or form) among those in use, and these, sorted."""
    flags = np.zeros(int(column.max(initial=0)) + 1 if len(column) else 0, np.bool_)
    flags[column[used]] = True
    order, terms = names.among(flags)
    return order[column] if len(order) else column, terms


def _own_forms(
    stems: NDArray[np.uint32], forms: NDArray[np.uint32], stem_count: int, form_count: int
) -> NDArray[np.int64]:
    """The forms that need postings of their own: all except those with exactly the occurrences of one stem.

    Args:
        stems, forms: of each word of the segment.
    """
    alone = (np.bincount(stems, minlength=stem_count)[stems] == 1) & (
        np.bincount(forms, minlength=form_count)[forms] == 1
    )
    shared = np.zeros(form_count, np.bool_)
    shared[forms[alone]] = True
    return np.flatnonzero(~shared)


def inverted(
    words: NDArray[np.uint32], counts: NDArray[np.uint32], term_of: NDArray[np.uint32], ends: NDArray[np.int64],
    titles: NDArray[np.uint32], terms: int, sort: NDArray[np.uint64], scratch: Scratch,
) -> Iterator[Postings]:  # fmt: skip
    """Convert a stream of articles' words to postings by term.

    Yields the postings of some terms at a time. They are valid only until the next ones are requested.

    Args:
        words: uint32, the words of all articles one after the other.
        counts: uint32, the frequency of each different word.
        term_of: uint32, the term of each different word; a word with a term of `terms` or more is skipped.
        ends: int64, the end of each article's words.
        titles: uint32, the number of title words of each article.
        sort: uint64, as long as `words`, uninitialized: used for sorting.
        scratch: memory for the postings.
    """
    indexed = term_of < terms
    occurrences = np.bincount(term_of[indexed], counts[indexed], terms).astype(np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(occurrences)])
    if starts[-1]:
        inversion.invert(words, term_of, terms, ends, titles, starts[:-1].copy(), sort)
    yield from grouped(sort, starts, titles, scratch)
