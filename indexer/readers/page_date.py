"""The date of publication of a web page's article, chosen among what the page states.

In this order: the article in its JSON-LD, its meta elements, elements marked as its date, its URL, a date in the lines
around its heading, and what htmldate finds in its markup. A date in running prose is not one of publication. The zone
a page prints is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from htmldate import find_date
from lxml.etree import _Element

from indexer.readers import page_day, printed, structured_data
from indexer.readers.page_metadata import Page

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
"""The names of meta elements that carry the date of publication, the plainest first."""

_CHANGED = re.compile(r"updat|modif|edited|chang|aktualis|mise?[-_]?(?:a|à)[-_]?jour|actualiz|aggiorn")
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:date|datum|dateline|pubdate|published|publish|posted|timestamp|datetime|time|entry-date|fecha|data)"
    r"(?=$|[\s_-])|publish|pubdate|post-?date|article-?date|byline",
    re.IGNORECASE,
)
_PLACED = frozenset(("nav", "footer", "aside", "form", "script", "style", "noscript"))
_OF_SITE = re.compile(r"today|current-?date|masthead|weather|top-?bar|nav-?bar|site-?header", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|•·]\s*")
"""What stands between a date and the one on which the article was changed."""
_LINES_BEFORE, _LINES_AFTER = 6, 24
_MAX_LINE = 100
_MAX_BARE = 60
"""Characters of a line that is not marked as carrying a date; a longer one, or one with a full stop, is a sentence."""
_MAX_ELEMENTS = 4_000
_MAX_SEARCHED = 200_000
"""Characters of text in which htmldate searches; it takes each of its candidates apart anew."""


def date(page: Page) -> tuple[str, str] | None:
    """The date, ISO 8601, and where it stood: `html`, `url` or `header`; None where the page has none.

    A date on which nothing can have been published is passed over where the page has another.
    """
    doubtful: tuple[str, str] | None = None
    for value, where in _candidates(page):
        if printed.plausible(value):
            return page_day.as_printed(value, _in_fields(page), _in_lines(page)), where
        doubtful = doubtful or (value, where)
    return doubtful


def _in_fields(page: Page) -> Iterator[str]:
    for said in (*_stated(page), *_marked(page, "datepublished"), *_times(page)):
        if value := printed.iso(said, page.day_first):
            yield value


def _in_lines(page: Page) -> Iterator[str]:
    """The dates in lines below the heading, not those of a change."""
    for line in _around_heading(page.tree, above=False):
        if not _CHANGED.search(line.lower()) and (value := printed.find(line, page.day_first)):
            yield value


def _candidates(page: Page) -> Iterator[tuple[str, str]]:
    yield from ((stated, "html") for stated in _in_fields(page))
    if page.url and (value := printed.in_url(page.url)):
        yield value, "url"
    for line in _around_heading(page.tree):
        if value := printed.find(line, page.day_first):
            yield value, "header"
    for said in structured_data.strings(structured_data.of_frame(page.things).get("datePublished")):
        if value := printed.iso(said, page.day_first):
            yield value, "html"
    if found := _by_markup(page):
        yield found, "html"


def _by_markup(page: Page) -> str | None:
    """What htmldate finds, unless it had to guess which number is the month."""
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
        yield structured_data.string(page.article.get(name))
    for name in META:
        yield from page.meta.get(name, ())


def _marked(page: Page, name: str) -> Iterator[str]:
    """What microdata, RDFa and hAtom mark as the date."""
    for element in islice(page.tree.iter(), 200_000):
        if not isinstance(element.tag, str) or element.tag == "meta":
            continue
        kind = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
        if name in kind or element.get("pubdate") is not None or "dateposted" in kind:
            yield element.get("datetime") or element.get("content") or element.get("title") or _text(element)


def _times(page: Page) -> Iterator[str]:
    """What time elements say, those before and beside the text first; not when the article was changed."""
    found: list[tuple[int, int, str]] = []
    seen_heading = False
    for number, element in enumerate(islice(page.tree.iter("h1", "time", "abbr"), _MAX_ELEMENTS)):
        if element.tag == "h1":
            seen_heading = True
            continue
        titled = element.get("title") if element.tag == "abbr" else ""
        value = element.get("datetime") or titled or _text(element)
        around = [element, *islice(element.iterancestors(), 1)]
        if not value or any(_CHANGED.search(f"{_kind(each)} {_text(each)[:60]}".lower()) for each in around):
            continue
        inside = {each.tag for each in element.iterancestors()}
        if inside & _PLACED or ("li" in inside and "article" not in inside):
            continue
        found.append((0 if seen_heading else 1, number, value))
    return (value for _, _, value in sorted(found))


def _around_heading(tree: _Element, above: bool = True) -> Iterator[str]:
    """Short lines near the heading that may carry the date: marked ones first, and those below it before those above.

    What stands in the head of the site, which prints the day of the visit, comes last.

    Args:
        above: also those above it.
    """
    headings = [element for element in tree.iter("h1") if not {e.tag for e in element.iterancestors()} & _PLACED]
    heading = headings[0] if headings else None
    lines: list[tuple[str, int]] = []
    at: int | None = None
    for element, text in _lines(tree):
        if heading is not None and at is None and (element is heading or heading in element.iterancestors()):
            at = len(lines)
        around = (element, *islice(element.iterancestors(), 2))
        marked = any(_MARKED.search(_kind(each)) for each in around)
        rank = 3 if at is None and _is_of_site(element) else 1 if marked else 2
        for line in _PARTS.split(text):
            if len(line) <= _MAX_LINE and (
                marked or (len(line) <= _MAX_BARE and not line.endswith((".", "!", "?", ":", ",")))
            ):
                lines.append((line, rank))
        if at is not None and len(lines) > at + _LINES_AFTER:
            break
    at = at or 0
    after, before = lines[at : at + _LINES_AFTER], lines[max(0, at - _LINES_BEFORE) : at]
    nearby = [line for line, _ in sorted([*after, *(before[::-1] if above else ())], key=lambda found: found[1])]
    yield from (line for line in nearby if not _CHANGED.search(line.lower()))
    yield from (line for line in nearby if _CHANGED.search(line.lower()))


def _is_of_site(element: _Element) -> bool:
    """Whether it stands in the head of the site, not of the article."""
    around = [element, *element.iterancestors()]
    tags = {each.tag for each in around}
    return ("header" in tags and not tags & {"article", "main"}) or any(
        _OF_SITE.search(_kind(each)) for each in around[:3]
    )


def _lines(tree: _Element) -> Iterator[tuple[_Element, str]]:
    """The texts of the page in their order, with the element each stands in."""
    body = next(tree.iter("body"), tree)
    for element in islice(body.iter(), _MAX_ELEMENTS):
        if not isinstance(element.tag, str) or element.tag in _PLACED:
            continue
        if text := " ".join((element.text or "")[:400].split()):
            yield element, text
        for child in element:
            parent = element
            if tail := " ".join((child.tail or "")[:400].split()):
                yield parent, tail


def _kind(element: _Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"


def _text(element: _Element) -> str:
    return " ".join("".join(islice(element.itertext(), 20))[: 2 * printed.MAX_VALUE].split())
