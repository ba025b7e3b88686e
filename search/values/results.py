"""Results: hits, their snippets, facets, and how the query was read. Plain values only.

A `Struct` here is also a value of the API, by the same names; its OpenAPI is read from it (`service.api.schema`), with
the meaning of each field from its docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple, TypeAlias, get_args

from msgspec import Meta, Struct
from msgspec import field as named

from search.errors import OutOfTime
from search.names.completion import Completed
from search.values.article import Article
from search.values.query import Denominator

Part = Literal["archive", "collection", "source"]
PARTS: tuple[Part, ...] = get_args(Part)
Count: TypeAlias = Annotated[int, Meta(ge=0)]
Mark: TypeAlias = tuple[Count, Count]
"""A marked passage: start and end in code points, end exclusive."""


class Snippet(Struct, frozen=True):
    """A passage of an article's text, and the positions of the query's words in it.

    Attributes:
        marks: [start, end) in code points.
    """

    text: str
    marks: tuple[Mark, ...] = ()


class Copies(Struct, frozen=True):
    """A near-duplicate group: its id, and its number of articles in the archive, two and more."""

    id: str
    size: Count

    @classmethod
    def of(cls, name: str, size: int) -> Copies | None:
        """A group; None if there is but one article left of it."""
        return cls(name, size) if size > 1 else None


class Stored(NamedTuple):
    """An article that has been found and not been put together: its id, its title, and a function that does it."""

    id: str
    title: str
    read: Callable[[], Article]


class Partial(Struct, frozen=True):
    """How many of the words, phrases and groups of a query were required, if not all.

    Attributes:
        least: the number that was required.
        of: the number of all.
        complete: the number of matches that have all.
        any: if nothing matches, the number of articles that have any of them, which `match=any` finds.
    """

    least: Count
    of: Count
    complete: Count
    any: Count | None = None


class Scored(Struct, frozen=True, omit_defaults=True):
    """What a word adds to the score of an article, or its meaning.

    Attributes:
        term: a term of the query, in canonical form; or a word of the first articles; or `meaning`.
        expansion: for a word of the first articles.
        meaning: for nearness in meaning to the question.
    """

    term: str
    score: float
    expansion: bool = False
    meaning: bool = False


class Hit:
    """One article that matches.

    Attributes:
        id, title: those of the article; the title is "" if no requested field is in the store
            (`search.values.query.UNSTORED`).
        score: None if the query has no text.
        snippets, title_marks: empty if they were not requested.
        group: None if the article is in no group.
        missing: the words, phrases and groups of the query that it does not have, in canonical form, if not all are
            required (`search.syntax.partial`).
        scored: what the score is made of, the most important first; empty if it was not requested.
    """

    __slots__ = ("_article", "group", "id", "missing", "score", "scored", "snippets", "title", "title_marks")

    def __init__(
        self,
        article: Article | Stored,
        score: float | None,
        snippets: tuple[Snippet, ...],
        title_marks: tuple[Mark, ...] = (),
        group: Copies | None = None,
        missing: tuple[str, ...] = (),
        scored: tuple[Scored, ...] = (),
    ) -> None:
        self._article = article
        self.id = article.id
        self.title = article.title
        self.score = score
        self.snippets = snippets
        self.title_marks = title_marks
        self.group = group
        self.missing = missing
        self.scored = scored

    @property
    def article(self) -> Article:
        """The article; only its id if no requested field is in the store. It is put together when first looked at."""
        if isinstance(self._article, Stored):
            self._article = self._article.read()
        return self._article

    def of(self, shown: Callable[[Article], Article], reads: bool, group: Copies | None) -> Hit:
        """The same hit, of another group, whose article is changed when it is first looked at.

        Args:
            reads: False leaves out the passages of its text.
        """
        found = self._article
        article = found._replace(read=lambda: shown(found.read())) if isinstance(found, Stored) else shown(found)
        return Hit(
            article, self.score, self.snippets if reads else (), self.title_marks, group, self.missing, self.scored
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hit) and self._values() == other._values()

    __hash__ = None  # type: ignore[assignment]  # an article has mappings

    def __repr__(self) -> str:
        return f"Hit{self._values()}"

    def _values(self) -> tuple[object, ...]:
        return self.article, self.score, self.snippets, self.title_marks, self.group, self.missing, self.scored


@dataclass(frozen=True, slots=True)
class Marked:
    """The positions of a query's words in an article."""

    title: tuple[Mark, ...] = ()
    text: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """How many articles a query finds, and the ends of its list by date.

    Attributes:
        first, last: what the orders `oldest` and `newest` begin with; None if no article has a date.
    """

    total: int
    first: Article | None = None
    last: Article | None = None


class Mention(Struct, frozen=True):
    """An article at one end of a list, with the first passage of its text that has the words; "" if none has."""

    id: str
    title: str
    published: str
    passage: str


class Answer(Struct, frozen=True):
    """What was found for a line.

    Attributes:
        line: its number, from 1.
        asked: the line.
        query: as which it was read; "" if it could not be.
        problem: why it could not; null otherwise.
        first, last: by date; null if no article has one.
    """

    line: int
    asked: str
    query: str
    problem: str | None
    total: Count
    first: Mention | None
    last: Mention | None


class FacetCount(Struct, frozen=True, omit_defaults=True):
    """A value of a facet and the number of articles that match if it alone is selected.

    Attributes:
        wikidata: its Wikidata item, if the authority file has one.
    """

    value: str
    label: str
    count: Count
    selected: bool
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class ValueFacet:
    """Counts of one field's values.

    Attributes:
        values: by count, ties by label; selected ones that are not among the top follow them.
        distinct: the number of values that have at least one article.
        missing: the number of articles without a value.
    """

    values: tuple[FacetCount, ...]
    distinct: int
    missing: int


class NameCount(Struct, frozen=True):
    """A name as articles list it.

    Attributes:
        count: articles that list this name.
    """

    name: str
    count: Count

    @classmethod
    def arranged(cls, counted: Iterable[tuple[str, int]]) -> tuple[NameCount, ...]:
        """The names that articles list: by articles, ties by name."""
        return tuple(
            cls(name, -negative) for negative, name in sorted((-count, name) for name, count in counted if count)
        )


class Bucket(Struct, frozen=True):
    """A calendar interval, by its first day (ISO), and the number of articles published in it."""

    start: str
    count: Count


@dataclass(frozen=True, slots=True)
class DateFacet:
    """A histogram over time, zero-filled from its first to its last non-empty bucket."""

    interval: str
    buckets: tuple[Bucket, ...]
    missing: int


class Suggestion(Struct, frozen=True):
    """A completion of the typed text, and the number of articles of the archive that have it."""

    type: Completed
    value: str
    label: str
    count: Count


class Share(Struct, frozen=True):
    """A calendar interval: its matches, all its articles, and the quotient.

    Attributes:
        share: null if of is 0.
    """

    start: str
    count: Count
    of: Count
    share: float | None

    @classmethod
    def of_counts(cls, start: str, count: int, of: int) -> Share:
        """The share for two counts, to six digits."""
        return cls(start, count, of, round(count / of, 6) if of else None)


class Gap(Struct, frozen=True):
    """Whole calendar intervals of which a part of the archive has no article.

    Attributes:
        part: what has no article there.
        name: of the collection or source; empty for the archive.
        start: the first day.
        end: the last day.
    """

    part: Part
    name: str
    start: str
    end: str


class Legible(Struct, frozen=True):
    """The part of a trend that legible articles have: those of whose words at least a share is known.

    Attributes:
        least: that share.
        buckets: in the intervals of the trend, of their matches and of the legible articles of its denominator.
        missing: legible matches without a date.
        unknown: matches of which the share is not known; they are not among the legible ones.
    """

    least: float
    buckets: tuple[Share, ...]
    missing: Count
    unknown: Count


class Trend(Struct, frozen=True, omit_defaults=True):
    """The share of articles that match, over time.

    Attributes:
        denominator: the articles counted as all: those that pass the filters, or the whole archive, both in the range
            of dates.
        buckets: from the first to the last interval in which the denominator is not 0.
        gaps: the intervals among them of which the archive, a collection or a source has nothing.
        missing: matches without a date, in no bucket.
        of_missing: articles without a date among those of the denominator.
        legible: the same of legible articles alone, if that is asked for.
    """

    interval: str
    denominator: Denominator
    buckets: tuple[Share, ...]
    gaps: tuple[Gap, ...]
    missing: Count
    of_missing: Count
    legible: Legible | None = None


class TermCount(Struct, frozen=True, omit_defaults=True):
    """A word or phrase of the query and the number of articles of the archive that have it.

    Attributes:
        excluded: true if it is under a NOT.
    """

    term: str
    articles: Count
    excluded: bool = False


class FormCount(Struct, frozen=True, omit_defaults=True):
    """What a scanner may have read in place of a word of the query, and the number of matches that it adds.

    Attributes:
        form: as it is excluded: `harbour~ocr-harbonr`, a broken word with a `+`.
        articles: the matches that the answer would not have without it; one that another reading finds as well is not
            counted. With `group`, copies count.
        own: true if it is omitted as a word of its own, since too many articles have it. Then `articles` is the number
            of matches that the answer would have besides, with `hand~ocr=band`.
    """

    word: str
    form: str
    articles: Count
    own: bool = False


class Reading(Struct, frozen=True, omit_defaults=True):
    """How the text of the query was read.

    Attributes:
        match: how many parts of q are required, of how many, and how many matches have all; absent if all are
            required.
        forms: what a scanner may have read in place of words with `~ocr`, those that add most first.
    """

    text: str
    canonical: str
    notes: tuple[str, ...]
    terms: tuple[TermCount, ...]
    partial: Partial | None = named(name="match", default=None)
    forms: tuple[FormCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one query.

    Attributes:
        total: the number of articles that match, exact if `exact` is True.
        took_ms: milliseconds the engine needed.
        generation: the generation that was searched.
        incomplete: what was omitted because of the time budget, such as `facets.person`.
        facets: the counts by field, and `date`, the histogram; `values` and `histogram` return one with its type.
        cursor: for the hits after the last one; None if there are no more.
        did_you_mean: a query that finds more, if this one finds nothing or has a word that no article has.
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

    def values(self, field: str) -> ValueFacet:
        """The counts of a field's values.

        Raises:
            OutOfTime: if they are omitted because of the time budget.
            KeyError: if they were not asked for.
        """
        facet = self._facet(field)
        if isinstance(facet, DateFacet):
            raise KeyError(field)
        return facet

    def histogram(self) -> DateFacet:
        """The counts over time. Raises OutOfTime and KeyError as `values` does."""
        facet = self._facet("date")
        assert isinstance(facet, DateFacet)
        return facet

    def _facet(self, name: str) -> ValueFacet | DateFacet:
        if name not in self.facets and f"facets.{name}" in self.incomplete:
            raise OutOfTime(
                f"There was no time to count “{name}”. "
                "Search for fewer or rarer words, or try again when the server is less busy."
            )
        return self.facets[name]


@dataclass(frozen=True, slots=True)
class Stats:
    """The contents of an index: live articles, distinct terms, segments, bytes on disk, its generation."""

    articles: int
    terms: int
    segments: int
    bytes: int
    generation: int
    distinct: Mapping[str, int] = field(default_factory=dict)
