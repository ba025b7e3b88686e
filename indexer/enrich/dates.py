"""When an article was published, where its metadata does not say: only from what is a date of publication.

A date in a URL's path (`/2023/06/18/`) is one. A date in running prose is not, and none is ever guessed from it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from search import dates
from search.article import Article

_IN_PATH = re.compile(r"/((?:1[6-9]|20)\d\d)[/-](\d\d)[/-](\d\d)(?=[/_-]|\.\w+$|$)")


def enrich(article: Article) -> Article:
    """The article with its date of publication, if there is evidence for one."""
    if article.published is not None or not article.url:
        return article
    match = _IN_PATH.search(_path(article.url))
    if match is None:
        return article
    day = "-".join(match.groups())
    try:
        dates.parse(day)
    except ValueError:
        return article
    return replace(article, published=day, published_from="url")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # e.g. an unclosed bracket in the host
        return ""
