"""Where a list of hits was left: an opaque string that says from which hit to go on, and in which generation.

By date the place is the same in any generation, so that such a list can be followed while the archive grows. Scores
are not, so a list by relevance can only be followed in the generation it was begun in.
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

import orjson

from search.errors import BadParameter, BadQuery, CursorExpired


class Cursor(NamedTuple):
    """The last hit seen: the generation and the order it was seen in, its sort key, its id."""

    generation: int
    order: str
    key: int
    id: str


def write(cursor: Cursor) -> str:
    """A cursor as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([*cursor])).decode("ascii").rstrip("=")


def read(text: str, generation: int, order: str) -> Cursor:
    """The cursor that `write` gave as this string.

    Raises:
        BadQuery: when it is none, or of another order.
        CursorExpired: when it is by relevance and of another generation.
    """
    try:
        data = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        cursor = Cursor(int(data[0]), str(data[1]), int(data[2]), str(data[3]))
    except (binascii.Error, ValueError, TypeError, IndexError, KeyError):
        problem = BadParameter("cursor", text, "This is not a cursor.", "Take it from “next” in the answer before.")
        raise BadQuery([problem]) from None
    if cursor.order != order:
        reason = f"This cursor is of a list sorted by {cursor.order}, not by {order}."
        raise BadQuery([BadParameter("cursor", text, reason, "Begin the list again.")])
    if order == "relevance" and cursor.generation != generation:
        reason = "The archive has changed since this list was begun."
        raise CursorExpired([BadParameter("cursor", text, reason, "Begin it again, or sort by date.")])
    return cursor
