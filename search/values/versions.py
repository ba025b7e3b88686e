"""Versions of articles, in formats that have them: in `extra`, and at the beginning of the digest (`v7:…`).

In the digest a version can be read without the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from search.values.article import Article

_VERSION = re.compile(r"v(-?\d{1,18}):")


def version_of_article(article: Article) -> int | None:
    """The version stated in its format; None if there is none."""
    return version_in(article.extra)


def version_in(extra: Mapping[str, Any]) -> int | None:
    """The version among an article's unknown fields; None if there is none."""
    version = extra.get("version")
    usable = isinstance(version, int) and not isinstance(version, bool) and abs(version) < 10**18
    return version if usable else None


def version_of(digest: str) -> int | None:
    """The version at the beginning of a digest."""
    match = _VERSION.match(digest)
    return int(match[1]) if match else None


def older(digest: str, known: str) -> bool:
    """True if the version of a digest is lower than that of another; False if either has none."""
    version, other = version_of(digest), version_of(known)
    return version is not None and other is not None and version < other
