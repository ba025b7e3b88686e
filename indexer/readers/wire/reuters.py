"""Reuters-21578, the newswire of 1987 in SGML: one article per `REUTERS` element, with `NEWID` as its id.

The dateline precedes the body, as printed. Places that are countries become countries; people, topics, organisations
and exchanges use the collection's own names and stay in `extra`. A brief, which is only a headline, has it as its text.

Source: the collection's README, version 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import BinaryIO

from indexer.dates import printed
from indexer.readers.shared.record import Item, Origin, article
from indexer.safe.stray_bytes import decoded
from search.errors import BadRecord
from search.names.vocabulary import vocabulary
from search.said import said
from search.values.article import Article

MAX_ARTICLE = 4 * 1024 * 1024
"""Bytes of an article."""

_CHUNK = 1 << 16
_MAX_MARK = 1_000
_MARK = re.compile(rb"<(/?)REUTERS\b([^<>]{0,900})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([A-Za-z]+)\s*=\s*"([^"]{0,200})"')
_ITEM = re.compile(r"<D>([^<]*)</D>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_CONTROL = re.compile(r"&#(?:[0-9]|[12][0-9]|3[01]|127);|[\x00-\x08\x0b-\x1f\x7f]")
_ENDING = re.compile(r"\n[ \t]*reuter\.?$", re.IGNORECASE)
_LISTS = ("topics", "people", "orgs", "exchanges", "companies")


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is of the collection: by its document type, or its first element."""
    start = head.lstrip()[:200].lower()
    return start.startswith((b"<!doctype lewis", b"<reuters "))


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each element that cannot be read."""
    number = 0
    for line, attributes, body in _elements(file):
        number += 1
        if body is None:
            yield BadRecord(
                said("It does not end before the next one, nor within {mb} MB.", mb=MAX_ARTICLE // 2**20), line
            )
            continue
        try:
            yield _article(attributes, body, origin, number)
        except BadRecord as problem:
            yield problem.with_reason(problem.reason, line)
    if not number:
        yield BadRecord(said("It has no REUTERS element."))


def _elements(file: BinaryIO) -> Iterator[tuple[int, str, str | None]]:
    """The line, attributes and content of each article; no content if it does not end before the next begins."""
    data, at, line = b"", 0, 1
    opened: tuple[int, int, str] | None = None  # the offset of its content, its line, its attributes
    while True:
        mark = _MARK.search(data, at)
        if mark is None:
            scanned = max(at, len(data) - _MAX_MARK)
            if opened is not None and scanned - opened[0] > MAX_ARTICLE:
                yield opened[1], opened[2], None
                opened = None
            line += data.count(b"\n", at, scanned)
            chunk = file.read(_CHUNK)
            if not chunk:
                break
            first = scanned if opened is None else opened[0]
            data, at = data[first:] + chunk, scanned - first
            opened = None if opened is None else (0, *opened[1:])
            continue
        line += data.count(b"\n", at, mark.start())
        if opened is not None:
            yield opened[1], opened[2], None if not mark[1] else decoded(data[opened[0] : mark.start()])
        opened = None if mark[1] else (mark.end(), line, decoded(mark[2]))
        line += data.count(b"\n", mark.start(), mark.end())
        at = mark.end()
    if opened is not None:
        yield opened[1], opened[2], None


def _article(attributes: str, body: str, origin: Origin, number: int) -> Article:
    attributes_by_name = {name.lower(): value for name, value in _ATTRIBUTE.findall(attributes)}
    inside = _between(body, "text")
    title = " ".join(_plain(_between(inside, "title")).split())
    dateline = " ".join(_plain(_between(inside, "dateline")).split())
    text = _paragraphs(_between(inside, "body"))
    if not text:
        text = _paragraphs(_without(inside, ("title", "dateline", "author"))) or title
    if dateline and text != title:
        text = f"{dateline} {text}"
    date = " ".join(_plain(_between(body, "date")).split())
    extra: dict[str, object] = {name: found for name in _LISTS if (found := _items(body, name))}
    places = [place.replace("-", " ") for place in _items(body, "places")]
    countries = [code for place in places if (code := vocabulary("country").find(place))]
    if unknown := [place for place in places if not vocabulary("country").find(place)]:
        extra["places"] = unknown
    fields: dict[str, object] = {"title": title, "text": text, "source": "Reuters", "extra": extra}
    if date:
        fields["published"] = printed.find(date) or date
        fields["published_from"] = "metadata"
    if countries:
        fields["country"] = countries
    if author := " ".join(_plain(_between(inside, "author")).split()):
        fields["byline"] = re.sub(r"^by\s+", "", author, flags=re.IGNORECASE).rstrip(", ")
    if attributes_by_name.get("newid"):
        fields["id"] = attributes_by_name["newid"]
    return article(fields, origin, number)


def _between(text: str, name: str) -> str:
    """The content of the first element with a name; "" if there is none."""
    match = re.search(rf"<{name}\b[^<>]{{0,200}}>", text, re.IGNORECASE)
    if match is None:
        return ""
    end = text.lower().find(f"</{name}>", match.end())
    return text[match.end() : end] if end >= 0 else text[match.end() :]


def _without(text: str, names: Iterable[str]) -> str:
    """A text without the first element with each of these names."""
    for name in names:
        start, end = text.lower().find(f"<{name}>"), text.lower().find(f"</{name}>")
        if 0 <= start < end:
            text = text[:start] + text[end:]
    return text


def _items(body: str, name: str) -> list[str]:
    return [item for found in _ITEM.findall(_between(body, name)) if (item := " ".join(_plain(found).split()))]


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", _CONTROL.sub("", text)))


def _paragraphs(text: str) -> str:
    """Turn a body with indented paragraphs into paragraphs with their lines joined."""
    paragraphs: list[list[str]] = []
    for line in _ENDING.sub("", _plain(text).rstrip()).splitlines():
        if not line.strip():
            continue
        if line.startswith(("  ", "\t")) or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line.strip())
    return "\n\n".join(" ".join(lines) for lines in paragraphs)
