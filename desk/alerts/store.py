"""The alerts of an index, what each has told, and what it is about to tell.

For each alert there are the articles that matched when it last looked, by id, with a hash of the content of each. What
is told next is the difference to those. A look stores the difference as a delivery, and the articles that match now, in
one transaction, so that an article is in one delivery and no other, wherever the process ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_

from desk.alerts.alert import Alert, Delivery
from desk.named import key_of, name_of
from desk.owned import Owned
from desk.replaced import check_replaced
from desk.store.tables import ALERTS, DELIVERIES, ERASED, SEEN, TITLES, TOLD
from desk.traces import Values, tells
from search.errors import DatelineError
from search.said import said

MOST = 1_000
_PARTS = ("came", "changed", "went")
STORED_DELIVERIES = 100
"""Deliveries of an alert that are stored after they were delivered."""
_NOTHING: Mapping[str, str] = {}


class AlertMissing(DatelineError):
    """There is no alert with this name."""

    def __init__(self, name: str) -> None:
        super().__init__(said("There is no alert “{name}”.", name=name[:100]))


class ArchiveMoved(DatelineError):
    """Articles that were found are not in the archive any more; look again."""

    def __init__(self) -> None:
        super().__init__(said("The archive has changed while it was looked at. Try again."))


Present = Callable[[Collection[str]], frozenset[str]]
"""Those of some ids that the last generation of the archive has."""


class AlertConflict(DatelineError):
    """An alert cannot be made or changed like this, because of those there are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a look has found, for one alert.

    Attributes:
        came, changed: id → hash of the content.
        lapsed: what is not seen any more, and not told: days have passed.
        known: what is seen from now on, and not told: there is more that may be seen. id → hash of the content.
    """

    came: Mapping[str, bytes]
    changed: Mapping[str, bytes]
    went: frozenset[str]
    lapsed: frozenset[str] = frozenset()
    known: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def none(self) -> bool:
        """True if there is nothing to tell."""
        return not (self.came or self.changed or self.went)


class Alerts(Owned):
    """The alerts of one index."""

    TABLES = (ALERTS, SEEN, TITLES, DELIVERIES, TOLD, ERASED)
    OWNED = ALERTS
    WHAT = "alerts"

    def _may_find(self) -> ColumnElement[bool]:
        """Who does not see every article finds no alert of others, which tells of what they see."""
        found, asker = super()._may_find(), self._asker
        if asker is None or asker.sees_all:
            return found
        return and_(found, ALERTS.c.owner == asker.member)

    def governs(self, alert: Alert) -> bool:
        """True if the asker may change an alert."""
        return self._governs_of(alert.owner)

    # -- alerts ------------------------------------------------------------------------------

    def listed(self) -> tuple[Alert, ...]:
        """The alerts that the asker finds, by name, each called as he calls it, or by its own name if nobody asks."""
        return tuple(map(self._told, self._found()))

    def named(self, name: str) -> Alert:
        """One alert. Raises AlertMissing."""
        return self._told(self._named(name))

    def _named(self, name: str) -> Row[Any]:
        row = self._of_name(name)
        if row is None:
            raise AlertMissing(name)
        return row

    def _told(self, row: Row[Any]) -> Alert:
        return _alert(row) if self._asker is None else replace(_alert(row), name=self._called(row))

    def make(
        self,
        alert: Alert,
        seen: Mapping[str, bytes],
        present: Present,
        titles: Mapping[str, str] = _NOTHING,
        shared: bool | None = None,
    ) -> Alert:
        """Store a new alert, whose number is set here.

        Args:
            seen: the articles that match now, id → hash of the content: they are not told.
            titles: of these, by id.
            present: called when nobody can erase anything until they are stored.
            shared: with others; None for nobody's, if the asker may edit that.

        Raises:
            ArchiveMoved: if one of them is not there any more.
            BadQuery: if the name is not valid.
            AlertConflict: if there is one with this name, or there are too many.
        """
        name = name_of(alert.name)
        with self.transaction():
            _check_present(seen, present)
            self._free(name)
            whose = self.begun(shared)
            count = self._value(select(func.count()).where(ALERTS.c.owner == whose["owner"])) or 0
            if count >= MOST:
                raise AlertConflict(
                    said("There are {count} alerts already. Delete one that nobody needs.", count=count)
                )
            number = self._next(ALERTS)
            self._store(replace(alert, number=number, name=name, **whose))
            self._see({number: Difference(seen, {}, frozenset())}, titles)
            return self.named(name)

    def change(self, name: str, change: Callable[[Alert], Alert], replaced: Mapping[str, str] = _NOTHING) -> Alert:
        """Change the name, the schedule and the channel of an alert, or share it; somebody's by him and administrators.

        Args:
            change: gives the alert with other values; called when nobody else can change it.
            replaced: by field, what is to be replaced: `name`, `schedule`, `zone`, `channel`, `target`; any of others.

        Raises:
            BadQuery: if the name is not valid, or from `change`.
            AlertMissing: if there is no such alert.
            AlertConflict: if there is another one with the new name.
            ChangedMeanwhile: if somebody has changed a field.
            NotYours: if the asker may not.
        """
        with self.transaction():
            row = self._named(name)
            self._check_governs(row)
            before = self._told(row)
            changed = change(before)
            for field, seen in replaced.items():
                check_replaced(_in_words(field, before), getattr(before, field), seen, getattr(changed, field))
            new = str(row.name)
            if changed.name != before.name:
                new = name_of(changed.name)
                if key_of(new) != row.folded:
                    self._free(new, row)
            if changed.shared != row.shared:
                self._sharing(row, bool(changed.shared))
            told = replace(
                before, name=new, shared=changed.shared, schedule=changed.schedule, zone=changed.zone,
                channel=changed.channel, target=changed.target, due=changed.due,
            )  # fmt: skip
            self._store(told)
            return self._told(self._numbered(row.number))

    def delete(self, name: str) -> Alert:
        """Delete an alert, with its deliveries. Raises AlertMissing, NotYours."""
        with self.transaction():
            self._check_governs(self._named(name))
            found = self.named(name)
            self._delete(found.number)
        return found

    def end(self, number: int) -> Alert:
        """Delete an alert by its number, whosever it is. Raises AlertMissing."""
        with self.transaction():
            row = self._first(select(ALERTS).where(ALERTS.c.number == number))
            if row is None:
                raise AlertMissing(str(number))
            self._delete(number)
        return _alert(row)

    def _delete(self, number: int) -> None:
        for table in (DELIVERIES, TOLD, ERASED):
            self._drop(table, table.c.alert == number)
        self._see({number: Difference({}, {}, frozenset(self.seen([number])[number]))})
        self._drop(ALERTS, ALERTS.c.number == number)

    def _free(self, name: str, of: Row[Any] | None = None) -> None:
        self._check_own_name(name)
        taken = self._taken(name, of)
        if taken is not None:
            called = self._called(taken)
            raise AlertConflict(said("There is an alert “{name}” already. Choose another name.", name=called))

    def _store(self, alert: Alert) -> None:
        self._write(ALERTS, {**asdict(alert), "folded": key_of(alert.name)})

    # -- looking -----------------------------------------------------------------------------

    def seen(self, alerts: Collection[int]) -> dict[int, dict[str, bytes]]:
        """The articles that some alerts have seen: number → id → hash of the content. Cost: reads all that any has."""
        return _by_alert(self._rows(select(SEEN)), alerts)

    def seen_among(self, ids: Collection[str], alerts: Collection[int]) -> dict[int, dict[str, bytes]]:
        """Those of some articles that some alerts have seen: number → id → hash of the content."""
        return _by_alert(self._among(SEEN, SEEN.c.id, ids), alerts)

    def look(
        self,
        found: Sequence[tuple[Alert, Alert, Difference]],
        first_try: str,
        present: Present,
        titles: Mapping[str, str] = _NOTHING,
        withheld: Callable[[Collection[str]], Collection[str]] = frozenset,
    ) -> int:
        """Store what a look has found, all or nothing.

        Args:
            found: each alert as it was read, and with the time and generation of the look, and its next time; and what
                is new to it. It is skipped if somebody else has looked or changed its question meanwhile.
            first_try: when it may be delivered.
            present: called when nobody can erase anything until it is stored.
            titles: of the articles that came or changed, by id.
            withheld: gives those of some ids that have been withdrawn or blocked: their titles are not told.

        Returns:
            The number of new deliveries.

        Raises:
            ArchiveMoved: if an article that came or changed is not there any more.
        """
        with self.transaction():
            _check_present({each for _, _, one in found for each in (*one.came, *one.changed, *one.known)}, present)
            current = {row.number: _alert(row) for row in self._rows(select(ALERTS))}
            valid = [one for one in found if _is_current(one[0], current.get(one[0].number))]
            went = {each for _, _, one in valid for each in one.went}
            gone = {row.id: row.title for row in self._among(TITLES, TITLES.c.id, went - frozenset(withheld(went)))}
            seen = self._see({before.number: difference for before, _, difference in valid}, titles)
            return sum(
                self._look(current[before.number], after, seen[before.number], first_try, gone)
                for before, after, _ in valid
            )

    def _look(self, now: Alert, after: Alert, difference: Difference, first_try: str, gone: Mapping[str, str]) -> bool:
        looked = replace(
            now,
            looked=after.looked,
            generation=after.generation,
            due=after.due,
            problem=after.problem,
            rules=after.rules,
            sight=after.sight,
        )
        self._store(looked)
        waiting = self._first(select(ERASED).where(ERASED.c.alert == now.number))
        erased = waiting.lost if waiting is not None else 0
        if difference.none and not erased:
            return False
        self._drop(ERASED, ERASED.c.alert == now.number)
        number = (self._value(select(func.max(DELIVERIES.c.number)).where(DELIVERIES.c.alert == now.number)) or 0) + 1
        made = Delivery(
            now.number, number, now.looked, looked.looked, looked.generation, _sorted(difference.came),
            _sorted(difference.changed), _sorted(difference.went), erased, next_try=first_try,
        )  # fmt: skip
        self._put(made)
        mine = {"alert": made.alert, "number": made.number}
        told = made.went if not looked.sight else ()  # it may be called otherwise since it was hidden
        self._write(TOLD, *({**mine, "id": each, "title": gone[each]} for each in told if each in gone))
        return True

    def _see(
        self, differences: Mapping[int, Difference], titles: Mapping[str, str] = _NOTHING
    ) -> dict[int, Difference]:
        """Change what alerts have seen. Returns the differences without what was erased since they were found."""
        added = defaultdict[str, dict[int, bytes]](dict)
        dropped = defaultdict[str, set[int]](set)
        for number, one in differences.items():
            for article_id, content in (*one.came.items(), *one.changed.items(), *one.known.items()):
                added[article_id][number] = content
            for article_id in (*one.changed, *one.went, *one.lapsed, *one.known):
                dropped[article_id].add(number)
        there = defaultdict[str, dict[bytes, set[int]]](dict)
        for row in self._among(SEEN, SEEN.c.id, added.keys() | dropped.keys()):
            there[row.id][row.content] = set(_unpacked(row.alerts))
        erased = defaultdict[int, set[str]](set)
        for article_id, numbers in dropped.items():
            known: set[int] = set().union(*there[article_id].values())
            for number in numbers - known:
                erased[number].add(article_id)
            for has in there[article_id].values():
                has -= numbers
        for article_id, contents in added.items():
            for number, content in contents.items():
                there[article_id].setdefault(content, set()).add(number)
        rows = [(article_id, *row) for article_id, found in there.items() for row in found.items()]
        self._drop_each(SEEN, ({"id": article_id, "content": content} for article_id, content, has in rows if not has))
        self._write(SEEN, *({"id": i, "content": content, "alerts": _packed(has)} for i, content, has in rows if has))
        seen = {article_id for article_id, _, has in rows if has}
        self._drop_among(TITLES, TITLES.c.id, there.keys() - seen)
        self._write(TITLES, *({"id": each, "title": titles[each]} for each in added.keys() & seen if each in titles))
        return {
            number: replace(one, went=one.went - erased[number]) if number in erased else one
            for number, one in differences.items()
        }

    def note_problem(self, alert: Alert, problem: str, due: str) -> None:
        """Note that an alert could not be asked; what is new is told when it can be asked again."""
        with self.transaction():
            now = self._first(select(ALERTS).where(ALERTS.c.number == alert.number))
            if now is not None:
                self._store(replace(_alert(now), problem=problem, due=due))

    # -- deliveries --------------------------------------------------------------------------

    def with_problems(self) -> list[tuple[Alert, str]]:
        """The alerts, and why each fails: it could not be asked the last time, or its next delivery has failed.

        Returns:
            Those that fail first, each with a problem; that of others is "".
        """
        with self.snapshot():
            why = {one.alert: one.problem for one in self.waiting("9999") if one.problem}
            found = [(alert, alert.problem or why.get(alert.number, "")) for alert in self.listed()]
        return sorted(found, key=lambda one: not one[1])

    def deliveries(self, alert: int, newest: int = STORED_DELIVERIES) -> tuple[Delivery, ...]:
        """The deliveries of an alert, newest first."""
        of = select(DELIVERIES).where(DELIVERIES.c.alert == alert)
        return self._read(of.order_by(DELIVERIES.c.number.desc()).limit(newest))

    def waiting(self, at: str) -> tuple[Delivery, ...]:
        """What is to be delivered now: of each alert the oldest that waits, if its next try is not after a time."""
        c = DELIVERIES.c
        oldest = select(c.alert, func.min(c.number)).where(c.state == "waiting").group_by(c.alert)
        those = select(DELIVERIES).where(tuple_(c.alert, c.number).in_(oldest), c.next_try <= at)
        return self._read(those.order_by(c.next_try, c.alert))

    def claim(self, delivery: Delivery, until: str) -> bool:
        """Have a delivery tried by nobody else until a time. False if somebody else has it, or has tried it."""
        with self.transaction():
            mine = self._read(_the_same(delivery)) == (delivery,)
            if mine:
                self._put(replace(delivery, next_try=until))
            return mine

    def delivered(self, delivery: Delivery, at: str) -> None:
        """Note that something was delivered; the oldest deliveries beyond `STORED_DELIVERIES` are forgotten."""
        with self.transaction():
            self._note(delivery, state="delivered", delivered=at, problem="", next_try="")
            old = DELIVERIES.c.number <= delivery.number - STORED_DELIVERIES
            self._drop(DELIVERIES, DELIVERIES.c.alert == delivery.alert, old, DELIVERIES.c.state == "delivered")
            self._drop(TOLD, TOLD.c.alert == delivery.alert, TOLD.c.number <= delivery.number - STORED_DELIVERIES)

    def failed(self, delivery: Delivery, problem: str, next_try: str) -> None:
        """Note that something could not be delivered, and when to try again."""
        with self.transaction():
            self._note(delivery, attempts=delivery.attempts + 1, problem=problem, next_try=next_try)

    def _note(self, delivery: Delivery, **changed: Any) -> None:
        for now in self._read(_the_same(delivery)):  # none if it was deleted
            self._put(replace(now, **changed))

    def _read(self, those: Select[Any]) -> tuple[Delivery, ...]:
        rows = tuple(self._rows(those))
        told = defaultdict[tuple[int, int], list[tuple[str, str]]](list)
        for row in self._among(TOLD, TOLD.c.alert, {row.alert for row in rows if row.went}):
            told[row.alert, row.number].append((row.id, row.title))
        return tuple(_delivery(row, tuple(sorted(told[row.alert, row.number]))) for row in rows)

    def _put(self, delivery: Delivery) -> None:
        row = asdict(delivery)
        del row["titles"]
        self._write(DELIVERIES, {**row, **{name: "\n".join(row[name]) for name in _PARTS}})

    # -- takedowns ---------------------------------------------------------------------------

    def withhold(self, withheld: Callable[[Collection[str]], Collection[str]]) -> None:
        """Forget the titles of articles that deliveries have and that were withdrawn or blocked since.

        Args:
            withheld: gives those of some ids.
        """
        told = {row.id for row in self._run(select(TOLD.c.id).distinct())}
        hidden = withheld(told) if told else ()
        if hidden:
            with self.transaction():
                self._drop_among(TOLD, TOLD.c.id, hidden)

    def erase(self, ids: Collection[str], values: Values = ()) -> None:
        """Forget some articles without a trace; they are only counted. Alerts that tell of one (`traces`) go too.

        Cost: reads all deliveries.
        """
        wanted = frozenset(ids)
        with self.transaction():
            for alert in self.listed():
                if tells(alert.question, wanted, values):
                    self._delete(alert.number)
            seen = self._among(SEEN, SEEN.c.id, wanted)
            gone = Counter(number for row in seen for number in _unpacked(row.alerts))
            known = {row.alert: row.lost for row in self._rows(select(ERASED))}
            self._write(ERASED, *({"alert": one, "lost": known.get(one, 0) + count} for one, count in gone.items()))
            for table in (SEEN, TITLES, TOLD):
                self._drop_among(table, table.c.id, wanted)
            for one in self._read(select(DELIVERIES)):
                stored = [
                    tuple(each for each in part if each not in wanted) for part in (one.came, one.changed, one.went)
                ]
                if lost := one.total - one.erased - sum(map(len, stored)):
                    came, changed, went = stored
                    self._put(replace(one, came=came, changed=changed, went=went, erased=one.erased + lost))
        self.vacuum()


def _in_words(field: str, alert: Alert) -> str:
    """A field that can be changed, in words."""
    match field:
        case "name":
            return said("name of “{alert}”", alert=alert.name)
        case "schedule":
            return said("schedule of “{alert}”", alert=alert.name)
        case "zone":
            return said("time zone of “{alert}”", alert=alert.name)
        case "channel":
            return said("channel of “{alert}”", alert=alert.name)
        case _:
            return said("address of “{alert}”", alert=alert.name)


def _the_same(delivery: Delivery) -> Select[Any]:
    c = DELIVERIES.c
    return select(DELIVERIES).where(c.alert == delivery.alert, c.number == delivery.number)


def _check_present(ids: Collection[str], present: Present) -> None:
    if ids and len(present(ids)) != len(ids):
        raise ArchiveMoved


def _is_current(before: Alert, now: Alert | None) -> bool:
    """True if nobody else has looked, or changed the question, since an alert was read."""
    return now is not None and (now.looked, now.generation, now.question) == (
        before.looked, before.generation, before.question,
    )  # fmt: skip


def _by_alert(rows: Iterable[Row[Any]], alerts: Collection[int]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {number: {} for number in alerts}
    for row in rows:
        for number in _unpacked(row.alerts):
            if number in found:
                found[number][row.id] = row.content
    return found


def _packed(numbers: Iterable[int]) -> bytes:
    """Numbers of alerts as 32-bit integers in ascending order."""
    return np.array(sorted(numbers), "<u4").tobytes()


def _unpacked(packed: bytes) -> list[int]:
    found: list[int] = np.frombuffer(packed, "<u4").tolist()
    return found


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))


def _alert(row: Row[Any]) -> Alert:
    return Alert(**{name: row._mapping[name] for name in Alert.__slots__})


def _delivery(row: Row[Any], titles: tuple[tuple[str, str], ...]) -> Delivery:
    values = {name: row._mapping[name] for name in Delivery.__slots__ if name != "titles"}
    parts = {name: tuple(values[name].split("\n")) if values[name] else () for name in _PARTS}
    return Delivery(**{**values, **parts}, titles=titles)


def with_problems(place: str | Path) -> list[tuple[Alert, str]]:
    """The alerts of an index, as `Alerts.with_problems`; none if it has no desk."""
    if not Alerts.is_in(place):
        return []
    with Alerts(place) as alerts:
        return alerts.with_problems()
