"""What the sender of a request may see: set when it is known who that is; before, and for any other thread, nothing."""

from __future__ import annotations

from contextvars import ContextVar

from search.values.rights import NOTHING, Sight

_sight: ContextVar[Sight] = ContextVar("sight", default=NOTHING)


def current() -> Sight:
    """What may be seen."""
    return _sight.get()


def begin(sight: Sight = NOTHING) -> None:
    """Have this thread see as much, from now on."""
    _sight.set(sight)
