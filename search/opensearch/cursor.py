"""Where a list of hits was left: an opaque string that says after which hit to go on, and in which generation.

By date the place is the same in any generation; scores are not, so a list by relevance can only be followed in the
generation it was begun in. It holds nothing open in the cluster, and does not expire.
"""

from __future__ import annotations

import base64
import binascii

import orjson

from search.errors import BadParameter, BadQuery, CursorExpired

Key = list[float | int | str]
"""What the hits of a list are sorted by, last their id."""


def write(generation: int, order: str, key: Key) -> str:
    """A place as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([generation, order, *key])).decode("ascii").rstrip("=")


def read(text: str, generation: int, order: str) -> Key:
    """The place that `write` gave as this string.

    Raises:
        BadQuery: when it is none, or of another order.
        CursorExpired: when it is by relevance and of another generation.
    """
    try:
        seen, by, number, article_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fits = isinstance(seen, int) and isinstance(number, int | float) and isinstance(article_id, str)
    except (binascii.Error, ValueError, TypeError):
        fits = False
    if not fits:
        raise BadQuery([BadParameter("cursor", text, "This is not a cursor.", "Take it from “next” in the answer.")])
    if by != order:
        reason = f"This cursor is of a list sorted by {by}, not by {order}."
        raise BadQuery([BadParameter("cursor", text, reason, "Begin the list again.")])
    if order == "relevance" and seen != generation:
        reason = "The archive has changed since this list was begun."
        raise CursorExpired([BadParameter("cursor", text, reason, "Begin it again, or sort by date.")])
    return [number, article_id]
