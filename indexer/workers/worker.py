"""One process that reads and enriches, and the recovery from its crashes.

It is replaced, and the file read again up to the record that crashed it, which is rejected; if that exceeded a limit,
it is first read once more, with a higher one. An article whose enrichment crashes the process is indexed without facts.

A process is a fork of this one where that is safe, and shares its tables and models; otherwise it is spawned, and loads
them for itself. A replacement always is.
"""

from __future__ import annotations

import ctypes
import gc
import pickle
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from typing import TypeAlias, assert_never

from indexer.archive.opening import Interruption
from indexer.enrich.shared import limit
from indexer.safe import limits
from indexer.safe.limits import FATAL_SIGNAL, MOST_AGAIN, TooMuch
from indexer.workers import work
from indexer.workers.found import DeferredRead, RawBatch
from indexer.workers.work import Enriched, Late, Unit
from search.engine import Prepare
from search.errors import DatelineError
from search.said import said
from search.system import forks
from search.values.article import Article

MOST_DEATHS = 3
"""Crashes in a row of a process and its replacements, before any work was begun."""
MOST_REFUSED = 300
"""Records of a unit that crash a process."""
_LIMITS = (-FATAL_SIGNAL, -signal.SIGKILL)
"""Exit codes after exceeding a limit: ours on time, or the system's on memory."""
_NOTHING = (-1, 0, 0)
"""The mark of a process that has not begun a request."""
_OVER = "The run is over."
_AGAIN = "Processes that read the archive crash repeatedly. Try --workers 1 to see why."

Marks: TypeAlias = "ctypes.Array[ctypes.c_longlong]"
"""The position of a process: the number of the file (or article), of the file in it, and of the record."""
Answer: TypeAlias = Callable[[], None]
"""Passes a result to its receiver, or raises the error that occurred instead."""


class WorkersLost(DatelineError):
    """Processes crash at once, whatever they are given."""


@dataclass(frozen=True, slots=True)
class Open:
    """A request to open a unit and read its first batch, without the records that were delivered before."""

    unit: Unit
    delivered: int
    deaths: Mapping[tuple[int, int], Interruption]


@dataclass(frozen=True, slots=True)
class More:
    """A request for the next batch of the unit that is open."""


@dataclass(frozen=True, slots=True)
class Enrich:
    """A request for the facts of articles; `ahead` and `rooms` as in `work.enriched`."""

    articles: list[Article]
    ahead: bool = True
    rooms: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ReadDeferred:
    """A request to read records that were deferred; `again` as in `work.deferred`."""

    records: list[DeferredRead]
    again: frozenset[int]


Request: TypeAlias = Open | More | Enrich | ReadDeferred


class Worker:
    """One process and the thread that communicates with it, so that neither waits for the other.

    Args:
        answers: the queue for each answer, to be called by the thread that schedules.
        preparer: makes, in the process, the function that prepares articles for their writer.
        forked: make it by a fork, which is safe as long as no worker has `begun`; see `forks.may_fork`.
    """

    def __init__(
        self, answers: queue.SimpleQueue[Answer], preparer: Callable[[], Prepare] | None, forked: bool = False
    ) -> None:
        self._preparer = preparer
        self._answers = answers
        self._tasks: queue.SimpleQueue[Callable[[], Answer] | None] = queue.SimpleQueue()
        self._given = 0
        self._taken = 0
        self._unit: Unit | None = None
        self._delivered = 0
        self._harm: dict[tuple[int, int], Interruption] = {}
        self._lost = False
        self._over = False
        self._deaths = 0
        self._starting = threading.Lock()
        self._start(forked)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def begin(self) -> None:
        """Start to communicate with the process."""
        self._thread.start()

    @property
    def waiting(self) -> int:
        """The number of queued requests."""
        return self._given - self._taken

    def read(self, unit: Unit | None, then: Callable[[RawBatch | None], None]) -> None:
        """Request a batch of a new unit or (None) the open one; `then` is called with it, or None at the end."""
        self._give(lambda: partial(then, self._read(unit)))

    def read_deferred(self, records: list[DeferredRead], then: Callable[[list[Late]], None]) -> None:
        """Request deferred records; `then` is called with what they are."""
        self._give(lambda: partial(then, self._read_deferred(records)))

    def enrich(
        self, articles: list[Article], then: Callable[[list[Enriched]], None], rooms: frozenset[str] | None = None
    ) -> None:
        """Request the facts of articles, those of some rooms or all; `then` is called with the enriched articles."""
        self._give(lambda: partial(then, self._enrich(articles, rooms)))

    def _give(self, task: Callable[[], Answer]) -> None:
        self._given += 1
        self._tasks.put(task)

    def dismiss(self) -> None:
        """End the process, at once, and also one that is just being started in its place."""
        with self._starting:
            self._over = True
            self._process.kill()
        self._tasks.put(None)
        if self._thread.ident is not None:
            self._thread.join()
        self._process.join()
        self._pipe.close()

    def _start(self, forked: bool = False) -> None:
        with self._starting:
            if self._over:
                raise WorkersLost(_OVER)
            self._start_process(forked)

    def _start_process(self, forked: bool) -> None:
        context: SpawnContext | ForkContext = get_context("fork") if forked else get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._mark: Marks = context.Array("q", 3, lock=False)
        self._process = context.Process(target=_work, args=(theirs, self._mark, self._preparer), daemon=True)
        if not forked:
            resource_tracker.ensure_running()  # otherwise it is started within, and lets interrupts through
        with forks.no_interrupts(), _frozen():
            self._process.start()
        self._started = False
        theirs.close()

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                answer = task()
            except BaseException as error:  # raised again where the answer is called
                answer = partial(_raise, error)
            self._taken += 1
            self._answers.put(answer)

    def _read(self, unit: Unit | None) -> RawBatch | None:
        """The next batch of its unit; a given unit is opened first."""
        if unit is not None:
            self._unit, self._delivered, self._harm, self._lost = unit, 0, {}, True
        for _ in range(MOST_REFUSED):
            assert self._unit is not None
            try:
                answer = self._ask(Open(self._unit, self._delivered, self._harm) if self._lost else More())
            except (EOFError, OSError):  # it crashed, perhaps in the middle of an answer
                self._after_death()
                continue
            assert answer is None or isinstance(answer, list)
            self._lost = False
            self._delivered += len(answer or ())
            return answer
        raise WorkersLost(_AGAIN)

    def _after_death(self) -> None:
        """Restart, and have the current record, if there is one, read once more or rejected."""
        file, inner, records = self._mark
        code = self._replace()
        if file < 0:
            return
        known = self._harm.get((file, inner), Interruption())
        if known.readable is not None:  # it is not the file in it but its container
            inner, records = 0, 0
            known = self._harm.get((file, inner), Interruption())
        tried = sum(len(ended.again) for (of, _), ended in self._harm.items() if of == file)
        if code in _LIMITS and records not in known.again and tried < MOST_AGAIN:
            self._harm[(file, inner)] = replace(known, again=known.again | {records})
        else:
            assert self._unit is not None
            size = next((source.size for number, source in self._unit.files if number == file), 0)
            reason = _reason(code, limits.seconds(size, again=records in known.again))
            self._harm[(file, inner)] = replace(known, readable=records, reason=reason)

    def _read_deferred(self, records: list[DeferredRead]) -> list[Late]:
        """Read deferred records; one that crashes the process is read once more if it exceeded a limit, or rejected."""
        done: list[Late] = []
        left = records
        again: frozenset[int] = frozenset()
        while left:
            try:
                answer = self._ask(ReadDeferred(left, again))
            except (EOFError, OSError):
                number = self._mark[0]
                code = self._replace()
                if number < 0:
                    continue
                allowed = limits.seconds(left[number].record.size, number in again)
                if code in _LIMITS and number not in again:
                    again = frozenset((number,))
                    continue
                done += self._read_deferred(left[:number])
                done.append(work.late(left[number], TooMuch(_reason(code, allowed)), allowed + limits.FATAL_SECONDS))
                left, again = left[number + 1 :], frozenset()
            else:
                assert isinstance(answer, tuple)
                return [*done, *answer]
        return done

    def _enrich(self, articles: list[Article], rooms: frozenset[str] | None) -> list[Enriched]:
        """Enrich articles; one whose enrichment crashes the process has no facts, and states that."""
        done: list[Enriched] = []
        left, ahead = articles, True
        while left:
            try:
                answer = self._ask(Enrich(left, ahead, rooms))
            except (EOFError, OSError):
                number = min(self._mark[0], len(left) - 1)
                learned, ahead = bool(self._mark[1]), False  # the next time, one article must be to blame
                self._replace()
                if number >= 0 and not learned:
                    done += self._enrich(left[:number], rooms)
                    bare = limit.stopped(left[number], str(said("No facts: extracting them crashed the process.")))
                    done.append(Enriched((work.summarize(bare),), (bare,)))
                    left = left[number + 1 :]
            else:
                assert isinstance(answer, Enriched)
                return [*done, answer]
        return done

    def _ask(self, request: Request) -> RawBatch | tuple[Late, ...] | Enriched | None:
        if not self._started:
            try:
                self._pipe.recv_bytes()
            except EOFError:
                raise WorkersLost("A process for reading cannot be started. Try --workers 1 to see why.") from None
            self._started = True
        self._mark[:] = [*_NOTHING]  # the previous position must not be blamed for a crash
        self._pipe.send_bytes(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        answer: RawBatch | tuple[Late, ...] | Enriched | BaseException | None = pickle.loads(self._pipe.recv_bytes())
        self._deaths = 0
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _replace(self) -> int:
        """Start another process, which has no unit open. Returns the exit code of the last one."""
        self._lost = True
        self._deaths = self._deaths + 1 if self._mark[0] < 0 else 0
        if self._deaths > MOST_DEATHS:
            raise WorkersLost(_AGAIN)
        self._process.join()
        code = self._process.exitcode or 0
        self._pipe.close()
        self._start()
        return code


def _raise(error: BaseException) -> None:
    raise error


def _reason(code: int, allowed: float) -> str:
    """The reason for rejecting a record whose reading ended a process with this exit code."""
    if code == -FATAL_SIGNAL:
        return limits.too_long(allowed)
    if code < 0:
        return f"Reading it crashed the process ({signal.Signals(-code).name})."
    return f"Reading it crashed the process (exit {code})."


@contextmanager
def _frozen() -> Iterator[None]:
    """Keep the collector of a fork from existing objects, whose memory is shared as long as they are not touched."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _work(pipe: Connection, marks: Marks, preparer: Callable[[], Prepare] | None) -> None:
    """The main loop of a process: handle requests until there are no more."""
    forks.begin()

    def mark(*numbers: int) -> None:
        marks[:] = list(numbers)

    prepare = None if preparer is None else preparer()
    batches: Iterator[RawBatch] = iter(())
    pipe.send_bytes(b"started")  # from here on, its input is to blame if it ends
    while True:
        try:
            request: Request = pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
        answer: RawBatch | tuple[Late, ...] | Enriched | Exception | None
        try:
            match request:
                case Enrich():
                    answer = work.enriched(request.articles, mark, prepare, True, request.ahead, rooms=request.rooms)
                case ReadDeferred():
                    answer = work.deferred(request.records, mark, True, request.again)
                case Open():
                    batches = _after(work.read_on(request.unit, True, mark, request.deaths), request.delivered)
                    answer = next(batches, None)
                case More():
                    answer = next(batches, None)
                case _:
                    assert_never(request)
        except Exception as error:  # an internal error: reported by the caller
            answer = error
        pipe.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def _after(batches: Iterator[RawBatch], delivered: int) -> Iterator[RawBatch]:
    """Batches without the first records, which were delivered before."""
    for batch in batches:
        remaining = batch[delivered:]
        delivered = max(0, delivered - len(batch))
        if remaining:
            yield remaining
