"""The columns of a segment: day, instants, lengths, id and names of each article."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.fields import TITLE_WEIGHT
from search.local import kernels
from search.local.format import lexicon
from search.local.format.array_file import ArrayFileWriter
from search.local.format.layout import INSTANTS
from search.local.format.postings import Packer, Postings


def lengths_of(titles: NDArray[np.uint32], texts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Number of words of each article, a title word counting three times."""
    return titles * np.uint32(TITLE_WEIGHT) + texts


def write_plain_columns(
    file: ArrayFileWriter, days: NDArray[np.int32], instants: NDArray[np.int64], titles: NDArray[np.uint32],
    texts: NDArray[np.uint32], ids: list[bytes], digests: list[bytes],
) -> None:  # fmt: skip
    """Write the columns with one value per article."""
    file.add("day", days)
    for name, column in zip(INSTANTS, instants.T, strict=True):
        file.add(f"{name}.instant", np.ascontiguousarray(column))
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
    packer.add_values(Postings(ends, by_value, ones, np.zeros_like(ones), np.empty(0, np.uint32)), name)
    lexicon.write(file, name, values)
    file.add(f"{name}.sets", sets)
    file.add(f"{name}.offsets", set_offsets)
    file.add(f"{name}.ordinals", set_ordinals)
