"""Counts to take away: tables as CSV and charts as SVG, each of which states what was asked, of what, and when.

A table begins with three lines that a reader can skip, since all begin with `#`:

    # question,q=oil+price&country=FR
    # generation,7
    # time,2026-11-26T10:00:00+00:00

then come the names of its columns, and its rows. A table of which something is omitted has a fourth line that says
how much. A chart has them under it, as its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import astuple

from search.analyses.concordance import Collocate, Concordance, Row
from search.analyses.periods import Periods
from search.engine import Engine
from search.measures.comparison import Comparison, Moment
from search.measures.cooccurrence import Pairs
from search.measures.cross_table import CrossTable
from search.measures.keyness import Keyness, Special
from search.values.results import Answer, DateFacet, Mention, Share, Trend, ValueFacet
from service import params
from service.formats import export
from service.formats.export import Provenance
from service.params.parameter import Pairs as Parameters

if TYPE_CHECKING:  # commands take counts away, too, and start without Falcon
    from falcon import Request, Response

T = TypeVar("T")
Cell = str | int | float | None
CSV = "text/csv; charset=utf-8; header=present"
SVG = "image/svg+xml"
MEDIA_TYPES = {"csv": CSV, "svg": SVG}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, its rows, and further lines before them: a name and a value each."""

    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[tuple[str, Cell]] = ()


def stated(engine: Engine, asked: Parameters, answer: Callable[[], T]) -> tuple[T, Provenance]:
    """An answer and its origin, of which the query is encoded, so that it can be put after `/?`.

    Args:
        asked: the parameters of the query.
        answer: computes it; again if there was a commit meanwhile.
    """
    while True:
        generation = engine.generation
        found = answer()
        if engine.generation == generation:
            break
    question = urlencode([(name, value) for name, value in asked if name != "format"])
    return found, Provenance(question, generation, datetime.now(UTC).isoformat(timespec="seconds"))


def given(req: Request) -> Parameters:
    """The parameters of a request, without blank ones."""
    return [(name, value) for name, value in params.split(req.query_string) if value.strip()]


def give(req: Request, resp: Response, form: str, name: str, data: bytes) -> None:
    """Answer with a file, whose name begins with “dateline”."""
    resp.data = data
    resp.content_type = MEDIA_TYPES[form]
    resp.downloadable_as = f"dateline-{name}.{form}"
    req.context.dated = True


def table(found: Table, origin: Provenance) -> bytes:
    """A table as CSV in UTF-8."""
    return b"".join(streamed(found, origin))


def streamed(found: Table, origin: Provenance) -> Iterator[bytes]:
    """A table as CSV in UTF-8, line by line."""
    yield line(("# question", origin.query))
    yield line(("# generation", origin.generation))
    yield line(("# time", origin.exported))
    for name, value in found.notes:
        yield line((f"# {name}", value))
    yield line(found.head)
    yield from map(line, found.rows)


def line(cells: Sequence[Cell]) -> bytes:
    """A row as CSV."""
    return export.row([str(one) if isinstance(one, int | float) else export.cell(one) for one in cells])


def _cells(values: Iterable[Struct]) -> list[Sequence[Cell]]:
    """The fields of each value."""
    return [astuple(value) for value in values]


def facet(found: ValueFacet | DateFacet) -> Table:
    """The values of a facet, or a histogram; articles without any at the end."""
    if isinstance(found, DateFacet):
        rows: list[Sequence[Cell]] = [(bucket.start, bucket.count) for bucket in found.buckets]
        return Table((found.interval, "count"), [*rows, *([("", found.missing)] if found.missing else [])])
    values: list[Sequence[Cell]] = [(one.value, one.label, one.count) for one in found.values]
    return Table(("value", "label", "count"), [*values, *([("", "none", found.missing)] if found.missing else [])])


def trend(found: Trend) -> Table:
    """A trend; `share` is empty if there is nothing to take a share of. Articles without a date at the end."""
    undated = [Share.of_counts("", found.missing, found.of_missing)] if found.of_missing else []
    rows, head = _cells([*found.buckets, *undated]), (found.interval, "count", "of", "share")
    if (among := found.legible) is None:
        return Table(head, rows)
    cells = [
        *((one.count, one.of, one.share) for one in among.buckets),
        *[(among.missing, None, None) for _ in undated],
    ]
    whole = [(*row, *legible) for row, legible in zip(rows, cells, strict=True)]
    return Table((*head, "legible", "legible_of", "legible_share"), whole, [("legible_unknown", among.unknown)])


def special(found: Special) -> Table:
    """What is special about a result."""
    return Table(Keyness.__struct_fields__, _cells(found.values))


def periods(found: Periods) -> Table:
    """What is special about a result in each period, of which each has a row. Articles without a date at the end."""
    columns = Keyness.__struct_fields__
    nothing: Sequence[Cell] = [None] * len(columns)
    rows = [
        (one.start, one.end, one.special.total, one.special.of, *value)
        for one in found.periods
        for value in _cells(one.special.values) or [nothing]
    ]
    undated = [("", "", found.missing, None, *nothing)] if found.missing else []
    head = ("start", "end", "period_total", "period_of", *columns)
    return Table(head, [*rows, *undated], [("earlier", found.earlier)])


def concordance(found: Concordance) -> Table:
    """Occurrences, one a row."""
    others = found.total - len(found.rows)
    return Table(Row.__struct_fields__, _cells(found.rows), [("others", others)] if others else [])


def collocates(found: Concordance) -> Table:
    """The words that stand near occurrences, the strongest first."""
    return Table(Collocate.__struct_fields__, _cells(found.collocates))


def batch(answers: Iterable[Answer], lines: str) -> Table:
    """The answers to a list of questions, one a row.

    Args:
        lines: what identifies the list.
    """
    ends = [f"{end}_{name}" for end in ("first", "last") for name in Mention.__struct_fields__]
    nothing: Sequence[Cell] = [None] * len(Mention.__struct_fields__)
    rows = (
        (*astuple(one)[:-2], *(cell for end in (one.first, one.last) for cell in (astuple(end) if end else nothing)))
        for one in answers
    )
    return Table((*Answer.__struct_fields__[:-2], *ends), rows, [("lines", lines)])


def pairs(found: Pairs) -> Table:
    """Pairs: the values, the articles of both, NPMI, their labels, and the articles of each."""
    nodes = {(node.field, node.value): node for node in found.nodes}
    one, other = found.pairing.fields
    rows = [(edge, nodes[one, edge.a], nodes[other, edge.b]) for edge in found.edges]
    return Table(
        ("a", "b", "count", "npmi", "a_label", "b_label", "a_count", "b_count"),
        [(*astuple(edge), a.label, b.label, a.count, b.count) for edge, a, b in rows],
    )


def comparison(found: Comparison, name: str) -> Table:
    """One of the tables of a comparison; a column for each query, headed by its words."""
    texts = [query.text for query in found.queries]
    if name == "overlaps":
        combined = [" + ".join(f"({texts[number]})" for number in one.of) for one in found.overlaps]
        rows = [(text, one.count, one.only) for text, one in zip(combined, found.overlaps, strict=True)]
        return Table(("queries", "count", "only"), rows)
    if name == "differences":
        listed = [(field, one) for field, values in found.differences.items() for one in values]
        return Table(
            ("field", "value", "label", *texts, "g2"),
            [(field, one.value, one.label, *one.counts, one.g2) for field, one in listed],
        )
    moments = list(found.buckets)
    if found.of_missing:
        moments.append(Moment("", tuple(query.missing for query in found.queries), found.of_missing))
    return Table((found.interval, *texts, "of"), [(one.start, *one.counts, one.of) for one in moments])


def cross(found: CrossTable) -> Table:
    """A cross table: all articles first, then a row for each value; its first columns are the value and all of its
    articles. A column is headed by a label.
    """
    rows, *others = found.axes
    columns = others[0].values if others else ()
    head = (rows.by, "label", "count", *(column.label for column in columns))
    whole: Sequence[Cell] = ("", "all", found.total, *(column.count for column in columns))
    cells = found.cells or [()] * len(rows.values)
    return Table(head, [whole, *((*astuple(row), *counts) for row, counts in zip(rows.values, cells, strict=True))])
