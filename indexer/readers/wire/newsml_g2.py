"""NewsML-G2 of the IPTC: a news item, or a message of many.

A news item with a text, as NITF, XHTML or plain text, is an article. Concepts, knowledge, catalogues, plans, events,
pictures, sound and film are not, nor are packages, whose parts are items of their own. An item with only a description
is read from that, which `extra` records as `text_from`.

The id is the item's `guid`. The date is that of its version, or else of its first version, or else of its content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.readers.shared import markup, xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import Embargoed, Item, Origin, Withdrawal, article
from indexer.readers.shared.subjects import Kind, Named, fields
from indexer.readers.wire import nitf
from search.errors import BadRecord, NoArticle
from search.said import said
from search.values.article import make_id

_OTHER_ITEMS = {
    "conceptItem": said("a concept (NewsML-G2 concept item)"),
    "knowledgeItem": said("a set of concepts (NewsML-G2 knowledge item)"),
    "catalogItem": said("a catalogue of vocabularies (NewsML-G2 catalog item)"),
    "planningItem": said("a plan of coverage (NewsML-G2 planning item)"),
    "packageItem": said("a package of other items (NewsML-G2 package item)"),
}
_PIECES = {
    "contentMeta": said("the metadata of an item (NewsML-G2 contentMeta) without its content"),
    "itemMeta": said("the metadata of an item (NewsML-G2 itemMeta) without its content"),
    "groupSet": said("the list of items in a package (NewsML-G2 groupSet)"),
    "conceptSet": said("a set of concepts (NewsML-G2 conceptSet)"),
    "newsMessage": said("a message (NewsML-G2) without items"),
}
_ITEMS = frozenset((*_OTHER_ITEMS, "newsItem"))
_ROOTS = _ITEMS | frozenset((*_PIECES, "contentSet"))
_CLASSES = {
    "picture": said("a picture"),
    "graphic": said("a graphic"),
    "video": said("a film"),
    "audio": said("a sound recording"),
    "animated": said("an animation"),
    "planning": said("a plan of coverage"),
    "event": said("an event"),
}
"""Classes of items (`ninat:…`) that are not articles, in words."""
_KINDS: dict[str, Kind] = {
    "person": "person",
    "geoArea": "place",
    "poi": "place",
    "organisation": "organisation",
    "object": "object",
    "event": "event",
    "abstract": "subject",
    "": "subject",
}
_TEXTS = frozenset(
    ("html", "body", "div", "p", "section", "article", "main", "span", "h1", "h2", "ul", "ol", "table", "pre")
)
_CAPTIONS = ("caption", "credit")
_WORD = re.compile(r"\w")


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of NewsML-G2, or of a fragment of it."""
    return xml.root_of(head) in _ROOTS


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each item that cannot be read."""
    try:
        for number, element in enumerate(xml.records(file, _ITEMS), 1):
            alone = element.getparent() is None
            try:
                yield _item(element, origin, None if alone else number)
            except BadRecord as problem:
                yield problem.with_reason(problem.reason, None if alone else element.sourceline)
    except BadRecord as problem:
        yield problem


def _item(item: Element, origin: Origin, number: int | None) -> Item:
    kind = xml.local(item)
    if kind == "contentSet":
        return article(_record(item, None, None, *_content(item)), origin, number)
    if other := _OTHER_ITEMS.get(kind) or _PIECES.get(kind):
        raise NoArticle(said("It is {kind}, not an article.", kind=other))
    if kind != "newsItem":
        raise BadRecord(said("It is not a NewsML-G2 item: its root is “{root}”.", root=kind))
    meta, content = xml.child(item, "itemMeta"), xml.child(item, "contentMeta")
    guid = xml.attribute(item, "guid")
    status = _last(_code(xml.child(meta, "pubStatus"))).lower()
    if guid and status in ("canceled", "cancelled", "withheld"):
        version = xml.version(xml.attribute(item, "version"))
        return Withdrawal(make_id(guid), _note(meta) or f"Its publication status is “{status}”.", version)
    if status not in ("", "usable"):
        raise NoArticle(said("Its publication status is “{status}”, not “usable”.", status=status))
    item_class = _last(_code(xml.child(meta, "itemClass")))
    if item_class in _CLASSES:
        raise NoArticle(
            said("It is {kind} (NewsML-G2 class “{name}”), not an article.", kind=_CLASSES[item_class], name=item_class)
        )
    text, story, text_from = _text(item, content, item_class)
    made = article(_record(item, meta, content, text, story, text_from), origin, number)
    embargo = xml.words(xml.child(meta, "embargoed"))
    return Embargoed(made, xml.until(embargo)) if embargo else made


def _code(element: Element | None) -> str:
    return xml.attribute(element, "qcode") or xml.attribute(element, "uri") or xml.attribute(element, "literal")


def _last(code: str) -> str:
    """The code in a QCode or URI: `text` of `ninat:text` and of `…/newscodes/ninature/text`."""
    return re.split(r"[:/#]", code)[-1]


def _text(item: Element, content: Element | None, item_class: str) -> tuple[str, Element | None, str | None]:
    """The text of an item, the NITF it is from, and its source if that is not the content."""
    try:
        return _content(xml.child(item, "contentSet"))
    except BadRecord:
        if item_class in ("text", "") and (text := _description(content)):
            return text, None, "description"
        raise


def _content(content: Element | None) -> tuple[str, Element | None, str | None]:
    """The first text in a content set, and the NITF it is from.

    Raises:
        BadRecord: if there is none; with what is there instead.
    """
    foreign = ""
    for part in xml.children(content, "inlineXML", "inlineData"):
        story = next(xml.inside(part, "nitf"), None)
        inner = next((xml.local(one) for one in part if xml.local(one)), "")
        if story is not None:
            text = nitf.text_of(story)
        elif xml.local(part) == "inlineData":
            text = _inline_data(part)
        elif inner in _TEXTS or not inner:
            text = markup.paragraphs(part)
        else:
            text, foreign = "", foreign or inner
        if _WORD.search(text):
            return text, story, None
    if foreign:
        raise NoArticle(
            said("Its content is “{kind}”, which is not text: NITF, XHTML and plain text are read.", kind=foreign)
        )
    if xml.child(content, "remoteContent") is not None:
        raise NoArticle(said("It has no text: its content is in another file (remoteContent)."))
    raise NoArticle(said("It has no text."))


def _inline_data(part: Element) -> str:
    if xml.attribute(part, "encoding"):
        return ""
    text = "".join(part.itertext())
    is_html = "html" in xml.attribute(part, "contenttype") or markup.is_marked_up(text)
    return markup.html(text) if is_html else markup.plain(text)


def _description(content: Element | None) -> str:
    """The first description that is not a caption."""
    for description in xml.children(content, "description"):
        if not _last(xml.attribute(description, "role")).lower().startswith(_CAPTIONS):
            text = markup.paragraphs(description)
            if _WORD.search(text):
                return text
    return ""


def _record(
    item: Element,
    meta: Element | None,
    content: Element | None,
    text: str,
    story: Element | None,
    text_from: str | None = None,
) -> dict[str, object]:
    headlines = sorted(xml.children(content, "headline"), key=lambda one: bool(one.get("role")))
    title = (
        next((words for one in headlines if (words := xml.words(one))), "")
        or nitf.title_of(story)
        or xml.words(xml.child(meta, "title"))
    )
    language = xml.attribute(xml.child(content, "language"), "tag") or xml.attribute(item, "lang")
    guid = xml.attribute(item, "guid")
    created = (xml.child(meta, "versionCreated"), xml.child(meta, "firstCreated"), xml.child(content, "contentCreated"))
    extra = _extra(item, meta, content)
    if text_from:
        extra["text_from"] = text_from
    named = [*_subjects(item, content, language), *(nitf.subjects_of(story) if story is not None else ())]
    return {
        "id": guid or None,
        "title": title,
        "text": markup.without_title(text, title),
        "published": next((date for element in created if (date := xml.moment(xml.words(element)))), None),
        "language": language or None,
        "byline": xml.words(xml.child(content, "by")) or nitf.byline_of(story) or _names(content, "creator") or None,
        "source": _source(item, meta, content) or None,
        "section": xml.words(xml.child(meta, "service", "name")) or None,
        "url": guid if guid.startswith(("https://", "http://")) else None,
        "extra": extra,
    } | fields(named, language)


def _names(parent: Element | None, name: str) -> str:
    return ", ".join(words for one in xml.children(parent, name) if (words := xml.words(xml.child(one, "name"))))


def _source(item: Element, meta: Element | None, content: Element | None) -> str:
    provider = xml.child(meta, "provider")
    return (
        xml.words(xml.child(provider, "name"))
        or _names(content, "infoSource")
        or xml.words(xml.child(item, "rightsInfo", "copyrightHolder", "name"))
        or xml.attribute(provider, "literal")
        or _last(xml.attribute(provider, "qcode"))
    )


def _subjects(item: Element, content: Element | None, language: str) -> Iterator[Named]:
    """The subjects of an item, with the details in its assertions."""
    asserted = {_code(one): one for one in xml.children(item, "assert") if _code(one)}
    for subject in xml.children(content, "subject"):
        main = xml.child(subject, "mainConcept")
        concept = subject if main is None else main
        known = asserted.get(_code(concept))
        kind = _last(xml.attribute(subject, "type") or xml.attribute(subject, "typeuri"))
        codes = [xml.attribute(concept, name) for name in ("qcode", "uri", "literal")]
        for one in (concept, known):
            codes += [_code(other) for name in ("sameAs", "broader") for other in xml.children(one, name)]
        name = _name(concept, language) or _name(known, language)
        yield Named(_KINDS.get(kind, "subject"), name, tuple(filter(None, codes)))


def _name(concept: Element | None, language: str) -> str:
    """The name of a concept in English, or else in the language of the item, or else the first."""
    names = {xml.attribute(name, "lang").split("-")[0]: name for name in reversed(xml.children(concept, "name"))}
    found = names.get("en", names.get(language.split("-")[0], next(reversed(names.values()), None)))
    return xml.words(found)


def _note(meta: Element | None) -> str:
    """The editor's note for everyone; those with a role or a constraint may be for the receiving desk only."""
    notes = xml.children(meta, "edNote")
    return next((xml.words(note) for note in notes if not note.get("role") and not note.get("pubconstraint")), "")


def _extra(item: Element, meta: Element | None, content: Element | None) -> dict[str, object]:
    located = xml.child(content, "located")
    found: dict[str, object] = {
        "version": xml.version(xml.attribute(item, "version")),
        "first_created": xml.words(xml.child(meta, "firstCreated")),
        "content_created": xml.words(xml.child(content, "contentCreated")),
        "dateline": xml.words(xml.child(content, "dateline")),
        "located": xml.words(xml.child(located, "name")) or _code(located),
        "slugline": xml.words(xml.child(content, "slugline")),
        "urgency": xml.words(xml.child(content, "urgency")),
        "ednote": _note(meta),
        "genre": [xml.words(xml.child(one, "name")) or _code(one) for one in xml.children(content, "genre")],
        "keywords": [xml.words(one) for one in xml.children(content, "keyword")],
        "copyright": xml.words(xml.child(item, "rightsInfo", "copyrightNotice")),
        "usage": xml.words(xml.child(item, "rightsInfo", "usageTerms")),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}
