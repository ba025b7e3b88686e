"""Articles as a stream of one chunk per article, in constant memory at any length.

Each format contains the query, the generation and the time, so that a file states its origin:

    jsonl     in each line, as `export`; the index command reads the lines back
    csv       in the last three columns of each row
    ris       in a note of each record
    bibtex    in a comment at the head

It is in every record because JSON Lines, CSV and RIS have no comments that all readers skip, and because files are cut
and joined.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from desk.corrections.overlay import printed_text
from desk.edited import inert
from search.engine import Engine
from search.errors import BadQuery, BadValue
from search.fields import BY_NAME, FACET_NAMES
from search.names.completion import label
from search.said import said
from search.values.article import Article
from search.values.query import MAX_DEPTH, Query
from service import params
from service.formats import references as citations
from service.formats import render
from service.values.article_values import Exported
from service.values.shared_values import encode
from service.wording.printable import printable

_FIRST = (
    "id", "title", "published", "source", "section", "byline", "language", "url", "person", "country", "topic",
)  # fmt: skip
_CODED = tuple(name for name in FACET_NAMES if BY_NAME[name].vocabulary)
"""The facets whose values are codes: each has a column of labels, too."""
COLUMNS = (
    *_FIRST, *(name for name in FACET_NAMES if name not in _FIRST), *(f"{name}_label" for name in _CODED),
    "published_from", "quality", "known", "corrected_lines", "text",
)  # fmt: skip
"""Attributes of an article; labels of codes; and `corrected_lines`, whether its text is not all as it was read."""
PROVENANCE = ("query", "generation", "exported")
BY_DATE = ("newest", "oldest")
"""The orders in which any number of articles is exported."""
MAX_NAME = 80
"""Characters of a question in the name of a file."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of an export.

    Attributes:
        query: the query as parameters of the API: of an export not escaped, of counts as in a URL.
        generation: the generation it was read from.
        exported: the time, ISO 8601 in UTC.
    """

    query: str
    generation: int
    exported: str


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, its file name extension, and its writer."""

    name: str
    media_type: str
    suffix: str
    write: Callable[[Iterable[Article], Provenance], Iterator[bytes]]


def begin(engine: Engine, query: Query) -> tuple[Iterator[Article], Provenance]:
    """Every article that matches, in the query's order, by default newest first, and their origin.

    Raises:
        BadQuery: if there are more than `MAX_DEPTH` in an order that is not by date: each is read by itself.
    """
    sort = query.sort or "newest"
    if sort not in BY_DATE and (total := engine.totals([query])[0]) > MAX_DEPTH:
        reason = said("{total} matches are more than are exported in this order.", total=f"{total:,}")
        hint = said("Up to {most} are. Narrow the search, or export by date.", most=f"{MAX_DEPTH:,}")
        raise BadQuery([BadValue("sort", sort, reason, hint)])
    while True:
        generation = engine.generation
        articles = engine.export(query, sort=sort)
        first = next(articles, None)  # only now is their generation known
        if engine.generation == generation:
            break
    exported = datetime.now(UTC).isoformat(timespec="seconds")
    asked = "&".join(f"{name}={value}" for name, value in params.write(query))
    return _and_first(first, articles), Provenance(asked, generation, exported)


def _and_first(first: Article | None, others: Iterator[Article]) -> Iterator[Article]:
    if first is not None:
        yield first
        yield from others


def jsonl(articles: Iterable[Article], provenance: Provenance) -> Iterator[bytes]:
    """JSON Lines: one article per line."""
    where = {name: getattr(provenance, name) for name in PROVENANCE}
    for article in articles:
        yield encode(render.record(article, kind=Exported, export=where)) + b"\n"


def table(articles: Iterable[Article], provenance: Provenance) -> Iterator[bytes]:
    """CSV in UTF-8 with a header line, `;` between the values of a cell."""
    yield row((*COLUMNS, *PROVENANCE))
    where = [cell(str(getattr(provenance, name))) for name in PROVENANCE]
    for article in articles:
        more: dict[str, object] = {f"{name}_label": _labels(article, name) for name in _CODED}
        more["corrected_lines"] = "true" if printed_text(article) != article.text else ""
        yield row([*(cell(more[name] if name in more else getattr(article, name)) for name in COLUMNS), *where])


def _labels(article: Article, name: str) -> list[str]:
    value = getattr(article, name)
    return [label(name, one) for one in (value if isinstance(value, tuple) else filter(None, (value,)))]


def file_name(query: Query, day: str, suffix: str) -> str:
    """The name of a file of a result: its question in words, and the day."""
    asked = []
    if query.text.strip():
        asked.append(query.text)
    for name, wanted in query.filters.items():
        asked += [label(name, value) for value in (*wanted.any, *wanted.all)]
        asked += [f"no {name}"] * wanted.missing
        asked += [f"not {label(name, value)}" for value in wanted.none]
    if query.date_from or query.date_to:
        asked += ["from", query.date_from] if query.date_from else []
        asked += ["to", query.date_to] if query.date_to else []
    words = re.sub(r"[\W_]+", "-", " ".join(filter(None, asked))).strip("-")
    return f"{words[:MAX_NAME].rstrip('-') or 'all-articles'}-{day}.{suffix}"


def cell(value: object) -> str:
    """A value as a cell, printable; an apostrophe is put before a value that a spreadsheet would run as a formula."""
    text = "; ".join(value) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return printable(inert(text))


def row(cells: Iterable[str]) -> bytes:
    """A line of CSV."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8")


def ris(articles: Iterable[Article], provenance: Provenance) -> Iterator[bytes]:
    """RIS, for programs that manage references; without the texts."""
    note = citations.remark(provenance.query, provenance.generation, provenance.exported)
    for article in articles:
        yield citations.ris(article, note).encode("utf-8")


def bibtex(articles: Iterable[Article], provenance: Provenance) -> Iterator[bytes]:
    """BibTeX in UTF-8, without the texts."""
    note = citations.remark(provenance.query, provenance.generation, provenance.exported)
    yield citations.comment(note).encode("utf-8")
    for article in articles:
        yield citations.bibtex(article).encode("utf-8")


FORMATS = {
    entry.name: entry
    for entry in (
        Format("jsonl", "application/x-ndjson", "jsonl", jsonl),
        Format("csv", "text/csv; charset=utf-8; header=present", "csv", table),
        Format("ris", "application/x-research-info-systems", "ris", ris),
        Format("bibtex", "text/x-bibtex; charset=utf-8", "bib", bibtex),
    )
}
