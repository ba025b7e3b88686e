"""WordPress exports (WXR): published posts are articles.

Pages, attachments, menus, drafts, and password-protected posts are rejected with their type. The text is the post as
written: blank lines separate paragraphs in the old editor, the new one's comments and all shortcodes are dropped.
Categories and tags are subjects; the first category is the section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.readers.shared import captions, markup, xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import Item, Origin, article
from indexer.readers.shared.subjects import Named, fields
from indexer.readers.web.feeds import published
from indexer.readers.web.page import printed_day
from search.errors import BadRecord, NoArticle
from search.said import said

_CONTENT_NAMESPACE = "http://purl.org/rss/1.0/modules/content/"
_TYPES = {
    "page": said("a page"),
    "attachment": said("an attachment"),
    "nav_menu_item": said("a menu item"),
    "revision": said("a revision"),
}
_STATUSES = {
    "draft": said("a draft"),
    "auto-draft": said("a draft"),
    "pending": said("a post pending review"),
    "private": said("a private post"),
    "future": said("a scheduled post"),
    "trash": said("a post in the trash"),
}
_CAPTION = re.compile(
    r"\[(caption|wp_caption|gallery|embed|audio|video|playlist)\b[^\]]*\](?:[^\[]*\[/\1\])?", re.IGNORECASE
)
_SHORTCODE = re.compile(
    r"\[/?[A-Za-z][\w-]*(?:\s+[\w-]+\s*=\s*(?:\"[^\"\]]*\"|'[^'\]]*'|[^\s\]\"']+))+\s*/?\]|\[/[A-Za-z][\w-]*\]"
)
_OPENING = re.compile(r"\[([A-Za-z][\w-]*)\]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of a WordPress export."""
    return xml.root_of(head) == "rss" and b"wordpress.org/export/" in head


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the posts of an export, and a BadRecord for each item that cannot be read."""
    site: dict[str, str] = {}
    authors: dict[str, str] = {}
    try:
        for number, item in enumerate(xml.records(file, ("item",)), 1):
            if xml.local(item) != "item":
                raise BadRecord(said("It is a WordPress export without items."))
            channel = item.getparent()
            if number == 1:
                site = {name: xml.words(xml.child(channel, name)) for name in ("title", "language")}
                authors = dict(_author(author) for author in xml.children(channel, "author"))
            try:
                yield article(_record(item, site, authors), origin, number)
            except BadRecord as problem:
                yield problem.with_reason(
                    said("Item {number}: {reason}", number=str(number), reason=problem.reason), item.sourceline
                )
    except BadRecord as problem:
        yield problem


def _author(author: Element) -> tuple[str, str]:
    login = xml.words(xml.child(author, "author_login"))
    return login, xml.words(xml.child(author, "author_display_name")) or login


def _record(item: Element, site: dict[str, str], authors: dict[str, str]) -> dict[str, object]:
    kind, status = xml.words(xml.child(item, "post_type")), xml.words(xml.child(item, "status"))
    if kind not in ("post", ""):
        raise NoArticle(
            said(
                "It is {kind} (WordPress type “{name}”), not a post.",
                kind=_TYPES.get(kind, said("of a custom type")),
                name=kind,
            )
        )
    if status not in ("publish", ""):
        raise NoArticle(
            said(
                "It is {kind} (WordPress status “{status}”), not published.",
                kind=_STATUSES.get(status, said("a post")),
                status=status,
            )
        )
    if xml.words(xml.child(item, "post_password")):
        raise NoArticle(said("It is a password-protected post."))
    contents = {xml.namespace(one): one.text or "" for one in xml.children(item, "encoded")}
    excerpt = next((text for space, text in contents.items() if "/excerpt/" in space), "")
    categories = [(xml.attribute(one, "domain"), xml.words(one)) for one in xml.children(item, "category")]
    sections = [name for domain, name in categories if domain == "category"]
    creator = xml.words(xml.child(item, "creator"))
    link = xml.words(xml.child(item, "link"))
    number = xml.words(xml.child(item, "post_id"))
    name = xml.words(xml.child(item, "guid")) or (f"{link}#{number}" if link and number else "")
    title = " ".join(markup.html(xml.words(xml.child(item, "title"))).split())
    content = captions.apart(contents.get(_CONTENT_NAMESPACE, ""))
    extra = {
        "post_id": number,
        captions.FIELD: content.captions,
        "description": text_of(excerpt),
        "categories": sections,
        "tags": [name for domain, name in categories if domain != "category"],
    }
    return {
        "id": name or None,
        "title": title,
        "text": text_of(content.html),
        "published": _date(item) or None,
        "language": site["language"] or None,
        "byline": authors.get(creator, creator) or None,
        "source": site["title"] or None,
        "section": sections[0] if sections else None,
        "url": link if link.startswith(("https://", "http://")) else None,
        "extra": {key: value for key, value in extra.items() if value},
    } | fields(
        (Named("subject", name, (), f"WordPress {domain or 'category'}") for domain, name in categories),
        site["language"],
    )


def _date(item: Element) -> str:
    """The time of publication: local with its offset, or else in universal time."""
    local, universal = (xml.words(xml.child(item, name)).replace(" ", "T") for name in ("post_date", "post_date_gmt"))
    date = published(xml.words(xml.child(item, "pubDate")))
    moment = date if _is_date(date) else f"{universal}Z" if _is_date(universal) else ""
    return printed_day.as_printed(moment, (), (local,)) if moment and _is_date(local) else moment or local


def _is_date(value: str) -> bool:
    """True if WordPress had a date; otherwise it writes 0000-00-00, or a day of the year -1."""
    return value[:4].isdigit() and value[:4] > "0001"


def text_of(post: str) -> str:
    """The text of a post as stored by WordPress."""
    text = _SHORTCODE.sub("", _CAPTION.sub("", post))
    closed = {match.lower() for match in re.findall(r"\[/([A-Za-z][\w-]*)\]", post)}
    text = _OPENING.sub(lambda match: "" if match[1].lower() in closed else match[0], text)
    return markup.html(_BLANK_LINE.sub("\n<p>\n", text.replace("\r\n", "\n")))
