"""Here is an article number, give me its values; and which articles have a value.

Columns are arrays over all articles of one generation, built once when it is opened: from Whoosh's own columns where a
field has one value, by turning the postings round where it may have several. Counting and filtering read only these,
never a stored article.

Values that differ only in case and accents are one value, spelled as most articles spell it. So a filter, which
ignores case and accents, always gives the number of articles that the facet promised; and an article is shown with
the spelling that the facet shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.local.postings import PostingsReader
from search.text import fold, spelling_order

Mask = NDArray[np.bool_]
"""bool, shape (articles,): which articles are meant."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """The values of one facet: pairs of article and value, each pair once.

    Attributes:
        values: the spelling of each value; a value's place here is its ordinal.
        keys: folded spelling → ordinal.
        articles, ordinals: int32, shape (pairs,); the article and the value of each pair, by value.
        some: which articles have any value.
    """

    values: tuple[str, ...]
    keys: dict[str, int]
    articles: NDArray[np.int32]
    ordinals: NDArray[np.int32]
    some: Mask

    def counts(self, matches: Mask) -> NDArray[np.int64]:
        """How many of the matching articles have each value: int64, shape (values,)."""
        return np.bincount(self.ordinals[matches[self.articles]], minlength=len(self.values)).astype(np.int64)

    def ordinals_of(self, values: Iterable[str]) -> list[int]:
        """The ordinals of those of these values that occur in the archive."""
        return [self.keys[key] for value in values if (key := fold(value)) in self.keys]

    def spelling(self, value: str) -> str:
        """A value as the archive spells it."""
        ordinal = self.keys.get(fold(value))
        return value if ordinal is None else self.values[ordinal]

    def having(self, ordinals: Sequence[int]) -> Mask:
        """Which articles have at least one of these values."""
        mask = np.zeros(len(self.some), np.bool_)
        for ordinal in ordinals:
            start, end = np.searchsorted(self.ordinals, (ordinal, ordinal + 1))
            mask[self.articles[start:end]] = True
        return mask


def value_column(postings: PostingsReader, field: str, live: Mask) -> ValueColumn:
    """Turn the postings of a facet round into a column; what only deleted articles have is left out."""
    spellings: dict[str, list[tuple[int, tuple[bool, int, str], NDArray[np.int32]]]] = {}
    for term in postings.terms(field):
        articles = postings.read(field, term).articles
        if len(articles := articles[live[articles]]):
            spellings.setdefault(fold(term), []).append((-len(articles), spelling_order(term), articles))
    values: list[str] = []
    keys: dict[str, int] = {}
    columns: list[NDArray[np.int32]] = []
    for key, forms in sorted(spellings.items()):
        keys[key] = len(values)
        values.append(min(form[:2] for form in forms)[1][-1])
        columns.append(np.unique(np.concatenate([form[2] for form in forms])))
    some = np.zeros(len(live), np.bool_)
    articles = np.concatenate(columns) if columns else np.empty(0, np.int32)
    some[articles] = True
    ordinals = np.repeat(np.arange(len(columns), dtype=np.int32), [len(column) for column in columns])
    return ValueColumn(tuple(values), keys, articles, ordinals, some)
