"""Queries side by side, by definition: the matches of each, and what each combination of them has in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from search.measures.comparison import (
    Compared,
    Comparing,
    Comparison,
    Difference,
    Overlap,
    bases,
    comparable,
    difference,
    key,
    moments,
    subsets,
)
from search.values.article import Article
from search.values.query import Query
from tests.plain_engine.finding import Finding
from tests.plain_engine.stories import stories_of
from tests.plain_engine.times import histogram
from tests.plain_engine.values import Values


def compare(finding: Finding, queries: Sequence[Query], comparing: Comparing) -> Comparison:
    asked = comparable(queries)
    kept = [finding.kept(query) for query in asked]
    pool = {a.id: a for base in bases(asked, comparing.denominator) for a in finding.kept(base)}
    of = histogram(list(pool.values()), comparing.interval, Query(group=asked[0].group))
    overlaps = tuple(_overlap(kept, some, bool(asked[0].group)) for some in subsets(len(asked)))
    totals = [one.count for one in overlaps[: len(asked)]]
    found = [histogram(some, of.interval, q) for some, q in zip(kept, asked, strict=True)]
    return Comparison(
        comparing,
        tuple(
            Compared(q.text, finding.canonical(q), finding.parsed(q.text).notes, n, one.missing)
            for q, n, one in zip(asked, totals, found, strict=True)
        ),
        of.interval,
        moments(of.buckets, [one.buckets for one in found]),
        of.missing,
        overlaps,
        {
            name: tuple(_differences(finding.values, asked[0], kept, name, totals)[: comparing.limit])
            for name in comparing.fields
        },
    )


def _overlap(kept: Sequence[Sequence[Article]], some: tuple[int, ...], group: bool) -> Overlap:
    """What these results have in common, and what only they have."""
    inside = [{a.id for a in kept[n]} for n in some]
    outside = {a.id for n, found in enumerate(kept) if n not in some for a in found}
    common = [a for a in kept[some[0]] if all(a.id in ids for ids in inside)]
    only = [a for a in common if a.id not in outside]
    return Overlap(some, len(stories_of(common, group)), len(stories_of(only, group)))


def _differences(
    values: Values, query: Query, kept: Sequence[Sequence[Article]], name: str, totals: Sequence[int]
) -> list[Difference]:
    """The values of a facet whose shares of the results differ, the most first."""
    held = query.counted(name)
    having = [
        Counter(
            value
            for story in stories_of(found, bool(query.group))
            for value in {value for a in story for value in values.spelled_of(a, held)}
        )
        for found in kept
    ]
    found = [
        difference(value, values.label(name, value), [own[value] for own in having], totals)
        for value in {value for own in having for value in own}
    ]
    found = [one for one in found if key(one.counts, totals) > 0]
    return sorted(found, key=lambda one: (-key(one.counts, totals), one.label, one.value))
