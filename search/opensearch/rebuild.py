"""Fills a second index and then replaces the first with it; until then queries are answered from the first.

    with rebuild.replacing(address, access) as writer:
        for article in articles:
            writer.add(article)

When the block ends, the name refers to the new index, and the old one is removed; if it ends with an error, the new one
is. `upgrade` fills it with the articles of an index of an earlier version, and with what is written to that meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from secrets import token_hex
from typing import IO

from search.errors import IndexProblem
from search.opensearch import document, mapping
from search.opensearch.address import Access, Address
from search.opensearch.cluster import Cluster
from search.opensearch.engine import check
from search.opensearch.shown import touched
from search.opensearch.state import State
from search.opensearch.writer import Action, ClusterWriter
from search.system import temporary
from search.system.json import Json
from search.values.outdated import Outdated

FEW = 1000
"""Changed articles up to which nothing more is written to the first index while they are carried."""
ROUNDS = 10
"""How often what was changed meanwhile is carried before that, at most."""
PIECE = 500
MEMORY_BYTES = 1 << 23
"""Bytes of stamps that wait in memory; more go to a temporary file."""
BLOCK = "index.blocks.write"
_ALL: Json = {"query": {"match_all": {}}, "sort": [{"id": "asc"}], "seq_no_primary_term": True}

Stamp = tuple[str, str]
"""An id, and what tells the version of its document from any other."""


@contextmanager
def replacing(address: Address, access: Access) -> Iterator[ClusterWriter]:
    """A writer for the new index. Raises IndexMissing, NotAnIndex if there is no index to replace."""
    with Cluster(address, access) as cluster:
        check(cluster, mapping.CONVERTED_FROM)
        with _second(cluster) as (old, new), ClusterWriter(address, access, new) as writer:
            yield writer
            blocked = State(cluster).blocked() | writer.blocked()
        _swap(cluster, old, new)
        if late := State(cluster).blocked() - blocked:  # until now they were removed from the old index
            with ClusterWriter(address, access) as writer:
                for article_id in late:
                    writer.block(article_id)


def outdated(address: Address, access: Access) -> Outdated | None:
    """What `upgrade` would convert; None if there is nothing. Raises IndexMissing, NotAnIndex without an index."""
    with Cluster(address, access) as cluster:
        version = check(cluster, mapping.CONVERTED_FROM)
        if version == mapping.VERSION:
            return None
        searchable, changes = version >= mapping.READ_FROM, mapping.changes_since(version)
        return Outdated(version, mapping.VERSION, _count(cluster), searchable, changes)


def upgrade(address: Address, access: Access, progress: Callable[[int, int], None]) -> None:
    """Fill a second index with the articles of one of an earlier version, and replace it when it is filled.

    What others write meanwhile is carried: the first index is read again and again for what has changed, at last while
    nothing is written to it, which takes about a second; writers of this version try again until it is replaced.

    Args:
        progress: called with the articles that have been carried, and their total.
    """
    with Cluster(address, access) as cluster:
        if check(cluster, mapping.CONVERTED_FROM) == mapping.VERSION:
            return
        with _second(cluster) as (old, new), ExitStack() as files:

            def spooled() -> IO[bytes]:
                return files.enter_context(temporary.spooled(MEMORY_BYTES))

            total = _count(cluster)
            before = spooled()
            filling = _filling(cluster, before)
            done = 0
            while piece := list(islice(filling, PIECE)):
                cluster.bulk(new, piece)
                done += len(piece)
                progress(done, max(done, total))
            for _ in range(ROUNDS):
                now = spooled()
                changed = _carry(cluster, new, before, now)
                before.close()
                before = now
                if changed <= FEW:
                    break
            with _unblocked(cluster, old):
                for name in old:
                    cluster.with_retries("PUT", f"/{name}/_settings", {BLOCK: True})
                    cluster.with_retries("POST", f"/{name}/_refresh")
                _carry(cluster, new, before, spooled())
                cluster.with_retries("POST", f"/{new}/_refresh")
        with _unblocked(cluster, old):  # the second index stays from here on, since the name may refer to it already
            _swap(cluster, old, new)


@contextmanager
def _unblocked(cluster: Cluster, old: list[str]) -> Iterator[None]:
    """Let others write to the first index again if the block fails."""
    try:
        yield
    except BaseException:  # also an interrupt
        for name in old:
            if cluster.exists(f"/{name}"):
                cluster.with_retries("PUT", f"/{name}/_settings", {BLOCK: None})
        raise


def _count(cluster: Cluster) -> int:
    return int(cluster.send("POST", f"/{cluster.address.name}/_count", {})["count"])


def _filling(cluster: Cluster, stamps: IO[bytes]) -> Iterator[Action]:
    """What adds every article, in the order of ids; their stamps are noted."""
    for hit in cluster.read_all(_ALL):
        stamps.write(_line(_stamp(hit)))
        yield _action(hit)


def _action(hit: Json) -> Action:
    one = document.article(hit["_source"])
    return one.id, document.action(one)


def _carry(cluster: Cluster, new: str, before: IO[bytes], now: IO[bytes]) -> int:
    """Carry what has changed since stamps were noted, and note those of now. Returns the number of changed articles."""
    changed = 0

    def current() -> Iterator[Stamp]:
        for hit in cluster.read_all(_ALL | {"_source": False}):
            now.write(_line(_stamp(hit)))
            yield _stamp(hit)

    differences = _differences(_lines(before), current())
    while piece := list(islice(differences, PIECE)):
        changed += len(piece)
        there = [article_id for article_id, is_there in piece if is_there]
        found = cluster.search({"size": PIECE, "query": {"terms": {"id": there}}}, cluster.address.name)
        actions = dict(map(_action, found["hits"]["hits"]))
        cluster.bulk(new, [(one, actions.get(one) or document.removal(one)) for one, _ in piece])
    return changed


def _differences(before: Iterator[Stamp], now: Iterator[Stamp]) -> Iterator[tuple[str, bool]]:
    """The ids that only one of two lists has, or with another stamp, and whether the second has it; both sorted."""
    was = next(before, None)
    for one in now:
        while was is not None and was[0].encode() < one[0].encode():
            yield was[0], False
            was = next(before, None)
        if was is not None and was[0] == one[0]:
            if was != one:
                yield one[0], True
            was = next(before, None)
        else:
            yield one[0], True
    while was is not None:
        yield was[0], False
        was = next(before, None)


def _stamp(hit: Json) -> Stamp:
    return hit["_id"], f"{hit['_primary_term']}.{hit['_seq_no']}"


def _line(stamp: Stamp) -> bytes:
    return " ".join(stamp).encode() + b"\n"


def _lines(stamps: IO[bytes]) -> Iterator[Stamp]:
    stamps.seek(0)
    for line in stamps:
        article_id, _, stamp = line.decode().rstrip("\n").rpartition(" ")
        yield article_id, stamp


@contextmanager
def _second(cluster: Cluster) -> Iterator[tuple[list[str], str]]:
    """The names of the index of an address and of a second, empty one, which is removed if the block fails."""
    old = list(cluster.send("GET", f"/_alias/{cluster.address.name}"))
    new = f"{cluster.address.name}-{max(int(name.rpartition('-')[2]) for name in old) + 1:06}"
    _create(cluster, new)
    try:
        yield old, new
    except BaseException:  # also an interrupt: no half-filled index is left
        cluster.with_retries("DELETE", f"/{new}")
        raise


def _swap(cluster: Cluster, old: list[str], new: str) -> None:
    """Let the name refer to the second index, and remove the first, as a commit."""
    state, name = State(cluster), cluster.address.name
    swap = [{"add": {"index": new, "alias": name}}, *({"remove_index": {"index": one}} for one in old)]
    by = token_hex(8)
    last = state.generation()
    state.change_touched(lambda log: touched.begun(log, by, None, time.time(), last))
    state.show(by)
    cluster.with_retries("POST", "/_aliases", {"actions": swap})
    generation = state.bump(by)
    state.change_touched(lambda log: touched.ended(log, by, generation))


def _create(cluster: Cluster, name: str) -> None:
    """Create an index. Raises IndexProblem if it exists, as an interrupted process leaves one."""
    try:
        cluster.send("PUT", f"/{name}", mapping.index(cluster.access))
    except IndexProblem:
        if not cluster.exists(f"/{name}"):
            raise
        host, port = cluster.address.hosts[0]
        url = f"http{'s' if cluster.address.tls else ''}://{host}:{port}/{name}"
        raise IndexProblem(
            f"“{name}” is there already: “{cluster.address.name}” is being replaced by another process, or one was "
            f"interrupted. If none runs, remove what it has left: curl -X DELETE {url}"
        ) from None
