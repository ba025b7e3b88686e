"""The date of publication of a web page's article, chosen from all dates on the page.

A page states its date in fields: its JSON-LD, its meta elements, elements marked as its date. If they differ, the one
that is shown to readers is used: right next to the heading, after a word such as “published”, in a line further away,
in the URL. A date next to the heading takes precedence over fields none of which agrees with a shown date or the URL. A
page without fields has the date of its URL, or else that of its lines, or else what htmldate finds in its markup. Dates
in running prose are not dates of publication. The printed time zone is preserved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from htmldate import find_date
from lxml.etree import XPath, _Element

from indexer.dates import addresses, labels, printed
from indexer.readers.web.page import json_ld, printed_day, printed_lines
from indexer.readers.web.page.metadata import Page
from search.system.lazy import cached_property
from search.text.possible_dates import plausible

META = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "og:published_time",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "publish-date",
    "publishdate", "publish_date", "published_date", "publication_date", "publicationdate", "published_at", "pubdate",
    "pub_date", "article:published_date", "article_date_original", "originalpublicationdate", "dateposted", "ptime",
    "displaydate", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date",
    "dcterms.available", "citation_publication_date", "citation_date", "prism.publicationdate", "rnews:datepublished",
    "rbpubdate", "bt:pubdate", "dcsext.articlefirstpublished", "article.published", "article.created",
    "article:created_time", "datecreated", "cdate", "live_date", "timestamp", "time", "date",
)  # fmt: skip
"""The names of meta elements with the date of publication, the most explicit first."""

_SAID = XPath(".//*[@itemprop or @property or @pubdate][not(self::meta)]")
_FOREIGN = 4
_MAX_ELEMENTS = 4_000
_MAX_SEARCHED = 200_000
"""Characters of text in which htmldate searches; it parses each of its candidates again."""


def date(page: Page, title: str = "") -> tuple[str, str] | None:
    """The date, ISO 8601, and where it was found: `html`, `url` or `header`; None if the page has none.

    A date on which nothing can have been published is skipped if the page has another.

    Args:
        title: of the article, by which its heading is found.
    """
    shown, stated = _Shown(page, title), list(_in_fields(page))
    doubtful: tuple[str, str] | None = None
    for value, where in _candidates(page, shown, stated):
        if plausible(value):
            return printed_day.as_printed(value, stated, shown.all()), where
        doubtful = doubtful or (value, where)
    return doubtful


class _Shown:
    """The dates that a page shows to its readers.

    Attributes:
        adjacent: the dates right next to the heading, ISO 8601.
        around: those in the lines around it, the likeliest first.
        own: those of them that are not among other articles.
        changed: dates of changes.
    """

    def __init__(self, page: Page, title: str) -> None:
        self._page = page
        self._lines = printed_lines.lines(page.tree)
        ranked: list[tuple[int, str]] = []
        self.changed: list[str] = []
        self.adjacent: list[str] = []
        for line in printed_lines.around(self._lines, printed_lines.heading(page.tree, title)):
            near = line.adjacent and not line.foreign
            for piece in printed_lines.pieces(line):
                value = _find(piece, page)
                if value is None:
                    continue
                if printed_lines.is_changed(line, piece):
                    self.changed.append(value)
                    continue
                if near and line.below:
                    self.adjacent.append(value)
                rank = (0 if line.marked else 1) if near else _FOREIGN if line.foreign else 2 if line.marked else 3
                ranked.append((rank, value))
        self.around = [value for _, value in sorted(ranked, key=lambda each: each[0])]
        self.own = [value for rank, value in ranked if rank != _FOREIGN]

    @cached_property
    def named(self) -> list[str]:
        """Those after a word such as “published on”, anywhere except among other articles."""
        return self._dates(printed_lines.named(self._lines))

    @cached_property
    def blocks(self) -> list[str]:
        """Those in elements whose class shows that they are about the article."""
        return self._dates(printed_lines.blocks(self._page.tree))

    @cached_property
    def bare(self) -> list[str]:
        """Those that are a line by themselves, anywhere, if all are of the same day."""
        found = self._dates(printed_lines.bare(self._lines))
        return found if len({value[:10] for value in found}) == 1 else []

    def all(self) -> Iterator[str]:
        """Those that may show the local day of a moment, the most explicit first."""
        yield from self.adjacent
        yield from self.named
        yield from self.around

    def witnesses(self) -> Iterator[Sequence[str]]:
        """Those that decide between the fields of the page, the nearest to the heading first."""
        yield self.adjacent
        yield self.named
        yield self.own

    def lines(self) -> Iterator[str]:
        """Those used for a page without fields for the date, the likeliest first."""
        yield from self.adjacent[:1]
        yield from self.named
        yield from self.blocks[:1]
        yield from self.around
        yield from self.bare[:1]
        yield from self.changed

    def _dates(self, texts: Iterable[str]) -> list[str]:
        return [value for text in texts if (value := _find(text, self._page))]


def _in_fields(page: Page) -> Iterator[str]:
    for said in (*_stated(page), *_marked(page, "datepublished"), *_times(page)):
        if value := _iso(said, page):
            yield value


def _candidates(page: Page, shown: _Shown, stated: Sequence[str]) -> Iterator[tuple[str, str]]:
    url = _in_url(page)
    for witness in shown.witnesses():
        yield from ((value, "html") for value in stated if any(printed_day.same_day(value, each) for each in witness))
    if url:
        yield from ((value, "html") for value in stated if printed_day.same_day(value, url))
    if stated:
        yield from ((value, "header") for value in shown.adjacent[:1])
    yield from ((value, "html") for value in stated)
    if url:
        yield from ((value, "header") for value in shown.own if value.startswith(f"{url}T"))
        yield url, "url"
    yield from ((value, "header") for value in shown.lines())
    for said in json_ld.strings(json_ld.of_frame(page.things).get("datePublished")):
        if value := _iso(said, page):
            yield value, "html"
    if found := _by_markup(page):
        yield found, "html"


def _find(line: str, page: Page) -> str | None:
    return printed.find(line, page.day_first, page.language or None)


def _iso(value: str, page: Page) -> str | None:
    return printed.iso(value, page.day_first, page.language or None)


def _in_url(page: Page) -> str | None:
    """The day in the URL of a page."""
    found = addresses.in_url(page.url, page.day_first, page.language or None) if page.url else None
    return found.value if found and len(found.value) == len("1998-05-17") else None


def _by_markup(page: Page) -> str | None:
    """The date found by htmldate, unless it had to guess which number is the month."""
    if sum(map(len, islice(page.tree.itertext(), _MAX_ELEMENTS))) > _MAX_SEARCHED:
        return None
    found = find_date(page.tree, extensive_search=False, original_date=True, url=page.url)
    if not found:
        return None
    year, month, day = (int(part) for part in found.split("-"))
    if day > 12 or day == month or page.day_first is not None:
        return str(found)
    both = rf"0?{day}[/.-]0?{month}|0?{month}[/.-]0?{day}"
    text = " ".join(islice(page.tree.itertext(), _MAX_ELEMENTS))
    return None if re.search(rf"(?<!\d)(?:{both})[/.-](?:{year}|{year % 100:02})(?!\d)", text) else str(found)


def _stated(page: Page) -> Iterator[str]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        yield json_ld.string(page.article.get(name))
    for name in META:
        yield from page.meta.get(name, ())


def _marked(page: Page, name: str) -> Iterator[str]:
    """The dates marked by microdata, RDFa and hAtom."""
    for element in _SAID(page.tree):
        kind = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
        if name in kind or element.get("pubdate") is not None or "dateposted" in kind:
            yield element.get("datetime") or element.get("content") or element.get("title") or _text(element)


def _times(page: Page) -> Iterator[str]:
    """The dates of time elements, those before and next to the text first, without dates of changes."""
    found: list[tuple[int, int, str]] = []
    seen_heading = False
    for number, element in enumerate(islice(page.tree.iter("h1", "time", "abbr"), _MAX_ELEMENTS)):
        if element.tag == "h1":
            seen_heading = True
            continue
        titled = element.get("title") if element.tag == "abbr" else ""
        shown = _text(element)
        value = element.get("datetime") or titled or shown
        if (seen := _find(shown, page)) and (said := _iso(value, page)):
            value = said if printed_day.same_day(said, seen) else seen
        around = [element, *islice(element.iterancestors(), 1)]
        if not value or any(
            labels.CHANGED.search(f"{printed_lines.kind(each)} {_text(each)[:60]}".lower()) for each in around
        ):
            continue
        inside = {each.tag for each in element.iterancestors()}
        if inside & printed_lines.PLACED or ("li" in inside and "article" not in inside):
            continue
        found.append((0 if seen_heading else 1, number, value))
    return (value for _, _, value in sorted(found))


def _text(element: _Element) -> str:
    return " ".join("".join(islice(element.itertext(), 20))[: 2 * printed.MAX_VALUE].split())
