"""Cross table: how many articles of a result have each value of one facet, and each of another, or of a time.

Every figure is the total of a search: that of a value, with it as an additional filter; that of a cell, with both. An
article with several values is in several rows, so sums are greater than totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES
from search.values.bad_values import nearest, within
from search.values.query import INTERVALS
from search.values.results import Count, DateFacet

DATE = "date"
"""Calendar intervals of the width that suits the result."""
SPANS = (DATE, *(interval for interval in INTERVALS if interval != "auto"))
DIMENSIONS = (*FACET_NAMES, *SPANS)
MAX_VALUES = 1000
MAX_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class Crossing:
    """What is counted by what.

    Attributes:
        by: one or two of `DIMENSIONS`: facets, or one interval, `date` for a suitable one. Rows first.
        limit: the maximum number of values of a facet, the most frequent; from 1.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    by: tuple[str, ...] = ("country", "year")
    limit: int = MAX_VALUES

    def __post_init__(self) -> None:
        errors = [
            *(
                BadValue("by", name, f"Nothing is counted by “{name}”.", _hint(name))
                for name in self.by
                if name not in DIMENSIONS
            ),
            *within("limit", self.limit, 1, MAX_VALUES),
        ]
        if not 0 < len(self.by) < 3:
            reason = f"by has {len(self.by)} names; a table has one or two dimensions."
            errors.append(
                BadValue("by", ",".join(self.by), reason, "Give one or two, such as country and year, each by itself.")
            )
        elif len(self.by) == 2 and (self.by[0] == self.by[1] or {*self.by} <= {*SPANS}):
            reason = f"{self.by[0]} and {self.by[1]} are not two dimensions."
            errors.append(BadValue("by", ",".join(self.by), reason, "Give different ones, such as country and year."))
        if errors:
            raise BadQuery(errors)


def _hint(name: str) -> str:
    """Advice about a name by which nothing is counted."""
    together = [each.strip() for each in name.split(",")]
    if len(together) > 1 and {*together} <= {*DIMENSIONS}:
        return f"Give each by itself: first {together[0]}, then {together[1]}."
    return nearest(name, DIMENSIONS)


class CrossValue(Struct, frozen=True):
    """A row or a column: its articles.

    Attributes:
        value: of a facet; of time, the first day of an interval (ISO). Null for articles without one.
        label: that of the value, `none` if there is none; of time, as short as it is unambiguous.
    """

    value: str | None
    label: str
    count: Count


class Axis(Struct, frozen=True):
    """One dimension.

    Attributes:
        by: a facet or an interval.
        found: values that an article has, of which the first are listed.
        values: of a facet, by count, ties by label; of time, from the first to the last interval with a match. At the
            end, articles without any, if there are some.
    """

    by: str
    found: Count
    values: tuple[CrossValue, ...]


def axis(by: str, found: int, values: Sequence[CrossValue], missing: int) -> Axis:
    """A dimension, with the articles without any value at its end."""
    none = (CrossValue(None, NONE, missing),) if missing else ()
    return Axis(by, found, (*values, *none))


def axis_of_time(found: DateFacet) -> Axis:
    """The intervals of a histogram as a dimension."""
    values = [CrossValue(one.start, span_label(one.start, found.interval), one.count) for one in found.buckets]
    return axis(found.interval, sum(value.count > 0 for value in values), values, found.missing)


class CrossTable(Struct, frozen=True):
    """The articles of a result by one or two dimensions.

    Attributes:
        total: articles of the result.
        axes: rows first.
        cells: by row and column; empty for a single dimension.
        exact: false if a cluster estimated numbers of stories.
    """

    total: Count
    axes: tuple[Axis, ...]
    cells: tuple[tuple[Count, ...], ...]
    exact: bool = True


NONE = "none"


def interval_of(name: str) -> str:
    """The interval of a dimension of time."""
    return "auto" if name == DATE else name


def span_label(start: str, interval: str) -> str:
    """The label of an interval: `1980s`, `1989`, `1989-Q4`, `1989-11`; its first day for weeks and days."""
    match interval:
        case "decade":
            return f"{start[:3]}0s"
        case "year":
            return start[:4]
        case "quarter":
            return f"{start[:4]}-Q{(int(start[5:7]) + 2) // 3}"
        case "month":
            return start[:7]
    return start


def check_size(rows: int, columns: int) -> None:
    """Make sure that a table is not too large.

    Raises:
        BadQuery: if it is.
    """
    if rows * columns > MAX_CELLS:
        reason = f"A table of {rows:,} rows and {columns:,} columns has more than {MAX_CELLS:,} cells."
        raise BadQuery([BadValue("by", "", reason, "Use a wider interval, or a lower limit.")])
