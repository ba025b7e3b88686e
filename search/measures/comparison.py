"""Comparison: up to five queries side by side: how many articles each finds, which they share, and how they differ.

How much queries differ in a value is the log-likelihood ratio of its counts, as in `keyness`, for any number of
samples: 0 if it has the same share of each result. Results may overlap, so it orders the values; it is no test.

Source: P. Rayson and R. Garside, “Comparing corpora using frequency profiling”, 2000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

from msgspec import Struct

from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES
from search.said import said
from search.syntax import Parsed, write
from search.values.bad_values import choice, nearest, within
from search.values.query import DENOMINATORS, INTERVALS, Denominator, Interval, Query
from search.values.results import Bucket, Count

MAX_QUERIES = 5
MAX_DIFFERENCES = 1000
KEY = 1e6
"""Values are ranked by six decimals of G², so that their order does not depend on the last bit of a sum."""
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Comparing:
    """What is told about the queries.

    Attributes:
        interval: the length of a bucket of the timeline.
        denominator: the articles that are counted as all: those that pass the `filters` of at least one query, or the
            whole `archive`; both in the ranges of dates of the queries.
        fields: the facets whose values are compared.
        limit: the maximum number of values of each, from 0.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    interval: Interval = "auto"
    denominator: Denominator = "filters"
    fields: tuple[str, ...] = ("person", "country", "topic", "source")
    limit: int = 10

    def __post_init__(self) -> None:
        errors = [
            *choice("interval", self.interval, INTERVALS),
            *choice("denominator", self.denominator, DENOMINATORS),
            *(
                BadValue("fields", name, f"No facet “{name}”.", nearest(name, FACET_NAMES))
                for name in self.fields
                if name not in FACET_NAMES
            ),
            *within("limit", self.limit, 0, MAX_DIFFERENCES),
        ]
        if errors:
            raise BadQuery(errors)


COMPARING = Comparing()


class Compared(Struct, frozen=True):
    """A query: its text, its canonical form, how it was repaired, and the articles that it finds.

    Attributes:
        missing: those without a date.
    """

    text: str
    canonical: str
    notes: tuple[str, ...]
    total: Count
    missing: Count


class Moment(Struct, frozen=True):
    """A calendar interval, by its first day (ISO).

    Attributes:
        counts: the matches of each query.
        of: all articles of the interval.
    """

    start: str
    counts: tuple[Count, ...]
    of: Count


class Overlap(Struct, frozen=True):
    """Some of the queries.

    Attributes:
        of: the numbers of some queries, ascending, from 0.
        count: articles that match all of them.
        only: those that match none of the others.
    """

    of: tuple[Count, ...]
    count: Count
    only: Count


class Difference(Struct, frozen=True):
    """A value in which queries differ.

    Attributes:
        counts: the articles of each query that have it.
        g2: log-likelihood ratio: how much their shares differ.
    """

    value: str
    label: str
    counts: tuple[Count, ...]
    g2: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Queries side by side.

    Attributes:
        buckets: from the first to the last interval in which the denominator is not 0.
        of_missing: the articles of the denominator without a date, which are in no bucket.
        overlaps: every combination of the queries, of one, two and more.
        differences: of each field, the values in which the queries differ most, ties by label; none with equal shares.
        exact: False if a cluster estimated how many stories there are.
    """

    comparing: Comparing
    queries: tuple[Compared, ...]
    interval: str
    buckets: tuple[Moment, ...]
    of_missing: int
    overlaps: tuple[Overlap, ...]
    differences: Mapping[str, tuple[Difference, ...]]
    exact: bool = True


def comparable(queries: Sequence[Query]) -> tuple[Query, ...]:
    """The queries without what only a page of hits needs.

    Raises:
        BadQuery: if there are too few or too many of them, or if they do not count the same things.
    """
    if not 0 < len(queries) <= MAX_QUERIES:
        reason = said("{count} queries cannot be compared.", count=len(queries))
        raise BadQuery([BadValue("text", "", reason, said("Give one to {most}.", most=MAX_QUERIES))])
    for name in ("group", "country_main"):
        if len({getattr(query, name) for query in queries}) > 1:
            reason = said("The queries differ in {name}, so their counts cannot be compared.", name=name)
            raise BadQuery([BadValue(name, "", reason, said("Give it to all of them or to none."))])
    return tuple(query.counting for query in queries)


def bases(queries: Sequence[Query], denominator: Denominator) -> tuple[Query, ...]:
    """The different queries that together find all articles of a denominator, from `comparable` ones."""
    found: list[Query] = []
    for query in queries:
        base = query.reference(denominator)
        if base not in found:
            found.append(base)
    return tuple(found)


def subsets(size: int) -> tuple[tuple[int, ...], ...]:
    """All combinations of the numbers below a size, except the empty one: single ones, then pairs and so on."""
    return tuple(some for length in range(1, size + 1) for some in combinations(range(size), length))


def compared(query: Query, parsed: Parsed, total: int, missing: int) -> Compared:
    """A query, of which the text has been parsed, with its total."""
    return Compared(query.text, write(parsed.tree), parsed.notes, total, missing)


def moments(of: Sequence[Bucket], matches: Sequence[Sequence[Bucket]]) -> tuple[Moment, ...]:
    """The timeline, from the histogram of the denominator and that of each query."""
    counts = [{bucket.start: bucket.count for bucket in buckets} for buckets in matches]
    return tuple(Moment(one.start, tuple(own.get(one.start, 0) for own in counts), one.count) for one in of)


def difference(value: str, label: str, counts: Sequence[int], totals: Sequence[int]) -> Difference:
    """A value, with its measure."""
    return Difference(value, label, tuple(counts), round(g2(counts, totals), DIGITS))


def g2(counts: Sequence[int], totals: Sequence[int]) -> float:
    """The log-likelihood ratio of a value.

    Args:
        counts: the articles of each result that have it, of at least one.
        totals: all articles of each result.
    """
    having, whole = sum(counts), sum(totals)
    found = 0.0
    for count, total in zip(counts, totals, strict=True):
        for seen, row in ((count, having), (total - count, whole - having)):
            if seen:
                found += seen * log(seen * whole / (row * total))
    return 2 * found


def key(counts: Sequence[int], totals: Sequence[int]) -> int:
    """The rank of a value: greater is more different, 0 is equal."""
    return int(g2(counts, totals) * KEY + 0.5)
