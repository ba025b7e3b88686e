"""Merges segments, array by array: live articles are renumbered, terms merged, nothing is tokenised again.

Every structure of the result contains only data of its live articles: a term or a value that none of them has is
dropped, with its bytes. Terms are processed in ranges, so that memory is bounded by `CHUNK` postings and not by the
segments. `too_many` decides which segments are merged: neighbours of similar size, so that each article is copied only
a few times however many commits there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search.files.array_file import Array, ArrayFileWriter
from search.jit.arguments import Postings
from search.kernels import inversion, sets
from search.local.format.layout import ENDINGS, INSTANTS, NAMES, POSITIONS, POSTINGS, STORE
from search.local.format.lexicon import Lexicon
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData, SegmentWriter
from search.local.format.store import StoreWriter
from search.local.format.string_arrays import Strings
from search.local.write import bigrams
from search.local.write.grouping import ranges
from search.local.write.union import Having, own_forms, union

AT_ONCE = 10_000
"""Articles whose records, titles, digests or vectors are in memory at the same time."""
CHUNK = 1 << 17
"""Postings merged at once, at some 100 bytes each with their positions, unless a single term has more."""
WIDTH = 8
"""How many neighbours of similar size may accumulate."""
SMALL = 1000
"""Segments with fewer articles count as of one size."""

Source = tuple[Collection[int], SegmentData]
"""A segment, and its deleted articles."""


def too_many(sizes: Sequence[int]) -> range | None:
    """The indices of neighbouring segments that should be merged, None if there are none.

    A segment's tier is the number of times `SMALL` must be multiplied by `WIDTH` to reach its size. If the last
    segments, with none of a higher tier among them, include `WIDTH` of one tier, they are merged.
    """
    tiers = [_tier(size) for size in sizes]
    for tier in range(max(tiers, default=-1) + 1):
        start = len(tiers)
        while start and tiers[start - 1] <= tier:
            start -= 1
        if tiers[start:].count(tier) >= WIDTH:
            return range(start, len(tiers))
    return None


def _tier(size: int) -> int:
    tier = 0
    while size > SMALL:
        size //= WIDTH
        tier += 1
    return tier


def merge(sources: Sequence[Source], files: dict[str, ArrayFileWriter]) -> None:
    """Write the live articles of several segments as one, in the same order."""
    renumbers = _renumbered(sources)
    data = [source[1] for source in sources]
    stems, with_stems = union([d.terms.stems for d in data])
    forms, with_forms = union([d.terms.forms for d in data])
    with_own, shared = own_forms(with_stems, with_forms, [d.terms.form_number for d in data], len(forms))
    live = [renumber >= 0 for renumber in renumbers]
    titles, texts = (
        _joined(columns, live) for columns in ([d.columns.titles for d in data], [d.columns.texts for d in data])
    )
    writer = SegmentWriter(files, titles, texts, Scratch())
    living_stems = _pack(writer, data, with_stems, len(stems), renumbers)
    living_own = _pack(writer, data, with_own, int(np.count_nonzero(shared < 0)), renumbers)
    landmarks, with_landmarks = union([d.terms.landmarks for d in data])
    firsts = [np.uint32(d.postings.positioned - len(d.terms.landmarks)) for d in data]
    with_landmarks = [
        found._replace(numbers=found.numbers + first) for found, first in zip(with_landmarks, firsts, strict=True)
    ]
    living_landmarks = _pack(writer, data, with_landmarks, len(landmarks), renumbers)
    living = np.flatnonzero(living_stems)
    among = bigrams.in_segments(data, lambda some: [found.of(living[some]) for found in with_stems], renumbers)
    bigrams.write(writer, len(living), titles, among, Scratch())
    _write_terms(writer, stems, forms, shared, living_stems, living_own, _flagged(landmarks, living_landmarks))
    _write_columns(writer, data, live)
    for segment in data:
        segment.release(*ENDINGS)
    writer.finish()
    _write_store(writer.store(), data, live)


def _renumbered(sources: Sequence[Source]) -> list[NDArray[np.int64]]:
    """For each segment, the new number of each article, −1 for deleted ones."""
    renumbers, start = [], 0
    for deleted, data in sources:
        live = np.ones(data.size, np.bool_)
        live[list(deleted)] = False
        renumbers.append(np.where(live, start + np.cumsum(live) - 1, -1).astype(np.int64))
        start += int(live.sum())
    return renumbers


def _pack(
    writer: SegmentWriter,
    data: Sequence[SegmentData],
    having: Sequence[Having],
    terms: int,
    renumbers: Sequence[NDArray[np.int64]],
) -> NDArray[np.bool_]:
    """Pack the merged postings of the terms that a live article has. Returns a flag for each of all terms."""
    living = [np.empty(0, np.bool_)]
    for postings, some in _merged(data, having, terms, renumbers):
        writer.add_words(postings)
        living.append(some)
    return np.concatenate(living)


def _write_terms(
    writer: SegmentWriter, stems: Strings, forms: Strings, shared: NDArray[np.int64],
    living_stems: NDArray[np.bool_], living_own: NDArray[np.bool_], landmarks: Strings,
) -> None:  # fmt: skip
    """Write the terms that a live article has.

    Args:
        shared: the stem whose postings each form shares, −1 for one that has its own.
        living_stems, living_own: flags of the stems, and of the forms with postings of their own, that a live article
            has.
    """
    own, sharing = shared < 0, shared >= 0
    living_forms = np.empty(len(forms), np.bool_)
    living_forms[own] = living_own
    living_forms[sharing] = living_stems[shared[sharing]]
    number = np.empty(len(forms), np.int64)
    number[own] = np.count_nonzero(living_stems) + np.cumsum(living_own) - 1
    number[sharing] = (np.cumsum(living_stems) - 1)[shared[sharing]]
    writer.write_terms(
        _flagged(stems, living_stems), _flagged(forms, living_forms), number[living_forms].astype(np.uint32), landmarks
    )


def _flagged(terms: Strings, flags: NDArray[np.bool_]) -> Strings:
    """The terms with a flag."""
    return terms if flags.all() else terms.some(np.flatnonzero(flags))


def _merged(
    data: Sequence[SegmentData],
    having: Sequence[Having],
    terms: int,
    renumbers: Sequence[NDArray[np.int64]],
) -> Iterator[tuple[Postings, NDArray[np.bool_]]]:
    """The merged postings of all terms that a live article has, in ranges of terms, with flags for the terms of a
    range.
    """
    sizes = np.zeros(terms, np.int64)
    for segment, found in zip(data, having, strict=True):
        sizes[found.terms] += segment.postings.frequency[found.numbers]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    for first, last in ranges(starts, CHUNK):
        yield _range(data, [found.between(first, last) for found in having], renumbers)
        for segment in data:
            segment.release(POSTINGS, POSITIONS)


def _range(
    data: Sequence[SegmentData],
    numbers: Sequence[NDArray[np.int64]],
    renumbers: Sequence[NDArray[np.int64]],
) -> tuple[Postings, NDArray[np.bool_]]:
    terms = len(numbers[0])
    parts = [segment.postings.occurrences_of(found) for segment, found in zip(data, numbers, strict=True)]
    frequency, occurrences = np.zeros(terms, np.int64), np.zeros(terms, np.int64)
    for part, renumber in zip(parts, renumbers, strict=True):
        inversion.count_live((*part,), renumber, frequency, occurrences)
    ends, spots = np.cumsum(frequency), np.cumsum(occurrences) - occurrences
    places = ends - frequency
    living = frequency > 0
    docs, counts, titles = (np.empty(int(frequency.sum()), np.uint32) for _ in range(3))
    merged = Postings(ends[living], docs, counts, titles, np.empty(int(occurrences.sum()), np.uint32))
    for part, renumber in zip(parts, renumbers, strict=True):
        inversion.scatter((*part,), renumber, places, spots, (*merged,))
    return merged, living


def _joined(columns: Sequence[Array], live: Sequence[NDArray[np.bool_]]) -> Array:
    """The columns of several segments concatenated, without deleted articles."""
    return np.concatenate([column[mask] for column, mask in zip(columns, live, strict=True)])


def _write_columns(writer: SegmentWriter, data: Sequence[SegmentData], live: Sequence[NDArray[np.bool_]]) -> None:
    ids = Strings.joined([*_pieces([d.columns.ids for d in data], live)])
    digests, written = (
        _pieces(lists, live) for lists in ([d.columns.digests for d in data], [d.columns.written for d in data])
    )
    days = _joined([d.columns.days for d in data], live)
    instants = _joined([np.column_stack([d.columns.instants[name] for name in INSTANTS]) for d in data], live)
    writer.write_columns(days, instants, ids, digests, written)
    if any(len(d.columns.meanings.arrays[0]) for d in data):
        writer.write_meanings(_pieces([d.columns.meanings for d in data], live))
    for name in NAMES:
        columns = [d.values(name) for d in data]
        values, having = union([column.values for column in columns])
        sizes = []
        for column, mask in zip(columns, live, strict=True):
            size = np.empty(len(mask), np.int64)
            sets.row_sizes(column.sets, column.offsets, mask, size)
            sizes.append(size[mask])
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(sizes))])
        ordinals = np.empty(offsets[-1], np.uint32)
        at = 0
        for column, found, mask in zip(columns, having, live, strict=True):
            at = sets.copy_rows(column.sets, column.offsets, column.ordinals, found.terms, mask, ordinals, at)
        living = np.zeros(len(values), np.bool_)
        living[ordinals] = True
        ordinals = (np.cumsum(living, dtype=np.uint32) - np.uint32(1))[ordinals]
        writer.write_values(name, _flagged(values, living), offsets, ordinals)


def _pieces(columns: Sequence[Lexicon], live: Sequence[NDArray[np.bool_]]) -> Iterator[Strings]:
    """What a column has of live articles, some articles at a time."""
    for column, mask in zip(columns, live, strict=True):
        numbers = np.flatnonzero(mask)
        for begin in range(0, len(numbers), AT_ONCE):
            yield column.strings.some(numbers[begin : begin + AT_ONCE])


def _write_store(store: StoreWriter, data: Sequence[SegmentData], live: Sequence[NDArray[np.bool_]]) -> None:
    for segment, mask in zip(data, live, strict=True):
        numbers = np.flatnonzero(mask).tolist()
        for begin in range(0, len(numbers), AT_ONCE):
            for number in numbers[begin : begin + AT_ONCE]:
                store.add(segment.store[number])
            segment.release(STORE)
    store.finish()
