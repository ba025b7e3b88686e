"""What people have decided about an index in a cluster, as earlier versions stored it there.

It is SQLite databases, cut into pieces, which are documents of a small index next to that of the articles: `news.kept`
for `news`. One more document for each, the *root*, names its pieces in their order, with the hash of each.
"""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Collection
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

import orjson

from search.errors import IndexDamaged, IndexMissing
from search.opensearch.cluster import Cluster
from search.opensearch.engine import check
from search.opensearch.mapping import CONVERTED_FROM
from search.opensearch.state import State
from search.system.closeable import Closeable
from search.system.inflating import inflated
from search.system.json import Json

_PIECE_BYTES = 32 * 1024
_AT_ONCE = 64
"""Pieces in a request."""


class Former(NamedTuple):
    """A database: its commit, which is another one when it has changed, and its bytes."""

    commit: str
    image: bytes


class FormerDesk(Closeable):
    """What the cluster of an index has of its desk, or knows of it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._state = State(cluster)
        self._index = f"{cluster.address.name}.kept"

    def names(self) -> list[str]:
        """The names of the databases."""
        return self._state.databases()

    def place_of(self, name: str) -> str:
        """Where a database is, for messages."""
        return f"{self._index}/{name}"

    def read(self, name: str) -> Former:
        """A database. Raises IndexDamaged if it is missing, or not as written."""
        root = self._documents([name]).get(name)
        if root is None:
            raise self._damaged(name, "is missing, although it was there")
        seal = root.pop("seal", None)
        if seal != sha256(orjson.dumps(root, option=orjson.OPT_SORT_KEYS)).hexdigest():
            raise self._damaged(name, "is not as written")
        left, found = iter(root["pieces"]), []
        while some := list(islice(left, _AT_ONCE)):
            documents = self._documents([piece for piece, _ in some])
            found += [_piece(documents.get(piece), of) for piece, of in some]
        if None in found:
            raise self._damaged(name, "has lost a piece, or has one that is not as written")
        return Former(root["commit"], b"".join(piece for piece in found if piece is not None))

    def remove(self, name: str) -> None:
        """Remove a database, which is stored elsewhere by now; with the last one the index that has them."""
        with suppress(IndexMissing):
            if self.names() == [name]:
                self._cluster.with_retries("DELETE", f"/{self._index}")
            elif (root := self._documents([name]).get(name)) is not None:
                gone = [*(piece for piece, _ in root["pieces"]), *root["dropped"], name]
                self._cluster.bulk(self._index, [(one, b'{"delete":{"_id":%s}}\n' % orjson.dumps(one)) for one in gone])
        self._state.forget_databases([name])

    def desk(self, file: str) -> Json | None:
        """Which desk the index has, as `registered` in `desk.store` has written it; None if it has none.

        Raises:
            IndexMissing: if there is no index.
        """
        check(self._cluster, CONVERTED_FROM)  # which desk it has is in the state, not in its fields
        return self._state.desk(file)

    def claim(self, file: str, new: Json, instead: Collection[str]) -> Json:
        """Remember which desk the index has, if it has none, or one of some. Returns the one that it has."""
        return self._state.set_desk(file, new, instead)

    def close(self) -> None:
        """Close the connections."""
        self._cluster.close()

    def _documents(self, ids: list[str]) -> dict[str, Json]:
        found = self._cluster.with_retries("POST", f"/{self._index}/_mget", {"ids": ids})["docs"]
        return {one["_id"]: one["_source"] for one in found if one.get("found")}

    def _damaged(self, name: str, how: str) -> IndexDamaged:
        return IndexDamaged(
            f"“{self.place_of(name)}” {how}. Restore the index “{self._index}” from a snapshot of the cluster, or "
            f"remove “{name}” from “{self._cluster.address.name}.state”: all {name} are lost then."
        )


def _piece(document: Json | None, of: str) -> bytes | None:
    """The bytes of a piece; None if it is missing, or damaged."""
    try:
        data = inflated(b64decode((document or {})["data"], validate=True), _PIECE_BYTES)
    except (KeyError, TypeError, ValueError, zlib.error):
        return None
    return data if sha256(data).hexdigest() == of else None
