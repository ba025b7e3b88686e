"""What is decided about a record, from what is known of its id; no index, ledger or clock is asked here.

An article is unchanged when the index has it so, or when its file says what it said before; a lower version never
replaces a higher one; what was withdrawn stays out, and what is blocked too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from indexer.digest import version_of
from indexer.withheld.withdrawn import Withdrawn, newer
from search.article import Article
from search.errors import ArticleBlocked

GONE = ""
"""The digest of an article that is not in the index, or that this run takes out."""
_CONTENT = ("title", "text", "source", "section", "url", "byline")
"""The fields whose change is one of the article's content; others may be what enrichment makes of it."""


class Standing(NamedTuple):
    """What is known of an id when a record of it comes.

    Attributes:
        digest: of the article that is in the index, or will be by this run; `GONE` where none is.
        blocked: the index was told never to take it.
        withdrawn: what keeps it out, as its publisher said.
    """

    id: str
    digest: str = GONE
    blocked: bool = False
    withdrawn: Withdrawn | None = None


class Outcome(Enum):
    """What becomes of an article that may be in the index."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Holding(Enum):
    """What becomes of an article under embargo."""

    HELD = "held"
    """It is kept aside, in place of an earlier one."""
    EARLIER = "earlier"
    """One of a higher version is kept aside already."""
    RELEASED = "released"
    """It was released before, and its file says nothing new."""


def refusal(standing: Standing, version: int | None) -> str:
    """Why an article may not be in the index; "" where it may."""
    if standing.blocked:
        return str(ArticleBlocked(standing.id))
    taken = standing.withdrawn
    if taken is None:
        return ""
    if taken.version is not None:
        later = version > taken.version if version is not None else standing.digest != GONE
        if later:
            return ""
    return f"“{standing.id}” was withdrawn{f': {taken.reason}' if taken.reason else ''}."


def outcome(known: str, digest: str, repeated: bool = False) -> Outcome:
    """What becomes of an article that may be in the index.

    Args:
        known: the digest under which the index has its id, or `GONE`.
        repeated: its file said the same at this place when it was last read.
    """
    if known == GONE:
        return Outcome.ADDED
    return Outcome.UNCHANGED if repeated or known == digest or older(digest, known) else Outcome.UPDATED


def holding(known: str, digest: str, held: str | None, repeated: bool) -> Holding:
    """What becomes of an article whose embargo has not ended.

    Args:
        held: the digest of what is kept aside under its id.
    """
    if held is None:
        return Holding.RELEASED if repeated and known != GONE else Holding.HELD
    return Holding.EARLIER if older(digest, held) else Holding.HELD


def supersedes(version: int | None, held: str | None) -> bool:
    """Whether an article or a withdrawal of a version ends keeping aside one of a digest."""
    return held is not None and not newer(held, version)


def removes(known: str, version: int | None) -> bool:
    """Whether a withdrawal up to a version takes out what the index has under a digest."""
    return known != GONE and not newer(known, version)


def embargoed(ends: datetime | None, now: datetime) -> bool:
    """Whether an embargo holds; one whose end cannot be read (None) holds for good."""
    return ends is None or ends > now


def dated(article: Article, before: Article | None, now: str) -> Article:
    """An article with when it came in, and when its content last changed, here or where it was exported.

    Args:
        before: the article of its id that the index has.
    """
    if before is None:
        return replace(article, added=article.added or now, changed=article.changed or now)
    same = all(getattr(before, name) == getattr(article, name) for name in _CONTENT)
    unchanged = before.changed if same else None  # only read or enriched again
    return replace(article, added=before.added or article.added or now, changed=unchanged or now)


def why_none_is_removed(found: bool, damaged: bool) -> str:
    """Why nothing is removed from a collection though articles are missing in it; "" where they are removed.

    Args:
        found: any article was found in it.
        damaged: a record of it could not be read, which may hide one.
    """
    if damaged:
        return "not all of it could be read"
    return "" if found else "nothing at all was found in it"


def older(digest: str, known: str) -> bool:
    """Whether the version of a digest is lower than that of another; not where either has none."""
    version, other = version_of(digest), version_of(known)
    return version is not None and other is not None and version < other
