"""One query on one snapshot: what matches, in which order, and which of it is the page that was asked for.

`run` finds page and total; hits, facets and the cursor are made of them when they are asked for. Of a single word the
best are found without scoring all (see `Posted.best`). Where copies count as one story, the first in order of each
stands for it, and only these are in the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.budget import UNLIMITED, Budget
from search.local import kernels
from search.local.ask import cursor as cursors
from search.local.ask.cursor import Cursor
from search.local.ask.execute import Executor
from search.local.ask.facets import Filtered
from search.local.ask.snapshot import Snapshot
from search.local.ask.stories import Stories
from search.local.ask.terms import Articles, Posted, Scores, Weights
from search.query import UNSTORED, Query
from search.results import Hit
from search.snippets import Marker
from search.syntax import All, Fuzzy, Leaf, Parsed, leaves, parse

_SCORE_DIGITS = 6
_HEAP = 200
"""Hits up to which the best are picked in one pass; beyond, all matches are sorted."""


class Question:
    """One query on one snapshot; to be closed, as it works in borrowed memory.

    Attributes:
        total: how many articles match.
        page: the articles of the page asked for, in order, after their sort keys.
        more: whether others follow them.
        bare: whether there was no time for snippets and marks of each of them.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        without: Articles | None = None,
        budget: Budget = UNLIMITED,
        terms: Executor | None = None,
    ) -> None:
        """A question that was not answered yet.

        Args:
            without: articles that are not found, whatever they have.
            terms: what looks up terms for several questions, where this is one of them.
        """
        self.snapshot = snapshot
        self.query = query
        self.parsed: Parsed = parse(query.text)
        self._tree = self.parsed.tree
        self._scratch = snapshot.scratches.borrow()
        self._budget = budget
        self.executor = Executor(snapshot, self._scratch, budget, terms)
        self.leaves = tuple(leaves(self._tree))
        self._without = without
        self._markers: dict[str | None, Marker] = {}
        order = query.order
        self.order = "newest" if order == "relevance" and not self.leaves else order
        self._wanted = frozenset(query.fields)
        self.total = 0
        self.page: list[tuple[int, int]] = []
        self.more = False
        self.bare = False
        self._filtered: Filtered | None = None
        self._scores: Scores | None = None
        self._weights: Weights | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back; only what `run` found stays."""
        self.snapshot.scratches.give_back(self._scratch)

    @property
    def filtered(self) -> Filtered:
        """The matches, filtered, to be counted."""
        if self._filtered is None:
            if isinstance(self._tree, All):
                found: Articles = self.snapshot.everything
            elif not isinstance(self._tree, Leaf):
                found, self._scores = self.executor.matches(self._tree)
            elif self.order == "relevance" and not self._plain:
                found, self._weights = self.executor.term(self._tree).listed(self._scratch)
            else:
                found = self.executor.term(self._tree).articles(self._scratch)
            self._filtered = Filtered(self.snapshot, self.query, self.executor, found, self._scratch, self._without)
            if self._scores is not None:
                self._scores = self._filtered.beside(self._scores)
        return self._filtered

    @property
    def _plain(self) -> bool:
        """Whether all that matches the text is found, but for what is deleted."""
        query = self.query
        asked = (query.filters, query.date_from, query.date_to, query.date_missing, query.added_from, query.added_to)
        return self._without is None and not any(asked)

    @property
    def scores(self) -> Scores:
        """The score of each article that matches and passes all filters; zeros without text."""
        articles = self.filtered.articles
        if self._scores is None:
            if self._weights is not None:
                assert isinstance(self._tree, Leaf)
                self._scores = self.executor.scored(self._tree, articles, self.filtered.beside(self._weights))
            elif isinstance(self._tree, Leaf):
                self._scores = self.executor.scores(self._tree, articles)
            else:
                self._scores = self._scratch.zeros(len(articles), np.float64)
        return self._scores

    def _keys(self, articles: Articles) -> NDArray[np.int64]:
        """The sort keys of all matches, ascending."""
        keys = np.empty(len(articles), np.int64)
        if self.order == "relevance":
            kernels.score_keys(self.scores, keys)
        else:
            kernels.instant_keys(articles, *self._time, keys)
        return keys

    @property
    def _time(self) -> tuple[NDArray[np.int64], bool]:
        """The instants that a list in time is sorted by, and whether the latest come first."""
        name = self.order if self.order in ("added", "changed") else "published"
        return self.snapshot.instants[name], self.order != "oldest"

    @property
    def _stories(self) -> Stories | None:
        """The groups of copies, where they count as one story and there are any."""
        return self.snapshot.stories if self.query.group and len(self.snapshot.stories.order) else None

    def _listed(self) -> tuple[Articles, NDArray[np.int64]]:
        """The articles of the whole list, ascending, and their sort keys."""
        articles = self.filtered.articles
        keys = self._keys(articles)
        if stories := self._stories:
            kept = stories.best(articles, keys, self._scratch)
            articles, keys = articles[kept], keys[kept]
        return articles, keys

    def ordered(self) -> list[int]:
        """The numbers of all articles of the list in the order asked for, ties by id."""
        return self._sorted(*self._listed())

    def _sorted(self, articles: Articles, keys: NDArray[np.int64]) -> list[int]:
        """Articles by key, ties by id."""
        snapshot = self.snapshot
        order = np.lexsort((snapshot.ranks[articles], keys))
        if len(snapshot.segments) == 1:
            return articles[order].tolist()  # type: ignore[no-any-return]
        found: list[int] = articles[order].tolist()
        for begin, end in _ties(keys[order].tolist()):
            found[begin:end] = sorted(found[begin:end], key=snapshot.id)
        return found

    def run(self) -> None:
        """Find the page asked for, whether more follows, and how many match in all."""
        start = (self.query.page - 1) * self.query.size
        end = start + self.query.size
        wanted = end + 1 if self.query.size else 0
        if self.query.cursor is not None:
            self._run_on(wanted)
            return
        if self._is_one_word and wanted <= _HEAP:
            assert isinstance(self._tree, Leaf)
            term = self.executor.term(self._tree)
            assert isinstance(term, Posted)
            self.total = term.count if self.snapshot.whole else len(self.filtered.articles)
            found = term.best(wanted, self.executor.idf(self._tree)) if wanted else []
        elif self._stories or wanted > _HEAP:
            articles, keys = self._listed()
            self.total = len(articles)
            found = _first(articles, keys, wanted)
        else:
            articles = self.filtered.articles
            self.total = len(articles)
            found = self._best(articles, wanted)
        self._cut(self._ranked(found, wanted), start, end)

    @property
    def _is_one_word(self) -> bool:
        if self.order != "relevance" or not isinstance(self._tree, Leaf):
            return False
        return self._plain and not self._stories and isinstance(self.executor.term(self._tree), Posted)

    def _run_on(self, wanted: int) -> None:
        """Find the page after a cursor."""
        place = cursors.read(self.query.cursor or "", self.order)
        if (place.generation, place.mark) != (self.snapshot.generation, self.snapshot.mark):
            raise cursors.expired(self.query.cursor or "")
        articles, keys = self._listed()
        self.total = len(articles)
        left = keys > place.key
        tied = np.flatnonzero(keys == place.key).tolist()
        left[[n for n in tied if self.snapshot.id(int(articles[n])) > place.id]] = True
        articles, keys = articles[left], keys[left]
        numbers = self._sorted(articles, keys)[:wanted]
        places = np.searchsorted(articles, np.array(numbers, np.uint32))
        self._cut(list(zip(keys[places].tolist(), numbers, strict=True)), 0, self.query.size)

    def _best(self, articles: Articles, size: int) -> list[tuple[int, int]]:
        """The first of each segment, after their keys."""
        snapshot = self.snapshot
        segments = len(snapshot.segments)
        kept = np.zeros(segments, np.int64)
        keys, best = np.empty((segments, size), np.int64), np.empty((segments, size), np.uint32)
        if self.order == "relevance":
            kernels.best_by_score(articles, self.scores, snapshot.starts, snapshot.ranks, kept, keys, best)
        else:
            kernels.best_by_instant(articles, *self._time, snapshot.starts, snapshot.ranks, kept, keys, best)
        found: list[tuple[int, int]] = []
        for n, row_keys, row in zip(kept.tolist(), keys.tolist(), best.tolist(), strict=True):
            found += zip(row_keys[:n], row[:n], strict=True)
        return found

    def _ranked(self, found: list[tuple[int, int]], wanted: int) -> list[tuple[int, int]]:
        """The first ones, by key, ties by id."""
        found.sort()
        if len(found) > wanted > 0:
            bar = found[wanted - 1][0]
            found = [entry for entry in found if entry[0] <= bar]
        for begin, end in _ties([key for key, _ in found]):
            found[begin:end] = sorted(found[begin:end], key=lambda entry: self.snapshot.id(entry[1]))
        return found[:wanted]

    def _cut(self, found: list[tuple[int, int]], start: int, end: int) -> None:
        self.page = found[start:end]
        self.more = self.query.size > 0 and len(found) > end

    def cursor(self) -> str | None:
        """The cursor that goes on after the page; None when nothing follows."""
        if not self.more:
            return None
        key, article = self.page[-1]
        snapshot = self.snapshot
        return cursors.write(Cursor(snapshot.generation, snapshot.mark, self.order, key, snapshot.id(article)))

    def similar(self) -> dict[Fuzzy, list[str]]:
        """The forms that each `Fuzzy` of the query stands for."""
        return {leaf: self.executor.similar(leaf) for leaf in self.leaves if isinstance(leaf, Fuzzy)}

    def ids(self) -> list[str]:
        """The ids of the page."""
        return [self.snapshot.id(article) for _, article in self.page]

    def hits(self) -> list[Hit]:
        """The page, with snippets; without them from where the time has passed, which `bare` then tells."""
        return [self._hit(number, score) for (_, number), score in zip(self.page, self._page_scores(), strict=True)]

    def _page_scores(self) -> list[float | None]:
        if not self.leaves:
            return [None] * len(self.page)
        if self.order == "relevance":
            return [-key / 10**_SCORE_DIGITS for key, _ in self.page]
        page = np.array([number for _, number in self.page], np.uint32)
        if isinstance(self._tree, Leaf):
            order = np.argsort(page)
            scores = np.empty(len(page))
            scores[order] = self.executor.scores(self._tree, page[order])
        else:
            scores = self.scores[np.searchsorted(self.filtered.articles, page)]
        return [round(score, _SCORE_DIGITS) for score in scores.tolist()]

    def _hit(self, number: int, score: float | None) -> Hit:
        group = self.snapshot.stories.of(number) if "group" in self._wanted else None
        if self._wanted <= UNSTORED:
            return Hit(Article(self.snapshot.id(number), ""), score, (), (), group)
        article = self.snapshot.article(number)
        if self._budget.spent:
            self.bare = True
            return Hit(article, score, (), (), group)
        marker = self.marker(article.language)
        return Hit(
            article,
            score,
            marker.snippets(article.text) if "snippets" in self._wanted else (),
            marker.marks(article.title, "title") if "title_marks" in self._wanted else (),
            group,
        )

    def marker(self, language: str | None) -> Marker:
        """What marks the words of the query in texts of a language."""
        marker = self._markers.get(language)
        if marker is None:
            marker = Marker(self.leaves, language, self.similar())
            self._markers[language] = marker
        return marker


def _first(articles: Articles, keys: NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """The first articles by key, all that are equal to the last of them included, after their keys."""
    if 0 < size < len(keys):
        kept = keys <= np.partition(keys, size - 1)[size - 1]
        articles, keys = articles[kept], keys[kept]
    return list(zip(keys.tolist(), articles.tolist(), strict=True)) if size else []


def _ties(keys: list[int]) -> Iterator[tuple[int, int]]:
    """Where more than one of ascending keys are equal."""
    begin = 0
    for end in range(1, len(keys) + 1):
        if end == len(keys) or keys[end] != keys[begin]:
            if end - begin > 1:
                yield begin, end
            begin = end
