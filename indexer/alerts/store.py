"""The alerts of an index, what each has told, and what it is about to tell: `alerts.sqlite` in its directory.

For each alert there are the articles that matched when it last looked, by id, with a hash of the content of each. What
is told next is the difference to those. A look stores the difference as a delivery, and the articles that match now, in
one transaction, so that an article is in one delivery and no other, wherever the process ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from indexer.alerts.alert import Alert, Delivery
from indexer.citations.store import asked_for
from search.errors import DatelineError
from search.local.safe import databases
from search.local.safe.kept import Kept
from search.local.safe.lists import key_of, name_of
from search.local.safe.restoring import Incoming
from search.local.safe.row_sums import summed

FILE = "alerts.sqlite"
MOST = 1_000
KEPT_DELIVERIES = 100
"""Deliveries of an alert that are kept after they were delivered."""
_ALERT = (
    "number, key, name, question, schedule, zone, channel, target, made_by, made, looked, generation, due, problem, sum"
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
            generation INTEGER NOT NULL, due TEXT NOT NULL, problem TEXT NOT NULL, sum INTEGER NOT NULL
        );
        CREATE TABLE seen (
            id TEXT NOT NULL, alert INTEGER NOT NULL, content BLOB NOT NULL, sum INTEGER NOT NULL,
            PRIMARY KEY (id, alert)
        ) WITHOUT ROWID;
        CREATE INDEX seen_by ON seen (alert);
        CREATE TABLE deliveries (
            alert INTEGER NOT NULL, number INTEGER NOT NULL, since TEXT NOT NULL, at TEXT NOT NULL,
            generation INTEGER NOT NULL, erased INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
            next_try TEXT NOT NULL, problem TEXT NOT NULL, delivered TEXT NOT NULL, sum INTEGER NOT NULL,
            PRIMARY KEY (alert, number)
        ) WITHOUT ROWID;
        CREATE TABLE told (
            alert INTEGER NOT NULL, delivery INTEGER NOT NULL, id TEXT NOT NULL, what TEXT NOT NULL,
            sum INTEGER NOT NULL, PRIMARY KEY (alert, delivery, id)
        ) WITHOUT ROWID;
        CREATE INDEX told_of ON told (id);
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
            self._see(number, seen)
        return self.named(name)

    def change(self, name: str, changed: Alert) -> Alert:
        """Change the name, the schedule and the channel of an alert. Raises BadQuery, AlertMissing, AlertConflict."""
        new = name_of(changed.name)
        with self.transaction():
            before = self.named(name)
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
            for table in ("told", "deliveries", "seen", "erased"):
                self.db.execute(f"DELETE FROM {table} WHERE alert = ?", (found.number,))
            self.db.execute("DELETE FROM alerts WHERE number = ?", (found.number,))
        return found

    def _free(self, name: str) -> None:
        taken = self.db.execute("SELECT name FROM alerts WHERE key = ?", (key_of(name),)).fetchone()
        if taken is not None:
            raise AlertConflict(f"There is an alert “{taken[0]}” already. Choose another name.")

    def _write(self, row: Sequence[Any]) -> None:
        self.db.execute(f"INSERT OR REPLACE INTO alerts ({_ALERT}) VALUES ({', '.join('?' * 15)})", summed(row))

    # -- looking -----------------------------------------------------------------------------

    def seen(self, alert: int) -> dict[str, bytes]:
        """The articles that an alert has seen: id → hash of the content. Cost: reads all of them."""
        rows = self.rows("SELECT * FROM seen INDEXED BY seen_by WHERE alert = ?", (alert,))
        return {row[0]: row[2] for row in rows}

    def seen_among(self, ids: Collection[str]) -> dict[int, dict[str, bytes]]:
        """Those of some articles that any alert has seen: number of the alert → id → hash of the content."""
        found: dict[int, dict[str, bytes]] = defaultdict(dict)
        wanted = (orjson.dumps(list(ids)).decode(),)
        for row in self.rows("SELECT seen.* FROM json_each(?) CROSS JOIN seen ON seen.id = value", wanted):
            found[row[1]][row[0]] = row[2]
        return found

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
            return sum(self._look(*one, first_try) is not None for one in found)

    def _look(self, before: Alert, after: Alert, difference: Difference, first_try: str) -> Delivery | None:
        now = next((_alert(row) for row in self._by_number(before.number)), None)
        if now is None or (now.looked, now.generation, now.question) != (
            before.looked, before.generation, before.question,
        ):  # fmt: skip
            return None
        looked = replace(now, looked=after.looked, generation=after.generation, due=after.due, problem=after.problem)
        self._write(_row(looked, now.number, now.name))
        still = self.seen_among(difference.went).get(now.number, {})  # the others have been erased
        difference = replace(difference, went=frozenset(still))
        gone = [(each, now.number) for each in difference.went | difference.lapsed]
        self.db.executemany("DELETE FROM seen WHERE id = ? AND alert = ?", gone)
        self._see(now.number, difference.came)
        self._see(now.number, difference.changed)
        (erased,) = self.db.execute(
            "SELECT coalesce(sum(count), 0) FROM erased WHERE alert = ?", (now.number,)
        ).fetchone()
        if difference.none and not erased:
            return None
        self.db.execute("DELETE FROM erased WHERE alert = ?", (now.number,))
        return self._tell(looked, before.looked, difference, erased, first_try)

    def _tell(self, alert: Alert, since: str, difference: Difference, erased: int, first_try: str) -> Delivery:
        (number,) = self.db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM deliveries WHERE alert = ?", (alert.number,)
        ).fetchone()
        told = [("came", each) for each in difference.came]
        told += [("changed", each) for each in difference.changed]
        told += [("went", each) for each in difference.went]
        rows = [summed((alert.number, number, each, what)) for what, each in told]
        self.db.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?)", rows)
        made = Delivery(
            alert.number, number, since, alert.looked, alert.generation, _sorted(difference.came),
            _sorted(difference.changed), _sorted(difference.went), erased, next_try=first_try,
        )  # fmt: skip
        self._put(made)
        return made

    def note_problem(self, alert: Alert, problem: str, due: str) -> None:
        """Note that an alert could not be asked; what is new is told when it can be asked again."""
        with self.transaction():
            for row in self._by_number(alert.number):
                now = _alert(row)
                self._write(_row(replace(now, problem=problem, due=due), now.number, now.name))

    def _see(self, alert: int, contents: Mapping[str, bytes]) -> None:
        rows = (summed((each, alert, content)) for each, content in contents.items())
        self.db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", rows)

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

    def delivered(self, delivery: Delivery, at: str) -> None:
        """Note that something was delivered; the oldest deliveries beyond `KEPT_DELIVERIES` are forgotten."""
        with self.transaction():
            self._note(delivery, state="delivered", delivered=at, problem="", next_try="")
            last = delivery.number - KEPT_DELIVERIES
            old = "(SELECT number FROM deliveries WHERE alert = ? AND number <= ? AND state = 'delivered')"
            values = (delivery.alert, delivery.alert, last)
            self.db.execute(f"DELETE FROM told WHERE alert = ? AND delivery IN {old}", values)
            self.db.execute(f"DELETE FROM deliveries WHERE alert = ? AND number IN {old}", values)

    def failed(self, delivery: Delivery, problem: str, next_try: str) -> None:
        """Note that something could not be delivered, and when to try again."""
        with self.transaction():
            self._note(delivery, attempts=delivery.attempts + 1, problem=problem, next_try=next_try)

    def _note(self, delivery: Delivery, **changed: Any) -> None:
        for now in self._read("alert = ? AND number = ?", (delivery.alert, delivery.number)):  # none if it was deleted
            self._put(replace(now, **changed))

    def _read(self, where: str, values: Sequence[Any]) -> tuple[Delivery, ...]:
        return tuple([self._with_ids(row) for row in self.rows(f"SELECT * FROM deliveries WHERE {where}", values)])

    def _with_ids(self, row: Sequence[Any]) -> Delivery:
        alert, number, since, at, generation, erased, state, attempts, next_try, problem, delivered = row
        told = defaultdict[str, list[str]](list)
        for each in self.rows("SELECT * FROM told WHERE alert = ? AND delivery = ?", (alert, number)):
            told[each[3]].append(each[2])
        came, changed, went = (_sorted(told[what]) for what in ("came", "changed", "went"))
        return Delivery(
            alert, number, since, at, generation, came, changed, went, erased, state, attempts, next_try, problem,
            delivered,
        )  # fmt: skip

    def _put(self, d: Delivery) -> None:
        row = (
            d.alert, d.number, d.since, d.at, d.generation, d.erased, d.state, d.attempts, d.next_try, d.problem,
            d.delivered,
        )  # fmt: skip
        marks = ", ".join("?" * (len(row) + 1))
        self.db.execute(f"INSERT OR REPLACE INTO deliveries VALUES ({marks})", summed(row))

    # -- takedowns ---------------------------------------------------------------------------

    def erase(self, ids: Collection[str]) -> None:
        """Forget some articles without a trace; they are only counted. Alerts that ask for one by its id go too."""
        wanted = frozenset(ids)
        for alert in self.listed():
            if asked_for(alert.question, wanted):
                self.delete(alert.name)
        with self.transaction():
            for each in wanted:
                for (alert,) in self.db.execute("SELECT alert FROM seen WHERE id = ?", (each,)).fetchall():
                    (known,) = self.db.execute(
                        "SELECT coalesce(sum(count), 0) FROM erased WHERE alert = ?", (alert,)
                    ).fetchone()
                    self.db.execute("INSERT OR REPLACE INTO erased VALUES (?, ?, ?)", summed((alert, known + 1)))
                told = self.db.execute("SELECT alert, delivery FROM told WHERE id = ?", (each,)).fetchall()
                for alert, number in told:
                    for one in self._read("alert = ? AND number = ?", (alert, number)):
                        self._put(replace(one, erased=one.erased + 1))
                for table in ("seen", "told"):
                    self.db.execute(f"DELETE FROM {table} WHERE id = ?", (each,))
        self.db.execute("VACUUM")


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


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))


def _alert(row: Sequence[Any]) -> Alert:
    number, _key, name, question, schedule, zone, channel, target, made_by, made, looked, generation, due, problem = row
    return Alert(
        number, name, question, schedule, zone, channel, target, made_by, made, looked, generation, due, problem
    )


def _row(a: Alert, number: int, name: str) -> tuple[Any, ...]:
    return (
        number, key_of(name), name, a.question, a.schedule, a.zone, a.channel, a.target, a.made_by, a.made, a.looked,
        a.generation, a.due, a.problem,
    )  # fmt: skip
