"""NewsML 1.x of the IPTC: a document of news items, each a tree of components.

A component with a headline and a text of its own, as NITF, XHTML or plain text, is an article; of equivalent components
(the same content in several forms), the first with a text. Captions, pictures, sound and film are not articles. The
first article of an item has its id, the others that and the component's `Duid`.

The id is `urn:newsml:PROVIDER:DATE:ITEM`, the item's public identifier without its revision, as in NewsML-G2 and ninjs,
so that the same article in several of these formats is one. The date is that of the revision, or else the first one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from indexer.readers.shared import markup, xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import Embargoed, Item, Origin, Whole, Withdrawal, article
from indexer.readers.shared.subjects import Kind, Named, fields
from indexer.readers.wire import nitf
from search.errors import BadRecord, NoArticle
from search.said import said
from search.values.article import make_id

_CODES = ("Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier")
_COUNTRY_CODE = re.compile(r"[A-Z]{2,3}", re.ASCII)
_WORD = re.compile(r"\w")
_MEDIA = {
    "photo": said("a picture"),
    "picture": said("a picture"),
    "graphic": said("a graphic"),
    "video": said("a film"),
    "audio": said("a sound recording"),
    "animation": said("an animation"),
}
"""Media types of content items that are not text, in words."""
_KINDS: dict[str, Kind] = {
    "person": "person",
    "organisation": "organisation",
    "organization": "organisation",
    "company": "organisation",
    "location": "place",
    "place": "place",
    "country": "place",
    "event": "event",
}


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of NewsML 1."""
    return xml.root_of(head) == "NewsML"


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each item that cannot be read."""
    service = date = ""
    topics: dict[str, Named] = {}
    try:
        for number, element in enumerate(xml.records(file, ("NewsItem",)), 1):
            if xml.local(element) != "NewsItem":
                raise BadRecord(said("It has no news item: its root is “{root}”.", root=xml.local(element)))
            envelope = xml.child(element.getparent(), "NewsEnvelope")
            service = xml.attribute(xml.child(envelope, "NewsService"), "FormalName") or service
            date = xml.moment(xml.words(xml.child(envelope, "DateAndTime"))) or date
            topics |= _topics(element.getparent())
            try:
                yield from _item(element, origin, number, service, date, topics | _topics(element))
            except BadRecord as problem:
                yield problem.with_reason(problem.reason, element.sourceline)
    except BadRecord as problem:
        yield problem


class _Common(NamedTuple):
    """What all stories of an item have in common."""

    published: str
    source: str
    extra: dict[str, object]


def _item(
    item: Element, origin: Origin, number: int, service: str, date: str, topics: dict[str, Named]
) -> Iterator[Item]:
    named = xml.child(item, "Identification", "NewsIdentifier")
    parts = [xml.words(xml.child(named, part)) for part in ("ProviderId", "DateId", "NewsItemId")]
    name = ":".join(("urn:newsml", *parts)) if all(parts) else parts[-1]
    version = xml.version(xml.words(xml.child(named, "RevisionId")))
    management = xml.child(item, "NewsManagement")
    status = _formal(management, "Status").lower()
    instructions = [xml.attribute(one, "FormalName").lower() for one in xml.children(management, "Instruction")]
    if name and (status in ("canceled", "cancelled", "withheld") or "kill" in instructions):
        reason = f"Its status is “{status if 'kill' not in instructions else 'kill'}”."
        yield Withdrawal(make_id(name), reason, version)
        return
    if status not in ("", "usable", "embargoed"):
        raise NoArticle(said("Its status is “{status}”, not “Usable”.", status=status))
    until = _embargo(management) if status == "embargoed" else None
    common = _Common(_date(management) or date, service, _item_extra(item, management, named))
    stories = _stories(item)
    names = [
        name if not place or not name else f"{name}#{xml.attribute(component, 'Duid') or place + 1}"
        for place, (component, _, _) in enumerate(stories)
    ]
    if name and (len(names) > 1 or (version or 0) > 1):  # a first version with one story replaces nothing
        yield Whole(make_id(name), tuple(map(make_id, names)), version)
    for place, ((component, text, story), own) in enumerate(zip(stories, names, strict=True)):
        record = _record(item, component, text, story, common, topics)
        made = article({**record, "id": own or None}, origin, number if not place else number * 1000 + place)
        yield Embargoed(made, until) if until else made


def _formal(parent: Element | None, *path: str) -> str:
    """The formal name at the end of a path; "" if there is none, or it refers to a topic elsewhere."""
    name = xml.attribute(xml.child(parent, *path), "FormalName")
    return "" if name.startswith("#") else name


def _date(management: Element | None) -> str:
    dates = (xml.words(xml.child(management, name)) for name in ("ThisRevisionCreated", "FirstCreated"))
    return xml.moment(next(filter(None, dates), ""))


def _embargo(management: Element | None) -> str:
    until = xml.moment(xml.words(xml.child(management, "StatusWillChange", "DateAndTime")))
    if not until:
        raise BadRecord(said("It is embargoed, without a time (StatusWillChange) at which that ends."))
    return xml.until(until)


def _stories(item: Element) -> list[tuple[Element, str, Element | None]]:
    """The components with a headline or the outermost ones, the text of each, and the NITF it is from.

    Raises:
        BadRecord: if none has a text; with what is there instead.
    """
    found: dict[Element, tuple[Element, str, Element | None]] = {}
    other = ""
    for content in xml.inside(item, "ContentItem"):
        component = _component(content)
        if component is None or component in found:
            continue
        media = _formal(content, "MediaType").lower()
        if media in _MEDIA:
            name = _formal(content, "MediaType")
            told = said("It is {kind} (NewsML media type “{name}”), not an article.", kind=_MEDIA[media], name=name)
            other = other or told
        elif xml.child(content, "DataContent") is None:
            other = other or said("It has no text: its content is in another file (Href).")
        else:
            text, story = _text(content)
            if _WORD.search(text):
                found[component] = (component, text, story)
    if not found:
        raise NoArticle(other or said("It has no text."))
    return list(found.values())


def _component(content: Element) -> Element | None:
    """The component whose text a content item is; None if it is a caption.

    Equivalent components count as one: the one around them, or the item.
    """
    nearest: Element | None = None
    for above in content.iterancestors():
        if xml.local(above) == "NewsItem":
            break
        if xml.local(above) != "NewsComponent":
            continue
        if "caption" in _formal(above, "Role").lower():
            return None
        is_nameless = nearest is None or xml.child(nearest, "NewsLines", "HeadLine") is None
        if is_nameless or above.get("EquivalentsList") == "yes":
            nearest = above
    return nearest


def _text(content: Element) -> tuple[str, Element | None]:
    """The text of a content item, and the NITF it is from."""
    data = xml.child(content, "DataContent")
    if data is None or xml.child(content, "Encoding") is not None or xml.local(data.getparent()) == "Encoding":
        return "", None
    story = next(xml.inside(data, "nitf"), None)
    if story is not None:
        return nitf.text_of(story), story
    if len(data):
        return markup.paragraphs(data), None
    text = data.text or ""
    kind = _formal(content, "MimeType") + _formal(content, "Format")
    is_html = "html" in kind.lower() or markup.is_marked_up(text)
    return (markup.html(text) if is_html else markup.plain(text)), None


def _record(
    item: Element, component: Element, text: str, story: Element | None, common: _Common, topics: dict[str, Named]
) -> dict[str, object]:
    chain = [one for one in (component, *component.iterancestors()) if xml.local(one) == "NewsComponent"]
    lines = [xml.child(one, "NewsLines") for one in chain]
    described = [one for part in chain for one in xml.children(part, "DescriptiveMetadata")]
    title = _line(lines, "HeadLine") or nitf.title_of(story)
    language = next((name for one in described if (name := _formal(one, "Language"))), "")
    language = language or xml.attribute(component, "lang") or xml.attribute(item, "lang")
    provider, creator, source = (
        next((name for one in chain if (name := _formal(one, "AdministrativeMetadata", role, "Party"))), "")
        for role in ("Provider", "Creator", "Source")
    )
    named = [one for part in described for one in _subjects(part, topics)]
    named += nitf.subjects_of(story) if story is not None else ()
    extra = {
        "dateline": _line(lines, "DateLine") or xml.words(xml.child(story, "body", "body.head", "dateline")),
        "slugline": _line(lines, "SlugLine"),
        "copyright": _line(lines, "CopyrightLine"),
        "rights": _line(lines, "RightsLine"),
        "keywords": [xml.words(word) for line in lines for word in xml.children(line, "KeywordLine")],
        "genre": [name for one in described if (name := _formal(one, "Genre"))],
    }
    return {
        "title": title,
        "text": markup.without_title(text, title),
        "published": common.published or None,
        "language": language or None,
        "byline": _line(lines, "ByLine") or nitf.byline_of(story) or creator or None,
        "source": provider or source or _line(lines, "CreditLine") or common.source or None,
        "extra": common.extra | {name: value for name, value in extra.items() if value},
    } | fields(named, language)


def _line(lines: list[Element | None], name: str) -> str:
    return next((words for line in lines if (words := xml.words(xml.child(line, name)))), "")


def _subjects(described: Element, topics: dict[str, Named]) -> Iterator[Named]:
    for subject in xml.children(described, "SubjectCode"):
        for part in xml.children(subject, *_CODES):
            if (code := xml.attribute(part, "FormalName")) and not code.startswith("#"):
                yield Named("subject", "", (code,), "IPTC SubjectCode")
    for place in xml.children(described, "Location"):
        if xml.attribute(place, "HowPresent").lower() != "origin":
            yield _place(place)
    for one in xml.children(described, "TopicOccurrence"):
        topic = topics.get(xml.attribute(one, "Topic").lstrip("#"))
        if topic is not None:
            yield topic
    for one in xml.children(described, "Property"):
        value = xml.attribute(one, "Value")
        kind = _KINDS.get(xml.attribute(one, "FormalName").lower())
        if kind == "place" and _COUNTRY_CODE.fullmatch(value):
            yield Named(kind, "", (f"iso3166:{value}",), "NewsML Property")
        elif kind and value and not value.startswith("#"):
            yield Named(kind, value, (), "NewsML Property")


def _place(place: Element) -> Named:
    properties = {
        xml.attribute(one, "FormalName"): xml.attribute(one, "Value") for one in xml.children(place, "Property")
    }
    country = properties.get("Country") or properties.get("CountryName") or ""
    city = properties.get("City") or properties.get("CountryArea") or ""
    if _COUNTRY_CODE.fullmatch(country):
        return Named("place", city, (f"iso3166:{country}",), "NewsML Location")
    return Named("place", country or city, (), "NewsML Location")


def _topics(parent: Element | None) -> dict[str, Named]:
    """The topics that a document or an item defines, by their document-wide ids."""
    found: dict[str, Named] = {}
    for topic_set in xml.children(parent, "TopicSet"):
        for topic in xml.children(topic_set, "Topic"):
            kind = _KINDS.get(_formal(topic, "TopicType").lower(), "subject")
            code = xml.words(xml.child(topic, "FormalName"))
            name = xml.words(xml.child(topic, "Description")) or code
            if duid := xml.attribute(topic, "Duid"):
                found[duid] = Named(kind, name, (code,) if code != name else (), "NewsML TopicSet")
    return found


def _item_extra(item: Element, management: Element | None, named: Element | None) -> dict[str, object]:
    found: dict[str, object] = {
        "version": xml.version(xml.words(xml.child(named, "RevisionId"))),
        "news_item_id": xml.words(xml.child(named, "NewsItemId")),
        "public_identifier": xml.words(xml.child(named, "PublicIdentifier")),
        "label": xml.words(xml.child(item, "Identification", "NameLabel")),
        "type": _formal(management, "NewsItemType"),
        "urgency": _formal(management, "Urgency"),
        "first_created": xml.moment(xml.words(xml.child(management, "FirstCreated"))),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}
