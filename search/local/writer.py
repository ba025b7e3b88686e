"""Adds articles to an index in transactions.

Articles go into an `Inverter`, which is written as a segment when it exceeds the memory allowed, by a second thread
while the next batch is filled; a commit makes the segments of the transaction visible at once, with replaced articles
marked as deleted, in a new generation. Of two articles with the same id in a transaction the last one wins. Small
segments are merged as they accumulate (see `segments`).

Cost: see `benchmarks/engine.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from search.engine import Purged, Writer
from search.errors import ArticleBlocked, DatelineError, IndexProblem
from search.files import changes, takedowns
from search.files.erasing import Watched
from search.local import converting, segments
from search.local.format import authority_file, blocked, removed, steps
from search.local.format.layout import GROUP
from search.local.format.manifest import segment_name
from search.local.format.scratch import Scratches
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import catalog, leases, recovery
from search.local.safe.catalog import Catalog
from search.local.safe.lock import WriteLock
from search.local.write import heap
from search.local.write import word_numbers as words
from search.local.write.inverter import Inverter
from search.local.write.numbering import Numberer, Prepared, Preparer, Translation
from search.names.authority import Authority
from search.system import disk
from search.values.article import Article

MEMORY_BYTES = 448 * 1024 * 1024
"""Memory of a batch, in bytes, before it is written as a segment."""
MANY_FOUND = 1 << 14
"""Places of committed articles, from which on all are forgotten."""


class LocalWriter(Writer):
    """The only process that changes an index; it holds its lock while it is open.

    Before its first change, an index of an earlier format is converted (see `upgrade`).

    Raises:
        IndexLocked: if another process is writing.
        NotAnIndex: if the directory contains something else.
        IndexProblem: if it cannot be created or written.
    """

    def __init__(self, path: Path, memory_bytes: int = MEMORY_BYTES) -> None:
        self._path = path
        self._memory_bytes = memory_bytes
        catalog.create(path)
        self._lock = WriteLock(path)
        try:
            disk.make_private(path)  # an older index may be readable for others
            catalog.begin(path)
            self._catalog = Catalog(path)
            self._numberer = Numberer(words.MANY)
            self._scratches = Scratches()
            self._translations: dict[str, Translation] = {}
            self._writing_batch: Future[None] | None = None
            self._segments: list[ColumnarSegment] = []
            self._data: list[SegmentData] = []
            self._begin()
            self._refused = self._blocked
            self._sweep()
            self._repair()
        except BaseException:  # also an interrupt: there is no writer that would release the lock
            self._lock.release()
            raise
        self._background = ThreadPoolExecutor(1, "dateline-writer")

    def _begin(self) -> None:
        """Start a transaction at the last generation."""
        opened = {data.name: data for data in self._data}
        current, self._segments = self._catalog.read(opened)
        self._generation, self._since = current.generation, current.since
        self._data = [opened.get(segment.name) or segments.opened(self._path, segment) for segment in self._segments]
        self._committed = len(self._segments)
        self._is_former = bool(self._former)
        self._blocked = blocked.read(self._path)
        self._authority: Authority | None = None
        self._inverter = Inverter(self._numberer)
        self._added: dict[str, tuple[int, int]] = {}
        self._dropped: set[tuple[int, int]] = set()
        self._removed: set[str] = set()
        self._taken_down = False
        self._requests: list[Path] = []
        self._found: dict[str, tuple[int, int] | None] = {}

    def _sweep(self) -> None:
        """Remove unneeded files, including those that plain Whoosh made."""
        with self._writing():
            recovery.tidy(self._path, self._catalog.manifest())

    def _repair(self) -> None:
        """Rewrite a changed table of contents for plain Whoosh, as another generation."""
        if not self._catalog.has_table():
            with self._writing():
                self._replace(self._segments)

    def upgrade(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Convert what an earlier version of Dateline wrote, segment by segment, each in a commit of its own.

        What is converted stays so if it is stopped. What others have asked to be taken down meanwhile is, before the
        next segment. Does nothing for an index of the current format. No change may be waiting for a commit.

        Args:
            progress: called with the articles that have been converted, and their total.
        """
        self._upgrade(progress)
        if self._catalog.manifest().format != steps.FORMAT:
            with self._writing():
                self._replace(self._segments)

    def _upgrade(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Convert the segments of earlier formats, as `upgrade` does: before the first change, since that may merge."""
        if not self._is_former:
            return
        done, total = 0, sum(segment.live for segment in self._former)

        def add(more: int) -> None:
            nonlocal done
            done += more
            progress(done, total)

        while former := self._former:
            if self.has_takedowns():
                self.commit()
                continue
            try:
                with self._writing():
                    made = converting.converted(self._path, former[-1], self._memory_bytes, add)
                    at = self._segments.index(former[-1])
                    self._replace([*self._segments[:at], *made, *self._segments[at + 1 :]])
            except BaseException:  # also an interrupt
                with suppress(DatelineError):
                    self._sweep()
                raise

    @property
    def _former(self) -> list[ColumnarSegment]:
        """The segments of earlier formats."""
        return [segment for segment in self._segments if steps.is_former(segment.format)]

    def _replace(self, current: list[ColumnarSegment]) -> None:
        """Commit segments that have the same articles."""
        changes.note(self._path, self._generation + 1, ())
        self._catalog.write(self._generation + 1, current, self._since)
        self._begin()

    def _committed_at(self, article_id: str) -> tuple[int, int] | None:
        """The segment and number of the committed live article with an id."""
        if not self._committed:
            return None
        if article_id not in self._found:
            self._find([article_id])
        return self._found[article_id]

    def _find(self, ids: Sequence[str]) -> None:
        """Look up the committed live articles with some ids."""
        if len(self._found) > MANY_FOUND:
            self._found.clear()
        wanted = list(dict.fromkeys(ids))
        self._found.update(dict.fromkeys(wanted))
        for place in range(self._committed - 1, -1, -1):
            if not wanted:
                break
            for article_id, number in zip(wanted, self._data[place].columns.numbers(wanted), strict=True):
                if number >= 0 and not self._segments[place].is_deleted(number):
                    self._found[article_id] = place, number
            wanted = [article_id for article_id in wanted if self._found[article_id] is None]

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        ids = list(ids)
        self._find(ids)
        found = ((article_id, self._committed_at(article_id)) for article_id in ids)
        return {
            article_id: self._data[at[0]].columns.digests[at[1]].decode() for article_id, at in found if at is not None
        }

    def stored(self, article_id: str) -> Article | None:
        at = self._committed_at(article_id)
        return None if at is None else self._data[at[0]].article(at[1])

    def ids(self, collection: str) -> Iterator[str]:
        for segment, data in zip(self._segments[: self._committed], self._data, strict=False):
            for number in segments.having(data, "collection", collection):
                if not segment.is_deleted(number):
                    yield data.columns.ids[number].decode()

    def blocked(self) -> frozenset[str]:
        return self._blocked

    def block(self, article_id: str) -> None:
        self._upgrade()
        self._blocked |= {article_id}
        self._refused |= {article_id}
        self._take_down(article_id)

    def unblock(self, article_id: str) -> bool:
        self._upgrade()
        self._take_requests()  # those that an interrupted writer has left do not block it again
        was = article_id in self._blocked
        self._blocked -= {article_id}
        self._refused -= {article_id}
        return was

    def has_takedowns(self) -> bool:
        return bool(takedowns.waiting(self._path))

    def _take_requests(self) -> None:
        """Remove and block what others have asked for, also articles that were added since."""
        asked: frozenset[str] = frozenset()
        for request in takedowns.waiting(self._path):
            if request not in self._requests:
                asked |= takedowns.read(request)
                self._requests.append(request)
        self._blocked |= asked
        for article_id in sorted(asked | (self._blocked - self._refused)):
            self._take_down(article_id)

    def _end_requests(self) -> None:
        takedowns.done(self._requests)
        self._requests = []

    def authority(self) -> Authority:
        return authority_file.read(self._path) if self._authority is None else self._authority

    def set_authority(self, authority: Authority) -> None:
        self._upgrade()
        self._authority = authority

    def add(self, article: Article) -> None:
        if article.id in self._refused:
            raise ArticleBlocked(article.id)
        self._upgrade()
        self._drop(article.id)
        self._added[article.id] = (len(self._segments), self._inverter.size)
        self._inverter.add(article)
        if self._inverter.memory > self._memory_bytes:
            self._flush()

    @contextmanager
    def preparing(self) -> Iterator[Callable[[], Preparer]]:
        """The factory for functions that number articles in another process; their numbers are known until the block
        ends.
        """
        try:
            yield Preparer
        finally:
            self._translations.clear()

    def add_prepared(self, prepared: Prepared, groups: Sequence[str | None]) -> None:
        self._upgrade()
        if not prepared.turn:
            self._translations[prepared.source] = Translation()
        articles = self._translations[prepared.source](prepared, self._numberer)
        ids = [name.decode() for name in articles.ids]
        if blocked := next((article_id for article_id in ids if article_id in self._refused), None):
            raise ArticleBlocked(blocked)
        self._find(ids)
        place = len(self._segments)
        for number, article_id in enumerate(ids, self._inverter.size):
            self._drop(article_id)
            self._added[article_id] = (place, number)
        self._inverter.take(articles, groups)
        if self._inverter.memory > self._memory_bytes:
            self._flush()

    def regroup(self, article_id: str, group: str) -> None:
        at = self._added.get(article_id) or self._committed_at(article_id)
        if at is None or at in self._dropped:
            return
        place, number = at
        if place == len(self._segments):
            self._inverter.regroup(number, group)
            return
        if place < self._committed:
            article = self._data[place].article(number)
        else:
            self._wait()
            article = SegmentData(self._path, self._segments[place].name).article(number)
        self.add(replace(article, group=group))

    def delete(self, article_id: str) -> bool:
        self._upgrade()
        return self._delete(article_id)

    def _delete(self, article_id: str) -> bool:
        there = self._drop(article_id)
        if there and self._committed_at(article_id) is not None:
            self._removed.add(article_id)
        return there

    def _drop(self, article_id: str) -> bool:
        at = self._added.pop(article_id, None) or self._committed_at(article_id)
        if at is None or at in self._dropped:
            return False
        self._dropped.add(at)
        return True

    def take_down(self, article_id: str) -> bool:
        """Remove an article also from generations retained for cursors."""
        self._upgrade()
        return self._take_down(article_id)

    def _take_down(self, article_id: str) -> bool:
        there = self._delete(article_id)
        self._taken_down |= there
        return there

    def _flush(self) -> None:
        """Start writing the batch as a segment, not visible yet, after the previous batch has been written."""
        self._wait()
        if self._inverter.size:
            batch = self._inverter.finished()
            segment = ColumnarSegment(batch.size)
            self._segments.append(segment)
            self._writing_batch = self._background.submit(
                segments.write, self._path, segment, partial(batch.write, self._scratches)
            )
            if self._numberer.full:
                self._numberer = Numberer(words.MANY)
                for translation in self._translations.values():
                    translation.begin()
            self._inverter = Inverter(self._numberer)

    def _wait(self) -> None:
        """Wait until the last batch has been written."""
        if self._writing_batch is not None:
            with self._writing():
                self._writing_batch.result()
            self._writing_batch = None

    def commit(self) -> int:
        self._take_requests()
        with self._writing():
            before = blocked.read(self._path)
            if blocking := self._blocked != before:
                blocked.write(self._path, self._blocked)
            if naming := self._authority is not None:
                authority_file.write(self._path, self._authority)
        if not (blocking or naming or self._dropped or self._added or self._inverter.size):
            self._end_requests()
            return self._generation
        self._flush()
        self._wait()
        self._scratches = Scratches()  # what a batch was written in need not be there while segments are merged
        heap.trim()
        with self._writing():
            removed.committed(self._path, self._removed, back=self._added)
        for place, segment in enumerate(self._segments):
            segment.delete_documents(number for at, number in self._dropped if at == place)
        live = [segment for segment in self._segments if segment.live]
        following = self._generation + 1
        down = self._taken_down or naming or not self._blocked <= before
        changes.note(self._path, following, self._added.keys() | self._removed)
        with self._writing():
            self._catalog.write(following, segments.fewer(self._path, live), following if down else self._since)
        self._end_requests()
        self._begin()
        heap.trim()
        return self._generation

    def compact(self, most: int) -> int:
        """Commit, and rewrite segments with deleted articles, which count in scores until then, the smallest first."""
        self.commit()
        self._upgrade()
        current = list(self._segments)
        with self._writing():
            for live, place in sorted((s.live, n) for n, s in enumerate(current) if s.deleted_count()):
                most -= live
                if most < 0:
                    break
                current[place] = segments.merged(self._path, [current[place]])
            if current != self._segments:
                self._replace(current)
        return self._generation

    def purge(self, ids: Collection[str]) -> Purged:
        self.commit()
        self._upgrade()
        formers = [data for data in self._former_segments() if segments.holds(data, ids)]
        holding = [*(data for data in self._data if segments.holds(data, ids)), *formers]
        places = [(name, data, data.columns.number(name)) for name in ids for data in holding]
        erased = [(name, data.article(number)) for name, data, number in places if number is not None]
        with self._writing():
            watched = Watched(file.path for data in holding for file in data.files.values())
        renamed = self._rename_groups(ids)
        for article_id in ids:
            self.take_down(article_id)
        self._removed.difference_update(ids)
        with self._writing():
            removed.forget(self._path, ids)
        changes.erase(self._path, ids)
        self.commit()
        with self._writing():
            held = [segments.holds(data, ids) for data in self._data]
            if any(held) or formers:
                rewritten = [
                    segments.merged(self._path, [segment]) if stale else segment
                    for segment, stale in zip(self._segments, held, strict=True)
                ]
                changes.note(self._path, self._generation + 1, ())
                self._catalog.write(self._generation + 1, rewritten, self._generation + 1)
                self._begin()
            with leases.exclusive(self._path):
                for path in recovery.left_over(self._path, self._catalog.manifest()):
                    disk.remove(path)  # files that could not be removed when they were replaced must be removed now
        return Purged(
            frozenset(name for name, _ in erased), renamed, watched.left, articles=tuple(one for _, one in erased)
        )

    def _former_segments(self) -> list[SegmentData]:
        """The segments that only generations retained for cursors have."""
        formers, _ = leases.retained(self._path, self._catalog.manifest())
        names = {segment_name(entry.id) for former in formers for entry in former.segments}
        return [SegmentData(self._path, name) for name in sorted(names.difference(data.name for data in self._data))]

    def _rename_groups(self, ids: Collection[str]) -> dict[str, str]:
        """Rename near-duplicate groups that are named after one of these ids; returns old and new names."""
        renamed = {}
        for name in ids:
            members = []
            for segment, data in zip(self._segments, self._data, strict=True):
                numbers = segments.having(data, GROUP, name)
                members += [data.columns.ids[n].decode() for n in numbers if not segment.is_deleted(n)]
            if others := sorted(set(members).difference(ids)):
                renamed[name] = others[0]
                for member in others:
                    self.regroup(member, others[0])
        return renamed

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise IndexProblem(f"The index “{self._path}” cannot be written: {error.strerror or error}.") from error

    def rollback(self) -> None:
        self._forget()
        self._begin()
        self._refused = self._blocked

    def _forget(self) -> None:
        if self._writing_batch is not None:
            wait([self._writing_batch])
            self._writing_batch = None
        self._sweep()

    def close(self) -> None:
        try:
            self._forget()
        finally:
            self._background.shutdown()
            self._lock.release()
