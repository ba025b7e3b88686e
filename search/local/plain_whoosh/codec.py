"""The Whoosh codec: our files, as plain Whoosh reads them.

Terms, postings, lengths, columns and stored fields all come from `segment`. So any Whoosh query runs over an index
without our executor, and finds the same articles. Postings are returned as whole lists: this is for interchange and
for checking, not for speed.

The import path of `ColumnarSegment` and `ColumnarCodec` is part of the format: Whoosh's table of contents names it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, Self

import numpy as np
from whoosh.codec.base import Codec, FieldCursor, PerDocumentReader, Segment, TermsReader
from whoosh.columns import ColumnReader
from whoosh.fields import FieldType
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format, Positions
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from search.errors import IndexProblem
from search.fields import COUNTED
from search.kernels import phrases
from search.local.format import steps
from search.local.format.manifest import NAME, SegmentEntry, runs_of, segment_name
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.schema import TEXTS, day_field, form_field
from search.system.json import Json
from search.values import record


class ColumnarSegment(Segment):
    """A segment in Whoosh's table of contents: its number of articles, the deleted ones, and its format."""

    def __init__(self, size: int = 0) -> None:
        super().__init__(NAME)  # type: ignore[no-untyped-call]
        self._size = size
        self._deleted: frozenset[int] = frozenset()
        self.format = steps.FORMAT

    @classmethod
    def of(cls, entry: SegmentEntry) -> Self:
        """The segment of an entry in a manifest."""
        segment = cls(entry.size)
        segment.segid = entry.id
        segment.format = entry.format
        segment._deleted = frozenset(chain.from_iterable(range(first, last + 1) for first, last in entry.deleted))
        return segment

    @property
    def entry(self) -> SegmentEntry:
        """Its entry in a manifest."""
        return SegmentEntry(self.segid, self._size, runs_of(self._deleted), self.format)

    @property
    def name(self) -> str:
        """The name of its files, without their endings."""
        return segment_name(self.segid)

    @property
    def live(self) -> int:
        """Articles that are not deleted."""
        return self._size - len(self._deleted)

    def codec(self) -> ColumnarCodec:
        """The codec that reads it."""
        return ColumnarCodec()

    def should_assemble(self) -> bool:
        """Never packed into one file: its files are mapped as they are."""
        return False

    def doc_count_all(self) -> int:
        """Articles, deleted ones included."""
        return self._size

    def set_doc_count(self, doccount: int) -> None:
        """Whoosh's hook; does nothing, since the size is known when a segment is created."""
        self._size = doccount

    def deleted_count(self) -> int:
        """Deleted articles."""
        return len(self._deleted)

    def deleted_docs(self) -> frozenset[int]:
        """Numbers of the deleted articles."""
        return self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark an article as deleted or not deleted."""
        self._deleted = self._deleted | {docnum} if delete else self._deleted - {docnum}

    def delete_documents(self, numbers: Iterable[int]) -> None:
        """Mark several articles as deleted."""
        self._deleted = self._deleted.union(numbers)

    def is_deleted(self, docnum: int) -> bool:
        """True if an article is deleted."""
        return docnum in self._deleted


class ColumnarCodec(Codec):
    """Reads segments; they are written by `search.local.writer` only."""

    def terms_reader(self, storage: FileStorage, segment: ColumnarSegment) -> Terms:
        """The reader of terms and postings."""
        return Terms(SegmentData(Path(storage.folder), segment.name))

    def per_document_reader(self, storage: FileStorage, segment: ColumnarSegment) -> Documents:
        """The reader of articles."""
        return Documents(SegmentData(Path(storage.folder), segment.name), segment)

    def postings_reader(
        self, dbfile: object, terminfo: TermInfo, format_: Format, term: object = None, scorer: object = None
    ) -> ListMatcher:
        """Not available: Whoosh requests matchers from `terms_reader`, and there is no separate file of postings."""
        raise IndexProblem("Postings of this index are read through its terms.")

    def per_document_writer(self, storage: FileStorage, segment: ColumnarSegment) -> NoReturn:
        """Not available: Whoosh's writer cannot write such segments."""
        raise IndexProblem(_READ_ONLY)

    def field_writer(self, storage: FileStorage, segment: ColumnarSegment) -> NoReturn:
        """Not available: Whoosh's writer cannot write such segments."""
        raise IndexProblem(_READ_ONLY)

    def postings_writer(self, dbfile: object, byteids: bool = False) -> NoReturn:
        """Not available: Whoosh's writer cannot write such segments."""
        raise IndexProblem(_READ_ONLY)

    def new_segment(self, storage: FileStorage, indexname: str) -> ColumnarSegment:
        """An empty segment with a new name."""
        return ColumnarSegment()


_READ_ONLY = "Whoosh can read this index; only Dateline writes it: dateline index."

Rows = tuple[Sequence[int], Sequence[float], Sequence[Sequence[int]] | None]
"""Postings for Whoosh: articles, weights, positions if the field has them."""


class Terms(TermsReader):
    """Every term of every field, and its postings."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data
        self._fields: dict[str, list[bytes]] = {}

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms."""
        return sorted((*TEXTS, *map(form_field, TEXTS), *COUNTED, "collection", "id", "day"))

    def _terms(self, fieldname: str) -> list[bytes]:
        if fieldname not in self._fields:
            self._fields[fieldname] = sorted(self._all(fieldname))
        return self._fields[fieldname]

    def _all(self, fieldname: str) -> Iterable[bytes]:
        if fieldname in TEXTS or fieldname in map(form_field, TEXTS):
            lexicon = self._data.terms.stems if fieldname in TEXTS else self._data.terms.forms
            return (term for term in lexicon if len(self._rows(fieldname, term)[0]))
        if fieldname == "id":
            return self._data.columns.ids
        if fieldname == "day":
            return {day_field().to_bytes(int(day)) for day in np.unique(self._data.columns.days)}
        if fieldname == "collection" or fieldname in COUNTED:
            return self._data.values(fieldname).values
        return ()

    def _rows(self, fieldname: str, text: bytes) -> Rows:
        data = self._data
        none: Rows = ((), (), None)
        if fieldname == "id":
            number = data.columns.number(text.decode("utf-8", "surrogatepass"))
            return none if number is None else ([number], [1.0], None)
        if fieldname == "day":
            found = np.flatnonzero(data.columns.days == day_field().from_bytes(text))
            return found.tolist(), [1.0] * len(found), None
        if fieldname == "collection" or fieldname in COUNTED:
            ordinal = data.values(fieldname).values.find(text)
            articles = (
                [] if ordinal is None else data.postings.articles(data.values(fieldname).first + ordinal).tolist()
            )
            return articles, [1.0] * len(articles), None
        place = (
            (data.terms.stems if fieldname in TEXTS else data.terms.forms).find(text)
            if fieldname in self.indexed_field_names()
            else None
        )
        if place is None:
            return none
        number = place if fieldname in TEXTS else int(data.terms.form_number[place])
        return self._words(fieldname, number)

    def _words(self, fieldname: str, number: int) -> Rows:
        found = self._data.postings.occurrences(number)
        in_title = fieldname in ("title", form_field("title"))
        counts = found.titles if in_title else found.counts - found.titles
        here = counts > 0
        articles, weights = found.articles[here].tolist(), counts[here].astype(float).tolist()
        if fieldname not in TEXTS:
            return articles, weights, None
        if not articles:
            return (), (), None
        ends = np.cumsum(found.counts, dtype=np.int64)
        wanted = np.flatnonzero(here)
        held = found.counts[wanted].astype(np.int64)
        where = ((ends[wanted] - held) << phrases.SHIFT) | held
        positions = self._data.postings.positions([number], where[np.newaxis], Scratch()).positions
        rows = []
        for row, places in zip(wanted.tolist(), np.split(positions, np.cumsum(held)[:-1]), strict=True):
            title = int(self._data.columns.titles[found.articles[row]])
            rows.append((places[places < title] if in_title else places[places > title] - (title + 1)).tolist())
        return articles, weights, rows

    @staticmethod
    def _encoded(format_: Positions, row: Sequence[int]) -> bytes:
        data: bytes = format_.encode(row)
        return data

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return len(self._rows(*term)[0]) > 0

    def cursor(self, fieldname: str, fieldobj: FieldType) -> Cursor:
        """A cursor over the terms of a field."""
        return Cursor(self._terms(fieldname), fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every field and term, in order."""
        return ((name, term) for name in self.indexed_field_names() for term in self._terms(name))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Every field and term from this one on."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                terms = self._terms(name)
                start = bisect_left(terms, prefix) if name == fieldname else 0
                yield from ((name, term) for term in terms[start:])

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every term from this one on, with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """The statistics of a term."""
        articles, weights, _ = self._rows(fieldname, text)
        if not articles:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        lengths = {"title": self._data.columns.titles, "text": self._data.columns.texts}.get(fieldname)
        found = lengths[np.array(articles)] if lengths is not None else np.ones(1)
        return TermInfo(
            sum(weights), len(articles), int(found.min()), int(found.max()), max(weights), articles[0], articles[-1]
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Occurrences of a term."""
        return sum(self._rows(fieldname, text)[1])

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Articles that have a term."""
        return len(self._rows(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Positions, scorer: BaseScorer | None = None) -> ListMatcher:
        """The postings of a term."""
        articles, weights, positions = self._rows(fieldname, text)
        if not articles:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        values = [self._encoded(format_, row) for row in positions] if positions is not None else [b""] * len(articles)
        return ListMatcher(
            list(articles), list(weights), values, format_, scorer, term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )  # fmt: skip


class Cursor(FieldCursor):
    """A cursor over sorted terms, for automata."""

    def __init__(self, terms: list[bytes], fieldobj: FieldType) -> None:
        self._terms = terms
        self._field = fieldobj
        self._place = 0

    def first(self) -> str | None:
        """Go to the first term."""
        self._place = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not before this one."""
        self._place = bisect_left(self._terms, term.encode("utf-8") if isinstance(term, str) else term)
        return self.text()

    def next(self) -> str | None:
        """Go to the next term."""
        self._place += 1
        return self.text()

    def text(self) -> str | None:
        """The current term; None after the last."""
        return self._field.from_bytes(self._terms[self._place]) if self._place < len(self._terms) else None

    def term(self) -> str | None:
        """The same."""
        return self.text()


class Documents(PerDocumentReader):
    """Every article's lengths, columns and stored fields."""

    def __init__(self, data: SegmentData, segment: ColumnarSegment) -> None:
        self._data = data
        self._segment = segment
        self._columns: dict[str, Callable[[int], Any]] = {
            "id": lambda number: data.columns.ids[number],
            "day": lambda number: int(data.columns.days[number]),
            "length": lambda number: (
                int(data.columns.titles[number]) * TEXTS["title"] + int(data.columns.texts[number])
            ),
        }

    def doc_count(self) -> int:
        """Live articles."""
        return self._segment.live

    def doc_count_all(self) -> int:
        """Articles."""
        return self._data.size

    def has_deletions(self) -> bool:
        """True if any article is deleted."""
        return bool(self._segment.deleted_docs())

    def is_deleted(self, docnum: int) -> bool:
        """True if an article is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        """The deleted articles."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """True if a field has a column."""
        return fieldname in self._columns

    def list_columns(self) -> list[str]:
        """The fields with a column."""
        return list(self._columns)

    def column_reader(self, fieldname: str, column: object) -> Values:
        """A column."""
        return Values(self._columns[fieldname], self._data.size)

    def _lengths(self, fieldname: str) -> Any:
        return {"title": self._data.columns.titles, "text": self._data.columns.texts}.get(fieldname)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Words of a field of an article."""
        lengths = self._lengths(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """Words of a field, of all articles."""
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.sum())

    def min_field_length(self, fieldname: str) -> int:
        """The fewest words of a field."""
        lengths = self._lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        """The most words of a field."""
        lengths = self._lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.max())

    def stored_fields(self, docnum: int) -> Json:
        """The article's record, and the digest it was read with."""
        return {
            "article": record.encode(self._data.article(docnum)),
            "digest": self._data.columns.digests[docnum].decode(),
        }


class Values(ColumnReader):
    """A column, value by value."""

    def __init__(self, value: Callable[[int], Any], size: int) -> None:
        self._value = value
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, docnum: int) -> Any:
        return self._value(docnum)

    def sort_key(self, docnum: int) -> Any:
        """The sort key of an article."""
        return self._value(docnum)

    def __iter__(self) -> Iterator[Any]:
        return map(self._value, range(self._size))

    def load(self) -> list[Any]:
        """The whole column."""
        return list(self)
