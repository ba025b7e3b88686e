"""Which name each value of a facet is shown under: one decision for both engines.

Values that differ only in case and accents are one value, shown in its most frequent spelling. The evidence of the
archive merges spellings of a person (see `search.names.spellings`), and the authority file overrides both (see
`search.names.authority`): its entries are never merged by evidence, and a value is blocked if it, the name it is merged
into or the name that one is listed under is blocked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search.names.authority import NameRules
from search.names.company import Company
from search.names.spellings import People
from search.text.tokens import fold, spelling_order


def spelling_rank(articles: int, spelling: str) -> tuple[int, tuple[bool, int, str]]:
    """Sorts the spellings of one value: the most frequent first, ties as `spelling_order` has them."""
    return -articles, spelling_order(spelling)


def keys_of(rules: NameRules) -> set[str]:
    """The folded names and aliases that the authority file lists, even if no article has them."""
    return {*rules.listed, *map(fold, rules.listed.values())}


def shown_under(
    keys: Mapping[str, int],
    articles: NDArray[np.int64],
    spelled: Sequence[str],
    rules: NameRules,
    people: People | None,
    company: Company,
) -> NDArray[np.int64]:
    """Decide which value each value is shown under.

    Args:
        keys: folded value → its number, from 0; includes `keys_of(rules)`.
        articles: shape (values,); live articles that have each value, 0 for one that none has.
        spelled: the spelling of each value, which decides ties among persons.
        rules: the rules of the authority file for the facet.
        people: the analysed names of a facet of persons, in the order of the numbers; None for other facets.
        company: of the names of a facet of persons, by their numbers.

    Returns:
        int64, shape (values,); the number of a value, its own unless it is merged, or −1 if it is not shown: it is
        blocked, or no article has it and the authority file does not list it.
    """
    shown: NDArray[np.int64] = np.arange(len(keys))
    listed = _numbers(keys, (*rules.listed, *rules.apart))
    if people is not None:
        apart = np.zeros(len(keys), np.bool_)
        apart[_numbers(keys, rules.apart)] = True
        shown = people.groups(articles, spelled, apart, company)
        shown[listed] = listed
    if rules:
        into = np.arange(len(keys))
        for key, name in rules.listed.items():
            into[keys[key]] = keys[fold(name)]
        blocked = np.zeros(len(keys), np.bool_)
        blocked[_numbers(keys, rules.blocked)] = True
        blocked |= blocked[into]
        shown = np.where(blocked | blocked[shown] | blocked[into[shown]], -1, into[shown])
    unknown = articles == 0
    unknown[listed] = False
    return np.where(unknown, -1, shown)


def _numbers(keys: Mapping[str, int], names: Iterable[str]) -> list[int]:
    return [keys[name] for name in names if name in keys]
