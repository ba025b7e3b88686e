"""What the sender of a request may see: set when it is known who that is; before, and for any other thread, nothing."""

from __future__ import annotations

from contextvars import ContextVar

from desk import asker as asking
from desk.asker import Asker
from search.values.rights import NOTHING, Sight

_sight: ContextVar[Sight | None] = ContextVar("sight", default=None)


def current() -> Sight:
    """What may be seen."""
    sight = _sight.get()
    return NOTHING if sight is None else sight


def has_limits() -> bool:
    """True if it is known who asks, and not everything may be seen: what is for those who see all is not offered."""
    sight = _sight.get()
    return sight is not None and not sight.is_whole


def asker() -> Asker:
    """Who asks, to whom lists and searches may belong."""
    return asking.current() or Asker()


def begin(sight: Sight | None = None, member: str = "", edits: bool = False, administers: bool = False) -> None:
    """Have this thread see as much, from now on; nothing if it is not known who asks.

    Args:
        member, edits, administers: who that is, as `Asker` has it.
    """
    _sight.set(sight)
    asking.begin(Asker(member, edits, administers, sight is not None and sight.is_whole))
