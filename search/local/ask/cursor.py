"""Where a list of hits was left: an opaque string that says after which hit to go on, and in which generation.

A list is followed in the generation that it was begun in, whatever is committed meanwhile, so that no hit comes twice
and none is passed over. `kept` says how long there is that generation.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple

import orjson

from search.errors import BadQuery, BadValue, CursorExpired

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class Cursor(NamedTuple):
    """The last hit seen: the generation (its number and mark) and the order it was seen in, its sort key, its id."""

    generation: int
    mark: int
    order: str
    key: int
    id: str


def write(cursor: Cursor) -> str:
    """A cursor as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([*cursor])).decode("ascii").rstrip("=")


def read(text: str, order: str | None = None) -> Cursor:
    """The cursor that `write` gave as this string.

    Args:
        order: the one of the list that it is to go on with, where it is known.

    Raises:
        BadQuery: when it is none, or of another order.
    """
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        data = None
    cursor = _checked(data)
    if cursor is None:
        raise bad(text, "This is not a cursor.")
    if order is not None and cursor.order != order:
        reason = f"This cursor is of a list sorted by {cursor.order}, not by {order}."
        raise BadQuery([BadValue("cursor", text, reason, "Begin the list again.")])
    return cursor


def _checked(data: Any) -> Cursor | None:
    """A cursor of values that one can have; None where it has others."""
    if not isinstance(data, list) or [type(value) for value in data] != [int, int, str, int, str]:
        return None
    cursor = Cursor(*data)
    fits = cursor.generation >= 0 and _LEAST <= cursor.key <= _MOST
    return cursor if fits else None


def bad(text: str, reason: str) -> BadQuery:
    """What is said to who gives what is no cursor of this index."""
    return BadQuery([BadValue("cursor", text, reason, "Take it from “next” in the answer before.")])


def expired(text: str) -> CursorExpired:
    """What is said to who gives a cursor of a generation that is kept no more."""
    reason = "The archive has changed since this list was begun, and is no longer kept as it was then."
    return CursorExpired(
        [BadValue("cursor", text, reason, "Begin the list again at its first page, or export the whole of it.")]
    )
