"""A SQLite database that all machines share: what people decide about an index in a cluster.

The database is in memory while it is used. In the cluster it is cut into pieces, which are documents of a small index
next to that of the articles: `news.kept` for `news`. One more document, the *root*, names the pieces in their order,
with the hash of each. Whoever changes the database writes the changed pieces under new names, and then the root, which
is the commit: before it the database is as it was, after it as it is now. No name is used twice, so that nobody who
reads by an older root gets a newer piece.

Writers take turns. One that begins writes its token into the root; if it has not ended after `TURN_S`, it is taken for
dead, and the next one begins. The root is replaced only if it is still as it was read, so that a writer that was taken
for dead, and is not, changes nothing.

Cost: to open it, a request, and another if it has changed, for the pieces that this process has not got; to change it,
four requests, and the bytes of the changed pieces (two at least). Each open database is in memory as a whole.
"""

from __future__ import annotations

import math
import os
import secrets
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import orjson

from search.errors import CannotWrite, IndexDamaged, IndexLocked, IndexProblem
from search.opensearch import mapping
from search.opensearch.address import Access, Address
from search.opensearch.cluster import Cluster, ClusterUnavailable, Conflict
from search.opensearch.engine import check
from search.opensearch.state import State
from search.system import database
from search.system.closeable import Closeable
from search.system.inflating import inflated
from search.system.json import Json

Fill = Callable[[database.Database], object]
PIECE_BYTES = 32 * 1024
MOST_BYTES = 256 * 1024 * 1024
"""The greatest size of a database."""
TURN_S = 15.0
"""How long a writer may take before another may take its turn, in seconds."""
BUSY_S = 30.0
"""How long a writer waits for its turn, in seconds."""
FRESH_S = 1.0
"""How old what is read outside a transaction may be, in seconds, where the database stays open."""
_PATIENCE_S = 5.0
_PAUSE_S = 0.05
_AT_ONCE = 64
"""Pieces in a request."""
_SWEPT = 1_000
"""Ids of pieces in an answer."""


@dataclass(frozen=True, slots=True)
class Root:
    """What a database consists of.

    Attributes:
        pieces: the id and the SHA-256 of each.
        dropped: the ids of those before the last commit, which the next one removes.
        turn: counts the turns of writers.
        held: the token of the one whose turn it is; "" if it is nobody's.
        commit: that of the one that has made the last commit.
    """

    pieces: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]
    turn: int
    held: str
    commit: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A root as it was read; the cluster replaces only this one."""

    root: Root
    version: Mapping[str, int]


class _Image(NamedTuple):
    """The bytes of a database as of a commit, and its pieces."""

    commit: str
    pieces: tuple[tuple[str, str], ...]
    data: bytes


_images: dict[tuple[str, str], _Image] = {}
"""The last image of each database that this process has used, by the address of the index and the name."""


class SharedDatabase(Closeable):
    """A database of the index at an address, opened; made if there is none. Any thread may use it, one at a time.

    Args:
        name: of the database, such as `corrections`.
        what: the plural of what it contains.
        fill: makes its tables in an empty one.

    Attributes:
        path: the index that has it, and its name, for messages.
        remedy: what to do if it is damaged.

    Raises:
        IndexMissing: if there is no index.
        IndexDamaged: if it cannot be read, or is missing although it was there.
        ClusterUnavailable: if there is no answer.
    """

    def __init__(self, address: Address, access: Access, name: str, what: str, fill: Fill) -> None:
        self._cluster = _client(address, access, os.getpid())
        self._name = name
        self._index = index_of(address)
        self._key = (address.place, name)
        self.path = Path(self._index, name)
        self.remedy = (
            f"Restore the index “{self._index}” from a snapshot of the cluster, or remove “{name}” from it and from "
            f"“{address.name}.state”: all {what} are lost then."
        )
        self._path = f"/{self._index}/_doc/{name}"
        self._inside = False
        self._loaded = -math.inf
        self._image = _Image("", (), b"")
        self._db: database.Database | None = None
        self._former: list[database.Database] = []
        try:
            self._load(self._opened(fill))
        except BaseException:  # also an interrupt: nobody else would close it
            self.close()
            raise

    @property
    def db(self) -> database.Database:
        """The database, as of the last commit, or of one at most `FRESH_S` ago; in a snapshot, of that one."""
        if not self._inside and time.monotonic() - self._loaded > FRESH_S:
            self._load(self._there())
        assert self._db is not None
        return self._db

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Changes that are made together or not at all; durable when the block ends.

        Raises:
            IndexLocked: if others have not let this one have its turn, or have taken it away.
            CannotWrite: if the database would be too large.
        """
        with self._turn():
            self.db.execute("BEGIN IMMEDIATE")
            yield
            self.db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads that are all of one commit: the one in memory, unless that is older than `FRESH_S` at the beginning."""
        if self._inside:
            yield
            return
        _ = self.db  # as fresh as others read it
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    def vacuum(self) -> None:
        """Remove what is not used any more from the database, and what is left of former ones from the cluster.

        As far as the cluster can at once: it retains removed documents for copies that were away.
        """
        with self._turn():
            self.db.execute("VACUUM")
        held = self._begun()
        left = held.root.dropped
        try:
            self._sweep(held)
            left = ()
        finally:
            self._put(replace(held.root, held="", dropped=left), held)
        self._cluster.with_retries("POST", f"/{self._index}/_flush", force=True)
        self._cluster.with_retries("POST", f"/{self._index}/_forcemerge", only_expunge_deletes=True)

    def close(self) -> None:
        """Close the database; the connections stay, for the next."""
        for db in (*self._former, *((self._db,) if self._db is not None else ())):
            db.close()

    @staticmethod
    def is_in(address: Address, access: Access, name: str) -> bool:
        """True if an index has a database of this name, or had one that is missing now."""
        found, known = _look_up(_client(address, access, os.getpid()), name)
        return found is not None or known

    def _opened(self, fill: Fill) -> _Read:
        """The root; a new one if there never was one."""
        found, known = _look_up(self._cluster, self._name)
        if found is None and known:
            raise self._damaged("is missing, although it was there")
        if found is None:
            self._make(fill)
        if not known:
            State(self._cluster).know(self._name)
        return self._checked(found) if found is not None else self._there()

    def _make(self, fill: Fill) -> None:
        """Make the database, unless another process is faster."""
        check(self._cluster)
        create(self._cluster)
        with closing(database.connect(None)) as db:
            fill(db)
            data = db.serialize()
        token = secrets.token_hex(8)
        pieces = [(f"{self._name} {token} {n}", piece) for n, piece in enumerate(_cut(data))]
        self._send(self._addition(name, piece, 0) for name, piece in pieces)
        root = Root(tuple((name, _hash(piece)) for name, piece in pieces), (), 0, "", token)
        try:
            self._cluster.with_retries("PUT", self._path, _sealed(root), op_type="create")
        except Conflict:
            if self._there().root.commit != token:
                self._send(map(_removal, (name for name, _ in pieces)))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The turn of this writer: the newest database, which is committed when the block ends."""
        held = self._begun()
        try:
            self._load(held)
            self._inside = True
            self.db.execute("PRAGMA query_only = OFF")
            yield
            self.db.execute("PRAGMA query_only = ON")
            self._commit(held)
        except BaseException:  # also an interrupt: another thread may use the database next
            self._replace(self._image.data)
            self._loaded = -math.inf
            with suppress(IndexProblem):  # then the turn ends by itself
                self._put(replace(held.root, held=""), held)
            raise
        finally:
            self._inside = False

    def _begun(self) -> _Read:
        """The root, after the turn of this writer has begun. Raises IndexLocked."""
        token = secrets.token_hex(8)
        deadline = time.monotonic() + BUSY_S
        other, since = "", 0.0
        while (now := time.monotonic()) < deadline:
            there = self._there()
            if there.root.held != other:
                other, since = there.root.held, now
            if not other or now - since > TURN_S:
                mine = replace(there.root, held=token, turn=there.root.turn + 1)
                if (held := self._put(mine, there)) is not None:
                    if other:
                        self._sweep(held)
                    return held
            time.sleep(_PAUSE_S * (0.5 + secrets.randbelow(100) / 100))
        raise IndexLocked(f"Another process is writing to “{self.path}”.")

    def _commit(self, held: _Read) -> None:
        """Store the database as it is in memory, and end the turn."""
        assert self._db is not None
        data = self._db.serialize()
        if len(data) > MOST_BYTES:
            raise CannotWrite(
                f"“{self.path}” would have {len(data):,} bytes; in a cluster there is room for {MOST_BYTES:,}. "
                "Remove some that nobody needs."
            )
        token, before = held.root.held, held.root.pieces
        pieces: list[tuple[str, str]] = []
        new: list[tuple[str, bytes]] = []
        for n, piece in enumerate(_cut(data)):
            if n < len(before) and piece == self._image.data[n * PIECE_BYTES :][:PIECE_BYTES]:
                pieces.append(before[n])
                continue
            pieces.append((f"{self._name} {token} {n}", _hash(piece)))
            new.append((pieces[-1][0], piece))
        root = replace(held.root, held="")
        if tuple(pieces) != before:
            self._send(self._addition(name, piece, held.root.turn) for name, piece in new)
            self._send(map(_removal, held.root.dropped))
            dropped = {name for name, _ in before} - {name for name, _ in pieces}
            root = replace(root, pieces=tuple(pieces), dropped=tuple(sorted(dropped)), commit=token)
        written = self._put(root, held)
        if written is None:
            self._send(_removal(name) for name, _ in new)
            raise IndexLocked(
                f"Another process has changed “{self.path}” meanwhile, since this change took too long.", "Try again."
            )
        self._remember(_Image(root.commit, root.pieces, data))

    def _sweep(self, held: _Read) -> None:
        """Remove the pieces of former turns that the root does not name."""
        former = [{"term": {"database": self._name}}, {"range": {"turn": {"lt": held.root.turn}}}]
        named = {"ids": {"values": [name for name, _ in held.root.pieces]}}
        body = {"query": {"bool": {"filter": former, "must_not": [named]}}, "size": _SWEPT, "_source": False}
        while True:
            self._cluster.with_retries("POST", f"/{self._index}/_refresh")
            found = [hit["_id"] for hit in self._cluster.search(body, self._index)["hits"]["hits"]]
            if not found:
                return
            self._send(map(_removal, found))

    def _load(self, there: _Read) -> None:
        """Have the database of a root in memory."""
        known = _images.get(self._key)
        if known is None or known.commit != there.root.commit:
            known = self._fetched(there)
        if self._db is None or self._image.commit != known.commit:
            self._replace(known.data)
        self._remember(known)

    def _remember(self, image: _Image) -> None:
        self._image = _images[self._key] = image
        self._loaded = time.monotonic()

    def _replace(self, data: bytes) -> None:
        """Open a database of these bytes; whoever reads from the one before may finish."""
        db = database.connect(None, self.remedy, any_thread=True)
        db.path = self.path
        db.deserialize(data)
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA query_only = ON")  # what is written outside a transaction would reach nobody
        if self._db is not None:
            self._former.append(self._db)
        self._db = db
        for former in [each for each in self._former if not each.cursors]:
            former.close()
            self._former.remove(former)

    def _fetched(self, there: _Read) -> _Image:
        """The database of a root, of which only the pieces are fetched that are not known; or of a newer root."""
        while True:
            known = _images.get(self._key)
            have = {} if known is None else dict(zip((told for _, told in known.pieces), _cut(known.data), strict=True))
            missing = iter([name for name, told in there.root.pieces if told not in have])
            while some := list(islice(missing, _AT_ONCE)):
                for document in _documents(self._cluster, f"/{self._index}/_mget", {"ids": some}):
                    if document.get("found"):
                        piece = _opened_piece(document["_source"])
                        have[_hash(piece)] = piece
            if all(told in have for _, told in there.root.pieces):
                data = b"".join(have[told] for _, told in there.root.pieces)
                return _Image(there.root.commit, there.root.pieces, data)
            again = self._there()
            if again.root.commit == there.root.commit:
                raise self._damaged("has lost a piece, or has one that is not as written")
            there = again

    def _there(self) -> _Read:
        """The root. Raises IndexDamaged if it is missing."""
        found, _ = _look_up(self._cluster, self._name)
        if found is None:
            raise self._damaged("is missing, although it was there")
        return self._checked(found)

    def _checked(self, found: Json) -> _Read:
        try:
            told = dict(found["_source"])
            seal = told.pop("seal")
            if seal != _seal(told):
                raise ValueError("its seal is another")
            told["pieces"] = tuple((str(name), str(of)) for name, of in told["pieces"])
            told["dropped"] = tuple(map(str, told["dropped"]))
            return _Read(Root(**told), _version(found))
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged("is not as written") from error

    def _put(self, root: Root, there: _Read) -> _Read | None:
        """Replace a root as it was read; None if it is another by now."""
        try:
            written = self._cluster.with_retries("PUT", self._path, _sealed(root), **there.version)
        except Conflict:  # unless this is the second attempt, after one that was not answered
            found = self._there()
            mine = found.root.held == root.held if root.held else found.root.commit == root.commit != there.root.commit
            return found if mine else None
        return _Read(root, _version(written))

    def _addition(self, name: str, piece: bytes, turn: int) -> tuple[str, bytes]:
        data = b64encode(zlib.compress(piece, 1)).decode()
        told = orjson.dumps({"database": self._name, "turn": turn, "data": data})
        return name, b'{"index":{"_id":%s}}\n%s\n' % (orjson.dumps(name), told)

    def _send(self, actions: Iterable[tuple[str, bytes]]) -> None:
        waiting = iter(actions)
        while some := list(islice(waiting, _AT_ONCE)):
            self._cluster.bulk(self._index, some)

    def _damaged(self, how: str) -> IndexDamaged:
        return IndexDamaged(f"“{self.path}” {how}. {self.remedy}")


@lru_cache(maxsize=8)
def _client(address: Address, access: Access, _process: int) -> Cluster:
    """The connections of this process, which are made once: each page opens several databases."""
    return Cluster(address, access)


def index_of(address: Address) -> str:
    """The index that has the databases of an index."""
    return f"{address.name}.kept"


def create(cluster: Cluster) -> None:
    """Create the index that has the databases of an index, if there is none."""
    name = index_of(cluster.address)
    if cluster.exists(f"/{name}"):
        return
    keyword, number = {"type": "keyword"}, {"type": "long"}
    body = {
        "settings": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",  # documents are read by their ids
            "index.merge.policy.expunge_deletes_allowed": 0,
            mapping.AWAY_SETTING: mapping.AWAY,
        },
        "mappings": {"dynamic": False, "properties": {"database": keyword, "turn": number}},
    }
    try:
        cluster.send("PUT", f"/{name}", body)
    except IndexProblem:
        if not cluster.exists(f"/{name}"):  # else another process was faster
            raise


def vacuum(cluster: Cluster) -> None:
    """Vacuum all databases of an index."""
    for name in State(cluster).databases():
        with SharedDatabase(cluster.address, cluster.access, name, name, _nothing) as shared:
            shared.vacuum()


def _nothing(_: database.Database) -> None:
    """Fill no database, since it is there."""


def _look_up(cluster: Cluster, name: str) -> tuple[Json | None, bool]:
    """The root of a database, None if there is none; and whether there has been one."""
    wanted = [{"_index": index_of(cluster.address), "_id": name}, State(cluster).of_databases]
    found, known = _documents(cluster, "/_mget", {"docs": wanted})
    return found if found.get("found") else None, known.get("found", False) and name in known["_source"]["names"]


def _documents(cluster: Cluster, path: str, wanted: Json) -> list[Json]:
    """Documents by their ids, as `_mget` answers.

    Raises:
        ClusterUnavailable: if one cannot be read for `_PATIENCE_S`, such as that of an index that is just made.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        documents: list[Json] = cluster.send("POST", path, wanted)["docs"]
        errors = [one["error"].get("type") for one in documents if "error" in one]
        if all(error == "index_not_found_exception" for error in errors):
            return documents
        if time.monotonic() > deadline:
            raise ClusterUnavailable(f"“{cluster.address.place}” cannot be read now. Try again.")
        time.sleep(_PAUSE_S)


def _version(document: Json) -> dict[str, int]:
    """What a document is replaced by, if it is still as it was read."""
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}


def _sealed(root: Root) -> Json:
    told = asdict(root)
    return told | {"seal": _seal(told)}


def _seal(told: Json) -> str:
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _opened_piece(told: Json) -> bytes:
    """The bytes of a piece; none if they are damaged."""
    try:
        return inflated(b64decode(told["data"], validate=True), PIECE_BYTES)
    except (KeyError, TypeError, ValueError, zlib.error):
        return b""


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES))


def _hash(piece: bytes) -> str:
    return sha256(piece).hexdigest()


def _removal(name: str) -> tuple[str, bytes]:
    return name, b'{"delete":{"_id":%s}}\n' % orjson.dumps(name)
