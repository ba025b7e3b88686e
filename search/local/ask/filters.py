"""The matches of a text that pass a query's filters, and those that pass all filters but one.

Each filter has one bit, which is set for the articles that pass it. A facet counts the articles that have all bits
except that of its own filter, so no facet costs a query of its own. A filter's `all` and `none` always apply, as do
the list and the range of `added`: they narrow the matches before any bit is set.

Not for counting: `facets` and `histogram` do that.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.fields import MEASURES
from search.files.array_file import Array
from search.kernels import counting, matching
from search.local.ask.members import members
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.execute import Executor
from search.local.ask.tree.terms import Articles
from search.local.format.layout import UNKNOWN_DAY
from search.local.format.scratch import SPARSE, Scratch
from search.text.tokens import fold
from search.values.query import Query

MOST = 0.6
"""The share of the archive above which it is cheaper to count the articles that do not match."""

_LAST_DAY = 1 << 40
_NONE: Articles = np.empty(0, np.uint32)


class Filtered:
    """The matches of a query's text, filtered.

    Args:
        found: the matches of the text, ascending; may contain deleted articles.
        without: articles that are excluded.
        within: the only live articles that are looked at, ascending; None for all.

    Attributes:
        articles: the matches that pass all filters, ascending.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        executor: Executor,
        found: Articles,
        scratch: Scratch,
        without: Articles | None = None,
        within: Articles | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._query = query
        self._within = within
        self._executor = executor
        self._scratch = scratch
        self._found = found
        self._base = self._narrowed(found if without is None else self._without_flagged(found, self._flagged(without)))
        self._flags: NDArray[np.uint8] | None = None
        self._bits: dict[str, int] = {}
        for name in query.filters:
            self._filter(name)
        self._filter_days()
        self.articles = self._passing(sum(self._bits.values()))
        self._complements: list[tuple[Articles, Articles]] = []

    def without_own(self, facet: str) -> Articles:
        """The matches that pass every filter except that of one facet, ascending."""
        if facet not in self._bits:
            return self.articles
        return self._passing(sum(bit for name, bit in self._bits.items() if name != facet))

    def passing(self, values: Array) -> Array:
        """Reduce an array with a number for each match of the text to the articles that pass all filters."""
        if len(self.articles) == len(values):
            return values
        remaining = self._scratch.take(len(self.articles) + 1, values.dtype)
        return remaining[: matching.pick(self._found, values, self._flagged(self.articles), remaining)]

    def complement(self, articles: Articles) -> Articles | None:
        """The other live articles of the archive, if there are much fewer of them; None otherwise."""
        if len(articles) < MOST * self._snapshot.count:
            return None
        if len(articles) == self._snapshot.count:
            return _NONE
        for known, rest in self._complements:
            if known is articles:
                return rest
        snapshot = self._snapshot
        out, flags = self._scratch.take(snapshot.size, np.uint32), self._scratch.take(snapshot.size, np.uint8)
        flags[:] = snapshot.live
        rest = out[: matching.complement(articles, flags, out)]
        self._complements.append((articles, rest))
        return rest

    def _narrowed(self, articles: Articles) -> Articles:
        """The live articles that pass what applies to every facet."""
        if self._within is not None:
            articles = self._among(articles, self._within)
        elif not self._snapshot.whole:
            live = self._scratch.take(len(articles), np.uint32)
            articles = live[: matching.keep_live(articles, self._snapshot.live, live)]
        if self._query.list:
            articles = self._among(articles, members(self._snapshot, self._query.list))
        if self._query.scan:
            articles = self._with_bits(articles, self._snapshot.scanned, 1)
        for name, least, missing in self._query.measured():
            values: NDArray[np.uint8] = getattr(self._snapshot, MEASURES[name])[articles]
            passing = values > least if least is not None else np.zeros(len(values), np.bool_)
            articles = articles[passing | (values == 0) if missing else passing]
        if (when := self._query.added_instants()) is not None:
            low, high = when
            added = self._snapshot.instants["added"][articles]
            articles = articles[(added >= low) & (added < high)]
        for name, wanted in self._query.filters.items():
            column = self._query.counted(name)
            for value in {fold(value): value for value in wanted.all}.values():
                articles = self._with_bits(articles, self._having(column, (value,)), 1)
            if wanted.none:
                articles = self._without_flagged(articles, self._having(column, wanted.none))
        return articles

    @staticmethod
    def _among(articles: Articles, few: Articles) -> Articles:
        """The articles that are among some others, which are few; both ascending."""
        places = np.searchsorted(articles, few)
        there = places < len(articles)
        found: Articles = few[there][articles[places[there]] == few[there]]
        return found

    def _flagged(self, articles: Articles) -> NDArray[np.uint8]:
        flags: NDArray[np.uint8] = self._scratch.zeros(self._snapshot.size, np.uint8)
        flags[articles] = 1
        return flags

    def _having(self, name: str, values: tuple[str, ...]) -> NDArray[np.uint8]:
        """Flags of the articles that have one of the given values."""
        flags: NDArray[np.uint8] = self._scratch.zeros(self._snapshot.size, np.uint8)
        for term in self._executor.values(name, values):
            term.mark(flags, 1)
        return flags

    def _with_bits(self, articles: Articles, flags: NDArray[np.uint8], bits: int) -> Articles:
        """The articles that have all the given bits."""
        remaining = self._scratch.take(len(articles), np.uint32)
        return remaining[: matching.keep(articles, flags, bits, remaining)]

    def _without_flagged(self, articles: Articles, flags: NDArray[np.uint8]) -> Articles:
        """The articles that are not flagged."""
        remaining = self._scratch.take(len(articles), np.uint32)
        return remaining[: matching.drop(articles, flags, 1, remaining)]

    def _passing(self, bits: int) -> Articles:
        return self._base if self._flags is None or not bits else self._with_bits(self._base, self._flags, bits)

    def _bit(self, name: str) -> tuple[NDArray[np.uint8], int]:
        """The flags, and the bit of a filter in them."""
        if self._flags is None:
            self._flags = self._scratch.zeros(self._snapshot.size, np.uint8)
        bit = self._bits[name] = 1 << len(self._bits)
        return self._flags, bit

    def _filter(self, name: str) -> None:
        wanted, column = self._query.filter(name), self._query.counted(name)
        if wanted.any or wanted.missing:
            flags, bit = self._bit(name)
            for term in self._executor.values(column, wanted.any):
                term.mark(flags, bit)
            if wanted.missing:
                rows = self._snapshot.facets[column].rows
                counting.mark_missing(self._base, rows.sets, rows.offsets, bit, flags)

    def _filter_days(self) -> None:
        first, last = self._query.days()
        missing = self._query.date_missing
        if first or last or missing:
            low = first.toordinal() if first else 1
            high = last.toordinal() if last else (_LAST_DAY if first else UNKNOWN_DAY)
            if self._snapshot.within_days(low, high, missing):
                return
            flags, bit = self._bit("date")
            span = max(high - low + 1, 0)
            if len(self._base) * SPARSE < self._snapshot.size:
                counting.mark_days_of(self._base, self._snapshot.days, low, span, missing, bit, flags)
            else:
                counting.mark_days(self._snapshot.days, low, span, missing, bit, flags)
