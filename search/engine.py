"""Engine and Writer: what every backend offers, and nothing it does not.

Two implementations answer the same questions the same way: `search.local` (one directory) and, in the tests, a list
that is scanned. A third, on a cluster, has the same two faces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Protocol, Self

from search.article import Article
from search.query import Query
from search.results import Results, Stats


class Engine(Protocol):
    """Answers questions about the last commit; safe to share between threads."""

    @property
    def generation(self) -> int:
        """The number of the commit that the next question would be answered from."""
        ...

    def search(self, query: Query) -> Results:
        """Answer a question."""
        ...

    def export(self, query: Query) -> Iterator[Article]:
        """Every article that matches, newest first, undated last, from one generation; size and page do not apply."""
        ...

    def article(self, article_id: str) -> Article:
        """One article. Raises ArticleMissing where there is none of this id."""
        ...

    def stats(self) -> Stats:
        """What the index holds."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Writer(Protocol):
    """Changes an index in transactions: nothing is seen before `commit`, everything after.

    One writer at a time. As a context manager it commits on the way out and rolls back on an exception.
    """

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The digests under which these ids are committed; an id that is not there is left out."""
        ...

    def ids(self, collection: str) -> Iterator[str]:
        """The committed ids of one collection."""
        ...

    def add(self, article: Article) -> None:
        """Add an article, in place of the one of this id if there is one; the last one of a transaction stays.

        Raises ArticleBlocked where its id is kept out.
        """
        ...

    def delete(self, article_id: str) -> bool:
        """Remove an article; whether it was there."""
        ...

    def blocked(self) -> frozenset[str]:
        """The ids that are kept out."""
        ...

    def block(self, article_id: str) -> None:
        """Remove an article and keep its id out, from the next commit on."""
        ...

    def unblock(self, article_id: str) -> bool:
        """Let an id in again, from the next commit on; whether it was kept out."""
        ...

    def commit(self) -> int:
        """Make all changes since the last commit visible at once; the generation that has them."""
        ...

    def rollback(self) -> None:
        """Forget all changes since the last commit."""
        ...

    def close(self) -> None:
        """Let another process write. What was not committed is forgotten."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
