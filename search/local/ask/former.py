"""Opens the former generations that cursors name.

Those that are leased on disk (see `leases`) are found by every process that uses the index, also after a restart. If no
lease can be written, as in a directory that is mounted read-only, a generation lasts as long as this process keeps it
open, and no other process finds it.

Opening a snapshot costs more than keeping it, so the most recently used stay open for a while, at most `MOST_OPEN`.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from search import cursor as cursors
from search.errors import CannotWrite, IndexDamaged
from search.local.ask import cursor
from search.local.ask.snapshot import Snapshot
from search.local.format import manifest
from search.local.format.manifest import Manifest
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import catalog, leases
from search.local.safe.catalog import GenerationStamp

MOST_OPEN = 3
"""Maximum number of open snapshots of former generations, the most recently used."""
IDLE_S = 60.0
"""How long a snapshot stays open that can be opened again."""
AGAIN_S = 1.0
"""Minimum time between two extensions of the last generation's lease."""


@dataclass(frozen=True, slots=True)
class Former:
    """A former generation, as a source of a snapshot."""

    folder: Path
    manifest: Manifest

    def stamp(self) -> GenerationStamp:
        """The stamp of the generation, which never changes."""
        return GenerationStamp(self.manifest.generation, 0, self.manifest.mark)

    def read(self) -> tuple[Manifest, list[ColumnarSegment]]:
        """Its manifest and its segments. Raises OSError, IndexDamaged."""
        if changed := manifest.changed(self.folder, self.manifest):
            raise IndexDamaged(f"“{self.folder / changed[0]}” is damaged. Restore it, or index the archive again.")
        return self.manifest, [catalog.segment_of(self.folder, entry) for entry in self.manifest.segments]


@dataclass(slots=True)
class _OpenGeneration:
    snapshot: Snapshot
    until: float
    leased: bool


class FormerGenerations:
    """The former generations of one index, for one engine; shared by its threads.

    Args:
        folder: the directory of the index.
        seconds: how long a generation is retained after a cursor of it was returned or used.
    """

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._lock = threading.Lock()
        self._open: OrderedDict[int, _OpenGeneration] = OrderedDict()
        self._given: dict[int, float] = {}

    def keep(self, snapshot: Snapshot) -> bool:
        """Retain the generation of a new cursor. Returns False if it has been replaced, and was not retained."""
        now = time.monotonic()
        with self._lock:
            if self._given.get(snapshot.generation, -AGAIN_S) + AGAIN_S > now:
                return True
        try:
            leased = leases.take(self._folder, snapshot.generation, self._seconds)
        except CannotWrite:
            with self._lock:
                self._retain(snapshot, self._seconds, leased=False)
                self._given[snapshot.generation] = now
            return True
        with self._lock:
            if leased:
                self._given = {n: at for n, at in self._given.items() if at + IDLE_S > now}
                self._given[snapshot.generation] = now
        return leased

    def replaced(self, snapshot: Snapshot) -> None:
        """Keep a snapshot open that has just been replaced, if a cursor of it was returned recently."""
        with self._lock:
            if snapshot.generation in self._given and snapshot.generation not in self._open:
                self._retain(snapshot, IDLE_S, leased=True)

    def find(self, text: str, current: Snapshot) -> Snapshot:
        """The generation that a cursor names.

        Args:
            text: the cursor.
            current: the last generation.

        Raises:
            BadQuery: if it is not a cursor of this index.
            CursorExpired: if its generation is no longer retained.
        """
        place = cursor.read(text)
        if place.generation > current.generation:
            raise cursors.bad(text)
        if place.generation == current.generation:
            found: Snapshot | None = current
        else:
            with self._lock:
                found = self._former(place.generation, current)
        if found is None or found.mark != place.mark:
            raise cursors.expired(text)
        return found

    def close(self) -> None:
        """Close all; running queries keep what they need."""
        with self._lock:
            self._open.clear()

    def _former(self, generation: int, current: Snapshot) -> Snapshot | None:
        """A former generation, whose lease is extended; None if it is no longer retained."""
        self._drop(current.since)
        leased = generation >= current.since and leases.renew(self._folder, generation, self._seconds)
        opened = self._open.get(generation)
        if not leased and (opened is None or opened.leased):
            self._open.pop(generation, None)
            return None
        if opened is None:
            found = self._opened(generation, current)
            if found is None:
                return None
        else:
            found = opened.snapshot
            found.check_unchanged()
        self._retain(found, IDLE_S if leased else self._seconds, leased)
        return found

    def _opened(self, generation: int, current: Snapshot) -> Snapshot | None:
        former = leases.read(self._folder, generation)
        if former is None:
            return None
        there = [segment for opened in self._open.values() for segment in opened.snapshot.segments]
        try:
            known = [*there, *current.segments]
            return Snapshot(Former(self._folder, former), opened_already=known, lists=current.lists)
        except FileNotFoundError:  # a writer has just removed it
            return None

    def _retain(self, snapshot: Snapshot, seconds: float, leased: bool) -> None:
        self._open[snapshot.generation] = _OpenGeneration(snapshot, time.monotonic() + seconds, leased)
        self._open.move_to_end(snapshot.generation)
        self._drop(0)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)

    def _drop(self, since: int) -> None:
        """Close snapshots that have been open long enough, and those older than an article's removal."""
        now = time.monotonic()
        for generation, opened in list(self._open.items()):
            if opened.until < now or generation < since:
                del self._open[generation]
