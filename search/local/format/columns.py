"""The columns of a segment, written and read: file `.col`; for names also their postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.fields import TITLE_WEIGHT
from search.files.array_file import Array, ArrayFile, ArrayFileWriter
from search.jit.arguments import Postings
from search.kernels import sets as kernels
from search.local.format import lexicon
from search.local.format.layout import INSTANTS, MEANING
from search.local.format.lexicon import Lexicon
from search.local.format.postings import PostingsReader, PostingsWriter
from search.local.format.string_arrays import Strings

FEW = 50
"""Ids that are looked up without a kernel: loading what compiles one takes as long as 20,000 of them."""


def lengths_of(titles: NDArray[np.uint32], texts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Number of words of each article, a title word counting three times."""
    return titles * np.uint32(TITLE_WEIGHT) + texts


def write(
    file: ArrayFileWriter, days: NDArray[np.int32], instants: NDArray[np.int64], titles: NDArray[np.uint32],
    texts: NDArray[np.uint32], ids: Strings, digests: Iterable[Strings], written: Iterable[Strings],
) -> None:  # fmt: skip
    """Write the columns with one value per article; `written` are the titles. Digests and titles come in pieces."""
    file.add("day", days)
    for name, column in zip(INSTANTS, instants.T, strict=True):
        file.add(f"{name}.instant", np.ascontiguousarray(column))
    file.add("title", titles)
    file.add("text", texts)
    file.add("length", lengths_of(titles, texts))
    lexicon.write(file, "id", ids)
    order = ids.order().astype(np.uint32)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    file.add("id.order", order)
    file.add("id.rank", rank)
    lexicon.write_pieces(file, "digest", digests)
    lexicon.write_pieces(file, "title", written)


def write_meanings(file: ArrayFileWriter, pieces: Iterable[Strings]) -> None:
    """Write the vectors of the articles."""
    lexicon.write_pieces(file, MEANING, pieces)


class Columns:
    """The columns with one value per article.

    Attributes:
        days: int32; 0 unknown.
        instants: int64, by name; see `search.text.dates.instant_of`.
        titles, texts, lengths: uint32; words, and of both together, a title word counting three times.
        ids, digests: of each article.
        written: its title, as it is; none at all in a segment of format 12 or earlier (see `SegmentData.title`).
        meanings: its vectors (see `search.meaning.passages`); empty for an article without any.
        id_order, id_ranks: uint32; article numbers in the order of ids, and the rank of each article in that order.
    """

    def __init__(self, file: ArrayFile) -> None:
        self.days: NDArray[np.int32] = file["day"]
        self.instants: dict[str, NDArray[np.int64]] = {name: file[f"{name}.instant"] for name in INSTANTS}
        self.titles: NDArray[np.uint32] = file["title"]
        self.texts: NDArray[np.uint32] = file["text"]
        self.lengths: NDArray[np.uint32] = file["length"]
        self.ids = Lexicon(file, "id")
        self.id_order: NDArray[np.uint32] = file["id.order"]
        self.id_ranks: NDArray[np.uint32] = file["id.rank"]
        self.digests = Lexicon(file, "digest")
        titled = "title.ends" in file  # else the segment is of format 12 or earlier
        self.written = Lexicon(file if titled else lexicon.no_strings("title", 0), "title")
        there = f"{MEANING}.ends" in file  # else no article has any
        self.meanings = Lexicon(file if there else lexicon.no_strings(MEANING, len(self.days)), MEANING)

    def number(self, article_id: str) -> int | None:
        """The number of the last article with an id, live or not; earlier ones have been replaced."""
        wanted = article_id.encode()
        low, high = 0, len(self.ids)
        while low < high:
            middle = (low + high) // 2
            if self.ids[int(self.id_order[middle])] <= wanted:
                low = middle + 1
            else:
                high = middle
        if low and self.ids[found := int(self.id_order[low - 1])] == wanted:
            return found
        return None

    def numbers(self, ids: Sequence[str]) -> list[int]:
        """The number of the last article with each id, as `number` finds it; −1 if there is none.

        A run that finds nothing new asks for few at a time, and then needs no compiler.
        """
        if len(ids) <= FEW:
            return [-1 if (found := self.number(article_id)) is None else found for article_id in ids]
        return self.ids.find_many([article_id.encode() for article_id in ids], self.id_order)


def write_values(
    file: ArrayFileWriter, postings: PostingsWriter, name: str, values: Strings, offsets: NDArray[np.int64],
    ordinals: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Write a column of names: the values, each article's set of them, and the articles of each value.

    Args:
        values: sorted.
        offsets, ordinals: int64 and uint32; the start of each article's values, and the values.
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
    postings.add_values(Postings(ends, by_value, ones, np.zeros_like(ones), np.empty(0, np.uint32)), name)
    lexicon.write(file, name, values)
    file.add(f"{name}.sets", sets)
    file.add(f"{name}.offsets", set_offsets)
    file.add(f"{name}.ordinals", set_ordinals)


class ValueList:
    """The values of one column of names.

    Attributes:
        values: sorted; a value's index is its ordinal here.
        sets: uint32, shape (articles,); the number of each article's set of values, 0 the empty one.
        offsets, ordinals: uint32; the start of each set, and the values of all sets.
        first: the term number of the first value; values are terms of the segment and have postings, as words do.
    """

    def __init__(self, columns: ArrayFile, postings: PostingsReader, name: str, size: int) -> None:
        there = f"{name}.sets" in columns  # else the field is newer than the segment, and no article has a value
        file = columns if there else _no_values(name, size)
        self.values = Lexicon(file, name)
        self.sets: NDArray[np.uint32] = file[f"{name}.sets"]
        self.offsets: NDArray[np.uint32] = file[f"{name}.offsets"]
        self.ordinals: NDArray[np.uint32] = file[f"{name}.ordinals"]
        self.first = postings.first(name) if there else 0

    def first_of(self, article: int) -> str | None:
        """The first value of an article; None if it has none."""
        row = int(self.sets[article])
        return self.values[int(self.ordinals[self.offsets[row]])].decode() if row else None


def _no_values(name: str, size: int) -> dict[str, Array]:
    """The arrays of a column without values."""
    lengths = {"sets": size, "offsets": 2, "ordinals": 0}
    return {
        **lexicon.no_strings(name, 0),
        **{f"{name}.{part}": np.zeros(length, np.uint32) for part, length in lengths.items()},
    }
