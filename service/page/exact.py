"""A phrase also finds its inflections: how many articles have it as it is written, and where they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.engine import Engine
from search.results import Results
from search.syntax import And, Exact, Node, Or, Phrase, askable, parse, write
from service.page.view import Asked


@dataclass(frozen=True, slots=True)
class AsWritten:
    """The query with its phrases as they are written, how many articles that finds, and where they are."""

    text: str
    count: int
    url: str


def exactly(engine: Engine, asked: Asked, results: Results) -> AsWritten | None:
    """The exact form of a query with phrases; None where there is no phrase, or every article found has it so."""
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
    """The tree with the phrases that it looks for as they are written."""
    match node:
        case Phrase(words, field):
            return Exact(words, field)
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(map(_exact, parts)))
        case _:
            return node
