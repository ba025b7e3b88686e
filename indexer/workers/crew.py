"""Schedules reading and enriching on several processes.

All processes read files ahead, and records that were deferred; but batches are decided in order: after all before it, a
batch is decided, its articles are enriched by any free process, and it is yielded in its place, so that the number of
processes does not change the result. Reading ahead is limited, so that memory does not grow with an archive. Crashes
are handled in `worker`.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice

from indexer.workers import work
from indexer.workers.deferred import Part, Partial, Together
from indexer.workers.found import Batch, RawBatch
from indexer.workers.work import Enriched, Unit
from indexer.workers.worker import Answer, Worker
from search.engine import Prepare
from search.values.article import Article

DEPTH = 3
"""Requests queued for a process, so that it need not wait for the next."""
AHEAD = 6
"""Batches read ahead of each file."""
NEXT = 3
"""Batches of the current file that are read before anything else is done: all others wait for them."""
NEXT_DEFERRED = 3
"""Batches with deferred records that are read first, for each process: each is enough for a process for a while."""
MOST_DEFERRED = 64 * 1024 * 1024
"""Bytes of a file's deferred records from which no more of it is read ahead."""
PART_CHARACTERS = 200_000
"""Of the articles enriched at once: so few that a process is soon free to read on. Of short articles they are a whole
batch, since each call of a kernel, and each new word, costs less the more there are.
"""
IN_FLIGHT = 6
"""Batches decided and not yielded yet, per process."""
STOP_SECONDS = 0.2
"""The time between two calls of `stop` while there is no result."""
Decide = Callable[[Batch], Sequence[list[Article]]]
"""Returns the articles of a batch to enrich, in groups; called once for each batch, in order."""
Done = tuple[Batch, list[Enriched]]
Stop = Callable[[], bool]
"""Returns True to stop."""


def in_process(units: Iterable[Unit], decide: Decide, stop: Stop = lambda: False) -> Generator[Done, None, None]:
    """Do the work of a crew in this process."""
    for unit in units:
        for batch in work.read(unit):
            yield batch, [work.enriched(articles) for articles in decide(batch)]
            if stop():
                return


def in_workers(
    units: Iterable[Unit],
    decide: Decide,
    workers: int,
    preparer: Callable[[], Prepare] | None = None,
    stop: Stop = lambda: False,
    forked: bool = False,
) -> Generator[Done, None, None]:
    """Yield the batches of these units in order, with the articles that `decide` asked for, using several processes.

    These run until it is closed.

    Args:
        preparer: makes, in each process, the function that prepares articles for their writer.
        stop: polled; once it returns True, decided batches are enriched and yielded, and no more are decided.
        forked: the processes are forks of this one, which loads what they need; see `forks.may_fork`.

    Raises:
        WorkersLost: if processes keep crashing.
    """
    units = iter(units)
    first = next(units, None)
    if first is None:
        return
    if forked:
        work.load(first, preparer)
    with _at_work(workers, preparer, forked) as (crew, answers):
        yield from _Schedule(crew, answers, chain((first,), units), decide, stop).batches()


@contextmanager
def _at_work(
    workers: int, preparer: Callable[[], Prepare] | None, forked: bool
) -> Iterator[tuple[list[Worker], queue.SimpleQueue[Answer]]]:
    """Processes that work until the block ends, and the queue for their answers."""
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    crew: list[Worker] = []
    try:
        for _ in range(workers):  # all before the threads of any
            crew.append(Worker(answers, preparer, forked))
        for worker in crew:
            worker.begin()
        yield crew, answers
    finally:
        for worker in crew:
            worker.dismiss()


Wanted = tuple[Sequence[Article], frozenset[str] | None]
"""Articles, and the rooms of which facts are wanted (see `indexer.enrich.Reading`)."""


def facts(wanted: Iterable[Wanted], workers: int, forked: bool = False) -> Generator[list[Enriched], None, None]:
    """Yield the articles of some groups with their facts, group after group, using several processes, or this one.

    At most `DEPTH` groups for each process are read ahead. The processes run until it is closed.

    Args:
        forked: see `in_workers`.

    Raises:
        WorkersLost: if processes keep crashing.
    """
    if workers < 2:
        for articles, rooms in wanted:
            yield [work.enriched(articles, rooms=rooms)]
        return
    groups = iter(wanted)
    if (first := next(groups, None)) is None:  # nothing is loaded for nothing
        return
    if forked:
        work.load_enrichment()
    with _at_work(workers, None, forked) as (crew, answers):
        waiting: deque[_Facts] = deque()
        more = chain([first], groups)
        while True:
            for articles, rooms in islice(more, DEPTH * workers - len(waiting)):
                waiting.append(_Facts(list(articles)))
                least = min(crew, key=lambda worker: worker.waiting)
                least.enrich(waiting[-1].articles, waiting[-1].take, rooms)
            if not waiting:
                return
            while (result := waiting[0].result) is None:
                answers.get()()
            waiting.popleft()
            yield result


@dataclass(slots=True)
class _Reading:
    """A unit that is being read.

    Attributes:
        worker: the process that has it open.
        deferred: to which parts with deferred records are added.
        together: see `Together`.
        batches: its batches that are not decided yet.
        asked: the number of batches requested and not yet received.
        finished: True if there are no more.
        defers: True if a batch had deferred records.
    """

    unit: Unit
    worker: Worker
    deferred: deque[Part]
    together: Together
    batches: deque[Partial] = field(default_factory=deque)
    asked: int = 0
    finished: bool = False
    defers: bool = False

    def read_on(self, unit: Unit | None = None) -> None:
        """Request the next batch; a given unit is opened first."""
        self.asked += 1
        self.worker.read(unit, self._take)

    def _take(self, batch: RawBatch | None) -> None:
        self.asked -= 1
        if batch is None:
            self.finished = True
            return
        partial = Partial(batch, self.together.over)
        self.batches.append(partial)
        self.deferred += partial.parts
        self.defers = self.defers or bool(partial.parts)


@dataclass(slots=True)
class _Facts:
    """Some articles of a batch, and the result of enriching them."""

    articles: list[Article]
    result: list[Enriched] | None = None

    def take(self, result: list[Enriched]) -> None:
        """Store the result."""
        self.result = result


def _parts(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Articles, in order, as many at once as a process is to enrich."""
    part: list[Article] = []
    characters = 0
    for article in articles:
        if part and characters + len(article.text) > PART_CHARACTERS:
            yield part
            part, characters = [], 0
        part.append(article)
        characters += len(article.text)
    if part:
        yield part


@dataclass(frozen=True, slots=True)
class _Job:
    """A batch that is decided, and its articles to enrich, in parts."""

    batch: Batch
    parts: Sequence[_Facts]

    @property
    def is_done(self) -> bool:
        """True if all parts are enriched."""
        return all(part.result is not None for part in self.parts)

    @property
    def result(self) -> list[Enriched]:
        """The articles of all parts."""
        return [enriched for part in self.parts for enriched in part.result or ()]


class _Schedule:
    """Distributes work in the order in which its results are needed."""

    def __init__(
        self, crew: list[Worker], answers: queue.SimpleQueue[Answer], units: Iterator[Unit], decide: Decide, stop: Stop
    ) -> None:
        self._stop = stop
        self._crew = crew
        self._answers = answers
        self._units = units
        self._more = True
        self._decide = decide
        self._readings: deque[_Reading] = deque()
        # one process unpacks a container, which is quick; any takes the records from here, which are slow to read
        self._deferred: deque[Part] = deque()
        self._ready: deque[_Facts] = deque()
        self._jobs: deque[_Job] = deque()

    def batches(self) -> Iterator[Done]:
        """Yield all batches, in order."""
        while True:
            self._decide_next()
            self._assign()
            while self._jobs and self._jobs[0].is_done:
                job = self._jobs.popleft()
                yield job.batch, job.result
                self._take_all()
                self._decide_next()
                self._assign()
            if not self._jobs and (self._stop() or (not self._more and not self._readings)):
                return
            if not self._jobs or not self._jobs[0].is_done:
                with suppress(queue.Empty):
                    self._answers.get(timeout=STOP_SECONDS)()

    def _take_all(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._answers.get_nowait()()

    def _decide_next(self) -> None:
        """Decide batches in order, unless too many wait for their articles."""
        while self._readings and len(self._jobs) < IN_FLIGHT * len(self._crew) and not self._stop():
            first = self._readings[0]
            if first.batches:
                # later batches wait, too: what is decided about a record depends on all before it
                if not first.batches[0].is_read:
                    return
                batch = first.together.whole(first.batches.popleft())
                parts = [_Facts(some) for articles in self._decide(batch) for some in _parts(articles)]
                self._ready += parts
                self._jobs.append(_Job(batch, parts))
            elif first.finished:
                self._readings.popleft()
            else:
                return

    def _assign(self) -> None:
        """Give every process enough to do: first reading of the current file, then enriching, then deferred records,
        then reading ahead.
        """
        while (worker := min(self._crew, key=lambda worker: worker.waiting)).waiting < DEPTH:
            if self._readings and self._reads_on(self._readings[0], self._next(self._readings[0])):
                continue
            if self._ready:
                facts = self._ready.popleft()
                worker.enrich(facts.articles, facts.take)
            elif self._deferred and not self._stop():
                part = self._deferred.popleft()
                worker.read_deferred(part.records, part.take)
            elif not self._read_on():
                return

    def _next(self, reading: _Reading) -> int:
        return NEXT_DEFERRED * len(self._crew) if reading.defers else NEXT

    def _reads_on(self, reading: _Reading, ahead: int) -> bool:
        """Read on in a unit unless enough of its batches are there or requested. Returns True if it is read on."""
        held = sum(batch.length for batch in reading.batches)
        if (
            self._stop()
            or reading.finished
            or len(reading.batches) + reading.asked >= (ahead if held < MOST_DEFERRED else 1)
            or reading.worker.waiting >= DEPTH
        ):
            return False
        reading.read_on()
        return True

    def _read_on(self) -> bool:
        """Read on in any unit. Returns True if there was anything to read."""
        if any(self._reads_on(reading, AHEAD) for reading in self._readings):
            return True
        busy = [reading.worker for reading in self._readings if not reading.finished]
        free = min((one for one in self._crew if one not in busy), key=lambda one: one.waiting, default=None)
        if self._stop() or free is None or not self._more or free.waiting >= DEPTH:
            return False
        unit = next(self._units, None)
        if unit is None:
            self._more = False
            return False
        self._readings.append(_Reading(unit, free, self._deferred, Together(unit.files)))
        self._readings[-1].read_on(unit)
        return True
