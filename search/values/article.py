"""Article: the record that readers, enrichers, writers and engines exchange.

A reader creates it, each enricher returns it with one more fact, the writer stores it, a hit contains it.
It is a plain value: nothing here reads a file or opens an index.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from search.fields import SCAN
from search.text.tokens import fold
from search.values.scan import ScanPage

__all__ = ["ID_PATTERN", "INPUT", "Article", "Evidence", "changed", "make_id"]

ID_PATTERN = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~:@+-]{1,200}")
"""A valid id: it can be used in a URL and needs no escaping anywhere; `.` and `..` would be other addresses."""


HEADING = 80
"""Characters of a text that call an article without a title, at most."""

_SENTENCE_END = re.compile("[.!?…。！？][\"'’”»«“)\\]」』]*\\Z")

INPUT = "input"
"""The rule of the evidence for a value that the input states."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an article carries a value.

    Attributes:
        value: the value in the article's field, e.g. `Antony Blinken` or `CN`.
        start, end: the passage, in code points of the article's `text` or `title`, end exclusive; both None
            if the evidence is not a passage (the input's metadata).
        text: the words that support it, as written.
        rule: the kind of evidence, e.g. `name`, `demonym`, `capital`, `crf`, `input`.
        confidence: 0 to 1.
        within: the field that has the passage; called `in` in JSON.
        main: of a country, True if the article is mainly about it; None for other fields.
    """

    value: str
    start: int | None
    end: int | None
    text: str
    rule: str
    confidence: float
    within: Literal["text", "title"] = "text"
    main: bool | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the archive, as the contract defines it.

    Attributes:
        published: ISO 8601 date, date-time, year or year-month as printed; None if unknown.
        published_from: its source: `metadata`, `html`, `url`, `header`, `dateline`, `filename`, `file`;
            `corrected` if a person has set it.
        mentioned: dates named in the text, ISO 8601, possibly partial; never mixed with `published`.
        byline: who wrote it, as printed; `author`: the names in it.
        person, country, topic: canonical names; ISO 3166 codes; IPTC Media Topic codes.
        evidence: by field name (`person`, `country`, `topic`), why each value is there.
        quality: how sure the program was of its words that read it from a scan, from 0 to 1, to two digits; None if no
            program did, or it does not say.
        known: the share of its words that are words of its language, from 0 to 1, to two digits; None if it has few
            words, or is in no language that is known, or in one without a lexicon.
        group: id of the group of near-duplicates, or None.
        extra: the input's other fields, as JSON values.
        given: names of the fields among `search.fields.STATED` that the input stated, even as an empty list;
            enrichment does not change them.
        collection: the name under which the article's files were read.
        added, changed: when it was first indexed, and when its content last changed there, as `search.text.dates.now`
            writes it; None if unknown.
        scan: the scanned pages that it is on, in reading order, or the picture next to it.
        digest: hexadecimal SHA-256 of the article as read, before enrichment; "" until the pipeline sets it.
        meaning: the vectors of its first passages (see `search.meaning.passages`); none unless a model is chosen.
    """

    id: str
    text: str
    title: str = ""
    published: str | None = None
    published_from: str | None = None
    mentioned: tuple[str, ...] = ()
    source: str | None = None
    section: str | None = None
    url: str | None = None
    language: str | None = None
    byline: str | None = None
    author: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    quality: float | None = None
    known: float | None = None
    group: str | None = None
    source_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    collection: str = ""
    digest: str = ""
    added: str | None = None
    changed: str | None = None
    scan: tuple[ScanPage, ...] = ()
    meaning: bytes = b""

    def __reduce__(self) -> tuple[type[Article], tuple[object, ...]]:
        """For pickle, between processes: in a third of the time that it takes for any dataclass."""
        return Article, _values(self)

    @property
    def heading(self) -> str:
        """What it is called where it must be called something: its title, else its first words, else its id."""
        return (self.title if self.title.strip() else _beginning(self.text)) or self.id

    @property
    def country_main(self) -> tuple[str, ...]:
        """The countries that it is mainly about, by the evidence."""
        return tuple(dict.fromkeys(entry.value for entry in self.evidence.get("country", ()) if entry.main))

    @property
    def has(self) -> tuple[str, ...]:
        """What it has besides words: `SCAN` if there is a picture of a page that it is on, or one next to it."""
        return (SCAN,) if any(page.picture for page in self.scan) else ()

    @property
    def legible(self) -> tuple[str, ...]:
        """Its quality in hundredths, `087`; empty if it has none."""
        return _hundredths(self.quality)

    @property
    def known_words(self) -> tuple[str, ...]:
        """The share of its words that are known, likewise."""
        return _hundredths(self.known)


def _hundredths(value: float | None) -> tuple[str, ...]:
    return () if value is None else (f"{round(100 * value):03}",)


_values = attrgetter(*(each.name for each in fields(Article)))

if TYPE_CHECKING:  # which knows the names and types of fields
    from dataclasses import replace as changed
else:
    _PUT = {name: vars(Article)[name].__set__ for name in (each.name for each in fields(Article))}
    """What sets each field, even of a frozen object."""

    def changed(article: Article, /, **values: object) -> Article:
        """The article with other values of some fields, as `dataclasses.replace` makes it, in a quarter of the time.

        Raises:
            KeyError: if there is no such field.
        """
        made = object.__new__(Article)
        for put, value in zip(_PUT.values(), _values(article), strict=True):
            put(made, value)
        for name, value in values.items():
            _PUT[name](made, value)
        return made


def _beginning(text: str) -> str:
    """The first words of a text, at most `HEADING` characters in one line; an ellipsis if a sentence is cut."""
    words = " ".join(text[: 2 * HEADING].split())
    if len(words) <= HEADING and len(text) <= 2 * HEADING:
        return words
    whole = words[: HEADING + 1].rpartition(" ")[0].rstrip(" ,;:–—-")
    begun = whole or words[:HEADING]
    return begun if not begun or _SENTENCE_END.search(begun) else f"{begun}…"


def make_id(original: str) -> str:
    """An id for a name with any characters: the name if it is a valid id, else a readable slug and 8 hex digits.

    The digits are the first of the SHA-256 of the original's UTF-8, which distinguishes originals with the same slug.
    """
    if ID_PATTERN.fullmatch(original):
        return original
    slug = re.sub(r"[^a-z0-9._~:@+]+", "-", fold(original)).strip("-")[:180].strip("-")
    digest = sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest
