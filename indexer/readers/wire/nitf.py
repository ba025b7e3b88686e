"""NITF, the News Industry Text Format of the IPTC: one story per file.

Other formats use it too, since NewsML and ninjs contain stories in NITF: `text_of`, `title_of`, `byline_of` and
`subjects_of`. Persons are those in `identified-content` and those marked in the text; places those in
`identified-content` and the place of the event. Places marked in the text are left to enrichment, which reads the text
anyway, because an article marks few of them.

The date is that of issue, or else of publication, release or the story. A story whose `management-status` is canceled
or withheld, or whose editor's message is a kill, withdraws the article with its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.readers.shared import markup, xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import Embargoed, Item, Origin, Withdrawal, article
from indexer.readers.shared.subjects import Named, fields, in_order, without_short
from search.errors import BadRecord, NoArticle
from search.said import said
from search.values.article import make_id

_AROUND_TEXT = ("media", "body.head", "body.end", "tobject", "docdata")
_POSSESSIVE = re.compile(r"['’]s?$")
_WORD = re.compile(r"\w")
_DATES = (
    ("docdata", "date.issue", "norm"),
    ("pubdata", "", "date.publication"),
    ("docdata", "date.release", "norm"),
)


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of NITF."""
    return xml.root_of(head).lower() == "nitf"


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the story of a file, or the reason why it cannot be read."""
    try:
        yield _item(xml.document(file), origin)
    except BadRecord as problem:
        yield problem


def text_of(root: Element) -> str:
    """The story in a `nitf` element; "" if it has none."""
    body = xml.child(root, "body")
    content = xml.children(body, "body.content") or xml.children(root, "body.content")
    full = [block for part in content for block in xml.inside(part, "block") if block.get("class") == "full_text"]
    parts = full[:1] or content or ([body] if body is not None else [])  # a full text repeats its lead
    return "\n\n".join(text for part in parts if (text := markup.paragraphs(part, _AROUND_TEXT)))


def title_of(root: Element | None) -> str:
    """The headline of a `nitf` element, or else its title."""
    headline = xml.child(root, "body", "body.head", "hedline")
    return xml.words(xml.child(headline, "hl1")) or xml.words(headline) or xml.words(xml.child(root, "head", "title"))


def byline_of(root: Element | None) -> str:
    """The author, without the job title unless that is all there is."""
    for byline in xml.children(xml.child(root, "body", "body.head"), "byline"):
        inner = [byline.text or ""]
        for part in byline:
            inner += ["" if xml.local(part) == "byttl" else xml.words(part), part.tail or ""]
        name = " ".join(" ".join(inner).split()).rstrip(", ")
        if found := name or xml.words(byline):
            return found
    return ""


def subjects_of(root: Element) -> Iterator[Named]:
    """The persons, places and subjects that a `nitf` element names."""
    head = xml.child(root, "head")
    data = xml.child(head, "docdata")
    for subject in xml.inside(xml.child(head, "tobject"), "tobject.subject"):
        yield _subject(subject)
    listed = xml.child(data, "identified-content")
    marked = [_marked(person) for person in xml.inside(xml.child(root, "body", "body.content"), "person")]
    indexed = [in_order(xml.words(person)) for person in xml.children(listed, "person")]
    for name in without_short(name for name in indexed + marked if name):
        yield Named("person", name, (), "NITF person")
    for place in xml.children(listed, "location"):
        yield _place(place)
    for place in xml.children(data, "evloc"):
        names = [xml.attribute(place, name) for name in ("city", "state-prov", "county-dist")]
        code = xml.attribute(place, "iso-cc")
        yield Named("place", next(filter(None, names), ""), (f"iso3166:{code}",) if code else (), "NITF evloc")
    for organisation in xml.children(listed, "org"):
        yield Named("organisation", xml.words(organisation), (), "NITF org")
    for subject in xml.children(listed, "classifier"):
        yield Named("subject", xml.words(subject) or xml.attribute(subject, "value"), (), "NITF classifier")


def _subject(element: Element) -> Named:
    code = xml.attribute(element, "tobject.subject.refnum")
    owner = xml.attribute(element, "tobject.subject.ipr")
    names = [xml.attribute(element, f"tobject.subject.{part}") for part in ("detail", "matter", "type")]
    code = f"{owner}:{code}" if owner.upper() not in ("", "IPTC") and code else code
    return Named("subject", next(filter(None, names), ""), (code,) if code else (), "NITF tobject.subject")


def _marked(person: Element) -> str:
    """The name of a person marked in a text, without function and genitive."""
    given, family = xml.words(xml.child(person, "name.given")), xml.words(xml.child(person, "name.family"))
    if family:
        return f"{given} {family}".strip()
    parts = [person.text or ""]
    for part in person:
        parts += ["" if xml.local(part) == "function" else xml.words(part), part.tail or ""]
    return _POSSESSIVE.sub("", " ".join("".join(parts).split()).strip(" ,"))


def _place(place: Element) -> Named:
    codes = [f"iso3166:{code}" for part in xml.inside(place, "country") if (code := xml.attribute(part, "iso-cc"))]
    name = xml.words(xml.child(place, "country")) or xml.words(place)
    return Named("place", name, tuple(codes), "NITF location")


def _item(root: Element, origin: Origin) -> Item:
    if xml.local(root).lower() != "nitf":
        raise BadRecord(said("It is not NITF: its root is “{root}”.", root=xml.local(root)))
    data = xml.child(root, "head", "docdata")
    name = xml.attribute(xml.child(data, "doc-id"), "id-string")
    status = xml.attribute(data, "management-status").lower()
    message = xml.child(data, "ed-msg")
    if name and (
        status in ("canceled", "cancelled", "withheld") or "kill" in xml.attribute(message, "msg-type").lower()
    ):
        reason = xml.attribute(message, "info") or f"Its management status is “{status or 'kill'}”."
        return Withdrawal(make_id(name), reason, xml.version(xml.attribute(xml.child(data, "du-key"), "version")))
    if status not in ("", "usable", "embargoed"):
        raise NoArticle(said("Its management status is “{status}”, not “usable”.", status=status))
    made = article(_record(root, data, name), origin)
    if status != "embargoed":
        return made
    until = xml.moment(xml.attribute(xml.child(data, "date.release"), "norm"))
    if not until:
        raise BadRecord(said("It is embargoed, without a time (date.release) at which that ends."))
    return Embargoed(made, xml.until(until))


def _record(root: Element, data: Element | None, name: str) -> dict[str, object]:
    head = xml.child(root, "head")
    pubdata = xml.child(head, "pubdata")
    title = title_of(root)
    text = text_of(root)
    extra = _extra(root, head, data)
    if not _WORD.search(text):
        text = markup.paragraphs(xml.child(root, "body", "body.head", "abstract"))
        extra["text_from"] = "abstract"
    meta = extra.get("meta")
    section = meta.get("section") if isinstance(meta, dict) else None
    language = xml.attribute(root, "lang") or xml.attribute(xml.child(root, "body"), "lang") or root.get("baselang", "")
    url = xml.attribute(pubdata, "ex-ref")
    return {
        "id": name or None,
        "title": title,
        "text": markup.without_title(text, title),
        "published": _date(root, head) or None,
        "language": language or None,
        "byline": byline_of(root) or None,
        "source": _source(root, pubdata, data) or None,
        "section": xml.attribute(pubdata, "position.section") or section or None,
        "url": url if url.startswith(("https://", "http://")) else None,
        "extra": extra,
    } | fields(subjects_of(root), language)


def _date(root: Element, head: Element | None) -> str:
    for parent, element, name in _DATES:
        for found in xml.children(xml.child(head, "docdata"), element) if element else xml.children(head, parent):
            if value := xml.attribute(found, name) or xml.words(found):
                return xml.moment(value)
    story = next(xml.inside(xml.child(root, "body", "body.head"), "story.date"), None)
    return xml.moment(xml.attribute(story, "norm"))


def _source(root: Element, pubdata: Element | None, data: Element | None) -> str:
    return (
        xml.attribute(pubdata, "name")
        or xml.words(xml.child(root, "body", "body.head", "distributor"))
        or xml.attribute(xml.child(data, "doc.copyright"), "holder")
        or xml.attribute(xml.child(data, "doc-id"), "regsrc")
    )


def _extra(root: Element, head: Element | None, data: Element | None) -> dict[str, object]:
    body = xml.child(root, "body", "body.head")
    key, message = xml.child(data, "du-key"), xml.child(data, "ed-msg")
    correction = xml.child(data, "correction")
    found: dict[str, object] = {
        "version": xml.version(xml.attribute(key, "version")),
        "dateline": xml.words(xml.child(body, "dateline")),
        "abstract": markup.paragraphs(xml.child(body, "abstract")),
        "urgency": xml.attribute(xml.child(data, "urgency"), "ed-urg"),
        "ednote": xml.attribute(message, "info"),
        "key": xml.attribute(key, "key"),
        "copyright": xml.attribute(xml.child(data, "doc.copyright"), "holder"),
        "correction": {key: value for key, value in correction.items() if value} if correction is not None else {},
        "keywords": [word for part in xml.inside(data, "keyword") if (word := xml.attribute(part, "key"))],
        "meta": {
            name: value
            for part in xml.children(head, "meta")
            if (name := xml.attribute(part, "name")) and (value := xml.attribute(part, "content"))
        },
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}
