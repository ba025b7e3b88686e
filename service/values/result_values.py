"""The answers with articles of a result, and their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from search.analyses.concordance import Collocate, Row
from search.analyses.periods import PERIODS
from search.fields import FIELDS
from search.measures.comparison import Compared, Difference, Moment, Overlap
from search.measures.cooccurrence import MEASURES, PairEdge, PairNode
from search.measures.keyness import SPECIAL_FIELDS, Keyness
from search.values.query import Denominator
from search.values.results import Bucket, Copies, Count, FacetCount, Mark, Reading, Scored, Snippet, Suggestion
from service.values.shared_values import Following, one_of

Items: TypeAlias = Mapping[str, Mapping[str, str]]
"""By field, the values of an article that have a Wikidata item, with that item."""


class Hit(Struct):
    """An article that matches, with the requested fields.

    Attributes:
        title_marks: [start, end) in code points.
        score: null if the query has no text.
        wikidata: by field, the Wikidata items of its values, as far as the authority file has any.
        missing: parts of q that it does not have; absent if all are required.
        scored: what the score is made of, with explain: terms of q, words of the first articles, meaning.
    """

    id: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    title_marks: Sequence[Mark] | UnsetType = UNSET
    published: str | UnsetType | None = UNSET
    source: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    score: float | UnsetType | None = UNSET
    person: Sequence[str] | UnsetType = UNSET
    country: Sequence[str] | UnsetType = UNSET
    topic: Sequence[str] | UnsetType = UNSET
    group: Copies | UnsetType | None = UNSET
    added: str | UnsetType | None = UNSET
    changed: str | UnsetType | None = UNSET
    snippets: Sequence[Snippet] | UnsetType = UNSET
    wikidata: Items | UnsetType = UNSET
    missing: Sequence[str] | UnsetType = UNSET
    scored: Sequence[Scored] | UnsetType = UNSET
    meanings: ClassVar = {entry.name: entry.help for entry in FIELDS}


class Facet(Struct, kw_only=True):
    """The values of a facet, or the intervals of the dates."""

    values: Sequence[FacetCount] | UnsetType = UNSET
    distinct: Count | UnsetType = UNSET
    interval: str | UnsetType = UNSET
    buckets: Sequence[Bucket] | UnsetType = UNSET
    missing: Count
    one_of: ClassVar = (("values", "distinct", "missing"), ("interval", "buckets", "missing"))
    """The fields of one, and of the other."""


class Links(Struct):
    """The addresses of this page of results, the next and the previous one."""

    self: str
    next: str | None
    prev: str | None


class Results(Struct):
    """A page of results."""

    total: Count
    exact: bool
    took_ms: float
    generation: Count
    incomplete: Sequence[str]
    query: Reading
    did_you_mean: str | None
    hits: Sequence[Hit]
    facets: Mapping[str, Facet]
    links: Links


class Suggestions(Struct):
    """Completions of a name."""

    suggestions: Sequence[Suggestion]


class Period(Struct):
    """What is special about a result in a period.

    Attributes:
        start: the first day.
        end: the last day.
        total: articles of the result.
        of: articles of the period that pass the same filters.
    """

    start: str
    end: str
    total: Count
    of: Count
    values: Sequence[Keyness]


class Special(Struct):
    """What is special about a result, as a whole and in each period.

    Attributes:
        total: articles of the result.
        of: articles of the reference, which include them.
        earlier: periods with matches before those listed.
        missing: matches without a date, in no period.
        incomplete: `periods` if there was no time for all of them.
        than: the words of the query that it is compared with, in place of `against`.
    """

    field: Annotated[str, one_of(SPECIAL_FIELDS)]
    against: Denominator
    total: Count
    of: Count
    values: Sequence[Keyness]
    than: str | UnsetType = UNSET
    by: Annotated[str, one_of(PERIODS)] | UnsetType = UNSET
    earlier: Count | UnsetType = UNSET
    missing: Count | UnsetType = UNSET
    incomplete: Sequence[str] | UnsetType = UNSET
    periods: Sequence[Period] | UnsetType = UNSET


class Pairs(Struct):
    """The pairs of values in the articles of a result.

    Attributes:
        total: articles of the result.
        found: pairs with the minimum count, of which the first are listed.
    """

    fields: Sequence[str]
    measure: Annotated[str, one_of(MEASURES)]
    total: Count
    found: Count
    nodes: Sequence[PairNode]
    edges: Sequence[PairEdge]


class Concordance(Struct):
    """Occurrences of a query's words.

    Attributes:
        total: all occurrences.
        articles: those that have one.
        cursor: the position of the last row; null at the end of the list.
        collocates: the words that stand near, if they are asked for.
    """

    total: Count
    articles: Count
    generation: Count
    rows: Sequence[Row]
    cursor: str | None
    links: Following
    collocates: Sequence[Collocate]


class Comparison(Struct):
    """Queries side by side.

    Attributes:
        of_missing: articles without a date among those of the denominator.
        exact: false if a cluster estimated numbers of stories.
    """

    queries: Sequence[Compared]
    interval: str
    denominator: Denominator
    buckets: Sequence[Moment]
    of_missing: Count
    overlaps: Sequence[Overlap]
    differences: Mapping[str, Sequence[Difference]]
    exact: bool
