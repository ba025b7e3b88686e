"""Makes an Article of a record in the contract's shape, as parsed from JSON.

Every reader uses it, so that all formats reject the same things with the same words. Known fields are validated. Other
fields go to `extra`, as do invalid values (a country that is not in the vocabulary, a string that is not a date, a name
of several thousand letters), so that nothing of the input is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import orjson

from indexer.safe.faults import Fault
from search.errors import BadRecord, NoArticle
from search.fields import BY_NAME, ENRICHED, FIELDS, LONGEST_VALUE, STATED
from search.names.vocabulary import vocabulary
from search.said import said
from search.text import dates
from search.text import possible_dates as possible
from search.values.article import Article, Evidence, make_id

_APART = frozenset(("text", "language", "mentioned", "group", "source_id", "quality", "known", "extra"))
"""Fields that are not one string taken unchanged."""
_STRINGS = tuple(f.name for f in FIELDS if f.kind in ("text", "value", "stored") and f.name not in _APART)
_NAMES = tuple(f.name for f in FIELDS if f.kind == "value" or f.name == "byline")
_INSTANTS = tuple(f.name for f in FIELDS if f.kind == "instant")
_VALUES = tuple(f.name for f in FIELDS if f.kind == "values")
DATED_BY = frozenset(("metadata", "html", "url", "header", "dateline", "filename", "file", "corrected"))
"""Where a date of publication may have been found; an exported article may have one that was corrected."""
_KNOWN = frozenset(BY_NAME) - {"group"} | {"evidence"}
_CONTROLS = dict.fromkeys([*range(9), *range(14, 32), *range(127, 160)]) | dict.fromkeys([11, 12, 133], "\n")
_CONTROLS |= {0xAD: None, 0x2060: None}
"""Control characters are removed, except tabs and line ends; page breaks become line ends. So are soft hyphens and word
joiners: they say where a word may be broken in print, and nobody sees or types them."""
_CONTROL = re.compile(f"[{''.join(map(re.escape, map(chr, _CONTROLS)))}]")
_LONG = 300
_EVIDENCE = {"value", "start", "end", "text", "rule", "confidence"}
"""The fields that evidence must have."""
_WITHIN: Mapping[object, Literal["text", "title"]] = {None: "text", "text": "text", "title": "title"}
"""`in` of evidence → the field that has its passage."""
_EVIDENCED = frozenset((*ENRICHED, "published"))
"""Fields whose evidence an export contains."""

MAX_CHARACTERS = 16_000_000
"""Of a text: five thousand pages, and no more words than positions can be encoded for (`kernels.SHIFT`)."""
MAX_DEPTH = 100
"""Levels of lists and objects in what goes to `extra`; JSON itself allows some 250."""


@dataclass(frozen=True, slots=True)
class Embargoed:
    """An article that must not be shown before a time, ISO 8601 with its zone."""

    article: Article
    until: str


@dataclass(frozen=True, slots=True)
class Rescued:
    """An article that was read in a simpler way, because its reader failed."""

    article: Article
    fault: Fault


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal: the id of an article, and the publisher's reason.

    Attributes:
        version: the withdrawn version of the article; None means every one.
    """

    id: str
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """The articles that an item consists of in this version, yielded before them.

    Attributes:
        id: of the item, which a withdrawal of all of them names.
        parts: the ids of its articles.
    """

    id: str
    parts: tuple[str, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Deferred:
    """A record that takes long to read, to be read by any process.

    Attributes:
        read: reads it. It is a pure function, and can be pickled with all that it needs.
        length: the bytes that it holds.
        size: of the file that the record is in, which decides how long it may take.
    """

    read: Callable[[], Item]
    length: int
    size: int = 0


Item = Article | Embargoed | Rescued | Withdrawal | Whole | BadRecord
"""What a reader yields. The version of an article, in formats with versions, is the integer `extra["version"]`."""
Read = Item | Deferred
"""What a reader yields that defers some."""


def at_once(records: Iterable[Read]) -> Iterator[Item]:
    """Records, and what the deferred ones turn out to be."""
    for record in records:
        yield record.read() if isinstance(record, Deferred) else record


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from.

    Attributes:
        collection: the name of its archive.
        path: the file, as shown to people.
        name: the file within the collection, with `/` between folders.
    """

    collection: str
    path: str
    name: str

    def id(self, number: int | None = None) -> str:
        """An id for a record without one, from the collection, the name in it and the record's number in the file."""
        return make_id(f"{self.collection}/{self.name}" + (f"#{number}" if number is not None else ""))


def article(record: Mapping[str, object], origin: Origin, number: int | None = None) -> Article:
    """The article that a record describes.

    Args:
        record: field → value, as parsed from JSON.
        origin: where it was read.
        number: the number of the record in its file, from 1; None if the file is one record.

    Raises:
        BadRecord: if it has no text, or a field has a value of the wrong type.
    """
    extra = _further(record)
    text = _string(record.get("text"), "text")
    if not text:
        raise NoArticle(said("It has no text."))
    values: dict[str, Any] = {name: _string(record[name], name) or None for name in _STRINGS if name in record}
    for name in _NAMES:
        if len(values.get(name) or "") > LONGEST_VALUE:
            extra[name] = values.pop(name)
    values["title"] = one_line(values.get("title") or "")
    given = []
    for name in _VALUES:
        if (stated := record.get(name)) is not None:
            values[name] = _values(stated, name, extra)
            if values[name] or not stated:
                given.append(name)
    values["mentioned"] = _list(record.get("mentioned"), "mentioned")
    values["language"] = _language(record.get("language"), extra)
    values["published"] = _published(record.get("published"), extra)
    values["quality"] = _quality(record.get("quality"), extra)
    for name in _INSTANTS:
        if (moment := record.get(name)) is None or dates.is_moment(moment):
            values[name] = moment
        else:
            extra[name] = moment
    if values["published"] is None:
        values["published_from"] = None
    elif (found_in := values.get("published_from")) not in DATED_BY:
        if found_in is not None:
            extra["published_from"] = found_in
        values["published_from"] = "metadata"
    original = record.get("id")
    if original is not None and (isinstance(original, bool) or not isinstance(original, (str, int))):
        raise BadRecord(said("Its id is {kind}, not a string.", kind=kind_of(original)))
    name = str(original).strip() if original is not None else ""
    article_id = make_id(name) if name else make_id(url) if (url := values.get("url")) else origin.id(number)
    source_id = _string(record.get("source_id"), "source_id") or (name if name and article_id != name else None)
    text = _paragraphs(text)
    if len(text) > MAX_CHARACTERS:
        raise BadRecord(said("Its text has more than {most} characters. Split it into articles.", most=MAX_CHARACTERS))
    if not _can_be_stored(text, values, extra):
        repaired = _without_surrogates(record)
        assert isinstance(repaired, Mapping)
        return article(repaired, origin, number)
    return Article(
        id=article_id,
        text=text,
        evidence=_evidence(record.get("evidence"), {"text": len(text), "title": len(values["title"])}, given),
        source_id=source_id,
        extra=extra,
        given=frozenset(given).intersection(STATED),
        collection=origin.collection,
        **values,
    )


def _quality(stated: object, extra: dict[str, object]) -> float | None:
    """A number from 0 to 1, to two digits; anything else is a further field."""
    try:
        found = float(stated) if isinstance(stated, str | int | float) and not isinstance(stated, bool) else None
    except ValueError:
        found = None
    if found is not None and 0 <= found <= 1:
        return round(found, 2)
    if stated not in (None, ""):
        extra["quality"] = stated
    return None


def too_long(article: Article) -> Iterator[tuple[str, int]]:
    """The fields with a value that was too long for a name, and the number of characters of the longest."""
    for name in article.extra.keys() & {*_NAMES, *_VALUES}:
        value = article.extra[name]
        listed = value if isinstance(value, list) else [value]
        longest = max((len(one) for one in listed if isinstance(one, str)), default=0)
        if longest > LONGEST_VALUE:
            yield name, longest


def _further(record: Mapping[str, object]) -> dict[str, object]:
    """The fields of a record that an article does not have, and what it states as `extra`."""
    further: dict[str, object] = {}
    if not record.keys() <= _KNOWN:
        further = {
            name: value
            for name, value in record.items()
            if name not in _KNOWN and (name != "group" or not isinstance(value, str | None))  # groups are recomputed
        }
    stated = record.get("extra")
    if stated is None:
        return further
    return {**stated, **further} if isinstance(stated, Mapping) else {"extra": stated, **further}


def _can_be_stored(text: str, values: Mapping[str, object], extra: Mapping[str, object]) -> bool:
    """True if JSON can represent it all, as it is stored."""
    try:
        orjson.dumps((values, extra), default=_as_stored)
        return text.isascii() or bool(text.encode())
    except (TypeError, UnicodeEncodeError):
        return False


def _as_stored(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def _without_surrogates(value: object, depth: int = 0) -> object:
    """A copy with U+FFFD for lone surrogates, and large numbers as strings.

    Raises:
        BadRecord: if it is nested too deeply, or has a value that cannot be stored.
    """
    if depth > MAX_DEPTH:
        raise BadRecord(said("It is nested more than {most} levels deep.", most=MAX_DEPTH))
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {_without_surrogates(str(name)): _without_surrogates(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(one, depth + 1) for one in value]
    if isinstance(value, int) and abs(value) >= 1 << 63:
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    raise BadRecord(said("It has a value that cannot be stored: {value}.", value=f"{value!r:.80}"))


def together(names: Iterable[str]) -> str:
    """Several authors as one byline; between names with commas there are semicolons."""
    listed = list(dict.fromkeys(filter(None, names)))
    return ("; " if any("," in name for name in listed) else ", ").join(listed)


_KINDS: Mapping[type, str] = {
    bool: said("true or false"),
    int: said("a number"),
    float: said("a number"),
    str: said("a string"),
    list: said("a list"),
    dict: said("an object"),
    type(None): said("null"),
}
"""Kinds of JSON values, in words."""


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    return _KINDS.get(type(value), said("of another kind"))


def _string(value: object, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecord(said("Its {name} is {kind}, not a string.", name=name, kind=kind_of(value)))
    return _printable(value).strip()


def _printable(value: str) -> str:
    """A text without control characters. Translation is fast for long ASCII texts, and slow for all others."""
    if len(value) > _LONG and value.isascii():
        return value.translate(_CONTROLS)
    return value if value.isprintable() or not _CONTROL.search(value) else value.translate(_CONTROLS)


def _list(value: object, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)):
        raise BadRecord(said("Its {name} is {kind}, not a list of strings.", name=name, kind=kind_of(value)))
    if not all([isinstance(v, str) for v in values]):
        other = next(v for v in values if not isinstance(v, str))
        raise BadRecord(
            said("Its {name} is a list with {kind} in it, not one of strings.", name=name, kind=kind_of(other))
        )
    if not _are_lines(values):
        values = filter(None, map(one_line, values))
    return tuple(dict.fromkeys(values))


def _are_lines(values: Sequence[str]) -> bool:
    """True if none of them is empty, and `one_line` changes none: then all between spaces are a line, too."""
    line = " ".join(("", *values, ""))
    return line.isprintable() and "  " not in line


def one_line(value: str) -> str:
    """A name on one line, with single spaces."""
    if value.isprintable() and "  " not in value and value == value.strip():  # printable strings have no other spaces
        return value
    return " ".join(value.translate(_CONTROLS).split())


def _values(value: object, name: str, extra: dict[str, object]) -> tuple[str, ...]:
    values = _list(value, name)
    known = BY_NAME[name].vocabulary
    if known is None:
        if any(len(each) > LONGEST_VALUE for each in values):
            extra[name] = [each for each in values if len(each) > LONGEST_VALUE]
            return tuple(each for each in values if len(each) <= LONGEST_VALUE)
        return values
    if not values:
        return values
    codes, unknown = _codes(known, values)
    if unknown:
        extra[name] = list(unknown)
    return codes


@lru_cache(maxsize=1 << 14)
def _codes(known: str, values: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of values in a vocabulary, and the values that are not in it."""
    found = {value: vocabulary(known).find(value) for value in values}
    codes = tuple(dict.fromkeys(code for code in found.values() if code is not None))
    return codes, tuple(value for value, code in found.items() if code is None)


def _language(stated: object, extra: dict[str, object]) -> str | None:
    value = _string(stated, "language")
    if not value:
        return None
    languages = vocabulary("language")
    code = languages.find(value) or languages.find(value.replace("_", "-").split("-")[0])
    if code is None:
        extra["language"] = value
    return code


def _published(value: object, extra: dict[str, object]) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadRecord(said("Its published is {kind}, not a date.", kind=kind_of(value)))
    try:
        problem = possible.problem(dates.parse(value))
    except ValueError as error:
        problem = str(error)
    if problem is not None:
        extra["published"] = value
        extra["published_problem"] = str(problem)
        return None
    return value.strip()


def _evidence(found: object, lengths: Mapping[str, int], given: Collection[str]) -> Mapping[str, tuple[Evidence, ...]]:
    """The evidence of an exported article; entries of another shape, and for values that it does not state, are
    dropped.

    Args:
        lengths: the number of characters of `text` and `title`.
        given: the fields of which the article states the values.
    """
    if not isinstance(found, Mapping):
        return {}
    return {
        name: tuple(
            Evidence(**{key: entry[key] for key in _EVIDENCE}, within=_WITHIN[entry.get("in")], main=entry.get("main"))
            for entry in entries
            if _is_evidence(entry, lengths)
        )
        for name, entries in found.items()
        if name in _EVIDENCED and (name in given or name not in ENRICHED) and isinstance(entries, list)
    }


def _is_evidence(entry: object, lengths: Mapping[str, int]) -> bool:
    """True if it is evidence for a value in the shape of an export, about a text and a title of these lengths."""
    if (
        not isinstance(entry, Mapping)
        or not entry.keys() >= _EVIDENCE
        or entry.get("in") not in (None, "text", "title")
        or not isinstance(entry.get("main"), bool | None)
    ):
        return False
    place, how_sure = (entry["start"], entry["end"]), entry["confidence"]
    length = lengths[_WITHIN[entry.get("in")]]
    within = place == (None, None) or (
        all(isinstance(at, int) and not isinstance(at, bool) for at in place) and 0 <= place[0] <= place[1] <= length
    )
    strings = all(isinstance(entry[name], str) for name in ("value", "text", "rule"))
    strings = strings and len(entry["value"]) <= LONGEST_VALUE
    return within and strings and isinstance(how_sure, int | float) and not isinstance(how_sure, bool)


def _paragraphs(text: str) -> str:
    """Normalize to Unix line ends, no spaces at line ends, one blank line between paragraphs."""
    if "\n" not in text and "\r" not in text:
        return text.rstrip()
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    collapsed: list[str] = []
    for line in lines:
        if line or (collapsed and collapsed[-1]):
            collapsed.append(line)
    return "\n".join(collapsed).strip("\n")
