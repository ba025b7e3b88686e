"""Cursors: an opaque string that names the last hit of a page and its generation.

`points` retains those generations.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple

import orjson

from search.errors import BadQuery, BadValue, CursorExpired

Key = list[float | int | str]
"""The sort key of a hit; its last value is the id."""
_MOST = 1 << 63


class Position(NamedTuple):
    """A position in a list: its generation, its order, and the key of the last hit seen."""

    generation: int
    order: str
    key: Key


def write(generation: int, order: str, key: Key) -> str:
    """A position as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([generation, order, *key])).decode("ascii").rstrip("=")


def read(text: str, order: str | None = None) -> Position:
    """The position that `write` encoded.

    Args:
        order: the order of the list to continue, if known.

    Raises:
        BadQuery: if it is not a cursor, or of another order.
    """
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        data = None
    place = _checked(data)
    if place is None:
        raise bad(text, "This is not a cursor.")
    if order is not None and place.order != order:
        reason = f"This cursor is for a list sorted by {place.order}, not by {order}."
        raise BadQuery([BadValue("cursor", text, reason, "Start the list again.")])
    return place


def _checked(data: Any) -> Position | None:
    """A position with valid values; None if they are invalid."""
    if not isinstance(data, list) or len(data) != 4:
        return None
    generation, order, number, article_id = data
    fits = type(generation) is int and generation >= 0 and isinstance(order, str) and isinstance(article_id, str)
    if not fits or type(number) not in (int, float) or not -_MOST <= number < _MOST:
        return None
    return Position(generation, order, [number, article_id])


def bad(text: str, reason: str) -> BadQuery:
    """The error for a string that is not a cursor of this index."""
    return BadQuery([BadValue("cursor", text, reason, "Take it from “next” in the previous answer.")])


def expired(text: str) -> CursorExpired:
    """The error for a cursor of a generation that is no longer retained."""
    reason = "The archive has changed since this list was started, and that state is no longer available."
    return CursorExpired(
        [BadValue("cursor", text, reason, "Start the list again at its first page, or export all of it.")]
    )
