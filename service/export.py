"""Articles as a stream, a chunk an article: JSON Lines, or CSV for a spreadsheet. Constant memory at any length."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from search.article import Article
from service import render

FORMATS = ("jsonl", "csv")
COLUMNS = (
    "id", "title", "published", "source", "section", "byline", "language", "url",
    "person", "country", "topic", "published_from", "text",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def jsonl(articles: Iterable[Article]) -> Iterator[bytes]:
    """An article a line, as the index command reads it back."""
    for article in articles:
        yield orjson.dumps(render.article(article)) + b"\n"


def table(articles: Iterable[Article]) -> Iterator[bytes]:
    """CSV in UTF-8 with a heading line, `;` between the values of one cell."""
    yield _row(COLUMNS)
    for article in articles:
        record = render.article(article)
        yield _row([_cell(record[name]) for name in COLUMNS])


def _cell(value: Any) -> str:
    """A value as a cell; what a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8")


WRITERS = {"jsonl": jsonl, "csv": table}
