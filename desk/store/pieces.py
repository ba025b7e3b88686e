"""What earlier versions stored in the cluster of an index, to be taken over."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

from desk.store import where
from desk.store.source import Source
from search import backends
from search.system import database


def sources(place: str, home: where.Home) -> list[Source]:
    """The databases that an index in a cluster has for its desk, or its spool; a server takes both."""
    files = [names for file, names in where.FORMER.items() if where.is_home(home, file)]
    wanted = {PurePath(name).stem for names in files for name in names}
    with backends.former_desk(place) as former:
        found = []
        for name in former.names():
            if name in wanted:
                commit, image = former.read(name)
                what = former.place_of(name)
                opened, remove = partial(_opened, what, image), partial(_remove, place, name)
                found.append(Source(name, what, opened, partial(str, commit), remove))
        return found


def _opened(what: str, image: bytes) -> database.Database:
    made = database.connect(None, f"Restore “{what}” from a snapshot of the cluster.", any_thread=True)
    made.deserialize(image)
    return made


def _remove(place: str, name: str, _opened: database.Database) -> None:
    with backends.former_desk(place) as former:
        former.remove(name)
