"""The exact form of a query with phrases, which otherwise also match inflected forms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.engine import Engine
from search.syntax import askable, parse, write
from search.syntax.nodes import And, AtLeast, Exact, Node, Or, Phrase
from search.values.results import Results
from service.html.view import PageState


@dataclass(frozen=True, slots=True)
class ExactForm:
    """The query with exact phrases, the number of articles it finds, and its URL."""

    text: str
    count: int
    url: str


def exact_form(engine: Engine, state: PageState, results: Results) -> ExactForm | None:
    """The exact form of a query; None if it has no phrase, or if it finds the same articles."""
    tree = parse(state.query.text).tree
    exact = _exact(tree)
    if exact == tree or not results.total:
        return None
    text = write(exact)
    if not askable(text):
        return None
    (count,) = engine.totals([replace(state.query, text=text)])
    return None if count == results.total else ExactForm(text, count, state.to(replace(state.query, text=text)))


def _exact(node: Node) -> Node:
    """The tree with exact phrases."""
    match node:
        case Phrase(words, field):
            return Exact(words, field)
        case And(parts) | Or(parts) | AtLeast(parts):
            return replace(node, parts=tuple(map(_exact, parts)))
        case _:
            return node
