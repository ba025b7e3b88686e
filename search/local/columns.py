"""Here is an article number, give me its values: the facets, over all articles of one generation.

A column joins the segments' own pairs of article and value, with the values of all segments in one list. Counting and
filtering read only these, never a stored article.

Values that differ only in case and accents are one value, spelled as most articles spell it. So a filter, which
ignores case and accents, always gives the number of articles that the facet promised; and an article is shown with
the spelling that the facet shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.fields import BY_NAME
from search.local.segment import SegmentData
from search.text import fold, spelling_order
from search.vocabulary import vocabulary

FEW = 32
"""Values up to which an article's are kept as bits too: so many are counted at once faster than one by one."""

Mask = NDArray[np.bool_]
"""bool, shape (articles,) or (values,): which are meant."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """The values of one facet.

    Attributes:
        values: the spelling of each value, in the order in which equal counts are shown: by label. A value's place here
            is its ordinal.
        labels: what each is called.
        keys: folded spelling → ordinal.
        offsets: uint32, shape (articles + 1,); where each article's ordinals begin.
        ordinals: uint32, shape (pairs,); the values of all articles, by article, each once.
        listed: which values the facet lists: all, or the top ones of a hierarchy.
        bits: uint64, shape (articles,); the ordinals of each article as bits, where there are few values; else None.
    """

    values: tuple[str, ...]
    labels: tuple[str, ...]
    keys: dict[str, int]
    offsets: NDArray[np.uint32]
    ordinals: NDArray[np.uint32]
    listed: Mask
    bits: NDArray[np.uint64] | None

    def ordinals_of(self, values: Iterable[str]) -> list[int]:
        """The ordinals of those of these values that occur in the archive."""
        return [self.keys[key] for value in values if (key := fold(value)) in self.keys]

    def marked(self, ordinals: Sequence[int]) -> Mask:
        """These values as a mask over all."""
        mask = np.zeros(len(self.values), np.bool_)
        mask[list(ordinals)] = True
        return mask

    def spelling(self, value: str) -> str:
        """A value as the archive spells it."""
        ordinal = self.keys.get(fold(value))
        return value if ordinal is None else self.values[ordinal]


class Labels:
    """What the values of a facet are called."""

    def __init__(self, name: str) -> None:
        known = BY_NAME[name].vocabulary
        self._vocabulary = vocabulary(known) if known else None
        self._tops = frozenset(vocabulary("topic").tops) if name == "topic" else None

    def of(self, value: str) -> str:
        """The label of a value."""
        return self._vocabulary.label(value) if self._vocabulary else value

    def lists(self, value: str) -> bool:
        """Whether the facet lists a value by itself: of a hierarchy only what is at its top."""
        return self._tops is None or value in self._tops


def value_column(segments: Sequence[SegmentData], name: str, live: Mask) -> ValueColumn:
    """Join the segments' columns of a facet; what only deleted articles have is left out."""
    counts: dict[str, dict[str, int]] = {}
    pairs: list[tuple[NDArray[np.int64], NDArray[np.uint32], list[str]]] = []
    start = 0
    for segment in segments:
        column = segment.values(name)
        articles = start + np.repeat(np.arange(segment.size), column.lengths)
        kept = live[articles]
        values = [value.decode() for value in column.values]
        used = np.bincount(column.ordinals[kept], minlength=len(values)).tolist()
        for value, count in zip(values, used, strict=True):
            if count:
                forms = counts.setdefault(fold(value), {})
                forms[value] = forms.get(value, 0) + count
        pairs.append((articles[kept], column.ordinals[kept], values))
        start += segment.size
    labels = Labels(name)
    spelled = {key: min(forms, key=lambda v: (-forms[v], spelling_order(v))) for key, forms in counts.items()}
    ordered = sorted((labels.of(value), value, key) for key, value in spelled.items())
    keys = {key: ordinal for ordinal, (_, _, key) in enumerate(ordered)}
    width = max(len(keys), 1)
    joined = [np.empty(0, np.int64)]
    for articles, local, values in pairs:
        ordinal = np.array([keys.get(fold(value), 0) for value in values] or [0], np.int64)
        joined.append(articles * width + ordinal[local])
    both = np.unique(np.concatenate(joined))
    articles, ordinals = np.divmod(both, width)
    offsets = np.zeros(len(live) + 1, np.uint32)
    np.cumsum(np.bincount(articles, minlength=len(live)), out=offsets[1:])
    return ValueColumn(
        values=tuple(value for _, value, _ in ordered),
        labels=tuple(label for label, _, _ in ordered),
        keys=keys,
        offsets=offsets,
        ordinals=ordinals.astype(np.uint32),
        listed=np.array([labels.lists(value) for _, value, _ in ordered], np.bool_),
        bits=_bits(articles, ordinals, len(live)) if len(keys) <= FEW else None,
    )


def _bits(articles: NDArray[np.int64], ordinals: NDArray[np.int64], size: int) -> NDArray[np.uint64]:
    bits = np.zeros(size, np.uint64)
    np.bitwise_or.at(bits, articles, np.uint64(1) << ordinals.astype(np.uint64))
    return bits
