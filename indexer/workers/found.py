"""The items of a file on their way from the process that reads to the one that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from indexer.readers.shared.record import Deferred, Origin
from indexer.safe.faults import Fault
from search.values.article import Article
from search.values.versions import version_of


class ArticleRead(NamedTuple):
    """An article that may be shown.

    Attributes:
        file: the number of its file in the run.
        path: where it is, as shown to people.
        place: the number of bytes of the file read so far.
        fault: the internal error because of which it was read in a simpler way.
    """

    file: int
    article: Article
    path: str
    place: int = 0
    fault: Fault | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.article.id

    @property
    def version(self) -> int | None:
        """The version stated in its format."""
        return version_of(self.article.digest)


@dataclass(frozen=True, slots=True)
class EmbargoedRead:
    """An article, and the time until which it must not be shown; otherwise as `ArticleRead`."""

    file: int
    article: Article
    path: str
    until: str
    place: int = 0

    @property
    def id(self) -> str:
        """Its id."""
        return self.article.id

    @property
    def version(self) -> int | None:
        """The version stated in its format."""
        return version_of(self.article.digest)


@dataclass(frozen=True, slots=True)
class WithdrawalRead:
    """An id that its publisher withdraws: up to a version, or None for good."""

    file: int
    id: str
    version: int | None
    reason: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class PartsRead:
    """The articles of which an item consists in a version; they follow it."""

    file: int
    id: str
    version: int | None
    parts: tuple[str, ...]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that could not be read, and may hide an article.

    Attributes:
        line: where it starts; None if the file has no lines.
        transient: True if it may be readable later.
        times: the number of records of the same kind that it represents.
        fault: the internal error because of which it was lost.
    """

    file: int
    path: str
    reason: str
    line: int | None = None
    transient: bool = False
    times: int = 1
    place: int = 0
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class NotAnArticle:
    """A record that was read and is not an article; its attributes are those of `Unreadable`."""

    file: int
    path: str
    reason: str
    line: int | None = None
    times: int = 1
    place: int = 0


@dataclass(frozen=True, slots=True)
class DeferredRead:
    """A record that any process may read; its other attributes are those of `ArticleRead`."""

    file: int
    record: Deferred
    origin: Origin
    place: int = 0


@dataclass(frozen=True, slots=True)
class FileEnd:
    """The end of a file, with the stamps of the neighbours on which it depends."""

    file: int
    asked: Mapping[str, tuple[int, int]] = field(default_factory=dict)


Found: TypeAlias = ArticleRead | EmbargoedRead | WithdrawalRead | PartsRead | Unreadable | NotAnArticle | FileEnd
"""One item of a file."""
Batch: TypeAlias = list[Found]
RawBatch: TypeAlias = list[Found | DeferredRead]
"""A batch in which some records are still to be read."""
