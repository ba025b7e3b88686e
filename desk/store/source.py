"""A database that a desk takes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from search.system import database


class Source(NamedTuple):
    """A database that is to be taken over.

    Attributes:
        name: which of the databases of earlier versions it is, or `desk`.
        what: its path or place, for messages.
        mark: another one when it has changed.
        opened: opens it, or a copy in memory.
        remove: removes it, if it has not changed.
    """

    name: str
    what: str
    mark: str
    opened: Callable[[], database.Database]
    remove: Callable[[], None]
