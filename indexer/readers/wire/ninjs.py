"""ninjs 1.x, 2.x and 3.x, the JSON of news agencies: an item, a list of items, or one item per line.

An item with a text is an article. A picture, sound, film, graphic or event is not, whatever its caption says, nor is a
package without a text. Texts among an item's associations are separate articles. Of several bodies, NITF takes
precedence over plain text, and plain text, which contains no captions, over HTML unless it is only an excerpt. An
article that is only announced by its description (a flash) is read from that, which `extra` records as `text_from`.

The date is that of the version, or else of the first version, or else of the content. Names of properties are compared
in lower case and in singular and plural, which is the only relevant difference between the versions of the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from indexer.readers.shared import blocks, markup, problems, xml
from indexer.readers.shared.record import Embargoed, Item, Origin, Withdrawal, article, together
from indexer.readers.shared.subjects import Kind, Named, country, fields
from indexer.readers.wire.ninjs_text import body_of, string, text_of, title_of
from indexer.safe import json_text, json_values
from indexer.safe.stray_bytes import Strays
from search.errors import BadRecord, NoArticle
from search.said import said
from search.values.article import make_id

MAX_NESTED = 8
"""The greatest depth of texts associated with texts."""

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)(?:"\s*(:?)|\\?$)|[{}\[\]]', re.DOTALL)
"""A string, with a colon if it is a name, or a bracket."""
_BLOCKS = re.compile(
    r'"(?:body|content_elements)"\s*+:\s*+(?:\{[^{}\[\]]*+)?(?:\[\s*+)?\{?[^{}\[\]]*"(?:_?type|nodeType)"\s*+:'
)
"""A text in blocks (`shared.blocks`); a body of ninjs has a `contentType`, and no type."""
_PROPERTY = re.compile(
    r"\$?standard|headlines?|bod(?:y_[a-z0-9]+|ies)|(?:version|first|content)created|pubstatus|renditions|"
    r"associations|event_?details|descriptions?(?:_[a-z]+)?|representationtype|urgency|profile|slugline|bylines?|by"
)
_USUAL = frozenset(("headline", "headlines", "byline", "bylines", "by", "description", "descriptions", "profile"))
"""Properties that other JSON has as well; with an object as their value, or only those of `_AUTHORS`, it is that."""
_AUTHORS = frozenset(("byline", "bylines", "by", "profile"))
_KINDS = {
    "picture": said("a picture"),
    "photo": said("a picture"),
    "graphic": said("a graphic"),
    "video": said("a film"),
    "audio": said("a sound recording"),
    "event": said("an event"),
    "planning": said("a planning item"),
    "animation": said("an animation"),
    "map": said("a map"),
}
"""Types of items that are not articles, in words."""
_SUBJECTS: dict[str, Kind] = {
    "person": "person",
    "people": "person",
    "place": "place",
    "places": "place",
    "subject": "subject",
    "subjects": "subject",
    "organisation": "organisation",
    "organisations": "organisation",
    "object": "object",
    "objects": "object",
    "event": "event",
    "events": "event",
}
_OMITTED = frozenset(
    ("associations", "renditions", "$schema", "uri", "language", "byline", "by", "headline", "headlines")
)
"""Properties that `extra` does not repeat, nor `body…` and those in `_SUBJECTS`."""


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of ninjs; unlike other JSON it has no `text`, and no body in blocks."""
    start = json_text.decoded(head).lstrip("\ufeff \t\r\n")
    if start[:1] not in ("{", "["):
        return False
    return _are_names(_names_of_items(start)) and not _BLOCKS.search(start)


def is_item(record: Mapping[str, object]) -> bool:
    """True if a record of other JSON, such as one in the answer of a service, is an item of ninjs."""
    if not _are_names({name for name, value in record.items() if not (isinstance(value, dict) and _is_usual(name))}):
        return False
    texts = [value for name, value in record.items() if name.lower() in ("body", "content_elements")]
    return not any(blocks.is_text(one) for value in texts for one in blocks.outermost(value))


def items(record: Mapping[str, object], origin: Origin, number: int | None) -> Iterator[Item]:
    """The articles of an item, and a BadRecord for each that cannot be read."""
    return _item(record, origin, number, 0)


def _are_names(names: set[str]) -> bool:
    """True if these are names of an item's properties."""
    properties = {lower for one in names if _PROPERTY.fullmatch(lower := one.lower())}
    if "text" in names:
        return False
    return not properties <= (_AUTHORS if "uri" in names else _USUAL) and ("uri" in names or len(properties) >= 2)


def _is_usual(name: str) -> bool:
    return name.lower() in _USUAL


def _names_of_items(start: str) -> set[str]:
    """The names of the properties of the outermost objects, not of those in them; not of usual ones with an object."""
    names: set[str] = set()
    depth, outermost = 0, 1 if start[0] == "{" else 2
    last, ends = "", 0
    for token in _TOKEN.finditer(start):
        if token[0] in ("{", "["):
            if token[0] == "{" and depth == outermost and _is_usual(last) and not start[ends : token.start()].strip():
                names.discard(last)
            last = ""
            depth += 1
        elif token[0] in ("}", "]"):
            depth -= 1
        elif token[2] and depth == outermost:
            last, ends = token[1], token.end()
            names.add(last)
    return names


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each item that cannot be read."""
    strays = Strays()
    for found in json_values.values(file, origin.name, strays=strays):
        if isinstance(found, BadRecord):
            yield problems.of_strays(found, strays)
        else:
            where = f"Item {found.number}: " if found.number is not None and found.line is None else ""
            for item in _numbered(_item(found.value, origin, found.number, 0), where, found.line):
                yield problems.marked(item, strays, found.value)


def _numbered(items: Iterator[Item], where: str, line: int | None) -> Iterator[Item]:
    for item in items:
        yield item.with_reason(f"{where}{item.reason}", line) if isinstance(item, BadRecord) else item


def _item(item: object, origin: Origin, number: int | None, depth: int) -> Iterator[Item]:
    """An item, and the texts associated with it."""
    if not isinstance(item, dict):
        yield BadRecord(said("It is not a ninjs item: it is not a JSON object."))
        return
    properties = {name.lower(): value for name, value in item.items()}
    associated = list(_associated_texts(properties)) if depth < MAX_NESTED else []
    try:
        yield _made(item, properties, origin, number)
    except BadRecord as problem:
        if not (associated and _type(properties) == "composite"):
            yield problem
    for other in associated:
        yield from _item(other, origin, None, depth + 1)


def _associated_texts(properties: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """The associated items that are texts with a body: a mapping in ninjs 1 and 2.0, a list in later versions."""
    associations = properties.get("associations")
    others = list(associations.values()) if isinstance(associations, dict) else associations
    for other in others if isinstance(others, list) else ():
        if isinstance(other, dict) and other.get("type") == "text" and string(other.get("uri")):
            lower = {name.lower(): value for name, value in other.items()}
            if body_of(lower):
                yield other


def _type(properties: Mapping[str, object]) -> str:
    return string(properties.get("type")).lower()


def _made(item: Mapping[str, object], properties: Mapping[str, object], origin: Origin, number: int | None) -> Item:
    uri = string(properties.get("uri"))
    status = string(properties.get("pubstatus")).lower().rpartition(":")[2]
    if status in ("canceled", "cancelled", "withheld") and uri:
        reason = _first(properties, "ednote") or f"Its publication status is “{status}”."
        return Withdrawal(make_id(uri), reason, _version(properties))
    if status not in ("usable", ""):
        raise NoArticle(said("Its publication status is “{status}”, not “usable”.", status=status))
    kind = _type(properties)
    if kind in _KINDS:
        raise NoArticle(said("It is {kind} (ninjs type “{name}”), not an article.", kind=_KINDS[kind], name=kind))
    text, text_from = text_of(properties, kind)
    made = article(_record(item, properties, text, text_from), origin, number)
    embargo = string(properties.get("embargoed"))
    return Embargoed(made, xml.until(embargo)) if embargo else made


def _record(
    item: Mapping[str, object], properties: Mapping[str, object], text: str, text_from: str | None
) -> dict[str, object]:
    title = title_of(properties)
    uri = string(properties.get("uri"))
    language = string(properties.get("language"))
    extra: dict[str, object] = {
        name: value
        for name, value in item.items()
        if name.lower() not in _OMITTED
        and name.lower() not in _SUBJECTS
        and not name.lower().startswith(("body", "bodies", "headline"))
        and value not in (None, "", [], {})
    }
    version = _version(properties)
    if version is not None:
        extra |= {"version": version}
    if text_from:
        extra["text_from"] = text_from
    published = next(
        (day for name in ("version", "first", "content") if (day := _first(properties, f"{name}created"))), ""
    )
    return {
        "id": uri or None,
        "title": title,
        "text": markup.without_title(text, title),
        "published": xml.moment(published) or None,
        "language": language or None,
        "byline": _first(properties, "byline", "by", "bylines", "authors") or None,
        "source": _first(properties, "source", "infosources", "infosource", "copyrightholder") or None,
        "section": _first(properties, "service", "section") or None,
        "url": _url(properties, uri),
        "extra": extra,
    } | fields(_subjects(properties), language)


def _version(properties: Mapping[str, object]) -> int | None:
    number = properties.get("version")
    return number if isinstance(number, int) and not isinstance(number, bool) else xml.version(string(number))


def _url(properties: Mapping[str, object], uri: str) -> str | None:
    """The address of the item: the alternative id for the web, or else its URI if that is a web address."""
    others = properties.get("altids")
    web = others.get("web") if isinstance(others, dict) else None
    for entry in others if isinstance(others, list) else ():
        if isinstance(entry, dict) and string(entry.get("role")).lower() == "web":
            web = entry.get("value")
    found = string(web) or uri
    return found if found.startswith(("https://", "http://")) else None


def _first(properties: Mapping[str, object], *names: str) -> str:
    """The first of these properties with a value: a string, or the names in a list of objects."""
    for name in names:
        value = properties.get(name)
        parts = value if isinstance(value, list) else [value]
        found = [string(part.get("name") or part.get("byline") if isinstance(part, dict) else part) for part in parts]
        if any(found):
            return together(found)
    return ""


def _subjects(properties: Mapping[str, object]) -> Iterator[Named]:
    for name, kind in _SUBJECTS.items():
        entries = properties.get(name)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield _subject(kind, entry)


def _subject(kind: Kind, entry: Mapping[str, object]) -> Named:
    """A subject of ninjs 1 (`scheme` and `code`) or later (`uri` and `literal`; Superdesk's `qcode`)."""
    scheme, code = string(entry.get("scheme")), string(entry.get("code"))
    join = "" if scheme.endswith(("/", ":", "#")) else ":"
    codes = [f"{scheme}{join}{code}" if scheme and code else code]
    codes += [string(entry.get(name)) for name in ("uri", "literal", "qcode")]
    codes = [code for code in codes if code]
    name = " ".join(string(entry.get("name")).split())
    within = string(entry.get("country"))
    if kind == "place" and within and country(name, codes) is None:  # a place as Superdesk describes it
        return Named(kind, within, (), "ninjs place", written=f"{name}, {within}")
    return Named(kind, name, tuple(codes))
