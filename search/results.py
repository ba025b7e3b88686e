"""What an engine answers: hits, their snippets, facets, and how the question was understood. Plain values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from search.article import Article

Mark = tuple[int, int]
"""A marked passage: start and end in code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of an article's text, and where in it the query's words stand."""

    text: str
    marks: tuple[Mark, ...] = ()


class Copies(NamedTuple):
    """A group of near-duplicates: its id, and how many articles of the archive are in it."""

    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that matches.

    Attributes:
        article: the article; only its id where nothing was asked for that would need it read (`search.query.UNSTORED`).
        score: None when the question had no text.
        snippets, title_marks: empty where they were not asked for.
        group: None for an article that is in no group.
    """

    article: Article
    score: float | None
    snippets: tuple[Snippet, ...]
    title_marks: tuple[Mark, ...] = ()
    group: Copies | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """Where the words of a query stand in an article."""

    title: tuple[Mark, ...] = ()
    text: tuple[Mark, ...] = ()


class FacetCount(NamedTuple):
    """A value of a facet and the number of articles it would give, selected alone."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # shadows tuple.count, which nobody needs here
    selected: bool = False


@dataclass(frozen=True, slots=True)
class ValueFacet:
    """Counts of one field's values.

    Attributes:
        values: by count, ties by label; selected ones that are not among the top follow them.
        distinct: how many values have at least one article.
        missing: how many articles have no value.
    """

    values: tuple[FacetCount, ...]
    distinct: int
    missing: int


class Bucket(NamedTuple):
    """A calendar interval, by its first day (ISO), and the articles published in it."""

    start: str
    count: int  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class DateFacet:
    """A histogram over time, zero-filled from its first to its last bucket that is not empty."""

    interval: str
    buckets: tuple[Bucket, ...]
    missing: int


class Suggestion(NamedTuple):
    """A value that what was typed may be the beginning of, and the articles of the archive that have it."""

    type: str
    value: str
    label: str
    count: int  # type: ignore[assignment]


class Share(NamedTuple):
    """A calendar interval: the articles that match in it, of how many, and the quotient; None where these are none."""

    start: str
    count: int  # type: ignore[assignment]
    of: int
    share: float | None

    @classmethod
    def of_counts(cls, start: str, count: int, of: int) -> Share:
        """The share that two counts make, to six digits."""
        return cls(start, count, of, round(count / of, 6) if of else None)


@dataclass(frozen=True, slots=True)
class Trend:
    """What share of the articles matches, by time.

    Attributes:
        denominator: what the share is of: articles that pass the `filters`, or all of the `archive`, both in the range
            of dates.
        buckets: from the first to the last interval in which the denominator has an article.
    """

    interval: str
    denominator: str
    buckets: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class TermCount:
    """A word or phrase of the question and the number of articles of the archive that have it.

    Attributes:
        excluded: whether it stands under a NOT.
    """

    term: str
    articles: int
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of the question was read."""

    text: str
    canonical: str
    notes: tuple[str, ...] = ()
    terms: tuple[TermCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one question.

    Attributes:
        total: how many articles match, exactly where `exact` is True.
        took_ms: milliseconds the engine needed.
        generation: number of the commit that answered.
        incomplete: what a time budget left out, e.g. `facets.person`.
        cursor: where to go on after the last hit; None when there is nothing more.
        did_you_mean: a query that would find more, where this one finds nothing or has a word that no article has.
    """

    total: int
    took_ms: float
    generation: int
    query: Reading
    hits: tuple[Hit, ...]
    facets: Mapping[str, ValueFacet | DateFacet]
    cursor: str | None = None
    exact: bool = True
    incomplete: tuple[str, ...] = ()
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """What an index holds: live articles, distinct terms, segments, bytes on disk, the number of its last commit."""

    articles: int
    terms: int
    segments: int
    bytes: int
    generation: int
    distinct: Mapping[str, int] = field(default_factory=dict)
