"""One open generation of an index: everything that queries read, immutable and shared by all threads.

Segments that were open in the previous generation are reused, and so are the joined columns of the segments that both
begin with. A commit becomes visible by opening another snapshot, never by changing one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.fields import COUNTED, KNOWN, LEGIBLE, MAIN, facet_of
from search.files.array_file import Array, check
from search.jit.arguments import Formula
from search.local.ask.facts.columns import ValueColumn, value_column
from search.local.ask.facts.coverage import Coverage
from search.local.ask.facts.named_values import NameIndexes
from search.local.ask.facts.rows import Mask, narrow
from search.local.ask.facts.stories import Stories
from search.local.ask.forms import Forms
from search.local.format import authority_file
from search.local.format.columns import Columns
from search.local.format.manifest import Manifest
from search.local.format.scratch import Scratches
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe.catalog import GenerationStamp, opened
from search.names.authority import KINDS, Authority, Part
from search.scoring import FLAT, slope
from search.system.json import Json
from search.system.lazy import shared_property
from search.text.tokens import DEFAULT_LANGUAGE
from search.values.article import Article, Evidence
from search.values.lists import Lists, no_lists
from search.values.results import Stored


class Source(Protocol):
    """The location of a generation."""

    @property
    def folder(self) -> Path:
        """The directory of the index."""
        ...

    def stamp(self) -> GenerationStamp:
        """A value that identifies the generation."""
        ...

    def read(self) -> tuple[Manifest, list[ColumnarSegment]]:
        """Its manifest and its segments."""
        ...


class Snapshot:
    """An open, read-only view of one generation.

    Attributes:
        folder: the directory of the index.
        stamp: identifies it.
        generation: its number.
        mark, since: from its manifest (see `manifest.Manifest`).
        size: articles in its segments, deleted ones included; article numbers are below it.
        segments: its segments, in order.
        placed_segments: the same, each with its first article number.
        starts: int64, segments + 1; the first article number of each segment, and `size`.
        live: bool, shape (size,); true for articles that are not deleted.
        whole: true if no article is deleted.
        living: empty if all articles are live, else `live`; for kernels.
        count: live articles.
        days: int32, shape (size,); day of publication as `date.toordinal`, 0 unknown.
        instants: of each of `layout.INSTANTS` int64, shape (size,); see `search.text.dates.instant_of`, 0 unknown.
        lengths: uint32, shape (size,); words, a title word counting three times.
        ranks: uint32, shape (size,); the rank of each article in its segment by id.
        slope: see `search.scoring`.
        facets: the column of each facet, and that of the main countries.
        scratches: working memory for queries.
        names: finds the values of a facet by prefixes of their names.
        lists: finds the articles on a list.
        members: remembers their numbers (see the module of this name).
        scored: the articles that scores are computed from: of all articles deleted ones, too.
        having: remembers how many live articles have a term, by its places, if any is deleted.
    """

    def __init__(
        self,
        catalog: Source,
        before: Snapshot | None = None,
        opened_already: Iterable[SegmentData] = (),
        lists: Lists = no_lists,
    ) -> None:
        """Open a generation.

        Args:
            before: the previous generation; what both have in common is reused.
            opened_already: open segments, some of which may be its own.
        """
        self.folder = Path(catalog.folder)
        self.stamp = catalog.stamp()
        current, listed = catalog.read()
        self.generation, self.mark, self.since = current.generation, current.mark, current.since
        there = (*opened_already, *(before.segments if before else ()))
        known = {segment.name: segment for segment in there if segment.named}
        self.segments: list[SegmentData] = [known.get(entry.name) or opened(catalog.folder, entry) for entry in listed]
        check(file for segment in self.segments if segment.name not in known for file in segment.files.values())
        self._files = [file for segment in self.segments for file in segment.files.values()]
        self.starts: NDArray[np.int64] = np.cumsum([0, *(segment.size for segment in self.segments)])
        self._starts: list[int] = self.starts.tolist()
        self.size = self._starts[-1]
        self.placed_segments: list[tuple[int, SegmentData]] = list(zip(self._starts, self.segments, strict=False))
        live: Mask = np.ones(self.size, np.bool_)
        for start, entry in zip(self._starts, listed, strict=False):
            if entry.deleted_count():
                live[start + np.fromiter(entry.deleted_docs(), np.int64)] = False
        # a commit of few articles costs little in a large index: segments that both begin with are not read again
        same = self._in_common(before)
        self.days = self._joined("days", np.int32, before, same)
        self.instants = _Instants([segment.columns for segment in self.segments])
        self.lengths = self._joined("lengths", np.uint32, before, same)
        self.ranks = self._joined("id_ranks", np.uint32, before, same)
        self.authority: Authority = authority_file.read(self.folder)
        # passed on, since new memory costs a page fault every four kilobytes
        self.scratches: Scratches = before.scratches if before else Scratches()
        self.lists = lists
        self._origin: Snapshot | None = None  # not itself: a cycle would keep files open
        self.scored = self.size
        self._see(live, self.lengths, before)

    def only(self, allowed: Mask) -> Snapshot:
        """The same generation, as if all other articles were deleted, and forgotten by the statistics of scores
        and in decisions about names.

        Args:
            allowed: bool, shape (size,).
        """
        other = object.__new__(Snapshot)
        for name in _SHARED:
            setattr(other, name, getattr(self, name))
        live: Mask = self.live & allowed
        other._origin = self.origin
        other.scored = int(np.count_nonzero(live))
        other._see(live, self.lengths[live], self)
        return other

    def _see(self, live: Mask, lengths: Array, before: Snapshot | None) -> None:
        """Have these articles, and scores by the lengths of these."""
        self.live: Mask = live
        self.count = int(np.count_nonzero(live))
        self.whole = self.count == self.size
        self.living = live[:0] if self.whole else live
        self.mean_length = float(lengths.mean()) if len(lengths) else 0.0
        self.slope = slope(self.mean_length)
        masks = [live[start:end] for start, end in zip(self._starts, self._starts[1:], strict=False)]
        self.facets: dict[str, ValueColumn] = {
            name: value_column(
                name,
                self.segments,
                masks,
                before.facets[name] if before else None,
                self.authority.names(facet_of(name)),
                self._origin is not None,
            )
            for name in COUNTED
        }
        if self._origin is not None:
            self.authority = Part(rules={kind: self.facets[kind].naming.rules for kind in KINDS})
        self.names: NameIndexes = NameIndexes(before.names if before else None)
        self.members: dict[tuple[str, ...], NDArray[np.uint32]] = {}
        self.having: dict[tuple[tuple[int, int], ...], int] = {}

    @property
    def origin(self) -> Snapshot:
        """The snapshot of all articles, if this is one of some (`only`); else itself."""
        return self._origin or self

    @property
    def is_undamaged(self) -> bool:
        """True if none of its files has been found damaged."""
        return all([file.is_undamaged for file in self._files])

    def check_unchanged(self) -> None:
        """Make sure that its files have not been changed since they were opened. Raises IndexDamaged."""
        for file in self._files:
            file.check_unchanged()

    def _in_common(self, before: Snapshot | None) -> int:
        """The number of segments that both generations begin with."""
        same = 0
        if before is not None:
            for ours, theirs in zip(self.segments, before.segments, strict=False):
                if ours is not theirs:
                    break
                same += 1
        return same

    def _joined(self, name: str, dtype: type, before: Snapshot | None, same: int) -> Array:
        """One column of all segments; that of the first `same` is reused from the previous generation."""
        attribute = {"id_ranks": "ranks"}.get(name, name)
        first = getattr(before, attribute)[: self._starts[same]] if before is not None else np.empty(0, dtype)
        return np.concatenate(
            [first, *(getattr(segment.columns, name) for segment in self.segments[same:])], dtype=dtype
        )

    @shared_property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages whose stems a word is searched with."""
        language = self.facets["language"]
        used = [language.spelled.values[n] for n in np.flatnonzero(language.totals).tolist()]
        first = [DEFAULT_LANGUAGE] if language.missing or not used else []
        return tuple(dict.fromkeys([*first, *used]))

    @shared_property
    def first_day(self) -> int:
        """The first day of any article; 1 if none has a day."""
        dated = self.days[self.days > 0]
        return int(dated.min()) if len(dated) else 1

    @shared_property
    def days_after(self) -> Array:
        """Each article's day, counted from 1 for `first_day`; 0 unknown."""
        after = np.maximum(self.days - (self.first_day - 1), 0)
        numbers: Array = after.astype(narrow(int(after.max(initial=0)) + 1))
        return numbers

    def within_days(self, low: int, high: int, missing: bool) -> bool:
        """True if each live article has a day from `low` to `high` (ordinals), or, with `missing`, none."""
        counts = self.day_counts
        first, last = self.first_day, self.first_day + len(counts) - 2
        return low <= first and last <= high and (missing or not counts[0])

    @shared_property
    def day_counts(self) -> NDArray[np.uint32]:
        """Live articles by `days_after`."""
        size = int(self.days_after.max(initial=0)) + 1
        return np.bincount(self.days_after[self.live], minlength=size).astype(np.uint32)

    @shared_property
    def everything(self) -> NDArray[np.uint32]:
        """The numbers of all live articles."""
        return np.flatnonzero(self.live).astype(np.uint32)

    @shared_property
    def stories(self) -> Stories:
        """The near-duplicate groups."""
        return Stories(self.placed_segments, self.live)

    @shared_property
    def scanned(self) -> NDArray[np.uint8]:
        """Flags of the articles that have a scan, shape (size,). Raises NeedsUpgrade."""
        flags = np.zeros(self.size, np.uint8)
        for start, segment in self.placed_segments:
            flags[start + segment.scanned().astype(np.int64)] = 1
        return flags

    @shared_property
    def legible(self) -> NDArray[np.uint8]:
        """The quality of each article in hundredths, plus one; 0 for none. Raises NeedsUpgrade."""
        return self._hundredths(LEGIBLE)

    @shared_property
    def known_words(self) -> NDArray[np.uint8]:
        """The share of its words that are known, likewise."""
        return self._hundredths(KNOWN)

    def _hundredths(self, name: str) -> NDArray[np.uint8]:
        return np.concatenate([np.zeros(0, np.uint8), *(segment.hundredths(name) for segment in self.segments)])

    @shared_property
    def coverage(self) -> Coverage:
        """The days of which there are articles, by collection and source."""
        return Coverage(self.placed_segments, self.facets["source"], self.live, self.days)

    @shared_property
    def forms(self) -> Forms:
        """The words of all segments as written."""
        return Forms(self.placed_segments, self.live)

    def segment_of(self, number: int) -> tuple[SegmentData, int]:
        """The segment of an article, and its number there."""
        place = bisect_right(self._starts, number) - 1
        return self.segments[place], number - self._starts[place]

    def formula(self, idf: float) -> Formula:
        """The arguments with which kernels compute the BM25 of a term with this idf."""
        return self.lengths, idf, FLAT, self.slope

    def count_live(self, articles: NDArray[np.uint32]) -> int:
        """The number of these articles that are not deleted."""
        return len(articles) if self.whole else int(np.count_nonzero(self.live[articles]))

    def id(self, number: int) -> str:
        """The id of an article."""
        segment, place = self.segment_of(number)
        return segment.columns.ids.text(place)

    def article(self, number: int) -> Article:
        """An article by its number, with its values spelled as in the facets."""
        return self._spelled(self.as_added(number))

    def as_added(self, number: int) -> Article:
        """An article by its number, with its values as they were added."""
        segment, place = self.segment_of(number)
        return segment.article(place)

    def stored(self, number: int) -> tuple[Json, Stored]:
        """The fields of an article as it was added, and the article of `article`, which is not put together yet."""
        segment, place = self.segment_of(number)
        fields = segment.record(place)

        def read() -> Article:
            return self._spelled(segment.put_together(place, fields))

        return fields, Stored(fields["id"], fields["title"], read)

    def meanings(self, numbers: Iterable[int]) -> list[bytes]:
        """The vectors of articles (see `search.meaning.passages`), empty for those that have none."""
        placed = map(self.segment_of, numbers)
        return [segment.columns.meanings[place] for segment, place in placed]

    def listed(self, number: int) -> Stored:
        """The article of `article`, of which no more than id and title has been read."""
        segment, place = self.segment_of(number)
        return Stored(segment.columns.ids.text(place), segment.title(place), lambda: self.stored(number)[1].read())

    def languages_of(self, numbers: Sequence[int]) -> list[str | None]:
        """The language of each of some live articles."""
        if len(self.languages) == 1 and not self.facets["language"].missing:
            return [self.languages[0]] * len(numbers)
        placed = map(self.segment_of, numbers)
        return [segment.values("language").first_of(place) for segment, place in placed]

    def _spelled(self, article: Article) -> Article:
        changed: dict[str, Any] = {}
        for name, shown in self._shown.items():
            value = getattr(article, name)
            if not value:
                continue
            spelled: object
            if isinstance(value, tuple):
                spelled = tuple(dict.fromkeys([one for one in map(shown.__getitem__, value) if one is not None]))
            else:
                spelled = shown[value]
            if spelled != value:
                changed[name] = spelled
        if changed:
            changed["evidence"] = {
                name: tuple(
                    _listed(entry, self.facets[name]) for entry in entries if not self.facets[name].blocked(entry.value)
                )
                if name in self.facets
                else entries
                for name, entries in article.evidence.items()
            }
        return replace(article, **changed) if changed else article

    @shared_property
    def _shown(self) -> dict[str, _Shown]:
        """By facet, how values are spelled. Main countries follow from the evidence."""
        return {name: _Shown(column) for name, column in self.facets.items() if name not in MAIN}

    def number(self, article_id: str) -> int | None:
        """The number of the live article with this id."""
        for start, segment in self.placed_segments:
            place = segment.columns.number(article_id)
            if place is not None and self.live[start + place]:
                return start + place
        return None

    def numbers(self, ids: Sequence[str]) -> NDArray[np.uint32]:
        """The numbers of the live articles that have one of some ids, ascending."""
        return np.array(sorted(self.numbered(ids)), np.uint32)

    def numbered(self, ids: Sequence[str]) -> dict[int, str]:
        """Those of some ids that live articles have, by their numbers."""
        found: dict[int, str] = {}
        for start, segment in self.placed_segments if ids else ():
            places = np.array(segment.columns.numbers(ids), np.int64)
            there = np.flatnonzero(places >= 0)
            there = there[self.live[places[there] + start] != 0]
            found |= zip((places[there] + start).tolist(), map(ids.__getitem__, there.tolist()), strict=True)
        return found

    @shared_property
    def terms(self) -> int:
        """The number of different stems of all segments together, which takes some time to compute."""
        return len(set().union(*(segment.terms.stems for segment in self.segments)))


_SHARED = (
    "folder", "stamp", "generation", "mark", "since", "segments", "_files", "starts", "_starts", "size",
    "placed_segments", "days", "instants", "lengths", "ranks", "authority", "scratches", "lists",
)  # fmt: skip
"""What does not depend on which articles are deleted."""


class _Instants(dict[str, NDArray[np.int64]]):
    """The instants of all articles, by name; joined when they are first needed."""

    def __init__(self, columns: Sequence[Columns]) -> None:
        super().__init__()
        self._columns = columns

    def __missing__(self, name: str) -> NDArray[np.int64]:
        none = np.empty(0, np.int64)
        found = self[name] = np.concatenate([none, *(columns.instants[name] for columns in self._columns)])
        return found


class _Shown(dict[str, str | None]):
    """The values of a facet, and how each is spelled there; None for one that the authority file hides. Filled as they
    are looked up.
    """

    def __init__(self, column: ValueColumn) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, value: str) -> str | None:
        column = self._column
        spelled = self[value] = None if column.blocked(value) else column.spelling(value)
        return spelled


def _listed(entry: Evidence, column: ValueColumn) -> Evidence:
    """The evidence of a value, with the value it is listed under; its rule names the original one."""
    name = column.listed_as(entry.value)
    if name is None:
        return replace(entry, value=column.spelling(entry.value))
    return replace(entry, value=name, rule=f"{entry.rule}; {column.why(entry.value)} “{entry.value}”")
