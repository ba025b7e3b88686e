"""Former generations that are kept for cursors: points in time of the cluster, one a generation, for all who ask.

Which there are is in the state of the index, so that a cursor holds no name of the cluster's, and any process finds its
point. A cluster that gives none, or lets nobody write what there is, answers all the same: then a list can be followed
until the next commit.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from search.errors import IndexProblem
from search.opensearch.cluster import Cluster, Json
from search.opensearch.state import State

MOST = 20
"""Points that are kept at most, those used last; a node has 300 at most, one for each shard, unless told otherwise."""
AGAIN_S = 60.0
"""How soon after another the point of the last generation is put off again."""


class Points:
    """The points in time of one index.

    Args:
        seconds: how long a point is kept after it was given or used.
    """

    def __init__(self, cluster: Cluster, state: State, seconds: float) -> None:
        self._cluster = cluster
        self._state = state
        self._kept = f"{max(1, round(seconds))}s"
        self._lock = threading.Lock()
        self._given: tuple[int, float] = (-1, 0.0)

    def keep(self, generation: int) -> None:
        """Keep the last generation, of which a cursor is about to be given, where the cluster can."""
        with self._lock, suppress(IndexProblem):
            if self._given[0] == generation and time.monotonic() - self._given[1] < AGAIN_S:
                return
            if self.find(generation) is None:
                self._open(generation)
            self._given = generation, time.monotonic()

    def find(self, generation: int) -> Json | None:
        """The point of a generation as a search takes it, for which it is a use; None where it is kept no more."""
        points = self._state.points()
        name = points.get(str(generation))
        if name is None:
            return None
        point: Json = {"id": name, "keep_alive": self._kept}
        try:
            self._cluster.search({"size": 0, "query": {"match_none": {}}, "pit": point})
        except IndexProblem:
            self._state.generation()  # tells a cluster that does not answer from one that has let go
            return None
        if list(points).index(str(generation)) < len(points) // 2:
            self._change(generation, name)
        return point

    def _open(self, generation: int) -> None:
        path = f"/{self._cluster.address.name}/_search/point_in_time"
        opened = self._cluster.send("POST", path, keep_alive=self._kept, allow_partial_pit_creation=False)
        self._change(generation, str(opened["pit_id"]))
        if self._state.generation() != generation:  # a commit came between: it is not known of which it is
            self._change(generation, None)

    def _change(self, generation: int, name: str | None) -> None:
        """Put the point of a generation last, or take it out; those that are one too many go."""
        dropped: set[str] = set()

        def changed(points: dict[str, str]) -> dict[str, str]:
            kept = {key: value for key, value in points.items() if key != str(generation)}
            kept |= {str(generation): name} if name is not None else {}
            kept = dict(list(kept.items())[-MOST:])
            dropped.clear()
            dropped.update(set(points.values()).difference(kept.values()))
            return kept

        self._state.change_points(changed)
        let_go(self._cluster, dropped)


def end(cluster: Cluster, state: State) -> None:
    """Keep none any more."""
    names = set(state.points().values())
    if names:
        state.change_points(lambda points: {key: name for key, name in points.items() if name not in names})
        let_go(cluster, names)


def let_go(cluster: Cluster, names: set[str]) -> None:
    """Let go of points, some of which the cluster may have forgotten."""
    for name in names:
        with suppress(IndexProblem):
            cluster.send("DELETE", "/_search/point_in_time", {"pit_id": [name]})
