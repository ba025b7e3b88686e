"""The corrections of an index: a row each, in the order in which they came.

A correction is on disk when `add` returns, and is never changed: undoing it fills its columns `undone` and `undone_by`.
Of two that contradict each other the later one counts, also if it comes from another index: each has its time to the
microsecond, and one of an article is later than all before it, so that their order does not depend on where they are.
Web workers and commands add them, any time. A process that writes to the index applies them (see `application`); until
it has done so, they are `pending`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from itertools import chain, repeat
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, bindparam, func, select, tuple_

from desk.corrections.correction import ACTIONS, SET, Correction, made
from desk.replaced import check_replaced
from desk.store.base import Desk
from desk.store.tables import CORRECTIONS
from search.errors import DatelineError
from search.said import said

_C = CORRECTIONS.c
_MADE = (_C.at, _C.micros, _C.field, _C.action, _C.value, _C.made_by)
"""The columns of the sort key `made`."""
_IN_FORCE = _C.undone.is_(None)
_OF = select(CORRECTIONS).where(_C.article == bindparam("of"))
_ABOUT = (
    _OF.where(_C.field == bindparam("on"), _C.subject == bindparam("about"), _IN_FORCE)
    .order_by(*(column.desc() for column in _MADE))
    .limit(1)
)
_NEWEST = _OF.order_by(_C.at.desc(), _C.micros.desc()).limit(1)
_WAITING = select(func.max(_C.pending)).where(_C.pending > 0)
"""Statements that are run for each of many corrections: to make one takes longer than to run it."""

Waiting = frozenset[tuple[int, str | None]]
"""Corrections as they are, by their numbers and when they were undone."""


class CorrectionMissing(DatelineError):
    """There is no correction with this number, or it is undone."""

    def __init__(self, number: int) -> None:
        super().__init__(f"No correction {number} is in force.")


def check_set(new: Correction, before: str | None, now: str) -> None:
    """Raise ChangedMeanwhile if a title or date is neither what it was to be before nor what it is to be.

    Args:
        before: None for any.
    """
    what = {
        "title": said("title of “{article}”", article=new.article),
        "date": said("date of “{article}”", article=new.article),
    }
    check_replaced(what[new.field], now, before, new.value)


class Store(Desk):
    """The corrections of one index."""

    TABLES = (CORRECTIONS,)
    WHAT = "corrections"

    def add(self, corrections: Iterable[Correction], replaced: Iterable[str | None] = ()) -> list[Correction]:
        """Store some corrections, all or none of them.

        Each is later than all others of its article, which may come from a machine whose clock is ahead: else it would
        have no effect.

        Args:
            replaced: for each, the title or date that is to be replaced; None for any, as if they are fewer.

        Raises:
            ChangedMeanwhile: if somebody has set it to another one.

        Returns:
            Them, with their numbers; one that is the last word on its subject already is returned as it is stored.
        """
        with self.transaction():
            return [
                self._add(each, before)
                for each, before in zip(corrections, chain(replaced, repeat(None)), strict=False)
            ]

    def _add(self, new: Correction, before: str | None) -> Correction:
        for last in self._about(new) if new.field in SET else ():
            check_set(new, before, last.value)
        return self._last_word(new) or self._insert(self._newest(new))

    def _about(self, new: Correction) -> tuple[Correction, ...]:
        """The last correction in force of the same subject, if there is one."""
        return tuple(map(_correction, self._rows(_ABOUT, of=new.article, on=new.field, about=_subject(new))))

    def _newest(self, new: Correction) -> Correction:
        last = next(iter([*self._rows(_NEWEST, of=new.article)]), None)
        if last is not None and (new.at, new.micros) <= (last.at, last.micros):
            new = replace(new, at=last.at, micros=last.micros + 1)
        return replace(new, number=self._next(CORRECTIONS))

    def merge(self, corrections: Iterable[Correction]) -> None:
        """Add the corrections of another store that this one does not have, and undo what is undone there.

        Those that are new here get new numbers.
        """
        with self.transaction():
            known = {identity(each): each for each in self.listed()}
            for each in corrections:
                own = known.get(identity(each))
                if own is None:
                    self._insert(replace(each, number=self._next(CORRECTIONS)))
                elif (both := _both(own, each)) != own:
                    self._insert(both)

    def merged(self, article_id: str, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
        """The corrections in force of an article, as they will be when those of another store have been merged.

        Args:
            corrections: of the article there, undone ones too.
        """
        known = {identity(each): each for each in self.listed(article_id)}
        for each in corrections:
            key = identity(each)
            known[key] = _both(known[key], each) if key in known else each
        return tuple(sorted((each for each in known.values() if not each.undone), key=made))

    def undo(self, number: int, by: str, at: str) -> Correction:
        """Undo a correction. Raises CorrectionMissing if there is none in force with this number."""
        with self.transaction():
            for each in self._read(_C.number == number, _IN_FORCE):
                return self._insert(replace(each, undone=at, undone_by=by))
        raise CorrectionMissing(number)

    @property
    def last(self) -> int:
        """The greatest number that a correction has had; 0 if there was none."""
        return self._last(CORRECTIONS)

    def of(self, article_id: str) -> tuple[Correction, ...]:
        """The corrections in force of an article, the latest last, wherever they were made."""
        return self._read(_C.article == article_id, _IN_FORCE, order=_MADE)

    def listed(self, article: str | None = None, after: int = 0, most: int | None = None) -> tuple[Correction, ...]:
        """All corrections, undone ones too, in their order.

        Args:
            article: only those of this article.
            after: only those with a greater number.
            most: the greatest number of them; None for all.
        """
        of = () if article is None else (_C.article == article,)
        return self._read(*of, _C.number > after, order=(_C.number,), most=most)

    def articles(self) -> frozenset[str]:
        """The ids of the articles that have corrections, in force or not."""
        return frozenset(self._run(select(_C.article).distinct()).scalars())

    def pending(self) -> tuple[list[str], Waiting]:
        """The ids of the articles with corrections, or undone ones, that are not applied; and what `settle` wants."""
        found = self._read(_C.pending > 0, order=(_C.pending, _C.number))
        return list(dict.fromkeys(each.article for each in found)), frozenset((c.number, c.undone) for c in found)

    def waits(self, article_id: str, since: str) -> bool:
        """True if a correction of an article that was made or undone at a time or later is not applied."""
        made = (_C.at >= since) | (_C.undone >= since)
        return bool(self._read(_C.article == article_id, _C.pending > 0, made, order=(_C.number,), most=1))

    def settle(self, those: Waiting) -> None:
        """Take note that what was `pending` then is applied and committed."""
        with self.transaction():
            waiting = list(self._rows(select(CORRECTIONS).where(_C.pending > 0)))
            applied = ({**row._mapping, "pending": 0} for row in waiting if (row.number, row.undone) in those)
            self._write(CORRECTIONS, *applied)

    def since(self, at: str) -> list[str]:
        """The ids of the articles of which a correction was made or undone at a time or later."""
        return list(self._run(select(_C.article).where((_C.at >= at) | (_C.undone >= at)).distinct()).scalars())

    def erase(self, ids: Collection[str]) -> frozenset[str]:
        """Erase the corrections of some articles, without a trace. Returns the ids that had some."""
        if not self.articles() & frozenset(ids):
            return frozenset()
        with self.transaction():
            known = self.articles() & frozenset(ids)
            self._drop_among(CORRECTIONS, _C.article, known)
        self.vacuum()
        return known

    def _last_word(self, new: Correction) -> Correction | None:
        """The correction in force that says the same of an article as a new one, and that no later one contradicts."""
        for last in self._about(new):
            if (last.action, last.value) == (new.action, new.value) and not self._opposed(last):
                return last
        return None

    def _opposed(self, last: Correction) -> bool:
        """True if another action on the field came later: the removal of a topic removes those below it, too."""
        for action in ACTIONS:
            then, this = tuple_(_C.at, _C.micros), tuple_(last.at, last.micros)
            later = then >= this if action > last.action else then > this  # as `made` has it
            others = _C.article == last.article, _C.field == last.field, _C.action == action
            if action != last.action and self._read(*others, _IN_FORCE, later, most=1):
                return True
        return False

    def _insert(self, correction: Correction) -> Correction:
        """Store a correction, replacing one of its number, as one that is not applied yet."""
        pending = (self._value(_WAITING) or 0) + 1
        row = {**asdict(correction), "made_by": correction.by, "names": orjson.dumps(correction.names).decode()}
        self._write(CORRECTIONS, {**row, "subject": _subject(correction), "pending": pending})
        return correction

    def _read(
        self, *which: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = (), most: int | None = None
    ) -> tuple[Correction, ...]:
        those = select(CORRECTIONS).where(*which).order_by(*order).limit(most)
        return tuple(map(_correction, self._rows(those)))


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        row.article, row.field, row.action, row.value, row.made_by, row.at, row.note, tuple(orjson.loads(row.names)),
        row.number, row.undone, row.undone_by, row.micros,
    )  # fmt: skip


def _subject(correction: Correction) -> str:
    """What a correction is about, besides the field: the value, of those of which an article has several."""
    return "" if correction.field in SET else correction.value


def _both(own: Correction, other: Correction) -> Correction:
    """A correction that two stores have, as both have it in the end: it is undone if it is in one of them.

    Those of an earlier version have as microseconds their place among those of their second, which may differ.
    """
    undone = {"undone": other.undone, "undone_by": other.undone_by} if other.undone and not own.undone else {}
    return replace(own, micros=max(own.micros, other.micros), **undone)  # type: ignore[arg-type]


def identity(correction: Correction) -> tuple[str, ...]:
    """What a correction has in every index that has it."""
    c = correction
    return c.article, c.field, c.action, c.value, c.by, c.at
