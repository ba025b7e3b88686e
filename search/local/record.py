"""Here is an article, give me its bytes; and back: JSON, without what is at its default."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import orjson

from search.article import Article, Evidence

_TUPLES = frozenset({"mentioned", "person", "country", "topic"})
_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Article)}


def encode(article: Article) -> bytes:
    """An article as bytes."""
    record = {name: getattr(article, name) for name, default in _DEFAULTS.items() if getattr(article, name) != default}
    record["given"] = sorted(article.given)
    record["extra"] = dict(article.extra)
    record["evidence"] = {name: list(entries) for name, entries in article.evidence.items()}
    return orjson.dumps({name: value for name, value in record.items() if value not in ([], {})})


def decode(data: bytes) -> Article:
    """The article that `encode` made these bytes of."""
    record: dict[str, Any] = orjson.loads(data)
    for name in _TUPLES & record.keys():
        record[name] = tuple(record[name])
    if "evidence" in record:
        record["evidence"] = {
            name: tuple(Evidence(**entry) for entry in entries) for name, entries in record["evidence"].items()
        }
    record["given"] = frozenset(record.get("given", ()))
    return Article(**record)
