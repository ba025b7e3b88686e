"""What is marked of an article: the real marker, told which words and values of the archive are meant."""

from __future__ import annotations

from search.snippets.marker import Marker
from search.syntax import nodes, parse
from search.values.article import Article
from search.values.results import Marked
from tests.plain_engine.matching import Matching


def marker(matching: Matching, tree: nodes.Node, language: str | None) -> Marker:
    looked_for = tuple(nodes.leaves(tree))
    parts = list(nodes.sought(looked_for))
    similar: dict[nodes.Fuzzy | nodes.Misread, list[str]] = {
        one: matching.like(one.word, one.edits) for one in parts if isinstance(one, nodes.Fuzzy)
    }
    similar |= {one: matching.readings(one) for one in parts if isinstance(one, nodes.Misread)}
    shown = {one: matching.values.named(one.facet, one.value) for one in parts if isinstance(one, nodes.Value)}
    return Marker(looked_for, language, similar, shown)


def marked(matching: Matching, article: Article, text: str) -> Marked:
    """The marks in the whole of an article."""
    marks, said = marker(matching, parse(text).tree, article.language).marks, article.evidence
    return Marked(marks(article.title, "title", said), marks(article.text, "text", said))
