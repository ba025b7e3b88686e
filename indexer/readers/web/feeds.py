"""Feeds: RSS 0.9x, 1.0 and 2.0, and Atom, one article per item.

The text of an item is its content, or else its description, which is often only a teaser; an item with only a headline
is not an article. Categories are persons, places and subjects if their domain says so (as that of the New York Times
does), otherwise subjects. The source is the one that an item names, or else the feed's title. Feeds may be of any
length: one item is in memory at a time. An entry that an Atom feed deletes is withdrawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from indexer.dates import printed
from indexer.readers.shared import markup, xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import Item, Origin, Withdrawal, article, together
from indexer.readers.shared.subjects import Kind, Named, fields, in_order
from search.errors import BadRecord
from search.said import said
from search.text.possible_dates import plausible
from search.values.article import make_id

_CONTENT_NAMESPACE = "http://purl.org/rss/1.0/modules/content/"
_FOREIGN = ("http://www.w3.org/2005/Atom", "http://search.yahoo.com/mrss", "itunes", "podcast", "google.com")
"""Namespaces whose `title`, `link`, `description` and `category` are not those of RSS."""
_DOMAINS: dict[str, Kind] = {
    "nyt_per": "person",
    "nyt_per_all": "person",
    "nyt_geo": "place",
    "nyt_geo_all": "place",
    "nyt_org": "organisation",
    "nyt_org_all": "organisation",
    "nyt_ttl": "object",
    "mdes": "subject",
    "des": "subject",
}
"""The last part of a category's domain → its type."""
_ADDRESS = re.compile(r"\S+@\S+\s*\(([^()]+)\)")
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3,9}\.? (?:\d{4}|\d\d)"
    r"(?P<time> \d{1,2}:\d\d(?::\d\d)?(?: [A-Za-z0-9+:-]{1,6})?)?",
    re.ASCII,
)
_RECORDS = ("item", "entry", "deleted-entry")
_WORDPRESS = b"wordpress.org/export/"


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of a feed; WordPress exports have a reader of their own."""
    root = xml.root_of(head)
    if root == "RDF":
        return b"purl.org/rss/1.0" in head or b"my.netscape.com/rdf" in head
    return root in ("rss", "feed", "channel") and _WORDPRESS not in head


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of a feed, and a BadRecord for each item that cannot be read."""
    feed: dict[str, str] | None = None
    try:
        for number, element in enumerate(xml.records(file, _RECORDS), 1):
            if xml.local(element) not in _RECORDS:
                raise BadRecord(said("It is a feed without items."))
            if xml.local(element) == "deleted-entry":
                yield _deleted(element)
                continue
            feed = feed if feed is not None else _feed(element)
            is_atom = xml.local(element) == "entry"
            try:
                yield article(_entry(element, feed) if is_atom else _item(element, feed), origin, number)
            except BadRecord as problem:
                yield problem.with_reason(
                    said("Item {number}: {reason}", number=str(number), reason=problem.reason), element.sourceline
                )
    except BadRecord as problem:
        yield problem


def _deleted(element: Element) -> Item:
    """An entry that its feed deletes (RFC 6721)."""
    name = xml.attribute(element, "ref")
    if not name:
        return BadRecord(said("It deletes an entry and does not say which (ref)."), element.sourceline)
    return Withdrawal(make_id(name), _words_of(element, "comment") or "Its feed deletes it.")


def _feed(first: Element) -> dict[str, str]:
    """The feed's own metadata, which precede its first item."""
    around = first.getparent()
    channel = xml.child(around, "channel") if xml.local(around) == "RDF" else around
    if channel is None:
        return {"title": "", "language": ""}
    title = _own(channel, "title")
    language = xml.words(_own(channel, "language")) or xml.attribute(channel, "lang")
    author = xml.words(xml.child(xml.child(channel, "author"), "name"))
    return {"title": _line(title), "language": language, "author": author}


def _own(element: Element, name: str) -> Element | None:
    """The child with this name that is not in one of the namespaces of extensions."""
    is_atom = xml.namespace(element).endswith("/Atom")
    return next(
        (
            inner
            for inner in xml.children(element, name)
            if is_atom or not any(part in xml.namespace(inner) for part in _FOREIGN)
        ),
        None,
    )


def _line(element: Element | None) -> str:
    """A title on one line; feeds escape HTML in it, once or twice."""
    text = xml.words(element)
    return " ".join(markup.html(text).split()) if "<" in text or "&" in text else text


def _item(item: Element, feed: dict[str, str]) -> dict[str, object]:
    """An item of RSS as a record."""
    title = _line(_own(item, "title"))
    link = xml.words(_own(item, "link")) or xml.attribute(item, "about")
    guid = _own(item, "guid")
    name = xml.words(guid)
    if not link and name and xml.attribute(guid, "isPermaLink") != "false" and name.startswith("http"):
        link = name
    date = xml.words(_own(item, "pubDate")) or xml.words(xml.child(item, "date"))
    language = xml.words(xml.child(item, "language")) or feed["language"]
    authors = [_author(xml.words(one)) for one in xml.children(item, "creator") or xml.children(item, "author")]
    description = markup.html(_raw(_own(item, "description")))
    text, text_from = _text(item, description)
    extra: dict[str, object] = {
        "description": description,
        "feed": feed["title"],
        "updated": published(xml.words(xml.child(item, "updated"))),
        "text_from": text_from,
    }
    return _record(item, title, text, name, link, date, language, authors, feed, extra)


def _text(item: Element, description: str) -> tuple[str, str]:
    """The content of an item, or else its description."""
    contents = [one for one in xml.children(item, "encoded") if xml.namespace(one) == _CONTENT_NAMESPACE]
    texts = [markup.html(_raw(one)) for one in contents or xml.children(item, "encoded")]
    texts += [markup.paragraphs(one) for one in xml.children(item, "body", "div")]
    if xml.namespace(item) == "":
        texts += [markup.html(_raw(one)) for one in xml.children(item, "fulltext", "full-text")]
    longest = max(texts, key=len, default="")
    return (longest, "content") if longest else (description, "description")


def _raw(element: Element | None) -> str:
    """The HTML in an element: escaped, as it should be, or as elements."""
    if element is None:
        return ""
    return markup.inside(element) if len(element) else element.text or ""


def _author(name: str) -> str:
    match = _ADDRESS.fullmatch(name)
    return match[1].strip() if match else name


def _entry(entry: Element, feed: dict[str, str]) -> dict[str, object]:
    """An entry of Atom as a record."""
    links = [one for one in xml.children(entry, "link") if xml.attribute(one, "rel") in ("", "alternate")]
    link = xml.attribute(links[0], "href") if links else ""
    date = next(
        (words for name in ("published", "issued", "updated", "modified") if (words := _words_of(entry, name))), ""
    )
    authors = [xml.words(xml.child(one, "name")) for one in xml.children(entry, "author")]
    content, summary = _atom_text(xml.child(entry, "content")), _atom_text(xml.child(entry, "summary"))
    language = xml.attribute(entry, "lang") or feed["language"]
    extra: dict[str, object] = {
        "description": summary if content else "",
        "feed": feed["title"],
        "updated": _words_of(entry, "updated"),
        "text_from": "content" if content else "description",
    }
    title = " ".join(_atom_text(xml.child(entry, "title")).split())
    return _record(
        entry,
        title,
        content or summary,
        _words_of(entry, "id"),
        link,
        date,
        language,
        authors or [feed["author"]],
        feed,
        extra,
    )


def _words_of(element: Element, name: str) -> str:
    return xml.words(xml.child(element, name))


def _atom_text(element: Element | None) -> str:
    """The text of an Atom construct, by its declared type."""
    kind = xml.attribute(element, "type").lower()
    if element is None or (
        kind and kind not in ("text", "html", "xhtml", "text/plain", "text/html", "application/xhtml+xml")
    ):
        return ""
    if len(element) or "xhtml" in kind:
        return markup.paragraphs(element)
    text = element.text or ""
    return markup.html(text) if "html" in kind or "<" in text else markup.plain(text)


def _record(
    item: Element,
    title: str,
    text: str,
    name: str,
    link: str,
    date: str,
    language: str,
    authors: list[str],
    feed: dict[str, str],
    extra: dict[str, object],
) -> dict[str, object]:
    categories = list(_categories(item))
    source = xml.child(item, "source")
    own = xml.words(xml.child(source, "title")) or xml.words(source) if source is not None else ""
    plain = [one.name for one in categories if one.kind == "subject" and not one.scheme]
    extra["categories"] = plain
    if extra.get("description") == text:
        del extra["description"]
    return {
        "id": name or None,
        "title": title,
        "text": markup.without_title(text, title),
        "published": published(date) or None,
        "language": language or None,
        "byline": together(authors) or None,
        "source": own or xml.words(xml.child(item, "publisher")) or feed["title"] or None,
        "section": plain[0] if len(plain) == 1 else None,
        "url": link if link.startswith(("https://", "http://")) else None,
        "extra": {key: value for key, value in extra.items() if value},
    } | fields(categories, language)


def _categories(item: Element) -> Iterator[Named]:
    for category in xml.children(item, "category", "subject"):
        if any(part in xml.namespace(category) for part in _FOREIGN[1:]):
            continue
        label, term = xml.attribute(category, "label"), xml.attribute(category, "term")
        domain = xml.attribute(category, "domain") or xml.attribute(category, "scheme")
        name = xml.words(category) or label or term
        kind = _DOMAINS.get(domain.rstrip("/").rpartition("/")[2])
        written, name = name, in_order(name) if kind == "person" else name
        codes = tuple(code for code in dict.fromkeys((f"{domain}{term}" if domain and term else "", term)) if code)
        if name or codes:
            yield Named(kind or "subject", name, codes if not kind else (), domain, written)


def published(value: str) -> str:
    """A date of RSS (RFC 822), or in another clear form, as ISO 8601 with its offset; any other unchanged."""
    value = " ".join(value.split())
    match = _RFC_822.fullmatch(value)
    if match is None:
        basic = xml.moment(value)
        return basic if plausible(basic) else printed.iso(value) or basic
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:  # not a valid date: left to the code that validates dates
        return value
    return moment.isoformat() if match["time"] else moment.date().isoformat()
