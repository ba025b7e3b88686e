"""The publication date of an article whose metadata has none or only a part of it.

In this order: a day or month in the path of the URL, or of an id that is a path (`/2023/06/18/`), a line at the head of
the text with only a date, the dateline. A known year or month is completed by a line or dateline that agrees with it,
which may lack the year; a line with the day of the URL adds the time. If no year is known the date remains unknown, and
the evidence quotes what was printed. Dates in running prose are never used, nor those of changes (`Last modified on`).
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from indexer.dates import addresses, order
from indexer.enrich.shared import heading
from indexer.enrich.shared.heading import Dated
from search.text.possible_dates import plausible
from search.values.article import Article, Evidence, changed

CONFIDENCE = {"url": 0.97, "header": 0.95, "dateline": 0.95}
_DAY = len("1998-05-17")


def enrich(article: Article) -> Article:
    """Return the article with its date of publication, if there is evidence for one."""
    stated = article.published if article.published_from != "filename" else None
    if stated is not None and len(stated) >= _DAY:
        return article
    day_first = order.day_first([article.language or ""], _host(article.url))
    if article.published is None:
        article = _from_address(article, day_first)
    line = heading.date_line(article.text, day_first, article.language)
    if article.published is not None and len(article.published) >= _DAY:
        same = line is not None and line.time and line.iso.startswith(article.published)
        return _from_head(article, line, "header") if same and line is not None else article
    for source, found in (("header", line), ("dateline", heading.dateline(article.text, article.language))):
        if found is not None:
            return _from_head(article, found, source)
    return article


def _from_address(article: Article, day_first: bool | None) -> Article:
    """The article with the day or month of its URL, or of an id of the input that is a URL or a path."""
    own = article.source_id or ""
    paths = (article.url or "", own if "://" in own else f"/{own}" if "/" in own else "")
    found = next(filter(None, (addresses.in_url(path, day_first, article.language) for path in paths)), None)
    if found is None:
        return article
    evidence = Evidence(found.value, None, None, found.text, "url", CONFIDENCE["url"])
    return replace(
        article,
        published=found.value,
        published_from="url",
        evidence={**article.evidence, "published": (evidence,)},
    )


def _from_head(article: Article, found: Dated, source: str) -> Article:
    known = article.published
    if found.year is None and known is not None:
        found = replace(found, year=int(known[:4]))
    passage = article.text[found.start : found.end]
    evidence = Evidence(found.iso, found.start, found.end, passage, source, CONFIDENCE[source])
    agrees = found.year is not None and found.iso.startswith(known or "") and plausible(found.iso)
    if known is not None and not agrees and article.published_from == "url":
        return article
    article = changed(article, evidence={**article.evidence, "published": (evidence,)})
    return changed(article, published=found.iso, published_from=source) if agrees else article


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:  # e.g. an unclosed bracket in the host
        return None
