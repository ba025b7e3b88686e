from __future__ import annotations

from service.server.fair_queue import MOST, SHARE, FairQueue
from service.server.worker import WAITING


def test_callers_take_turns() -> None:
    queue: FairQueue[str] = FairQueue(at_work=9)
    for one in ("a1", "a2", "a3", "b1", "c1", "c2"):
        assert queue.put(one[0], one) == "waits"

    taken = [queue.take() for _ in range(7)]

    assert [one and one[1] for one in taken] == ["a1", "b1", "c1", "a2", "c2", "a3", None]


def test_a_caller_has_a_share_and_gets_room_again() -> None:
    queue: FairQueue[int] = FairQueue(at_work=1)
    assert [queue.put("a", number) for number in range(SHARE + 1)] == ["waits"] * SHARE + ["share"]
    assert queue.put("b", 0) == "waits"
    queue.take()

    assert queue.put("a", 99) == "waits"


def test_a_lane_may_have_more_room() -> None:
    queue: FairQueue[int] = FairQueue(1, *WAITING["pictures"])

    assert {queue.put("a", number) for number in range(100)} == {"waits"}


def test_a_caller_has_so_many_at_work_and_others_pass() -> None:
    queue: FairQueue[str] = FairQueue(at_work=2)
    for one in ("a1", "a2", "a3", "b1"):
        queue.put(one[0], one)

    assert [queue.take() for _ in range(4)] == [("a", "a1"), ("b", "b1"), ("a", "a2"), None]

    queue.done("a")
    assert queue.take() == ("a", "a3")


def test_it_is_full_for_everybody() -> None:
    queue: FairQueue[int] = FairQueue(at_work=1)
    for number in range(MOST):
        assert queue.put(f"caller {number}", number) == "waits"

    assert queue.put("another", 0) == "full"
