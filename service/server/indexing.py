"""The process that indexes posted articles: it does the jobs of the spool, in their order.

`dateline serve` starts it in addition to the workers, and restarts it when it ends; it stops with the server. It locks
the index only while there is something to write, so that `dateline index` can run in between; meanwhile jobs wait. If
several servers serve one index, the process of one of them works, and another takes over when it ends; if the index is
in a cluster, any of them does the next job. Articles under embargo are indexed here when it ends, and corrections
applied that a command could not apply.

If this process ends in the middle of a job (a crash, kill -9), the job starts again. Ids are the same then, so nothing
is duplicated; articles that were already committed count as unchanged in its report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import assert_never, get_args

import orjson

import desk
import search
from desk import conversion, proof
from desk.corrections import application
from desk.names import decision
from desk.proof import Difference
from desk.replaced import ChangedMeanwhile
from desk.store import elsewhere
from indexer import enrich, pipeline, renewing
from indexer.copies.dedupe import WINDOW_HOURS
from indexer.pipeline import Options
from indexer.report import Report
from indexer.withheld import embargo
from search import backends
from search.engine import Writer
from search.errors import BadAuthority, DatelineError, IndexLocked, IndexProblem
from search.system import disk
from search.values import rights
from search.values.article import Article
from service.alone import LOOK_EVERY_S, alone
from service.formats import question
from service.http import log
from service.jobs import Job, Upkeep
from service.server import backing_up, removal
from service.server.asking import asking
from service.server.doing import Doing
from service.server.job_queue import JobQueue
from service.server.sources import source

RETRY_S = 5.0
LOOK_ROUND_EVERY_S = 10.0
MOST_CRASHES = 20
"""After this many crashes in one job it fails, so that those behind it are done."""
MOST_FAILURES = 3
"""The same for internal errors; a job that a full disk or another writer stops is retried forever."""

_WAITS = "The index cannot be written; the server's log says why."

Stop = Callable[[], bool]


class Indexing:
    """Does the jobs of one index."""

    def __init__(self, place: str, workers: int, stop: Stop, copies_hours: float = WINDOW_HOURS) -> None:
        self._place = place
        self._options = Options(place=self._place, workers=workers, stop=stop, copies_hours=copies_hours)
        self._stop = stop
        self._spool = JobQueue(place)
        self._looked_round = -LOOK_ROUND_EVERY_S
        self._corrections_waited = False
        self._owed: dict[str, tuple[Job, str]] = {}

    def run(self) -> None:
        """Work until it is told to stop."""
        with self._exclusive() as mine:
            if not mine:
                return
            self._spool.recover()
            while not self._stop():
                if not self.once():
                    time.sleep(LOOK_EVERY_S)

    def once(self) -> bool:
        """Do all waiting jobs. True if there was one."""
        self._write_deferred()
        look = self._is_time_to_look()
        # first: an error must not block a job that was taken
        embargoed = look and embargo.has_ended(Path(self._place))
        correct = look and self._corrections_wait()
        job = self._spool.take()
        if job is None and not embargoed and not correct:
            return False
        try:
            with self._spool.doing(), self._writer() as writer:
                if embargoed:
                    pipeline.release(writer, Path(self._place))
                if correct:
                    application.settle(writer, self._place)
                while job is not None:
                    self._do(writer, job)
                    job = None  # it is done, whatever happens to the next
                    job = self._spool.take() if not self._stop() else None
        except IndexLocked:  # from the writer: no job has begun
            if job is not None:
                self._requeue(job, "Another process is writing to the index.")
            self._pause(1.0)
        except IndexProblem as error:  # such as a full disk: no job fails for that but a check
            _say(str(error))
            if job is not None and job.kind == "verify":  # this is what it finds
                self._spool.fail(job, str(error))
            elif job is not None:
                self._requeue(job, _WAITS if job.kind not in get_args(Upkeep) else str(error))
            self._pause(RETRY_S)
        except Exception as error:  # an internal error fails its job, not the queue
            log.say(log.trace(error))
            if job is not None and (known := disk.system_error(error)) is not None:
                _say(str(known))
                self._requeue(job, _WAITS)
            elif job is not None:
                self._failed(job, error)
            self._pause(1.0)
        return True

    def _writer(self) -> Writer:
        """A writer, once an index that an earlier version wrote is converted: what its questions find is logged."""
        if search.exists(self._place) and backends.folder(self._place) is not None:
            found = backends.outdated(self._place)
            if found is not None:
                conversion.convert(self._place, found, question.on, partial(self._differ, "The index was converted"))
        return search.writer(self._place)

    def _differ(self, what: str, differences: Sequence[Difference], asked: int) -> None:
        _say(f"{what}: {len(differences)} of {asked} stored questions find something else.")
        for line in proof.in_words(differences):
            _say(line)

    def _do(self, writer: Writer, job: Job) -> None:
        if job.attempts > MOST_CRASHES:
            self._spool.fail(job, f"It was started {MOST_CRASHES} times and never finished.")
            return
        purging = job.kind == "delete" and "purge" in job.form.split()
        stored = [writer.stored(one) for one in job.target.split()] if purging else []
        try:
            report = self._report(writer, job)
        except (BadAuthority, ChangedMeanwhile) as problem:  # since it was accepted, somebody has decided otherwise
            self._spool.fail(job, str(problem))
            return
        except DatelineError as problem:
            if job.kind not in ("snapshot", "verify"):  # which wait for nothing, as articles do for the disk
                raise
            self._spool.fail(job, str(problem))
            return
        if report is None:
            return
        held = {"held": self._purge(writer, job, [one for one in stored if one is not None])} if purging else {}
        if not self._spool.finish(job, report.as_json() | held, erased=purging):
            _say(f"Job {job.id} was begun again by another process, which reports it.")
            return
        log.line(
            audit="job done", job=job.id, added=report.added, updated=report.updated, removed=report.removed,
            skipped=report.skipped_count, internal_errors=report.internal_errors, generation=report.generation,
        )  # fmt: skip

    def _report(self, writer: Writer, job: Job) -> Report | None:
        """Do a job, and report it; None if it was stopped before its end, and is queued again, or paused."""
        match job.kind:
            case "articles":
                return self._index(writer, job)
            case "delete":
                return self._delete(writer, job)
            case "correct":
                return self._correct(writer, job)
            case "decide":
                return self._decide(writer, job)
            case "undo":
                return self._undo(writer, job)
            case "snapshot":
                return self._back_up(job)
            case "verify":
                return self._verify()
            case "enrich":
                return self._enrich(writer, job)
            case "upgrade":  # that was done before the writer was opened
                return Report(generation=writer.commit())
            case _:
                assert_never(job.kind)

    def _correct(self, writer: Writer, job: Job) -> Report:
        began = time.monotonic()
        updated = application.settle(writer, self._place)
        generation = writer.commit()
        return Report(updated=updated, seconds=round(time.monotonic() - began, 2), generation=generation)

    def _decide(self, writer: Writer, job: Job) -> Report:
        began = time.monotonic()
        told = orjson.loads(job.target)
        by, at = told.pop("by"), told.pop("at")
        writer.set_authority(decision.applied(decision.read(told), writer.authority(), at, by))
        generation = writer.commit()
        return Report(seconds=round(time.monotonic() - began, 2), generation=generation)

    def _index(self, writer: Writer, job: Job) -> Report | None:
        doing = Doing(self._spool, job, self._stop)
        seen = rights.stored(job.upload.sight).reaching("metadata")
        options = replace(self._options, names=job.upload.names, stop=doing.stop, note=doing.note, sees=seen.allows)
        report = pipeline.index_files(writer, [source(job, self._spool.body(job.id))], options, doing.progress)
        if doing.stopped or self._stop():  # it may not have been exhausted
            self._spool.halt(job)
            return None
        doing.count_earlier(report)
        return report

    def _undo(self, writer: Writer, job: Job) -> Report:
        """Undo another job: the articles that it added are removed, those that it replaced are as they were before."""
        report = pipeline.undo(writer, Path(self._place), Doing.entered(self._spool, job.target))
        self._spool.undone(job.target)
        return report

    def _back_up(self, job: Job) -> Report:
        """Make a snapshot, unless there is one at its place, and check it."""
        began, to = time.monotonic(), Path(job.target)
        if not job.form and not to.exists():
            backing_up.make(self._place, to)
        generation = backing_up.check(to)
        return Report(seconds=round(time.monotonic() - began, 2), generation=generation)

    def _verify(self) -> Report:
        """Read every byte of the index and of its desk."""
        began = time.monotonic()
        generation = backing_up.check(self._place, elsewhere.faults(self._place))
        return Report(seconds=round(time.monotonic() - began, 2), generation=generation)

    def _enrich(self, writer: Writer, job: Job) -> Report | None:
        """Renew the facts of all articles; what stored questions find differently then is counted, and logged."""
        doing = Doing(self._spool, job, self._stop)
        options = renewing.Options(self._options.workers, stop=doing.stop)
        with closing(desk.open(self._place)) as engine:
            before = proof.begin(self._place, engine, question.on, "enrich", enrich.version())
            done = renewing.renew(self._place, lambda: nullcontext(writer), options, doing.progress)
            if not done.complete:
                self._spool.halt(job)
                return None
            why = proof.by_moves(engine, before, done.moved, done.dated)
            differences = list(proof.differences(self._place, engine, question.on, before, why))
        self._differ("The facts were renewed", differences, len(before.answers))
        proof.end(self._place)
        return done.as_report(len(differences))

    def _delete(self, writer: Writer, job: Job) -> Report:
        """Remove articles, or allow them again, as `dateline delete` does."""
        began, ids, flags = time.monotonic(), job.target.split(), job.form.split()
        if "unblock" in flags:
            removal.readmit(writer, self._place, ids)
            return Report(seconds=round(time.monotonic() - began, 2), generation=writer.commit())
        deleted = removal.delete(writer, self._place, ids, block="block" in flags)
        generation = writer.commit()
        removed = len(deleted.indexed | deleted.embargoed)
        return Report(removed=removed, seconds=round(time.monotonic() - began, 2), generation=generation)

    def _purge(self, writer: Writer, job: Job, removed: Collection[Article]) -> list[str]:
        """Erase the articles that a job has removed. Returns the names of what still holds them, without paths."""
        erased = removal.erase(writer, self._place, job.target.split(), removed)
        for holder in erased.held:
            _say(f"Job {job.id}: what was purged is also held by {holder.name}. {holder.why}")
        return [Path(holder.name).name for holder in erased.held]

    def _failed(self, job: Job, error: Exception) -> None:
        if job.attempts >= MOST_FAILURES:
            self._spool.fail(job, f"Dateline failed on it: {type(error).__name__}. The server's log says why.")
        else:
            self._spool.requeue(job)

    def _requeue(self, job: Job, problem: str) -> None:
        """Queue a job again without counting an attempt; if the disk is full, that is written later."""
        self._owed[job.id] = (job, problem)
        self._write_deferred()

    def _write_deferred(self) -> None:
        """Write states of jobs that could not be written before."""
        for job_id, (job, problem) in list(self._owed.items()):
            self._spool.requeue(job, problem, counted=False)
            del self._owed[job_id]

    def _corrections_wait(self) -> bool:
        """True if there were corrections to apply at the last look too: new ones may be about to get their job."""
        waited, self._corrections_waited = self._corrections_waited, application.is_due(self._place)
        return waited and self._corrections_waited

    def _is_time_to_look(self) -> bool:
        """True every `LOOK_ROUND_EVERY_S`, for what waits without a job."""
        now = time.monotonic()
        if now - self._looked_round < LOOK_ROUND_EVERY_S:
            return False
        self._looked_round = now
        return True

    def _exclusive(self) -> AbstractContextManager[bool]:
        """Wait until no other process does this. In a cluster others may: the spool gives a job to one of them."""
        if backends.folder(self._place) is None:
            return nullcontext(True)
        self._spool.make()
        return alone(self._spool.folder / "indexing.lock", self._stop)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stop():
            time.sleep(LOOK_EVERY_S)


def index(place: str, workers: int, hours: int, stop: Stop) -> None:
    """Do the jobs of an index until told to stop.

    Args:
        hours: the maximum time between the publication of near-duplicates.
    """
    asking(place, stop)
    work = Indexing(place, workers, stop, hours)
    reported = ""
    while not stop():
        try:
            work.run()
        except (DatelineError, OSError) as error:  # no index yet, or a read-only one: try again later
            if str(error) != reported:
                reported = str(error)
                _say(reported)
            work._pause(RETRY_S)


def _say(sentence: str) -> None:
    log.say(f"Indexing posted articles: {sentence}")
