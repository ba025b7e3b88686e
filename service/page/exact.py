"""The exact form of a query with phrases, which otherwise also match inflected forms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.engine import Engine
from search.results import Results
from search.syntax import And, Exact, Node, Or, Phrase, askable, parse, write
from service.page.view import Asked


@dataclass(frozen=True, slots=True)
class AsWritten:
    """The query with exact phrases, the number of articles it finds, and its URL."""

    text: str
    count: int
    url: str


def exactly(engine: Engine, asked: Asked, results: Results) -> AsWritten | None:
    """The exact form of a query; None if it has no phrase, or if it finds the same articles."""
    tree = parse(asked.query.text).tree
    exact = _exact(tree)
    if exact == tree or not results.total:
        return None
    text = write(exact)
    if not askable(text):
        return None
    (count,) = engine.totals([replace(asked.query, text=text)])
    return None if count == results.total else AsWritten(text, count, asked.to(replace(asked.query, text=text)))


def _exact(node: Node) -> Node:
    """The tree with exact phrases."""
    match node:
        case Phrase(words, field):
            return Exact(words, field)
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(map(_exact, parts)))
        case _:
            return node
