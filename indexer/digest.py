"""Digests of articles, stored in the index to recognise changed ones.

The digest of an article in a format with versions begins with its version, `v7:`, so that it can be read without the
article.
"""

from __future__ import annotations

import re
from dataclasses import fields
from hashlib import sha256

import orjson

from indexer.enrich import version as enrichment_version
from search.article import Article

_MADE = frozenset({"digest", "given", "evidence", "group", "added", "changed"})
_NAMES = tuple(field.name for field in fields(Article) if field.name not in _MADE)
_VERSION = re.compile(r"v(-?\d{1,18}):")


def digest(article: Article) -> str:
    """Hexadecimal SHA-256 of an article as read, and of the version of the enrichment that will be applied.

    Values that JSON cannot represent (a lone surrogate, a number beyond 64 bits) are included in Python's notation.
    """
    content = {name: getattr(article, name) for name in _NAMES}
    content["given"] = sorted(article.given)
    try:
        data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    except TypeError:
        data = repr(sorted(content.items())).encode("utf-8", "surrogatepass")
    version = version_of_article(article)
    prefix = f"v{version}:" if version is not None else ""
    return prefix + sha256(enrichment_version().encode() + data).hexdigest()


def version_of_article(article: Article) -> int | None:
    """The version stated in its format; None if there is none."""
    version = article.extra.get("version")
    usable = isinstance(version, int) and not isinstance(version, bool) and abs(version) < 10**18
    return version if usable else None


def version_of(known: str) -> int | None:
    """The version at the beginning of a digest."""
    match = _VERSION.match(known)
    return int(match[1]) if match else None
