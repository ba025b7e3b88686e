"""Articles in, one segment's files out: words become numbers, numbers become sorted arrays.

An `Inverter` holds a batch of articles as a stream of numbers of words; finished, it is written as a segment, while the
next one is filled. Its memory is four bytes a word and the articles, and ten times as much for the words while it is
written; who fills it bounds it.

Files of a segment, each an `ArrayFile`:

    .lex   terms: stems, words as written, each sorted
    .pst   postings of each term, in blocks: stems, words as written (one that is all of its stem's occurrences shares
           the stem's), then the values of each column of names
    .pos   positions of the words' postings
    .col   columns: id, day, lengths, values; an article's values are a set, kept once for all articles that share it
    .sto   the articles
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search import record
from search.article import Article
from search.dates import day_of
from search.fields import FACET_NAMES, TITLE_WEIGHT
from search.local import kernels, lexicon
from search.local.files import ArrayFileWriter
from search.local.schema import day_number, values_of
from search.local.scoring import FLAT, slope
from search.local.store import StoreWriter
from search.local.tokenise import Stream
from search.local.words import Names, Words

LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE = ".lex", ".pst", ".pos", ".col", ".sto"
NAMES = ("collection", "group", *FACET_NAMES)
"""Columns of names: the facets, the collection, and the group of copies."""

TOGETHER_BYTES = 1 << 18
"""Of texts whose words are numbered at one go."""
MANY_ROWS = 1 << 15
"""Sets of values of a facet that are kept in mind."""


class Inverter:
    """A batch of articles, on its way to a segment.

    Args:
        words: the words met so far, to which those of the batch are added.
    """

    def __init__(self, words: Words) -> None:
        self.size = 0
        self._words = words
        self._stream = Stream()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._language: str | None = None
        self._ends = array("q")
        self._titles = array("I")
        self._days = array("i")
        self._ids: list[bytes] = []
        self._digests: list[bytes] = []
        self._values: dict[str, dict[str, int]] = {name: {} for name in NAMES}
        self._rows: dict[str, dict[tuple[str, ...], tuple[int, ...]]] = {name: {} for name in NAMES}
        self._ordinals = {name: array("I") for name in NAMES}
        self._offsets = {name: array("q", [0]) for name in NAMES}
        self._records: list[bytes] = []
        self._record_bytes = 0

    @property
    def memory(self) -> int:
        """Bytes that writing the segment will need, about."""
        return 44 * (self._stream.size + self._waiting_bytes // 6) + self._record_bytes

    def add(self, article: Article) -> None:
        """Take an article as the next number."""
        if article.language != self._language:
            self._number()
            self._language = article.language
        title, text = (part.encode("utf-8", "surrogatepass") for part in (article.title, article.text))
        self._waiting += (title, text)
        self._waiting_bytes += len(title) + len(text)
        if self._waiting_bytes > TOGETHER_BYTES:
            self._number()
        self._days.append(day_number(day_of(article.published)))
        self._ids.append(article.id.encode())
        self._digests.append(article.digest.encode())
        for name in NAMES:
            values = (article.collection,) if name == "collection" else values_of(article, name)
            ordinals = self._ordinals[name]
            if values:
                ordinals.extend(self._rows[name].get(values) or self._row(name, values))
            self._offsets[name].append(len(ordinals))
        encoded = record.encode(article)
        self._records.append(encoded)
        self._record_bytes += len(encoded)
        self.size += 1

    def _number(self) -> None:
        """Number the words of the texts that wait for it, which are titles and texts in turn."""
        if self._waiting:
            sizes = self._words.tokeniser(self._language)(self._waiting, self._stream)
            ends = (self._ends[-1] if self._ends else 0) + np.cumsum(sizes[0::2] + sizes[1::2])
            self._titles.frombytes(sizes[0::2].astype(np.uint32).tobytes())
            self._ends.frombytes(ends.astype(np.int64).tobytes())
            self._waiting, self._waiting_bytes = [], 0

    def _row(self, name: str, values: tuple[str, ...]) -> tuple[int, ...]:
        """The ordinals of some values, which are kept in mind as long as there are not too many such rows."""
        known, rows = self._values[name], self._rows[name]
        row = tuple(known.setdefault(value, len(known)) for value in values if value)
        if len(rows) < MANY_ROWS:
            rows[values] = row
        return row

    def finished(self) -> Batch:
        """The batch, which takes no more articles: what can be written while another is filled."""
        self._number()
        return Batch(self)


class Batch:
    """A finished batch; it is written from what the words were when it was finished."""

    def __init__(self, inverter: Inverter) -> None:
        self.size = inverter.size
        self._inverter = inverter
        self._numbers = inverter._words.numbers()
        self._names = inverter._words.stems, inverter._words.forms

    def write(self, files: dict[str, ArrayFileWriter]) -> None:
        """Write the segment into files by their ending."""
        batch = self._inverter
        words = batch._stream.data[: batch._stream.size]
        ends, titles = np.array(batch._ends, np.int64), np.array(batch._titles, np.uint32)
        counts = np.bincount(words, minlength=len(self._numbers.stems))
        used = np.flatnonzero(counts)
        (stem_of, stem_terms), (form_of, form_terms) = (
            self._renumbered(names, column, used) for names, column in zip(self._names, self._numbers, strict=True)
        )
        own = _own_forms(stem_of[used], form_of[used], len(stem_terms), len(form_terms))
        form_number = np.empty(len(form_terms), np.uint32)
        form_number[form_of[used]] = stem_of[used]
        form_number[own] = len(stem_terms) + np.arange(len(own))
        lexicon.write(files[LEXICON], "stem", stem_terms)
        lexicon.write(files[LEXICON], "form", form_terms)
        files[LEXICON].add("form.number", form_number)

        texts = (np.diff(ends, prepend=0) - titles).astype(np.uint32)
        packer = Packer(files[POSTINGS], files[POSITIONS], lengths_of(titles, texts))
        packer.add_words(invert(words, stem_of, ends, titles, len(stem_terms)))
        place = np.full(len(form_terms), len(own), np.uint32)
        place[own] = np.arange(len(own), dtype=np.uint32)
        forms = np.full(len(counts), len(own), np.uint32)
        forms[used] = place[form_of[used]]
        packer.add_words(invert(words, forms, ends, titles, len(own)))
        self._write_columns(files[COLUMNS], packer, titles, texts)
        packer.finish()
        store = StoreWriter(files[STORE])
        for encoded in batch._records:
            store.add(encoded)
        store.finish()

    @staticmethod
    def _renumbered(
        names: Names, column: NDArray[np.uint32], used: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint32], list[bytes]]:
        """For each word the place of its stem (or form) among those that are used, and these, sorted."""
        flags = np.zeros(int(column.max(initial=0)) + 1 if len(column) else 0, np.bool_)
        flags[column[used]] = True
        order, terms = names.among(flags)
        return order[column] if len(order) else column, terms

    def _write_columns(
        self, file: ArrayFileWriter, packer: Packer, titles: NDArray[np.uint32], texts: NDArray[np.uint32]
    ) -> None:
        batch = self._inverter
        write_plain_columns(file, np.array(batch._days, np.int32), titles, texts, batch._ids, batch._digests)
        for name in NAMES:
            order, values = _sorted(batch._values[name])
            ordinals = np.array(batch._ordinals[name], np.uint32)
            offsets = np.array(batch._offsets[name], np.int64)
            write_values(file, packer, name, values, offsets, order[ordinals] if len(ordinals) else ordinals)


def _own_forms(
    stems: NDArray[np.uint32], forms: NDArray[np.uint32], stem_count: int, form_count: int
) -> NDArray[np.int64]:
    """The forms that need postings of their own: all but those that are all of one stem, and only of that.

    Args:
        stems, forms: of each word of the segment.
    """
    alone = (np.bincount(stems, minlength=stem_count)[stems] == 1) & (
        np.bincount(forms, minlength=form_count)[forms] == 1
    )
    shared = np.zeros(form_count, np.bool_)
    shared[forms[alone]] = True
    return np.flatnonzero(~shared)


def lengths_of(titles: NDArray[np.uint32], texts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Words of each article, a title word counting thrice."""
    return titles * np.uint32(TITLE_WEIGHT) + texts


def write_plain_columns(
    file: ArrayFileWriter, days: NDArray[np.int32], titles: NDArray[np.uint32], texts: NDArray[np.uint32],
    ids: list[bytes], digests: list[bytes],
) -> None:  # fmt: skip
    """Write what each article has one of."""
    file.add("day", days)
    file.add("title", titles)
    file.add("text", texts)
    file.add("length", lengths_of(titles, texts))
    lexicon.write(file, "id", ids)
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.uint32)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    file.add("id.order", order)
    file.add("id.rank", rank)
    lexicon.write(file, "digest", digests)


def write_values(
    file: ArrayFileWriter, packer: Packer, name: str, values: list[bytes], offsets: NDArray[np.int64],
    ordinals: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Write a column of names: the values, each article's set of them, and the articles of each value.

    Args:
        values: sorted.
        offsets, ordinals: int64 and uint32; where each article's values begin, and the values.
    """
    articles = len(offsets) - 1
    sets = np.empty(articles, np.uint32)
    set_offsets, set_ordinals = np.empty(articles + 2, np.uint32), np.empty(len(ordinals), np.uint32)
    table = np.full(1 << (2 * articles + 1).bit_length(), -1, np.int64)
    known = kernels.group_rows(offsets, ordinals, table, sets, set_offsets, set_ordinals)
    set_offsets = set_offsets[: known + 1]
    set_ordinals = set_ordinals[: set_offsets[-1]]
    counts = np.zeros(len(values), np.int64)
    kernels.count_rows(sets, set_offsets, set_ordinals, counts)
    ends = np.cumsum(counts)
    by_value = np.empty(len(ordinals), np.uint32)
    kernels.invert_rows(sets, set_offsets, set_ordinals, ends - counts, by_value)
    ones = np.ones(len(by_value), np.uint32)
    packer.add_values(Postings(ends, by_value, ones, np.zeros_like(ones), np.empty(0, np.uint32)), name)
    lexicon.write(file, name, values)
    file.add(f"{name}.sets", sets)
    file.add(f"{name}.offsets", set_offsets)
    file.add(f"{name}.ordinals", set_ordinals)


class Postings:
    """Postings of many terms, before they are packed; see `kernels.group` and `kernels.encode_positions`."""

    def __init__(
        self, term_ends: NDArray[Any], docs: NDArray[Any], counts: NDArray[Any], title_counts: NDArray[Any],
        positions: NDArray[Any],
    ) -> None:  # fmt: skip
        self.term_ends = term_ends
        self.docs = docs
        self.counts = counts
        self.title_counts = title_counts
        self.positions = positions


def invert(
    words: NDArray[np.uint32], term_of: NDArray[np.uint32], ends: NDArray[np.int64], titles: NDArray[np.uint32],
    count: int,
) -> Postings:  # fmt: skip
    """Turn a stream of articles' words into postings by term.

    Args:
        words: uint32, the words of all articles one after the other.
        term_of: uint32, the term of each different word; one that is not below `count` is left out.
        ends: int64, where each article's words end.
        titles: uint32, how many of each article's words are its title's.
    """
    occurrences = np.zeros(count + 1, np.int64)
    kernels.count_terms(words, term_of, count, occurrences)
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(occurrences[:count], out=starts[1:])
    total = int(starts[-1])
    articles, positions = np.empty(total, np.uint32), np.empty(total, np.uint32)
    kernels.invert(words, term_of, count, ends, titles, starts[:-1].copy(), articles, positions)
    term_ends = np.empty(count, np.int64)
    docs, counts, title_counts = (np.empty(total, np.uint32) for _ in range(3))
    postings = kernels.group(articles, positions, starts, titles, term_ends, docs, counts, title_counts)
    return Postings(term_ends, docs[:postings], counts[:postings], title_counts[:postings], positions)


class Packer:
    """Packs postings, some terms at a time, and writes them.

    Args:
        lengths: uint32, of all articles of the segment.
    """

    def __init__(self, postings: ArrayFileWriter, positions: ArrayFileWriter, lengths: NDArray[np.uint32]) -> None:
        self._postings = postings
        self._positions = positions
        self._lengths = lengths
        self._mean = float(lengths.mean()) if len(lengths) else 0.0
        self._small: dict[str, list[NDArray[Any]]] = {
            n: [] for n in ("frequency", "blocks", "lasts", "offsets", "shapes", "impacts", "befores")
        }
        self._places: list[NDArray[np.int64]] = []
        self._columns: dict[str, int] = {}
        self._terms = self._blocks = self._words = self._position_words = 0
        postings.begin("words", np.dtype(np.uint32))
        positions.begin("words", np.dtype(np.uint32))

    def add_words(self, postings: Postings) -> None:
        """Take the postings of the next words, which come before all other terms and have positions."""
        self._pack(postings, self._lengths)
        words = np.empty(5 * len(postings.positions) // 4 + 2 * len(postings.term_ends) + 1, np.uint32)
        places = np.empty(len(postings.term_ends), np.int64)
        size = kernels.encode_positions(postings.positions, postings.counts, postings.term_ends, words, places)
        self._positions.append(words[:size])
        self._places.append(places + self._position_words)
        self._position_words += size

    def add_values(self, postings: Postings, column: str) -> None:
        """Take the postings of all values of a column."""
        self._columns[column] = self._terms
        self._pack(postings, np.empty(0, np.uint32))

    def _pack(self, postings: Postings, lengths: NDArray[np.uint32]) -> None:
        terms, count = len(postings.term_ends), len(postings.docs)
        most = count // kernels.BLOCK + terms + 1
        blocks, offsets = np.empty(terms + 1, np.int64), np.empty(most, np.int64)
        words = np.empty(3 * count + 3 * most, np.uint32)
        lasts, shapes = np.empty(most, np.uint32), np.empty(most, np.uint32)
        impacts = np.empty(most if len(lengths) else 0, np.float32)
        befores = np.empty(len(impacts), np.int64)
        used, length = kernels.encode(
            postings.docs, postings.counts, postings.title_counts, postings.term_ends, lengths, FLAT, slope(self._mean),
            blocks, words, lasts, offsets, shapes, impacts, befores,
        )  # fmt: skip
        self._postings.append(words[:length])
        made: dict[str, NDArray[Any]] = {
            "frequency": np.diff(postings.term_ends, prepend=0).astype(np.uint32),
            "blocks": blocks[:-1] + self._blocks,
            "lasts": lasts[:used],
            "offsets": offsets[:used] + self._words,
            "shapes": shapes[:used],
            "impacts": impacts[:used],
            "befores": befores[:used],
        }
        for name, part in made.items():
            self._small[name].append(part.copy())
        self._terms += terms
        self._blocks += used
        self._words += length

    def finish(self) -> None:
        """Write what was kept until the end."""
        for file in (self._postings, self._positions):
            file.append(np.zeros(kernels.SPARE, np.uint32))
        self._small["blocks"].append(np.array([self._blocks]))
        for name, parts in self._small.items():
            self._postings.add(name, _narrow(np.concatenate(parts)))
        self._postings.add("mean", np.array([self._mean]))
        for name, first in self._columns.items():
            self._postings.add(f"{name}.first", np.array([first]))
        self._positions.add("places", _narrow(np.concatenate([np.empty(0, np.int64), *self._places])))


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers in four bytes each, where they fit."""
    return array.astype(np.uint32) if array.dtype == np.int64 and array.max(initial=0) < 1 << 32 else array


def _sorted(numbers: dict[str, int]) -> tuple[NDArray[np.uint32], list[bytes]]:
    """Old number → place in the order of the terms' bytes, and the terms in that order."""
    terms = sorted((term.encode("utf-8"), number) for term, number in numbers.items())
    order = np.empty(len(terms), np.uint32)
    order[[number for _, number in terms]] = np.arange(len(terms), dtype=np.uint32)
    return order, [term for term, _ in terms]
