"""The jobs of an index as the process that indexes takes them: one after another, each to its end.

On a shared desk several processes do: one whose process gives no sign of life in it is begun again by another, and what
the first one says of it afterwards changes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row

import search
from desk.audit.store import SpoolAudit
from desk.store import where
from desk.store.tables import JOBS
from search.errors import IndexProblem
from search.system import disk
from search.system.acting import SERVICE, acting
from search.system.json import Json
from service.jobs import ENDED, RETENTION, Job, Jobs, State, job_of, now
from service.spool import Spool

DEAD_S = 60.0
"""How long another process may give no sign of life in a job, in seconds, before this one does it; on a shared desk."""
_SIGN_EVERY_S = 10.0
_ORPHAN_S = 3600
"""The age from which a body without a job is removed; a younger one may be about to get its job."""


class JobQueue(Spool):
    """The jobs of one index, for what does them.

    Raises:
        IndexProblem: from every call, if the directory cannot be read or written.
    """

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self._shared = search.is_address(place) or isinstance(where.of(place, where.SPOOL), str)
        self._running: tuple[tuple[str, int, int], float] | None = None

    def recover(self) -> None:
        """Queue interrupted jobs again, and remove files that no job needs any more."""
        with Jobs(self._place) as jobs:
            with jobs.transaction():
                for row in [] if self._shared else jobs.of(JOBS.c.state == "running"):  # else others may be doing them
                    jobs.change(row.id, state="queued")
                jobs.forget((datetime.now(UTC) - RETENTION).isoformat(timespec="seconds"))
            states = jobs.states()
        for ending in ("*.body", "*.entered", "*.tmp", f"*{disk.TEMPORARY_SUFFIX}"):
            for file in self.folder.glob(ending):
                state = states.get(file.name.partition(".")[0])
                is_needed = state is not None and (ending == "*.entered" or state not in ("done", "undone"))
                if not is_needed and time.time() - file.stat().st_mtime > _ORPHAN_S:
                    disk.remove(file)

    def take(self) -> Job | None:
        """Mark the next job as running and return it; None if no job waits, or another process does one."""
        if not Jobs.is_in(self._place):
            return None
        with Jobs(self._place) as jobs:
            # asked outside of a transaction first: to look five times a second must not write
            if self._next(jobs) is None:
                return None
            with jobs.transaction():
                job = self._next(jobs)
                return (
                    job_of(jobs.change(job.id, state="running", attempts=job.attempts + 1)) if job is not None else None
                )

    def _next(self, jobs: Jobs) -> Row[Any] | None:
        """The next job to do; where others do jobs, too, one whose process gives no sign of life."""
        begun = jobs.of(JOBS.c.state == "running")[:1] if self._shared else []
        if not begun:
            self._running = None
            return next(iter(jobs.of(JOBS.c.state == "queued")), None)
        now = begun[0].id, begun[0].attempts, jobs.signs
        if self._running is None or self._running[0] != now:
            self._running = now, time.monotonic()
        return begun[0] if time.monotonic() - self._running[1] > DEAD_S else None

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Give signs of life until the block ends, if others may do the job that it does."""
        if not self._shared:
            yield
            return
        ended = threading.Event()
        signs = threading.Thread(target=self._give_signs, args=(ended,), daemon=True)
        signs.start()
        try:
            yield
        finally:
            ended.set()
            signs.join()

    def _give_signs(self, ended: threading.Event) -> None:
        while not ended.wait(_SIGN_EVERY_S):
            with suppress(IndexProblem):  # a desk that does not answer tells nobody else that this process has died
                self.give_sign()

    def give_sign(self) -> None:
        """Tell other processes that a job is still being done."""
        with Jobs(self._place) as jobs, jobs.transaction():
            jobs.give_sign()

    def finish(self, job: Job, report: Json, erased: bool = False) -> bool:
        """Store the report of a job.

        Args:
            erased: also forget which article it was about.

        Returns:
            False if another process has begun it again meanwhile, which will report it.
        """
        done = self._set(job, "done", None, report=orjson.dumps(report).decode(), **({"target": ""} if erased else {}))
        if done:
            self.drop(job.id)
        return done

    def erase(self, ids: Collection[str], has: Callable[[Job, Path], bool]) -> list[Job]:
        """Erase some articles from jobs that have ended.

        Args:
            has: True if the articles of a job, in this file, are or may be among them.

        Returns:
            The waiting jobs that have one of them.
        """
        if not Jobs.is_in(self._place):
            return []
        waiting = []
        with Jobs(self._place) as jobs:
            with jobs.transaction():
                for job in map(job_of, jobs.of()):
                    body, ended = self.body(job.id), job.state in ENDED
                    if body.exists() and has(job, body):
                        if ended:
                            disk.remove(body)
                            disk.sync_folder(self.folder)
                        else:
                            waiting.append(job)
                    self._scrub_entered(job, ids)
                    if ended:
                        self._scrub(jobs, job, ids)
            with SpoolAudit(self._place) as log:
                log.erase(ids)
            jobs.vacuum()
        return waiting

    def _scrub_entered(self, job: Job, ids: Collection[str]) -> None:
        """Remove articles from what a job has entered, and all that it has replaced, whose earlier texts may have the
        same words: undoing it leaves these as they are.
        """
        if not (path := self.entered(job.id)).exists():
            return
        lines = path.read_bytes().splitlines(keepends=True)
        names = {f'["{name}",'.encode() for name in ids}
        others = [line for line in lines if line[: line.find(b",") + 1] not in names and line.endswith(b",null]\n")]
        if len(others) < len(lines):
            disk.put(path, others)
            disk.sync_folder(self.folder)

    def _scrub(self, jobs: Jobs, job: Job, ids: Collection[str]) -> None:
        """Remove ids from the target and the report of a job."""
        target = job.target
        if job.kind in ("delete", "correct"):
            target = " ".join(name for name in job.target.split() if name not in ids)
        elif job.kind == "decide":  # it is done, and has names
            target = ""
        report = dict(job.report) if job.report is not None else None
        if report is not None:
            for named in report.keys() & {"skipped", "warnings"}:
                report[named] = [one for one in report[named] if not any(name in str(one) for name in ids)]
        if target != job.target or report != job.report:
            jobs.change(job.id, target=target, report=orjson.dumps(report).decode() if report is not None else None)

    def requeue(self, job: Job, problem: str | None = None, counted: bool = True) -> None:
        """Queue a job again, unless another process has begun it meanwhile.

        Args:
            problem: what it waits for.
            counted: True if this counts as an attempt.
        """
        self._set(job, "queued", problem, attempts=job.attempts if counted else job.attempts - 1)

    def note(self, job: Job, entered: Iterable[bytes]) -> None:
        """Store what a job is about to enter, a line each."""
        path = self.entered(job.id)
        is_new = not path.exists()
        with disk.append(path) as file:
            file.write(b"\n")  # a crash may have cut a line short
            for line in entered:
                file.write(line)
            file.sync()
        if is_new:
            disk.sync_folder(self.folder)

    def undone(self, job_id: str) -> None:
        """Mark a job as undone, and forget what it has entered."""
        with Jobs(self._place) as jobs, jobs.transaction():
            if found := jobs.of(JOBS.c.id == job_id):
                jobs.change(job_id, state="undone", finished=found[0].finished or now(), problem=None)
        disk.remove(self.entered(job_id))
        self.drop(job_id)

    def progress(self, job: Job, report: Json) -> None:
        """Store how far a job is."""
        with Jobs(self._place) as jobs, jobs.transaction():
            if jobs.of(JOBS.c.id == job.id, JOBS.c.attempts == job.attempts, JOBS.c.state.not_in(ENDED)):
                jobs.change(job.id, report=orjson.dumps(report).decode())

    def is_halted(self, job: Job) -> bool:
        """True if a job that was begun is to stop."""
        found = self.job(job.id)
        return found is None or found.state == "paused"

    def halt(self, job: Job) -> None:
        """Take note that a job has stopped before its end, which was no attempt; one that is not paused is queued."""
        with Jobs(self._place) as jobs, jobs.transaction():
            for row in jobs.of(JOBS.c.id == job.id, JOBS.c.attempts == job.attempts):
                state = "queued" if row.state == "running" else row.state
                jobs.change(job.id, state=state, attempts=row.attempts - 1)

    def fail(self, job: Job, problem: str) -> None:
        """Mark a job as failed, unless another process has begun it again. Its articles stay until it is removed."""
        self._set(job, "failed", problem)

    def _set(self, job: Job, state: State, problem: str | None, **more: Any) -> bool:
        finished = now() if state in ENDED else None
        with acting(SERVICE if finished else None), Jobs(self._place) as jobs, jobs.transaction():
            if is_mine := bool(jobs.of(JOBS.c.id == job.id, JOBS.c.attempts == job.attempts)):
                changed = {"report": None, "state": state, "finished": finished, "problem": problem}
                jobs.change(job.id, **{**changed, **more})
        return is_mine
