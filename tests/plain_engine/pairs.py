"""Values in the same articles, by definition: the pairs of each article, once a story."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

from search.measures.cooccurrence import Pair, Pairing, PairNode, Pairs, arranged
from search.values.article import Article
from search.values.query import Query
from tests.plain_engine.finding import Finding
from tests.plain_engine.stories import stories_of

Node = tuple[str, str]
"""A label and its value."""


def pairs(finding: Finding, query: Query, pairing: Pairing) -> Pairs:
    values, stories = finding.values, stories_of(finding.kept(query), bool(query.group))

    def nodes(article: Article, name: str) -> list[Node]:
        return sorted((values.label(name, v), v) for v in values.spelled_of(article, query.counted(name)))

    one, other = pairing.fields

    def paired(article: Article) -> set[tuple[Node, Node]]:
        if one == other:
            return set(combinations(nodes(article, one), 2))
        return set(product(nodes(article, one), nodes(article, other)))

    counts = [
        Counter(node for story in stories for node in {node for a in story for node in nodes(a, name)})
        for name in pairing.fields
    ]
    together = Counter(pair for story in stories for pair in {pair for a in story for pair in paired(a)})
    kept = [
        Pair(PairNode(one, a[1], a[0], counts[0][a]), PairNode(other, b[1], b[0], counts[1][b]), n)
        for (a, b), n in together.items()
        if n >= pairing.min
    ]
    return arranged(pairing, len(stories), len(kept), kept)
