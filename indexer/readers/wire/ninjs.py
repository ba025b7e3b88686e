"""ninjs 1.x, 2.x and 3.x, the JSON of news agencies: an item, a list of items, or one item per line.

An item with a text is an article. A picture, sound, film, graphic or event is not, whatever its caption says, nor is a
package without a text. Texts among an item's associations are separate articles. Of several bodies, NITF takes
precedence over plain text, and plain text, which contains no captions, over HTML unless it is only an excerpt. An
article that is only announced by its description (a flash) is read from that, which `extra` records as `text_from`.

The date is that of the version, or else of the first version, or else of the content. Names of properties are compared
in lower case and in singular and plural, which is the only relevant difference between the versions of the format.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import orjson

from indexer.readers.shared import markup, xml
from indexer.readers.shared.record import Embargoed, Item, Origin, Withdrawal, article, together
from indexer.readers.shared.subjects import Kind, Named, country, fields
from indexer.readers.wire.ninjs_text import body_of, string, text_of, title_of
from search.article import make_id
from search.errors import BadRecord, NoArticle

MAX_BYTES = 16 * 1024 * 1024
"""Of a file that is one JSON value, and of a line."""
MAX_VALUES = 500_000
"""In one JSON value, counted by its commas; each takes some 100 bytes."""
MAX_NESTED = 8
"""The greatest depth of texts associated with texts."""

_MARK = b"\xef\xbb\xbf"
_URI = re.compile(rb'"uri"\s*:')
_CONTRACT = re.compile(rb'"text"\s*:')
_PROPERTIES = re.compile(
    rb'"(\$?standard|headlines?|bod(?:y_[a-z0-9]+|ies)|(?:version|first|content)created|pubstatus|renditions|'
    rb'associations|event_?details|descriptions?(?:_[a-z]+)?|representationtype|urgency|profile|slugline|bylines?|by)"\s*:',
    re.IGNORECASE,
)
_KINDS = {
    "picture": "a picture",
    "photo": "a picture",
    "graphic": "a graphic",
    "video": "a film",
    "audio": "a sound recording",
    "event": "an event",
    "planning": "a planning item",
    "animation": "an animation",
    "map": "a map",
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
_LEFT_OUT = frozenset(
    ("associations", "renditions", "$schema", "uri", "language", "byline", "by", "headline", "headlines")
)
"""Properties that `extra` does not repeat, nor `body…` and those in `_SUBJECTS`."""


def looks_like(head: bytes, name: str) -> bool:
    """True if the beginning of a file is that of ninjs; unlike Dateline's own JSON it has no `text`."""
    start = _decoded(head, cut=True).lstrip()
    if start[:1] not in (b"{", b"[") or _CONTRACT.search(start):
        return False
    properties = {match.lower() for match in _PROPERTIES.findall(start)}
    return len(properties) >= (1 if _URI.search(start) else 2)


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each item that cannot be read."""
    try:
        yield from _read(file, origin)
    except BadRecord as problem:
        yield problem


def _read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    first = file.readline(MAX_BYTES + 1)
    while first and not first.removeprefix(_MARK).strip():
        first = file.readline(MAX_BYTES + 1)
    value = _parsed(first) if len(first) <= MAX_BYTES else None
    if isinstance(value, dict):
        yield from _lines(first, file, origin)
        return
    data = first + file.read(max(0, MAX_BYTES + 1 - len(first)))
    if len(data) > MAX_BYTES:
        raise BadRecord(f"It is larger than {MAX_BYTES // 2**20} MB. Provide it with one item per line.")
    if origin.name.lower().endswith((".jsonl", ".ndjson")) and _parsed(data) is None:
        yield from _lines(first, io.BytesIO(data[len(first) :]), origin)
        return
    value = _value(data)
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _numbered(_item(item, origin, number, 0), f"Item {number}: ", None)
    else:
        yield from _item(value, origin, None, 0)


def _lines(first: bytes, file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read one item per line, or a single line."""
    line, number = first, 0
    while line:
        number += 1
        if len(line) > MAX_BYTES:
            yield BadRecord(f"The line is longer than {MAX_BYTES // 2**20} MB.", number)
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_BYTES)
        elif line.strip():
            yield from _numbered(_line(line, origin, number), "", number)
        line = file.readline(MAX_BYTES + 1)


def _line(line: bytes, origin: Origin, number: int) -> Iterator[Item]:
    try:
        value = _value(line)
    except BadRecord as problem:
        yield problem
        return
    yield from _item(value, origin, number, 0)


def _numbered(items: Iterator[Item], where: str, line: int | None) -> Iterator[Item]:
    for item in items:
        yield item.with_reason(f"{where}{item.reason}", line) if isinstance(item, BadRecord) else item


def _parsed(data: bytes) -> object:
    try:
        return _value(data)
    except BadRecord:
        return None


def _value(data: bytes) -> object:
    """Parse JSON. Raises BadRecord if it is invalid, or has too many values."""
    data = _decoded(data)
    if data.count(b",") > MAX_VALUES:
        raise BadRecord(f"It has more than {MAX_VALUES:,} values. Provide it with one item per line.")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRecord(f"It is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None


def _decoded(data: bytes, cut: bool = False) -> bytes:
    """JSON as UTF-8 without a byte order mark, from UTF-8 or else Windows-1252.

    Args:
        cut: True if it may end within a character.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode("utf-8")
    data = data.removeprefix(_MARK)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not cut or error.start < len(data) - 3:
            return data.decode("cp1252", "replace").encode("utf-8")
    return data


def _item(item: object, origin: Origin, number: int | None, depth: int) -> Iterator[Item]:
    """An item, and the texts associated with it."""
    if not isinstance(item, dict):
        yield BadRecord("It is not a ninjs item: it is not a JSON object.")
        return
    properties = {name.lower(): value for name, value in item.items()}
    beside = list(_texts_beside(properties)) if depth < MAX_NESTED else []
    try:
        yield _made(item, properties, origin, number)
    except BadRecord as problem:
        if not (beside and _type(properties) == "composite"):
            yield problem
    for other in beside:
        yield from _item(other, origin, None, depth + 1)


def _texts_beside(properties: Mapping[str, object]) -> Iterator[dict[str, object]]:
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
        raise NoArticle(f"Its publication status is “{status}”, not “usable”.")
    kind = _type(properties)
    if kind in _KINDS:
        raise NoArticle(f"It is {_KINDS[kind]} (ninjs type “{kind}”), not an article.")
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
        if name.lower() not in _LEFT_OUT
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
