"""An index in a cluster, of an earlier version, is converted into a second one, with what others write meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import count

import pytest
from click.testing import CliRunner
from falcon.testing import TestClient
from hypothesis import given
from hypothesis import strategies as st

import search
from desk.corrections.store import Store
from search import Article, Query, backends
from search.errors import IndexProblem, NeedsUpgrade, NotAnIndex
from search.opensearch import address, claim, cluster, document, mapping, rebuild
from search.opensearch.cluster import Cluster, ClusterUnavailable
from search.opensearch.state import State
from search.values.scan import ScanPage
from service.archive import Archive
from service.commands.cli import main
from service.server.app import create_app
from tests.conftest import PATIENT
from tests.opensearch.conftest import Remote
from tests.opensearch.test_index import articles
from tests.waiting import HANG_S, until

stamps = st.dictionaries(st.text("abé", max_size=3), st.sampled_from((1, 2)))


@given(stamps, stamps)
def test_the_differences_of_two_lists_are_found(before: dict[str, int], now: dict[str, int]) -> None:
    def listed(one: dict[str, int]) -> Iterator[tuple[str, int]]:
        return iter(sorted(one.items(), key=lambda item: item[0].encode()))

    found = {name: (was, is_there) for name, was, is_there in rebuild._differences(listed(before), listed(now))}
    assert found == {
        name: (before.get(name), name in now) for name in before | now if before.get(name) != now.get(name)
    }


@pytest.fixture
def at(remote: Remote) -> Iterator[Cluster]:
    with Cluster(address.read(remote.place), address.access(os.environ)) as opened:
        yield opened


def age(at: Cluster, version: int) -> None:
    """Make the fields of an index those of another version."""
    at.send("PUT", f"/{at.address.name}/_mapping", {"_meta": {"dateline": version}})


def write(at: Cluster, *added: Article, removed: tuple[str, ...] = ()) -> None:
    """Change articles as a writer of an earlier version would."""
    actions = [(one.id, document.action(one)) for one in added]
    at.bulk(at.address.name, [*actions, *((name, document.removal(name)) for name in removed)])
    at.send("POST", f"/{at.address.name}/_refresh")


def exported(remote: Remote) -> dict[str, Article]:
    with remote.engine() as engine:
        return {article.id: article for article in engine.export(Query(), as_added=True)}


def test_an_earlier_version_is_searched_as_it_is_and_converted(remote: Remote, at: Cluster) -> None:
    meant = Article("meant", "A zebra means something.", meaning=b"\1" * 384)
    remote.add(*articles("a", "b"), meant)
    with remote.writer() as writer:
        writer.block("c")
    before = exported(remote)
    age(at, mapping.READ_FROM)
    assert exported(remote) == before
    with pytest.raises(NotAnIndex, match="dateline upgrade"):
        remote.writer()
    run = CliRunner()
    checked = run.invoke(main, ["upgrade", remote.place, "--check"])
    assert (checked.exit_code, f"of format {mapping.READ_FROM}" in checked.stderr) == (1, True)
    with remote.engine() as engine:
        generation = engine.generation
        assert run.invoke(main, ["upgrade", remote.place]).exit_code == 0
        assert engine.search(Query("zebra")).total == 3
        assert engine.generation == generation + 1
    assert exported(remote) == before
    assert run.invoke(main, ["upgrade", remote.place, "--check"]).exit_code == 0
    with remote.writer() as writer:
        assert writer.blocked() == {"c"}
    assert len(at.send("GET", f"/{remote.name}-*/_alias")) == 1


def test_scans_and_what_is_measured_of_an_earlier_version_are_known_once_it_is_converted(
    remote: Remote, at: Cluster
) -> None:
    remote.add(
        *articles("a"), Article("b", "A zebra.", scan=(ScanPage(picture=f"{'a' * 64}.jpg"),), quality=0.7, known=0.7)
    )
    asked = {
        mapping.KNOWN_FROM: Query(known_from="0.7"),
        mapping.QUALITY_FROM: Query(quality_from="0.7"),
        mapping.SCANS_FROM: Query(scan=True),
    }
    for since, query in asked.items():
        age(at, since - 1)
        with remote.engine() as older, pytest.raises(NeedsUpgrade, match="dateline upgrade"):
            older.search(query)
    with remote.engine() as engine:
        backends.upgrade(remote.place)
        assert [engine.search(query).total for query in asked.values()] == [1, 1, 1]


def test_what_cannot_be_searched_is_converted(remote: Remote, at: Cluster) -> None:
    remote.add(*articles("a", "b"))
    age(at, mapping.CONVERTED_FROM)
    with pytest.raises(NotAnIndex, match="dateline upgrade"):
        remote.engine()
    run = CliRunner()
    checked = run.invoke(main, ["upgrade", remote.place, "--check"])
    assert (checked.exit_code, "cannot be searched until" in checked.stderr) == (1, True)
    assert run.invoke(main, ["upgrade", remote.place]).exit_code == 0
    assert remote.ids() == {"a", "b"}


def test_a_correction_of_an_earlier_version_is_not_stored_before_it_could_be_applied(
    remote: Remote, at: Cluster
) -> None:
    remote.add(*articles("a"))
    age(at, mapping.READ_FROM)
    refused = CliRunner().invoke(main, ["corrections", remote.place, "add", "a", "person", "add", "Ada Lovelace"])
    assert (refused.exit_code, "dateline upgrade" in refused.stderr) == (2, True)
    with Store(remote.place) as store:
        assert store.listed() == ()


def test_a_later_version_and_one_too_old_say_what_to_do(remote: Remote, at: Cluster) -> None:
    remote.add(*articles("a"))
    for version, said in ((mapping.VERSION + 1, "later version"), (mapping.CONVERTED_FROM - 1, "Index the archive")):
        age(at, version)
        for use in (search.open, search.writer, backends.outdated, backends.upgrade):
            with pytest.raises(NotAnIndex, match=said):
                use(remote.place)


def test_what_is_written_meanwhile_is_carried(remote: Remote, at: Cluster) -> None:
    remote.add(*articles("a", "b", "c"))
    age(at, mapping.READ_FROM)

    def meanwhile(_done: int, _all: int) -> None:
        write(at, *articles("b", text="A horse."), *articles("d"), removed=("c",))

    backends.upgrade(remote.place, meanwhile)
    found = exported(remote)
    assert found.keys() == {"a", "b", "d"}
    assert found["b"].text == "A horse."


def test_what_is_written_at_the_last_moment_is_written_to_the_second_index(
    remote: Remote, at: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.add(*articles("a"))
    age(at, mapping.READ_FROM)
    refused = threading.Event()
    swap, is_blocked = rebuild._swap, cluster._is_blocked
    late = threading.Thread(target=write, args=(at, *articles("late")))

    def blocked(result: dict[str, object]) -> bool:
        found = is_blocked(result)
        if found:
            refused.set()
        return found

    def swapped(*given: object) -> None:
        late.start()
        assert refused.wait(HANG_S)
        swap(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rebuild, "_swap", swapped)
    monkeypatch.setattr(cluster, "_is_blocked", blocked)
    backends.upgrade(remote.place)
    late.join()
    assert remote.ids() == {"a", "late"}


@pytest.mark.parametrize("where", ["_carry", "_swap"])
def test_one_that_is_stopped_leaves_the_index_as_it_was(
    remote: Remote, at: Cluster, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    remote.add(*articles("a"))
    age(at, mapping.READ_FROM)

    def stopped(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rebuild, where, stopped)
        with pytest.raises(KeyboardInterrupt):
            backends.upgrade(remote.place)
    write(at, *articles("b"))
    assert remote.ids() == {"a", "b"}


MANY = 3000
IN_SMALL_PIECES = """
import sys
from search import backends
from search.opensearch import rebuild
rebuild.PIECE = 50
backends.upgrade(sys.argv[1])
"""
"""So many requests that it can be killed after the first and before the last."""


class Killed(BaseException):
    """The process does nothing more, not even what it would do at its end."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Let a process change nothing in a cluster after so many changes; if the number is even, it misses one answer."""
    sent, done = Cluster.send, list[str]()

    def send(self: Cluster, method: str, path: str, *given: object, **more: object) -> object:
        if method in ("GET", "HEAD") or path.endswith(("_search", "_mget", "_count", "point_in_time")):
            return sent(self, method, path, *given, **more)
        if len(done) > number or (len(done) == number and number % 2):
            raise Killed
        done.append(path)
        answer = sent(self, method, path, *given, **more)
        if len(done) > number:
            raise Killed
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cluster, "send", send)
        yield


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for who might still live."""
    monkeypatch.setattr(claim, "SILENT_S", 0.05)
    monkeypatch.setattr(claim, "_LOOK_S", 0.05)
    monkeypatch.setattr(claim, "BEAT_S", 1000.0)  # no request but those of the upgrade


def indexes(at: Cluster) -> list[str]:
    return sorted(at.send("GET", f"/{at.address.name}-*/_alias"))


def test_one_that_is_killed_at_any_request_is_gone_on_with(
    remote: Remote, at: Cluster, quick: None, amount: Callable[..., int]
) -> None:
    remote.add(*articles("a", "b"))
    expected = exported(remote)
    for number in count(0, amount(1, few=7)):
        age(at, mapping.READ_FROM)
        try:
            with killed_at(number):
                backends.upgrade(remote.place)
            break
        except Killed:
            assert exported(remote) == expected
        backends.upgrade(remote.place)
        assert backends.outdated(remote.place) is None
        assert exported(remote) == expected
        assert len(indexes(at)) == 1
    assert number > 10
    remote.add(*articles("c"))
    assert remote.ids() == {"a", "b", "c"}


def test_a_second_index_that_was_begun_is_filled_further(
    remote: Remote, at: Cluster, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "PIECE", 2)
    remote.add(*articles("a", "b", "c", "d", "e"))
    age(at, mapping.READ_FROM)

    def stopped(done: int, _all: int) -> None:
        if done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backends.upgrade(remote.place, stopped)
    write(at, *articles("a", text="A horse."), removed=("b",))
    begun = CliRunner().invoke(main, ["upgrade", remote.place, "--check"])
    assert "0 articles to index again. 4 articles of a run that was stopped are kept." in begun.stderr
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cluster, "bulk", lambda self, index, actions: _noted(sent, bulk, self, index, actions))
        backends.upgrade(remote.place)
    assert sorted(sent) == ["a", "b", "e"]
    found = exported(remote)
    assert found.keys() == {"a", "c", "d", "e"}
    assert found["a"].text == "A horse."


bulk = Cluster.bulk


def _noted(sent: list[str], bulk: object, *given: object) -> None:
    actions = list(given[2])  # type: ignore[call-overload]
    sent += [name for name, _ in actions]
    bulk(*given[:2], actions)  # type: ignore[operator]


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_second_index_that_nobody_goes_on_with_is_removed(
    remote: Remote, at: Cluster, quick: None, goes_on: bool
) -> None:
    remote.add(*articles("a"))
    name = f"{at.address.name}-000009"
    left = claim.Second(name, mapping.VERSION - goes_on, rebuild._names(at), goes_on)
    State(at).change_second(lambda _: {"by": "gone", "beats": 3, "second": asdict(left)})
    at.send("PUT", f"/{name}", mapping.index(at.access))
    age(at, mapping.READ_FROM)
    backends.upgrade(remote.place)
    assert remote.ids() == {"a"}
    assert len(indexes(at)) == 1


def test_only_one_process_converts_at_a_time(remote: Remote, at: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    remote.add(*articles("a"))
    age(at, mapping.READ_FROM)
    monkeypatch.setattr(claim, "BEAT_S", 0.02)
    with claim.Claim(State(at)):
        with pytest.raises(IndexProblem, match="by another process"):
            backends.upgrade(remote.place)
        with pytest.raises(IndexProblem, match="by another process"), search.replacement(remote.place):
            pass
    backends.upgrade(remote.place)


def test_one_that_was_stopped_for_long_does_nothing_more(remote: Remote, at: Cluster, quick: None) -> None:
    remote.add(*articles("a"))
    first = claim.Claim(State(at))
    with claim.Claim(State(at)) as second:
        first._last -= 3 * claim.BEAT_S
        with pytest.raises(claim.Lost):
            first.check()
        second.check()
        first.close()
        second._last -= 3 * claim.BEAT_S
        second.check()


def test_what_was_carried_is_not_replaced_by_what_was_read_before(remote: Remote, at: Cluster) -> None:
    remote.add(*articles("a"))
    (old, new), index = articles("a", text="Old.") + articles("a", text="New."), indexes(at)[0]
    large = 1 << 50
    at.bulk(index, [("a", document.action(new, large + 2))])
    at.bulk(index, [("a", document.action(old, large + 1))])
    at.send("POST", f"/{index}/_refresh")
    assert exported(remote)["a"].text == "New."
    at.bulk(index, [("a", document.removal("a", large + 3))])
    at.bulk(index, [("a", document.action(new, large + 2))])
    at.send("POST", f"/{index}/_refresh")
    assert remote.ids() == set()


@pytest.mark.check  # one that is killed at its requests is in `make test`
def test_a_process_that_is_killed_is_gone_on_with(remote: Remote, at: Cluster) -> None:
    remote.add(*articles(*(f"{number:05}" for number in range(MANY))))
    age(at, mapping.READ_FROM)
    name = f"{at.address.name}-000002"

    def carried() -> int:
        if not at.exists(f"/{name}"):
            return 0
        with suppress(ClusterUnavailable):  # its shards are not there yet
            at.send("POST", f"/{name}/_refresh")
            return int(at.send("POST", f"/{name}/_count", {})["count"])
        return 0

    with subprocess.Popen([sys.executable, "-c", IN_SMALL_PIECES, remote.place], stderr=subprocess.DEVNULL) as one:
        until(carried, "some articles are carried")
        one.kill()
    there = carried()  # or more, if the node still works on a request
    identity = at.send("GET", f"/{name}/_settings/index.uuid")[name]["settings"]["index"]["uuid"]
    assert 0 < there < MANY
    done = CliRunner().invoke(main, ["upgrade", remote.place])
    assert done.exit_code == 0, done.stderr
    (kept,) = re.findall(r"([\d,]+) articles of a run that was stopped are kept", done.stderr)
    assert there <= int(kept.replace(",", "")) < MANY
    assert at.identity() == frozenset([str(identity)])
    assert len(remote.ids()) == MANY


def test_a_service_answers_while_it_is_converted(remote: Remote, at: Cluster, amount: Callable[..., int]) -> None:
    remote.add(*articles(*(f"{number:05}" for number in range(amount(MANY, few=600)))))
    age(at, mapping.READ_FROM)
    addresses = ("/api/search?q=zebra", "/api/search?q=zebra&sort=oldest&size=50", "/", "/api/articles/00007")
    ended = threading.Event()
    answers: list[tuple[str, int, object]] = []

    def answer(client: TestClient, address: str) -> tuple[str, int, object]:
        found = client.simulate_get(address)
        told = found.json if "json" in found.headers["content-type"] else {}
        return address, found.status_code, [told.get(name) for name in ("total", "hits", "facets", "id", "text")]

    with Archive(remote.place) as archive:
        client = TestClient(create_app(archive, PATIENT))
        before = [answer(client, address) for address in addresses]

        def ask() -> None:
            while not ended.is_set():
                answers.extend(answer(client, address) for address in addresses)

        def meanwhile(_done: int, _all: int) -> None:
            wanted = len(answers) + 2 * len(addresses)
            until(lambda: len(answers) >= wanted or not asking.is_alive(), "every address is asked")

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            backends.upgrade(remote.place, meanwhile)
        finally:
            ended.set()
            asking.join()
        answers.extend(answer(client, address) for address in addresses)
    assert {status for _, status, _ in before} == {200}
    assert len(answers) > 3 * len(addresses)
    assert [one for one in answers if one not in before] == []
