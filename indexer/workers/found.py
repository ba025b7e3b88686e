"""What a file says, one thing at a time, on its way from the process that reads to the one that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from indexer.digest import version_of
from indexer.safe.faults import Fault
from search.article import Article


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """An article that may be shown.

    Attributes:
        file: the number of its file in the run.
        path: where it is, for people.
        place: how many bytes of the file had been read.
        fault: of the program, for which it was read in a simpler way.
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
        """The version that its format gives it."""
        return version_of(self.article.digest)


@dataclass(frozen=True, slots=True)
class EmbargoedRead:
    """An article, and the time until which it may not be shown; otherwise as `ArticleRead`."""

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
        """The version that its format gives it."""
        return version_of(self.article.digest)


@dataclass(frozen=True, slots=True)
class WithdrawalRead:
    """An id that its publisher takes back: up to a version, or None for good."""

    file: int
    id: str
    version: int | None
    reason: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class PartsRead:
    """The articles of which an item consists in a version; they come after it."""

    file: int
    id: str
    version: int | None
    parts: tuple[str, ...]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that could not be read, so that nobody knows what it hides.

    Attributes:
        line: where it starts; None where lines mean nothing.
        passing: it may be readable another time.
        times: how many of one kind it stands for.
        fault: of the program, which lost it.
    """

    file: int
    path: str
    reason: str
    line: int | None = None
    passing: bool = False
    times: int = 1
    place: int = 0
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class NotAnArticle:
    """A record that was read and is no article; its attributes are those of `Unreadable`."""

    file: int
    path: str
    reason: str
    line: int | None = None
    times: int = 1
    place: int = 0


@dataclass(frozen=True, slots=True)
class FileEnd:
    """The end of a file, with the neighbours on which it depends, as they were."""

    file: int
    asked: Mapping[str, tuple[int, int]] = field(default_factory=dict)


Found: TypeAlias = ArticleRead | EmbargoedRead | WithdrawalRead | PartsRead | Unreadable | NotAnArticle | FileEnd
"""One thing that a file says."""
Batch: TypeAlias = list[Found]
