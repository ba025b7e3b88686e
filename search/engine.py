"""Engine and Writer: the interface of every backend, and nothing more.

There are two implementations that give the same answers, `search.local` (one directory) and `search.opensearch` (a
cluster); the tests have a third, which scans a list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from search.measures.comparison import COMPARING, Comparing, Comparison
from search.measures.cooccurrence import Pairing, Pairs
from search.measures.cross_table import Crossing, CrossTable
from search.measures.keyness import Contrast, Special
from search.names.authority import Authority
from search.system.closeable import Closeable
from search.values import tombstones
from search.values.article import Article
from search.values.query import Denominator, Listing, Query, Sort
from search.values.results import DateFacet, Marked, NameCount, Outline, Results, Stats, Suggestion, Trend, ValueFacet
from search.values.rights import Narrowing
from search.values.tombstones import Removals, Removed

MAX_COPIES = 100
CURSOR_SECONDS = 15 * 60.0
"""How long a generation is retained after a cursor of it was returned or used."""


class Engine(Closeable, Protocol):
    """Answers queries about the last commit; can be shared between threads. A context manager, which closes it."""

    @property
    def generation(self) -> int:
        """The number of the commit that the next query would be answered from."""
        ...

    def search(self, query: Query) -> Results:
        """Answer a query; with a cursor, from the generation in which the cursor was returned.

        Raises:
            CursorExpired: if that generation is no longer retained.
        """
        ...

    def batch(self) -> AbstractContextManager[None]:
        """Let the queries of this thread share what they read, until the block ends; of one generation, if it can."""
        ...

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """The number of articles that each of several queries finds, and nothing else; shared data is read once."""
        ...

    def outlines(self, queries: Sequence[Query]) -> tuple[Outline, ...]:
        """The totals of several queries, with the first article of each by date, and the last; `group` does not apply
        to these. Shared data is read once.
        """
        ...

    def frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        """The number of articles that each of some words is in, in any of its forms, as a search for it finds them.

        Like the statistics of scores, it may count removed articles until they are forgotten.
        """
        ...

    def matching(self, queries: Sequence[Query], among: Collection[str] | None = None) -> tuple[frozenset[str], ...]:
        """The ids of all articles that each of several queries finds, or of those among some articles.

        Order, size, page, cursor and `group` do not apply. Raises BadQuery.
        """
        ...

    def authority(self) -> Authority:
        """The authority file that is in force, with its journal."""
        ...

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:
        """The names that are shown under a value of a facet, its own among them: by articles, ties by name.

        Each name includes all its spellings in other case and with other accents. An article that lists several
        of the names counts for each, so the sum may be greater than the number of articles with the value. Empty if
        no article has the value.
        """
        ...

    def listing(self, field: str, names: Sequence[str]) -> int:
        """The number of articles that list any of some names, whatever each name is shown under, even if hidden."""
        ...

    def effort(self, text: str) -> float:
        """The estimated cost of a query's text, in milliseconds of CPU time, without reading any postings.

        0 means that nothing is known, or that the query is invalid.
        """
        ...

    def export(self, query: Query, as_added: bool = False, sort: Sort = "newest") -> Iterator[Article]:
        """Every article that matches, in an order, from one generation; size, page and the query's own order do not
        apply. By date, articles are read as they are stored; any other order reads them one by one.

        Args:
            as_added: as they were added: no name is merged, blocked or spelled as others are.
        """
        ...

    def article(self, article_id: str) -> Article:
        """One article. Raises ArticleMissing if none has this id, ArticleGone if a former one is remembered."""
        ...

    def removals(self) -> Removals:
        """The articles that are blocked, and those that were removed, as of now rather than of the last commit."""
        ...

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        """One facet of a query, as specified by the listing; its histogram for the name `date`.

        On the first page of an unprefixed list, selected values that are not in it are appended, as in an answer to
        `search`; `distinct` counts the values that could be listed.
        """
        ...

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        """Persons, countries, topics, sources whose names begin with a text, most frequent first (see
        `search.names.completion`).
        """
        ...

    def similar(self, article: str | Article, query: Query) -> Results:
        """Articles like one, without it and its near-duplicates. The query's text and order are replaced; all else
        applies.

        Args:
            article: the id of an article, or one that is not in the archive.

        The new text consists of the most characteristic terms of the article (`search.measures.similar`); the answer
        contains it.

        Raises:
            ArticleMissing: if there is no article with this id.
        """
        ...

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:
        """The share of articles that match, over time, and the gaps of the archive (`search.measures.gaps`).

        Args:
            matching: the histogram of the query, in its interval, if it has been counted.
        """
        ...

    def special(self, query: Query, contrast: Contrast) -> Special:
        """The values, or words, that are more frequent in a result than elsewhere, or less; counted in all matches.

        Counts are of articles, also if near-duplicates count as one story (`Query.group`), since only articles divide a
        reference into what matches and what does not. `count` is the total of the query with the value as an additional
        filter, or with the exact word (`=word`) as an additional condition; `of` is that of the reference. With
        `contrast.than`, the reference is what the query or the other one finds.
        """
        ...

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        """The values that appear in the same articles of a result; all pairs are counted.

        A pair's count is the total of the query with both values as additional filters; with `Query.group`, stories of
        which one article has both are counted.
        """
        ...

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        """The articles of a result by one or two dimensions: facets, and calendar intervals.

        The count of a value is the total of the query with it as an additional filter, that of an interval the total
        within its days, that of a cell the total with both; with `Query.group`, stories are counted.

        Raises:
            BadQuery: if there would be more than `cross_table.MAX_CELLS` cells.
        """
        ...

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        """Up to five queries side by side, each with its own words, filters and dates.

        The total of each is that of a search. A count over time is that of the query within the days of the interval,
        one of a value that with the value as an additional filter. The count of an overlap is the number of articles
        that match all of its queries; with `Query.group`, of stories of which one article does.

        Raises:
            BadQuery: if there are none or more than five, or if they differ in `group` or `country_main`.
        """
        ...

    def copies(self, article_id: str) -> tuple[Article, ...]:
        """The other articles of an article's group, the first `MAX_COPIES`, oldest first, undated last, ties by id.

        Raises:
            ArticleMissing: if there is no article with this id.
        """
        ...

    def marked(self, articles: Sequence[Article], text: str) -> list[Marked]:
        """The positions of a query's words in each of some articles, by the same rules as in a search."""
        ...

    def narrowed(self, narrowing: Narrowing) -> Engine:
        """The same index as if it had only some of its articles, and had never had others; closed with this engine.

        Its scores are those of an index of these articles alone; those of a cluster are computed from the words of all.
        """
        ...

    def stats(self) -> Stats:
        """The contents of the index."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


def article_count(engine: Engine) -> int:
    """The number of articles of the last commit; `Engine.stats` computes more than this."""
    return engine.totals((Query(),))[0]


def present_among(engine: Engine, ids: Collection[str]) -> frozenset[str]:
    """Those of some ids that an article of the index has."""
    return engine.matching((Query(),), ids)[0]


def removed_since(engine: Engine, since: str) -> list[Removed]:
    """The remembered articles that were removed at a time or after it and not added again, newest first."""
    known = tombstones.newest(engine.removals().removed, since)
    there = present_among(engine, [one.id for one in known])
    return [one for one in known if one.id not in there]


@dataclass(frozen=True, slots=True)
class Purged:
    """The result of a purge.

    Attributes:
        found: the ids of which there was any data.
        renamed: near-duplicate groups that were named after one of them → their new names.
        left: called once, after all copies are processed: returns the files with such data that still exist, under
            other names than the index's.
        note: what has not been erased yet and will be; "" if nothing.
        articles: what was erased, as far as it could be read, to find what else tells of it.
    """

    found: frozenset[str]
    renamed: Mapping[str, str]
    left: Callable[[], frozenset[object]] = frozenset
    note: str = ""
    articles: tuple[Article, ...] = ()


Prepare = Callable[[Sequence[Article]], Any]
"""Converts articles to an argument of `Writer.add_prepared`, whose `len` is their number."""


class Writer(Closeable, Protocol):
    """Changes an index in transactions: nothing is visible before `commit`, everything after.

    There is one writer at a time. A context manager, which commits at the end, or rolls back on an exception.
    """

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The digests of these ids as committed; unknown ids are omitted."""
        ...

    def stored(self, article_id: str) -> Article | None:
        """The committed article of an id as it was added, not as it is shown; None if there is none."""
        ...

    def ids(self, collection: str) -> Iterator[str]:
        """The committed ids of one collection."""
        ...

    def add(self, article: Article) -> None:
        """Add an article, replacing the one with its id; the last one of a transaction wins.

        Raises ArticleBlocked if its id is blocked.
        """
        ...

    def preparing(self) -> AbstractContextManager[Callable[[], Prepare]]:
        """A factory to send to other processes, for functions that prepare articles there for this writer; one at a
        time.
        """
        ...

    def add_prepared(self, prepared: Any, groups: Sequence[str | None]) -> None:
        """Add articles that another process has prepared, as `add` does; all its results must be added, in order.

        Args:
            groups: the near-duplicate group of each article, since prepared ones have none; empty if none has a group.
        """
        ...

    def regroup(self, article_id: str, group: str) -> None:
        """Move an article to another near-duplicate group; does nothing if the article does not exist."""
        ...

    def delete(self, article_id: str) -> bool:
        """Remove an article. Lists that are being followed may still show it. Returns True if it existed."""
        ...

    def take_down(self, article_id: str) -> bool:
        """Remove an article also from lists that are being followed, which end with it. Returns True if it existed."""
        ...

    def purge(self, ids: Collection[str]) -> Purged:
        """Commit, remove articles, and rewrite everything that contains their data, also of earlier versions.

        Afterwards no file of the index has a byte of them, as far as the backend can tell.

        Raises:
            IndexProblem: if they are removed, but not everything could be rewritten.
        """
        ...

    def blocked(self) -> frozenset[str]:
        """The blocked ids."""
        ...

    def block(self, article_id: str) -> None:
        """Remove an article and block its id, from the next commit on."""
        ...

    def unblock(self, article_id: str) -> bool:
        """Unblock an id, from the next commit on. Returns True if it was blocked."""
        ...

    def has_takedowns(self) -> bool:
        """True if others have asked for takedowns that wait for the next commit."""
        ...

    def authority(self) -> Authority:
        """The authority file, as last set."""
        ...

    def set_authority(self, authority: Authority) -> None:
        """Replace the authority file, from the next commit on; no article is changed."""
        ...

    def commit(self) -> int:
        """Make all changes since the last commit visible at once. Returns the generation that has them."""
        ...

    def compact(self, most: int) -> int:
        """Commit, and remove deleted articles from the statistics of scores, if the backend does that on request.

        Args:
            most: how many articles may be copied.
        """
        ...

    def rollback(self) -> None:
        """Discard all changes since the last commit."""
        ...

    def close(self) -> None:
        """Release the lock. Uncommitted changes are discarded."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            super().__exit__(kind, error, trace)
