"""The company of names in some articles, by their normalized values, as a cluster would answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import numpy as np

from search.names.company import Articles, Days, Meeting
from search.opensearch.document import key


class Keyed:
    """See `search.opensearch.shown.shown_names.KeyCompany`; names are given as they are spelled."""

    def __init__(self, articles: Iterable[tuple[date | None, Collection[str]]] = ()) -> None:
        self._numbers: dict[str, int] = {}
        self._articles = Articles([(day, list(map(self._number, map(key, names)))) for day, names in articles])

    def _number(self, one: str) -> int:
        return self._numbers.setdefault(one, len(self._numbers))

    def days(self, keys: Sequence[str]) -> list[Days]:
        found = self._articles.days(np.array(list(map(self._number, keys)), np.int64))
        return [(first, last, undated) for first, last, undated in found.tolist()]

    def meeting(self, pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Sequence[Meeting]:
        return self._articles.meeting(
            [(list(map(self._number, one)), list(map(self._number, other))) for one, other in pairs]
        )
