"""Cursors: an opaque string that names the last hit of a page and its generation.

A list is continued in the generation in which it was begun, whatever is committed meanwhile, so that no hit is repeated
or skipped. `former` retains that generation.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple

import orjson

from search.errors import BadQuery, BadValue, CursorExpired

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class Cursor(NamedTuple):
    """The last hit seen: its generation (number and mark) and the order of the list, its sort key, its id."""

    generation: int
    mark: int
    order: str
    key: int
    id: str


def write(cursor: Cursor) -> str:
    """A cursor as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([*cursor])).decode("ascii").rstrip("=")


def read(text: str, order: str | None = None) -> Cursor:
    """The cursor that `write` encoded.

    Args:
        order: the order of the list to continue, if known.

    Raises:
        BadQuery: if it is not a cursor, or of another order.
    """
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        data = None
    cursor = _checked(data)
    if cursor is None:
        raise bad(text, "This is not a cursor.")
    if order is not None and cursor.order != order:
        reason = f"This cursor is for a list sorted by {cursor.order}, not by {order}."
        raise BadQuery([BadValue("cursor", text, reason, "Start the list again.")])
    return cursor


def _checked(data: Any) -> Cursor | None:
    """A cursor with valid values; None if they are invalid."""
    if not isinstance(data, list) or [type(value) for value in data] != [int, int, str, int, str]:
        return None
    cursor = Cursor(*data)
    fits = cursor.generation >= 0 and _LEAST <= cursor.key <= _MOST
    return cursor if fits else None


def bad(text: str, reason: str) -> BadQuery:
    """The error for a string that is not a cursor of this index."""
    return BadQuery([BadValue("cursor", text, reason, "Take it from “next” in the previous answer.")])


def expired(text: str) -> CursorExpired:
    """The error for a cursor of a generation that is no longer retained."""
    reason = "The archive has changed since this list was started, and that state is no longer available."
    return CursorExpired(
        [BadValue("cursor", text, reason, "Start the list again at its first page, or export all of it.")]
    )
