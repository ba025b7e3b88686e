"""The publication date of an article whose metadata has none or only a part of it.

In this order: a day or month in the path of the URL (`/2023/06/18/`), a line at the head of the text with only a date,
the dateline. A known year or month is completed by a dateline that agrees with it, which may lack the year; if no year
is known the date remains unknown, and the evidence quotes what was printed. Dates in running prose are never used.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from indexer.enrich.shared import heading
from indexer.enrich.shared.heading import Dated
from search import dates
from search.article import Article, Evidence

_DAY_IN_PATH = re.compile(r"/((?:1[6-9]|20)\d\d)[/-](\d\d)[/-](\d\d)(?=[/_-]|\.\w+$|$)")
_MONTH_IN_PATH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])(?=/[^/\d])")
CONFIDENCE = {"header": 0.95, "dateline": 0.95}


def enrich(article: Article) -> Article:
    """Return the article with its date of publication, if there is evidence for one."""
    if article.published is None and article.url:
        article = _from_url(article)
    if (article.published and len(article.published) > len("1998-05")) or article.language not in (None, "en"):
        return article
    for source, found in (("header", heading.date_line(article.text)), ("dateline", heading.dateline(article.text))):
        if found is not None:
            return _from_head(article, found, source)
    return article


def _from_url(article: Article) -> Article:
    path = _path(article.url or "")
    match = _DAY_IN_PATH.search(path) or _MONTH_IN_PATH.search(path)
    day = "-".join(match.groups()) if match else ""
    return replace(article, published=day, published_from="url") if day and _is_date(day) else article


def _from_head(article: Article, found: Dated, source: str) -> Article:
    known = article.published
    if found.year is None and known is not None:
        found = replace(found, year=int(known[:4]))
    passage = article.text[found.start : found.end]
    evidence = Evidence(found.iso, found.start, found.end, passage, source, CONFIDENCE[source])
    article = replace(article, evidence={**article.evidence, "published": (evidence,)})
    if found.year is None or not found.iso.startswith(known or "") or not _is_date(found.iso):
        return article
    return replace(article, published=found.iso, published_from=source)


def _is_date(value: str) -> bool:
    try:
        dates.parse(value)
    except ValueError:
        return False
    return True


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # e.g. an unclosed bracket in the host
        return ""
