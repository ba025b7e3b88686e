"""Here is an article, give me its bytes; and back: JSON."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from search.article import Article, Evidence
from search.fields import LISTS
from search.json import Json


def encode(article: Article) -> bytes:
    """An article as bytes."""
    return orjson.dumps(article, default=_plain)


def _plain(value: object) -> object:
    """The JSON form of a set, or of a mapping that is not a dictionary."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} cannot be stored.")


def decode(data: bytes) -> Article:
    """The article that `encode` encoded."""
    return article(parsed(data))


def parsed(data: bytes) -> Json:
    """The fields of the article that `encode` encoded, by name, as JSON values."""
    found: Json = orjson.loads(data)
    return found


def article(record: Json) -> Article:
    """The article with these fields, as `parsed` gives them."""
    record = record.copy()
    for name in LISTS & record.keys():
        record[name] = tuple(record[name])
    if "evidence" in record:
        record["evidence"] = {
            name: tuple(Evidence(**entry) for entry in entries) for name, entries in record["evidence"].items()
        }
    record["given"] = frozenset(record.get("given", ()))
    return Article(**record)
