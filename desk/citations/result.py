"""The articles of a result, and the hash over them, which can be computed from an export without Dateline.

The *content* of an article is the SHA-256 of the JSON array of its `CONTENT` fields, without spaces, in UTF-8:

    ["Oil falls","The price …","2023-06-18","The Wire",null,null,"https://example.org/oil"]

The hash of a result is the SHA-256 of one line for each article, `ID CONTENT` and a line feed, in the order of the ids,
which are ASCII; both in hexadecimal digits. Facts that enrichment finds are not part of it: a better model does not
change what was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from operator import attrgetter
from typing import NamedTuple

import orjson

from search.errors import BadRecord
from search.system.json import Json
from search.values.article import ID_PATTERN, Article
from search.values.versions import version_in, version_of_article

CONTENT = ("title", "text", "published", "source", "section", "byline", "url")
"""The fields of an article whose change is a change of it: as it is shown, with what people have corrected."""
ALGORITHM = "sha256:"
_values = attrgetter(*CONTENT)


class Entry(NamedTuple):
    """An article of a result: the SHA-256 of its content in 32 bytes, and its version, if its format states one."""

    id: str
    content: bytes
    version: int | None = None


def entry(article: Article) -> Entry:
    """The entry of an article."""
    return Entry(article.id, _content(_values(article)), version_of_article(article))


def entry_of_record(record: object, line: int) -> Entry:
    """The entry of an article as an export has it. Raises BadRecord if it is not one."""
    if not isinstance(record, dict):
        raise BadRecord("It is not an object. Give an export as JSON Lines.", line)
    article_id = record.get("id")
    if not isinstance(article_id, str) or not ID_PATTERN.fullmatch(article_id):
        raise BadRecord("It has no id. Give an export as JSON Lines.", line)
    values = [record.get(name) for name in CONTENT]
    for name, value in zip(CONTENT, values, strict=True):
        if value is not None and not isinstance(value, str):
            raise BadRecord(f"Its {name} is not text. Give an export as JSON Lines.", line)
    if record.get("title") is None or record.get("text") is None:
        raise BadRecord("It has no title or no text: give an export as JSON Lines, with all fields.", line)
    extra = record.get("extra")
    return Entry(article_id, _content(values), version_in(extra if isinstance(extra, dict) else {}))


def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries in the order of their ids."""
    return tuple(sorted(entries, key=lambda each: each.id))


def hash_of(entries: Iterable[Entry]) -> str:
    """The hash of a result, from its entries in their order: `sha256:` and 64 hexadecimal digits."""
    whole = sha256()
    for each in entries:
        whole.update(f"{each.id} {each.content.hex()}\n".encode())
    return ALGORITHM + whole.hexdigest()


def _content(values: Iterable[str | None]) -> bytes:
    listed = list(values)
    try:
        data = orjson.dumps(listed)
    except TypeError:  # a lone surrogate
        data = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return sha256(data).digest()


def as_json(each: Entry) -> Json:
    """An entry as JSON."""
    return {"id": each.id, "content": each.content.hex(), "version": each.version}
