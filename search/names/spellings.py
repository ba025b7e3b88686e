"""Joins the names of one person in an archive: by their letters, by when they are in the news, and with whom.

`People` collects the names that articles have, folded, and `groups` finds those that are one person's. Names that
differ in no more than spaces, hyphens and apostrophes always are, and the spellings of a known person's name in several
languages (see `known_spellings`). Others of one surname are joined if they `agree` (see `agreement`), if the articles
with the rarer one are from the years of the other (`YEARS`), and if no third name contradicts:

- a full name and a fuller one, unless it agrees with two that do not agree with each other: George Bush, George H. W.
  Bush, George W. Bush. If they differ in more than initials, or so many others have the surname that one of them may
  have the given name, too (`CHANCE`: John Kennedy, John F. Kennedy), most articles in which somebody of that surname is
  named in those years (`SHARE`) have one of the two, or they share a companion, as they do if they differ in a letter;
- a surname, alone or after initials, and the full name that most of the articles with the surname have (with that
  initial), if they share a companion, or if `SURE` articles have the full name. A name that is never named with anybody
  is joined to a full name in `ENOUGH` articles, as is a first word (the family name of Xi Jinping). Where no full name
  has most articles, it is the only one of at most `FEW` persons with whom it shares a companion; a surname alone only
  if it is in no more articles than that.

In doubt names stay apart. The fuller name is shown, in its most frequent spelling; of two full ones the more frequent.

The result depends only on the articles, not on their order or on how they were added. Not for names within an
article, which `indexer.enrich` has unified. Cost: two microseconds a name once, then some array operations a
generation, and some ten microseconds for each name that may be joined; of the full names of a surname those in the
most articles are compared (`MOST`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from search.names.agreement import Agreement, Parts, agree, begins, parts
from search.names.company import NO_DAY, Company, Meeting
from search.names.given_names import share_of
from search.names.known_spellings import usual
from search.names.name_keys import FULL, LED, taken_apart
from search.text.tokens import fold

Ints = NDArray[np.int64]

ENOUGH, SURE, SHARE, SHARE_FIRST = 5, 50, 0.8, 0.9
FEW = 5
"""Persons among whom companions decide."""
YEARS = 10
"""Years by which a name may be in articles before and after those with a fuller one."""
MOST = 50
"""The most frequent full names of a surname, with which other names are compared."""
CHANCE = 0.05
"""How many others of a surname may be expected to have a given name before two who have it may be two people."""
MANY, RARELY = 100, 20
"""Articles with a surname alone above which companions prove nothing: it is joined to a name that is in one article for
this many of its own."""

_DAYS = YEARS * 365


class People:
    """Analysed names, numbered in the order in which they are added.

    Args:
        before: the names of the previous generation, which are included.
    """

    def __init__(self, before: People | None = None) -> None:
        self._words: dict[str, int] = dict(before._words) if before else {}
        self._tight: dict[str, int] = dict(before._tight) if before else {}
        self._given: dict[str, int] = dict(before._given) if before else {}
        self._rows: list[int] = []
        self._taken: Ints = before._table if before else np.empty((0, 5), np.int64)

    def __len__(self) -> int:
        return len(self._taken) + len(self._rows) // 5

    def add(self, keys: Iterable[str]) -> None:
        """Add folded names."""
        tights, givens, words = self._tight, self._given, self._words
        for key in keys:
            tight, given, first, last, kind = taken_apart(key)
            self._rows += (
                tights.setdefault(tight, len(tights)),
                givens.setdefault(given, len(givens)),
                words.setdefault(first, len(words)),
                words.setdefault(last, len(words)),
                kind,
            )

    @property
    def _table(self) -> Ints:
        """A row for each name: its letters, surname with the start of its given name, first word, surname, flags."""
        if self._rows:
            self._taken = np.concatenate([self._taken, np.array(self._rows, np.int64).reshape(-1, 5)])
            self._rows = []
        return self._taken

    def groups(self, counts: Ints, values: Sequence[str], apart: NDArray[np.bool_], company: Company) -> Ints:
        """For each name the number of the name it is shown under, its own if it is not joined.

        Args:
            counts: articles that have each name, counted for each of its spellings; 0 if it is not evidence.
            values: the spelling of each, which decides ties.
            apart: names that are neither joined nor joined to.
            company: of the names, by their numbers.
        """
        table = self._table
        size = len(table)
        shown: Ints = np.arange(size)
        if not size:
            return shown
        live = (counts > 0) & ~apart
        shown[live] = self._heads(table[:, 0], counts, values, live)[live]
        archive = _Archive(table, shown, live, counts, values, company)
        into: Ints = np.arange(size)
        for one, head in archive.joined():
            into[one] = head
        while not np.array_equal(further := into[into], into):
            into = further
        return into[shown]

    def _heads(self, group: Ints, counts: Ints, values: Sequence[str], live: NDArray[np.bool_]) -> Ints:
        """For each name the one of its group that most articles have, ties by spelling."""
        heads: Ints = np.arange(len(group))
        numbers = np.flatnonzero(live)
        sizes = np.bincount(group[numbers], minlength=int(group.max()) + 1)
        several = numbers[sizes[group[numbers]] > 1]
        best: dict[int, tuple[tuple[int, str], int]] = {}
        for number, of in zip(several.tolist(), group[several].tolist(), strict=True):
            rank = (-int(counts[number]), values[number])
            if of not in best or rank < best[of][0]:
                best[of] = rank, number
        for number, of in zip(several.tolist(), group[several].tolist(), strict=True):
            heads[number] = best[of][1]
        return heads


class _Archive:
    """The names of an archive that are not spelled like another, and which of them are one person's.

    Args:
        shown: the name that each is spelled like.
        live: the names that may be joined.
    """

    def __init__(
        self, table: Ints, shown: Ints, live: NDArray[np.bool_], counts: Ints, values: Sequence[str], company: Company
    ) -> None:
        self._shown, self._live, self._values, self._company = shown, live, values, company
        self._totals = np.bincount(shown[live], counts[live], len(shown)).astype(np.int64)
        _, self._given, self._first, self._last, kind = table.T
        heads = np.flatnonzero(self._totals > 0)
        self._full, self._rest = heads[kind[heads] & FULL > 0], heads[kind[heads] & FULL == 0]
        self._bare = self._rest[kind[self._rest] & LED == 0]
        self._alike = np.bincount(self._given[self._full], minlength=int(self._given.max()) + 1)
        self._bearers = np.bincount(self._last[self._full])
        self._parts: dict[int, Parts] = {}
        self._members: dict[int, list[int]] = {}

    def joined(self) -> Iterator[tuple[int, int]]:
        """The names that are joined to others, which may be joined themselves: to one of a higher rank, or fuller."""
        full, rest, bare = self._full, self._rest, self._bare
        fuller = full[self._alike[self._given[full]] > 1]
        families = _Families(self._last[full], full, self._rank)
        ones, others = families.pairs(np.concatenate([fuller, rest]), self._last)
        starts, bearers = _Families(self._first[full], full, self._rank).pairs(bare, self._first)
        self._note(np.unique(np.concatenate([ones, others, starts, bearers])))
        firsts = self._rivals(starts, bearers)
        surnames = self._rivals(ones, others)
        asked: list[tuple[int, int]] = []
        enough: list[bool] = []
        doubtful: list[tuple[int, int]] = []
        for one in sorted({*surnames, *firsts}):
            rivals = surnames.get(one, [])
            if self._part(one).full:
                found = self._fuller(one, rivals)
            else:
                found = self._whole(one, rivals)
                if found is None and one in firsts:
                    found = self._begun(one, firsts[one], rivals)
            if found is None:
                doubtful += ((one, head) for head in self._persons(one, rivals))
                continue
            head, certain, alone = found
            if certain or self._totals[one] > MANY:
                if certain or (alone and self._totals[head] * RARELY >= self._totals[one]):
                    yield one, head
            else:
                asked.append((one, head))
                enough.append(alone)
        least = [Meeting.ALONE if alone else Meeting.SHARED for alone in enough]
        every = [*asked, *doubtful]
        meetings = self._company.meeting([(self._members[one], self._members[head]) for one, head in every])
        for pair, meeting, needed in zip(asked, meetings, least, strict=False):
            if meeting in (needed, Meeting.SHARED):
                yield pair
        shared: dict[int, list[int]] = {}
        for (one, head), meeting in zip(doubtful, meetings[len(asked) :], strict=True):
            if meeting is Meeting.SHARED:
                shared.setdefault(one, []).append(head)
        for one, heads in shared.items():
            if len(heads) == 1 and (self._part(one).given or self._totals[one] <= self._totals[heads[0]]):
                yield one, heads[0]

    def _note(self, involved: Ints) -> None:
        """Find out from when to when some names are in articles, in all their spellings."""
        size = len(self._shown)
        some = np.zeros(size, np.bool_)
        some[involved] = True
        members = np.flatnonzero(some[self._shown] & self._live)
        days, of = self._company.days(members), self._shown[members]
        self._begin, self._end = np.full(size, NO_DAY[0], np.int64), np.full(size, NO_DAY[1], np.int64)
        self._undated = np.zeros(size, np.bool_)
        np.minimum.at(self._begin, of, days[:, 0])
        np.maximum.at(self._end, of, days[:, 1])
        np.logical_or.at(self._undated, of, days[:, 2] > 0)
        for member, head in zip(members.tolist(), of.tolist(), strict=True):
            self._members.setdefault(head, []).append(member)

    def _rivals(self, ones: Ints, others: Ints) -> dict[int, list[tuple[int, bool]]]:
        """Name → others that are in articles of its years, and whether it is in none of other years than they are."""
        begin, end, undated = self._begin, self._end, self._undated
        dated = (begin[ones] <= end[ones]) & (begin[others] <= end[others])
        near = (begin[ones] <= end[others] + _DAYS) & (begin[others] <= end[ones] + _DAYS)
        overlap = (undated[ones] & undated[others]) | (dated & near)
        inside = (begin[ones] >= begin[others] - _DAYS) & (end[ones] <= end[others] + _DAYS)
        within = (~undated[ones] | undated[others]) & ((begin[ones] > end[ones]) | (dated & inside))
        found: dict[int, list[tuple[int, bool]]] = {}
        rivals = overlap | within
        for one, other, fits in zip(
            ones[rivals].tolist(), others[rivals].tolist(), within[rivals].tolist(), strict=True
        ):
            found.setdefault(one, []).append((other, fits))
        return found

    def _fuller(self, one: int, rivals: Sequence[tuple[int, bool]]) -> tuple[int, bool, bool] | None:
        """The full name that another one is, if it is certain without companions, and if it is likely."""
        own = self._part(one)
        agreeing = [(other, fits) for other, fits in rivals if agree(own, self._part(other))]
        best = min((other for other, fits in agreeing if fits), key=self._rank, default=None)
        if best is None or self._rank(best) >= self._rank(one):
            return None
        head = self._part(best)
        if any(other != best and not agree(self._part(other), head) for other, _ in agreeing):
            return None
        like = [other for other, _ in rivals if other == best or agree(self._part(other), head)]
        if any(not agree(own, self._part(other)) for other in like):
            return None
        match agree(own, head):
            case Agreement.INITIALS:
                certain = self._rare(own, like) or self._share(like, (other for other, _ in rivals), SHARE)
            case Agreement.SHORTENED:
                certain = self._share(like, (other for other, _ in rivals), SHARE)
            case _:
                certain = False
        return best, certain, False

    def _whole(self, one: int, rivals: Sequence[tuple[int, bool]]) -> tuple[int, bool, bool] | None:
        """The full name that a surname, alone or after initials, may be, and whether that is in enough articles."""
        own = self._part(one)
        rivals = [(other, fits) for other, fits in rivals if begins(own, self._part(other))]
        best = min((other for other, fits in rivals if fits), key=self._rank, default=None)
        if best is None:
            return None
        like = self._like(best, rivals)
        if like is None or not self._share(like, (other for other, _ in rivals), SHARE):
            return None
        return best, bool(self._totals[best] >= SURE), sum(int(self._totals[other]) for other in like) >= ENOUGH

    def _persons(self, one: int, rivals: Sequence[tuple[int, bool]]) -> list[int]:
        """The persons who may be meant by a surname, each by the full name in most articles; none if these are more
        than `FEW`, if one is of other years only, or if the surname is in many articles.
        """
        own, found = self._part(one), list[int]()
        if own.full or self._totals[one] > MANY:
            return []
        fitting = dict((other, fits) for other, fits in rivals if begins(own, self._part(other)))
        for other in sorted(fitting, key=self._rank):
            if not any(agree(self._part(other), self._part(head)) for head in found):
                if not fitting[other] or len(found) == FEW:
                    return []
                found.append(other)
        return found

    def _begun(
        self, one: int, rivals: Sequence[tuple[int, bool]], surnames: Sequence[tuple[int, bool]]
    ) -> tuple[int, bool, bool] | None:
        """The full name that begins with a word, if it is in enough articles, and may be no other name itself."""
        best = min((other for other, fits in rivals if fits), key=self._rank, default=None)
        if best is None or self._totals[best] < ENOUGH or self._alike[self._given[best]] > 1:
            return None
        among = {other for other, _ in (*rivals, *surnames)}
        return (best, False, True) if self._share([best], among, SHARE_FIRST) else None

    def _like(self, best: int, rivals: Sequence[tuple[int, bool]]) -> list[int] | None:
        """The names that agree with one, itself included; None if two of them do not agree with each other."""
        head = self._part(best)
        like = [other for other, _ in rivals if other == best or agree(self._part(other), head)]
        apart = any(not agree(self._part(a), self._part(b)) for at, a in enumerate(like) for b in like[:at])
        return None if apart else like

    def _rare(self, own: Parts, like: Sequence[int]) -> bool:
        """True if it would be a chance that somebody else of the surname has the given name, too."""
        others = int(self._bearers[self._last[like[0]]]) - len(like) - 1
        return others * share_of(own.given[0]) < CHANCE

    def _share(self, like: Iterable[int], among: Iterable[int], share: float) -> bool:
        """True if some names have a share of the articles with any of others."""
        return sum(int(self._totals[one]) for one in like) >= share * sum(int(self._totals[one]) for one in among)

    def _rank(self, one: int) -> tuple[int, str]:
        return -int(self._totals[one]), self._values[one]

    def _part(self, one: int) -> Parts:
        found = self._parts.get(one)
        if found is None:
            found = self._parts[one] = parts(usual(fold(self._values[one])))
        return found


class _Families:
    """Full names by a word of theirs: of each word those in the most articles.

    Args:
        words: of each name.
        rank: of a name, the first of a word come first.
    """

    def __init__(self, words: Ints, names: Ints, rank: Callable[[int], tuple[int, str]]) -> None:
        order = np.argsort(words, kind="stable")
        self._names = names[order]
        self._words, self._starts, self._sizes = np.unique(words[order], return_index=True, return_counts=True)
        for at in np.flatnonzero(self._sizes > MOST).tolist():
            start, size = int(self._starts[at]), int(self._sizes[at])
            first = nsmallest(MOST, self._names[start : start + size].tolist(), key=rank)
            self._names[start : start + MOST] = first
        self._sizes = np.minimum(self._sizes, MOST)

    def pairs(self, asking: Ints, word: Ints) -> tuple[Ints, Ints]:
        """Some names, each with every name that has its word, but itself.

        Args:
            word: of every name.
        """
        if not len(self._words):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        wanted = word[asking]
        at = np.minimum(np.searchsorted(self._words, wanted), len(self._words) - 1)
        sizes = np.where(self._words[at] == wanted, self._sizes[at], 0)
        ones = np.repeat(asking, sizes)
        # range(start, start + size) of each name, one after the other, without a loop
        places = np.arange(sizes.sum()) + np.repeat(self._starts[at] - np.cumsum(sizes) + sizes, sizes)
        others = self._names[places]
        different = ones != others
        return ones[different], others[different]
