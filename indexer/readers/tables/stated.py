"""What a record of JSON states of an article: by whatever name, in an object of it, or only in summary.

Services put the fields of an article into an object of the record (`fields` of the Guardian, `attributes` of JSON:API,
`_source` of Elasticsearch), and content systems embed what they refer to by number (`_embedded` of HAL). Where a
service gives no text but a summary, that is the text of an article, as far as it is known; `extra` says so in
`text_from`. Items of a format of their own are told from other records by its reader. Cost: linear in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from indexer.readers.shared.columns import as_fields, is_called, may_be_text, value_of, words_of
from indexer.readers.shared.mapped import extra_of, has, renamed
from indexer.readers.shared.record import Item, Origin
from search.fields import BY_NAME

_AROUND = ("fields", "attributes", "_source", "node", "item", "article", "data")
"""Names of an object with the fields of the record that it is in."""
_EMBEDDED = "_embedded"
"""The name of one with further fields of a record that has a text."""
_SUMMARIES = frozenset(
    (
        *("abstract", "lead paragraph", "standfirst", "trail text", "snippet", "description", "short description"),
        *("summary", "excerpt", "teaser", "preamble", "lede"),
    )
)
"""Names of what says in short what an article is about, as `ALIASES` has those of fields."""
_EMBARGO = "embargo"
"""What the name of an embargo begins with (`shared.embargoes`)."""
_ADDRESS = ("https://", "http://", "data:")


class Apart(Protocol):
    """A format of its own, whose items may be records of JSON."""

    def is_item(self, record: Mapping[str, object]) -> bool:
        """True if a record is such an item."""

    def items(self, record: Mapping[str, object], origin: Origin, number: int | None) -> Iterator[Item]:
        """What the item is."""


class Stated(NamedTuple):
    """What a record states.

    Attributes:
        fields: by the names of the contract where they are known.
        text_from: the name of the summary that is the text.
    """

    fields: Mapping[str, object]
    text_from: str | None = None

    def is_whole(self) -> bool:
        """True if it has what an article has besides its text: a title, and a date or an address."""
        return bool(self.fields.get("title")) and bool(self.fields.get("published") or self.fields.get("url"))


class Reading(NamedTuple):
    """How records are read.

    Attributes:
        names: field → its name in the file, if that differs.
        apart: the format of some of them.
    """

    names: Mapping[str, str]
    apart: Apart | None = None

    def is_apart(self, record: Mapping[str, object]) -> bool:
        """True if a record is an item of a format of its own."""
        named = has(record, self.names.get("text"))
        return self.apart is not None and not named and self.apart.is_item(record)

    def stated(self, record: Mapping[str, object]) -> Stated:
        """What a record states, also in objects of it."""
        record = renamed(record, self.names)
        around = {name: inner for name in _AROUND if isinstance(inner := record.get(name), dict)}
        own = {name: value for name, value in record.items() if name not in around} if around else record
        fields = as_fields(own)
        if isinstance(embedded := fields.get(_EMBEDDED), dict):
            fields = self._with(fields, _EMBEDDED, embedded)
        fields = {**fields, **around} if around else fields
        if fields.get("text"):
            return Stated(fields)
        each = (self._with(fields, name, inner) for name, inner in around.items())
        if (whole := next((one for one in each if one.get("text")), None)) is not None:
            return Stated(whole)
        flat = fields
        for name, inner in around.items():
            flat = self._with(flat, name, inner, with_others=True)
        return _in_summary(flat) or Stated(fields)

    def _with(
        self, fields: Mapping[str, object], name: str, inner: dict[str, object], with_others: bool = False
    ) -> Mapping[str, object]:
        """The fields of a record, and those in an object of it that the record does not have; the rest stays there."""
        own = [field for field in fields if not _is_free(field, fields)]
        read = as_fields(renamed(inner, self.names), own)
        known = {field for field in read if field in BY_NAME or with_others}
        taken = {field: value for field, value in read.items() if field in known and _is_free(field, fields)}
        others = {one: value for one, value in read.items() if one not in taken and one != "extra"}
        rest = {**others, **extra_of(read)}
        embargoes = {_name_in(name, one, fields): value for one, value in inner.items() if one.lower()[:7] == _EMBARGO}
        remaining = {one: value for one, value in fields.items() if one != name}
        return {**remaining, **({name: rest} if rest else {}), **taken, **embargoes}


def _is_free(field: str, fields: Mapping[str, object]) -> bool:
    return field != "extra" and fields.get(field) in (None, "", [])


def _name_in(around: str, name: str, fields: Mapping[str, object]) -> str:
    return f"{name} in {around}" if name in fields else name


def _in_summary(fields: Mapping[str, object]) -> Stated | None:
    """The longest summary as the text, if all else is known and nothing else may be the text."""
    has_text = any(isinstance(value, dict) and is_called("text", name) for name, value in fields.items())
    if has_text or not Stated(fields).is_whole():
        return None
    texts = {name: text for name in fields if words_of(name) in _SUMMARIES and (text := _text(fields[name]))}
    if not texts:
        return None
    name = max(texts, key=lambda one: len(texts[one]))
    others = (value for other, value in fields.items() if other not in BY_NAME and other not in texts)
    if any(_may_be_text(value) and len(value) > len(texts[name]) for value in others if isinstance(value, str)):
        return None
    remaining = {other: value for other, value in fields.items() if other != name}
    return Stated({**remaining, "text": texts[name], "extra": {**extra_of(fields), "text_from": name}}, name)


def _text(value: object) -> str:
    found = value_of("text", value)
    return found if isinstance(found, str) else ""


def _may_be_text(value: str) -> bool:
    return may_be_text(value) and not value.lower().startswith(_ADDRESS)
