"""Here is an article, give me its bytes; and back. JSON, compressed by zlib.

Useful for the articles of one page of results. Not for anything that looks at every match: that is what columns are
for, since each article costs a read and some 20 µs of decompression.
"""

from __future__ import annotations

import zlib
from dataclasses import fields
from typing import Any

import orjson

from search.article import Article, Evidence

_LEVEL = 6
_TUPLES = frozenset({"mentioned", "person", "country", "topic"})
_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Article)}


def encode(article: Article) -> bytes:
    """An article as bytes; fields that have their default are left out."""
    record = {name: getattr(article, name) for name, default in _DEFAULTS.items() if getattr(article, name) != default}
    record["given"] = sorted(article.given)
    record["extra"] = dict(article.extra)
    record["evidence"] = {name: list(entries) for name, entries in article.evidence.items()}
    return zlib.compress(orjson.dumps({name: value for name, value in record.items() if value not in ([], {})}), _LEVEL)


def decode(data: bytes) -> Article:
    """The article that `encode` made these bytes of."""
    record: dict[str, Any] = orjson.loads(zlib.decompress(data))
    for name in _TUPLES & record.keys():
        record[name] = tuple(record[name])
    if "evidence" in record:
        record["evidence"] = {
            name: tuple(Evidence(**entry) for entry in entries) for name, entries in record["evidence"].items()
        }
    record["given"] = frozenset(record.get("given", ()))
    return Article(**record)
