"""How long what is asked may take, all together, and whether that has passed.

    with budget.within(2000):
        results = engine.search(query)

An engine finds and shows the page first; what is left is counted for as long as there is time, and what is not counted
is named in `Results.incomplete`. Where not even the page is found in time, `OutOfTime` is raised: no answer is given
from a part of the articles. Outside of `within` there is no end.

The time is that of a thread, as a request is: of all that is asked within it. It is looked at between terms, facets and
snippets, each of which is bounded by the size of the archive.

What is offered beside an answer (another spelling, names, ways out of an empty result) is a question or several of its
own. All of it together has one allowance, which `begin` gives and `offering` spends: in processor time, so that a busy
machine offers what an idle one does; waiting, as for a cluster, is bounded too.
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


class Offers(Budget):
    """The allowance for what is offered beside one answer; it runs while something is offered."""

    def __init__(self, answer: Budget, milliseconds: int) -> None:
        super().__init__(milliseconds)
        self.answer = answer
        self._allowed = milliseconds / 1000
        self._worked, self._waited = 0.0, 0.0
        self._began: tuple[float, float] | None = None

    def started(self) -> Self:
        """The same, running."""
        self.answer.started()
        if self._began is None:
            self._began = time.thread_time(), time.monotonic()
        return self

    def stopped(self) -> None:
        """Keep what is left for the next."""
        if self._began is not None:
            self._worked += time.thread_time() - self._began[0]
            self._waited += time.monotonic() - self._began[1]
            self._began = None

    @property
    def spent(self) -> bool:
        """Whether the allowance has been used, or the time of the answer has passed."""
        return self._left() <= 0 or self.answer.spent

    @property
    def left_ms(self) -> int | None:
        """Whole milliseconds that are left, one at least. Raises OutOfTime."""
        self.check()
        left, of_answer = max(1, int(self._left() * 1000)), self.answer.left_ms
        return left if of_answer is None else min(left, of_answer)

    def _left(self) -> float:
        worked, waited = self._worked, self._waited
        if self._began is not None:
            worked += time.thread_time() - self._began[0]
            waited += time.monotonic() - self._began[1]
        return min(self._allowed - worked, PATIENCE * self._allowed - waited)


PATIENCE = 4
"""How many times its allowance what is offered may take by the clock, where it waits for others."""
UNLIMITED = Budget()
_CURRENT: ContextVar[Budget] = ContextVar("budget", default=UNLIMITED)
_OFFERS: ContextVar[Offers | None] = ContextVar("offers", default=None)


def current() -> Budget:
    """The budget of what this thread is doing, which runs from now on: opening an index does not count."""
    return _CURRENT.get().started()


def begin(milliseconds: int, offers_ms: int | None = None) -> None:
    """Begin a budget in this thread, where what is asked cannot be a block of `within`.

    Args:
        offers_ms: what all that is offered beside the answer may take of it.
    """
    answer = Budget(milliseconds)
    _CURRENT.set(answer)
    _OFFERS.set(None if offers_ms is None else Offers(answer, offers_ms))


def end() -> None:
    """End what `begin` has begun."""
    _CURRENT.set(UNLIMITED)
    _OFFERS.set(None)


@contextmanager
def offering() -> Iterator[Budget]:
    """Offer something beside the answer, within what is left of the allowance for it; without one, as all else."""
    offers, inside = _OFFERS.get(), _CURRENT.get()
    if offers is None or inside is not offers.answer:
        yield current()
        return
    token = _CURRENT.set(offers)
    try:
        yield offers.started()
    finally:
        offers.stopped()
        _CURRENT.reset(token)


@contextmanager
def within(milliseconds: int) -> Iterator[None]:
    """Ask within so many milliseconds."""
    token = _CURRENT.set(Budget(milliseconds))
    try:
        yield
    finally:
        _CURRENT.reset(token)
