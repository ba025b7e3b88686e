"""When persons are in the articles of a generation, and with whom (see `search.names.company`).

Cost: the days are found once for each state of a segment, at some 20 nanoseconds for each person of each article; the
companions of the names in question at each opening, by a pass over the sets of values that have one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.local.ask.facts.rows import Mask, Part, rows_of_articles
from search.local.format.columns import ValueList
from search.local.format.segment import SegmentData
from search.names.company import NO_DAY, Meeting, Pair, met

Ints = NDArray[np.int64]
NO_DAYS: Ints = np.empty((0, 3), np.int64)
_FIELD = "person"


def days_of(segment: SegmentData, column: ValueList, live: Mask) -> Ints:
    """The days of each value of a segment (see `Company.days`)."""
    found = np.tile(np.array(NO_DAY, np.int64), (len(column.values), 1))
    rows, ordinals = rows_of_articles(column.sets[live], column.offsets, column.ordinals)
    days = np.repeat(segment.columns.days[live].astype(np.int64), np.diff(rows))
    dated = days > 0
    np.minimum.at(found[:, 0], ordinals[dated], days[dated])
    np.maximum.at(found[:, 1], ordinals[dated], days[dated])
    found[ordinals[~dated], 2] = 1
    return found


class SegmentCompany:
    """The company of the persons of some segments.

    Args:
        masks: flags of the live articles of each segment.
        parts: of the column of persons.
        form_ordinals: the value of each form, by which a name is known here.
    """

    def __init__(
        self, segments: Sequence[SegmentData], masks: Sequence[Mask], parts: Sequence[Part], form_ordinals: list[int]
    ) -> None:
        self._segments, self._masks, self._parts, self._forms = segments, masks, parts, form_ordinals

    def days(self, numbers: Ints) -> Ints:
        """See `Company`."""
        ordinals = np.array(self._forms, np.int64)
        found = np.tile(np.array(NO_DAY, np.int64), (int(ordinals.max(initial=-1)) + 1, 1))
        for part in self._parts:
            own = ordinals[part.forms]
            np.minimum.at(found[:, 0], own, part.days[:, 0])
            np.maximum.at(found[:, 1], own, part.days[:, 1])
            np.maximum.at(found[:, 2], own, part.days[:, 2])
        return found[numbers]

    def meeting(self, pairs: Sequence[Pair]) -> list[Meeting]:
        """See `Company`."""
        named = sorted({number for pair in pairs for some in pair for number in some})
        companions = self._companions(np.array(named, np.int64)) if named else {}

        def of(numbers: Sequence[int]) -> set[int]:
            return set[int]().union(*(companions[number] for number in numbers))

        return [met(of(one), of(other), {*one, *other}) for one, other in pairs]

    def _companions(self, named: Ints) -> dict[int, set[int]]:
        """The names with which some are in an article, themselves included."""
        ordinals = np.array(self._forms, np.int64)
        size = int(ordinals.max()) + 1
        asked = np.zeros(size, np.bool_)
        asked[named] = True
        found = [np.empty(0, np.int64)]
        for segment, live, part in zip(self._segments, self._masks, self._parts, strict=True):
            column = segment.values(_FIELD)
            own = ordinals[part.forms]
            values = own[column.ordinals]
            used = np.zeros(len(column.offsets) - 1, np.bool_)
            used[column.sets[live]] = True
            places = np.flatnonzero(asked[values])
            sets = np.searchsorted(column.offsets, places, "right") - 1
            places, sets = places[used[sets]], sets[used[sets]]
            offsets: Ints = column.offsets.astype(np.int64)
            starts, sizes = offsets[sets], offsets[sets + 1] - offsets[sets]
            with_whom = np.arange(sizes.sum()) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
            found.append(np.unique(np.repeat(values[places], sizes) * size + values[with_whom]))
        both = np.unique(np.concatenate(found))
        ends = np.searchsorted(both, (named + 1) * size)
        begins = np.searchsorted(both, named * size)
        return {
            number: set((both[begin:end] - number * size).tolist())
            for number, begin, end in zip(named.tolist(), begins.tolist(), ends.tolist(), strict=True)
        }
