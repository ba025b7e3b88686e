"""Two articles of one id: an archive numbers its articles as another one does.

An article that comes again is an update, from whatever file, also if it has moved, was renamed, dated again or
rewritten. What has another host, title and beginning, all at once, and another day or site, is another article. Of two
articles of one host, or without addresses, nobody can say, and the last one counts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from search.text import addresses
from search.text.tokens import fold
from search.values.article import Article

_BEGINNING = 100
"""Characters of a text that tell it from others."""
_SHOWN = 100
"""Characters of a title or an address in a message."""
_HOST = re.compile(r"[^/?#\s]+\.[^/?#\s]+")
_QUOTES = str.maketrans("“”", '""')


class Face(NamedTuple):
    """What an article is recognized by, as stated; "" for what it does not have.

    Attributes:
        day: when it was published, as far as known, `2024-05-01`.
    """

    url: str
    title: str
    day: str
    beginning: str

    @property
    def host(self) -> str:
        """That of its address, without `www.`; "" if there is none."""
        found = _HOST.match(addresses.key(self.url))
        return found.group() if found is not None else ""

    @property
    def site(self) -> str:
        """The end of its host, which those of one publisher have in common, and of some countries all."""
        return ".".join(self.host.split(".")[-2:])


def face(article: Article) -> Face:
    """What an article is recognized by."""
    return Face(article.url or "", article.title[:_SHOWN], (article.published or "")[:10], article.text[:_BEGINNING])


def clashes(before: Face, now: Face) -> bool:
    """True if two articles of one id are certainly not the same."""
    return (
        fold(before.title) != fold(now.title)
        and fold(before.beginning) != fold(now.beginning)
        and "" not in (hosts := (before.host, now.host))
        and hosts[0] != hosts[1]
        and (before.site != now.site or not _same_day(before.day, now.day))
    )


def _same_day(day: str, other: str) -> bool:
    """True if two days, of which one may be a month or a year, may be the same; False if one is not known."""
    return bool(day and other) and (day.startswith(other) or other.startswith(day))


def problem(article_id: str, before: Face, now: Face) -> str:
    """Why an article is not indexed that has the id of another one; "" if it is the same, for all one can say.

    It tells nothing else of the other one, which may be hidden from the sender of this one.
    """
    if not clashes(before, now):
        return ""
    return (
        f"“{article_id}” is the id of another article already. This one, {_named(now)}, is not indexed. Take the ids "
        "of this archive from a field that is unique everywhere, such as a guid: --map id=FIELD."
    )


def _named(one: Face) -> str:
    return f"“{one.title.translate(_QUOTES)}” at “{one.url[:_SHOWN].translate(_QUOTES)}”"
