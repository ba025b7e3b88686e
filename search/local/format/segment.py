"""One segment, written and opened: its terms, postings, positions, columns and store, each with a module of its own.

An open segment is immutable, mapped into memory, and shared by all threads. Opening reads five tables of contents;
everything else is read on use, or by `check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.errors import NO_KNOWN, NO_QUALITY, NO_SCANS, NeedsUpgrade
from search.fields import HAS, KNOWN, LEGIBLE, SCAN
from search.files.array_file import ArrayFile, ArrayFileWriter
from search.jit.arguments import Postings
from search.local.format import bigrams, columns, lexicon
from search.local.format.bigrams import Bigrams
from search.local.format.columns import Columns, ValueList, lengths_of
from search.local.format.layout import BIGRAM, COLUMNS, ENDINGS, LANDMARK, LEXICON, POSITIONS, POSTINGS, STORE
from search.local.format.lexicon import read_terms
from search.local.format.postings import PostingsReader, PostingsWriter
from search.local.format.scratch import Scratch
from search.local.format.store import Store, StoreWriter
from search.local.format.string_arrays import Strings
from search.said import said
from search.system.json import Json
from search.text import dates
from search.values import record
from search.values.article import Article

_UNMEASURED = {LEGIBLE: NO_QUALITY, KNOWN: NO_KNOWN}
_NO_LANDMARKS = said(
    "The index has articles that were indexed before it was stored where sentences begin and names stand."
)


class SegmentWriter:
    """Writes the files of a segment.

    Postings of stems come first, then those of forms that have postings of their own, then landmarks, then bigrams,
    then the columns of names.

    Args:
        files: the files to write, by ending.
        titles, texts: uint32, the number of words of each article's title and text.
        scratch: working memory.
    """

    def __init__(
        self, files: Mapping[str, ArrayFileWriter], titles: NDArray[np.uint32], texts: NDArray[np.uint32],
        scratch: Scratch,
    ) -> None:  # fmt: skip
        self._files = files
        self._titles = titles
        self._texts = texts
        self._postings = PostingsWriter(files[POSTINGS], files[POSITIONS], lengths_of(titles, texts), scratch)

    def write_terms(self, stems: Strings, forms: Strings, form_number: NDArray[np.uint32], landmarks: Strings) -> None:
        """Write the words and landmarks; see `lexicon.Terms`."""
        lexicon.write_terms(self._files[LEXICON], stems, forms, form_number, landmarks)

    def add_words(self, postings: Postings) -> None:
        """Write the postings of the next words, or landmarks."""
        self._postings.add_words(postings)

    @property
    def words(self) -> int:
        """The number of words of all its articles."""
        return int(self._titles.sum(dtype=np.int64) + self._texts.sum(dtype=np.int64))

    def frequency(self, terms: int) -> NDArray[np.uint32]:
        """The number of articles that have each of the first terms."""
        return self._postings.frequency(terms)

    def add_bigrams(self, postings: Postings) -> None:
        """Write the postings of the next bigrams."""
        self._postings.add_bigrams(postings)

    def write_bigrams(self, words: NDArray[np.int64], keys: NDArray[np.int64]) -> None:
        """Write which bigrams these are; see `bigrams.write`."""
        bigrams.write(self._files[LEXICON], words, keys)

    def write_columns(
        self, days: NDArray[np.int32], instants: NDArray[np.int64], ids: Strings, digests: Iterable[Strings],
        written: Iterable[Strings],
    ) -> None:  # fmt: skip
        """Write the columns with one value per article; see `columns.write`.

        Args:
            instants: articles × `layout.INSTANTS`.
        """
        columns.write(self._files[COLUMNS], days, instants, self._titles, self._texts, ids, digests, written)

    def write_meanings(self, pieces: Iterable[Strings]) -> None:
        """Write the vectors of the articles, if any has some (see `Columns`)."""
        columns.write_meanings(self._files[COLUMNS], pieces)

    def write_values(
        self, name: str, values: Strings, offsets: NDArray[np.int64], ordinals: NDArray[np.uint32]
    ) -> None:
        """Write the next column of names; see `columns.write_values`."""
        columns.write_values(self._files[COLUMNS], self._postings, name, values, offsets, ordinals)

    def store(self) -> StoreWriter:
        """The writer of the articles; it may be used in another thread, and its user must finish it."""
        return StoreWriter(self._files[STORE])

    def finish(self) -> None:
        """Write the arrays that had to wait until all postings are known."""
        self._postings.finish()


class SegmentData:
    """The files of one segment, opened.

    Attributes:
        size: its articles, deleted ones included.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.files = {ending: ArrayFile(folder / f"{name}{ending}") for ending in ENDINGS}
        self.terms = read_terms(self.files[LEXICON])
        self.columns = Columns(self.files[COLUMNS])
        self.size = len(self.columns.days)
        self.postings = PostingsReader(self.files[POSTINGS], self.files[POSITIONS], self.size)
        self.bigrams = Bigrams(self.files[LEXICON], self.postings.first(BIGRAM))
        self.store = Store(self.files[STORE])
        self._values: dict[str, ValueList] = {}
        self._lasting: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    @property
    def named(self) -> bool:
        """True if its files are still those with their names in the directory."""
        return all([file.named for file in self.files.values()])

    def release(self, *endings: str) -> None:
        """Take what was read of some files, by their endings, out of the memory of this process."""
        for ending in endings:
            self.files[ending].release()

    def values(self, name: str) -> ValueList:
        """The column of a facet, or of the collection."""
        if name not in self._values:
            self._values[name] = ValueList(self.files[COLUMNS], self.postings, name, self.size)
        return self._values[name]

    def title(self, number: int) -> str:
        """The title of an article, as it is."""
        written = self.columns.written
        title: str = written.text(number) if len(written) else self.record(number)["title"]
        return title

    def landmark(self, name: str) -> int | None:
        """The number of a landmark's postings, None if it is not there.

        Raises:
            NeedsUpgrade: if the segment is of format 11, which has none.
        """
        if f"{LANDMARK}.ends" not in self.files[LEXICON]:
            raise NeedsUpgrade(_NO_LANDMARKS)
        place = self.terms.landmarks.find(name.encode())
        return None if place is None else self.postings.positioned - len(self.terms.landmarks) + place

    def scanned(self) -> NDArray[np.uint32]:
        """The numbers of the articles that have a scan, live or not, ascending.

        Raises:
            NeedsUpgrade: if the segment is of format 15 or earlier, which does not know.
        """
        if f"{HAS}.sets" not in self.files[COLUMNS]:
            raise NeedsUpgrade(NO_SCANS)
        known = self.values(HAS)
        place = known.values.find(SCAN.encode())
        return np.empty(0, np.uint32) if place is None else self.postings.articles(known.first + place)

    def hundredths(self, name: str) -> NDArray[np.uint8]:
        """The number of each article in one of the columns of `MEASURES`, plus one; 0 for none.

        Raises:
            NeedsUpgrade: if the segment is of a format that does not know it.
        """
        if f"{name}.sets" not in self.files[COLUMNS]:
            raise NeedsUpgrade(_UNMEASURED[name])
        known, found = self.values(name), np.zeros(self.size, np.uint8)
        for place in range(len(known.values)):
            found[self.postings.articles(known.first + place)] = int(known.values[place]) + 1
        return found

    def lasting(self, day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The articles whose date, without a time, begins with a day: their numbers, and the last days that it covers,
        later ones if only a month or a year is known. Remembered, since each of them is read.
        """
        if day not in self._lasting:
            there = np.flatnonzero(self.columns.days == day)
            there = there[self.columns.instants["published"][there] % 2 == 0]
            lasts = [dates.parse(self.record(number)["published"]).last.toordinal() for number in there.tolist()]
            self._lasting[day] = there, np.array(lasts, np.int64)
        return self._lasting[day]

    def article(self, number: int) -> Article:
        """An article, as it was added, with its group."""
        fields = self.record(number)
        if meaning := self.columns.meanings[number]:
            fields["meaning"] = meaning
        return self.put_together(number, fields)

    def record(self, number: int) -> Json:
        """The fields of an article, as it was added."""
        return record.parsed(self.store[number])

    def put_together(self, number: int, fields: Json) -> Article:
        """The article with these fields, and its group."""
        group = self.values("group").first_of(number)
        if group is not None:
            fields = fields | {"group": group}
        return record.article(fields)
