"""Here is an article number, give me its values: the facets, over all articles of one generation.

A column joins the segments' own columns; its ordinals are given to values in the order in which they are met and never
change, so that the column of the next generation takes over all that it has in common with this one. Counting and
filtering read only these numbers, never a stored article.

Values that differ only in case and accents are one value, spelled as most articles spell it. Beyond that, the archive's
evidence makes spellings of a person one (`search.spellings`), and the authority has the last word (`search.authority`):
such values keep their ordinals, and `shown` says under which they are counted. So a filter, which takes any of the
spellings, always gives the number of articles that the facet promised; and an article is shown with the spelling that
the facet shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.authority import NOTHING, Names
from search.fields import BY_NAME
from search.local import kernels
from search.local.format.segment import SegmentData
from search.spellings import People
from search.text import fold, spelling_order
from search.vocabulary import vocabulary

Mask = NDArray[np.bool_]
"""bool, shape (articles,) or (values,): which are meant."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one segment has of a column.

    Attributes:
        name, deleted: which segment, and how many of its articles were deleted: together, what it looked like.
        sets: how many sets of values it has.
        forms: int32; the form that each of its own ordinals is.
        counts: int64; live articles of each.
    """

    name: str
    deleted: int
    sets: int
    forms: NDArray[np.int32]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """The values of one facet.

    Attributes:
        values, labels: the spelling of each value, and what it is called; a value's place here is its ordinal.
        order: uint32; where each value stands among all by label: the order in which equal counts are shown.
        sets: uint16 or uint32, shape (articles,); the number of each article's set of values. None where most articles
            share theirs with no other: then each has a row of its own.
        offsets, ordinals: uint32, and uint16 or uint32; where each set or row begins, and the values of all.
        totals: uint32, shape (values,); live articles that have each value.
        missing: live articles that have none.
        forms: each spelling as bytes → its number.
        form_ordinals: the value that each form is.
        several: the forms of each value that has more than one.
        keys: folded spelling → ordinal, also of what only deleted articles have.
        shown: int64; for each value the one it is counted under, −1 where it is not shown.
        members: the values that are counted under another, by that.
        names: what the authority says.
        people: the persons' names taken apart; None for other facets.
        parts: what each segment has of it.
        listed: which values the facet lists: all, or the top ones of a hierarchy.
    """

    values: list[str]
    labels: list[str]
    order: NDArray[np.uint32]
    sets: NDArray[Any]
    offsets: NDArray[np.uint32]
    ordinals: NDArray[Any]
    totals: NDArray[np.uint32]
    missing: int
    forms: dict[bytes, int]
    form_ordinals: list[int]
    several: dict[int, list[bytes]]
    keys: dict[str, int]
    shown: NDArray[np.int64]
    members: dict[int, list[int]]
    names: Names
    people: People | None
    parts: tuple[Part, ...]
    listed: Mask | None
    ordered: list[tuple[str, str, int]] = field(repr=False)

    @property
    def distinct(self) -> int:
        """How many values live articles have."""
        return int(np.count_nonzero(self.totals))

    def ordinal(self, value: str) -> int | None:
        """The ordinal that a value, or another spelling of it, is counted under; None where no live article has it."""
        ordinal = int(self.shown[self.keys[fold(value)]]) if fold(value) in self.keys else -1
        return ordinal if ordinal >= 0 and self.totals[ordinal] else None

    def spelling(self, value: str) -> str:
        """A value as the archive spells it; a blocked one as it is."""
        ordinal = self.ordinal(value)
        return value if ordinal is None else self.values[ordinal]

    def blocked(self, value: str) -> bool:
        """Whether the authority keeps a value of the archive from being shown."""
        return bool(self.names.blocked) and self.ordinal(value) is None

    def listed_as(self, value: str) -> str | None:
        """The value that another spelling is counted under; None where it differs in no more than case and accents."""
        ordinal = self.ordinal(value)
        return None if ordinal in (None, self.keys.get(fold(value))) else self.values[ordinal]

    def why(self, value: str) -> str:
        """Who says that a value is listed under another: `authority` or `archive`."""
        return "authority" if fold(value) in self.names.listed else "archive"

    def spellings(self, ordinal: int) -> list[bytes]:
        """All forms of a value."""
        return [
            form
            for one in (ordinal, *self.members.get(ordinal, ()))
            for form in self.several.get(one) or [self.values[one].encode()]
        ]


SHARED = 2
"""How many articles must share a set, on average, for sets to be counted instead of articles."""


class Labels:
    """What the values of a facet are called."""

    def __init__(self, name: str, said: Names = NOTHING) -> None:
        self._said = said.labels
        known = BY_NAME[name].vocabulary
        self._vocabulary = vocabulary(known) if known else None
        self.tops = frozenset(vocabulary("topic").tops) if name == "topic" else None

    def of(self, value: str) -> str:
        """The label of a value."""
        if self._said and (key := fold(value)) in self._said:
            return self._said[key]
        return self._vocabulary.label(value) if self._vocabulary else value


def value_column(
    name: str,
    segments: Sequence[SegmentData],
    masks: Sequence[Mask],
    before: ValueColumn | None = None,
    names: Names = NOTHING,
) -> ValueColumn:
    """Join the segments' columns of a facet.

    Args:
        masks: which articles of each segment live.
        before: the column of the generation before, of which is taken over what is the same.
        names: what the authority says of the facet.
    """
    if before and before.names != names:
        before = None
    registry = _Registry(name, before, names)
    old = {part.name: part for part in before.parts} if before else {}
    parts = tuple(
        registry.part(segment, mask, old.get(segment.name)) for segment, mask in zip(segments, masks, strict=True)
    )
    same = 0
    while before and same < min(len(parts), len(before.parts)) and parts[same].name == before.parts[same].name:
        same += 1
    counts = registry.counts(parts)
    values, labels, ordered = registry.spelled(counts)
    shown = registry.shown(counts, values)
    if before and not np.array_equal(shown[: len(before.shown)], before.shown):
        same = 0
    order = np.empty(len(ordered), np.uint32)
    order[[ordinal for _, _, ordinal in ordered]] = np.arange(len(ordered), dtype=np.uint32)
    tops = registry.labels.tops
    sets, offsets, ordinals = _joined(name, segments, parts, registry, shown, before, same)
    live = np.concatenate([np.empty(0, np.bool_), *masks])
    row_counts = np.bincount(sets[live], minlength=len(offsets) - 1) if len(sets) else live
    totals = np.zeros(len(values), np.uint32)
    missing = int(kernels.spread(row_counts.astype(np.uint32), offsets, ordinals, totals))
    return ValueColumn(
        values=values,
        labels=labels,
        order=order,
        sets=sets,
        offsets=offsets,
        ordinals=ordinals,
        totals=totals,
        missing=missing,
        forms=registry.forms,
        form_ordinals=registry.form_ordinals,
        several=registry.several,
        keys=registry.keys,
        shown=shown,
        members=_members(shown),
        names=names,
        people=registry.people,
        parts=parts,
        listed=None if tops is None else np.array([value in tops for value in values], np.bool_),
        ordered=ordered,
    )


class _Registry:
    """The forms and values of a column, to which new ones are added."""

    def __init__(self, name: str, before: ValueColumn | None, names: Names) -> None:
        self.labels = Labels(name, names)
        self.forms = dict(before.forms) if before else {}
        self.form_ordinals = list(before.form_ordinals) if before else []
        self.keys = dict(before.keys) if before else {}
        self.several: dict[int, list[bytes]] = {}
        self.people = People(before.people if before else None) if name == "person" else None
        self._name = name
        self._before = before
        self._names = names
        self._numbers_of(sorted({*names.listed, *map(fold, names.listed.values())}))

    def part(self, segment: SegmentData, live: Mask, known: Part | None) -> Part:
        column = segment.values(self._name)
        deleted = len(live) - int(np.count_nonzero(live))
        if known is not None and known.deleted == deleted:
            return known
        forms = known.forms if known else self._numbered(column.values)
        sets = column.sets[live] if deleted else column.sets
        set_counts = np.bincount(sets, minlength=len(column.offsets) - 1).astype(np.uint32)
        counts = np.zeros(len(forms), np.int64)
        kernels.spread(set_counts, column.offsets, column.ordinals, counts)
        return Part(segment.name, deleted, len(column.offsets) - 1, forms, counts)

    def _numbered(self, values: Iterable[bytes]) -> NDArray[np.int32]:
        """The form that each of some values is."""
        listed = list(values)
        numbers = list(map(self.forms.get, listed))
        if None in numbers:
            new = [value for value, number in zip(listed, numbers, strict=True) if number is None]
            self.forms.update(zip(new, range(len(self.forms), len(self.forms) + len(new)), strict=True))
            self.form_ordinals += self._numbers_of([fold(value.decode()) for value in new])
            numbers = [self.forms[value] for value in listed]
        return np.array(numbers, np.int32)

    def _numbers_of(self, folded: Sequence[str]) -> list[int]:
        """The ordinals of some keys, new ones at the end."""
        keys, known = self.keys, len(self.keys)
        ordinals = [keys.setdefault(key, len(keys)) for key in folded]
        if self.people is not None and len(keys) > known:
            self.people.add(islice(keys, max(known, len(self.people)), None))
        return ordinals

    def counts(self, parts: Iterable[Part]) -> NDArray[np.int64]:
        """Live articles that have each form."""
        counts = np.zeros(len(self.forms), np.int64)
        for part in parts:
            counts[part.forms] += part.counts
        return counts

    def shown(self, counts: NDArray[np.int64], values: Sequence[str]) -> NDArray[np.int64]:
        """For each value the one it is counted under, −1 where it is not shown."""
        size = len(self.keys)
        having = np.zeros(size, np.int64)
        np.add.at(having, np.array(self.form_ordinals, np.int64), counts)
        names, shown = self._names, np.arange(size)
        said = {self.keys[key] for key in (*names.listed, *names.apart) if key in self.keys}
        apart = np.zeros(size, np.bool_)
        apart[[self.keys[key] for key in names.apart if key in self.keys]] = True
        if self.people is not None:
            shown = self.people.groups(having, values, apart)
            shown[list(said)] = list(said)
        if names:
            into = np.arange(size)
            for key, name in names.listed.items():
                into[self.keys[key]] = self.keys[fold(name)]
            blocked = np.zeros(size, np.bool_)
            blocked[[self.keys[key] for key in names.blocked]] = True
            blocked |= blocked[into]
            shown = np.where(blocked | blocked[shown] | blocked[into[shown]], -1, into[shown])
        unknown = having == 0
        unknown[list(said)] = False
        return np.where(unknown, -1, shown)

    def spelled(self, counts: NDArray[np.int64]) -> tuple[list[str], list[str], list[tuple[str, str, int]]]:
        """The spelling and label of each value, and all of them by label."""
        ordinals = np.array(self.form_ordinals, np.int64)
        before = self._before
        values = list(before.values) if before else []
        labels = list(before.labels) if before else []
        ordered = before.ordered if before else []
        known = len(values)
        best: dict[int, tuple[tuple[Any, ...], str]] = {}
        several = np.bincount(ordinals, minlength=len(self.keys)) > 1
        several[[self.keys[key] for key in self._names.listed]] = True  # they may be spelled as no article has them
        for form, number in self.forms.items() if several.any() or len(self.keys) > known else ():
            ordinal = self.form_ordinals[number]
            if ordinal < known and not several[ordinal]:
                continue
            value = form.decode()
            if not several[ordinal]:
                best[ordinal] = (), value
                continue
            self.several.setdefault(ordinal, []).append(form)
            rank = (-int(counts[number]), spelling_order(value))
            if ordinal not in best or rank < best[ordinal][0]:
                best[ordinal] = rank, value
        fixed = {self.keys[fold(name)]: name for name in self._names.listed.values()}
        for ordinal, name in fixed.items():
            best[ordinal] = (), name
        for key in self._names.listed:  # also aliases that no article has
            if self.keys[key] >= known:
                best.setdefault(self.keys[key], ((), key))
        changed = {}
        for ordinal in sorted(best):
            value = best[ordinal][1]
            if ordinal >= known:
                values.append(value)
                labels.append(self.labels.of(value))
            elif values[ordinal] != value:
                values[ordinal], labels[ordinal] = value, self.labels.of(value)
            else:
                continue
            changed[ordinal] = (labels[ordinal], value, ordinal)
        if changed:
            ordered = sorted([*(entry for entry in ordered if entry[2] not in changed), *changed.values()])
        return values, labels, ordered


def _joined(
    name: str, segments: Sequence[SegmentData], parts: Sequence[Part], registry: _Registry, shown: NDArray[np.int64],
    before: ValueColumn | None, same: int,
) -> tuple[NDArray[Any], NDArray[np.uint32], NDArray[Any]]:  # fmt: skip
    """Sets, offsets and ordinals of all segments, those of the first `same` taken from the column before."""
    none = np.empty(0, np.uint32)
    shared = sum(part.sets for part in parts) * SHARED <= sum(segment.size for segment in segments)
    if before is None or bool(len(before.sets)) != shared:
        same = 0
    article_start = sum(segment.size for segment in segments[:same])
    row_start = sum(part.sets for part in parts[:same]) if shared else article_start
    pair_start = int(before.offsets[row_start]) if before else 0
    sets = [before.sets[:article_start] if before and shared else none]
    offsets = [before.offsets[:row_start] if before else none]
    ordinals = [before.ordinals[:pair_start] if before else none]
    dropped = len(registry.keys)
    form_ordinals = np.where(shown < 0, dropped, shown)[registry.form_ordinals].astype(np.uint32)
    for segment, part in zip(segments[same:], parts[same:], strict=True):
        column = segment.values(name)
        own = form_ordinals[part.forms]
        rows, row_ordinals = column.offsets, own[column.ordinals] if len(own) else none
        if len(np.unique(own)) < len(own):  # several spellings of one value, which an article may have together
            rows, twice = np.empty_like(rows), row_ordinals
            row_ordinals = np.empty_like(twice)
            row_ordinals = row_ordinals[: kernels.unique_in_sets(column.offsets, twice, rows, row_ordinals)]
        if (own == dropped).any():
            kept = row_ordinals != dropped
            rows = np.concatenate([[0], np.cumsum(kept)]).astype(np.uint32)[rows]
            row_ordinals = row_ordinals[kept]
        if shared:
            sets.append(column.sets + np.uint32(row_start))
        else:
            size = kernels.pairs_of(np.arange(segment.size, dtype=np.uint32), column.sets, rows)
            article_rows, article_ordinals = np.empty(segment.size + 1, np.uint32), np.empty(size, np.uint32)
            kernels.rows_of_articles(column.sets, rows, row_ordinals, article_rows, article_ordinals)
            rows, row_ordinals = article_rows, article_ordinals
        offsets.append(rows[:-1] + np.uint32(pair_start))
        ordinals.append(row_ordinals)
        row_start += len(rows) - 1
        pair_start += len(row_ordinals)
    end = np.array([pair_start], np.uint32)
    return (
        np.concatenate(sets, dtype=narrow(row_start), casting="same_kind"),
        np.concatenate([*offsets, end]),
        np.concatenate(ordinals, dtype=narrow(len(registry.keys)), casting="same_kind"),
    )


def _members(shown: NDArray[np.int64]) -> dict[int, list[int]]:
    """The values that are counted under another, by that."""
    members: dict[int, list[int]] = {}
    for ordinal in np.flatnonzero((shown != np.arange(len(shown))) & (shown >= 0)).tolist():
        members.setdefault(int(shown[ordinal]), []).append(ordinal)
    return members


def narrow(size: int) -> type[np.uint16] | type[np.uint32]:
    """The type for numbers below a size: half as wide is twice as much in the processor's cache."""
    return np.uint16 if size <= 1 << 16 else np.uint32
