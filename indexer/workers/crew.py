"""The processes that read and enrich, and who gives them their work.

Files are read ahead by all of them, but looked at in order: a batch is decided when all before it are, what it lacks
is enriched by whoever is free, and it is given out in its place, so that the number of processes changes nothing
about the result. Only so much is read ahead, so that memory does not grow with an archive.

A process that a file brings down is replaced, and the file read again up to the record that did it, which is refused;
where it met a limit, it is first read once more, with a higher one.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from indexer.archive.opening import Ended
from indexer.enrich.shared import limit
from indexer.safe import limits
from indexer.safe.limits import FATAL_SIGNAL, MOST_AGAIN
from indexer.workers import work
from indexer.workers.work import Batch, Enriched, Unit
from search.article import Article
from search.engine import Prepare
from search.errors import DatelineError

DEPTH = 3
"""Pieces of work a process has before it, so that it need not wait for the next."""
AHEAD = 6
"""Batches read ahead of each file."""
NEXT = 3
"""Batches of the file whose turn it is that are read before anything else is done: all others wait for them."""
PART = 16
"""Articles enriched at once, so few that a process is soon free to read on."""
IN_FLIGHT = 6
"""Batches decided and not given out, for each process."""
STOP_SECONDS = 0.2
"""How often is asked whether to leave off, while nothing comes."""
MOST_DEATHS = 3
"""Of a process and those that take its place, one after another, before anything was begun."""
MOST_REFUSED = 300
"""Records of a unit that end a process."""
_LIMITS = (-FATAL_SIGNAL, -signal.SIGKILL)
"""How a process ends by a limit: ours on time, or the system's on memory."""
_NOTHING = (-1, 0, 0)
"""The mark of a process that has begun nothing of what it was asked."""

Decide = Callable[[Batch], Sequence[list[Article]]]
"""Which articles of a batch are to be enriched, those together that may be; asked once for each batch, in order."""
Done = tuple[Batch, list[Enriched]]
Stop = Callable[[], bool]
"""Whether to leave off."""


_AGAIN = "Processes that read the archive end again and again. Try --workers 1 to see why."


class WorkersLost(DatelineError):
    """Processes end at once, whatever they are given."""


def alone(units: Iterable[Unit], decide: Decide, stop: Stop = lambda: False) -> Iterator[Done]:
    """The work of a crew, done by this process."""
    for unit in units:
        for batch in work.read(unit):
            yield batch, [work.enriched(articles) for articles in decide(batch)]
            if stop():
                return


def together(
    units: Iterable[Unit],
    decide: Decide,
    workers: int,
    preparer: Callable[[], Prepare] | None = None,
    stop: Stop = lambda: False,
) -> Iterator[Done]:
    """The batches of these units in order, with the articles that `decide` asked for, by several processes.

    Args:
        preparer: what makes, in each process, what prepares its articles for their writer.
        stop: asked now and then; once it says yes, what is decided is enriched and given out, and no more decided.

    Raises:
        WorkersLost: when processes cannot be kept alive.
    """
    answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
    hands = [_Hand(answers, preparer) for _ in range(workers)]
    try:
        yield from _Foreman(hands, answers, iter(units), decide, stop).batches()
    finally:
        for hand in hands:
            hand.dismiss()


@dataclass(slots=True)
class _Reading:
    """A unit that is being read: by whom, what came of it, and whether that was all."""

    unit: Unit
    hand: _Hand
    batches: deque[Batch] = field(default_factory=deque)
    asked: int = 0
    finished: bool = False


@dataclass(slots=True)
class _Part:
    """Some articles of a batch, and what came of them."""

    articles: list[Article]
    result: list[Enriched] | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """A batch that is decided, and what of it is to be enriched, in parts."""

    batch: Batch
    parts: Sequence[_Part]

    @property
    def is_done(self) -> bool:
        """Whether all parts are enriched."""
        return all(part.result is not None for part in self.parts)

    @property
    def result(self) -> list[Enriched]:
        """The articles of all parts."""
        return [enriched for part in self.parts for enriched in part.result or ()]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a piece of work gave: a batch (None at the end of its unit), enriched articles, or an error."""

    of: _Reading | _Part
    value: Any


class _Foreman:
    """Gives out work in the order in which its results are wanted."""

    def __init__(
        self, hands: list[_Hand], answers: queue.SimpleQueue[_Answer], units: Iterator[Unit], decide: Decide, stop: Stop
    ) -> None:
        self._stop = stop
        self._hands = hands
        self._answers = answers
        self._units = units
        self._more = True
        self._decide = decide
        self._readings: deque[_Reading] = deque()
        self._ready: deque[_Part] = deque()
        self._jobs: deque[_Job] = deque()

    def batches(self) -> Iterator[Done]:
        """All batches, in order."""
        while True:
            self._decide_next()
            self._give_out()
            while self._jobs and self._jobs[0].is_done:
                job = self._jobs.popleft()
                yield job.batch, job.result
                self._take_all()
                self._decide_next()
                self._give_out()
            if not self._jobs and (self._stop() or (not self._more and not self._readings)):
                return
            if not self._jobs or not self._jobs[0].is_done:
                with suppress(queue.Empty):
                    self._take(self._answers.get(timeout=STOP_SECONDS))

    def _take_all(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._take(self._answers.get_nowait())

    def _take(self, answer: _Answer) -> None:
        if isinstance(answer.value, BaseException):
            raise answer.value
        if isinstance(answer.of, _Part):
            answer.of.result = answer.value
            return
        answer.of.asked -= 1
        if answer.value is not None:
            answer.of.batches.append(answer.value)
        elif not answer.of.finished:
            answer.of.finished = True
            answer.of.hand.reading = None

    def _decide_next(self) -> None:
        """Decide batches in order, as long as few enough wait for their articles."""
        while self._readings and len(self._jobs) < IN_FLIGHT * len(self._hands) and not self._stop():
            first = self._readings[0]
            if first.batches:
                batch = first.batches.popleft()
                parts = [
                    _Part(articles[at : at + PART])
                    for articles in self._decide(batch)
                    for at in range(0, len(articles), PART)
                ]
                self._ready += parts
                self._jobs.append(_Job(batch, parts))
            elif first.finished:
                self._readings.popleft()
            else:
                return

    def _give_out(self) -> None:
        """Give every process enough to do: reading what all wait for, then enriching, then reading further."""
        while (hand := min(self._hands, key=lambda hand: hand.waiting)).waiting < DEPTH:
            if self._readings and self._reads_on(self._readings[0], NEXT):
                continue
            if self._ready:
                part = self._ready.popleft()
                hand.give(part, part.articles)
            elif not self._read_on():
                return

    def _reads_on(self, reading: _Reading, ahead: int) -> bool:
        """Have a unit read on unless so many batches of it are there or asked for; whether it does."""
        if (
            self._stop()
            or reading.finished
            or len(reading.batches) + reading.asked >= ahead
            or reading.hand.waiting >= DEPTH
        ):
            return False
        reading.asked += 1
        reading.hand.give(reading, None)
        return True

    def _read_on(self) -> bool:
        """Have some unit read on; whether there was anything to read."""
        if any(self._reads_on(reading, AHEAD) for reading in self._readings):
            return True
        free = min((hand for hand in self._hands if hand.reading is None), key=lambda h: h.waiting, default=None)
        if self._stop() or free is None or not self._more or free.waiting >= DEPTH:
            return False
        unit = next(self._units, None)
        if unit is None:
            self._more = False
            return False
        free.reading = _Reading(unit, free, asked=1)
        self._readings.append(free.reading)
        free.give(free.reading, unit)
        return True


class _Hand:
    """One process and the thread that talks to it, so that neither waits for the other.

    Attributes:
        reading: the unit it has open.
    """

    def __init__(self, answers: queue.SimpleQueue[_Answer], preparer: Callable[[], Prepare] | None) -> None:
        self.reading: _Reading | None = None
        self._preparer = preparer
        self._answers = answers
        self._tasks: queue.SimpleQueue[tuple[_Reading | _Part, Unit | list[Article] | None] | None] = (
            queue.SimpleQueue()
        )
        self._given = 0
        self._taken = 0
        self._unit: Unit | None = None
        self._delivered = 0
        self._harm: dict[tuple[int, int], Ended] = {}
        self._lost = False
        self._over = False
        self._deaths = 0
        self._start()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many pieces of work it has before it."""
        return self._given - self._taken

    def give(self, of: _Reading | _Part, task: Unit | list[Article] | None) -> None:
        """Have it open a unit, enrich articles, or (None) read on in its unit."""
        self._given += 1
        self._tasks.put((of, task))

    def dismiss(self) -> None:
        """End the process, at once."""
        self._over = True
        self._tasks.put(None)
        self._process.kill()
        self._thread.join()
        self._process.join()
        self._pipe.close()

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._mark: Any = context.Array("q", 3, lock=False)
        self._process = context.Process(target=_work, args=(theirs, self._mark, self._preparer), daemon=True)
        with _no_interrupts():
            self._process.start()
        self._started = False
        theirs.close()

    def _serve(self) -> None:
        while (entry := self._tasks.get()) is not None:
            of, task = entry
            try:
                value: Any = self._enrich(task) if isinstance(task, list) else self._read(task)
            except BaseException as error:  # told to the main thread, which raises it
                value = error
            self._taken += 1
            self._answers.put(_Answer(of, value))

    def _read(self, unit: Unit | None) -> Batch | None:
        """The next batch of its unit, which is opened first where one is given."""
        if unit is not None:
            self._unit, self._delivered, self._harm, self._lost = unit, 0, {}, True
        for _ in range(MOST_REFUSED):
            assert self._unit is not None
            request = ("open", self._unit, self._delivered, self._harm) if self._lost else ("more",)
            try:
                batch: Batch | None = self._ask(request)
            except (EOFError, OSError):  # it ended, if need be in the middle of an answer
                self._after_death()
                continue
            self._lost = False
            self._delivered += len(batch or ())
            return batch
        raise WorkersLost(_AGAIN)

    def _after_death(self) -> None:
        """Start anew, and have the record that was being read, if any was, read once more or refused."""
        file, inner, records = self._mark
        code = self._replace()
        if file < 0:
            return
        known = self._harm.get((file, inner), Ended())
        if known.readable is not None:  # it is not the file in it but its container
            inner, records = 0, 0
            known = self._harm.get((file, inner), Ended())
        tried = sum(len(ended.again) for (of, _), ended in self._harm.items() if of == file)
        if code in _LIMITS and records not in known.again and tried < MOST_AGAIN:
            self._harm[(file, inner)] = replace(known, again=known.again | {records})
        else:
            assert self._unit is not None
            size = next((source.size for number, source in self._unit.files if number == file), 0)
            reason = _reason(code, limits.seconds(size, again=records in known.again))
            self._harm[(file, inner)] = replace(known, readable=records, reason=reason)

    def _enrich(self, articles: list[Article]) -> list[Enriched]:
        """Articles with their facts; one whose enrichment ends the process stays without, and says so."""
        done: list[Enriched] = []
        left = articles
        while left:
            try:
                done.append(self._ask(("enrich", left)))
                return done
            except (EOFError, OSError):
                number = min(self._mark[0], len(left) - 1)
                self._replace()
                if number >= 0:
                    done += self._enrich(left[:number])
                    bare = limit.stopped(left[number], "No facts: looking for them ended the process that did.")
                    done.append(Enriched((work.tell(bare),), (bare,)))
                    left = left[number + 1 :]
        return done

    def _ask(self, request: tuple[Any, ...]) -> Any:
        if not self._started:
            try:
                self._pipe.recv_bytes()
            except EOFError:
                raise WorkersLost("A process to read with cannot be started. Try --workers 1 to see why.") from None
            self._started = True
        self._mark[:] = _NOTHING  # what it was at before is not what ends it
        self._pipe.send_bytes(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        answer = pickle.loads(self._pipe.recv_bytes())
        self._deaths = 0
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _replace(self) -> int:
        """Take another process, which has no unit open; the exit code of the last one."""
        self._lost = True
        if self._over:
            raise WorkersLost("The run is over.")
        self._deaths = self._deaths + 1 if self._mark[0] < 0 else 0
        if self._deaths > MOST_DEATHS:
            raise WorkersLost(_AGAIN)
        self._process.join()
        code = self._process.exitcode or 0
        self._pipe.close()
        self._start()
        return code


def _reason(code: int, allowed: float) -> str:
    """Why a record is refused whose reading ended a process with this exit code."""
    if code == -FATAL_SIGNAL:
        return limits.too_long(allowed)
    if code < 0:
        return f"Reading it ended the process that did ({signal.Signals(-code).name})."
    return f"Reading it ended the process that did (exit {code})."


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Keep Ctrl-C, which reaches all processes of a terminal, from one that begins and cannot yet pass it over."""
    resource_tracker.ensure_running()  # else it is begun within, and lets interrupts through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, marks: Any, preparer: Callable[[], Prepare] | None) -> None:
    """The life of a process: do what is asked, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first process says when to end
    _end_with_parent()

    def mark(*numbers: int) -> None:
        marks[:] = numbers

    prepare = None if preparer is None else preparer()
    batches: Iterator[Batch] = iter(())
    pipe.send_bytes(b"started")  # from here on, it is what it reads that ends it
    while True:
        try:
            request, *values = pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
        try:
            if request == "enrich":
                answer: Any = work.enriched(values[0], mark, prepare, fatal=True)
            else:
                if request == "open":
                    unit, delivered, deaths = values
                    batches = _after(work.read(unit, True, mark, deaths), delivered)
                answer = next(batches, None)
        except Exception as error:  # a fault of this program: told where it can be seen
            answer = error
        pipe.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def _after(batches: Iterator[Batch], delivered: int) -> Iterator[Batch]:
    """Batches without the first records, which were delivered before."""
    for batch in batches:
        kept = batch[delivered:]
        delivered = max(0, delivered - len(batch))
        if kept:
            yield kept


def _end_with_parent() -> None:
    """End this process when its parent ends, however that does."""
    parent = parent_process()
    if parent is not None:

        def watch(sentinel: int) -> None:
            wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()
