"""Here is an article, give me its bytes; and back: JSON.

The evidence of an article that was read becomes objects when it is first looked at: a page of results shows none of it,
and making twenty entries of each article would take half of the time of the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

import orjson

from search.fields import LISTS
from search.system.json import Json
from search.values.article import Article, Evidence
from search.values.scan import ScanPage

T = TypeVar("T")


def encode(article: Article) -> bytes:
    """An article as bytes, without its vectors, which are stored next to it."""
    return orjson.dumps(article, default=_plain)


def _plain(value: object) -> object:
    """The JSON form of a set, or of a mapping that is not a dictionary; null for vectors."""
    if isinstance(value, bytes):
        return None
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
    for name in LISTS:
        if name in record:
            record[name] = tuple(record[name])
    if "evidence" in record:
        record["evidence"] = EvidenceLater(record["evidence"], _evidence)
    if record.get("scan"):
        record["scan"] = tuple(ScanPage(**page) for page in record["scan"])
    else:
        record["scan"] = ()
    record["given"] = frozenset(record.get("given", ()))
    record["meaning"] = record.get("meaning") or b""
    return Article(**record)


def _evidence(entry: Json) -> Evidence:
    return Evidence(**entry)


class EvidenceLater(Mapping[str, tuple[Evidence, ...]], Generic[T]):
    """Evidence by field, made when it is first asked for.

    Args:
        entries: what each entry is made of, by field.
        make: makes one of it.
    """

    __slots__ = ("_entries", "_made", "_make")

    def __init__(self, entries: Mapping[str, Sequence[T]], make: Callable[[T], Evidence]) -> None:
        self._entries, self._make = entries, make
        self._made: dict[str, tuple[Evidence, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Evidence, ...]:
        if name not in self._made:
            self._made[name] = tuple(map(self._make, self._entries[name]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[type[dict[str, tuple[Evidence, ...]]], tuple[dict[str, tuple[Evidence, ...]]]]:
        return dict, (dict(self),)
