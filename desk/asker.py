"""Who asks for what somebody may own (`desk.owned`): the sender of a request, or the owner of an alert."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Ids = Collection[str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for what somebody may own.

    Attributes:
        member: his key or name, as a member of groups (`desk.rights.store`); "" for nobody.
        edits: he may edit; `administers`: and administer what others share.
        sees_all: he sees every article.
        there: gives those of some articles that exist for him; `hidden` those that there are and that he may not read.
    """

    member: str = ""
    edits: bool = False
    administers: bool = False
    sees_all: bool = False
    there: Callable[[Ids], frozenset[str]] = frozenset
    hidden: Callable[[Ids], frozenset[str]] = frozenset


_current: ContextVar[Asker | None] = ContextVar("asker", default=None)


def current() -> Asker | None:
    """Who asks in this thread; None for the operator, and before it is known."""
    return _current.get()


def begin(asker: Asker | None) -> None:
    """Have somebody ask in this thread, from now on."""
    _current.set(asker)


@contextmanager
def asking_for(asker: Asker) -> Iterator[None]:
    """Have the owner of an alert or a batch ask."""
    before = _current.set(asker)
    try:
        yield
    finally:
        _current.reset(before)
