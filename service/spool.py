"""The spool: what was accepted and is not done yet, in `spool/` in the index's directory.

    spool.sqlite     every job: the request, its state, its report
    ID.body          the articles of a job, as they were sent
    ID.entered       what it has entered into the index (`indexer.run.entered`), by which it can be undone

`put` returns when both are on disk; from then on a job survives the end of any process. Web workers put and look up
jobs; one indexing process takes them (see `server.job_queue`), one after another, in the order in which they were put.

That of an index in a cluster takes no articles, and is where its desk is: on a server, jobs are done one after another
as well, by whichever indexing process is there.

Cost: a handful of fsyncs for each job. Send many articles in one request rather than one in each.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row

from desk.store import where
from desk.store.tables import JOBS
from search.said import said
from search.system import disk
from service.jobs import (
    ENDED,
    PAUSED,
    Job,
    JobMissing,
    JobRequest,
    Jobs,
    Kind,
    NotNow,
    OtherBody,
    SpoolFull,
    State,
    job_of,
)

FOLDER = "spool"
COLLECTION = "api"
"""The collection of articles that are sent without one."""
_LOOKS_EVERY_S = 0.05

Act = Literal["pause", "resume", "undo"]
"""What may be done to a job of articles; one that enriches is not undone."""
_FROM: Mapping[Act, tuple[State, ...]] = {
    "pause": ("queued", "running"),
    "resume": ("paused",),
    "undo": ("queued", "running", "paused", "done", "failed"),
}
"""In which states."""


class Spool:
    """The jobs of one index; each call opens its own connection, so any thread and process may call.

    Raises:
        IndexProblem: from every call, if the directory cannot be read or written.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        home = where.of(place, where.SPOOL)
        self.folder = home.parent if isinstance(home, Path) else where.by_default(place, where.SPOOL).parent

    def new_id(self) -> str:
        """A new job id, which cannot be guessed and sorts by time."""
        return f"{int(time.time() * 1000):011x}{secrets.token_hex(8)}"

    def body(self, job_id: str) -> Path:
        """The file with the articles of a job."""
        return self.folder / f"{job_id}.body"

    def entered(self, job_id: str) -> Path:
        """The file with what a job has entered; absent if that is nothing."""
        return self.folder / f"{job_id}.entered"

    def keep(self, job_id: str, chunks: Iterable[bytes]) -> None:
        """Store the articles of a future job on disk."""
        self.make()
        disk.put(self.body(job_id), chunks)
        disk.sync_folder(self.folder)

    def drop(self, job_id: str) -> None:
        """Remove the articles of a job that is done or was refused."""
        disk.remove(self.body(job_id))

    def put(self, job_id: str, request: JobRequest, size: int, most_waiting: int, paused: bool = False) -> Job:
        """Accept a request. When this returns, it is on disk.

        Args:
            size: the bytes of its body, which `keep` has already stored.
            most_waiting: the maximum of bytes waiting in all.
            paused: it is not to begin before it is resumed.

        Returns:
            Its job; if the sender has sent it before under the same idempotency key, the earlier job.

        Raises:
            OtherBody: if the sender has sent another request under that key.
            SpoolFull: if too many bytes are waiting.
        """
        with Jobs(self._place) as jobs, jobs.transaction():
            if request.idempotency is not None:
                c = JOBS.c
                for row in jobs.of(c.sender == request.sender, c.idempotency == request.idempotency):
                    if row.digest != request.digest:
                        raise OtherBody(request.idempotency)
                    return job_of(row)
            waiting = sum(row.size for row in jobs.of(JOBS.c.state.not_in(ENDED)))
            if size and waiting and waiting + size > most_waiting:
                full = said("{waiting} bytes of articles wait to be indexed. Try again later.", waiting=waiting)
                raise SpoolFull(full)
            return jobs.add(job_id, request, size, "paused" if paused else "queued")

    def job(self, job_id: str) -> Job | None:
        """A job; None if no job has this id."""
        found = self._read(JOBS.c.id == job_id)
        return job_of(found[0]) if found else None

    def is_waiting(self, kind: Kind) -> bool:
        """True if a job of this kind has not ended."""
        return bool(self._read(JOBS.c.kind == kind, JOBS.c.state.not_in(ENDED)))

    def ended(self, job_id: str, most_s: float) -> Job | None:
        """A job when it has ended; as it is after some seconds, if it has not. None if there is none."""
        until = time.monotonic() + most_s
        while (job := self.job(job_id)) is not None and job.state not in ENDED:
            if time.monotonic() > until:
                break
            time.sleep(_LOOKS_EVERY_S)
        return job

    def newest(self, most: int, sender: str | None = None) -> list[Job]:
        """The last jobs that were put, the newest first.

        Args:
            sender: only those that came with this key.
        """
        if not Jobs.is_in(self._place):
            return []
        with Jobs(self._place) as jobs:
            return list(map(job_of, jobs.newest(most, *([JOBS.c.sender == sender] if sender is not None else []))))

    def act(self, job_id: str, act: Act, undoing: tuple[str, JobRequest] | None = None) -> Job:
        """Pause a job of articles or one that enriches, resume or undo it. When this returns, that is on disk.

        A job that is running stops after a commit; when it is resumed, what it has entered is found unchanged. One that
        is to be undone is paused until that is done.

        Args:
            undoing: the id and the request of the job that undoes it.

        Returns:
            The job, or the one that undoes it.

        Raises:
            JobMissing: if there is none with this id.
            NotNow: if its state, or its kind, does not permit it.
        """
        if not Jobs.is_in(self._place):
            raise JobMissing(job_id)
        with Jobs(self._place) as jobs, jobs.transaction():
            found = jobs.of(JOBS.c.id == job_id)
            if not found:
                raise JobMissing(job_id)
            kinds = PAUSED if act != "undo" else ("articles",)
            if found[0].kind not in kinds or found[0].state not in _FROM[act]:
                raise NotNow(job_of(found[0]))
            if undoing is not None:
                waiting = jobs.of(JOBS.c.kind == "undo", JOBS.c.target == job_id, JOBS.c.state.not_in(ENDED))
                if waiting:
                    return job_of(waiting[0])
                if found[0].state not in ENDED:
                    jobs.change(job_id, state="paused")
                return jobs.add(*undoing)
            return job_of(jobs.change(job_id, state="queued" if act == "resume" else "paused", problem=None))

    def configure(self, job_id: str, target: str) -> None:
        """Change how the articles of a paused job are read. Raises JobMissing, NotNow."""
        with Jobs(self._place) as jobs, jobs.transaction():
            found = jobs.of(JOBS.c.id == job_id)
            if not found:
                raise JobMissing(job_id)
            if found[0].state != "paused":
                raise NotNow(job_of(found[0]))
            jobs.change(job_id, target=target)

    def counts(self) -> dict[str, int]:
        """The number of jobs in each state."""
        if not Jobs.is_in(self._place):
            return {}
        with Jobs(self._place) as jobs:
            return jobs.counts()

    def make(self) -> None:
        """Make the database if the index exists and the database does not."""
        Jobs(self._place).close()

    def is_to_be_undone(self, job: Job) -> bool:
        """True if a job waits that undoes it."""
        return bool(self._read(JOBS.c.kind == "undo", JOBS.c.target == job.id, JOBS.c.state.not_in(ENDED)))

    def _read(self, *which: ColumnElement[bool]) -> list[Row[Any]]:
        if not Jobs.is_in(self._place):
            return []
        with Jobs(self._place) as jobs:
            return jobs.of(*which)
