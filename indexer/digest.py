"""Digests of articles, stored in the index to recognise changed ones."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from operator import attrgetter

import orjson

from desk.corrections.overlay import OURS
from indexer.enrich import version as enrichment_version
from search.values.article import Article
from search.values.versions import version_of_article

_MADE = frozenset({"digest", "given", "evidence", "group", "added", "changed", "meaning", "known"})
_NAMES = tuple(field.name for field in fields(Article) if field.name not in _MADE)
_values = attrgetter(*_NAMES)


def digest(article: Article) -> str:
    """Hexadecimal SHA-256 of an article as read, and of the version of the enrichment that will be applied.

    Values that JSON cannot represent (a lone surrogate, a number beyond 64 bits) are included in Python's notation.
    What no archive may state, since corrections use it, is not stored and not part of it.
    """
    return with_version(content(article), enrichment_version())


def with_version(content: tuple[str, bytes], version: str) -> str:
    """The digest of an article with this content that a version of the enrichment is applied to."""
    prefix, data = content
    return prefix + sha256(version.encode() + data).hexdigest()


def content(article: Article) -> tuple[str, bytes]:
    """What a digest begins with, and the content of which it is."""
    content: dict[str, object] = dict(zip(_NAMES, _values(article), strict=True))
    content["given"] = sorted(article.given)
    if not article.scan:  # as before there were any
        del content["scan"]
    if not article.extra.keys().isdisjoint(OURS):
        content["extra"] = {name: value for name, value in article.extra.items() if name not in OURS}
    try:
        data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    except TypeError:
        data = repr(sorted(content.items())).encode("utf-8", "surrogatepass")
    version = version_of_article(article)
    return f"v{version}:" if version is not None else "", data
