"""Who changes something, for the audit log: set where a request or a command begins, read where a change is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args

Via = Literal["page", "api", "command", "service"]
VIAS: tuple[Via, ...] = get_args(Via)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, and what he uses; "" is the name of somebody unknown, and of the service itself."""

    name: str
    via: Via


SERVICE = Actor("", "service")
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current() -> Actor | None:
    """Who acts in this thread; None if nobody does: then what is stored is the program's own, and not in the log."""
    return _actor.get()


def begin(actor: Actor | None = None) -> None:
    """Have this thread act for somebody from now on."""
    _actor.set(actor)


@contextmanager
def known_as(name: str) -> Iterator[None]:
    """Act under a name until the block ends, if somebody acts: for what tells who that is, as signing in does."""
    actor = current()
    with acting(actor and Actor(name, actor.via)):
        yield


@contextmanager
def acting(actor: Actor | None) -> Iterator[None]:
    """Act for somebody until the block ends."""
    before = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(before)
