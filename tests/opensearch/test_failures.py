"""What a reader is told, and what is kept, when machines go away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import search
from desk.lists.store import Lists
from indexer.withheld import purge
from search import Article, Query
from search.engine import Engine
from search.errors import IndexLocked
from search.names import authority
from search.opensearch import address
from search.opensearch import cluster as client
from search.opensearch.cluster import ClusterUnavailable
from service.http.problems import status_of
from tests import waiting
from tests.opensearch.cluster import Cluster, running
from tests.opensearch.conftest import Remote

pytestmark = pytest.mark.check
MANY = 20_000
BATCH = 2_000


@pytest.fixture(scope="module")
def started() -> Iterator[Cluster]:
    """Three nodes, to be killed."""
    with running(3) as cluster:
        yield cluster


@pytest.fixture
def nodes(started: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """Three nodes, all of them up."""
    monkeypatch.setenv("DATELINE_OPENSEARCH_SHARDS", "3")
    monkeypatch.setenv("DATELINE_OPENSEARCH_TIMEOUT_S", "60")
    for node in started.nodes:
        if node.process is None:
            node.start()
    started.wait_for("wait_for_status=green&wait_for_nodes=3")
    return started


def made(first: int, last: int) -> Iterator[Article]:
    for number in range(first, last):
        country = ("CN",) if number % 2 else ("US", "DE")
        yield Article(f"n{number}", f"Report {number} on trade and oil.", f"Number {number}", published="2001-02-03",
                      language="en", country=country)  # fmt: skip


class Asking(threading.Thread):
    """Asks for all articles again and again, and keeps what was answered: a count, or the kind of the error."""

    def __init__(self, place: str) -> None:
        super().__init__(daemon=True)
        self._engine = search.open(place, cursor_seconds=10)  # while a cursor holds a copy, no new one is made there
        self.seen: list[tuple[int, int] | type[Exception]] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            try:
                results = self._engine.search(Query("trade", size=1, facets=("country",)))
                facet = results.facets["country"]
                assert isinstance(facet, search.ValueFacet)
                listed = {entry.value: entry.count for entry in facet.values}
                self.seen.append((results.total, listed.get("CN", 0) + listed.get("US", 0)))
            except Exception as error:  # its type is the result
                self.seen.append(type(error))
            self.done.wait(waiting.PAUSE_S)
        self._engine.close()


def answered(engine: Engine) -> int | None:
    """A count; None where it is refused."""
    try:
        return engine.search(Query("trade")).total
    except ClusterUnavailable:
        return None


def test_a_node_killed_while_20_000_articles_come_in_loses_none_and_doubles_none(nodes: Cluster) -> None:
    news = Remote(nodes.hosts)
    news.add(*made(0, 1))
    asking = Asking(news.place)
    asking.start()
    killing = threading.Thread(target=nodes.nodes[0].kill)
    for start in range(1, MANY, BATCH):
        added = min(start + BATCH, MANY)
        with news.writer() as writer:
            for article in made(start, added):
                writer.add(article)
            if start > MANY // 4 and killing.ident is None:
                killing.start()  # while the writer sends the rest and commits
        with news.engine() as engine:
            assert engine.search(Query(size=0, facets=())).total == added  # what a commit acknowledges is found
    killing.join()
    asking.done.set()
    asking.join()

    counts = [answer for answer in asking.seen if isinstance(answer, tuple)]
    assert {answer for answer in asking.seen if not isinstance(answer, tuple)} <= {ClusterUnavailable}
    assert [total for total, _ in counts] == sorted(total for total, _ in counts)  # never a smaller count than before
    with news.engine() as engine:
        found = [article.id for article in engine.export(Query())]
    assert len(found) == len(set(found)) == MANY

    nodes.nodes[0].start()
    nodes.wait_for("wait_for_status=green&wait_for_nodes=3&wait_for_no_initializing_shards=true")


def test_a_node_killed_while_a_list_grows_loses_nothing_of_it(nodes: Cluster) -> None:
    place = Remote(nodes.hosts).place
    search.writer(place).close()
    put = []
    with Lists(place) as lists:
        lists.make("all", "Ada", "2026-11-27")
        nodes.wait_for("wait_for_status=green")
        killing = threading.Thread(target=nodes.nodes[1].kill)
        for number in range(60):
            if number == 20:
                killing.start()
            with suppress(ClusterUnavailable, IndexLocked):  # the change is made, or it is not
                lists.put("all", {f"a{number}": "x" * 1000}, "Ada", "2026-11-27")
                put.append(f"a{number}")
        killing.join()
        lists.put("all", {"last": ""}, "Ada", "2026-11-27")
    with Lists(place) as lists:
        found = lists.ids("all")

    assert set(found) >= {*put, "last"}
    assert len(put) > 40
    nodes.nodes[1].start()
    nodes.wait_for("wait_for_status=green&wait_for_nodes=3&wait_for_no_initializing_shards=true")


def test_copies_are_made_anew_without_the_machine_that_had_them(nodes: Cluster) -> None:
    kept = Remote(nodes.hosts)
    kept.add(*made(0, 2_000))
    nodes.wait_for("wait_for_status=green")
    nodes.nodes[2].kill()
    nodes.wait_for("wait_for_status=green&wait_for_nodes=2&wait_for_no_initializing_shards=true")
    with kept.engine() as engine:
        assert engine.search(Query("trade")).total == 2_000


def test_a_purge_leaves_nothing_in_the_files_of_the_nodes(nodes: Cluster) -> None:
    """Deleted documents, what a searcher still holds, and decisions about names, with the settings of any cluster."""
    remote = Remote(nodes.hosts)
    with remote.writer() as writer:
        writer.add(Article("stays", "Trade.", person=("Xanthippa Quillby",)))
        writer.add(Article("goes", "Talks.", person=("Murmurina Snagg",)))
        writer.set_authority(
            authority.merge(writer.authority(), "person", "Murmurina Snagg", ("Oda Wren",), "", "2026")
        )
        writer.commit()
        for index in ("", ".state"):
            raw(remote).with_retries("POST", f"/{remote.name}{index}/_flush", force=True)
        assert "Murmurina" in files(remote)

        purge.purge(writer, remote.place, {"goes"})

    assert remote.ids() == {"stays"}
    assert "Murmurina" not in files(remote)
    assert "Xanthippa" in files(remote)


def raw(remote: Remote) -> client.Cluster:
    return client.Cluster(address.read(remote.place), address.access({}))


def files(remote: Remote) -> str:
    """What stands in the segments of all indexes of an archive, on the disks of the nodes."""
    with raw(remote) as cluster:
        homes = [
            Path(node["settings"]["path"]["home"]) for node in cluster.send("GET", "/_nodes/settings")["nodes"].values()
        ]
        ids = [
            found["settings"]["index"]["uuid"]
            for name, found in cluster.send("GET", f"/{remote.name}*/_settings").items()
        ]
    paths = [path for home in homes for one in ids for path in home.glob(f"data/nodes/*/indices/{one}/*/index/*")]
    return "".join(map(_content, paths))


def _content(path: Path) -> str:
    """What a file has; nothing where it is a folder, or a node that merges segments has just removed it."""
    with suppress(FileNotFoundError, IsADirectoryError):
        return path.read_bytes().decode("latin-1")
    return ""


def test_a_lost_shard_is_refused_rather_than_left_out(nodes: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_OPENSEARCH_REPLICAS", "0")
    lone = Remote(nodes.hosts)
    lone.add(*made(0, 300))
    with lone.engine() as engine:
        assert engine.search(Query("trade")).total == 300
        nodes.nodes[0].kill()
        with pytest.raises(ClusterUnavailable) as refused:  # each answer before is whole
            waiting.until(lambda: engine.search(Query("trade")).total != 300, "the shard is missed")
        assert status_of(refused.value) == 503
        with pytest.raises(ClusterUnavailable):
            list(engine.export(Query()))

        nodes.nodes[0].start()
        nodes.wait_for("wait_for_status=green&wait_for_nodes=3")
        waiting.until(lambda: answered(engine) == 300, "all are there")  # without opening it again

        for node in nodes.nodes:
            node.kill()
        with pytest.raises(ClusterUnavailable, match="Is it running"):
            engine.search(Query("trade"))
