"""How many connections each worker has, so that one with fewer accepts the next.

All workers wait at one socket, and the fastest gets a connection; a few that stay open, as those of a proxy do,
may all be one worker's while another is idle.

A worker's number is in memory that it shares with the others, and written by it alone; the master gives it its place
there, and frees it.
"""

from __future__ import annotations

import mmap

MOST = 1024
"""Workers that can be counted, more than a server may have."""
_NONE, _RETIRED = 0xFFFF_FFFF, 0xFFFF_FFFE


class Loads:
    """The connections of all workers of a server; made in the master."""

    def __init__(self) -> None:
        self._shared = memoryview(mmap.mmap(-1, 4 * MOST)).cast("I")
        for place in range(MOST):
            self._shared[place] = _NONE

    def join(self) -> int:
        """Returns a place for a new worker, which does not count until it tells its number; called in the master."""
        place = next(place for place in range(MOST) if self._shared[place] == _NONE)
        self.retire(place)
        return place

    def leave(self, place: int) -> None:
        """Free the place of a worker that has ended; called in the master."""
        self._shared[place] = _NONE

    def tell(self, place: int, connections: int) -> None:
        """Tell the others how many connections a worker has."""
        self._shared[place] = connections

    def retire(self, place: int) -> None:
        """Tell the others that a worker accepts no more connections."""
        self._shared[place] = _RETIRED

    def is_above_least(self, place: int) -> bool:
        """True if another worker has fewer connections."""
        return self._shared[place] > min(self._shared)
