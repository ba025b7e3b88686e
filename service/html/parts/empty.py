"""No results: which words the archive has, and which parts of the query can be dropped to find something."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from search.engine import Engine
from search.syntax import askable, parse, spelled, write
from search.syntax.nodes import And
from search.values.query import Query
from service.html.parts.chips import Chip, chips
from service.html.view import PageState
from service.wording.messages import gettext, pgettext

TRIED = 8
"""The greatest number of words and filters to try; each costs a count, but shared terms are read once."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A suggestion: the part to drop, the number of articles found without it, and their URL."""

    dropped: str
    count: int
    url: str


def relaxations(engine: Engine, state: PageState, unknown: Collection[str] = ()) -> list[Relaxation]:
    """The parts that can be dropped to find something, most articles first.

    The canonical form of a query may be longer than allowed; such suggestions are skipped.

    Args:
        unknown: the terms that no article has, in canonical form.
    """
    tried = (*_unknown(state.query, unknown), *_words(state.query))
    texts = ((dropped, replace(state.query, text=text)) for dropped, text in tried if askable(text))
    dropped_from = list(islice(chain(texts, _filters(state, engine)), TRIED))
    counts = engine.totals([query for _, query in dropped_from])
    found = [
        Relaxation(dropped, count, state.to(query))
        for (dropped, query), count in zip(dropped_from, counts, strict=True)
        if count
    ]
    return sorted(found, key=lambda relaxation: -relaxation.count)


def _unknown(query: Query, unknown: Collection[str]) -> Iterator[tuple[str, str]]:
    """The text without the terms that no article has, if they are several parts of it but not all."""
    tree = parse(query.text).tree
    if isinstance(tree, And):
        dropped = [part for part in tree.parts if write(part) in unknown]
        rest = tuple(part for part in tree.parts if part not in dropped)
        if len(dropped) > 1 and rest:
            yield pgettext("words", " and ").join(map(spelled, dropped)), write(And(rest) if len(rest) > 1 else rest[0])


def _words(query: Query) -> Iterator[tuple[str, str]]:
    """The text without each of its parts."""
    tree = parse(query.text).tree
    if isinstance(tree, And):
        for part in tree.parts:
            rest = tuple(other for other in tree.parts if other is not part)
            yield spelled(part), write(And(rest) if len(rest) > 1 else rest[0])
    elif query.text.strip() and query.filtered:
        yield query.text, ""


def _said(chip: Chip) -> str:
    named = {"field": chip.kind, "value": chip.text}
    match chip.joint:
        case "or":
            return gettext("{field}: or {value}").format_map(named)
        case "and":
            return gettext("{field}: and {value}").format_map(named)
        case "not":
            return gettext("{field}: not {value}").format_map(named)
    return gettext("{field}: {value}").format_map(named)


def _filters(state: PageState, engine: Engine) -> Iterator[tuple[str, Query]]:
    return ((_said(chip), chip.without) for chip in chips(state, engine.authority().names))
