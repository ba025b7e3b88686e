"""The name under which each value of a facet is shown, over a whole archive, as of one generation.

The cluster counts how often each spelling occurs; `search.names.naming` decides on the rest, and the result is applied
to each query, so that a change of the authority file changes no document.

Cost: a pass over the spellings of all facets for the first query of a process, some microseconds each, and the memory
to hold them; after a commit (`FacetNames.after`) that for the names that it has touched and those akin to them, and for
all others copies of dictionaries and passes over arrays, a fraction of a microsecond each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest, nsmallest
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.fields import BY_NAME, MAIN, facet_of
from search.names import completion, near_names
from search.names.authority import NameRules
from search.names.company import Days, Meeting, Pair
from search.names.naming import keys_of, shown_under, spelling_rank
from search.names.relatives import Relatives
from search.names.spellings import People
from search.names.vocabulary import vocabulary
from search.opensearch.ask.leaders import Leaders, Rank
from search.opensearch.document import key
from search.values.article import Article


class KeyCompany(Protocol):
    """The company of names (see `search.names.company`) by their normalized values."""

    def days(self, keys: Sequence[str]) -> Sequence[Days]:
        """The days of each."""
        ...

    def meeting(self, pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Sequence[Meeting]:
        """What the companions of each pair say."""
        ...


class _Numbered:
    """The company of names by their numbers in a list."""

    def __init__(self, keys: Sequence[str], company: KeyCompany) -> None:
        self._keys, self._company = keys, company

    def days(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """See `Company`."""
        found = self._company.days([self._keys[number] for number in numbers.tolist()])
        return np.array(found, np.int64).reshape(-1, 3)

    def meeting(self, pairs: Sequence[Pair]) -> Sequence[Meeting]:
        """See `Company`."""
        keys = self._keys
        return self._company.meeting([([keys[n] for n in one], [keys[n] for n in other]) for one, other in pairs])


LEADING = 500
"""Values of the whole archive that are available in the order of a list."""


class Members(dict[str, list[str]]):
    """Shown value → all that are shown under it; it alone, if it is not in the dictionary."""

    def __missing__(self, head: str) -> list[str]:
        return [head]


@dataclass(slots=True)
class FacetNames:
    """The names of one facet.

    Attributes:
        name: of the facet, or of the attribute with its main values.
        rules: the authority file's rules for it; of a part of the articles, as far as they are about values of these.
        decided: all of its rules.
        is_part: true if it is of a part of the articles.
        spelled: normalized value → its spelling as shown.
        shown: normalized value → the one it is shown under, None if it is hidden; unknown values are missing.
        members: shown value → all that are shown under it, itself included.
        totals: shown value → the articles of the archive that have it.
        doubtful: shown values with several spellings: their totals may count an article twice.
        shared: shown values of which one article has several members, so that their counts cannot be added.
        hidden: values that are not shown.
        parts: normalized value → the articles that have each of its spellings; only of values with several spellings,
            and of those that are not shown alone under themselves. All others have one, and all articles in `totals`.
        relatives: of a facet of persons, what finds the names akin to others.
        missing: the articles of the archive without a shown value.
    """

    name: str
    rules: NameRules
    decided: NameRules
    is_part: bool = False
    spelled: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str | None] = field(default_factory=dict)
    members: Members = field(default_factory=Members)
    totals: dict[str, int] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    relatives: Relatives | None = None
    missing: int = 0
    _several: list[str] | None = None
    _leading: dict[str, int] | None = None
    _leaders: Leaders | None = None
    _distinct: int | None = None

    @property
    def several(self) -> list[str]:
        """Shown values with several members, those of most articles first."""
        if self._several is None:
            several = [head for head, members in self.members.items() if len(members) > 1 and head in self.totals]
            self._several = sorted(several, key=self.totals.__getitem__, reverse=True)
        return self._several

    @property
    def leading(self) -> dict[str, int]:
        """The first `LEADING` shown values of the whole archive by articles, ties by label."""
        if self._leading is None:
            known = self._leaders
            leaders = (known.settled(self._rank, LEADING) if known is not None else None) or self._led()
            self._leading = {head: -count for count, _, _, head in leaders.ranks[:LEADING]}
            self._leaders = leaders
        return self._leading

    def _led(self) -> Leaders:
        """The first values, of which there are twice as many as lead, so that some may go."""
        size = 2 * LEADING
        ranks = tuple(filter(None, map(self._rank, self.first(self.totals, size))))
        return Leaders(ranks, len(ranks) < size)

    def _rank(self, head: str) -> Rank | None:
        count = self.totals.get(head, 0)
        return (-count, self.label(head), self.spelled[head], head) if count else None

    def first(self, counts: Mapping[str, int], size: int) -> list[str]:
        """The first shown values by a count above 0, ties by label, then by spelling.

        Args:
            counts: by shown value.

        Cost: passes over the counts and the spellings; a label only for what is returned and, of a facet whose labels
        are not its spellings, for those values that tie for the last place: no more than its vocabulary has.
        """
        least = max(min(nlargest(size, counts.values()), default=0), 1)
        before = [head for head, count in counts.items() if count > least] if size else []
        tied = [head for head, count in counts.items() if count == least]
        if not completion.has_labels(facet_of(self.name), self.rules):
            tied = nsmallest(size - len(before), tied, key=self.spelled.__getitem__)
        ranked = sorted((-counts[head], self.label(head), self.spelled[head], head) for head in before + tied)
        return [head for *_, head in ranked[:size]]

    @property
    def leads(self) -> int:
        """The length up to which a list begins with the `leading` values."""
        return LEADING

    @property
    def distinct(self) -> int:
        """The number of shown values that articles have."""
        if self._distinct is None:
            self._distinct = sum(count > 0 for count in self.totals.values())
        return self._distinct

    def of(self, value: str) -> str | None:
        """The normalized value that a value is shown under; None if it is unknown or hidden."""
        return self.shown.get(key(value))

    def behind(self, values: Iterable[str]) -> list[str]:
        """All normalized values that are shown under these."""
        heads = dict.fromkeys(self.of(value) for value in values)
        return [member for head in heads if head is not None for member in self.members[head]]

    def shown_as(self, value: str) -> str:
        """A value as the facet spells it; unchanged if the facet does not show it."""
        head = self.of(value)
        return value if head is None else self.spelled[head]

    def label(self, head: str) -> str:
        """The label of a shown value."""
        return completion.label(facet_of(self.name), self.spelled[head], self.rules)

    def has_name(self, head: str, typed: tuple[str, ...], inside: bool = False) -> bool:
        """True if a shown value, or one shown under it, has a name that begins with the typed words, or `inside`, has
        them.
        """
        like = completion.has if inside else completion.begins
        names = (self.spelled.get(member, member) for member in self.members[head])
        return any(like(facet_of(self.name), name, typed, self.rules) for name in names)

    def counts(self, buckets: Mapping[str, int], exact: Mapping[str, int]) -> dict[str, int]:
        """Articles by shown value.

        Args:
            buckets: articles by normalized value.
            exact: articles of the values whose members' counts cannot be added.
        """
        found = dict(buckets)
        for one in [one for one in buckets if self.shown.get(one) != one]:
            count = found.pop(one)
            if (head := self.shown.get(one)) is not None:
                found[head] = found.get(head, 0) + count
        return found | {head: count for head, count in exact.items() if head in found}

    def spellings(self, one: str) -> Mapping[str, int]:
        """The spellings of a normalized value, and the articles that have each."""
        if one in self.parts:
            return self.parts[one]
        return {self.spelled[one]: self.totals[one]} if one in self.totals and one not in self.members else {}

    def after(self, changed: Mapping[str, int], rules: NameRules, company: KeyCompany) -> tuple[FacetNames, set[str]]:
        """The names after a commit, and the shown values whose `totals` may have changed.

        These are sums over spellings, as `facet_names` returns them, and `missing` is as it was.

        Args:
            changed: the spellings that the commit has touched, and the articles that have each now.
            company: of the names, after it.
        """
        if not changed and rules == self.decided:
            return replace(self), set()
        touched = set(map(key, changed))
        if rules != self.decided or (self.is_part and rules.concern(touched)):
            counts = {spelling: count for one in self.shown for spelling, count in self.spellings(one).items()}
            counts |= changed
            having = {spelling: count for spelling, count in counts.items() if count}
            found = facet_names(self.name, having, rules, company, self.is_part)
            return found, set(found.totals)
        moved = deciding = touched
        if self.relatives is not None:
            self.relatives.add(touched)
            moved, deciding = self.relatives.of(touched)
        counts = {spelling: count for one in deciding for spelling, count in self.spellings(one).items()}
        counts |= changed
        having = {spelling: count for spelling, count in counts.items() if count}
        some = facet_names(self.name, having, rules, company, self.is_part)
        found = replace(
            self,
            spelled=self.spelled.copy(), shown=self.shown.copy(), members=Members(self.members),
            totals=self.totals.copy(), doubtful=self.doubtful.copy(), shared=self.shared.copy(),
            parts=self.parts.copy(), _several=None, _leading=None, _distinct=None,
        )  # fmt: skip
        heads = found._take(some, moved)
        if found._leaders is not None:
            found._leaders = found._leaders.moving((*moved, *heads))
        return found, heads

    def _take(self, some: FacetNames, moved: Collection[str]) -> set[str]:
        """Have some values shown as elsewhere. Returns the shown values whose `totals` may have changed."""
        before = {one: self.shown[one] for one in moved if one in self.shown}
        now = {one: some.shown[one] for one in moved if one in some.shown}
        heads = {head for head in (*before.values(), *now.values()) if head is not None}
        members = {head: dict.fromkeys(one for one in self.members[head] if one in self.shown) for head in heads}
        parts = {one: self.spellings(one) for these in members.values() for one in these}
        parts |= {one: some.spellings(one) for one in moved}
        hidden = dict.fromkeys(self.hidden)
        for one in moved:
            hidden.pop(one, None)
            for table in (self.shown, self.spelled, self.totals, self.parts):
                table.pop(one, None)
            if (head := before.get(one)) is not None:
                del members[head][one]
        for one, head in now.items():
            self.shown[one] = head
            if one in some.spelled:
                self.spelled[one] = some.spelled[one]
            if head is not None:
                members[head][one] = None
            else:
                hidden[one] = None
                self._keep(one, parts[one], alone=False)
        self.hidden = list(hidden)
        for head, these in members.items():
            self._head(head, sorted(these), parts)
        return heads

    def _head(self, head: str, members: list[str], parts: Mapping[str, Mapping[str, int]]) -> None:
        """Show some values, with these spellings, under a value of theirs."""
        self.members.pop(head, None)
        self.totals.pop(head, None)
        self.doubtful.discard(head)
        self.shared.discard(head)
        alone = members == [head]
        if members and not alone:
            self.members[head] = members
        for one in members:
            self._keep(one, parts[one], alone)
        spellings = [count for one in members for count in parts[one].values()]
        if spellings:
            self.totals[head] = sum(spellings)
        if len(spellings) > 1:
            self.doubtful.add(head)

    def _keep(self, one: str, spellings: Mapping[str, int], alone: bool) -> None:
        """Keep the spellings of a value, unless they follow from the rest."""
        self.parts.pop(one, None)
        if spellings and not (alone and [*spellings] == [self.spelled[one]]):
            self.parts[one] = dict(spellings)


def facet_names(
    name: str, counts: Mapping[str, int], decided: NameRules, company: KeyCompany, is_part: bool = False
) -> FacetNames:
    """The names of a facet; `totals` are sums over spellings, to be corrected for those in `doubtful`.

    Args:
        counts: spelling → articles.
        decided: the authority file's rules for it.
        company: of the names, if they are persons'.
        is_part: rules about names that are not among the spellings are not known.
    """
    having: dict[str, int] = {}
    spelled: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for spelling in sorted(counts):
        one = key(spelling)
        if one in spelled:
            several.setdefault(one, [spelled[one]]).append(spelling)
            having[one] += counts[spelling]
        else:
            spelled[one] = spelling
            having[one] = counts[spelling]
    for one, spellings in several.items():
        spelled[one] = min(spellings, key=lambda spelling: spelling_rank(counts[spelling], spelling))
    rules = decided.among(having.__contains__) if is_part else decided
    keys = [*having, *sorted(keys_of(rules) - having.keys())]
    people = People() if name == "person" else None
    if people is not None:
        people.add(keys)
    shown = shown_under(
        {one: number for number, one in enumerate(keys)},
        np.array([having.get(one, 0) for one in keys], np.int64),
        [spelled.get(one, one) for one in keys],
        rules,
        people,
        _Numbered(keys, company),
    )
    # Nearly every value is shown under itself, alone, and has one spelling: only the others are looked at one by one.
    listed = {key(listed): listed for listed in rules.listed.values()}
    found = FacetNames(name, rules, decided, is_part, spelled | listed)
    found.shown = dict(zip(keys, keys, strict=True))
    found.totals = dict(having)
    if people is not None:
        found.relatives = Relatives()
        found.relatives.add(keys)
    itself = shown == np.arange(len(keys))
    alone = itself & (np.bincount(shown[shown >= 0], minlength=len(keys)) == 1)
    odd: dict[str, str | None] = {one: one for one in (*several, *listed)}
    for number in np.flatnonzero(~alone).tolist():
        odd[keys[number]] = keys[shown[number]] if shown[number] >= 0 else None
    for one in keys[len(having) :]:
        found.spelled.setdefault(one, one)
    parts: dict[str, Mapping[str, int]] = {}
    members: dict[str, list[str]] = {}
    for one, head in odd.items():
        parts[one] = (
            {spelling: counts[spelling] for spelling in several.get(one) or [spelled[one]]} if one in having else {}
        )
        found.shown[one] = head
        found.totals.pop(one, None)
        if head is not None:
            members.setdefault(head, []).append(one)
        else:
            found.hidden.append(one)
            found._keep(one, parts[one], alone=False)
    for head, these in members.items():
        found._head(head, sorted(these), parts)
    return found


def spelled(article: Article, names: Mapping[str, FacetNames]) -> Article:
    """An article with its values spelled as in the facets."""
    changed: dict[str, object] = {}
    evidence = dict(article.evidence)
    for name, facet in names.items():
        if name in MAIN:
            continue  # it follows from the evidence
        value = getattr(article, name)
        mine = value if isinstance(value, tuple) else [value] if value else []
        listed = tuple(dict.fromkeys(facet.spelled[to] for one in mine if (to := facet.of(one)) is not None))
        changed[name] = listed if isinstance(value, tuple) else next(iter(listed), None)
        if name in evidence:
            evidence[name] = tuple(
                replace(entry, value=facet.spelled[to], rule=entry.rule + _why(facet, entry.value, to))
                for entry in evidence[name]
                if (to := facet.of(entry.value)) is not None
            )
    changed["evidence"] = evidence
    return replace(article, **changed)  # type: ignore[arg-type]


def _why(facet: FacetNames, value: str, to: str) -> str:
    """The rule for which a value is shown under another."""
    if key(value) == to:
        return ""
    return f"; {'authority' if key(value) in facet.rules.listed else 'archive'} “{value}”"


def suggested(names: Mapping[str, FacetNames], typed: tuple[str, ...]) -> list[tuple[int, int, str, str]]:
    """Completions from all suggested facets: (−articles, place of the facet, label, value), sorted."""
    found = []
    for place, name in enumerate(completion.TYPES if typed else ()):
        facet = names[name]
        for head, count in facet.totals.items():
            if count and facet.has_name(head, typed):
                found.append((-count, place, facet.label(head), facet.spelled[head]))
    return sorted(found)


def nearest(facet: FacetNames, typed: str) -> str | None:
    """The value of a facet that is nearest to a typed name (see `near_names`)."""
    return near_names.nearest(typed, ((facet.spelled[head], count) for head, count in facet.totals.items()))


def level(name: str, parent: str | None) -> frozenset[str] | None:
    """The normalized values that a facet lists; None for all."""
    if BY_NAME[facet_of(name)].vocabulary != "topic":
        return None
    topics = vocabulary("topic")
    return frozenset(map(key, topics.children(parent) if parent else topics.tops))
