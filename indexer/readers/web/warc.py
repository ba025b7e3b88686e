"""Web archives (WARC 1.0 and 1.1, plain or gzip-compressed record by record): one article per fetched page.

A page is a response with status 200 to 299, or a saved resource, whose content is HTML. Requests, redirects, server
errors, revisits, metadata, images and scripts are skipped. The requested address is the URL; the time of the request
says nothing about the date of publication, and is in `extra.fetched`.

A record that is truncated or has a wrong length is rejected, and reading resumes at the next one that begins with
`WARC/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from indexer.readers.shared.record import Deferred, Item, Origin, Read, at_once
from indexer.readers.web import html
from indexer.readers.web.warc_records import Damage, Record, is_gzip, records, unpacked_head
from indexer.readers.web.warc_response import content, response
from search.errors import BadRecord
from search.said import said

_HTML = ("text/html", "application/xhtml+xml")
_END = re.compile(rb"</(?:html|body)\s*+>(?>\s+|<!--.{0,2000}?-->)*+(?:</html\s*+>)?\s*+$", re.IGNORECASE | re.DOTALL)


def looks_like(head: bytes, name: str) -> bool:
    """True if a file begins with a WARC record."""
    return (unpacked_head(head) if is_gzip(head) else head).lstrip().startswith(b"WARC/")


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """Read the articles of the pages in a file, and a BadRecord for each record that cannot be read."""
    return at_once(defer(file, origin))


def defer(file: BinaryIO, origin: Origin) -> Iterator[Read]:
    """Like `read`, with each page deferred."""
    number = pages = damaged = 0
    for record in records(file):
        number += 1
        if isinstance(record, Damage):
            damaged += 1
            yield BadRecord(record.reason)
        elif _may_be_page(record):
            try:
                page = _page(record)
            except BadRecord as problem:
                pages += 1
                yield _named(problem, record.url, number)
                continue
            if page is not None:
                pages += 1
                yield Deferred(partial(_article, page, origin, number), len(page.data))
    if not pages and not damaged:
        yield BadRecord(said("It is a WARC file without a web page in it.") if number else said("It is empty."))


def _may_be_page(record: Record) -> bool:
    return record.kind == "response" or (record.kind == "resource" and record.media_type in _HTML)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page, its encoding if the server states it, and what else is known."""

    data: bytes
    url: str | None
    encoding: str | None
    extra: Mapping[str, object]


def _article(page: _Page, origin: Origin, number: int) -> Item:
    """The article of a page, or the reason why it has none."""
    try:
        return html.page(page.data, origin, number, page.url, page.encoding, page.extra)
    except BadRecord as problem:
        return _named(problem, page.url, number)


def _named(problem: BadRecord, url: str | None, number: int) -> BadRecord:
    if url:
        return problem.with_reason(f"{url}: {problem.reason}")
    return problem.with_reason(said("Record {number}: {reason}", number=str(number), reason=problem.reason))


def _page(record: Record) -> _Page | None:
    """The page of a record; None if it is not a page. Raises BadRecord if it is one that cannot be read."""
    data, encoding, cut = record.data, None, record.cut
    if record.kind == "response" and record.media_type in ("application/http", ""):
        answer = response(record.data)
        if not 200 <= answer.status < 300 or (answer.media_type not in _HTML and answer.media_type):
            return None
        body = content(answer, html.MAX_BYTES)
        data, encoding, cut = body.data, answer.charset, cut or body.cut
        if not answer.media_type and not html.looks_like(data[:4096], ""):
            return None
    elif record.media_type not in _HTML:
        return None
    if record.too_large:
        raise BadRecord(said("The page is larger than {mb} MB.", mb=html.MAX_BYTES // 2**20))
    if cut and not _END.search(data[-8192:]):
        raise BadRecord(said("The page is cut off in the archive."))
    extra = {"fetched": record.date} if record.date else {}
    return _Page(data, record.url, encoding, extra)
