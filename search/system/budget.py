"""Time budgets: how long a request may compute.

    with budget.within(2000):
        results = engine.search(query)

An engine finds and renders the page first, then counts facets while time is left; facets it does not count are named
in `Results.incomplete`. If not even the page is found in time, `OutOfTime` is raised: there are no answers from a part
of the articles. Outside of `within` the time is unlimited.

A budget belongs to a thread, as a request does, and covers everything that is computed in it. It is checked between
terms, facets and snippets, each of which is bounded by the size of the archive.

Suggestions that accompany an answer (another spelling, names, alternatives to an empty result) are queries of their
own. Together they have one allowance, which `begin` sets and `offering` spends: in CPU time, so that a busy machine
offers the same as an idle one; waiting, as for a cluster, is bounded too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self, TypeVar

from search.errors import OutOfTime

T = TypeVar("T")


class Budget:
    """A time limit that runs from the first query on; unlimited without milliseconds."""

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
        """True if the time has passed."""
        return self._until is not None and time.perf_counter() >= self._until

    @property
    def left_ms(self) -> int | None:
        """Whole milliseconds left, at least one; None if unlimited. Raises OutOfTime."""
        self.check()
        return None if self._until is None else max(1, int((self._until - time.perf_counter()) * 1000))

    def check(self) -> None:
        """Raise OutOfTime if the time has passed."""
        if self.spent:
            raise self.passed

    @property
    def passed(self) -> OutOfTime:
        """The error to raise when the time has passed."""
        return OutOfTime(
            f"This query takes longer than {self._milliseconds or 0:,} ms. "
            "Search for fewer or rarer words, or try again when the server is less busy."
        )


class Offers(Budget):
    """The allowance for the suggestions that accompany one answer; it runs only inside `offering`."""

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
        """Stop, and leave the rest for the next suggestion."""
        if self._began is not None:
            self._worked += time.thread_time() - self._began[0]
            self._waited += time.monotonic() - self._began[1]
            self._began = None

    @property
    def spent(self) -> bool:
        """True if the allowance is used up, or the time of the answer has passed."""
        return self._left() <= 0 or self.answer.spent

    @property
    def left_ms(self) -> int | None:
        """Whole milliseconds left, at least one. Raises OutOfTime."""
        self.check()
        left, of_answer = max(1, int(self._left() * 1000)), self.answer.left_ms
        return left if of_answer is None else min(left, of_answer)

    def _left(self) -> float:
        worked, waited = self._worked, self._waited
        if self._began is not None:
            worked += time.thread_time() - self._began[0]
            waited += time.monotonic() - self._began[1]
        return min(self._allowed - worked, PATIENCE * self._allowed - waited)


class Parts:
    """Makes parts of an answer, and omits those for which there is no time.

    Attributes:
        omitted: their names.
    """

    def __init__(self, omitted: Iterable[str] = ()) -> None:
        self.omitted = list(omitted)

    def part(self, name: str, make: Callable[[], T], otherwise: T) -> T:
        """Make a part within the time budget; `otherwise` if that does not suffice."""
        try:
            return make()
        except OutOfTime:
            self.omitted.append(name)
            return otherwise

    def gather(self, name: str, into: list[T], made: Iterable[T]) -> None:
        """Append what is made within the time budget; if that does not suffice for all, the name is omitted."""
        try:
            for one in made:
                into.append(one)
        except OutOfTime:
            self.omitted.append(name)


PATIENCE = 4
"""Limit of wall-clock time for suggestions, as a multiple of their allowance of CPU time."""
UNLIMITED = Budget()
_CURRENT: ContextVar[Budget] = ContextVar("budget", default=UNLIMITED)
_OFFERS: ContextVar[Offers | None] = ContextVar("offers", default=None)


def current() -> Budget:
    """The budget of this thread, which runs from now on: opening an index does not count."""
    return _CURRENT.get().started()


def begin(milliseconds: int, offers_ms: int | None = None) -> None:
    """Begin a budget in this thread, for code that cannot be a block of `within`.

    Args:
        offers_ms: the part of it that suggestions may take.
    """
    answer = Budget(milliseconds)
    _CURRENT.set(answer)
    _OFFERS.set(None if offers_ms is None else Offers(answer, offers_ms))


def end() -> None:
    """End the budget that `begin` began."""
    _CURRENT.set(UNLIMITED)
    _OFFERS.set(None)


@contextmanager
def offering() -> Iterator[Budget]:
    """Compute suggestions within the rest of their allowance; without an allowance, within the thread's budget."""
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
def within(milliseconds: int | None) -> Iterator[None]:
    """Compute within this many milliseconds; as long as it takes with None, for what later requests need as well."""
    token = _CURRENT.set(Budget(milliseconds))
    try:
        yield
    finally:
        _CURRENT.reset(token)
