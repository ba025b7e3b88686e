"""Cursors: opaque strings that name the last hit of a page, and the list and the generation that it is of.

A list is continued in the generation in which it was begun, whatever is committed meanwhile, so that no hit is repeated
or skipped; under another question or order a cursor is refused, since hits would be. What else a cursor contains, and
how long generations are retained, is up to each engine.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Protocol, TypeVar

import orjson

from search.errors import BadQuery, BadValue, CursorExpired
from search.said import said
from search.syntax import write as written
from search.syntax.nodes import Node
from search.values.query import Query


class Position(Protocol):
    """The contents that the cursors of all engines have."""

    @property
    def generation(self) -> int:
        """The generation of the list."""
        ...

    @property
    def list(self) -> str:
        """The name of the list."""
        ...


P = TypeVar("P", bound=Position)


def named(query: Query, tree: Node, order: str, more: Iterable[str]) -> str:
    """The name of a list: its order, and a hash of all else that decides which articles it has, and where.

    Args:
        tree: what the text finds.
        order: that of the list; `relevance` only if there are scores.
        more: what the order uses besides the text, if anything (see `search.meaning.feedback`).
    """
    decided = [written(tree), query.listing, *more]
    return f"{order} {sha256(orjson.dumps(decided)).hexdigest()[:16]}"


def write(values: Iterable[object]) -> str:
    """Encode the values of a cursor as a string that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(orjson.dumps([*values])).decode("ascii").rstrip("=")


def read(text: str, check: Callable[[list[object]], P | None], name: str | None = None) -> P:
    """The position that `write` encoded.

    Args:
        check: the position of some values; None if they are invalid.
        name: the name of the list to continue, if known.

    Raises:
        BadQuery: if it is not a cursor, or of another list.
    """
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        data = None
    position = check(data) if isinstance(data, list) else None
    if position is None:
        raise bad(text, said("This is not a cursor."))
    if name is not None and position.list != name:
        theirs, mine = (one.partition(" ")[0] for one in (position.list, name))
        reason = (
            said("This cursor is of another search.")
            if theirs == mine
            else said("This cursor is for a list sorted by {order}, not by {order2}.", order=theirs, order2=mine)
        )
        raise BadQuery([BadValue("cursor", text, reason, said("Start the list again."))])
    return position


def bad(text: str, reason: str = said("This cursor is newer than the archive.")) -> BadQuery:
    """The error for a string that is not a cursor of this index."""
    return BadQuery([BadValue("cursor", text, reason, said("Take it from “next” in the previous answer."))])


def expired(text: str) -> CursorExpired:
    """The error for a cursor of a generation that is no longer retained."""
    reason = said("The archive has changed since this list was started, and that state is no longer available.")
    return CursorExpired(
        [BadValue("cursor", text, reason, said("Start the list again at its first page, or export all of it."))]
    )
