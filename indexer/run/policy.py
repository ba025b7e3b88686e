"""Decides about a record from what is known about its id, without access to an index, a ledger or a clock.

An article is unchanged if it has the same digest in the index, or if its file has the same record as before; a lower
version never replaces a higher one; withdrawn and blocked articles are rejected.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from indexer.withheld.withdrawn import Withdrawn, newer
from search.errors import ArticleBlocked
from search.values.article import Article, changed
from search.values.versions import older

GONE = ""
"""The digest of an article that is not in the index, or that this run removes."""
_CONTENT = ("title", "text", "source", "section", "url", "byline")
"""The fields whose change is a change of the article's content; others may be results of enrichment."""


class Standing(NamedTuple):
    """What is known about the id of a new record.

    Attributes:
        digest: of the article that is in the index, or will be by this run; `GONE` if there is none.
        blocked: True if the operator has blocked the id.
        withdrawn: the publisher's withdrawal.
    """

    id: str
    digest: str = GONE
    blocked: bool = False
    withdrawn: Withdrawn | None = None


class Outcome(Enum):
    """The decision about an article that may already be in the index."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Holding(Enum):
    """The decision about an article under embargo."""

    HELD = "held"
    """It is stored, in place of an earlier one."""
    EARLIER = "earlier"
    """One of a higher version is stored already."""
    RELEASED = "released"
    """It was released before, and its file is unchanged."""


def refusal(standing: Standing, version: int | None) -> str:
    """The reason why an article must not be in the index; "" if it may. It tells nothing of the one that was there."""
    if standing.blocked:
        return str(ArticleBlocked(standing.id))
    taken = standing.withdrawn
    if taken is None:
        return ""
    if taken.version is not None:
        later = version > taken.version if version is not None else standing.digest != GONE
        if later:
            return ""
    return f"“{standing.id}” was withdrawn."


def outcome(known: str, digest: str, repeated: bool = False) -> Outcome:
    """Decide about an article that may be in the index.

    Args:
        known: the digest of its id in the index, or `GONE`.
        repeated: True if its file had the same record at this place when it was last read.
    """
    if known == GONE:
        return Outcome.ADDED
    return Outcome.UNCHANGED if repeated or known == digest or older(digest, known) else Outcome.UPDATED


def holding(known: str, digest: str, held: str | None, repeated: bool) -> Holding:
    """Decide about an article whose embargo has not ended.

    Args:
        held: the digest of the stored article with its id.
    """
    if held is None:
        return Holding.RELEASED if repeated and known != GONE else Holding.HELD
    return Holding.EARLIER if older(digest, held) else Holding.HELD


def removes(known: str, version: int | None) -> bool:
    """True if a withdrawal up to a version removes the article with a digest from the index."""
    return known != GONE and not newer(known, version)


def embargoed(ends: datetime | None, now: datetime) -> bool:
    """True if an embargo applies; one whose end cannot be read (None) never ends."""
    return ends is None or ends > now


def dated(article: Article, before: Article | None, now: str) -> Article:
    """Set when an article was added, and when its content last changed, here or where it was exported.

    Args:
        before: the article with its id in the index.
    """
    if before is None:
        return changed(article, added=article.added or now, changed=article.changed or now)
    same = all(getattr(before, name) == getattr(article, name) for name in _CONTENT)
    unchanged = before.changed if same else None  # only read or enriched again
    return changed(article, added=before.added or article.added or now, changed=unchanged or now)


def why_none_is_removed(found: bool, damaged: bool) -> str:
    """Why nothing is removed from a collection though articles are missing in it; "" if they are removed.

    Args:
        found: True if any article was found in it.
        damaged: True if a record of it could not be read, which may hide an article.
    """
    if damaged:
        return "not all of it could be read"
    return "" if found else "nothing was found in it"
