"""The answer to one query: what is found is scored, sorted, paged, counted, marked, and corrected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from search import cursor as cursors
from search.measures import did_you_mean
from search.measures.reading import adding, reading
from search.syntax import nodes, write
from search.values.article import Article
from search.values.query import Query
from search.values.results import Copies, FormCount, Hit, Reading, Results, TermCount
from tests.plain_engine.facets import facet
from tests.plain_engine.filters import passes
from tests.plain_engine.finding import Finding
from tests.plain_engine.marking import marker
from tests.plain_engine.scoring import Scores, Scoring
from tests.plain_engine.stories import first_of_each
from tests.plain_engine.times import latest_first, newest_first, oldest_first


class _Place(NamedTuple):
    """A cursor: how many hits have been seen of which list."""

    seen: int
    generation: int
    list: str


class Answering:
    """Answers of one archive."""

    def __init__(self, finding: Finding) -> None:
        self._finding = finding
        self._matching = finding.matching
        self._values = finding.values
        self._archive = finding.archive
        self._scoring = Scoring(finding)

    def answer(self, query: Query, text: str, without: Collection[str] = (), like: Article | None = None) -> Results:
        """The results of a query.

        Args:
            text: what was typed, for its reading.
            without: ids of articles that are left out.
            like: the article that those asked for are similar to.
        """
        query = replace(query, match=self._finding.meant(query))
        tree = self._finding.asked(query).tree
        found = [a for a in self._finding.found(query) if a.id not in without]
        kept = [article for article in found if passes(self._values, query, article)]
        scores = self._scoring.scores(query, kept, like)
        kept = first_of_each(sorted(kept, key=_order(query, scores)), query)
        name = cursors.named(query, tree, query.order, [*sorted(scores.added), *["meaning"] * bool(scores.nearer)])
        if query.cursor is None:
            place = (query.page - 1) * query.size
        else:
            place = cursors.read(query.cursor, lambda data: _Place(*data), name).seen  # type: ignore[arg-type]
        end = place + query.size
        more = query.size > 0 and end < len(kept)
        return Results(
            total=len(kept),
            took_ms=0.0,
            generation=self._archive.generation,
            query=self._reading(query, text),
            hits=tuple(self._hit(query, article, scores) for article in kept[place:end]),
            facets={name: facet(self._values, query, name, found) for name in query.facets},
            cursor=cursors.write(_Place(end, 0, name)) if more else None,
            did_you_mean=None
            if without
            else did_you_mean.offer(
                self._finding.parsed(query.text).tree, len(kept), _Correcting(self._finding, query)
            ),
        )

    def _reading(self, query: Query, text: str) -> Reading:
        parsed, having = self._finding.asked(query), self._matching.having
        return Reading(
            text,
            write(parsed.tree),
            reading(text, parsed, having).notes,
            (
                *(TermCount(write(term), having(term)) for term in nodes.terms(parsed.tree)),
                *(TermCount(write(term), having(term), True) for term in nodes.excluded(parsed.tree)),
            ),
            self._finding.partial(query),
            adding(self._forms(query, parsed.tree)),
        )

    def _forms(self, query: Query, tree: nodes.Node) -> Iterator[FormCount]:
        matches = self._matching.matches
        found = [a for a in self._finding.found(query) if passes(self._values, query, a)]
        asked = {(leaf.word, read) for leaf in nodes.misread(tree) for read in self._matching.readings(leaf)[1:]}
        for word, read in asked:
            narrower = _read(tree, word, without=(read,))
            yield FormCount(word, read, sum(not matches(narrower, a) for a in found))
        own = {(leaf.word, read) for leaf in nodes.misread(tree) for read in self._matching.own_words(leaf)}
        held = self._archive.held.values() if own else ()
        others = [a for a in held if a not in found and passes(self._values, query, a)]
        for word, read in own:
            wider = _read(tree, word, also=(read,))
            yield FormCount(word, read, sum(matches(wider, a) for a in others), own=True)

    def _hit(self, query: Query, article: Article, scores: Scores) -> Hit:
        wanted = set(query.fields) - (set() if query.snippets else {"snippets"})
        group = self._copies(article) if "group" in wanted else None
        parsed = self._finding.asked(query)
        missing = tuple(write(part) for part in parsed.counted if not self._matching.matches(part, article))
        explained = self._scoring.explained(query, article, scores)
        score = scores.of[article.id]
        if wanted <= {"id", "score", "group"}:
            return Hit(Article(article.id, ""), score, (), (), group, missing, explained)
        marks = marker(self._matching, parsed.tree, article.language)
        article = self._values.spelled(article)
        return Hit(
            article,
            score,
            marks.snippets(article.text, article.evidence) if "snippets" in wanted else (),
            marks.marks(article.title, "title", article.evidence) if "title_marks" in wanted else (),
            group,
            missing,
            explained,
        )

    def _copies(self, article: Article) -> Copies | None:
        return Copies.of(article.group, len(self._archive.group(article))) if article.group else None


def _order(query: Query, scores: Scores) -> Callable[[Article], tuple[object, str]]:
    """What articles are sorted by."""

    def key(article: Article) -> tuple[object, str]:
        score = scores.of[article.id]
        if query.order == "relevance" and score is not None:
            return -round(score, 6), article.id
        if query.order in ("added", "changed"):
            return latest_first(getattr(article, query.order)), article.id
        return (oldest_first(article) if query.order == "oldest" else newest_first(article)), article.id

    return key


def _read(tree: nodes.Node, word: str, without: tuple[str, ...] = (), also: tuple[str, ...] = ()) -> nodes.Node:
    """A tree with other readings of a word, wherever it is."""
    match tree:
        case nodes.Not(part):
            return nodes.Not(_read(part, word, without, also))
        case nodes.And(parts) | nodes.Or(parts) | nodes.AtLeast(parts) | nodes.Together(parts):
            return replace(tree, parts=tuple(_read(part, word, without, also) for part in parts))  # type: ignore[misc]
        case nodes.Misread() if tree.word == word:
            return replace(tree, without=(*tree.without, *without), also=(*tree.also, *also))
        case _:
            return tree


class _Correcting:
    """What `did_you_mean` must know, under the filters of a question."""

    def __init__(self, finding: Finding, query: Query) -> None:
        self._finding = finding
        self._query = query
        self.having = finding.matching.having
        self.nearest = finding.matching.like
        self.named = finding.values.nearest

    def total(self, text: str) -> int:
        return self._finding.total(replace(self._query, text=text))
