"""What the columns of a table are to an article, and rows made into articles.

A column is a field when it is called so. Failing that, by what it is usually called; but not where two columns would be
one field then: both go to `extra`, and `--map` says which is meant. What `--map` says goes before both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from indexer.readers import printed
from indexer.readers.record import Origin, article
from search.article import Article
from search.errors import BadRecord, NoArticle
from search.fields import BY_NAME, LISTS
from search.text import fold

ALIASES = {
    "title": ("headline", "head line", "article title"),
    "text": ("body", "content", "article", "fulltext", "full text", "article text", "body text", "article body"),
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
"""Field → what else a column of it is usually called, folded and with spaces between words."""
_FIELDS = frozenset(BY_NAME) - {"group"} | {"source_id", "published_from"}


def fields_of(header: Sequence[str], names: Mapping[str, str]) -> dict[int, str]:
    """The number of each column → the field it is; columns that are none are absent.

    Args:
        header: what the columns are called.
        names: field → what the table calls it, where that was said.

    Raises:
        BadRecord: when no column is the text, or none is called as was said.
    """
    folded = [_words(name) for name in header]
    found: dict[int, str] = {}
    taken: set[str] = set()
    for field, name in names.items():
        if _words(name) not in folded:
            raise BadRecord(f"No column is called “{name}”. It has: {listed(header)}.", 1)
        found[folded.index(_words(name))] = field
        taken.add(field)
    for field in sorted(_FIELDS - taken):
        places = [at for at, name in enumerate(folded) if name == field.replace("_", " ") and at not in found]
        if not places:
            places = [at for at, name in enumerate(folded) if name in ALIASES.get(field, ()) and at not in found]
            if len(places) != 1:
                continue
        found[places[0]] = field
        taken.add(field)
    if "text" not in taken:
        raise BadRecord(f"No column is the text. Say which is: --map text=COLUMN. It has: {listed(header)}.", 1)
    return found


def known(header: Sequence[str]) -> int:
    """How many columns are called as a field is, or usually is."""
    usual = {name.replace("_", " ") for name in _FIELDS} | {name for aliases in ALIASES.values() for name in aliases}
    return sum(_words(name) in usual for name in header)


def row(
    values: Sequence[Any], header: Sequence[str], fields: Mapping[int, str], origin: Origin, number: int
) -> Article:
    """The article of a row; values are strings, or what JSON knows.

    Raises:
        BadRecord: when it is none.
    """
    record: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for at, value in enumerate(values):
        if value is None or value == "":
            continue
        field = fields.get(at)
        if field is None:
            extra[header[at] or f"column {at + 1}"] = value
        elif field in LISTS and isinstance(value, str):
            record[field] = [part.strip() for part in re.split(r"[;|]", value) if part.strip()]
        elif field == "published" and isinstance(value, str):
            record[field] = printed.iso(value) or value
        elif field != "evidence" and isinstance(value, int | float) and not isinstance(value, bool):
            record[field] = str(value)
        else:
            record[field] = value
    if not record.get("text"):
        raise NoArticle("It has no text.")
    return article({**record, "extra": extra} if extra else record, origin, number)


def _words(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_\-.]+", " ", fold(spaced)).split())


def listed(header: Sequence[str]) -> str:
    """What columns, or fields of a record, are called: the first twenty."""
    names = [name.strip()[:40] or "(no name)" for name in header[:20]]
    return ", ".join(names) + (f" and {len(header) - 20} more" if len(header) > 20 else "")
