"""The pairs of values in the articles of a result, counted from the values of each article, which the cluster sends.

Aggregations cannot count them: values with several spellings, groups of near-duplicates, and the number of pairs are in
the way. Cost: a request for each `BATCH` of articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from search.measures.cooccurrence import Pair, Pairing, PairNode, Pairs, arranged
from search.opensearch.ask.search import Search, group_of
from search.opensearch.shown.shown_names import FacetNames
from search.system.budget import current
from search.system.json import Json


def pairs(search: Search, pairing: Pairing) -> Pairs:
    """Count the pairs in the articles of a result."""
    names = [search.view.names[search.query.counted(name)] for name in pairing.fields]
    fields = sorted({known.name for known in names})
    hits = search.cluster.read_all(search.body() | {"_source": False, "docvalue_fields": [*fields, "group"]})
    same = names[0] is names[1]
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    together: Counter[tuple[str, str]] = Counter()
    alone = 0
    grouped: dict[str, tuple[set[str], set[str], set[tuple[str, str]]]] = {}
    for number, hit in enumerate(hits):
        if not number % 1000:
            current().check()
        first, second = (_values(hit, known) for known in names)
        both = set(_pairs(names[0], first) if same else product(first, second))
        group = group_of(hit) if search.stories else None
        if group is None:
            alone += 1
            _add(counts, together, (first, second, both))
            continue
        told = grouped.setdefault(group, (set(), set(), set()))
        told[0].update(first)
        told[1].update(second)
        told[2].update(both)
    for story in grouped.values():
        _add(counts, together, story)

    def node(place: int, head: str) -> PairNode:
        known = names[place]
        return PairNode(pairing.fields[place], known.spelled[head], known.label(head), counts[place][head])

    found = [(a, b, n) for (a, b), n in together.items() if n >= pairing.min]
    listed = (Pair(node(0, a), node(1, b), n) for a, b, n in found)
    return arranged(pairing, alone + len(grouped), len(found), listed)


def _values(hit: Json, names: FacetNames) -> set[str]:
    """The shown values of an article."""
    listed: list[str] = hit.get("fields", {}).get(names.name, [])
    return {head for value in listed if (head := names.shown.get(value)) is not None}


def _pairs(names: FacetNames, values: set[str]) -> Iterator[tuple[str, str]]:
    """The pairs of different values, each in the order of its labels."""
    return combinations(sorted(values, key=lambda head: (names.label(head), names.spelled[head])), 2)


def _add(
    counts: tuple[Counter[str], Counter[str]],
    together: Counter[tuple[str, str]],
    found: tuple[set[str], set[str], set[tuple[str, str]]],
) -> None:
    counts[0].update(found[0])
    counts[1].update(found[1])
    together.update(found[2])
