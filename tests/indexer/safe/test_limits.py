from __future__ import annotations

import gzip
import io
import json
import mmap
import resource
import signal
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from indexer.archive.walk import walk
from indexer.safe import limits, speed
from indexer.safe.limits import TooMuch, bounded
from indexer.workers.found import ArticleRead, Unreadable
from indexer.workers.work import Unit, read
from tests import waiting
from tests.cases import cases


def slow() -> Iterator[int]:
    yield 1
    while True:
        pass


def greedy() -> Iterator[int]:
    yield 1
    yield len(bytearray(400 * 1024 * 1024))


def room(megabytes: int) -> mmap.mmap:
    """Memory that counts as used, though nothing is written to it."""
    return mmap.mmap(-1, megabytes * 1024 * 1024, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def test_what_takes_too_long_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.05)
    found = bounded(slow, 100)

    assert next(found) == 1
    with pytest.raises(TooMuch, match="to read"):
        next(found)


def test_what_takes_too_much_memory_is_refused() -> None:
    found = bounded(greedy, 100)

    assert next(found) == 1
    with pytest.raises(TooMuch, match="300 MB"):
        next(found)


def test_waiting_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits() -> Iterator[str]:
        waiting.idle(0.4)
        yield "done"

    monkeypatch.setattr(limits, "SECONDS", 0.2)

    assert list(bounded(waits, 100)) == ["done"]


def test_limits_leave_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGPROF)
    assert list(bounded(lambda: iter([1, 2]), 100)) == [1, 2]

    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    room(400).close()


def test_what_is_kept_between_two_records_is_not_theirs() -> None:
    assert len([room(megabytes) for megabytes in bounded(lambda: iter([100] * 4), 100)]) == 4


class Hiccup:
    """Items, each made at once but one, which takes long the first few times."""

    def __init__(self, times: int, caught: bool = False) -> None:
        self.times = times
        self.caught = caught
        self.made = 0

    def __call__(self) -> Iterator[int | TooMuch]:
        self.made += 1
        for number in range(5):
            try:
                if number == 3 and self.times:
                    self.times -= 1
                    waiting.work(2 * limits.seconds(100))
                yield number
            except TooMuch as problem:
                if not self.caught:
                    raise
                yield problem


def test_records_that_share_a_limit_are_none_of_them_lost(
    monkeypatch: pytest.MonkeyPatch, amount: Callable[..., int]
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    monkeypatch.setattr(limits, "TOGETHER_SECONDS", 60.0)
    for ahead, caught in product((4, 1, 2, 3, 16)[: amount(5, few=1)], (False, True)):
        once, always = Hiccup(1, caught), Hiccup(99, caught)

        assert list(bounded(once, 100, ahead=ahead)) == [0, 1, 2, 3, 4], (ahead, caught)
        assert once.made == 2
        found: list[int | TooMuch] = []
        met = None
        try:
            found += bounded(always, 100, retries=limits.Retries(0), ahead=ahead)
        except TooMuch as problem:
            met = problem
        assert found[:3] == [0, 1, 2], (ahead, caught)
        assert (met is None, [type(one) for one in found[3:]]) == (caught, [TooMuch, int] if caught else [])


def test_records_before_an_error_are_passed_on() -> None:
    def broken() -> Iterator[int]:
        yield from range(5)
        raise KeyError("of the reader")

    found = bounded(broken, 100, ahead=16)

    assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(KeyError, match="of the reader"):
        next(found)


def test_a_record_read_for_the_second_time_shares_no_limit() -> None:
    """In a process after one that ended: it has more time, and others do not."""
    given: list[tuple[int, float]] = []

    def items() -> Iterator[int]:
        for number in range(6):
            given.append((number, signal.getitimer(signal.ITIMER_PROF)[0]))
            yield number

    assert list(bounded(items, 100, again=(2, 4), ahead=16)) == list(range(6))
    assert [number for number, left in given if left > 2 * limits.seconds(100)] == [2, 4]


def test_the_second_time_has_three_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)

    assert list(bounded(Hiccup(2), 100)) == [0, 1, 2, 3, 4]
    assert limits.seconds(100, again=True) == pytest.approx(3 * limits.seconds(100))


def test_what_meets_it_twice_is_too_much_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    items = Hiccup(99, caught=True)
    monkeypatch.setattr(limits, "MORE", 1.5)

    found = list(bounded(items, 100))
    assert found[:3] + found[4:] == [0, 1, 2, 4]
    assert isinstance(found[3], TooMuch)
    assert items.made == 2


def test_only_so_many_records_of_a_file_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.03)
    monkeypatch.setattr(limits, "MORE", 1)
    made = 0

    def endless() -> Iterator[TooMuch]:
        nonlocal made
        made += 1
        for _ in range(5):
            try:
                waiting.work(60)
            except TooMuch as problem:
                yield problem

    assert len(list(bounded(endless, 100))) == 5
    assert made == 1 + limits.MOST_AGAIN


@cases("slow", [1.0, 2.0, 5.0])
def test_a_slower_machine_has_longer_in_proportion(slow: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "_known", slow)

    assert limits.seconds(100) == slow * limits.SECONDS
    assert limits.seconds(3 * limits.BYTES_PER_SECOND) == slow * (limits.SECONDS + 2)


def test_a_record_that_says_it_is_large_has_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    monkeypatch.setattr(speed, "_known", 1.0)
    monkeypatch.setattr(speed, "measured", lambda: 1.0)
    made = 0

    def pages() -> Iterator[int]:
        nonlocal made
        made += 1
        for _ in range(5):
            waiting.work(0.12)
            limits.allow(0.2)
        yield 5

    assert list(bounded(pages, 100)) == [5]
    assert made == 1


SLOW = "slow the first time"


@pytest.fixture
def struck_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Makes the first reading of each record that says so meet the limit; a list of those."""
    from indexer.readers.shared import embargoes

    monkeypatch.setattr(limits, "SECONDS", 0.1)
    met: list[str] = []
    record = embargoes.item

    def slowly(said: dict[str, str], *rest: object) -> object:
        if SLOW in said["text"] and said["text"] not in met:
            met.append(said["text"])
            waiting.work(60)
        return record(said, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(embargoes, "item", slowly)
    return met


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("before.txt", "Something before it.")
        packed.writestr(name, data)
        packed.writestr("z.txt", "Something after it.")
    return out.getvalue()


def _tar(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        packed.addfile(entry, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        pytest.param("in.jsonl", lambda data: data, marks=pytest.mark.check),
        pytest.param("in.jsonl.gz", gzip.compress, marks=pytest.mark.check),
        ("in.zip", lambda data: _zip("in.jsonl", data)),
        pytest.param("in.tar.gz", lambda data: _tar("in.jsonl", data), marks=pytest.mark.check),
    ],
)
def test_a_record_that_meets_a_limit_once_is_read_in_any_container(
    name: str, pack: Callable[[bytes], bytes], struck_once: list[str], tmp_path: Path
) -> None:
    said = [{"id": str(n), "text": f"Report {n}, {SLOW if n in (0, 7) else 'quick'}."} for n in range(12)]
    (tmp_path / name).write_bytes(pack("\n".join(map(json.dumps, said)).encode()))
    (file,) = walk([tmp_path], "c")
    found = [one for batch in read(Unit(((0, file),), {})) for one in batch]

    assert len(struck_once) == 2
    assert [one.reason for one in found if isinstance(one, Unreadable)] == []
    assert [one.id for one in found if isinstance(one, ArticleRead) and one.id.isdigit()] == [str(n) for n in range(12)]


def test_no_limit_outlives_an_error_of_the_reader() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise KeyError

    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(KeyError):
        list(bounded(broken, 100))
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def test_tasks_share_a_timer_and_each_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "_known", 1.0)
    with limits.watch() as give:
        for _ in range(3):
            give(0.2)
            waiting.work(0.1)
            give(0)
        for _ in range(2):
            give(0.05)
            with pytest.raises(TooMuch):
                waiting.work(60)
            give(0)
        waiting.work(0.25)  # between tasks there is no limit

    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
