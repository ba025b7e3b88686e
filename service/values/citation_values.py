"""Cited results, as they were and as they are."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from search.values.results import Count
from service.values.shared_values import Brief, Following


class CitedArticle(Struct):
    """An article of a cited result.

    Attributes:
        content: SHA-256.
        version: as its publisher numbers it.
    """

    id: str
    content: str
    version: int | None


class CitedResult(Struct):
    """A result at a time.

    Attributes:
        hash: over the ids and contents of all articles; null if there are too many.
    """

    generation: Count
    time: str
    total: Count
    hash: str | None
    articles: Sequence[CitedArticle] | UnsetType | None = UNSET


class CitationLinks(Struct):
    """The addresses of a citation as JSON and as a page, and of its question."""

    self: str
    page: str
    search: str


class Citation(Struct):
    """A cited result.

    Attributes:
        question: parameters of a search, without dates relative to the day.
        by: the name of the key; empty if it was made without one.
        purged: how many of its articles were purged since.
    """

    id: str
    question: str
    order: str
    by: str
    purged: Count
    then: CitedResult
    links: CitationLinks


class Citations(Struct):
    """Stored citations, the last ones first."""

    citations: Sequence[Citation]
    links: Following


class Gone(Struct):
    """An article that is not found any more.

    Attributes:
        why: for the first 100.
    """

    id: str
    why: str | None


class Versions(Struct):
    """The versions of an article.

    Attributes:
        then, now: as its publisher numbers it.
    """

    then: int | None
    now: int | None


class ChangedArticle(Brief):
    """An article with other content."""

    version: Versions


class Reopened(Citation):
    """A cited result, then and now.

    Attributes:
        same: nothing came, went or changed, besides what was purged.
        came: null if the articles of then are not stored.
        added_since: of a citation that is not stored: articles added since.
        changed_since: of a citation that is not stored: articles changed since.
        problem: why the question cannot be asked any more; then `now` says nothing.
    """

    now: CitedResult
    same: bool
    came: Sequence[Brief] | None
    went: Sequence[Gone] | None
    changed: Sequence[ChangedArticle] | None
    added_since: int | None
    changed_since: int | None
    problem: str | None
