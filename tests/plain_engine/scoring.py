"""What an article scores for a query, and what the score is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from search.syntax import nodes, write
from search.text.tokens import term
from search.values.article import Article
from search.values.query import Query
from search.values.results import Scored
from tests.plain_engine import meaning
from tests.plain_engine.feedback import Added, Feedback, bm25, idf
from tests.plain_engine.finding import Finding
from tests.plain_engine.stories import first_of_each
from tests.plain_engine.words import length_of, weighing


class Scores(NamedTuple):
    """The scores of the articles of a result, by their ids."""

    of: dict[str, float | None]
    """None for a query without words."""
    added: Added
    """The terms of the first articles that are part of them."""
    nearer: dict[str, float]
    """What nearness in meaning adds to those it is part of."""

    def best(self, articles: Sequence[Article]) -> list[Article]:
        return sorted(articles, key=lambda a: (-round(self.of[a.id] or 0.0, 6), a.id))

    def with_more(self, more: dict[str, float]) -> Scores:
        return self._replace(of=self.of | {one: (self.of[one] or 0.0) + added for one, added in more.items()})


class Scoring:
    """The scores of an archive's articles."""

    def __init__(self, finding: Finding) -> None:
        self._finding = finding
        self._matching = finding.matching
        self._archive = finding.archive

    def scores(self, query: Query, kept: Sequence[Article], like: Article | None) -> Scores:
        """Those of the articles that a query found, or that are similar to one."""
        tree = self._finding.asked(query).tree
        has_words = any(nodes.leaves(tree))
        scores = Scores({a.id: self._score(tree, a) if has_words else None for a in kept}, {}, {})
        firsts = first_of_each(scores.best(kept), replace(query, group="story"))[:5]
        added = self._added(query, firsts)
        for one, (_, weight) in added.items():
            scores = scores.with_more({a.id: weight * self._feedback.score(one, a) for a in kept})
        scores = scores._replace(added=added)
        nearer = self._nearer(query, scores, kept, like)
        return scores.with_more(nearer)._replace(nearer=nearer)

    def _nearer(self, query: Query, scores: Scores, kept: Sequence[Article], like: Article | None) -> dict[str, float]:
        best, known = scores.best(kept), {one: score or 0.0 for one, score in scores.of.items()}
        if like is not None and query.order == "relevance" and (query.size or query.cursor):
            return meaning.added_to_similar(like, best, known)
        return meaning.added(query.text, best, known) if scores.added else {}

    def _score(self, node: nodes.Node, article: Article) -> float:
        match node:
            case nodes.And(parts) | nodes.Or(parts) | nodes.AtLeast(parts):
                return sum(self._score(part, article) for part in parts if self._matching.matches(part, article))
            case nodes.All() | nodes.Not() | nodes.Value() | nodes.Days() | nodes.Id() | nodes.Url():
                return 0.0
            case _:
                frequency = self._matching.frequency(node, article)
                return self._idf(node) * bm25(frequency, length_of(article), self._mean_length)

    @property
    def _mean_length(self) -> float:
        held = self._archive.held
        return self._archive.once(("mean",), lambda: sum(map(length_of, held.values())) / len(held))

    def _idf(self, leaf: nodes.Leaf) -> float:
        if isinstance(leaf, nodes.Together):
            return sum(map(self._part_idf, leaf.parts))
        return sum(map(self._idf_of, weighing(leaf)))

    def _part_idf(self, part: nodes.Part) -> float:
        return self._idf_of(part) if isinstance(part, nodes.Or | nodes.Value) else self._idf(part)

    def _idf_of(self, node: nodes.Node) -> float:
        return idf(self._matching.having(node), len(self._archive.held))

    @property
    def _feedback(self) -> Feedback:
        return self._archive.once(("feedback",), lambda: Feedback(list(self._archive.held.values())))

    def _added(self, query: Query, firsts: Sequence[Article]) -> Added:
        """The terms of the first articles that change the order."""
        parsed, matches = self._finding.asked(query), self._matching.matches
        wanted = (
            query.rank == "best"
            and query.order == "relevance"
            and (query.size or query.cursor)
            and any(nodes.leaves(parsed.tree))
        )
        if not wanted or any(all(matches(part, article) for part in parsed.counted) for article in firsts):
            return {}
        scored = [(article, round(self._score(parsed.tree, article), 6)) for article in firsts]
        return self._feedback.added(scored, len(parsed.counted))

    def explained(self, query: Query, article: Article, scores: Scores) -> tuple[Scored, ...]:
        """What the score of an article is made of, if that is asked for."""
        tree = self._finding.asked(query).tree
        leaves = list(nodes.leaves(tree)) if query.explain else []
        if not leaves:
            return ()
        made: Counter[tuple[str, bool]] = Counter()
        for leaf in self._counting(tree, article):
            made[write(leaf), False] += self._score(leaf, article)  # type: ignore[assignment]
        for one, (form, weight) in scores.added.items():
            words = [leaf for leaf in leaves if isinstance(leaf, nodes.Word)]
            own = [write(leaf) for leaf in words if one in {term(leaf.word, of) for of in self._archive.languages}]
            made[own[-1] if own else form, not own] += weight * self._feedback.score(one, article)  # type: ignore[assignment]
        rows = [Scored(term, round(score, 6), expansion) for (term, expansion), score in made.items() if score > 0]
        nearer = scores.nearer.get(article.id, 0.0)
        if nearer > 0:
            rows.append(Scored("meaning", nearer, meaning=True))
        return tuple(sorted(rows, key=lambda row: (-row.score, row.term)))

    def _counting(self, node: nodes.Node, article: Article) -> list[nodes.Leaf]:
        """The leaves whose scores are added up for an article, as often as they are."""
        if isinstance(node, nodes.Joint):
            parts = [part for part in node.parts if self._matching.matches(part, article)]
            return [leaf for part in parts for leaf in self._counting(part, article)]
        return [node] if isinstance(node, nodes.Leaf) else []
