"""What the score of an article is made of.

A leaf counts once for every place of the tree at which it stands among parts that match: twice in `talks (talks OR
oil)`, and not at all in `(oil AND gas) OR price` for an article that has oil and price, but no gas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from search.meaning import model
from search.syntax import write
from search.syntax.nodes import All, And, AtLeast, Condition, Leaf, Node, Not, Or
from search.values.results import Scored


def ends(tree: Node) -> Iterator[Leaf | Condition]:
    """Every leaf and condition of a tree, each once, also those under a NOT."""
    return iter(dict.fromkeys(_ends(tree)))


def explained(
    tree: Node,
    has: Callable[[Leaf | Condition], bool],
    scores: Mapping[Leaf, float],
    added: Iterable[tuple[str, bool, float]] = (),
    meaning: float = 0.0,
) -> tuple[Scored, ...]:
    """What the score of an article is made of, the most important first, ties by term.

    Args:
        has: returns whether the article matches a leaf or condition of the tree.
        scores: the score of each leaf in the article.
        added: what words of first articles add (see `search.meaning.feedback`): the term, whether no word of the query
            is of it, and the score.
        meaning: what its nearness in meaning adds (see `search.meaning.nearness`).
    """
    sums: Counter[tuple[str, bool]] = Counter()
    for leaf, times in (credited(tree, has) or Counter()).items():
        sums[write(leaf), False] += times * scores[leaf]  # type: ignore[assignment]
    for term, expansion, score in added:
        sums[term, expansion] += score  # type: ignore[assignment]
    made = [Scored(term, round(score, 6), expansion) for (term, expansion), score in sums.items() if score > 0]
    if meaning > 0:
        made.append(Scored(model.TERM, round(meaning, 6), meaning=True))
    return tuple(sorted(made, key=lambda one: (-one.score, one.term)))


def credited(tree: Node, has: Callable[[Leaf | Condition], bool]) -> Counter[Leaf] | None:
    """How often the score of an article has that of each leaf; None if the tree does not match it.

    Args:
        has: returns whether the article matches a leaf or condition.
    """
    match tree:
        case All():
            return Counter()
        case Not(part):
            return Counter() if credited(part, has) is None else None
        case And(parts) | Or(parts) | AtLeast(parts):
            matching = [found for part in parts if (found := credited(part, has)) is not None]
            if len(matching) < _least(tree):
                return None
            counts: Counter[Leaf] = Counter()
            for found in matching:
                counts.update(found)
            return counts
        case _:
            if not has(tree):
                return None
            return Counter([tree]) if isinstance(tree, Leaf) else Counter()


def _least(tree: And | Or | AtLeast) -> int:
    """How many of its parts an article must have."""
    match tree:
        case And(parts):
            return len(parts)
        case Or():
            return 1
        case AtLeast(_, least):
            return least


def _ends(tree: Node) -> Iterator[Leaf | Condition]:
    match tree:
        case All():
            pass
        case Not(part):
            yield from _ends(part)
        case And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _ends(part)
        case _:
            yield tree
