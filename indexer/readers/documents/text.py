"""Plain text: one article per file. The first line is the title, or the second if the first has only a date.

Metadata may precede it as front matter,

    ---
    published: 1961-08-13
    person: Walter Ulbricht; Willy Brandt
    ---

or be in a file next to it, `story.json` or `story.txt.json` for `story.txt`: an object in the contract's shape without
a text. If no metadata has a date, a day in the file name counts (`1961-08-13-wall.txt`,
`wall_13-Aug-1961.txt`), if it has only one.

UTF-8, UTF-16 where that is certain (see `utf_16`), or otherwise Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from indexer.dates import addresses
from indexer.dates import lines as dated_lines
from indexer.readers.shared import embargoes, problems
from indexer.readers.shared.columns import as_fields
from indexer.readers.shared.record import Embargoed, Item, Origin
from indexer.safe import utf_16
from indexer.safe.stray_bytes import Strays, decoded, is_mostly_utf_8
from search.errors import BadRecord
from search.said import said
from search.values.article import Article

MAX_BYTES = 64 * 1024 * 1024
MAX_TITLE = 300
"""The greatest length of a title; a longer first line is the beginning of the text."""

_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")
_BODY = ("text",)
"""Fields that metadata cannot set."""
_LISTS = ("person", "country", "topic", "mentioned")
_PAIR = re.compile(r"([A-Za-z_][\w.-]*)\s*:\s*(.*)")


def read(file: BinaryIO, origin: Origin, sidecar: Mapping[str, object] | None = None) -> Iterator[Item]:
    """Read the article of a text file, or the reason why it cannot be read."""
    try:
        strays = Strays()
        yield problems.marked(_article(decode(file, strays), origin, sidecar or {}), strays)
    except BadRecord as problem:
        yield problem


def decode(file: BinaryIO, strays: Strays) -> str:
    """The text of a file. Raises BadRecord if it is too large, or not text.

    Args:
        strays: is told of bytes that are not UTF-8.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadRecord(said("It is larger than {mb} MB. Split it into articles.", mb=MAX_BYTES // 2**20))
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else utf_16.encoding(data)
    if encoding is not None:
        return _decode(data, encoding)
    if b"\0" in data:
        raise BadRecord(said("It is not text: it has zero bytes. If it is in UTF-16, save it as UTF-8."))
    head = data[:4096]
    if len(head.translate(None, _CONTROLS)) < 0.98 * len(head):
        raise BadRecord(said("It is not text: it has too many control characters."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        strays.are_there = True
    text = decoded(data)
    if "\ufffd" in text and not is_mostly_utf_8(data):
        raise BadRecord(said("It is not text: it is neither in UTF-8 nor in Windows-1252."))
    return text


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadRecord(
            said(
                "It is not text: byte {start} is neither UTF-8 nor {encoding}.",
                start=str(error.start),
                encoding=encoding,
            )
        ) from None


def _article(text: str, origin: Origin, sidecar: Mapping[str, object]) -> Article | Embargoed:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").split("\n")
    metadata: dict[str, object] = {}
    if lines[0].rstrip() == "---":
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
        if end is not None:
            metadata = _front_matter(lines[1:end])
            lines = lines[end + 1 :]
    metadata = {**as_fields(metadata, _BODY), **as_fields(sidecar, _BODY)}
    body = "\n".join(lines).strip()
    if not body:
        raise BadRecord(said("It is empty."))
    if "title" not in metadata:
        dated, first, rest = _head(body)
        if rest.strip() and len(first) <= MAX_TITLE:
            metadata["title"], body = first, f"{dated}{rest}"
    if not metadata.get("published") and (day := addresses.in_name(origin.name)) is not None:
        metadata |= {"published": day, "published_from": "filename"}
    return embargoes.item({**metadata, "text": body}, origin)


def _head(body: str) -> tuple[str, str, str]:
    """A first line that has only a date, or ""; the line that may be the title; the rest."""
    first, _, rest = body.partition("\n")
    if not dated_lines.read(first):
        return "", first, rest
    title, _, rest = rest.lstrip().partition("\n")
    return f"{first}\n", title, rest


def _front_matter(lines: list[str]) -> dict[str, object]:
    metadata: dict[str, object] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.startswith("#"):
            continue
        pair = _PAIR.fullmatch(line.strip())
        if pair is None:
            raise BadRecord(
                said("Front matter has “key: value” lines; this is not one: “{line}”.", line=line.strip()[:60]), number
            )
        key, value = pair[1], pair[2].strip().strip("\"'")
        if key in _LISTS:
            before = metadata.get(key)
            parts = [part.strip() for part in value.split(";") if part.strip()]
            metadata[key] = [*(before if isinstance(before, list) else ()), *parts]
        elif value:
            metadata[key] = value
    return metadata
