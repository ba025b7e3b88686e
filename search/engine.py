"""Engine and Writer: what every backend offers, and nothing it does not.

Two implementations answer the same questions the same way: `search.local` (one directory) and, in the tests, a list
that is scanned. A third, on a cluster, has the same two faces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from search.article import Article
from search.authority import Authority, Names
from search.query import Denominator, Listing, Query
from search.results import DateFacet, Marked, Results, Stats, Suggestion, Trend, ValueFacet
from search.tombstones import Removed

MAX_COPIES = 100
CURSOR_SECONDS = 15 * 60.0
"""How long a generation is kept after a cursor of it was given or used."""


class Engine(Protocol):
    """Answers questions about the last commit; safe to share between threads. As a context manager it closes itself."""

    @property
    def generation(self) -> int:
        """The number of the commit that the next question would be answered from."""
        ...

    @property
    def articles(self) -> int:
        """How many articles that commit has; `stats` looks at more than this."""
        ...

    def search(self, query: Query) -> Results:
        """Answer a question; with a cursor, from the generation in which it was given.

        Raises:
            CursorExpired: when that generation is kept no more.
        """
        ...

    def together(self) -> AbstractContextManager[None]:
        """Questions that this thread asks meanwhile belong together: what they share is read once."""
        ...

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """How many articles each of several questions finds, and nothing else; what they share is read once."""
        ...

    def said(self, field: str) -> Names:
        """What the authority says of the names of a facet."""
        ...

    def effort(self, text: str) -> float:
        """What a query's text would cost here, in milliseconds of the processor, by an estimate that reads nothing.

        An estimate of 0 says that nothing is known, or that the query cannot be asked.
        """
        ...

    def export(self, query: Query) -> Iterator[Article]:
        """Every article that matches, newest first, undated last, from one generation; size and page do not apply."""
        ...

    def article(self, article_id: str) -> Article:
        """One article. Raises ArticleMissing where none has this id, ArticleGone where one is known to have had it."""
        ...

    def removed(self, since: str) -> Iterator[Removed]:
        """The articles that were removed at an instant or after it, as far as is remembered, newest first."""
        ...

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        """One facet of a question, as far as it is listed; its histogram where the name is `date`.

        At the beginning of an unprefixed list of a level, selected values that are not in it follow, as in an answer to
        `search`; `distinct` counts the values that could be listed.
        """
        ...

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        """Persons, countries, topics, sources whose names begin so, most frequent first (see `search.completion`)."""
        ...

    def similar(self, article_id: str, query: Query) -> Results:
        """Articles like one, without it and its copies; of the question filters, dates, size, page and the like count.

        What is alike is written as a query of the terms that say most about the article (`search.similar`); the answer
        names them.

        Raises:
            ArticleMissing: where there is none of this id.
        """
        ...

    def trend(self, query: Query, denominator: Denominator) -> Trend:
        """What share of the articles matches, by time."""
        ...

    def copies(self, article_id: str) -> tuple[Article, ...]:
        """The other articles of an article's group, the first `MAX_COPIES`, oldest first, undated last, ties by id.

        Raises:
            ArticleMissing: where there is none of this id.
        """
        ...

    def marked(self, article: Article, text: str) -> Marked:
        """Where the words of a query stand in an article, by the same rules by which they are found."""
        ...

    def stats(self) -> Stats:
        """What the index holds."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did.

    Attributes:
        found: the ids of which there was something.
        renamed: groups of copies that were named after one of them, and what they are called now.
        left: asked once, when all copies are done: which files that held something are still there, under other
            names than the index's.
        note: what is not erased yet and will be, "" where nothing is.
    """

    found: frozenset[str]
    renamed: Mapping[str, str]
    left: Callable[[], frozenset[object]] = frozenset
    note: str = ""


Prepare = Callable[[Sequence[Article]], Any]
"""Makes of some articles what `Writer.add_prepared` takes, which has their number as its `len`."""


class Writer(Protocol):
    """Changes an index in transactions: nothing is seen before `commit`, everything after.

    One writer at a time. As a context manager it commits on the way out and rolls back on an exception.
    """

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The digests under which these ids are committed; an id that is not there is left out."""
        ...

    def stored(self, article_id: str) -> Article | None:
        """The committed article of an id as it was added, not as it is shown; None where it is not there."""
        ...

    def ids(self, collection: str) -> Iterator[str]:
        """The committed ids of one collection."""
        ...

    def add(self, article: Article) -> None:
        """Add an article, in place of the one of this id if there is one; the last one of a transaction stays.

        Raises ArticleBlocked where its id is kept out.
        """
        ...

    def preparing(self) -> AbstractContextManager[Callable[[], Prepare]]:
        """What can be sent to other processes, to make there what prepares articles for this writer; one at a time."""
        ...

    def add_prepared(self, prepared: Any, groups: Sequence[str | None]) -> None:
        """Add articles that another process has prepared, as `add` does; all that it gives must come here, in order.

        Args:
            groups: the group of copies of each article, which have none by themselves; where it is empty, none has.
        """
        ...

    def regroup(self, article_id: str, group: str) -> None:
        """Have an article in a group of copies, and leave it as it is otherwise; nothing where it is not there."""
        ...

    def delete(self, article_id: str) -> bool:
        """Remove an article; whether it was there. Lists that were begun before may still show it."""
        ...

    def take_down(self, article_id: str) -> bool:
        """Remove an article also from the lists that were begun before, which end with it; whether it was there."""
        ...

    def purge(self, ids: Collection[str]) -> Purged:
        """Commit, remove articles, and write anew what holds anything of them, also from before they were removed.

        When it returns, no file of the index has a byte of them, as far as the backend can say.

        Raises:
            IndexProblem: when they are removed, and not all of it could be written anew.
        """
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

    def authority(self) -> Authority:
        """Which names are one, as it was last said."""
        ...

    def set_authority(self, said: Authority) -> None:
        """Change which names are one, from the next commit on; no article is changed."""
        ...

    def commit(self) -> int:
        """Make all changes since the last commit visible at once; the generation that has them."""
        ...

    def compact(self, most: int) -> int:
        """Commit, and drop what is deleted from the statistics of scores, where the backend does that when asked.

        Args:
            most: how many articles may be copied for it.
        """
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
