"""Fills a second index and then replaces the first with it; until then queries are answered from the first.

    with rebuild.replacing(address, access) as writer:
        for article in articles:
            writer.add(article)

When the block ends, the name refers to the new index, and the old one is removed; if it ends with an error, the new one
is. `upgrade` fills it with the articles of an index of an earlier version, and with what is written to that meanwhile.

A document that is carried has as its version when the one it is made of was written (`_stamp`). So the second index
says itself what it lacks, no matter who has filled it: a run that was interrupted is gone on with, and of two processes
that carry an article the later text wins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from secrets import token_hex

from search.errors import IndexProblem
from search.opensearch import document, mapping
from search.opensearch.address import Access, Address
from search.opensearch.claim import Claim, Second, left
from search.opensearch.cluster import Cluster
from search.opensearch.engine import check
from search.opensearch.shown import touched
from search.opensearch.state import State
from search.opensearch.writer import ClusterWriter
from search.system.json import Json
from search.values.outdated import Outdated

FEW = 1000
"""Changed articles up to which nothing more is written to the first index while they are carried."""
ROUNDS = 10
"""How often what was changed meanwhile is carried before that, at most."""
PIECE = 500
BLOCK = "index.blocks.write"
_STAMPS: Json = {"query": {"match_all": {}}, "sort": [{"id": "asc"}], "_source": False}
_TERM = 1 << 40
"""More than the operations on a shard while one node had it."""

Stamp = tuple[str, int]
"""An id, and what tells a text of its article from any other, a later one by a greater number."""


@contextmanager
def replacing(address: Address, access: Access) -> Iterator[ClusterWriter]:
    """A writer for the new index. Raises IndexMissing, NotAnIndex if there is no index to replace."""
    with Cluster(address, access) as cluster:
        check(cluster, mapping.CONVERTED_FROM)
        with _claimed(cluster) as claim:
            second = _begun(cluster, claim, goes_on=False)
            try:
                with ClusterWriter(address, access, second.name) as writer:
                    yield writer
                    blocked = State(cluster).blocked() | writer.blocked()
                claim.check()
            except BaseException:  # also an interrupt: no half-filled index is left
                _drop(cluster, claim, second)
                raise
            _swap(cluster, claim, second)
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
        begun, done = left(State(cluster).second()), 0
        if begun is not None and _goes_on(cluster, begun):
            _refresh(cluster, begun.name)
            done = _count(cluster, begun.name)
        searchable, changes = version >= mapping.READ_FROM, mapping.changes_since(version)
        total = _count(cluster, address.name)
        return Outdated(version, mapping.VERSION, max(0, total - done), searchable, changes, done)


def upgrade(address: Address, access: Access, progress: Callable[[int, int], None]) -> None:
    """Fill a second index with the articles of one of an earlier version, and replace it when it is filled.

    What others write meanwhile is carried: the first index is read again and again for what has changed, at last while
    nothing is written to it, which takes about a second; writers of this version try again until it is replaced. If
    this is stopped, the second index stays, and the next run fills what it lacks.

    Args:
        progress: called with the articles that have been carried, and their total.
    """
    with Cluster(address, access) as cluster:
        if check(cluster, mapping.CONVERTED_FROM) == mapping.VERSION:
            return
        with _claimed(cluster) as claim:
            second = claim.left
            if second is None or not _goes_on(cluster, second):
                second = _begun(cluster, claim, goes_on=True)
            _block(cluster, second, None)  # one that was interrupted may have left it blocked
            total = _count(cluster, address.name)
            _carry(cluster, claim, second, lambda done: progress(min(done, total), total))
            for _ in range(ROUNDS):
                if _carry(cluster, claim, second) <= FEW:
                    break
            try:
                _block(cluster, second, True)
                for name in second.of:
                    _refresh(cluster, name)
                _carry(cluster, claim, second)
                _refresh(cluster, second.name)
                claim.check()
                _swap(cluster, claim, second)
            except BaseException:  # also an interrupt: others write to the first index again
                _block(cluster, second, None)
                raise


@contextmanager
def _claimed(cluster: Cluster) -> Iterator[Claim]:
    """The claim on the address; a second index that nobody goes on with is removed."""
    state = State(cluster)
    state.create()
    with Claim(state) as claim:
        if claim.left is not None and not _goes_on(cluster, claim.left):
            _drop(cluster, claim, claim.left)
        yield claim


def _names(cluster: Cluster) -> tuple[str, ...]:
    """The indexes that the name of an address refers to."""
    return tuple(sorted(cluster.send("GET", f"/_alias/{cluster.address.name}")))


def _goes_on(cluster: Cluster, second: Second) -> bool:
    """True if a second index can be filled further: for this version, and of the articles that are there now."""
    is_right = second.goes_on and second.version == mapping.VERSION and second.of == _names(cluster)
    return is_right and cluster.exists(f"/{second.name}")


def _begun(cluster: Cluster, claim: Claim, goes_on: bool) -> Second:
    """A second index, which is empty."""
    old = _names(cluster)
    name = f"{cluster.address.name}-{max(int(one.rpartition('-')[2]) for one in old) + 1:06}"
    _refuse_unclaimed(cluster, name)
    second = Second(name, mapping.VERSION, old, goes_on)
    claim.note(second)
    cluster.with_retries("PUT", f"/{name}", mapping.index(cluster.access))
    return second


def _drop(cluster: Cluster, claim: Claim, second: Second) -> None:
    """Remove a second index, unless the name refers to it by now."""
    if second.name not in _names(cluster) and cluster.exists(f"/{second.name}"):
        cluster.with_retries("DELETE", f"/{second.name}")
    claim.note(None)


def _block(cluster: Cluster, second: Second, blocked: bool | None) -> None:
    """Let nobody write to the first index, or everybody; unless it has been replaced."""
    for name in second.of:
        if cluster.exists(f"/{name}"):
            cluster.with_retries("PUT", f"/{name}/_settings", {BLOCK: blocked})


def _refresh(cluster: Cluster, name: str) -> None:
    cluster.with_retries("POST", f"/{name}/_refresh")


def _count(cluster: Cluster, name: str) -> int:
    return int(cluster.send("POST", f"/{name}/_count", {})["count"])


def _carry(cluster: Cluster, claim: Claim, second: Second, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Carry to the second index what it lacks of the first. Returns the number of articles that were carried.

    Args:
        progress: called with the articles that are there, some of them carried.
    """
    name, passed, carried = cluster.address.name, 0, 0
    _refresh(cluster, second.name)

    def now() -> Iterator[Stamp]:
        nonlocal passed
        for hit in cluster.read_all(_STAMPS | {"seq_no_primary_term": True}):
            passed += 1
            yield hit["_id"], _stamp(hit)

    there = ((hit["_id"], hit["_version"]) for hit in cluster.read_all(_STAMPS | {"version": True}, second.name))
    differences = _differences(there, now())
    while piece := list(islice(differences, PIECE)):
        wanted = [article_id for article_id, _, is_there in piece if is_there]
        body: Json = {"size": PIECE, "query": {"terms": {"id": wanted}}, "seq_no_primary_term": True}
        found = {hit["_id"]: hit for hit in cluster.search(body, name)["hits"]["hits"]}
        claim.check()
        actions = []
        for article_id, was, _ in piece:
            if article_id in found:
                hit = found[article_id]
                actions.append((article_id, document.action(document.article(hit["_source"]), _stamp(hit))))
            elif was is not None:  # it is not there any more, and nothing that was read before may bring it back
                actions.append((article_id, document.removal(article_id, was + 1)))
        cluster.bulk(second.name, actions)
        carried += len(piece)
        progress(passed)
    return carried


def _differences(before: Iterator[Stamp], now: Iterator[Stamp]) -> Iterator[tuple[str, int | None, bool]]:
    """The ids that only one of two sorted lists has, or with another stamp; each with its first, and if it is now."""
    was = next(before, None)
    for one in now:
        while was is not None and was[0].encode() < one[0].encode():
            yield *was, False
            was = next(before, None)
        if was is not None and was[0] == one[0]:
            if was != one:
                yield *was, True
            was = next(before, None)
        else:
            yield one[0], None, True
    while was is not None:
        yield *was, False
        was = next(before, None)


def _stamp(hit: Json) -> int:
    """When a document was written, in the count of its shard."""
    return int(hit["_primary_term"]) * _TERM + int(hit["_seq_no"])


def _swap(cluster: Cluster, claim: Claim, second: Second) -> None:
    """Let the name refer to the second index, and remove the first, as a commit."""
    state, name = State(cluster), cluster.address.name
    swap = [{"add": {"index": second.name, "alias": name}}, *({"remove_index": {"index": one}} for one in second.of)]
    by = token_hex(8)
    last = state.generation()
    state.change_touched(lambda log: touched.begun(log, by, None, time.time(), last))
    state.show(by)
    cluster.with_retries("POST", "/_aliases", {"actions": swap})
    generation = state.bump(by)
    state.change_touched(lambda log: touched.ended(log, by, generation))
    claim.note(None)


def _refuse_unclaimed(cluster: Cluster, name: str) -> None:
    """Raises IndexProblem if there is an index of this name, which nobody has noted, as earlier versions left one."""
    if not cluster.exists(f"/{name}"):
        return
    host, port = cluster.address.hosts[0]
    url = f"http{'s' if cluster.address.tls else ''}://{host}:{port}/{name}"
    raise IndexProblem(
        f"“{name}” is there already: “{cluster.address.name}” is being replaced by an earlier version of Dateline, or "
        f"that was interrupted. If none runs, remove what it has left: curl -X DELETE {url}"
    )
