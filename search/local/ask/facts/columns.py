"""Here is an article number, give me its values: the facets, over all articles of one generation.

A column joins the segments' own columns. Its ordinals are assigned to values in order of first occurrence and never
change, so the column of the next generation reuses what both have in common. Counting and filtering read only these
numbers, never a stored article. Opening a generation reads the values, and how many articles have each; what there is
for each article is joined when a query first needs it.

A value that is shown under another (see `search.names.naming`) retains its ordinal. So a filter, which accepts any of
the spellings, always finds the number of articles that the facet promised, and an article is shown with the spelling
that the facet shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.fields import BY_NAME, facet_of
from search.local.ask.facts.company import NO_DAYS, SegmentCompany, days_of
from search.local.ask.facts.rows import Joined, Joining, Mask, Part, Placed, Rows, rows_of_articles
from search.local.format.segment import SegmentData
from search.names.authority import NameRules
from search.names.company import Company
from search.names.naming import keys_of, shown_under, spelling_rank
from search.names.spellings import People
from search.names.vocabulary import vocabulary
from search.system.lazy import shared_property
from search.text.tokens import fold


@dataclass(frozen=True, slots=True)
class Spelled:
    """The values as they are shown, by ordinal.

    Attributes:
        values, labels: the spelling of each value, and its label.
        order: uint32; the rank of each value by label, which decides ties of counts.
        listed: the values that the facet lists: the top ones of a hierarchy. None for all.
        ordered: label, value and ordinal of each, sorted.
    """

    values: list[str]
    labels: list[str]
    order: NDArray[np.uint32]
    listed: Mask | None
    ordered: list[tuple[str, str, int]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Naming:
    """Which spellings are one value, and which value each is shown under.

    Attributes:
        forms: each spelling as bytes → its number.
        form_ordinals: the value of each form.
        several: the forms of each value that has more than one.
        keys: folded spelling → ordinal, including values that only deleted articles have.
        shown: int64; see `search.names.naming.shown_under`.
        members: value → the other values that are shown under it.
        rules: the rules of the authority file; of a part of the articles, as far as they are about values of these.
        assigned: all its rules when the ordinals were assigned.
        people: the analysed names of persons; None for other facets.
    """

    forms: dict[bytes, int]
    form_ordinals: list[int]
    several: dict[int, list[bytes]]
    keys: dict[str, int]
    shown: NDArray[np.int64]
    members: dict[int, list[int]]
    rules: NameRules
    assigned: NameRules
    people: People | None


@dataclass(frozen=True)
class ValueColumn:
    """The values of one facet, over all articles of a generation.

    Attributes:
        spelled: how the values are shown.
        naming: which spelling belongs to which value.
        parts: the contribution of each segment.
    """

    spelled: Spelled
    naming: Naming
    parts: tuple[Part, ...]
    _joining: Joining = field(repr=False)

    @shared_property
    def rows(self) -> Rows:
        """The values of each article."""
        return self._joining.rows()

    @shared_property
    def totals(self) -> NDArray[np.uint32]:
        """Live articles that have each value: uint32, shape (values,)."""
        return self._joining.totals()

    @shared_property
    def missing(self) -> int:
        """Live articles that have none."""
        return self._joining.missing()

    @property
    def joined(self) -> Joined | None:
        """The rows of this generation or an earlier one, if they have been needed."""
        if "rows" in self.__dict__:
            return Joined(self.rows, tuple(part.name for part in self.parts), self.naming.shown)
        return self._joining.before

    @property
    def distinct(self) -> int:
        """The number of values that live articles have."""
        return int(np.count_nonzero(self.totals))

    def ordinal(self, value: str) -> int | None:
        """The ordinal that a value, in any spelling, is counted under; None if no live article has it."""
        key, naming = fold(value), self.naming
        ordinal = int(naming.shown[naming.keys[key]]) if key in naming.keys else -1
        return ordinal if ordinal >= 0 and self.totals[ordinal] else None

    def spelling(self, value: str) -> str:
        """A value as the facet spells it; unchanged if the facet does not show it."""
        ordinal = self.ordinal(value)
        return value if ordinal is None else self.spelled.values[ordinal]

    def blocked(self, value: str) -> bool:
        """True if the authority file hides a value of the archive."""
        return bool(self.naming.rules.blocked) and self.ordinal(value) is None

    def listed_as(self, value: str) -> str | None:
        """The value that a value is merged into; None if it differs in no more than case and accents."""
        ordinal = self.ordinal(value)
        return None if ordinal in (None, self.naming.keys.get(fold(value))) else self.spelled.values[ordinal]

    def why(self, value: str) -> str:
        """The source of a merged value: `authority` for the authority file, `archive` for its spellings."""
        return "authority" if fold(value) in self.naming.rules.listed else "archive"

    def forms_under(self, ordinal: int) -> list[tuple[str, list[int]]]:
        """The values that are counted under a value, itself included, as shown, with the numbers of their forms."""
        members = (ordinal, *self.naming.members.get(ordinal, ()))
        return [(self.spelled.values[one], self.forms_of(one)) for one in members]

    def forms_of(self, ordinal: int) -> list[int]:
        """The numbers of the forms of a value, without those of values that are counted under it."""
        spelled = self.naming.several.get(ordinal) or [self.spelled.values[ordinal].encode()]
        return [self.naming.forms[form] for form in spelled if form in self.naming.forms]

    def spellings(self, ordinal: int) -> list[bytes]:
        """All forms of a value."""
        naming = self.naming
        return [
            form
            for one in (ordinal, *naming.members.get(ordinal, ()))
            for form in naming.several.get(one) or [self.spelled.values[one].encode()]
        ]


class Labels:
    """The labels of the values of a column."""

    def __init__(self, name: str, rules: NameRules) -> None:
        self._labels = rules.labels
        known = BY_NAME[facet_of(name)].vocabulary
        self._vocabulary = vocabulary(known) if known else None
        self.tops = frozenset(vocabulary("topic").tops) if name == "topic" else None

    def of(self, value: str) -> str:
        """The label of a value."""
        if self._labels and (key := fold(value)) in self._labels:
            return self._labels[key]
        return self._vocabulary.label(value) if self._vocabulary else value


def value_column(
    name: str,
    segments: Sequence[SegmentData],
    masks: Sequence[Mask],
    before: ValueColumn | None,
    names: NameRules,
    is_part: bool = False,
) -> ValueColumn:
    """Join the segments' columns of a facet.

    Args:
        masks: flags of the live articles of each segment.
        before: the column of the previous generation; what both have in common is reused.
        names: the authority file's rules for the facet.
        is_part: rules about names that no live article has are not known.
    """
    if before and before.naming.assigned != names:
        before = None
    registry = _Registry(name, before, names)
    old = {part.name: part for part in before.parts} if before else {}
    parts = tuple(
        registry.part(segment, mask, old.get(segment.name)) for segment, mask in zip(segments, masks, strict=True)
    )
    counts = registry.counts(parts)
    if is_part:
        registry.forget_rules(counts)
    values, labels, ordered = registry.spelled(counts)
    shown = registry.shown(counts, values, SegmentCompany(segments, masks, parts, registry.form_ordinals))
    order = np.empty(len(ordered), np.uint32)
    order[[ordinal for _, _, ordinal in ordered]] = np.arange(len(ordered), dtype=np.uint32)
    tops = registry.labels.tops
    listed = None if tops is None else np.array([value in tops for value in values], np.bool_)
    naming = Naming(
        registry.forms, registry.form_ordinals, registry.several, registry.keys, shown, _members(shown), registry.rules,
        names, registry.people,
    )  # fmt: skip
    joining = Joining(
        [Placed(segment.values(name), part, mask) for segment, part, mask in zip(segments, parts, masks, strict=True)],
        np.where(shown < 0, len(shown), shown)[registry.form_ordinals].astype(np.uint32),
        shown,
        before.joined if before else None,
    )
    return ValueColumn(Spelled(values, labels, order, listed, ordered), naming, parts, joining)


def names_under(
    name: str, column: ValueColumn, ordinal: int, segments: Sequence[SegmentData], live: Mask
) -> list[tuple[str, int]]:
    """The values that are counted under a value of a column, itself included, and the live articles that list each."""
    return [
        (one, _having(name, column, forms, segments, live)) for one, forms in dict(column.forms_under(ordinal)).items()
    ]


def listing(name: str, column: ValueColumn, values: Sequence[str], segments: Sequence[SegmentData], live: Mask) -> int:
    """The live articles that list any of some values of a column, in any spelling, shown or not."""
    naming = column.naming
    ordinals = {naming.keys[key] for key in map(fold, values) if key in naming.keys}
    return _having(name, column, [form for one in ordinals for form in column.forms_of(one)], segments, live)


def _having(name: str, column: ValueColumn, forms: Sequence[int], segments: Sequence[SegmentData], live: Mask) -> int:
    """The live articles that have any of some forms."""
    count = start = 0
    for segment, part in zip(segments, column.parts, strict=True):
        own, here = segment.values(name), live[start : start + segment.size]
        having = np.flatnonzero(np.isin(part.forms, forms)[own.ordinals])
        rows = np.zeros(len(own.offsets) - 1, np.bool_)
        rows[np.searchsorted(own.offsets, having, "right") - 1] = True
        count += int(np.count_nonzero(rows[own.sets] & here))
        start += segment.size
    return count


class _Registry:
    """The forms and values of a column, with methods to add new ones."""

    def __init__(self, name: str, before: ValueColumn | None, names: NameRules) -> None:
        self.labels = Labels(name, names)
        known = before.naming if before else None
        self.forms = dict(known.forms) if known else {}
        self.form_ordinals = list(known.form_ordinals) if known else []
        self.keys = dict(known.keys) if known else {}
        self.several: dict[int, list[bytes]] = {}
        self.people = People(known.people if known else None) if name == "person" else None
        self._name = name
        self._before = before.spelled if before else None
        self.rules = names
        self._numbers_of(sorted(keys_of(names)))

    def part(self, segment: SegmentData, live: Mask, known: Part | None) -> Part:
        column = segment.values(self._name)
        deleted = len(live) - int(np.count_nonzero(live))
        if known is not None and known.deleted == deleted:
            return known
        forms = known.forms if known else self._numbered(column.values)
        counts = segment.postings.frequency[column.first : column.first + len(forms)].astype(np.int64)
        if deleted:
            _, gone = rows_of_articles(column.sets[~live], column.offsets, column.ordinals)
            counts -= np.bincount(gone, minlength=len(forms))
        days = days_of(segment, column, live) if self.people is not None else NO_DAYS
        return Part(segment.name, deleted, len(column.offsets) - 1, forms, counts, days)

    def _numbered(self, values: Iterable[bytes]) -> NDArray[np.int32]:
        """The numbers of the given values in `forms`; new values get the next ones."""
        listed = list(values)
        numbers = list(map(self.forms.get, listed))
        if None in numbers:
            new = [value for value, number in zip(listed, numbers, strict=True) if number is None]
            self.forms.update(zip(new, range(len(self.forms), len(self.forms) + len(new)), strict=True))
            self.form_ordinals += self._numbers_of([fold(value.decode()) for value in new])
            numbers = [self.forms[value] for value in listed]
        return np.array(numbers, np.int32)

    def _numbers_of(self, folded: Sequence[str]) -> list[int]:
        """The ordinals of the given keys; new keys get the next ones."""
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

    def forget_rules(self, counts: NDArray[np.int64]) -> None:
        """Forget the rules about names that no live article has."""
        if self.rules:
            keys, articles = self.keys, self._articles(counts)
            self.rules = self.rules.among(lambda key: key in keys and articles[keys[key]] > 0)

    def shown(self, counts: NDArray[np.int64], values: Sequence[str], company: Company) -> NDArray[np.int64]:
        """The value that each is shown under."""
        return shown_under(self.keys, self._articles(counts), values, self.rules, self.people, company)

    def _articles(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Live articles that have each value, counted for each of its forms."""
        articles = np.zeros(len(self.keys), np.int64)
        np.add.at(articles, np.array(self.form_ordinals, np.int64), counts)
        return articles

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
        several[[self.keys[key] for key in self.rules.listed]] = True  # spelled as no article may spell them
        for form, number in self.forms.items() if several.any() or len(self.keys) > known else ():
            ordinal = self.form_ordinals[number]
            if ordinal < known and not several[ordinal]:
                continue
            value = form.decode()
            if not several[ordinal]:
                best[ordinal] = (), value
                continue
            self.several.setdefault(ordinal, []).append(form)
            rank = spelling_rank(int(counts[number]), value)
            if ordinal not in best or rank < best[ordinal][0]:
                best[ordinal] = rank, value
        fixed = {self.keys[fold(name)]: name for name in self.rules.listed.values()}
        for ordinal, name in fixed.items():
            best[ordinal] = (), name
        for key in self.rules.listed:  # including aliases that no article has
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


def _members(shown: NDArray[np.int64]) -> dict[int, list[int]]:
    """The values that are counted under another, grouped by that one."""
    members: dict[int, list[int]] = {}
    for ordinal in np.flatnonzero((shown != np.arange(len(shown))) & (shown >= 0)).tolist():
        members.setdefault(int(shown[ordinal]), []).append(ordinal)
    return members
