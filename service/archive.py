"""The index that a service searches, opened by the first request that needs it.

So a service can start before its index exists; until then it responds with 503.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import desk
from desk.asker import Asker, current
from desk.lists.finder import found
from search import backends
from search.engine import CURSOR_SECONDS, Engine, present_among
from search.errors import IndexDamaged
from search.seen import hides, seen
from search.system.closeable import Closeable
from search.values.lists import list_by_number, numbered_list
from search.values.query import Query
from search.values.rights import WHOLE, Sight
from service import seeing
from service.remembered import Remembered

if TYPE_CHECKING:
    from desk.lists.store import NamedList

_TOTALS = 10_000
_SIGHTS = 32
"""Engines of readers who see different articles that are remembered."""


def stamp(place: str) -> str:
    """What changes when a file or directory is replaced or written to; "" if there is none."""
    try:
        about = Path(place).stat()
    except OSError:
        return ""
    return f"{about.st_ino} {about.st_mtime_ns}"


def seeing_as(asker: Asker, engine: Engine, sight: Sight) -> Asker:
    """Somebody who asks, with what he sees of an engine that has all articles."""

    def hidden(ids: Collection[str]) -> frozenset[str]:
        return present_among(engine, ids) - present_among(engine.narrowed(sight.reaching("text")), ids)

    def there(ids: Collection[str]) -> frozenset[str]:
        return present_among(seen(engine, sight), ids)

    return replace(asker, sees_all=sight.is_whole, there=there, hidden=hidden)


class Archive(Closeable):
    """The engine of one place; safe to share between threads.

    Attributes:
        folder: the index's directory; None for one in a cluster, which several machines may serve.
        totals: how many articles questions have that are asked again and again.
    """

    def __init__(self, place: str, cursor_seconds: float = CURSOR_SECONDS) -> None:
        self.place = place
        self._asking: Callable[[], Asker | None] = current
        self.folder = backends.folder(place)
        self._cursor_seconds = cursor_seconds
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self.totals: Remembered[int] = Remembered(_TOTALS)

    @property
    def engine(self) -> Engine:
        """The engine. Raises IndexProblem while there is no index to open."""
        with self._lock:
            if self._engine is None:
                self._engine = desk.open(self.place, self._cursor_seconds, lambda: self._asking())
            return self._engine

    @property
    def asker(self) -> Asker | None:
        """Who asks for what somebody may own; None for the operator."""
        return None

    @property
    def sight(self) -> Sight:
        """What who asks may see."""
        return WHOLE

    def hides(self, before: Sight) -> bool:
        """True if who asks sees less of an article than somebody with another sight."""
        return hides(self.engine, before, self.sight)

    @property
    def exported(self) -> Engine:
        """The engine of what may be exported: everything."""
        return self.engine

    @property
    def edition(self) -> tuple[int, str]:
        """What tells what is served from what was or will be: the generation, and the stamp of the directory, since an
        index that replaces another one may have the same generation.
        """
        return self.engine.generation, stamp(self.place)

    def shown(self, ids: Collection[str]) -> frozenset[str]:
        """Of some articles, those that may be spoken of: what is taken down, in whatever way, is not among them.

        What people have stored about an article, by its id, is passed on only if the article is among these. Raises
        IndexProblem while there is no index.
        """
        return present_among(self.engine, ids)

    def numbered(self, query: Query) -> Query:
        """The same question, whose list is called by its number, so that it can be stored."""
        listed = self._list(query)
        return query if listed is None else replace(query, list=list_by_number(listed.number))

    def called(self, name: str) -> str:
        """What who asks calls a list that is called by its number; that number if he finds none."""
        if numbered_list(name) is None:
            return name
        try:
            listed = found(self.place, name, self.asker)
        except IndexDamaged:  # which asking for it says
            return name
        return name if listed is None else listed.name

    def in_names(self, query: Query) -> Query:
        """A stored question, whose list is called as who asks calls it."""
        return query if query.list is None else replace(query, list=self.called(query.list))

    def lasting(self, query: Query) -> Query:
        """The same question, whose list is called as all call it who find it, so that others can ask it."""
        listed = self._list(query)
        return query if listed is None else replace(query, list=listed.full)

    def is_private(self, query: Query) -> bool:
        """True if a question is about a list that nobody finds but its owner."""
        listed = self._list(query)
        return listed is not None and listed.private

    def _list(self, query: Query) -> NamedList | None:
        return None if query.list is None else found(self.place, query.list, self.asker)

    def for_readers(self) -> ReadersArchive:
        """The same archive, of which each request sees what its sender may see. It needs no closing.

        From now on this one, too, finds the lists of who asks and no others.
        """
        readers = ReadersArchive(self)
        self._asking = lambda: readers.asker
        return readers

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None


class ReadersArchive(Archive):
    """An archive as the sender of the current request sees it (`service.seeing`).

    All resources of the application have this one, so that none can answer from more than its reader may see.
    """

    def __init__(self, whole: Archive) -> None:
        self.place, self.folder = whole.place, whole.folder
        self._whole = whole
        self._lock = threading.Lock()
        self._seen: OrderedDict[Sight, tuple[Engine, Engine]] = OrderedDict()
        self.totals: Remembered[int] = Remembered(_TOTALS)

    @property
    def engine(self) -> Engine:
        """The engine of what the reader may see."""
        whole, sight = self._whole.engine, seeing.current()
        if sight.is_whole:
            return whole
        with self._lock:
            known, found = self._seen.pop(sight, (None, None))
            if found is None or known is not whole:
                found = seen(whole, sight)
            self._seen[sight] = whole, found
            while len(self._seen) > _SIGHTS:
                self._seen.popitem(last=False)
            return found

    @property
    def asker(self) -> Asker:
        """Who sends the request."""
        return seeing_as(seeing.asker(), self._whole.engine, seeing.current())

    @property
    def sight(self) -> Sight:
        """What the reader may see."""
        return seeing.current()

    def hides(self, before: Sight) -> bool:
        """True if the reader sees less of an article than somebody with another sight."""
        return hides(self._whole.engine, before, self.sight)

    @property
    def exported(self) -> Engine:
        """The engine of what the reader may export."""
        return seen(self._whole.engine, seeing.current().exported)

    @property
    def edition(self) -> tuple[int, str]:
        """That of the archive, for those who see as much."""
        generation, stamped = self._whole.edition
        sight = seeing.current()
        return generation, stamped if sight.is_whole else f"{stamped} {sight}"

    def shown(self, ids: Collection[str]) -> frozenset[str]:
        """Of some articles, those whose text the reader may read."""
        return present_among(self._whole.engine.narrowed(seeing.current().reaching("text")), ids)

    def close(self) -> None:
        """Do nothing."""
