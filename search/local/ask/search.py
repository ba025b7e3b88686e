"""One query on one snapshot: the requested page, its hits, its facets and the cursor to the next page.

`run` finds the total and the page; hits, facets and cursor are computed on demand. `matching` decides what matches,
`ranking` the order, `facets` the counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from search import cursor as cursors
from search.article import Article
from search.budget import UNLIMITED, Budget
from search.closeable import Closeable
from search.json import Json
from search.local.ask.cursor import Cursor, read
from search.local.ask.execute import Executor
from search.local.ask.facets import Facets
from search.local.ask.matching import Matching
from search.local.ask.ranking import SCORE_DIGITS, Ranked, Ranking
from search.local.ask.snapshot import Snapshot
from search.local.ask.terms import Articles
from search.query import UNSTORED, Query
from search.results import Hit, Mark, Snippet, Stored
from search.snippets.marker import Marker
from search.syntax import Parsed, parse
from search.syntax.nodes import Fuzzy, Value, leaves, sought

CHARACTERS = 200_000
"""Characters that are highlighted before the time is looked at again."""


class Search(Closeable):
    """One query on one snapshot; to be closed, since it works in borrowed memory.

    Args:
        without: articles that are excluded, whatever they contain.
        terms: an executor that looks up terms for several queries, this one among them.

    Attributes:
        total: articles (or stories) that match, after `run`.
        page: sort keys and articles of the page, in order, after `run`.
        more: True if others follow the page, after `run`.
        bare: True if time ran out before all hits had snippets and marks, after `hits`.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        without: Articles | None = None,
        budget: Budget = UNLIMITED,
        terms: Executor | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.query = query
        self.parsed: Parsed = parse(query.text)
        self.leaves = tuple(leaves(self.parsed.tree))
        self._order = "newest" if query.order == "relevance" and not self.leaves else query.order
        self._budget = budget
        self._scratch = snapshot.scratches.borrow()
        self.executor = Executor(snapshot, self._scratch, budget, terms)
        ranked = self._order == "relevance"
        self._matching = Matching(snapshot, query, self.parsed.tree, self.executor, self._scratch, ranked, without)
        self._markers: dict[str | None, Marker] = {}
        self.total = 0
        self.page: Ranked = []
        self.more = False
        self.bare = False

    def close(self) -> None:
        """Return the memory; only the results of `run` remain valid."""
        self.snapshot.scratches.give_back(self._scratch)

    @property
    def articles(self) -> Articles:
        """The matches that pass all filters, ascending."""
        return self._matching.articles

    @cached_property
    def facets(self) -> Facets:
        """Counts the matches."""
        return Facets(self.snapshot, self.query, self._matching.filtered, self._scratch)

    @cached_property
    def _ranking(self) -> Ranking:
        stories = self.snapshot.stories if self.query.group and len(self.snapshot.stories.order) else None
        return Ranking(self.snapshot, self._matching, self._order, stories, self._scratch)

    def run(self) -> None:
        """Find the page, and how many match in all. Raises BadQuery, CursorExpired, OutOfTime."""
        size = self.query.size
        if self.query.cursor is not None:
            start = 0
            found = self._after(self.query.cursor, size + 1 if size else 0)
        else:
            start = (self.query.page - 1) * size
            self.total, found = self._ranking.first(start + size + 1 if size else 0)
        self.page = found[start : start + size]
        self.more = size > 0 and len(found) > start + size

    def _after(self, cursor: str, wanted: int) -> Ranked:
        place = read(cursor, self._order)
        if (place.generation, place.mark) != (self.snapshot.generation, self.snapshot.mark):
            raise cursors.expired(cursor)
        self.total, found = self._ranking.after(place, wanted)
        return found

    def cursor(self) -> str | None:
        """The cursor of the next page; None if there is none."""
        if not self.more:
            return None
        key, article = self.page[-1]
        snapshot = self.snapshot
        return cursors.write(Cursor(snapshot.generation, snapshot.mark, self._order, key, snapshot.id(article)))

    def ordered(self) -> list[int]:
        """The numbers of all matches in the requested order, ties by id."""
        return self._ranking.all()

    def by_story(self) -> tuple[Articles, NDArray[np.int32]]:
        """The matches in an order in which those of a story follow one another, and the story of each article.

        The second is `Stories.numbers`; empty if stories do not matter.
        """
        articles, told = self.articles, self.snapshot.stories if self.query.group else None
        if told is None or not len(told.order):
            return articles, np.empty(0, np.int32)
        inside = np.zeros(self.snapshot.size, np.bool_)
        inside[articles] = True
        return np.concatenate([articles[told.numbers[articles] < 0], told.order[inside[told.order]]]), told.numbers

    def hits(self) -> list[Hit]:
        """The page with snippets, as far as time allows (see `bare`)."""
        wanted, snapshot = self.query.wanted, self.snapshot
        numbers = [number for _, number in self.page]
        groups = map(snapshot.stories.of, numbers) if "group" in wanted else [None] * len(numbers)
        if wanted <= UNSTORED:
            bare = [Article(snapshot.id(number), "") for number in numbers]
            return list(map(Hit, bare, self._page_scores(), repeat(()), repeat(()), groups))
        records, articles = [], []
        for number in numbers:
            record, article = snapshot.stored(number)
            records.append(record)
            articles.append(article)
        snippets, marks = self._highlighted(records, articles, "snippets" in wanted, "title_marks" in wanted)
        return list(map(Hit, articles, self._page_scores(), snippets, marks, groups))

    def _page_scores(self) -> list[float | None]:
        if not self.leaves:
            return [None] * len(self.page)
        if self._order == "relevance":
            return [-key / 10**SCORE_DIGITS for key, _ in self.page]
        scores = self._matching.scores_of([number for _, number in self.page])
        return [round(score, SCORE_DIGITS) for score in scores.tolist()]

    def _highlighted(
        self, records: Sequence[Json], articles: Sequence[Stored], snippets: bool, marks: bool
    ) -> tuple[list[tuple[Snippet, ...]], list[tuple[Mark, ...]]]:
        """The snippets, and the marks in the title, of each article."""
        found_snippets: list[tuple[Snippet, ...]] = [()] * len(records)
        found_marks: list[tuple[Mark, ...]] = [()] * len(records)
        if not (snippets or (marks and self.leaves)):
            return found_snippets, found_marks
        named = any(isinstance(one, Value) for one in sought(self.leaves))
        for places in _together(records):
            if self._budget.spent:
                self.bare = True
                break
            some = [records[place] for place in places]
            marker = self.marker(some[0]["language"])
            texts = [one["text"] for one in some] if snippets else []
            titles = [one["title"] for one in some] if marks else []
            said = [articles[place].read().evidence for place in places] if named else []
            shown, marked = marker.all(texts, titles, [*said[: len(texts)], *said[: len(titles)]])
            for place, passages in zip(places, shown, strict=False):
                found_snippets[place] = passages
            for place, ranges in zip(places, marked, strict=False):
                found_marks[place] = ranges
        return found_snippets, found_marks

    def marker(self, language: str | None) -> Marker:
        """Finds the words of the query in texts of a language."""
        marker = self._markers.get(language)
        if marker is None:
            parts = list(sought(self.leaves))
            similar = {leaf: self.executor.similar(leaf) for leaf in parts if isinstance(leaf, Fuzzy)}
            facets = self.snapshot.facets
            shown = {one: facets[one.facet].spelling(one.value) for one in parts if isinstance(one, Value)}
            marker = self._markers[language] = Marker(self.leaves, language, similar, shown)
        return marker


def _together(records: Sequence[Json]) -> Iterator[list[int]]:
    """The places of articles in one language, with some `CHARACTERS` or a single text each."""
    waiting: dict[str | None, list[int]] = {}
    sizes: dict[str | None, int] = {}
    for place, record in enumerate(records):
        language = record["language"]
        waiting.setdefault(language, []).append(place)
        sizes[language] = sizes.get(language, 0) + len(record["text"])
        if sizes[language] > CHARACTERS:
            yield waiting.pop(language)
            del sizes[language]
    yield from waiting.values()
