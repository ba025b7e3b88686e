"""Cursors: opaque strings that name the last hit of a page, and the order and the generation of its list.

A list is continued in the generation in which it was begun, whatever is committed meanwhile, so that no hit is repeated
or skipped. What a cursor contains, and how long generations are retained, is up to each engine.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

import orjson

from search.errors import BadQuery, BadValue, CursorExpired
from search.said import said


class Position(Protocol):
    """The contents that the cursors of all engines have."""

    @property
    def generation(self) -> int:
        """The generation of the list."""
        ...

    @property
    def order(self) -> str:
        """The order of the list."""
        ...


P = TypeVar("P", bound=Position)


def write(values: Iterable[object]) -> str:
    """Encode the values of a cursor as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([*values])).decode("ascii").rstrip("=")


def read(text: str, check: Callable[[list[object]], P | None], order: str | None = None) -> P:
    """The position that `write` encoded.

    Args:
        check: the position of some values; None if they are invalid.
        order: the order of the list to continue, if known.

    Raises:
        BadQuery: if it is not a cursor, or of another order.
    """
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        data = None
    position = check(data) if isinstance(data, list) else None
    if position is None:
        raise bad(text, "This is not a cursor.")
    if order is not None and position.order != order:
        reason = said(
            "This cursor is for a list sorted by {order}, not by {order2}.", order=position.order, order2=order
        )
        raise BadQuery([BadValue("cursor", text, reason, said("Start the list again."))])
    return position


def bad(text: str, reason: str = "This cursor is newer than the archive.") -> BadQuery:
    """The error for a string that is not a cursor of this index."""
    return BadQuery([BadValue("cursor", text, reason, said("Take it from “next” in the previous answer."))])


def expired(text: str) -> CursorExpired:
    """The error for a cursor of a generation that is no longer retained."""
    reason = said("The archive has changed since this list was started, and that state is no longer available.")
    return CursorExpired(
        [BadValue("cursor", text, reason, said("Start the list again at its first page, or export all of it."))]
    )
