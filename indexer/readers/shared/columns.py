"""Maps the columns of a table, or the fields of a record, to fields of an article; makes articles of rows.

A column whose name is a field is that field. Other columns are mapped by names in common use, unless two columns would
be the same field: then both go to `extra`, and `--map` can say which is meant. `--map` takes precedence over both. The
same holds for the fields of JSON, front matter and metadata next to a text (`as_fields`), one record at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from indexer.dates import printed
from indexer.readers.shared import blocks, captions, embargoes, markup
from indexer.readers.shared.blocks import Blocks
from indexer.readers.shared.mapped import extra_of
from indexer.readers.shared.record import Item, Origin, together
from search.errors import BadRecord, NoArticle
from search.fields import BY_NAME, ELSEWHERE, LISTS
from search.said import said
from search.text.tokens import fold, plain_spellings

ALIASES = {
    "title": ("headline", "head line", "headlines", "article title"),
    "text": (
        "body", "content", "article", "fulltext", "full text", "article text", "article body", "content elements",
    ),
    "published": (
        "date", "publication date", "published at", "published on", "published date", "date published", "pub date",
        "pubdate", "publish date", "publicationdate",
    ),
    "source": ("newspaper", "publication", "publisher", "outlet", "source name"),
    "section": ("rubric", "desk"),
    "url": ("link", "article url", "web url"),
    "language": ("lang",),
    "byline": ("author", "authors", "by"),
    "person": ("persons", "people"),
    "country": ("countries",),
    "topic": ("topics",),
    "id": ("article id", "guid"),
}  # fmt: skip
"""Field → other common names of its column, folded and with spaces between words."""
ALIASES |= {
    field: tuple(dict.fromkeys((*ALIASES[field], *chain.from_iterable(map(plain_spellings, words.split())))))
    for name, words in ELSEWHERE.items()
    if (field := "byline" if name == "author" else name) in ALIASES
}
FURTHER = {
    "title": ("web title", "article headline"),
    "text": (
        "body html", "content html", "article html", "body text", "content text", "main text", "plaintext", "html",
    ),
    "published": (
        "web publication date", "date publish", "publish time", "published time", "publication time", "date time",
    ),
    "source": ("publication name", "site name", "sitename", "news site", "provider", "origin"),
    "section": ("section name", "article section", "news desk"),
    "url": ("permalink", "canonical url", "main entity of page"),
    "language": ("in language", "language code"),
    "byline": ("creator", "creators", "author name", "author names", "primary author"),
}  # fmt: skip
"""Field → names that count if none of `ALIASES` does, the first one first: they may stand next to each other."""
_ONLY_HTML = "html"
"""A name of a text that says nothing of an article: next to a list it may be what a page shows of it."""
_FIELDS = frozenset(BY_NAME) - {"group", "added", "changed"} | {"source_id", "published_from"}
_IN_ISO = re.compile(r"\d{4}(-\d\d){0,2}(T|\Z)", re.ASCII)
"""The beginning of a date as it is to be."""
_SINGLE = _FIELDS - LISTS - {"extra"}
_FIRST = frozenset(("title", "source", "section", "url"))
"""Fields of which the first counts if several are stated."""
_NO_NUMBER = frozenset(("byline", "author", "source", "section"))
"""Fields whose values are names: a number refers to one that is stated elsewhere."""
_INSIDE = {
    "title": ("basic", "main", "rendered", "raw"),
    "text": ("rendered", "processed", "raw", "value", "content"),
    "published": ("$date", "@value"),
    "byline": ("name", "original", "display name"),
    "source": ("name", "title"),
    "section": ("name", "title"),
    "url": ("@id", "href", "rendered"),
    "language": ("code", "alternate name", "name"),
    "id": ("$oid", "rendered"),
}
"""Field → what its value is called in an object, as of Arc (ANS), the New York Times, WordPress, Drupal, JSON-LD."""
_REQUIRED = frozenset(("id", "text"))
"""Fields that cost the record if they are an object without such a value."""
EXPORTED = frozenset(("query", "generation", "exported"))
"""What an export states of its origin, whose texts are read as they are."""
_WORD = 30
"""Characters of a long word; a list of shorter ones without spaces is not one of paragraphs."""
_AS_THEY_ARE = frozenset(("evidence", "extra"))
_CONTRACT = _FIELDS | {"group", *_AS_THEY_ARE}


def fields_of(header: Sequence[str], names: Mapping[str, str]) -> dict[int, str]:
    """The number of each column → its field; other columns are absent.

    Args:
        header: the names of the columns.
        names: field → the name of its column, as given by `--map`.

    Raises:
        BadRecord: if no column is the text, a given name is not in the header, or a field is the name of two columns.
    """
    folded = [words_of(name) for name in header]
    found: dict[int, str] = {}
    taken: set[str] = set()
    for field, name in names.items():
        if words_of(name) not in folded:
            raise BadRecord(said("No column is called “{name}”. It has: {names}.", name=name, names=listed(header)), 1)
        found[folded.index(words_of(name))] = field
        taken.add(field)
    for field in sorted(_FIELDS - taken):
        places = [at for at, name in enumerate(folded) if name == field.replace("_", " ") and at not in found]
        if not places:
            others = (ALIASES.get(field, ()), *((name,) for name in FURTHER.get(field, ())))
            called = ([at for at, name in enumerate(folded) if name in usual and at not in found] for usual in others)
            places = next(filter(None, called), [])
            if len(places) != 1:
                continue
        found[places[0]] = field
        taken.add(field)
    for at in sorted(found):
        if folded.count(folded[at]) > 1:
            told = said(
                "Two columns are called “{name}”, and only one could be read. Rename one.", name=header[at][:40]
            )
            raise BadRecord(told, 1)
    found = _byline_of(found, names)
    if "text" not in taken:
        told = said("No column is the text. Say which is: --map text=COLUMN. It has: {names}.", names=listed(header))
        raise BadRecord(told, 1)
    return found


def _byline_of(found: dict[int, str], names: Mapping[str, str]) -> dict[int, str]:
    """Map a lone column of authors to the byline, as it may contain job titles and agencies."""
    if "byline" in found.values() or "author" in names:
        return found
    return {at: "byline" if field == "author" else field for at, field in found.items()}


def known(header: Sequence[str]) -> int:
    """The number of columns with the name, or a common name, of a field."""
    usual = {name.replace("_", " ") for name in _FIELDS}
    usual |= {name for names in (*ALIASES.values(), *FURTHER.values()) for name in names}
    return sum(words_of(name) in usual for name in header)


def as_fields(record: Mapping[str, object], but: Collection[str] = ()) -> Mapping[str, object]:
    """Rename the fields of a record with other common names to those of the contract.

    A field with its name in the contract and a value is not changed, but a date is read in whatever form. Another name
    counts only if its value is valid for the field; the value is then removed from its own name.

    Args:
        but: fields that are not looked for.
    """
    record = _dated(_authored(_single(record)))
    if record.keys() <= _CONTRACT:
        return record
    called: dict[str, list[str]] = {}
    for name in record:
        if name not in _CONTRACT:
            called.setdefault(words_of(name), []).append(name)
    found: dict[str, object] = {}
    taken: set[str] = set()
    left: dict[str, object] = {}
    for field in sorted(_FIELDS.difference(but, ("author",))):
        if record.get(field) not in (None, ""):
            continue
        own = field.replace("_", " ")
        for usual in ((own,), ALIASES.get(field, ()), *((name,) for name in FURTHER.get(field, ()))):
            values = {
                name: value
                for words in usual
                for name in called.get(words, ())
                if name not in taken and (value := value_of(field, record[name])) is not None
            }
            first = next(iter(values.values()), None)
            if values and all(value == first for value in values.values()):
                found[field] = first
                taken.update(values)
                left |= {name: rest for name in values if (rest := _not_taken(field, record[name]))}
                break
    remaining = {name: left.get(name, value) for name, value in record.items() if name not in taken or name in left}
    return {**remaining, **found} if found else record


def states_no_text(record: Mapping[str, object]) -> bool:
    """True if a record has a field for its text, which is empty: a string or null."""
    empty = (name for name, value in record.items() if value is None or isinstance(value, str))
    return any(is_called("text", name) and words_of(name) != _ONLY_HTML for name in empty)


def has_only_html(record: Mapping[str, object]) -> bool:
    """True if a record has no other text than its `html`."""
    called = {words_of(name) for name, value in record.items() if value and is_called("text", name)}
    return called == {_ONLY_HTML}


def is_called(field: str, name: str) -> bool:
    """True if a name is that of a field, or another common one."""
    words = words_of(name)
    return words == field.replace("_", " ") or words in (*ALIASES.get(field, ()), *FURTHER.get(field, ()))


def _single(record: Mapping[str, object]) -> Mapping[str, object]:
    """State one value where a field that has one has a list; what of it does not count goes to `extra`."""
    listed = [name for name, value in record.items() if isinstance(value, list | dict) and name in _SINGLE]
    others = [name for name in (*listed, *_NO_NUMBER) if name != "author" and _is_no_value(name, record.get(name))]
    if not (listed or others):
        return record
    read = {name: value_of(name, record[name]) for name in listed}
    remaining = {name: value for name, value in record.items() if value != [] or name not in _SINGLE}
    aside = {name: rest for name in listed if read[name] is not None and (rest := _not_taken(name, record[name]))}
    aside |= {name: remaining.pop(name) for name in dict.fromkeys(others)}
    extra = {"extra": {**extra_of(record), **aside}} if aside else {}
    return {**remaining, **extra, **{name: value for name, value in read.items() if value is not None}}


def _is_no_value(field: str, value: object) -> bool:
    """True if a value is of a kind that says nothing of its field, but does not cost the record."""
    is_number = field in _NO_NUMBER and isinstance(value, int | float)
    return (is_number or (isinstance(value, dict) and field not in _REQUIRED)) and value_of(field, value) is None


def _not_taken(field: str, value: object) -> object:
    """What of a value does not count for a field: all, if one of several counts; None if all does."""
    if field == "text":
        if (found := _blocks(value)) is not None:
            return found.others or None
        taken = _inside_name(field, value) if isinstance(value, dict) else None
        return {name: one for name, one in value.items() if name != taken} if isinstance(value, dict) else None
    several = value if isinstance(value, list) else [value]
    has_more = any(isinstance(one, dict) and len(one) > 1 for one in several)
    return value if has_more or (field in _FIRST and len(several) > 1) else None


def _authored(record: Mapping[str, object]) -> Mapping[str, object]:
    """Make `author` a byline unless it is a list of names, as in the contract."""
    value = record.get("author")
    if "author" not in record:
        return record
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        if value and record.get("byline") in (None, ""):
            return {**record, "byline": together(name.strip() for name in value)}
        return record
    rest = {name: other for name, other in record.items() if name != "author"}
    if value is None or value == "":
        return rest
    byline = value_of("byline", value)
    if byline is not None and rest.get("byline") in (None, ""):
        more = _not_taken("byline", value)
        return {**rest, "byline": byline} | ({"extra": {**extra_of(rest), "author": more}} if more else {})
    if (names := value_of("author", value)) is not None:
        return {**rest, "author": names}
    return {**rest, "extra": {**extra_of(rest), "author": value}}


def _dated(record: Mapping[str, object]) -> Mapping[str, object]:
    """Read the date under its own name as under every other: as printed, or in seconds since 1970."""
    value = record.get("published")
    if value is None or (isinstance(value, str) and _IN_ISO.match(value)):
        return record
    read = value_of("published", value)
    return record if read is None or read == value else {**record, "published": read}


def value_of(field: str, value: object) -> object:
    """A value as a field takes it; None if it is invalid for the field.

    Numbers become strings, lists in a string are split, authors, and paragraphs in a list or in blocks, are joined, of
    several titles, sources, sections and addresses the first is taken. A date that is printed, or in seconds or
    milliseconds since 1970, is in ISO 8601.
    """
    if field != "text" and field not in LISTS and isinstance(value, dict):
        value = _inside(field, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = None if field in _NO_NUMBER else str(value)
    if field in LISTS:
        if isinstance(value, str):
            value = [part.strip() for part in re.split(r"[;|]", value) if part.strip()]
        return value if isinstance(value, list) and value and all(isinstance(part, str) for part in value) else None
    if field == "byline" and isinstance(value, list):
        names = [_inside(field, entry) if isinstance(entry, dict) else entry for entry in value]
        strings = [name.strip() for name in names if isinstance(name, str)]
        value = together(strings) if len(strings) == len(names) else None
    if field == "text" and isinstance(value, list | dict):
        text = _blocks(value)
        value = text.text if text is not None else _inside(field, value) if isinstance(value, dict) else value
    if isinstance(value, list):
        value = _one_of(field, value)
    if not isinstance(value, str) or not value.strip():
        return None
    return printed.iso(value) or value if field == "published" else value


def _one_of(field: str, values: list[object]) -> str | None:
    """The value that a list is for a field that has one; None if that is not certain."""
    if field in _FIRST:
        values = [_inside(field, value) if isinstance(value, dict) else value for value in values]
    strings = [value for value in values if isinstance(value, str)]
    if not strings or len(strings) < len(values):
        return None
    if len(strings) == 1 or field in _FIRST:
        return strings[0]
    if field == "text" and may_be_text(strings):
        return "\n\n".join(strings)
    return None


def _blocks(value: object) -> Blocks | None:
    """The text of blocks (`blocks`); None if a value is not that, or one of records with a title or date."""
    if not isinstance(value, list | dict):
        return None
    names = {name for one in blocks.outermost(value) if isinstance(one, dict) and blocks.is_text(one) for name in one}
    is_record = any(is_called(field, name) for name in names for field in ("title", "published"))
    return blocks.read(value) if names and not is_record else None


def may_be_text(value: object) -> bool:
    """True if a string, or one in a list, is more than a word."""
    values = value if isinstance(value, list) else [value]
    return any(isinstance(one, str) and (" " in one or len(one) > _WORD) for one in values)


def _inside(field: str, value: Mapping[str, object]) -> object:
    """The value of a field in an object; None if it has none, as an address that is not one of the web."""
    name = _inside_name(field, value)
    found = None if name is None else value[name]
    return None if field == "url" and not str(found).startswith(("https://", "http://")) else found


def _inside_name(field: str, value: Mapping[str, object]) -> str | None:
    """The name of the value of a field in an object, which is a string; of a date also a number."""
    called = {words_of(name): name for name in value}
    kinds = str | int if field == "published" else str
    names = (called[usual] for usual in _INSIDE.get(field, ()) if usual in called)
    return next((name for name in names if isinstance(value[name], kinds)), None)


def without_markup(record: Mapping[str, object]) -> dict[str, object]:
    """A record whose title and text are without tags and character references, if they are HTML.

    Captions in it go to `extra`.

    Raises:
        BadRecord: if the text is HTML that is too long.
    """
    read = dict(record)
    if isinstance(title := record.get("title"), str):
        read["title"] = markup.undeclared_line(title)
    if isinstance(text := record.get("text"), str):
        text = markup.unescaped(text)
        if markup.is_marked_up(text):
            text, found = captions.apart(text)
            if found:
                read["extra"] = {**extra_of(record), captions.FIELD: found}
        read["text"] = markup.unmarked(text)
    return read


def row(
    values: Sequence[object], header: Sequence[str], fields: Mapping[int, str], origin: Origin, number: int
) -> Item:
    """The article of a row; values are strings, or JSON values. Raises BadRecord if the row is not an article."""
    record: dict[str, object] = {}
    extra: dict[str, object] = {}
    for at, value in enumerate(values):
        if value is None or value == "":
            continue
        field = fields.get(at)
        if field is None:
            name = header[at] or f"column {at + 1}"
            extra[f"{name} (column {at + 1})" if name in extra else name] = value
        elif (taken := value if field in _AS_THEY_ARE else value_of(field, value)) is not None:
            record[field] = taken
            if rest := _not_taken(field, value):
                extra[header[at]] = rest
        elif words_of(header[at]) == field.replace("_", " ") and not _is_no_value(field, value):
            record[field] = value  # reported there
        else:
            extra[header[at]] = value
    if not record.get("text"):
        raise NoArticle(said("It has no text."))
    if extra:
        record["extra"] = {**extra_of(record), **extra}
    if not EXPORTED.issubset(header):
        record = without_markup(record)
    return embargoes.item(record, origin, number, extra)


def words_of(name: str) -> str:
    """A name as synonyms are written: folded, with spaces between words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_\-.]+", " ", fold(spaced)).split())


def listed(header: Sequence[str]) -> str:
    """The names of columns, or of the fields of a record: the first twenty."""
    names = [name.strip()[:40] or "(no name)" for name in header[:20]]
    return ", ".join(names) + (f" and {len(header) - 20} more" if len(header) > 20 else "")
