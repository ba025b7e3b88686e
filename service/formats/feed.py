"""`GET /feed.atom`: any search as an Atom feed, with OpenSearch 1.1 totals.

The id of an entry is derived from the article's id, and stays the same wherever the service moves. Atom requires the
time when an entry was updated; for an undated article it is 1970, without `published`. Recently removed articles are
named at the head of the first page, as in RFC 6721. A browser gets it as XML that it shows by a stylesheet, with an
introduction and links in XHTML, which other programs ignore, as they do any element of another namespace.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from falcon import Request, Response

from search.engine import removed_since
from search.fields import BY_NAME, ENRICHED
from search.names.vocabulary import vocabulary
from search.text import dates
from search.values import tombstones
from search.values.article import Article
from search.values.query import Query
from search.values.results import Hit, Results
from search.values.tombstones import Removed
from service import params
from service.formats import render
from service.formats.chart import in_words
from service.formats.references import authors
from service.http.conditional import forbid_caching
from service.params import PARAMETERS
from service.params.operation import operation
from service.resource import Resource
from service.wording.messages import gettext

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XHTML = "http://www.w3.org/1999/xhtml"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
XML = "application/xml; charset=utf-8"
"""For browsers, which show no stylesheet of other kinds of XML."""
PATH = "/feed.atom"
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://dateline.invalid/article")
_UNKNOWN = "1970-01-01T00:00:00Z"
MOST_REMOVED = 100
"""The maximum of recently removed articles that a feed names."""
_BEGINNING = 300
"""Characters of the text to show if there is no snippet."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OF_AN_ANSWER = frozenset({"facets", "facet_size", "interval", "fields", "snippets"})
TAKEN = tuple(parameter for parameter in PARAMETERS if parameter.name not in _OF_AN_ANSWER)

ET.register_namespace("", ATOM)
ET.register_namespace("at", TOMBSTONES)
ET.register_namespace("h", XHTML)
ET.register_namespace("opensearch", OPENSEARCH)


class FeedResource(Resource):
    """A search to subscribe to; by default the most recently added or changed articles come first."""

    @operation(
        "feed", "Any search as an Atom feed, with OpenSearch totals", (MEDIA_TYPE,), "The feed", parameters=TAKEN
    )
    def on_get(self, req: Request, resp: Response) -> None:
        query = params.read(params.tracking.without(params.split(req.query_string))).query
        query = replace(query, sort=query.sort or "changed", facets=())
        results = self._archive.engine.search(query)
        if results.incomplete:
            forbid_caching(req, resp)
        first = query.page == 1 and query.cursor is None
        removed = removed_since(self._archive.engine, tombstones.since())[:MOST_REMOVED] if first else []
        feed = _feed(results, removed, query, self._settings.site_name, self._settings.base(req.prefix))
        resp.content_type = (
            XML if req.client_prefers(("application/atom+xml", "text/html")) == "text/html" else MEDIA_TYPE
        )
        resp.append_header("Vary", "Accept")
        style = f'<?xml-stylesheet type="text/css" href="{escape(req.root_path)}/static/feed.css"?>'
        head = f'<?xml version="1.0" encoding="utf-8"?>\n{style}\n'
        resp.data = head.encode() + ET.tostring(feed, encoding="utf-8")


def _feed(results: Results, removed: Sequence[Removed], query: Query, site: str, here: str) -> ET.Element:
    plain = replace(query, facets=Query().facets, sort=None if query.sort == "changed" else query.sort)
    own = params.url(PATH, plain)
    first = params.url(PATH, params.first_page(plain))
    feed = ET.Element(f"{{{ATOM}}}feed")
    add(feed, "id", uuid.uuid5(_NAMES, first).urn)
    add(feed, "title", f"{query.text} · {site}" if query.text else site)
    add(
        feed,
        "updated",
        max([*(_changed(hit.article) for hit in results.hits), *(one.at for one in removed)], default=_UNKNOWN),
    )
    about = ET.SubElement(feed, f"{{{XHTML}}}p")
    about.text = gettext("This is a feed: a feed reader follows its address, and shows what is new.") + " "
    _anchor(about, f"{here}/feeds", gettext("What is a feed?"))
    _anchor(about, here + params.url("/", plain), gettext("Show this search as a page"))
    add(add(feed, "author"), "name", site)
    add(feed, "generator", "Dateline")
    link(feed, "self", here + own, MEDIA_TYPE)
    link(feed, "first", here + first, MEDIA_TYPE)
    link(feed, "alternate", here + params.url("/", plain), "text/html")
    link(feed, "search", f"{here}/opensearch.xml", "application/opensearchdescription+xml")
    following = render.links(results, params.Request(plain), PATH).next
    if following:
        link(feed, "next", here + following, MEDIA_TYPE)
    for name, value in (
        ("totalResults", results.total),
        ("startIndex", (query.page - 1) * query.size + 1),
        ("itemsPerPage", query.size),
    ):
        if name != "startIndex" or query.cursor is None:  # a cursor does not say how many came before
            ET.SubElement(feed, f"{{{OPENSEARCH}}}{name}").text = str(value)
    asked = ET.SubElement(feed, f"{{{OPENSEARCH}}}Query", role="request")
    if query.text:
        asked.set("searchTerms", clean(query.text))
    for one in removed:
        ET.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=_urn(one.id), when=one.at)
    for hit in results.hits:
        _entry(feed, hit, here)
    return feed


def _entry(feed: ET.Element, hit: Hit, here: str) -> None:
    article = hit.article
    entry = add(feed, "entry")
    add(entry, "id", _urn(article.id))
    add(entry, "title", article.heading)
    add(entry, "updated", _changed(article))
    if article.published:
        add(entry, "published", _updated(article))
    link(entry, "alternate", f"{here}/article/{article.id}", "text/html")
    ET.SubElement(entry, f"{{{XHTML}}}time").text = in_words(article.published)
    _anchor(entry, f"{here}/article/{article.id}", article.heading)
    if article.url and is_web_url(article.url):
        link(entry, "via", article.url)
    for author in authors(article) or filter(None, (article.source,)):
        add(add(entry, "author"), "name", author)
    for term, label in _categories(article):
        ET.SubElement(entry, f"{{{ATOM}}}category", term=clean(term), label=clean(label))
    passages = " … ".join(snippet.text for snippet in hit.snippets)
    add(entry, "summary", passages or article.text[:_BEGINNING])


def _urn(article_id: str) -> str:
    return uuid.uuid5(_NAMES, article_id).urn


def is_web_url(address: str) -> bool:
    """True if a string is a URL of the web."""
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def _categories(article: Article) -> Iterator[tuple[str, str]]:
    for name in ENRICHED:
        known = BY_NAME[name].vocabulary
        for value in getattr(article, name):
            yield value, vocabulary(known).label(value) if known else value


def _changed(article: Article) -> str:
    """When an article changed in the index; if unknown, when it was published."""
    return article.changed or _updated(article)


def _updated(article: Article) -> str:
    """A moment in RFC 3339; a day means its beginning in UTC."""
    published = article.published
    if not published:
        return _UNKNOWN
    moment = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?\S*?(Z|[+-]\d\d(?::?\d\d)?)?", published.strip())
    if moment is None:
        return f"{dates.parse(published).first.isoformat()}T00:00:00Z"
    zone = moment[4] or "Z"
    if zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        zone = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    return f"{moment[1]}T{moment[2]}{moment[3] or ':00'}{zone}"


def add(above: ET.Element, name: str, text: str | None = None) -> ET.Element:
    """Add an element of Atom."""
    element = ET.SubElement(above, f"{{{ATOM}}}{name}")
    element.text = clean(text) if text is not None else None
    return element


def link(above: ET.Element, relation: str, target: str, kind: str | None = None) -> None:
    """Add a link; `kind` is a media type."""
    made = ET.SubElement(above, f"{{{ATOM}}}link", rel=relation, href=clean(target))
    if kind is not None:
        made.set("type", kind.partition(";")[0])


def _anchor(above: ET.Element, target: str, text: str) -> None:
    """A link that a browser shows."""
    link = ET.SubElement(above, f"{{{XHTML}}}a", href=clean(target))
    link.text, link.tail = clean(text), " "


def clean(text: str) -> str:
    """Text without the characters that XML does not allow."""
    return _NOT_XML.sub("\ufffd", text)
