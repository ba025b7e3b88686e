"""Articles in, one segment's files out: words become numbers, numbers become sorted arrays.

An `Inverter` holds a batch of articles as two streams of numbers, one of stems and one of words as written, and writes
them as a segment when asked. Its memory is some 20 bytes a word and the compressed articles; who fills it bounds it.

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
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.dates import day_of
from search.fields import FACET_NAMES, TITLE_WEIGHT
from search.local import kernels, lexicon, record
from search.local.files import ArrayFileWriter
from search.local.schema import day_number, values_of
from search.local.scoring import FLAT, slope
from search.local.store import StoreWriter
from search.local.tokenise import Tokeniser
from search.text import stem

LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE = ".lex", ".pst", ".pos", ".col", ".sto"
NAMES = ("collection", *FACET_NAMES)
"""Columns of names: the facets, and the collection."""


class Inverter:
    """A batch of articles, on its way to a segment."""

    def __init__(self) -> None:
        self.size = 0
        self._tokenisers: dict[str | None, Tokeniser] = {}
        self._stems: dict[str, int] = {}
        self._forms: dict[str, int] = {}
        self._stem_of: list[int] = []
        self._stem_parts: list[NDArray[np.uint32]] = []
        self._form_parts: list[NDArray[np.uint32]] = []
        self._words = 0
        self._ends = array("q")
        self._titles = array("I")
        self._days = array("i")
        self._ids: list[bytes] = []
        self._digests: list[bytes] = []
        self._values: dict[str, dict[str, int]] = {name: {} for name in NAMES}
        self._ordinals = {name: array("I") for name in NAMES}
        self._offsets = {name: array("q", [0]) for name in NAMES}
        self._store = StoreWriter()

    @property
    def memory(self) -> int:
        """Bytes that writing the segment will need, about."""
        return 40 * self._words + self._store.memory

    def add(self, article: Article) -> None:
        """Take an article as the next number."""
        self._titles.append(self._add_words(article.title, article.language))
        self._add_words(article.text, article.language)
        self._ends.append(self._words)
        self._days.append(day_number(day_of(article.published)))
        self._ids.append(article.id.encode())
        self._digests.append(article.digest.encode())
        for name in NAMES:
            values = (article.collection,) if name == "collection" else values_of(article, name)
            known = self._values[name]
            self._ordinals[name].extend(known.setdefault(value, len(known)) for value in values if value)
            self._offsets[name].append(len(self._ordinals[name]))
        self._store.add(record.encode(article))
        self.size += 1

    def _add_words(self, text: str, language: str | None) -> int:
        tokenise = self._tokenisers.get(language)
        if tokenise is None:
            tokenise = self._tokenisers[language] = Tokeniser(lambda word: self._number(word, language))
        stems, forms = tokenise(text)
        self._stem_parts.append(stems)
        self._form_parts.append(forms)
        self._words += len(stems)
        return len(stems)

    def _number(self, word: str, language: str | None) -> tuple[int, int]:
        """The numbers of a word: of its stem, and its own."""
        root = self._stems.setdefault(stem(word, language), len(self._stems))
        form = self._forms.setdefault(word, len(self._forms))
        if form == len(self._stem_of):
            self._stem_of.append(root)
        return root, form

    def write(self, files: dict[str, ArrayFileWriter]) -> None:
        """Write the segment into files by their ending."""
        ends = np.frombuffer(self._ends, np.int64) if self._ends else np.empty(0, np.int64)
        titles = _numbers(self._titles)
        stem_order, stem_terms = _sorted(self._stems)
        form_order, form_terms = _sorted(self._forms)
        stems, forms = (
            order[np.concatenate(parts)] if self._words else np.empty(0, np.uint32)
            for order, parts in ((stem_order, self._stem_parts), (form_order, self._form_parts))
        )

        stem_postings = invert(stems, ends, titles, len(stem_terms))
        own, form_number = self._own_forms(stems, forms, stem_order, form_order)
        dense = np.full(len(form_terms) + 1, len(own), np.uint32)
        dense[own] = np.arange(len(own), dtype=np.uint32)
        form_postings = invert(dense[forms], ends, titles, len(own) + 1)
        form_number[own] = len(stem_terms) + np.arange(len(own))

        lexicon.write(files[LEXICON], "stem", stem_terms)
        lexicon.write(files[LEXICON], "form", form_terms)
        files[LEXICON].add("form.number", form_number.astype(np.uint32))
        texts = (np.diff(ends, prepend=0) - titles).astype(np.uint32)
        packer = Packer(files[POSTINGS], files[POSITIONS], lengths_of(titles, texts))
        packer.add_words(stem_postings)
        packer.add_words(form_postings.first(len(own)))
        self._write_columns(files[COLUMNS], packer, titles, texts)
        packer.finish()
        self._store.finish(files[STORE])

    def _own_forms(
        self, stems: NDArray[Any], forms: NDArray[Any], stem_order: NDArray[Any], form_order: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which forms need postings of their own, and for the others the stem whose postings they share."""
        stem_counts = np.bincount(stems, minlength=len(stem_order))
        form_counts = np.bincount(forms, minlength=len(form_order))
        number = np.full(len(form_order), -1, np.int64)
        if self._stem_of:
            number[form_order] = stem_order[self._stem_of]
        shared = np.zeros(len(form_order), np.bool_)
        if len(forms):
            pairs = number[forms] == stems
            always = np.bincount(forms[pairs], minlength=len(form_order)) == form_counts
            shared = always & (stem_counts[number] == form_counts)
        return np.flatnonzero(~shared), number

    def _write_columns(
        self, file: ArrayFileWriter, packer: Packer, titles: NDArray[np.uint32], texts: NDArray[np.uint32]
    ) -> None:
        write_plain_columns(file, np.array(self._days, np.int32), titles, texts, self._ids, self._digests)
        for name in NAMES:
            order, values = _sorted(self._values[name])
            ordinals = _numbers(self._ordinals[name])
            offsets = np.array(self._offsets[name], np.int64)
            write_values(file, packer, name, values, offsets, order[ordinals] if len(ordinals) else ordinals)


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

    def first(self, terms: int) -> Postings:
        """The postings of the first terms only."""
        end = int(self.term_ends[terms - 1]) if terms else 0
        counts = self.counts[:end]
        positions = self.positions[: int(counts.sum(dtype=np.int64))]
        return Postings(self.term_ends[:terms], self.docs[:end], counts, self.title_counts[:end], positions)


def invert(terms: NDArray[Any], ends: NDArray[np.int64], titles: NDArray[Any], count: int) -> Postings:
    """Turn a stream of articles' terms into postings by term.

    Args:
        terms: uint32, the terms of all articles one after the other, each below `count`.
        ends: int64, where each article's terms end.
        titles: uint32, how many of each article's terms are its title's.
    """
    occurrences = np.zeros(count, np.int64)
    kernels.count_terms(terms, occurrences)
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(occurrences, out=starts[1:])
    articles = np.empty(len(terms), np.uint32)
    positions = np.empty(len(terms), np.uint32)
    kernels.invert(terms, ends, titles, starts[:-1].copy(), articles, positions)
    term_ends = np.empty(count, np.int64)
    docs, counts, title_counts = (np.empty(len(terms), np.uint32) for _ in range(3))
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
            n: [] for n in ("frequency", "blocks", "lasts", "offsets", "shapes", "impacts")
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
        used, length = kernels.encode(
            postings.docs, postings.counts, postings.title_counts, postings.term_ends, lengths, FLAT, slope(self._mean),
            blocks, words, lasts, offsets, shapes, impacts,
        )  # fmt: skip
        self._postings.append(words[:length])
        made: dict[str, NDArray[Any]] = {
            "frequency": np.diff(postings.term_ends, prepend=0).astype(np.uint32),
            "blocks": blocks[:-1] + self._blocks,
            "lasts": lasts[:used],
            "offsets": offsets[:used] + self._words,
            "shapes": shapes[:used],
            "impacts": impacts[:used],
        }
        for name, part in made.items():
            self._small[name].append(part.copy())
        self._terms += terms
        self._blocks += used
        self._words += length

    def finish(self) -> None:
        """Write what was kept until the end."""
        for file in (self._postings, self._positions):
            file.append(np.zeros(2, np.uint32))
        self._small["blocks"].append(np.array([self._blocks]))
        for name, parts in self._small.items():
            self._postings.add(name, np.concatenate(parts))
        self._postings.add("mean", np.array([self._mean]))
        for name, first in self._columns.items():
            self._postings.add(f"{name}.first", np.array([first]))
        self._positions.add("places", np.concatenate([np.empty(0, np.int64), *self._places]))


def _numbers(stream: Sequence[int]) -> NDArray[np.uint32]:
    return np.frombuffer(stream, np.uint32) if len(stream) else np.empty(0, np.uint32)  # type: ignore[call-overload]


def _sorted(numbers: dict[str, int]) -> tuple[NDArray[np.uint32], list[bytes]]:
    """Old number → place in the order of the terms' bytes, and the terms in that order."""
    terms = sorted((term.encode("utf-8"), number) for term, number in numbers.items())
    order = np.empty(len(terms), np.uint32)
    order[[number for _, number in terms]] = np.arange(len(terms), dtype=np.uint32)
    return order, [term for term, _ in terms]
