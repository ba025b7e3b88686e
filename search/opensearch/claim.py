"""Who fills the second index of an address: one process at a time, which shows that it lives.

    with Claim(state) as claim:
        claim.left               # what one that was interrupted has left
        claim.note(begun)        # what one that is interrupted now would leave
        claim.check()            # before a change that no other process may make meanwhile

The claim is a document in the state of the index. Its holder counts in it every `BEAT_S`; who finds one looks if that
goes on, and takes it over if it has not for `SILENT_S`: no clocks are compared. One that was stopped for as long finds
that the claim is another's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from secrets import token_hex

from search.errors import IndexProblem
from search.opensearch.cluster import ClusterUnavailable, Conflict
from search.opensearch.state import State
from search.system.closeable import Closeable
from search.system.json import Json

BEAT_S = 2.0
SILENT_S = 10.0
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Second:
    """A second index that is not complete.

    Attributes:
        name: of the index; `version`: of its fields.
        of: the indexes whose articles it gets.
        goes_on: whether another process can go on with it.
    """

    name: str
    version: int
    of: tuple[str, ...]
    goes_on: bool


class Lost(IndexProblem):
    """Another process has the claim by now."""


class Claim(Closeable):
    """The claim on an address, until it is closed.

    Attributes:
        left: the second index that a process was filling whose claim this was; None if there is none.

    Raises:
        IndexProblem: if another process has it, and lives.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._by = token_hex(8)
        self._beats = 0
        self._last = time.monotonic()
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self.left = self._take()
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._beating.start()

    def _take(self) -> Second | None:
        found = self._state.second()
        until = time.monotonic() + SILENT_S
        while found.get("by") and time.monotonic() < until:
            time.sleep(_LOOK_S)
            if (now := self._state.second()) != found and now.get("by"):
                raise self._others()
            found = now

        def taken(old: Json) -> Json:
            if old != found:
                raise self._others()
            return {"by": self._by, "beats": 0, "second": old.get("second")}

        self._state.change_second(taken)
        return left(found)

    def _others(self) -> IndexProblem:
        return IndexProblem(f"“{self._state.place}” is being replaced or converted by another process. Wait for that.")

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            try:
                self._count()
            except Lost:
                return
            except (ClusterUnavailable, Conflict):  # the next may arrive; `check` tells if none did
                continue

    def _count(self) -> None:
        with self._turn:
            self._change(lambda old: old | {"beats": self._beats + 1})
            self._beats += 1
            self._last = time.monotonic()

    def _change(self, change: Callable[[Json], Json]) -> None:
        def own(old: Json) -> Json:
            if old.get("by") != self._by:
                raise Lost(
                    f"Another process has gone on with “{self._state.place}”, since this one was stopped for too long."
                )
            return change(old)

        self._state.change_second(own)

    def note(self, second: Second | None) -> None:
        """Note what is left if this process is interrupted. Raises Lost."""
        with self._turn:
            self._change(lambda old: old | {"second": asdict(second) if second is not None else None})

    def check(self) -> None:
        """Make sure that this process has the claim. Raises Lost."""
        if time.monotonic() - self._last > 2 * BEAT_S:
            self._count()

    def close(self) -> None:
        """Give it up; what was noted stays so."""
        self._ended.set()
        self._beating.join()
        with suppress(Lost, ClusterUnavailable), self._turn:
            self._change(lambda old: old | {"by": ""})


def left(found: Json) -> Second | None:
    """The second index that is noted in a claim."""
    one = found.get("second")
    return Second(one["name"], one["version"], tuple(one["of"]), one["goes_on"]) if one else None
