"""The matches of one query on one snapshot, filtered, and their scores, each computed at first use.

Nothing is read before `filtered` is used, so that the best articles of a single word can be found without it (see
`Posted.best`); and a list sorted by date is not scored beyond its page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.local.ask.filters import Filtered
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.execute import Executor
from search.local.ask.tree.terms import Articles, Posted, Scores, Weights
from search.local.format.scratch import Scratch
from search.syntax.nodes import All, Leaf, Node
from search.system.lazy import cached_property
from search.values.query import Query


class Matching:
    """The matches of a query.

    Args:
        tree: the query's text, parsed.
        ranked: True if the matches will be sorted by score.
        without: articles that are excluded.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        tree: Node,
        executor: Executor,
        scratch: Scratch,
        ranked: bool,
        without: Articles | None = None,
        within: Articles | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._query = query
        self._tree = tree
        self._executor = executor
        self._scratch = scratch
        self._ranked = ranked
        self._without = without
        self._within = within
        self._scores: Scores | None = None
        self._weights: Weights | None = None

    @property
    def unfiltered(self) -> bool:
        """True if every live match of the text is a match of the query."""
        return self._without is None and self._within is None and not self._query.filtered

    @cached_property
    def word(self) -> tuple[Posted, float] | None:
        """The term that is the whole query, unfiltered, and its idf; None if there is more to it."""
        if not isinstance(self._tree, Leaf) or not self.unfiltered:
            return None
        term = self._executor.term(self._tree)
        return (term, self._executor.idf(self._tree)) if isinstance(term, Posted) else None

    @cached_property
    def filtered(self) -> Filtered:
        """The filtered matches, from which facets are counted."""
        if isinstance(self._tree, All):
            found: Articles = self._snapshot.everything
        elif not isinstance(self._tree, Leaf):
            found, self._scores = self._executor.matches(self._tree)
        elif self._ranked and not self.unfiltered:
            found, self._weights = self._executor.term(self._tree).listed(self._scratch)
        else:
            found = self._executor.term(self._tree).articles(self._scratch)
        return Filtered(self._snapshot, self._query, self._executor, found, self._scratch, self._without, self._within)

    @property
    def articles(self) -> Articles:
        """The matches that pass all filters, ascending."""
        return self.filtered.articles

    @cached_property
    def scores(self) -> Scores:
        """The score of each of `articles`; zeros if the query has no words."""
        filtered = self.filtered  # before the scores that it may set
        if self._scores is not None:
            scores: Scores = filtered.passing(self._scores)
        elif self._weights is not None:
            assert isinstance(self._tree, Leaf)
            scores = self._executor.scored(self._tree, filtered.articles, filtered.passing(self._weights))
        elif isinstance(self._tree, Leaf):
            scores = self._executor.scores(self._tree, filtered.articles)
        else:
            scores = self._scratch.zeros(len(filtered.articles), np.float64)
        return scores

    def add(self, more: Scores) -> None:
        """Add to the score of each of `articles`."""
        self.__dict__["word"] = None  # its score alone decides no more
        self.scores = self.scores + more

    def scores_of(self, numbers: Sequence[int]) -> Scores:
        """The scores of the given matches, in any order."""
        page = np.array(numbers, np.uint32)
        if not isinstance(self._tree, Leaf):
            return self.scores[np.searchsorted(self.articles, page)]
        order = np.argsort(page)
        scores = np.empty(len(page))
        scores[order] = self._executor.scores(self._tree, page[order])
        return scores
