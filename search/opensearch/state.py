"""The state of an index: its last commit, names that commits touched, the authority file, blocked ids, tombstones.

These are a few documents of a small index next to that of the articles: `news.state` for `news`. Each is changed only
if it is still as it was read, so that of two concurrent writers one retries.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import NamedTuple

import orjson

from search.errors import BadAuthority, IndexDamaged, IndexMissing, IndexProblem
from search.names.authority import Authority, Change, Entry, checked
from search.opensearch import mapping
from search.opensearch.cluster import Cluster, ClusterUnavailable, Conflict
from search.system.json import Json
from search.values import tombstones

_ATTEMPTS = 20
INTERRUPTED_S = 60.0
"""After this time without a number, by either clock, a commit that was becoming visible counts as interrupted."""
_PAUSE_S, _LONGEST_PAUSE_S = 0.005, 0.5
"""Between two attempts, at random: after the first, and after many."""


class Commit(NamedTuple):
    """The last commit of an index.

    Attributes:
        number: the generation; 0 before the first.
        by: what identifies it (see `touched`).
        showing: the same of commits that are becoming visible and have no number yet.
    """

    number: int
    by: str
    showing: frozenset[str]


class State:
    """The state of one index.

    Attributes:
        index: the name of the index with it.
        place: the address of the index that it is the state of.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.index = f"{cluster.address.name}.state"
        self.place = cluster.address.place
        self._since: dict[str, float] = {}

    def create(self) -> None:
        """Create it if it does not exist."""
        if not self._cluster.exists(f"/{self.index}"):
            settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1", mapping.AWAY_SETTING: mapping.AWAY}
            body = {"settings": settings, "mappings": {"enabled": False}}
            try:
                self._cluster.send("PUT", f"/{self.index}", body)
            except IndexProblem:
                if not self._cluster.exists(f"/{self.index}"):  # else another writer was faster
                    raise

    def generation(self) -> int:
        """The number of the last commit, 0 before the first."""
        return int((self._read("generation") or {"number": 0})["number"])

    def commit(self) -> Commit:
        """The last commit, and those that are becoming visible."""
        found = self._read("generation") or {"number": 0}
        return Commit(int(found["number"]), str(found.get("by", "")), self._showing(found.get("showing", {})))

    def _showing(self, noted: Json) -> frozenset[str]:
        """Those of some commits that are not interrupted, as far as this process can know."""
        now, since = time.monotonic(), self._since
        self._since = {by: since.get(by, now) for by, at in noted.items() if at > time.time() - INTERRUPTED_S}
        return frozenset(by for by, first in self._since.items() if now - first < INTERRUPTED_S)

    def show(self, by: str) -> None:
        """Note that a commit becomes visible from now on, until it has its number; so may parts of others.

        Args:
            by: of the commit, different for each.
        """

        def changed(old: Json | None) -> Json:
            before, now = old or {"number": 0}, time.time()
            others = {one: then for one, then in before.get("showing", {}).items() if then > now - INTERRUPTED_S}
            return before | {"showing": others | {by: now}}

        self._change("generation", changed)

    def bump(self, by: str) -> int:
        """Increment the number of commits, now that one is visible, and return it."""

        def changed(old: Json | None) -> Json:
            before = old or {"number": 0}
            others = {one: then for one, then in before.get("showing", {}).items() if one != by}
            return {"number": before["number"] + 1, "by": by, "showing": others}

        return int(self._change("generation", changed)["number"])

    def touched(self) -> Json | None:
        """The names that recent commits have touched (see `touched`)."""
        return self._read("touched")

    def change_touched(self, change: Callable[[Json | None], Json]) -> None:
        """Note names that a commit touches."""
        self._change("touched", change)

    def points(self) -> dict[str, str]:
        """The retained points in time, by generation, the most recently used last."""
        return dict((self._read("points") or {"points": {}})["points"])

    def change_points(self, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        """Change the list of retained points."""
        self._change("points", lambda old: {"points": change(dict((old or {"points": {}})["points"]))})

    def blocked(self) -> frozenset[str]:
        """The blocked ids."""
        return frozenset((self._read("blocked") or {"ids": []})["ids"])

    def block(self, added: frozenset[str], removed: frozenset[str]) -> None:
        """Block some ids, and unblock others."""
        self._change("blocked", lambda old: {"ids": sorted((set((old or {"ids": []})["ids"]) | added) - removed)})

    def removed(self) -> dict[str, str]:
        """The tombstones: id → time."""
        return dict((self._read("removed") or {"at": {}})["at"])

    def remove(self, ids: Collection[str], back: Collection[str]) -> None:
        """Add tombstones for the articles a commit removes, and forget those that it adds again."""
        if ids or not self.removed().keys().isdisjoint(back):
            self._change("removed", lambda old: {"at": tombstones.after((old or {"at": {}})["at"], ids, back)})

    def databases(self) -> list[str]:
        """The names of the databases that earlier versions stored in the cluster (see `former_desk`)."""
        return list((self._read("databases") or {"names": []})["names"])

    def forget_databases(self, names: Collection[str]) -> None:
        """Forget databases that are stored elsewhere by now."""
        self._change("databases", lambda old: {"names": [n for n in (old or {"names": []})["names"] if n not in names]})

    def desk(self, file: str) -> Json | None:
        """What identifies the desk of the index, as `id`, and `at`, where it is; None if it has none yet.

        Args:
            file: which of its files.
        """
        return (self._read("desk") or {}).get(file)

    def set_desk(self, file: str, new: Json, instead: Collection[str]) -> Json:
        """Remember which desk the index has, if it has none, or one of some ids. Returns the one that it has."""

        def changed(old: Json | None) -> Json:
            has = (old or {}).get(file)
            return (old or {}) | ({file: new} if has is None or has["id"] in instead else {})

        found: Json = self._change("desk", changed)[file]
        return found

    def second(self) -> Json:
        """Who fills a second index, and what there is of it (see `claim`); empty if that has never been."""
        return self._read("second") or {}

    def change_second(self, change: Callable[[Json], Json]) -> None:
        """Change that."""
        self._change("second", lambda old: change(old or {}))

    def authority(self) -> Authority:
        """The authority file."""
        found = self._read("authority")
        if found is None:
            return Authority()
        try:
            data = orjson.loads(found["json"])
            return Authority(checked(Entry(**entry) for entry in data["entries"]), tuple(map(_change, data["journal"])))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, BadAuthority) as error:
            raise IndexDamaged(
                f"The authority of “{self._cluster.address.place}” cannot be read: {error}. Import it again."
            ) from None

    def set_authority(self, authority: Authority, before: Authority | None) -> None:
        """Replace the authority file; if it must be as before, raises Conflict if it is not."""

        def changed(_old: Json | None) -> Json:
            if before is not None and self.authority() != before:
                raise Conflict(
                    f"Another writer has changed the names of “{self._cluster.address.place}” meanwhile. Try again."
                )
            return {"json": orjson.dumps(asdict(authority)).decode()}

        self._change("authority", changed)

    def _read(self, name: str) -> Json | None:
        answer = self._get(name)
        return answer["_source"] if answer else None

    def _get(self, name: str) -> Json | None:
        try:
            answer = self._cluster.send("POST", f"/{self.index}/_mget", {"ids": [name]})["docs"][0]
        except IndexMissing:
            return None
        if "error" in answer:
            raise ClusterUnavailable(f"The state of “{self._cluster.address.place}” cannot be read now. Try again.")
        return answer if answer["found"] else None

    def _change(self, name: str, change: Callable[[Json | None], Json]) -> Json:
        for attempt in range(_ATTEMPTS):
            there = self._get(name)
            new = change(there["_source"] if there else None)
            parameters: Json = {"op_type": "create"}
            if there:
                parameters = {"if_seq_no": there["_seq_no"], "if_primary_term": there["_primary_term"]}
            try:
                self._cluster.with_retries("PUT", f"/{self.index}/_doc/{name}", new, **parameters)
            except Conflict:
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE_S, _PAUSE_S * 2**attempt)))
                continue
            return new
        raise AssertionError("unreachable")


def _change(data: Json) -> Change:
    added, removed = (tuple(Entry(**entry) for entry in data[side]) for side in ("added", "removed"))
    return Change(
        data["at"], data["what"], added, removed, data.get("by", ""), data.get("undoes", 0), data.get("micros", 0)
    )
