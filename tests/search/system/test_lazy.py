"""Properties that are computed when they are first asked for, by several threads at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from search.system.lazy import cached_property, shared_property
from tests import waiting


class Meeting:
    """Computes its property only while another object does."""

    def __init__(self, both: threading.Barrier) -> None:
        self.both = both
        self.computed = 0

    @cached_property
    def place(self) -> str:
        """Where they met."""
        self.computed += 1
        self.both.wait()
        return "here"


def test_two_objects_compute_their_property_at_once() -> None:
    both = threading.Barrier(2, timeout=waiting.HANG_S)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda one: one.place, [Meeting(both), Meeting(both)])) == ["here", "here"]


def test_a_property_is_computed_once() -> None:
    meeting = Meeting(threading.Barrier(1))

    assert (meeting.place, meeting.place, meeting.computed) == ("here", "here", 1)


class Shared:
    """Computes its property while several threads ask for it."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.computed = 0

    @shared_property
    def first(self) -> int:
        """How often it was computed."""
        self.computed += 1
        self.asked.wait(waiting.HANG_S)
        return self.computed

    @shared_property
    def second(self) -> int:
        """One more."""
        return self.first + 1


def test_threads_that_ask_one_object_at_once_get_the_same() -> None:
    shared = Shared()
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(lambda: shared.first) for _ in range(4)]
        shared.asked.set()
        assert [answer.result() for answer in answers] == [1, 1, 1, 1]


def test_a_shared_property_may_ask_for_another_of_its_object() -> None:
    shared = Shared()
    shared.asked.set()

    assert (shared.second, shared.computed) == (2, 1)


def test_another_object_is_not_waited_for() -> None:
    slow, quick = Shared(), Shared()
    quick.asked.set()
    with ThreadPoolExecutor(1) as pool:
        waiting_for = pool.submit(lambda: slow.first)
        assert quick.first == 1
        slow.asked.set()
        assert waiting_for.result() == 1
