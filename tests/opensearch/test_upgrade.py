"""An index in a cluster, of an earlier version, is converted into a second one, with what others write meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, Query, backends
from search.errors import NotAnIndex
from search.opensearch import address, cluster, document, mapping, rebuild
from search.opensearch.cluster import Cluster
from service.commands.cli import main
from tests.opensearch.conftest import Remote
from tests.opensearch.test_index import articles

stamps = st.dictionaries(st.text("abé", max_size=3), st.sampled_from("12"))


@given(stamps, stamps)
def test_the_differences_of_two_lists_are_found(before: dict[str, str], now: dict[str, str]) -> None:
    def listed(one: dict[str, str]) -> Iterator[tuple[str, str]]:
        return iter(sorted(one.items(), key=lambda item: item[0].encode()))

    found = dict(rebuild._differences(listed(before), listed(now)))
    assert found == {name: name in now for name in before | now if before.get(name) != now.get(name)}


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
        refused.wait()
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
