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
        opened: opens it, and shuts out all who would write to it until it is closed; or a copy in memory.
        mark: another one when it has changed; asked for while it is open.
        remove: removes it, while it is open, so that a process of an earlier version that waits for it fails.
    """

    name: str
    what: str
    opened: Callable[[], database.Database]
    mark: Callable[[], str]
    remove: Callable[[database.Database], None]
