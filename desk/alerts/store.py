"""The alerts of an index, what each has told, and what it is about to tell: `alerts.sqlite` in its directory.

For each alert there are the articles that matched when it last looked, by id, with a hash of the content of each. What
is told next is the difference to those. A look stores the difference as a delivery, and the articles that match now, in
one transaction, so that an article is in one delivery and no other, wherever the process ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from desk.alerts.alert import Alert, Delivery
from desk.named import key_of, name_of
from desk.traces import Values, tells
from search.errors import DatelineError
from search.files import databases
from search.files.reconciling import Incoming
from search.files.row_sums import summed
from search.local.safe.kept import Kept

FILE = "alerts.sqlite"
MOST = 1_000
KEPT_DELIVERIES = 100
"""Deliveries of an alert that are kept after they were delivered."""
_ALERT = (
    "number, key, name, question, schedule, zone, channel, target, made_by, made, looked, generation, due, problem,"
    " rules, sum"
)


class AlertMissing(DatelineError):
    """There is no alert with this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no alert “{name[:100]}”.")


class ArchiveMoved(DatelineError):
    """Articles that were found are not in the archive any more; look again."""

    def __init__(self) -> None:
        super().__init__("The archive has changed while it was looked at. Try again.")


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
    """

    came: Mapping[str, bytes]
    changed: Mapping[str, bytes]
    went: frozenset[str]
    lapsed: frozenset[str] = frozenset()

    @property
    def none(self) -> bool:
        """True if there is nothing to tell."""
        return not (self.came or self.changed or self.went)


class Alerts(Kept):
    """The alerts of one index."""

    FILE = FILE
    VERSION = 1
    WHAT = "alerts"
    SCHEMA = """
        CREATE TABLE alerts (
            number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            question TEXT NOT NULL, schedule TEXT NOT NULL, zone TEXT NOT NULL, channel TEXT NOT NULL,
            target TEXT NOT NULL, made_by TEXT NOT NULL, made TEXT NOT NULL, looked TEXT NOT NULL,
            generation INTEGER NOT NULL, due TEXT NOT NULL, problem TEXT NOT NULL, rules TEXT NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE TABLE seen (
            id TEXT NOT NULL, content BLOB NOT NULL, alerts BLOB NOT NULL, sum INTEGER NOT NULL,
            PRIMARY KEY (id, content)
        ) WITHOUT ROWID;
        CREATE TABLE deliveries (
            alert INTEGER NOT NULL, number INTEGER NOT NULL, since TEXT NOT NULL, at TEXT NOT NULL,
            generation INTEGER NOT NULL, erased INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
            next_try TEXT NOT NULL, problem TEXT NOT NULL, delivered TEXT NOT NULL, came TEXT NOT NULL,
            changed TEXT NOT NULL, went TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (alert, number)
        );
        CREATE TABLE erased (alert INTEGER PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL);
    """

    # -- alerts ------------------------------------------------------------------------------

    def listed(self) -> tuple[Alert, ...]:
        """All alerts, by name."""
        return tuple(map(_alert, self.rows(f"SELECT {_ALERT} FROM alerts ORDER BY key")))

    def named(self, name: str) -> Alert:
        """One alert. Raises AlertMissing."""
        for row in self.rows(f"SELECT {_ALERT} FROM alerts WHERE key = ?", (key_of(name),)):
            return _alert(row)
        raise AlertMissing(name)

    def make(self, alert: Alert, seen: Mapping[str, bytes], present: Present) -> Alert:
        """Store a new alert, whose number is set here.

        Args:
            seen: the articles that match now, id → hash of the content: they are not told.
            present: called when nobody can erase anything until they are stored.

        Raises:
            ArchiveMoved: if one of them is not there any more.
            BadQuery: if the name is not valid.
            AlertConflict: if there is one with this name, or there are too many.
        """
        name = name_of(alert.name)
        with self.transaction():
            _check_present(seen, present)
            self._free(name)
            (count,) = self.db.execute("SELECT count(*) FROM alerts").fetchone()
            if count >= MOST:
                raise AlertConflict(f"There are {count:,} alerts already. Delete one that nobody needs.")
            (number,) = self.db.execute(
                "SELECT max(coalesce((SELECT max(number) FROM alerts), 0),"
                " coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0)) + 1"
            ).fetchone()
            self._write(_row(alert, number, name))
            self._see({number: Difference(seen, {}, frozenset())})
            return self.named(name)

    def change(self, name: str, change: Callable[[Alert], Alert]) -> Alert:
        """Change the name, the schedule and the channel of an alert.

        Args:
            change: gives the alert with other values; called when nobody else can change it.

        Raises:
            BadQuery: if the name is not valid, or from `change`.
            AlertMissing: if there is no such alert.
            AlertConflict: if there is another one with the new name.
        """
        with self.transaction():
            before = self.named(name)
            changed = change(before)
            new = name_of(changed.name)
            if key_of(new) != key_of(before.name):
                self._free(new)
            told = replace(
                before, name=new, schedule=changed.schedule, zone=changed.zone, channel=changed.channel,
                target=changed.target, due=changed.due,
            )  # fmt: skip
            self._write(_row(told, before.number, new))
            return self.named(new)

    def delete(self, name: str) -> Alert:
        """Delete an alert, with its deliveries. Raises AlertMissing."""
        with self.transaction():
            found = self.named(name)
            self._delete(found.number)
        return found

    def _delete(self, number: int) -> None:
        for table in ("deliveries", "erased"):
            self.db.execute(f"DELETE FROM {table} WHERE alert = ?", (number,))
        self._see({number: Difference({}, {}, frozenset(self.seen([number])[number]))})
        self.db.execute("DELETE FROM alerts WHERE number = ?", (number,))

    def _free(self, name: str) -> None:
        taken = self.db.execute("SELECT name FROM alerts WHERE key = ?", (key_of(name),)).fetchone()
        if taken is not None:
            raise AlertConflict(f"There is an alert “{taken[0]}” already. Choose another name.")

    def _write(self, row: Sequence[Any]) -> None:
        self.db.execute(f"INSERT OR REPLACE INTO alerts ({_ALERT}) VALUES ({', '.join('?' * 16)})", summed(row))

    # -- looking -----------------------------------------------------------------------------

    def seen(self, alerts: Collection[int]) -> dict[int, dict[str, bytes]]:
        """The articles that some alerts have seen: number → id → hash of the content. Cost: reads all that any has."""
        return _by_alert(self.rows("SELECT * FROM seen"), alerts)

    def seen_among(self, ids: Collection[str], alerts: Collection[int]) -> dict[int, dict[str, bytes]]:
        """Those of some articles that some alerts have seen: number → id → hash of the content."""
        return _by_alert(self._seen_of(ids), alerts)

    def _seen_of(self, ids: Collection[str]) -> Iterator[tuple[Any, ...]]:
        wanted = (orjson.dumps(list(ids)).decode(),)
        return self.rows("SELECT seen.* FROM json_each(?) CROSS JOIN seen ON seen.id = value", wanted)

    def look(self, found: Sequence[tuple[Alert, Alert, Difference]], first_try: str, present: Present) -> int:
        """Store what a look has found, all or nothing.

        Args:
            found: each alert as it was read, and with the time and generation of the look, and its next time; and what
                is new to it. It is left out if somebody else has looked or changed its question meanwhile.
            first_try: when it may be delivered.
            present: called when nobody can erase anything until it is stored.

        Returns:
            The number of new deliveries.

        Raises:
            ArchiveMoved: if an article that came or changed is not there any more.
        """
        with self.transaction():
            _check_present({each for _, _, one in found for each in (*one.came, *one.changed)}, present)
            current = {row[0]: _alert(row) for row in self.rows(f"SELECT {_ALERT} FROM alerts")}
            valid = [one for one in found if _is_current(one[0], current.get(one[0].number))]
            seen = self._see({before.number: difference for before, _, difference in valid})
            return sum(
                self._look(current[before.number], after, seen[before.number], first_try) for before, after, _ in valid
            )

    def _look(self, now: Alert, after: Alert, difference: Difference, first_try: str) -> bool:
        looked = replace(
            now,
            looked=after.looked,
            generation=after.generation,
            due=after.due,
            problem=after.problem,
            rules=after.rules,
        )
        self._write(_row(looked, now.number, now.name))
        waiting = self.rows("SELECT * FROM erased WHERE alert = ?", (now.number,))
        erased = sum(count for _, count in waiting)
        if difference.none and not erased:
            return False
        self.db.execute("DELETE FROM erased WHERE alert = ?", (now.number,))
        (number,) = self.db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM deliveries WHERE alert = ?", (now.number,)
        ).fetchone()
        made = Delivery(
            now.number, number, now.looked, looked.looked, looked.generation, _sorted(difference.came),
            _sorted(difference.changed), _sorted(difference.went), erased, next_try=first_try,
        )  # fmt: skip
        self._put(made)
        return True

    def _see(self, differences: Mapping[int, Difference]) -> dict[int, Difference]:
        """Change what alerts have seen. Returns the differences without what was erased since they were found."""
        added = defaultdict[str, dict[int, bytes]](dict)
        dropped = defaultdict[str, set[int]](set)
        for number, one in differences.items():
            for article_id, content in (*one.came.items(), *one.changed.items()):
                added[article_id][number] = content
            for article_id in (*one.changed, *one.went, *one.lapsed):
                dropped[article_id].add(number)
        there = defaultdict[str, dict[bytes, set[int]]](dict)
        for article_id, content, packed in self._seen_of(added.keys() | dropped.keys()):
            there[article_id][content] = set(_unpacked(packed))
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
        empty = [(article_id, content) for article_id, content, has in rows if not has]
        self.db.executemany("DELETE FROM seen WHERE id = ? AND content = ?", empty)
        self.db.executemany(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
            [summed((article_id, content, _packed(has))) for article_id, content, has in rows if has],
        )
        return {
            number: replace(one, went=one.went - erased[number]) if number in erased else one
            for number, one in differences.items()
        }

    def note_problem(self, alert: Alert, problem: str, due: str) -> None:
        """Note that an alert could not be asked; what is new is told when it can be asked again."""
        with self.transaction():
            for row in self._by_number(alert.number):
                now = _alert(row)
                self._write(_row(replace(now, problem=problem, due=due), now.number, now.name))

    def _by_number(self, number: int) -> Iterator[tuple[Any, ...]]:
        return self.rows(f"SELECT {_ALERT} FROM alerts WHERE number = ?", (number,))

    # -- deliveries --------------------------------------------------------------------------

    def deliveries(self, alert: int, newest: int = KEPT_DELIVERIES) -> tuple[Delivery, ...]:
        """The deliveries of an alert, newest first."""
        return self._read("alert = ? ORDER BY number DESC LIMIT ?", (alert, newest))

    def waiting(self, at: str) -> tuple[Delivery, ...]:
        """What is to be delivered now: of each alert the oldest that waits, if its next try is not after a time."""
        oldest = "SELECT alert, min(number) FROM deliveries WHERE state = 'waiting' GROUP BY alert"
        return self._read(f"(alert, number) IN ({oldest}) AND next_try <= ? ORDER BY next_try, alert", (at,))

    def claim(self, delivery: Delivery, until: str) -> bool:
        """Have a delivery tried by nobody else until a time. False if somebody else has it, or has tried it."""
        with self.transaction():
            now = self._read("alert = ? AND number = ?", (delivery.alert, delivery.number))
            mine = now == (delivery,)
            if mine:
                self._put(replace(delivery, next_try=until))
            return mine

    def delivered(self, delivery: Delivery, at: str) -> None:
        """Note that something was delivered; the oldest deliveries beyond `KEPT_DELIVERIES` are forgotten."""
        with self.transaction():
            self._note(delivery, state="delivered", delivered=at, problem="", next_try="")
            self.db.execute(
                "DELETE FROM deliveries WHERE alert = ? AND number <= ? AND state = 'delivered'",
                (delivery.alert, delivery.number - KEPT_DELIVERIES),
            )

    def failed(self, delivery: Delivery, problem: str, next_try: str) -> None:
        """Note that something could not be delivered, and when to try again."""
        with self.transaction():
            self._note(delivery, attempts=delivery.attempts + 1, problem=problem, next_try=next_try)

    def _note(self, delivery: Delivery, **changed: Any) -> None:
        for now in self._read("alert = ? AND number = ?", (delivery.alert, delivery.number)):  # none if it was deleted
            self._put(replace(now, **changed))

    def _read(self, where: str, values: Sequence[Any]) -> tuple[Delivery, ...]:
        return tuple(map(_delivery, self.rows(f"SELECT * FROM deliveries WHERE {where}", values)))

    def _put(self, d: Delivery) -> None:
        came, changed, went = map("\n".join, (d.came, d.changed, d.went))
        row = (
            d.alert, d.number, d.since, d.at, d.generation, d.erased, d.state, d.attempts, d.next_try, d.problem,
            d.delivered, came, changed, went,
        )  # fmt: skip
        marks = ", ".join("?" * (len(row) + 1))
        self.db.execute(f"INSERT OR REPLACE INTO deliveries VALUES ({marks})", summed(row))

    # -- takedowns ---------------------------------------------------------------------------

    def erase(self, ids: Collection[str], values: Values = ()) -> None:
        """Forget some articles without a trace; they are only counted. Alerts that tell of one (`traces`) go too.

        Cost: reads all deliveries.
        """
        wanted = frozenset(ids)
        with self.transaction():
            for alert in self.listed():
                if tells(alert.question, wanted, values):
                    self._delete(alert.number)
            gone = Counter(number for row in self._seen_of(wanted) for number in _unpacked(row[2]))
            known = {row[0]: row[1] for row in self.rows("SELECT * FROM erased")}
            rows = [summed((number, known.get(number, 0) + count)) for number, count in gone.items()]
            self.db.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?, ?)", rows)
            self.db.executemany("DELETE FROM seen WHERE id = ?", [(each,) for each in wanted])
            for one in self._read("1", ()):
                kept = [
                    tuple(each for each in part if each not in wanted) for part in (one.came, one.changed, one.went)
                ]
                if lost := one.total - one.erased - sum(map(len, kept)):
                    came, changed, went = kept
                    self._put(replace(one, came=came, changed=changed, went=went, erased=one.erased + lost))
        self.vacuum()


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the alerts of an index when a backup replaces it; an index without any gets the backup's.

    What the restore has changed is told by the next look, as any other change.
    """
    if Alerts.is_in(source) and not Alerts.is_in(folder):
        databases.copy(source / FILE, folder / FILE)
    return []


def _check_present(ids: Collection[str], present: Present) -> None:
    if ids and len(present(ids)) != len(ids):
        raise ArchiveMoved


def _is_current(before: Alert, now: Alert | None) -> bool:
    """True if nobody else has looked, or changed the question, since an alert was read."""
    return now is not None and (now.looked, now.generation, now.question) == (
        before.looked, before.generation, before.question,
    )  # fmt: skip


def _by_alert(rows: Iterable[Sequence[Any]], alerts: Collection[int]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {number: {} for number in alerts}
    for article_id, content, packed in rows:
        for number in _unpacked(packed):
            if number in found:
                found[number][article_id] = content
    return found


def _packed(numbers: Iterable[int]) -> bytes:
    """Numbers of alerts as 32-bit integers in ascending order."""
    return np.array(sorted(numbers), "<u4").tobytes()


def _unpacked(packed: bytes) -> list[int]:
    found: list[int] = np.frombuffer(packed, "<u4").tolist()
    return found


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))


def _alert(row: Sequence[Any]) -> Alert:
    number, _key, *others = row
    return Alert(number, *others)


def _delivery(row: Sequence[Any]) -> Delivery:
    *head, erased, state, attempts, next_try, problem, delivered, came, changed, went = row
    alert, number, since, at, generation = head
    lists = [tuple(told.split("\n")) if told else () for told in (came, changed, went)]
    return Delivery(
        alert, number, since, at, generation, lists[0], lists[1], lists[2], erased, state, attempts, next_try, problem,
        delivered,
    )  # fmt: skip


def _row(a: Alert, number: int, name: str) -> tuple[Any, ...]:
    return (
        number, key_of(name), name, a.question, a.schedule, a.zone, a.channel, a.target, a.made_by, a.made, a.looked,
        a.generation, a.due, a.problem, a.rules,
    )  # fmt: skip
