"""Generations retained for cursors: points in time of the cluster, one a generation, shared by all clients.

Their list is in the state of the index, so that a cursor contains no name of the cluster's, and any process finds its
point. If a cluster creates no points, or the list cannot be written, queries still work, but a list can be followed
only until the next commit.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from search.errors import IndexProblem
from search.opensearch.cluster import Cluster
from search.opensearch.state import State
from search.system.json import Json

MOST = 20
"""Maximum number of points, the most recently used; a node allows 300, one for each shard, unless configured."""
AGAIN_S = 60.0
"""Minimum time between two extensions of the last generation's point."""


class Points:
    """The points in time of one index.

    Args:
        seconds: how long a point is retained after it was created or used.
    """

    def __init__(self, cluster: Cluster, state: State, seconds: float) -> None:
        self._cluster = cluster
        self._state = state
        self._keep_alive = f"{max(1, round(seconds))}s"
        self._lock = threading.Lock()
        self._given: tuple[int, float] = (-1, 0.0)

    def keep(self, generation: int) -> None:
        """Retain the last generation for a new cursor, if the cluster can."""
        with self._lock, suppress(IndexProblem):
            if self._given[0] == generation and time.monotonic() - self._given[1] < AGAIN_S:
                return
            if self.find(generation) is not None or self._open(generation):
                self._given = generation, time.monotonic()

    def find(self, generation: int) -> Json | None:
        """The point of a generation for a search, which extends it; None if it is no longer retained."""
        points = self._state.points()
        name = points.get(str(generation))
        if name is None:
            return None
        point: Json = {"id": name, "keep_alive": self._keep_alive}
        try:
            self._cluster.search({"size": 0, "query": {"match_none": {}}, "pit": point})
        except IndexProblem:
            self._state.generation()  # raises if the cluster does not answer; else it has released the point
            return None
        if list(points).index(str(generation)) < len(points) // 2:
            self._change(generation, name)
        return point

    def _open(self, generation: int) -> bool:
        """Open a point of the last generation; False if the last one is another, or a commit is becoming visible."""
        path = f"/{self._cluster.address.name}/_search/point_in_time"
        opened = self._cluster.send("POST", path, keep_alive=self._keep_alive, allow_partial_pit_creation=False)
        self._change(generation, str(opened["pit_id"]))
        commit = self._state.commit()
        is_of_it = commit.number == generation and not commit.showing
        if not is_of_it:  # what the point has may be of a later generation in part
            self._change(generation, None)
        return is_of_it

    def _change(self, generation: int, name: str | None) -> None:
        """Move the point of a generation to the end of the list, or remove it; delete the ones beyond `MOST`."""
        dropped: set[str] = set()

        def changed(points: dict[str, str]) -> dict[str, str]:
            remaining = {key: value for key, value in points.items() if key != str(generation)}
            remaining |= {str(generation): name} if name is not None else {}
            remaining = dict(list(remaining.items())[-MOST:])
            dropped.clear()
            dropped.update(set(points.values()).difference(remaining.values()))
            return remaining

        self._state.change_points(changed)
        delete_points(self._cluster, dropped)


def end(cluster: Cluster, state: State) -> None:
    """Release all points."""
    names = set(state.points().values())
    if names:
        state.change_points(lambda points: {key: name for key, name in points.items() if name not in names})
        delete_points(cluster, names)


def delete_points(cluster: Cluster, names: set[str]) -> None:
    """Release points, some of which the cluster may have dropped."""
    for name in names:
        with suppress(IndexProblem):
            cluster.send("DELETE", "/_search/point_in_time", {"pit_id": [name]})
