"""One query on one snapshot: the requested page, its hits, its facets and the cursor to the next page.

`run` finds the total and the page; hits, facets and cursor are computed on demand. `matching` decides what matches,
`ranking` the order, `facets` the counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from search import cursor as cursors
from search.local.ask.cursor import Cursor, read
from search.local.ask.facets import Facets
from search.local.ask.matching import Matching
from search.local.ask.ranking import SCORE_DIGITS, Ranked, Ranking
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.execute import Executor
from search.local.ask.tree.terms import Articles
from search.meaning import model
from search.meaning.feedback import ARTICLES, Expansion, First, expansions, typed
from search.meaning.nearness import Near, ToQuestion, applies
from search.measures.explaining import ends, explained
from search.names.vocabulary import labelled
from search.snippets.marker import Marker
from search.syntax import Parsed, asked, settled, write
from search.syntax.nodes import Fuzzy, Leaf, Misread, Node, Value, leaves, sought
from search.system.budget import UNLIMITED, Budget
from search.system.closeable import Closeable
from search.system.lazy import cached_property
from search.values.article import Article
from search.values.query import UNSTORED, Query
from search.values.results import Hit, Mark, Scored, Snippet, Stored

CHARACTERS = 200_000
"""Characters that are highlighted before the time is looked at again."""


class Search(Closeable):
    """One query on one snapshot; to be closed, since it works in borrowed memory.

    Args:
        without: articles that are excluded, whatever they contain.
        within: the only articles that are looked at, ascending; None for all.
        near: what the order goes by, too, if not the question.
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
        within: Articles | None = None,
        near: Near | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._budget = budget
        self._scratch = snapshot.scratches.borrow()
        self.executor = Executor(snapshot, self._scratch, budget, terms)
        with labelled(snapshot.authority.given_labels):
            self.query = query = settled(query, self.total_of, snapshot.languages)
            self.parsed: Parsed = asked(query, snapshot.languages)
        self._without, self._within = without, within
        self._near = near or ToQuestion(query.text)
        self.leaves = tuple(leaves(self.parsed.tree))
        self._order = "newest" if query.order == "relevance" and not self.leaves else query.order
        ranked = self._order == "relevance"
        self._matching = Matching(
            snapshot, query, self.parsed.tree, self.executor, self._scratch, ranked, without, within
        )
        self._markers: dict[str | None, Marker] = {}
        self.total = 0
        self.page: Ranked = []
        self.more = False
        self.bare = False

    def close(self) -> None:
        """Return the memory; only the results of `run` remain valid."""
        self.snapshot.scratches.give_back(self._scratch)

    def total_of(self, query: Query) -> int:
        """The number of articles that another query finds in the same generation."""
        with Search(self.snapshot, query, budget=self._budget, terms=self.executor) as other:
            other.run()
            return other.total

    @property
    def articles(self) -> Articles:
        """The matches that pass all filters, ascending."""
        return self._matching.articles

    @cached_property
    def facets(self) -> Facets:
        """Counts the matches."""
        return Facets(self.snapshot, self.query, self._matching.filtered, self._scratch)

    @cached_property
    def expansions(self) -> tuple[Expansion, ...]:
        """The terms that the order uses besides the query's; empty if it does not (see `search.meaning.feedback`)."""
        query, counted = self.query, self.parsed.counted
        if not (counted and (query.size or query.cursor) and query.rank == "best" and self._order == "relevance"):
            return ()
        _, ranked = self._ranked(one_of_each=True).first(ARTICLES)
        numbers = np.sort(np.array([number for _, number in ranked], np.uint32))
        complete = np.logical_and.reduce([self.executor.has(part, numbers) for part in counted])
        if not ranked or complete.any():
            return ()
        firsts: list[First] = []
        for key, number in ranked:
            record = self.snapshot.stored(number)[0]
            firsts.append(First(record["title"], record["text"], record.get("language"), -key / 10**SCORE_DIGITS))
        return expansions(firsts, len(counted), self.executor.counts, self.snapshot.scored)

    @cached_property
    def meaning(self) -> dict[int, float]:
        """What nearness in meaning adds to the scores of articles, by number; empty if the order does not use it.

        Asked for when the scores have those of `expansions`, and no more.
        """
        near = self._near
        if not applies(near, self.query, self.expansions):
            return {}
        _, ranked = self._ranked(one_of_each=False).first(near.head)
        numbers = [number for _, number in ranked]
        self._budget.check()
        more = near.added([-key / 10**SCORE_DIGITS for key, _ in ranked], self.snapshot.meanings(numbers))
        return dict(zip(numbers, more, strict=True)) if more else {}

    @cached_property
    def _ranking(self) -> Ranking:
        if self.expansions:
            self._matching.add(self.executor.expanded(self.expansions, self.articles))
        if self.meaning:
            more = np.zeros(len(self.articles))
            more[np.searchsorted(self.articles, np.array([*self.meaning], np.uint32))] = [*self.meaning.values()]
            self._matching.add(more)
        return self._ranked(one_of_each=bool(self.query.group))

    @cached_property
    def _list(self) -> str:
        """The name of the list in cursors."""
        _ = self._ranking  # before the meaning
        added = [f"{one.term} {one.weight:.9f}" for one in self.expansions]
        added += [model.TERM] * bool(self.meaning)
        return cursors.named(self.query, self.parsed.tree, self._order, added)

    def _ranked(self, one_of_each: bool) -> Ranking:
        """The matches in order; `one_of_each` story, if that is wanted."""
        stories = self.snapshot.stories if one_of_each and len(self.snapshot.stories.order) else None
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
        place = read(cursor, self._list)
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
        return cursors.write(Cursor(snapshot.generation, snapshot.mark, self._list, key, snapshot.id(article)))

    def ends(self) -> list[int]:
        """The numbers of the first match by date, and of the last, ties by id; empty if nothing matches."""
        found = [Ranking(self.snapshot, self._matching, one, None, self._scratch).first(1)[1] for one in _BY_DATE]
        return [number for ranked in found for _, number in ranked]

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
        grouped = "group" in wanted and len(snapshot.stories.order)
        groups = map(snapshot.stories.of, numbers) if grouped else [None] * len(numbers)
        if wanted <= UNSTORED:
            bare = [Article(snapshot.id(number), "") for number in numbers]
            why = self._scored()
            return list(map(Hit, bare, self._page_scores(), repeat(()), repeat(()), groups, self._missing(), why))
        if "snippets" in wanted:
            records, articles = zip(*map(snapshot.stored, numbers), strict=True) if numbers else ((), ())
            texts = [record["text"] for record in records]
        else:
            texts, articles = [], tuple(map(snapshot.listed, numbers))
        snippets, marks = self._highlighted(articles, texts, "title_marks" in wanted)
        why = self._scored()
        return list(map(Hit, articles, self._page_scores(), snippets, marks, groups, self._missing(), why))

    def besides(self, tree: Node) -> Articles:
        """What another tree finds under the same filters that this one does not."""
        mine = self.articles
        with self.executor.aside():
            other = Matching(
                self.snapshot, self.query, tree, self.executor, self._scratch, False, self._without, self._within
            )
            return np.setdiff1d(other.articles, mine, assume_unique=True)

    def _missing(self) -> list[tuple[str, ...]]:
        """The parts of the text that each article of the page does not have."""
        numbers = np.array([number for _, number in self.page], np.uint32)
        order = np.argsort(numbers)
        missing: list[tuple[str, ...]] = [()] * len(numbers)
        for part in self.parsed.counted:
            for place in order[~self.executor.has(part, numbers[order])].tolist():
                missing[place] += (write(part),)
        return missing

    def _scored(self) -> list[tuple[Scored, ...]]:
        """What the score of each article of the page is made of, if that was asked for."""
        numbers = np.array([number for _, number in self.page], np.uint32)
        if not self.query.explain:
            return [()] * len(numbers)
        order = np.argsort(numbers)
        ascending = numbers[order]
        has = {end: self.executor.has(end, ascending) for end in ends(self.parsed.tree)}
        scores = {leaf: self.executor.scores(leaf, ascending) for leaf in self.leaves}
        own = typed(self.leaves, self.snapshot.languages)
        added = [
            (own.get(one.term, one.form), one.term not in own, self.executor.expanded((one,), ascending))
            for one in self.expansions
        ]
        made: list[tuple[Scored, ...]] = [()] * len(numbers)
        for at, place in enumerate(order.tolist()):
            made[place] = explained(
                self.parsed.tree,
                {end: some[at] for end, some in has.items()}.__getitem__,
                {leaf: float(some[at]) for leaf, some in scores.items()},
                [(term, expansion, float(some[at])) for term, expansion, some in added],
                self.meaning.get(int(ascending[at]), 0.0),
            )
        return made

    def _page_scores(self) -> list[float | None]:
        if not self.leaves:
            return [None] * len(self.page)
        if self._order == "relevance":
            return [-key / 10**SCORE_DIGITS for key, _ in self.page]
        scores = self._matching.scores_of([number for _, number in self.page])
        return [round(score, SCORE_DIGITS) for score in scores.tolist()]

    def _highlighted(
        self, articles: Sequence[Stored], texts: Sequence[str], marks: bool
    ) -> tuple[list[tuple[Snippet, ...]], list[tuple[Mark, ...]]]:
        """The snippets of the page's articles, if there are texts, and with `marks` the marks in their titles."""
        found_snippets: list[tuple[Snippet, ...]] = [()] * len(articles)
        found_marks: list[tuple[Mark, ...]] = [()] * len(articles)
        marks = marks and bool(self.leaves)
        if not articles or not (texts or marks):
            return found_snippets, found_marks
        named = any([isinstance(one, Value) for one in sought(self.leaves)])
        languages = self.snapshot.languages_of([number for _, number in self.page])
        for language, places in _together(languages, list(map(len, texts))):
            if self._budget.spent:
                self.bare = True
                break
            some = [texts[place] for place in places] if texts else []
            titles = [articles[place].title for place in places] if marks else []
            said = [articles[place].read().evidence for place in places] if named else []
            shown, marked = self.marker(language).all(some, titles, [*said[: len(some)], *said[: len(titles)]])
            for place, passages in zip(places, shown, strict=False):
                found_snippets[place] = passages
            for place, ranges in zip(places, marked, strict=False):
                found_marks[place] = ranges
        return found_snippets, found_marks

    def marker(self, language: str | None) -> Marker:
        """Finds the words of the query in texts of a language."""
        marker = self._markers.get(language)
        if marker is None:
            similar = {
                leaf: self.executor.similar(leaf) for leaf in sought(self.leaves) if isinstance(leaf, Fuzzy | Misread)
            }
            marker = self._markers[language] = marker_of(self.snapshot, self.leaves, language, similar)
        return marker


def marker_of(
    snapshot: Snapshot,
    searched: Sequence[Leaf],
    language: str | None,
    similar: Mapping[Fuzzy | Misread, Collection[str]],
) -> Marker:
    """Finds the words of leaves in texts of a language.

    Args:
        similar: the words of the archive that each `Fuzzy` or `Misread` among them matches.
    """
    facets = snapshot.facets
    shown = {one: facets[one.facet].spelling(one.value) for one in sought(searched) if isinstance(one, Value)}
    return Marker(searched, language, similar, shown)


_BY_DATE = ("oldest", "newest")


def _together(languages: Sequence[str | None], sizes: Sequence[int]) -> Iterator[tuple[str | None, Sequence[int]]]:
    """Each language, and the places of articles in it, some `CHARACTERS` or a single text at a time.

    Args:
        sizes: the characters of each text; empty if there are none.
    """
    if languages.count(languages[0]) == len(languages) and sum(sizes) <= CHARACTERS:
        yield languages[0], range(len(languages))
        return
    waiting: dict[str | None, list[int]] = {}
    waiting_sizes: dict[str | None, int] = {}
    for place, (language, size) in enumerate(zip(languages, sizes or repeat(0), strict=False)):
        waiting.setdefault(language, []).append(place)
        waiting_sizes[language] = waiting_sizes.get(language, 0) + size
        if waiting_sizes[language] > CHARACTERS:
            yield language, waiting.pop(language)
            del waiting_sizes[language]
    yield from waiting.items()
