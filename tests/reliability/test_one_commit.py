"""What is read of what people decide is of one commit, whatever other processes write meanwhile."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import search
from desk.alerts.alert import Alert, Delivery, State
from desk.alerts.store import Alerts
from desk.citations.citation import Citation
from desk.citations.result import Entry, hash_of
from desk.citations.store import Store as Citations
from desk.lists.store import Lists
from desk.searches.store import Searches, Seen
from desk.store.base import Desk
from desk.store.where import FILE
from search import Article
from search.errors import DatelineError
from search.files import changes
from search.files.changes import Changes
from search.system import database
from service.archive import Archive
from service.desk.alerts import keeping
from tests import waiting
from tests.cases import cases

AT = "2026-11-27T06:00:00Z"
OIL = Alert(0, "Oil", "q=oil", "at once", "UTC", "feed", "", "Ada", AT, AT, 1, AT)
READS = 100
PAUSE_S = 0.01
BLOCKED_S = 0.3
"""How long a writer is given to get between two reads; one that has to wait for them is not waited for."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "A zebra."))
    return place


def said(read: Callable[[], object]) -> object:
    """What a read says, its error included."""
    try:
        return read()
    except DatelineError as error:
        return str(error)


class Case(NamedTuple):
    """A read of a store, and a write that changes what it says."""

    kind: type[Any]
    before: Callable[[Any], object]
    read: Callable[[Any], object]
    write: Callable[[Any], object]


def a_list(lists: Lists) -> None:
    lists.make("wall", "Ada", AT, notes={"a": "", "b": ""})


def without_it(lists: Lists) -> None:
    lists.remove("wall")


def without_an_article(lists: Lists) -> None:
    lists.take("wall", ["a"], "Bob", AT)


def a_search(searches: Searches) -> None:
    searches.save("oil", "q=oil", "Ada", AT)
    searches.look("oil", "Ada", Seen(AT, 3))


def a_citation(store: Citations) -> Citation:
    entries = tuple(Entry(name, name.encode().ljust(32), None) for name in ("a", "b"))
    made = store.add(Citation("", "q=oil", 1, AT, 2, hash_of(entries), "Ada", entries), lambda: True)
    assert made is not None
    return made


def the_citation(store: Citations) -> Citation:
    return store.get(store.listed()[0].id)


def some_changes(changes: Changes) -> None:
    for generation in (1, 2, 3):
        changes.note(generation, [f"article{generation}"])


CASES = {
    "lists": Case(Lists, a_list, Lists.listed, without_an_article),
    "a list": Case(Lists, a_list, lambda lists: lists.named("wall"), without_an_article),
    "entries": Case(Lists, a_list, lambda lists: lists.entries("wall"), without_it),
    "ids": Case(Lists, a_list, lambda lists: lists.ids("wall"), without_it),
    "searches": Case(
        Searches, a_search, lambda searches: searches.listed("Ada"),
        lambda searches: searches.look("oil", "Ada", Seen(AT, 4)) or searches.change("oil", "Ada", "gas"),
    ),
    "a search": Case(
        Searches, a_search, lambda searches: searches.named("oil", "Ada"),
        lambda searches: searches.delete("oil", "Ada"),
    ),
    "a citation": Case(Citations, a_citation, the_citation, lambda store: store.erase(["a"])),
    "changes": Case(Changes, some_changes, lambda changes: changes.between(0, 3), lambda changes: changes.forget(2)),
}  # fmt: skip


@cases("name", CASES)
def test_an_answer_is_of_one_commit(place: Path, name: str) -> None:
    kind, before, read, write = CASES[name]
    remove(place, kind)
    with kind(place) as store:
        before(store)
        old = said(lambda: read(store))
        asked = statements(store, lambda: read(store))
    assert asked > 1

    for number in range(asked):
        with kind(place) as store:
            found = interrupted(place, store, number, partial(said, partial(read, store)), write)
            assert found in (old, said(lambda: read(store))), f"written before statement {number}"
        remove(place, kind)
        with kind(place) as store:
            before(store)
            old = said(lambda: read(store))


def test_what_two_erase_at_once_is_erased(place: Path) -> None:
    with Citations(place) as store:
        a_citation(store)
        asked = statements(store, lambda: store.erase(["nothing"])) + 2  # those of an erasure, and some
    for number in range(asked):
        with Citations(place) as store:
            interrupted(place, store, number, lambda: store.erase(["a"]), lambda other: other.erase(["b"]))
            assert (the_citation(store).entries, the_citation(store).purged) == ((), 2), f"before statement {number}"
        remove(place, Citations)
        with Citations(place) as store:
            a_citation(store)


def test_what_two_change_at_once_of_an_alert_is_changed(place: Path) -> None:
    def work() -> None:
        with Alerts(place) as other:
            other.change("Oil", lambda alert: replace(alert, zone="Europe/Berlin"))

    writer = threading.Thread(target=work)

    def change(alert: Alert) -> Alert:
        writer.start()
        writer.join(BLOCKED_S)
        return replace(alert, schedule="hourly")

    with Archive(str(place)) as archive, Alerts(place) as alerts:
        alerts.make(OIL, {}, archive.shown)
        alerts.change("Oil", change)
        writer.join(waiting.HANG_S)
        changed = alerts.named("Oil")

    assert (changed.schedule, changed.zone) == ("hourly", "Europe/Berlin")


def test_an_alert_is_told_as_it_was_at_one_time(place: Path) -> None:
    one = Delivery(1, 1, AT, AT, 1, ("a",), (), (), 0)
    done = threading.Event()

    def work() -> None:
        with Alerts(place) as alerts:
            states: Iterator[State] = itertools.cycle(("delivered", "waiting"))
            while not done.wait(PAUSE_S):
                with alerts.transaction():
                    alerts._put(replace(one, state=next(states)))

    with Archive(str(place)) as archive:
        with Alerts(place) as alerts:
            assert alerts.make(OIL, {}, archive.shown).number == 1
            with alerts.transaction():
                alerts._put(one)
        writer = threading.Thread(target=work)
        writer.start()
        told: set[tuple[bool, State]] = set()

        def both_were_told() -> bool:
            for one in (keeping.told(archive, "Oil", 1), *keeping.listed(archive)):
                told.add((one.waiting is not None, one.deliveries[0].state))
            return len(told) > 1

        try:
            for _ in range(READS):
                both_were_told()
            waiting.until(both_were_told, "it was told before and after a change")
        finally:
            done.set()
            writer.join(waiting.HANG_S)

    assert told == {(True, "waiting"), (False, "delivered")}


def remove(place: Path, kind: type[Desk | Changes]) -> None:
    """Have an index without a store of this kind."""
    for each in place.glob(f"{changes.FILE if kind is Changes else FILE}*"):
        each.unlink()


def file_of(store: Desk | Changes) -> database.Database:
    """The connection to the file of a store."""
    found = store._db if isinstance(store, Changes) else store._db.connection.dbapi_connection
    assert isinstance(found, database.Database)
    return found


def statements(store: Desk | Changes, read: Callable[[], object]) -> int:
    """How many statements a read executes."""
    found: list[str] = []
    file_of(store).set_trace_callback(found.append)
    with suppress(DatelineError):
        read()
    file_of(store).set_trace_callback(None)
    return sum(each.startswith("SELECT") for each in found)


def interrupted(
    place: Path, store: Desk | Changes, number: int, read: Callable[[], object], write: Callable[[Any], object]
) -> object:
    """Read, while another connection writes right before one of the statements, or waits until it may."""

    def work() -> None:
        with type(store)(place) as other:
            write(other)

    writer = threading.Thread(target=work)
    left = iter(range(number, -1, -1))

    def before(statement: str) -> None:
        if statement.startswith("SELECT") and next(left, None) == 0:
            writer.start()
            writer.join(BLOCKED_S)

    file_of(store).set_trace_callback(before)
    try:
        return read()
    finally:
        file_of(store).set_trace_callback(None)
        writer.join(waiting.HANG_S)
