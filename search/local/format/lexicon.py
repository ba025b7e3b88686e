"""Here is a word, give me its number: sorted terms, one after the other, found by binary search.

Terms are UTF-8 and sorted by their bytes, so that all terms with a common prefix are adjacent. Cost of a lookup: some
three microseconds; of opening, nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.files.array_file import Array, ArrayFile, ArrayFileWriter
from search.kernels import keyness, postings, spelling
from search.local.format.layout import LANDMARK
from search.local.format.string_arrays import Strings


def write(file: ArrayFileWriter, name: str, terms: Strings) -> None:
    """Write terms, sorted or not, in the given order."""
    file.add(f"{name}.bytes", terms.data)
    file.add(f"{name}.ends", terms.ends.astype(np.uint64))


def write_pieces(file: ArrayFileWriter, name: str, pieces: Iterable[Strings]) -> None:
    """Write terms, in the given order, of which not all are in memory at the same time."""
    ends, before = [np.empty(0, np.uint64)], 0
    file.begin(f"{name}.bytes", np.dtype(np.uint8))
    for piece in pieces:
        file.append(piece.data)
        ends.append(piece.ends.astype(np.uint64) + np.uint64(before))
        before += len(piece.data)
    file.add(f"{name}.ends", np.concatenate(ends))


class Lexicon:
    """The terms that `write` wrote under a name."""

    def __init__(self, file: ArrayFile | Mapping[str, Array], name: str) -> None:
        self._data: NDArray[np.uint8] = file[f"{name}.bytes"]
        self._bytes: memoryview = memoryview(self._data.data)
        self._ends: NDArray[np.uint64] = file[f"{name}.ends"]

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
        """The bytes of all terms, one after the other, and the end of each."""
        return self._data, self._ends

    def __getitem__(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) if number else 0
        return bytes(self._bytes[start : int(self._ends[number])])

    def text(self, number: int) -> str:
        """A term as text."""
        start = int(self._ends[number - 1]) if number else 0
        return str(self._bytes[start : int(self._ends[number])], "utf-8")

    def __iter__(self) -> Iterator[bytes]:
        data, ends = self._data.tobytes(), self._ends.tolist()
        return iter([data[start:end] for start, end in zip([0, *ends], ends, strict=False)])

    @property
    def strings(self) -> Strings:
        """All terms, without a copy."""
        return Strings(self._data, self._ends.view(np.int64))

    def find(self, term: bytes) -> int | None:
        """The number of a term, None if it is not there; only for sorted terms."""
        number = int(postings.find(self._data, self._ends, np.frombuffer(term, np.uint8)))
        return None if number < 0 else number

    def find_all(self, terms: Sequence[bytes]) -> list[int]:
        """The number of each of some terms, −1 for one that is not there; only for sorted terms."""
        return self.find_many(terms, np.arange(len(self), dtype=np.uint32))

    def find_many(self, terms: Sequence[bytes], order: NDArray[np.uint32]) -> list[int]:
        """The number of the last term equal to each of some, −1 if there is none.

        Args:
            order: the numbers of all terms, sorted by their bytes.
        """
        ends = np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)))
        found = np.empty(len(terms), np.int64)
        postings.find_many(self._data, self._ends, order, np.frombuffer(b"".join(terms), np.uint8), ends, found)
        return found.tolist()

    def beginning(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with a prefix; only for sorted terms."""
        behind = prefix + b"\xff"  # no UTF-8 text has this byte
        first, last = (
            int(postings.place_of(self._data, self._ends, np.frombuffer(term, np.uint8))) for term in (prefix, behind)
        )
        return range(first, last)

    def distances(self, numbers: range, word: NDArray[np.uint32], most: int, out: NDArray[np.uint8]) -> None:
        """The edits between some terms and a word, given as code points; `most` + 1 if there are more."""
        spelling.distances(self._data, self._ends, numbers.start, word, most, out)

    def mark_known(self, numbers: range, others: Lexicon, their_numbers: range, known: NDArray[np.bool_]) -> None:
        """Mark the terms in a range of another lexicon that are in a range of this one, too."""
        ours, theirs = (numbers.start, numbers.stop), (their_numbers.start, their_numbers.stop)
        postings.mark_known(self._data, self._ends, ours, others._data, others._ends, theirs, known)


def joined(lexicons: Sequence[Lexicon]) -> tuple[Strings, NDArray[np.int64], list[NDArray[np.uint32]]]:
    """The terms of several sorted lexicons together.

    Returns:
        The terms of one lexicon after the other; which of them are all different ones, in order; and of each lexicon
        the places of its terms among these.
    """
    together = Strings.joined([lexicon.strings for lexicon in lexicons])
    entries: NDArray[np.int64] = np.empty(0, np.int64)
    places: list[NDArray[np.uint32]] = []
    first = 0
    for last in np.cumsum([*map(len, lexicons)], dtype=np.int64).tolist():
        found, own = np.empty(len(entries) + last - first, np.int64), np.empty(last - first, np.uint32)
        moved = np.empty(len(entries), np.uint32)
        size = keyness.join(together.data, together.ends, entries, first, last, found, moved, own)
        entries, places, first = found[:size].copy(), [*(moved[others] for others in places), own], last
    return together, entries, places


def different(lexicons: Sequence[Lexicon], ranges: Sequence[range]) -> int:
    """The number of different terms in a range of each of several sorted lexicons."""
    total = 0
    for at, (lexicon, numbers) in enumerate(zip(lexicons, ranges, strict=True)):
        known = np.zeros(len(numbers), np.bool_)
        for before, theirs in zip(lexicons[:at], ranges[:at], strict=True):
            before.mark_known(theirs, lexicon, numbers, known)
        total += len(numbers) - int(np.count_nonzero(known))
    return total


class Terms(NamedTuple):
    """The words of a segment.

    Attributes:
        stems: the terms of all words, sorted.
        forms: the words as written, folded, sorted.
        form_number: of each form, the number of its postings.
        landmarks: what stands at positions besides words, sorted: see `layout.landmark`. Their postings are numbered in
            this order, after those of the words.
    """

    stems: Lexicon
    forms: Lexicon
    form_number: NDArray[np.uint32]
    landmarks: Lexicon


def write_terms(
    file: ArrayFileWriter, stems: Strings, forms: Strings, form_number: NDArray[np.uint32], landmarks: Strings
) -> None:
    """Write the words of a segment, file `.lex`; see `Terms`."""
    write(file, "stem", stems)
    write(file, "form", forms)
    file.add("form.number", form_number)
    write(file, LANDMARK, landmarks)


def read_terms(file: ArrayFile) -> Terms:
    """The words that `write_terms` wrote. A segment of format 11 has no landmarks."""
    landmarks = Lexicon(file if f"{LANDMARK}.ends" in file else no_strings(LANDMARK, 0), LANDMARK)
    return Terms(Lexicon(file, "stem"), Lexicon(file, "form"), file["form.number"], landmarks)


def no_strings(name: str, size: int) -> dict[str, Array]:
    """The arrays of empty strings, for a segment that was written before there were others."""
    return {f"{name}.bytes": np.empty(0, np.uint8), f"{name}.ends": np.zeros(size, np.uint64)}
