"""The parameters of `/api/batch`: how the lines are read, what narrows them, and which part of the answers is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analyses.batch import READS, Reads
from search.errors import BadQuery, BadValue
from search.values.query import Query
from service.params.parameter import Pairs, Parameter, checked, decoded, described, made
from service.params.query import BY_PARAMETER, FILTERS, formats, made_query

MOST = 1_000
"""The answers of a part."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How lines are sent.

    Attributes:
        reads: what a line is.
        column: of a table with a header line, the column that they are.
    """

    reads: Reads = "query"
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the answers."""

    offset: int = 0
    limit: int = 100
    format: str = "json"


_NARROWING = (*FILTERS, *(BY_PARAMETER[name] for name in ("match", "group")))
SENT = (
    *_NARROWING,
    Parameter(
        "as",
        "string",
        "What a line is: a query, the default, or a name, whose words are next to each other.",
        Sending,
        "reads",
        choices=READS,
    ),
    Parameter("column", "string", "Of a table (text/csv), the column of the lines.", Sending, "column"),
)
READ = (
    Parameter("offset", "integer", "Lines before the first one.", Part, "offset", bounds=(0, None)),
    Parameter("limit", "integer", "Lines; 100 by default, of a CSV file all.", Part, "limit", bounds=(1, MOST)),
    formats(Part, "csv"),
)  # fmt: skip


def read(pairs: Sequence[tuple[str, str]]) -> tuple[Query, Sending]:
    """The filters of a batch, and how its lines are sent. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, SENT, errors)
    sending = checked(Sending, errors, made(values, SENT, Sending))
    return made_query(values, SENT, errors, size=0, facets=()), sending


def read_part(pairs: Sequence[tuple[str, str]]) -> Part:
    """The part of the answers that is asked for. Raises BadQuery."""
    errors: list[BadValue] = []
    part = Part(**made(decoded(pairs, READ, errors), READ, Part))
    if part.offset < 0:
        errors.append(BadValue("offset", str(part.offset), f"offset is {part.offset}.", "It must be 0 or more."))
    if not 1 <= part.limit <= MOST:
        errors.append(BadValue("limit", str(part.limit), f"limit is {part.limit}.", f"It must be 1 to {MOST:,}."))
    if errors:
        raise BadQuery(errors)
    return part


def write_part(part: Part) -> Pairs:
    """The parameters of a part."""
    return described(READ, part)
