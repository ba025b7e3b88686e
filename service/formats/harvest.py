"""The list of all records that `/oai` gives, a page at a time: articles, then those that were removed."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from search.engine import Engine, removed_since
from search.errors import BadQuery
from search.values import tombstones
from search.values.article import Article
from search.values.query import Query

TOGETHER = 100
EARLIEST = "1970-01-01T00:00:00Z"
"""The datestamp of an article of which no change is known."""


class Refused(Exception):
    """An error of the protocol: its code, and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Listed(NamedTuple):
    """A record: an article, or the id of a removed one."""

    id: str
    at: str
    article: Article | None


@dataclass(frozen=True)
class Place:
    """Where a list is continued.

    Attributes:
        since, until: datestamps, both included; "" is open.
        cursor: of the engine; None after the articles, among the removed ones.
        removed: how many removed ones have been listed.
    """

    since: str = ""
    until: str = ""
    cursor: str | None = ""
    removed: int = 0

    def has(self, at: str) -> bool:
        """True if a datestamp is in the range."""
        return (not self.since or at >= self.since) and (not self.until or at <= self.until)


def page(engine: Engine, place: Place) -> tuple[list[Listed], Place | None]:
    """The next records, and where the list goes on."""
    while place.cursor is not None:
        records, place = _changed(engine, place)
        if records:
            return records, place
    removed = [Listed(one.id, one.at, None) for one in removed_since(engine, tombstones.since()) if place.has(one.at)]
    begun = place.removed
    some = removed[begun : begun + TOGETHER]
    more = begun + len(some) < len(removed)
    return some, Place(place.since, place.until, None, begun + len(some)) if more else None


def _changed(engine: Engine, place: Place) -> tuple[list[Listed], Place]:
    """The next articles, the last changed first, and where the list goes on."""
    query = Query(sort="changed", size=TOGETHER, facets=(), snippets=False, cursor=place.cursor or None)
    try:
        answer = engine.search(query)
    except BadQuery as problem:  # also that its state is no longer retained
        raise Refused("badResumptionToken", str(problem)) from None
    found = [Listed(hit.article.id, hit.article.changed or EARLIEST, hit.article) for hit in answer.hits]
    ended = answer.cursor is None or any(place.since and one.at < place.since for one in found)
    after = Place(place.since, place.until, None if ended else answer.cursor)
    return [one for one in found if place.has(one.at)], after


def token(place: Place) -> str:
    """A place as a resumption token."""
    values = [place.since, place.until, place.cursor, place.removed]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode("ascii").rstrip("=")


def read(token: str) -> Place:
    """The place of a token. Raises Refused."""
    try:
        values = orjson.loads(base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        values = None
    match values:
        case [str(since), str(until), (str() | None) as cursor, int(removed)] if removed >= 0 and cursor != "":
            return Place(since, until, cursor, removed)
    raise Refused("badResumptionToken", "This is not a resumption token of this archive.")
