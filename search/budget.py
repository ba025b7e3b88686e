"""How long what is asked may take, all together, and whether that has passed.

    with budget.within(2000):
        results = engine.search(query)

An engine finds and shows the page first; what is left is counted for as long as there is time, and what is not counted
is named in `Results.incomplete`. Where not even the page is found in time, `OutOfTime` is raised: no answer is given
from a part of the articles. Outside of `within` there is no end.

The time is that of a thread, as a request is: of all that is asked within it. It is looked at between terms, facets and
snippets, each of which is bounded by the size of the archive.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

from search.errors import OutOfTime


class Budget:
    """A time that runs from the first question on; without milliseconds it never passes."""

    def __init__(self, milliseconds: int | None = None) -> None:
        self._milliseconds = milliseconds
        self._until: float | None = None

    def started(self) -> Self:
        """The same, running."""
        if self._until is None and self._milliseconds is not None:
            self._until = time.perf_counter() + self._milliseconds / 1000
        return self

    @property
    def spent(self) -> bool:
        """Whether the time has passed."""
        return self._until is not None and time.perf_counter() >= self._until

    @property
    def left_ms(self) -> int | None:
        """Whole milliseconds that are left, one at least; None without an end. Raises OutOfTime."""
        self.check()
        return None if self._until is None else max(1, int((self._until - time.perf_counter()) * 1000))

    def check(self) -> None:
        """Raise OutOfTime when the time has passed."""
        if self.spent:
            raise self.passed

    @property
    def passed(self) -> OutOfTime:
        """What is told when there is not enough time."""
        return OutOfTime(
            f"This question takes longer than {self._milliseconds or 0:,} ms. "
            "Ask for fewer or rarer words, or again when there is less to do."
        )


UNLIMITED = Budget()
_CURRENT: ContextVar[Budget] = ContextVar("budget", default=UNLIMITED)


def current() -> Budget:
    """The budget of what this thread is doing, which runs from now on: opening an index does not count."""
    return _CURRENT.get().started()


def begin(milliseconds: int) -> None:
    """Begin a budget in this thread, where what is asked cannot be a block of `within`."""
    _CURRENT.set(Budget(milliseconds))


def end() -> None:
    """End what `begin` has begun."""
    _CURRENT.set(UNLIMITED)


@contextmanager
def within(milliseconds: int) -> Iterator[None]:
    """Ask within so many milliseconds."""
    token = _CURRENT.set(Budget(milliseconds))
    try:
        yield
    finally:
        _CURRENT.reset(token)
