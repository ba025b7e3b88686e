"""What people decide, in a database that the machines of a cluster share: as whole as a file, whoever dies."""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from desk.corrections.correction import checked
from desk.corrections.store import Store
from desk.lists.store import Lists
from search import Article
from search.errors import CannotWrite, DatelineError, IndexDamaged, IndexLocked, IndexMissing
from search.opensearch import address, kept
from search.opensearch.cluster import Cluster
from tests import waiting
from tests.cases import cases
from tests.desk.corrections import earlier
from tests.opensearch.conftest import Remote
from tests.tiers import examples

AT = "2026-11-27T06:00:00Z"


@pytest.fixture
def place(remote: Remote) -> str:
    """The address of an index with an article."""
    remote.add(Article("a", "Oil."))
    return remote.place


@pytest.fixture
def cluster(place: str) -> Iterator[Cluster]:
    with Cluster(address.read(place), address.access(os.environ)) as opened:
        yield opened


def documents(cluster: Cluster) -> dict[str, dict[str, Any]]:
    """All documents of the index that has the databases, by id."""
    name = f"{cluster.address.name}.kept"
    cluster.send("POST", f"/{name}/_refresh")
    hits = cluster.search({"size": 10_000}, name)["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


def bytes_of(cluster: Cluster) -> bytes:
    """All pieces that the cluster has, named by a root or not."""
    return b"".join(zlib.decompress(b64decode(one["data"])) for one in documents(cluster).values() if "data" in one)


def state_of(lists: Lists) -> list[object]:
    return [(one, [(each.article, each.note, each.by) for each in lists.entries(one.name)]) for one in lists.listed()]


NAMES = st.sampled_from(("wall", "Moon", "oil 1973", "Stars of Ada"))
IDS = st.lists(st.sampled_from([f"a{n}" for n in range(30)]), min_size=1, max_size=12, unique=True)
NOTE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40)
KINDS = ("make", "put", "take", "note", "rename", "remove", "erase")
CHANGES = st.one_of([st.tuples(st.just(one), NAMES, NAMES if one == "rename" else IDS, NOTE) for one in KINDS])


def change(lists: Lists, what: str, name: str, more: Any, note: str) -> object:
    """Make a change; returns what it said."""
    try:
        match what:
            case "make":
                return lists.make(name, "Ada", AT, note, dict.fromkeys(more, note))
            case "put":
                return lists.put(name, dict.fromkeys(more, note), "Bob", AT, make=True)
            case "take":
                return lists.take(name, more, "Cem", AT)
            case "note":
                lists.note(name, more[0], note, "Dan", AT)
            case "rename":
                return lists.change(name, "Eva", AT, more)
            case "remove":
                return lists.remove(name)
            case _:
                return lists.erase(more)
    except DatelineError as error:
        return str(error)
    return None


@examples(8, few=2, suppress=list(HealthCheck))
@given(changes=st.lists(CHANGES, max_size=25), reopened=st.sets(st.integers(0, 25)))
def test_a_cluster_and_a_directory_answer_alike(
    make_remote: Callable[[], Remote], tmp_path_factory: pytest.TempPathFactory, changes: list[Any], reopened: set[int]
) -> None:
    remote = make_remote()
    remote.writer().close()
    folder = tmp_path_factory.mktemp("here")
    shared, local = Lists(remote.place), Lists(folder)
    try:
        for number, each in enumerate(changes):
            if number in reopened:
                shared.close()
                kept._images.clear()  # as in another process
                shared = Lists(remote.place)
            assert change(shared, *each) == change(local, *each)
            assert state_of(shared) == state_of(local)
    finally:
        shared.close()
        local.close()


WRITER = """
import sys
from desk.lists.store import Lists
from search.opensearch import kept
kept.BUSY_S = kept.TURN_S = 300  # however slow the machine is
place, who = sys.argv[1:]
with Lists(place) as lists:
    for n in range(12):
        lists.put("all", {f"{who}-{n}": who}, who, "2026", make=True)
"""


@pytest.mark.check
def test_processes_that_write_at_once_lose_nothing(place: str) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, place, who]) for who in ("Ada", "Bob", "Cem")]

    assert [writer.wait(waiting.HANG_S) for writer in writers] == [0, 0, 0]
    with Lists(place) as lists:
        assert sorted(lists.ids("all")) == sorted(f"{who}-{n}" for who in ("Ada", "Bob", "Cem") for n in range(12))


class Killed(BaseException):
    """The end of a writer."""


def killed(place: str, before: int, what: str, patch: pytest.MonkeyPatch) -> bool:
    """Change a list, and send nothing more from one of the requests on, as one who dies; False if it had fewer."""
    send, sent = Cluster.send, itertools.count(1)

    def counted(*given: Any, **values: Any) -> Any:
        if next(sent) >= before:
            raise Killed
        return send(*given, **values)

    kept._images.clear()  # as in another process
    try:
        with patch.context() as dying:
            dying.setattr(Cluster, "send", counted)
            with Lists(place) as lists:
                if what == "put":
                    lists.put("all", {f"new{n}": "x" * 2000 for n in range(50)}, "Ada", "2026", make=True)
                else:
                    lists.erase([f"old{n}" for n in range(49)])
    except Killed:
        return True
    finally:
        kept._images.clear()
    return False


@cases("what", ["put", "erase"])
def test_a_writer_that_dies_leaves_the_old_or_the_new(
    place: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(kept, "TURN_S", 0.1)
    old = {f"old{n}" for n in range(50)}
    new = old | {f"new{n}" for n in range(50)} if what == "put" else {"old49"}
    seen = set()
    for number in range(1, 40):
        with Lists(place) as lists:
            lists.make("all", "Ada", AT, notes=dict.fromkeys(old, "y" * 2000))
        dead = killed(place, number, what, monkeypatch)
        with Lists(place) as lists:
            found = set(lists.ids("all"))
            assert found in (old, new)
            seen.add(len(found))
            lists.remove("all")  # the turn of the next
        if not dead:
            break
    with Lists(place) as lists:
        lists.vacuum()
    there = documents(cluster)
    assert there.keys() == {"lists", *(name for name, _ in there["lists"]["pieces"])}  # nothing is left of the dead
    assert not dead
    assert seen == {len(old), len(new)}


@pytest.mark.check
def test_a_database_is_made_once_however_its_makers_die(
    make_remote: Callable[[], Remote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "TURN_S", 0.1)
    for number in range(1, 9):
        remote = make_remote()
        remote.writer().close()
        killed(remote.place, number, "put", monkeypatch)
        with Lists(remote.place) as lists:
            lists.put("all", {"a": ""}, "Bob", AT, make=True)
            assert len(lists.ids("all")) in (1, 51)
        assert Lists.is_in(remote.place)


def test_a_writer_whose_turn_was_taken_changes_nothing(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TURN_S", 0.2)
    with Lists(place) as slow, Lists(place) as quick:

        def change() -> None:
            with slow.transaction():
                slow._begin("slow", "", "Ada", AT)
                quick.make("quick", "Bob", AT)

        with pytest.raises(IndexLocked, match=r"took too long\. Try again"):
            change()
        assert [one.name for one in slow.listed()] == ["quick"]
        slow.make("slow", "Ada", AT)
    with Lists(place) as lists:
        assert [one.name for one in lists.listed()] == ["quick", "slow"]


def test_an_error_in_a_transaction_leaves_the_database_as_it_was(place: str) -> None:
    with Lists(place) as lists:
        lists.make("all", "Ada", AT)
        with pytest.raises(sqlite3.OperationalError), lists.transaction():
            lists.db.execute("DELETE FROM lists").connection.execute("SELECT nothing")
        assert [one.name for one in lists.listed()] == ["all"]
        lists.make("more", "Ada", AT)  # at once: the turn has ended


def test_nothing_is_written_outside_a_transaction(place: str) -> None:
    with Lists(place) as lists:
        with pytest.raises(CannotWrite, match="readonly"):
            lists.db.execute("DELETE FROM lists")
        lists.vacuum()
        with pytest.raises(CannotWrite, match="readonly"):
            lists.db.execute("DELETE FROM lists")


def test_what_stays_open_reads_what_others_write(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH_S", 0.0)
    with Lists(place) as one, Lists(place) as other:
        one.make("all", "Ada", AT, notes={"a": "", "b": ""})
        rows = other.rows("SELECT * FROM entries")
        next(rows)
        one.remove("all")
        assert other.listed() == ()
        assert len(list(rows)) == 1  # to the end of what it has begun


def test_a_snapshot_is_of_one_commit(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH_S", 0.0)
    with Lists(place) as one, Lists(place) as other:
        one.make("all", "Ada", AT, notes={"a": ""})
        with other.snapshot():
            before = other.named("all")
            one.put("all", {"b": ""}, "Ada", AT)
            with other.snapshot():
                assert other.ids("all") == ("a",)
            assert other.named("all") == before
        assert (other.ids("all"), other.named("all").articles) == (("a", "b"), 2)


def test_a_snapshot_begins_with_what_is_fresh(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH_S", 0.0)
    with Lists(place) as one, Lists(place) as other:
        one.make("all", "Ada", AT)
        with other.snapshot():
            assert [each.name for each in other.listed()] == ["all"]
        with other.transaction(), other.snapshot():
            other._put("all", {"a": ""}, "Ada", AT)
        assert one.ids("all") == ("a",)


def test_what_is_erased_is_in_no_piece(place: str, cluster: Cluster) -> None:
    with Lists(place) as lists:
        for number in range(5):
            lists.make(f"list {number}", "Ada", AT, notes={"secret-id": "", f"other{number}": ""})
        lists.remove("list 4")
        assert b"secret-id" in bytes_of(cluster)
        lists.erase(["secret-id"])
        found = bytes_of(cluster)

    assert b"secret-id" not in found
    assert b"other3" in found


def test_there_is_none_before_one_is_made(place: str, remote: Remote, make_remote: Callable[[], Remote]) -> None:
    assert not Lists.is_in(place)
    Lists(place).close()
    assert Lists.is_in(place)
    with pytest.raises(IndexMissing, match="There is no index at"):
        Lists(make_remote().place)


@pytest.mark.parametrize("lost", ["root", "piece", "index"])
def test_what_is_lost_is_not_taken_for_new(place: str, cluster: Cluster, lost: str) -> None:
    with Lists(place) as lists:
        lists.make("all", "Ada", AT)
    name = f"/{cluster.address.name}.kept"
    gone = "lists" if lost == "root" else documents(cluster)["lists"]["pieces"][0][0]
    cluster.send("DELETE", name if lost == "index" else f"{name}/_doc/{gone.replace(' ', '%20')}")
    kept._images.clear()

    assert Lists.is_in(place)
    with pytest.raises(IndexDamaged, match=r"(missing, although|lost a piece).* Restore the index .*\.kept” from a"):
        Lists(place)


@pytest.mark.parametrize("what", ["root", "piece"])
def test_what_is_not_as_written_is_reported(place: str, cluster: Cluster, what: str) -> None:
    with Lists(place) as lists:
        lists.make("all", "Ada", AT)
    there = documents(cluster)
    name = "lists" if what == "root" else there["lists"]["pieces"][0][0]
    told = there[name]
    if what == "root":
        told["turn"] += 1
    else:
        told["data"] = told["data"].replace(told["data"][40], "A" if told["data"][40] != "A" else "B")
    path = f"/{cluster.address.name}.kept/_doc/{name.replace(' ', '%20')}"
    cluster.send("PUT", path, told)
    kept._images.clear()

    with pytest.raises(IndexDamaged, match="not as written"):
        Lists(place)


def test_a_database_has_a_greatest_size(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 100_000)
    with Lists(place) as lists:
        lists.make("all", "Ada", AT)
        with pytest.raises(DatelineError, match=r"in a cluster there is room for 100,000\. Remove some"):
            lists.put("all", {f"a{n}": "x" * 1000 for n in range(200)}, "Ada", AT)
        assert lists.ids("all") == ()


def test_corrections_of_an_earlier_version_open(place: str) -> None:
    made = [checked("a", "title", "set", value, "x", AT) for value in ("second", "first")]
    earlier.make(place, made)
    for _ in range(2):
        with Store(place) as store:
            assert [(each.value, each.micros) for each in store.of("a")] == [("second", 0), ("first", 1)]
    with Store(place) as store:
        assert store.add([checked("a", "title", "set", "third", "x", AT)])[0].number == 4
