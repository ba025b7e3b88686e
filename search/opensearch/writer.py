"""Adds articles in transactions; several machines can write at once.

Added articles wait in a file until the commit, which sends them in batches, retrying while the cluster is busy, then
makes them visible and increments the generation. An interrupted commit may leave a part of itself in the index; ids
make it safe to index again. Of two articles with the same id in a transaction the last one wins.

Not for writers that must not see each other's work: the last article of an id wins. Cost: articles are tokenized here,
so that indexing machines can be added.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from secrets import token_hex

import orjson

from search.engine import Prepare, Purged, Writer
from search.errors import ArticleBlocked, IndexProblem
from search.fields import COUNTED
from search.names.authority import Authority
from search.opensearch import document, mapping, points
from search.opensearch.address import Access, Address
from search.opensearch.cluster import PATIENCE_S, Cluster, ClusterUnavailable
from search.opensearch.engine import check
from search.opensearch.shown import touched
from search.opensearch.state import State
from search.system import temporary
from search.values.article import Article

MEMORY_BYTES = 64 * 1024 * 1024
"""Bytes that wait in memory; more go to a temporary file."""
PIECE_BYTES = 2 * 1024 * 1024
PIECE_ARTICLES = 500
EXPUNGING = "index.merge.policy.expunge_deletes_allowed"
"""The share of deleted documents from which on a segment is merged, when that is asked for."""
EXPUNGED_WITHIN_S = 45
"""Replicas tell every 30 s up to where they need no deleted document."""
SENDING = 2
"""Batches sent concurrently."""
_FIRST = "000001"
_PAUSE_S = 0.5

Action = tuple[str, bytes]


class ClusterWriter(Writer):
    """Changes the index at an address, which is created if there is none.

    Args:
        index: the index to write, if not the one that the name refers to (see `rebuild`).

    Raises:
        NotAnIndex, IndexProblem, ClusterUnavailable: if it cannot be created or written.
    """

    def __init__(self, address: Address, access: Access, index: str | None = None) -> None:
        self._cluster = Cluster(address, access)
        self._name = index or address.name
        self._state = State(self._cluster)
        self._state.create()
        if index is None:
            create(self._cluster, self._state)
        self._waiting = temporary.spooled(MEMORY_BYTES)
        self._begin()
        self._refused = self._blocked

    def _begin(self) -> None:
        """Start a transaction at the last generation."""
        self._blocked = self._state.blocked()
        self._block: frozenset[str] = frozenset()
        self._unblock: frozenset[str] = frozenset()
        self._authority: Authority | None = None
        self._authority_before: Authority | None = None
        self._taken_down = False
        self._removed: set[str] = set()
        self._changes: dict[str, tuple[int, int] | None] = {}
        self._by = token_hex(8)
        self._waiting.seek(0)
        self._waiting.truncate()
        self._end = 0

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        wanted = iter(ids)
        while chunk := list(islice(wanted, PIECE_ARTICLES)):
            body = {"size": len(chunk), "query": {"terms": {"id": chunk}}, "_source": False,
                    "docvalue_fields": ["digest"]}  # fmt: skip
            for hit in self._cluster.search(body, self._name)["hits"]["hits"]:
                found[hit["_id"]] = hit["fields"]["digest"][0]
        return found

    def stored(self, article_id: str) -> Article | None:
        body = {"size": 1, "query": {"term": {"id": article_id}}}
        hits = self._cluster.search(body, self._name)["hits"]["hits"]
        return document.article(hits[0]["_source"]) if hits else None

    def ids(self, collection: str) -> Iterator[str]:
        body = {"query": {"term": {"collection": collection}}, "sort": [{"id": "asc"}], "_source": False}
        return (hit["_id"] for hit in self._cluster.read_all(body))

    def blocked(self) -> frozenset[str]:
        return (self._blocked | self._block) - self._unblock

    def block(self, article_id: str) -> None:
        self._block, self._unblock = self._block | {article_id}, self._unblock - {article_id}
        self.take_down(article_id)
        self._changes[article_id] = None  # even if it is not there: another writer may have sent it already

    def unblock(self, article_id: str) -> bool:
        was = article_id in self.blocked()
        self._block, self._unblock = self._block - {article_id}, self._unblock | {article_id}
        return was

    def has_takedowns(self) -> bool:
        return False  # others need not wait

    @property
    def _not_added(self) -> frozenset[str]:
        """The ids that cannot be added: those that others block meanwhile can, and are removed by the commit."""
        return (self._refused | self._block) - self._unblock

    def authority(self) -> Authority:
        if self._authority is not None:
            return self._authority
        self._authority_before = self._state.authority()
        return self._authority_before

    def set_authority(self, authority: Authority) -> None:
        self._authority = authority

    def add(self, article: Article) -> None:
        if article.id in self._not_added:
            raise ArticleBlocked(article.id)
        self._change(article.id, document.action(article))

    def _change(self, article_id: str, lines: bytes) -> None:
        self._waiting.seek(self._end)
        self._waiting.write(lines)
        self._changes[article_id] = self._end, len(lines)
        self._end += len(lines)

    def _read(self, place: tuple[int, int]) -> bytes:
        self._waiting.seek(place[0])
        return self._waiting.read(place[1])

    @contextmanager
    def preparing(self) -> Iterator[Callable[[], Prepare]]:
        """The factory for functions that tokenize articles in another process."""
        yield _preparer

    def add_prepared(self, prepared: Sequence[Action], groups: Sequence[str | None]) -> None:
        blocked = self._not_added
        if found := next((article_id for article_id, _ in prepared if article_id in blocked), None):
            raise ArticleBlocked(found)
        for number, (article_id, lines) in enumerate(prepared):
            if groups and (group := groups[number]) is not None:
                self.add(replace(document.acted(lines), group=group))
            else:
                self._change(article_id, lines)

    def regroup(self, article_id: str, group: str) -> None:
        if article_id in self._changes:
            place = self._changes[article_id]
            found = None if place is None else document.acted(self._read(place))
        else:
            found = self.stored(article_id)
        if found is not None:
            self.add(replace(found, group=group))

    def delete(self, article_id: str) -> bool:
        there = (
            self._changes[article_id] is not None if article_id in self._changes else bool(self.digests([article_id]))
        )
        if there:
            self._changes[article_id] = None
            self._removed.add(article_id)
        return there

    def take_down(self, article_id: str) -> bool:
        there = self.delete(article_id)
        self._taken_down |= there
        return there

    def commit(self) -> int:
        if self._block or self._unblock:
            self._state.block(self._block, self._unblock)
        refused = self._not_added
        changed = bool(self._changes) or self._authority is not None
        if changed:
            last = self._state.generation()
            names = self._touched()
            self._state.change_touched(lambda log: touched.begun(log, self._by, names, time.time(), last))
        with ThreadPoolExecutor(SENDING, "dateline-bulk") as pool:
            pieces = self._pieces()
            while batch := list(islice(pieces, SENDING)):
                list(pool.map(lambda piece: self._cluster.bulk(self._name, piece), batch))
        self._remove_blocked()
        if self._authority is not None:
            self._state.set_authority(self._authority, self._authority_before)
        if self._changes:
            there = {article_id for article_id, place in self._changes.items() if place is not None}
            self._state.remove(self._removed - there, there)
        if changed:
            self._state.show(self._by)
            self._refresh()
            generation = self._state.bump(self._by)
        if self._taken_down or self._block or self._authority is not None:
            points.end(self._cluster, self._state)
        if changed:
            self._state.change_touched(lambda log: touched.ended(log, self._by, generation))
        self._begin()
        self._refused = refused
        return self._state.generation()

    def _remove_blocked(self) -> None:
        """Remove again what others have blocked since this writer was opened; their own removal may have come before.

        Who blocks an article removes it after that, and this is asked after articles are sent: one of the two is last.
        """
        late = self._state.blocked() - self._not_added
        if sent := [article_id for article_id in late if self._changes.get(article_id) is not None]:
            self._cluster.bulk(self._name, [(article_id, document.removal(article_id)) for article_id in sent])
            self._changes.update(dict.fromkeys(sent))

    def compact(self, most: int) -> int:
        """Commit; a cluster merges its segments when it sees fit."""
        return self.commit()

    def purge(self, ids: Collection[str]) -> Purged:
        """Commit, remove articles, and have the cluster merge deleted documents away.

        The cluster drops deleted documents from a shard's segments once it has released the operations that it retains
        for replicas: within half a minute if all are there, else after twelve hours; its own snapshots and the disks of
        nodes that are away are not reached.
        """
        self.commit()
        there = frozenset(self.digests(ids))
        erased = tuple(article for name in there if (article := self.stored(name)) is not None)
        renamed: dict[str, str] = {}
        for name in ids:
            body = {"query": {"term": {"group": name}}, "sort": [{"id": "asc"}], "_source": False}
            members = [hit["_id"] for hit in self._cluster.read_all(body) if hit["_id"] not in ids]
            for member in members:
                renamed[name] = members[0]
                self.regroup(member, members[0])
        for article_id in ids:
            self.take_down(article_id)
        self._removed.difference_update(ids)
        self._state.remove((), ids)
        self.commit()
        points.end(self._cluster, self._state)
        last = self._state.generation()
        self._state.change_touched(lambda log: touched.forgotten(log, last))
        all_gone = self._expunge(self._name, self._state.index)
        note = "Snapshots of the cluster are not changed."
        if not all_gone:
            note = f"What the cluster retains for shards that are away goes with a merge after 12 hours. {note}"
        return Purged(there, renamed, note=note, articles=erased)

    def _expunge(self, *indexes: str) -> bool:
        """Have the cluster merge deleted documents of indexes away. True if none is left."""
        for index in indexes:
            self._cluster.with_retries("PUT", f"/{index}/_settings", {EXPUNGING: 0})
        try:
            left, until = list(indexes), time.monotonic() + EXPUNGED_WITHIN_S
            while left := [index for index in left if self._deleted(index)]:
                if time.monotonic() > until:
                    return False
                time.sleep(1)
            return True
        finally:
            for index in indexes:
                self._cluster.with_retries("PUT", f"/{index}/_settings", {EXPUNGING: None})

    def _deleted(self, index: str) -> int:
        """How many deleted documents an index has after it was merged."""
        self._cluster.with_retries("POST", f"/{index}/_flush", force=True)
        self._cluster.with_retries("POST", f"/{index}/_forcemerge", only_expunge_deletes=True)
        self._cluster.with_retries("POST", f"/{index}/_refresh")  # or the searcher holds the files of before
        found: int = self._cluster.with_retries("GET", f"/{index}/_stats/docs")["_all"]["total"]["docs"]["deleted"]
        return found

    def _pieces(self) -> Iterator[list[Action]]:
        piece: list[Action] = []
        size = 0
        for article_id, place in self._changes.items():
            lines = document.removal(article_id) if place is None else self._read(place)
            if piece and (size + len(lines) > PIECE_BYTES or len(piece) == PIECE_ARTICLES):
                yield piece
                piece, size = [], 0
            piece.append((article_id, lines))
            size += len(lines)
        if piece:
            yield piece

    def _touched(self) -> dict[str, set[str]] | None:
        """The spellings that articles have which are added, replaced or removed; None if they are many."""
        found: dict[str, set[str]] = {name: set() for name in COUNTED}
        changes = iter(self._changes.items())
        while chunk := dict(islice(changes, PIECE_ARTICLES)):
            for place in chunk.values():
                if place is not None:
                    new = orjson.loads(self._read(place).split(b"\n", 1)[1])
                    for name, spellings in found.items():
                        spellings.update(new.get(f"{name}_as", ()))
            body = {"size": len(chunk), "query": {"terms": {"id": list(chunk)}}, "_source": False,
                    "docvalue_fields": [f"{name}_as" for name in COUNTED]}  # fmt: skip
            path = f"/{self._name}/_search"
            answer = self._cluster.with_retries("POST", path, body, allow_partial_search_results=False)
            for hit in answer["hits"]["hits"]:
                for name, spellings in found.items():
                    spellings.update(hit.get("fields", {}).get(f"{name}_as", ()))
            if touched.size(found) > touched.MOST:
                return None
        return found

    def _refresh(self) -> None:
        """Make sent documents visible, waiting until all shards can."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            shards = self._cluster.with_retries("POST", f"/{self._name}/_refresh")["_shards"]
            if not shards["failed"]:
                return
            if time.monotonic() > deadline:
                raise ClusterUnavailable(
                    f"{shards['failed']} of {shards['total']} shards of “{self._cluster.address.place}” do not show "
                    "what was indexed. Index again when the cluster is healthy."
                )
            time.sleep(_PAUSE_S)

    def rollback(self) -> None:
        self._begin()

    def close(self) -> None:
        self._waiting.close()
        self._cluster.close()


def _preparer() -> Prepare:
    return _prepared


def _prepared(articles: Sequence[Article]) -> list[Action]:
    return [(article.id, document.action(article)) for article in articles]


def create(cluster: Cluster, state: State) -> None:
    """Create the index of an address, if there is none. Raises NotAnIndex if there is an index that is not ours."""
    name = cluster.address.name
    if not cluster.exists(f"/{name}"):
        last = state.generation()
        state.change_touched(lambda log: touched.unknown(log, last))
        try:
            cluster.send("PUT", f"/{name}-{_FIRST}", mapping.index(cluster.access) | {"aliases": {name: {}}})
        except IndexProblem:
            if not cluster.exists(f"/{name}"):  # else another writer was faster
                raise
    check(cluster)
