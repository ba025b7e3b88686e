"""`GET /api/export`: every match of a search, as a streamed file."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from falcon import HTTPForbidden, Request, Response

from search.errors import BadQuery, BadValue
from search.values.query import Query
from service import params
from service.formats import export
from service.params import PARAMETERS
from service.params.operation import operation
from service.params.parameter import Pairs, Parameter, decoded, made
from service.resource import Resource


@dataclass(frozen=True, slots=True)
class Download:
    """A request for an export: a query, the format of its articles, and if CSV begins with a byte order mark."""

    query: Query
    format: str = next(iter(export.FORMATS))
    bom: bool = False


FORMAT = Parameter(
    "format",
    "string",
    "Format of the articles.",
    Download,
    "format",
    choices=tuple(export.FORMATS),
    example=next(iter(export.FORMATS)),
)
BOM = Parameter(
    "bom",
    "boolean",
    "Begin CSV with a byte order mark, by which Excel knows that it is UTF-8; other formats have none.",
    Download,
    "bom",
)
PIECE_BYTES = 64 * 1024
_OF_A_PAGE = frozenset({"size", "page", "cursor", "facets", "facet_size", "interval", "fields", "snippets"})
"""Parameters that select a part of a result; an export is complete."""
TAKEN = (FORMAT, BOM, *(parameter for parameter in PARAMETERS if parameter.name not in _OF_A_PAGE))
MATCHING = tuple(parameter for parameter in PARAMETERS if parameter.name not in _OF_A_PAGE | {"sort"})
"""Those that decide which articles match."""


class ExportResource(Resource):
    """Articles, in an order, from one generation."""

    @operation(
        "export",
        "Every article that matches, as a file",
        tuple(entry.media_type for entry in export.FORMATS.values()),
        "Articles, in the order of `sort`, by default newest first; by another than the date up to 10,000",
        parameters=TAKEN,
        gives={
            "Dateline-Query": "The query, percent-encoded",
            "Dateline-Generation": "The generation it was read from",
            "Dateline-Exported": "The time, in UTC",
        },
    )
    def on_get(self, req: Request, resp: Response) -> None:
        asked = read(req.query_string)
        form, query = export.FORMATS[asked.format], asked.query
        self._check(req, query)
        articles, provenance = export.begin(self._archive.exported, query)
        day = provenance.exported[:10]
        resp.content_type = form.media_type
        resp.downloadable_as = export.file_name(query, day, form.suffix)
        resp.set_header("Dateline-Query", quote(provenance.query, safe=" =&"))
        resp.set_header("Dateline-Generation", str(provenance.generation))
        resp.set_header("Dateline-Exported", provenance.exported)
        resp.append_link(req.root_path + params.url("/api/search", query), "search")
        chunks = form.write(articles, provenance)
        marked = chain((codecs.BOM_UTF8,), chunks) if asked.bom and asked.format == "csv" else chunks
        resp.stream = _in_pieces(marked) if req.method == "GET" else ()  # of unknown length
        req.context.streamed = True

    def _check(self, req: Request, query: Query) -> None:
        """Refuse more articles than are allowed without a key."""
        most = self._settings.anonymous_export
        if not most or req.context.get("key") is not None:
            return
        total = self._archive.exported.totals([query])[0]
        if total > most:
            raise HTTPForbidden(
                description=f"This search has {total:,} matches; without a key an export has up to {most:,} articles. "
                "Narrow the search, or send a key."
            )


def _in_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger chunks."""
    piece = bytearray()
    for chunk in chunks:
        piece += chunk
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def read(query_string: str) -> Download:
    """The format and the query in an address. Raises BadQuery naming every invalid parameter."""
    errors: list[BadValue] = []
    asked: Pairs = []
    chosen: Pairs = []
    for name, value in params.split(query_string):
        if name in _OF_A_PAGE and value.strip():
            hint = "An export has every match. Omit it."
            errors.append(BadValue(name, value, f"{name} does not apply here.", hint))
        else:
            (chosen if name in (FORMAT.name, BOM.name) else asked).append((name, value))
    format_of = made(decoded(chosen, (FORMAT, BOM), errors), (FORMAT, BOM), Download)
    try:
        query = params.read(asked).query
    except BadQuery as problem:
        raise BadQuery([*errors, *problem.errors]) from None
    if errors:
        raise BadQuery(errors)
    return Download(query, **format_of)
