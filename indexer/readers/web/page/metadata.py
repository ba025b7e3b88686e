"""The metadata of a web page's article: its meta elements, links, JSON-LD and byline.

`Page` is a parsed page with these; `facts` returns the fields that they give. Title and date, of which a page often has
several, are chosen in `titles` and `dates`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath, _Element

from indexer.dates import order
from indexer.readers.shared.record import together
from indexer.readers.web.page import json_ld
from indexer.readers.web.page.json_ld import Thing, plain

AUTHOR = ("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
          "citation_author", "cxenseparse:author", "og:article:author", "authors", "byline")  # fmt: skip
SECTION = ("article:section", "parsely-section", "section", "og:article:section", "sailthru.section", "dc.section",
           "cxenseparse:category", "category", "prism.section")  # fmt: skip
SOURCE = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title")
KEYWORDS = ("news_keywords", "article:tag", "parsely-tags", "og:article:tag", "sailthru.tags", "keywords")
LANGUAGE = ("og:locale", "content-language", "dc.language", "dcterms.language", "language")
MAX_KEYWORDS = 50
MAX_CONTENT = 4_000
"""Characters of a meta element that are read."""
MAX_BYLINE = 200

_SIGNED = XPath(
    ".//*[@itemprop = 'author' or @rel = 'author' or contains(@class, 'byline') or contains(@class, 'author')]"
)
_NAMED_INSIDE = XPath(".//*[@itemprop = 'name']")
_SIGNS: tuple[Callable[[_Element], bool], ...] = (
    lambda element: element.get("itemprop") == "author",
    lambda element: element.get("rel") == "author",
    lambda element: "byline" in element.get("class", "").split(),
    lambda element: "author" in element.get("class", "").split(),
    lambda element: any(each in element.get("class", "") for each in ("byline", "author-name", "author__name")),
)
"""Which of these is the byline, the surest first."""
_BY = re.compile(
    r"^(?:(?:written |posted |published |reporting |story |text )?by|von|par|por|di|door|av|af)\b:?\s+", re.I
)
_ADDRESS = re.compile(r"https?://|www\.|@")
_SAVED = re.compile(r"saved from url=\(\d+\)(https?://[^\s<>\"']{1,2000})")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.

    Attributes:
        meta: name or property of a meta element, lower case → its contents in order.
        things: the objects described in its JSON-LD.
        article: the one of them that the page is about; may be empty.
        url: its own, as stated by the page or else where it was found.
        language: two letters or a tag such as `en-GB`; "" if not stated.
        day_first: True if 4/5/2023 is in May on it; None if unknown.
    """

    tree: _Element
    meta: Mapping[str, Sequence[str]]
    things: Sequence[Thing]
    article: Thing
    url: str | None
    language: str
    day_first: bool | None


def page(tree: _Element, found_at: str | None, source: str) -> Page:
    """Parse the metadata of a page.

    Args:
        found_at: the URL it was fetched from, if known.
        source: the beginning of its markup, in which a browser that saved the page noted its URL.
    """
    meta = _meta(tree)
    things = json_ld.things(tree)
    saved = _SAVED.search(source)
    url = _url(tree, meta, found_at or (saved[1] if saved else None))
    article = json_ld.of_page(things, url, _titles(tree, meta))
    language = _language(tree, meta, article)
    return Page(tree, meta, things, article, url, language, _day_first(tree, meta, language, url))


def _titles(tree: _Element, meta: Mapping[str, Sequence[str]]) -> list[str]:
    """Possible titles of the page, to identify its article among others."""
    shown = [plain("".join(islice(element.itertext(), 20))[:MAX_CONTENT]) for element in tree.iter("h1", "title")]
    return [*meta.get("og:title", ()), *shown[:10]]


def first(meta: Mapping[str, Sequence[str]], names: Iterable[str]) -> str:
    """The content of the first of these meta elements that is present; "" if none is."""
    return next((value for name in names for value in meta.get(name, ()) if value), "")


def facts(page: Page) -> dict[str, object]:
    """The fields of the article that the page states, except title and date."""
    keywords = json_ld.strings(_listed(page.article.get("keywords"))) or [
        keyword for name in KEYWORDS for value in page.meta.get(name, ()) for keyword in _split(value)
    ]
    values = {
        "byline": byline(page),
        "section": json_ld.string(page.article.get("articleSection")) or first(page.meta, SECTION),
        "source": source(page),
        "language": page.language,
        "url": page.url or "",
    }
    found: dict[str, object] = {name: value for name, value in values.items() if value}
    if keywords:
        found["extra"] = {"keywords": list(dict.fromkeys(keywords))[:MAX_KEYWORDS]}
    return found


def source(page: Page) -> str:
    """The publisher of the page."""
    publisher = json_ld.string(json_ld.named(page.article.get("publisher"), page.things))
    name = first(page.meta, SOURCE[:1]) or publisher or first(page.meta, SOURCE[1:])
    return "" if _ADDRESS.match(name) else name


def byline(page: Page) -> str:
    """The authors as stated by the page, separated by commas."""
    names = json_ld.strings(json_ld.named(page.article.get("author"), page.things))
    if not (stated := _people(names)):
        stated = _people([value for value in (first(page.meta, [name]) for name in AUTHOR) if value][:1]) or _people(
            value for name in AUTHOR for value in page.meta.get(name, ())
        )
    if not stated and (signed := _SIGNED(page.tree)):
        first_ones = (next(filter(sign, signed), None) for sign in _SIGNS)
        inside = (named[0] for element in signed if _SIGNS[0](element) and (named := _NAMED_INSIDE(element)))
        shown = (element for element in chain(islice(inside, 1), first_ones) if element is not None)
        stated = next((name for element in shown if (name := _people([_text(element)]))), "")
    return stated


def _people(names: Iterable[str]) -> str:
    names = (_BY.sub("", name.strip(" \t,;|·–-")) for name in names)
    return together(name for name in names if 1 < len(name) <= MAX_BYLINE and not _ADDRESS.search(name))


def _text(element: _Element) -> str:
    return plain("".join(element.itertext())[: 4 * MAX_BYLINE])


def _split(value: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;|]", value) if part.strip()]


def _listed(value: object) -> list[object]:
    """A list, or the elements of a string with commas."""
    if isinstance(value, str):
        return [*_split(value)]
    return value if isinstance(value, list) else []


def _meta(tree: _Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = plain((element.get("content") or "")[:MAX_CONTENT])
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split()[:3]:
                if content:
                    found.setdefault(name, []).append(content)
    for name, value in _parsely(found).items():
        found.setdefault(name, []).append(value)
    return found


def _parsely(meta: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The fields of Parse.ly's older tag, a JSON object, under the names of its newer tags."""
    stated: dict[str, object] = next(
        (value for text in meta.get("parsely-page", ()) if isinstance(value := _json(text), dict)), {}
    )
    authors = stated.get("authors") or stated.get("author")
    values = {
        "parsely-title": json_ld.string(stated.get("title")),
        "parsely-pub-date": json_ld.string(stated.get("pub_date")),
        "parsely-section": json_ld.string(stated.get("section")),
        "parsely-author": together(json_ld.strings(authors)),
    }
    return {name: value for name, value in values.items() if value}


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _url(tree: _Element, meta: Mapping[str, Sequence[str]], found_at: str | None) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    stated = [url for url in (*links, *meta.get("og:url", ())) if url]
    for url in (*stated, found_at):
        whole = _whole(url, found_at)
        if whole and (urlsplit(whole).path.strip("/") or urlsplit(whole).query):
            return whole
    return _whole(found_at, None) or next((whole for url in stated if (whole := _whole(url, None))), None)


def _whole(url: str | None, base: str | None) -> str | None:
    """A URL made absolute; None if it is not an address on the web."""
    if not url:
        return None
    try:
        joined = urljoin(base or "", url.strip())
        parts = urlsplit(joined)
    except ValueError:  # e.g. an unclosed bracket in the host
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname and len(joined) <= 2000 else None


def _language(tree: _Element, meta: Mapping[str, Sequence[str]], article: Thing) -> str:
    own = json_ld.string(article.get("inLanguage"))
    stated = (own, tree.get("lang"), tree.get("xml:lang"), first(meta, LANGUAGE))
    tags = (value.split(",")[0].strip().replace("_", "-") for value in stated if value)
    return next((tag for tag in tags if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", tag)), "")


def _day_first(tree: _Element, meta: Mapping[str, Sequence[str]], language: str, url: str | None) -> bool | None:
    stated = (language, tree.get("lang") or "", *meta.get("og:locale", ()))
    return order.day_first(stated, urlsplit(url).hostname if url else None)
