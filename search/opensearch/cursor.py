"""Where a list of hits was left: an opaque string that says after which hit to go on, and in which generation.

`points` says how long there is that generation.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple

import orjson

from search.errors import BadQuery, BadValue, CursorExpired

Key = list[float | int | str]
"""What the hits of a list are sorted by, last their id."""
_MOST = 1 << 63


class Place(NamedTuple):
    """A place in a list: its generation, its order, and the key of the last hit seen."""

    generation: int
    order: str
    key: Key


def write(generation: int, order: str, key: Key) -> str:
    """A place as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([generation, order, *key])).decode("ascii").rstrip("=")


def read(text: str, order: str | None = None) -> Place:
    """The place that `write` gave as this string.

    Args:
        order: the one of the list that it is to go on with, where it is known.

    Raises:
        BadQuery: when it is none, or of another order.
    """
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        data = None
    place = _checked(data)
    if place is None:
        raise bad(text, "This is not a cursor.")
    if order is not None and place.order != order:
        reason = f"This cursor is of a list sorted by {place.order}, not by {order}."
        raise BadQuery([BadValue("cursor", text, reason, "Begin the list again.")])
    return place


def _checked(data: Any) -> Place | None:
    """A place of values that one can have; None where it has others."""
    if not isinstance(data, list) or len(data) != 4:
        return None
    generation, order, number, article_id = data
    fits = type(generation) is int and generation >= 0 and isinstance(order, str) and isinstance(article_id, str)
    if not fits or type(number) not in (int, float) or not -_MOST <= number < _MOST:
        return None
    return Place(generation, order, [number, article_id])


def bad(text: str, reason: str) -> BadQuery:
    """What is said to who gives what is no cursor of this index."""
    return BadQuery([BadValue("cursor", text, reason, "Take it from “next” in the answer before.")])


def expired(text: str) -> CursorExpired:
    """What is said to who gives a cursor of a generation that is kept no more."""
    reason = "The archive has changed since this list was begun, and is no longer kept as it was then."
    return CursorExpired(
        [BadValue("cursor", text, reason, "Begin the list again at its first page, or export the whole of it.")]
    )
