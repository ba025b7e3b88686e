"""The spool: what was accepted and is not done yet, in `spool/` in the index's directory.

    jobs.sqlite      every job: the request, its state, its report
    ID.body          the articles of a job, as they were sent

`put` returns when both are on disk; from then on a job survives the end of any process. Web workers put and look up
jobs; one indexing process takes them (see `indexing`), one after another, in the order in which they were put.

The spool of an index in a cluster is a database there (`search.local.safe.kept`), and takes no articles. Its jobs are
done one after another as well, by whichever indexing process is there.

Cost: a handful of fsyncs for each job. Send many articles in one request rather than one in each.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson

import search
from search.errors import CannotWrite, DatelineError, IndexMissing, IndexProblem
from search.local.safe.kept import Kept
from search.system import database, disk
from search.system.json import Json

FOLDER = "spool"
COLLECTION = "api"
"""The collection of articles that are sent without one."""
RETENTION = timedelta(days=30)
"""How long a finished job and its idempotency key are stored."""
_BUSY_S = 10.0
_LOOKS_EVERY_S = 0.05
DEAD_S = 60.0
"""How long another process may take for a job, in seconds, before this one does it; for an index in a cluster."""
_ORPHAN_S = 3600
"""The age from which a body without a job is removed; a younger one may be about to get its job."""

State = Literal["queued", "running", "done", "failed"]
Kind = Literal["articles", "delete", "correct", "decide"]

_SCHEMA = """
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, form TEXT NOT NULL,
    collection TEXT NOT NULL, target TEXT NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL,
    finished TEXT, attempts INTEGER NOT NULL DEFAULT 0, report TEXT, problem TEXT,
    sender TEXT NOT NULL, idempotency TEXT, digest TEXT NOT NULL, UNIQUE (sender, idempotency)
);
CREATE INDEX waiting ON jobs (number) WHERE state IN ('queued', 'running');
"""
_COLUMNS = "id, kind, form, collection, target, size, state, created, attempts, report, problem"


class OtherBody(DatelineError):
    """An idempotency key was used before for another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key “{key}” was used for another request. Use a new one for this.")


class JobMissing(DatelineError):
    """There is no job with this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"No job “{job_id}”. A job is stored for {RETENTION.days} days after its end.")


class SpoolFull(IndexProblem):
    """More bytes are waiting than are allowed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to index, delete or correct articles, or to decide about a name.

    Attributes:
        form: the format of articles, `json` or `ndjson`; for a deletion its flags, “block” and “purge”.
        collection: the name of their archive.
        target: the article to delete, or those to correct, separated by spaces; the decision (`desk.names.decision`),
            as JSON with `by` and `at`.
        sender: the id of the key it came with.
        idempotency: the sender's name for this request.
        digest: identifies the request.
    """

    kind: Kind
    sender: str
    digest: str
    form: str = ""
    collection: str = ""
    target: str = ""
    idempotency: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An accepted request.

    Attributes:
        report: the output of `index --json`, once it is done.
        problem: why it failed, or what it waits for.
    """

    id: str
    kind: Kind
    form: str
    collection: str
    target: str
    size: int
    state: State
    created: str
    attempts: int
    report: Json | None
    problem: str | None


class _Jobs(Kept):
    """The jobs of an index in a cluster."""

    FILE = "jobs.sqlite"
    VERSION = 1
    WHAT = "jobs"
    SCHEMA = _SCHEMA


class Spool:
    """The jobs of one index; each call opens its own connection, so any thread and process may call.

    Raises:
        IndexProblem: from every call, if the directory cannot be read or written.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._shared = search.is_address(place)
        self._made = False
        self._running: tuple[tuple[str, int], float] | None = None
        self._index = Path(place)
        self.folder = self._index / FOLDER
        self._jobs = self.folder / "jobs.sqlite"

    def new_id(self) -> str:
        """A new job id, which cannot be guessed and sorts by time."""
        return f"{int(time.time() * 1000):011x}{secrets.token_hex(8)}"

    def body(self, job_id: str) -> Path:
        """The file with the articles of a job."""
        return self.folder / f"{job_id}.body"

    def keep(self, job_id: str, chunks: Iterable[bytes]) -> None:
        """Store the articles of a future job on disk."""
        self.make()
        disk.put(self.body(job_id), chunks)
        disk.sync_folder(self.folder)

    def drop(self, job_id: str) -> None:
        """Remove the articles of a job that is done or was refused."""
        disk.remove(self.body(job_id))

    def put(self, job_id: str, request: Request, size: int, most_waiting: int) -> Job:
        """Accept a request. When this returns, it is on disk.

        Args:
            size: the bytes of its body, which `keep` has already stored.
            most_waiting: the maximum of bytes waiting in all.

        Returns:
            Its job; if the sender has sent it before under the same idempotency key, the earlier job.

        Raises:
            OtherBody: if the sender has sent another request under that key.
            SpoolFull: if too many bytes are waiting.
        """
        self.make()
        with self._writing() as db:
            if request.idempotency is not None:
                row = db.execute(
                    f"SELECT {_COLUMNS}, digest FROM jobs WHERE sender = ? AND idempotency = ?",
                    (request.sender, request.idempotency),
                ).fetchone()
                if row is not None:
                    if row[-1] != request.digest:
                        raise OtherBody(request.idempotency)
                    return _job(row[:-1])
            (waiting,) = db.execute(
                "SELECT coalesce(sum(size), 0) FROM jobs WHERE state IN ('queued', 'running')"
            ).fetchone()
            if size and waiting and waiting + size > most_waiting:
                raise SpoolFull(f"{waiting:,} bytes of articles are already waiting to be indexed. Try again later.")
            db.execute(
                "INSERT INTO jobs"
                " (id, kind, form, collection, target, size, state, created, sender, idempotency, digest)"
                " VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)",
                (
                    job_id, request.kind, request.form, request.collection, request.target, size, _now(),
                    request.sender, request.idempotency, request.digest,
                ),
            )  # fmt: skip
            return _job(db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone())

    def job(self, job_id: str) -> Job | None:
        """A job; None if no job has this id."""
        if not self._there():
            return None
        with self._reading() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return _job(row) if row is not None else None

    def ended(self, job_id: str, most_s: float) -> Job | None:
        """A job when it has ended; as it is after some seconds, if it has not. None if there is none."""
        until = time.monotonic() + most_s
        while (job := self.job(job_id)) is not None and job.state not in ("done", "failed"):
            if time.monotonic() > until:
                break
            time.sleep(_LOOKS_EVERY_S)
        return job

    def counts(self) -> dict[str, int]:
        """The number of jobs in each state."""
        if not self._there():
            return {}
        with self._reading() as db:
            return dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())

    # for the one process that indexes

    def make(self) -> None:
        """Create the directory if the index exists and the directory does not; in a cluster, the database."""
        if self._there():
            return
        if self._shared:
            _Jobs(self._place).close()
            return
        if not self._index.is_dir():
            raise IndexMissing.at(self._index)
        disk.make_folder(self.folder)
        temporary = self.folder / f"jobs.{secrets.token_hex(8)}.tmp"
        try:
            with closing(database.connect(temporary)) as db:
                db.execute("PRAGMA synchronous = EXTRA")
                db.executescript(_SCHEMA)
            if not disk.link(temporary, self._jobs) and not self._there():  # otherwise another process was first
                raise CannotWrite(f"“{self.folder}” is on a file system without hard links. Use another one.")
        finally:
            disk.remove(temporary)
        disk.sync_folder(self.folder)
        disk.sync_folder(self._index)

    def recover(self) -> None:
        """Queue interrupted jobs again, and remove files that no job needs any more."""
        self.make()
        with self._writing() as db:
            if not self._shared:  # else others may be doing them
                db.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'")
            before = (datetime.now(UTC) - RETENTION).isoformat(timespec="seconds")
            db.execute("DELETE FROM jobs WHERE state IN ('done', 'failed') AND finished < ?", (before,))
            unfinished = {row[0] for row in db.execute("SELECT id FROM jobs WHERE state != 'done'")}
        for ending in ("*.body", "*.tmp", f"*{disk.TEMPORARY_SUFFIX}"):
            for file in self.folder.glob(ending):
                if file.name.partition(".")[0] not in unfinished and time.time() - file.stat().st_mtime > _ORPHAN_S:
                    disk.remove(file)

    def take(self) -> Job | None:
        """Mark the next job as running and return it; None if no job waits, or another process does one."""
        if not self._there():
            return None
        with self._reading() as db:
            if self._next(db) is None:
                return None
        with self._writing() as db:
            job_id = self._next(db)
            if job_id is None:
                return None
            db.execute("UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = ?", (job_id,))
            return _job(db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone())

    def _next(self, db: database.Database) -> str | None:
        """The id of the next job to do: in a cluster, of one that another process has begun, and seems to have died."""
        which = "SELECT id, attempts FROM jobs WHERE state = ? ORDER BY number LIMIT 1"
        begun = db.execute(which, ("running",)).fetchone() if self._shared else None
        if begun is None:
            self._running = None
            queued = db.execute(which, ("queued",)).fetchone()
            return str(queued[0]) if queued is not None else None
        if self._running is None or self._running[0] != begun:
            self._running = begun, time.monotonic()
        return str(begun[0]) if time.monotonic() - self._running[1] > DEAD_S else None

    def finish(self, job: Job, report: Json, erased: bool = False) -> None:
        """Store the report of a job.

        Args:
            erased: also forget which article it was about.
        """
        if erased:
            with self._writing() as db:
                db.execute("UPDATE jobs SET target = '' WHERE id = ?", (job.id,))
        self._set(job, "done", None, orjson.dumps(report).decode())
        self.drop(job.id)

    def erase(self, ids: Collection[str], has: Callable[[Job, Path], bool]) -> list[Job]:
        """Erase some articles from jobs that have ended.

        Args:
            has: True if the articles of a job, in this file, are or may be among them.

        Returns:
            The waiting jobs that have one of them.
        """
        if not self._there():
            return []
        waiting = []
        with self._writing() as db:
            for row in db.execute(f"SELECT {_COLUMNS} FROM jobs ORDER BY number").fetchall():
                job = _job(row)
                body = self.body(job.id)
                ended = job.state in ("done", "failed")
                if body.exists() and has(job, body):
                    if ended:
                        disk.remove(body)
                        disk.sync_folder(self.folder)
                    else:
                        waiting.append(job)
                if ended:
                    self._scrub(db, job, ids)
        self._vacuum()
        return waiting

    def _scrub(self, db: database.Database, job: Job, ids: Collection[str]) -> None:
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
            data = orjson.dumps(report).decode() if report is not None else None
            db.execute("UPDATE jobs SET target = ?, report = ? WHERE id = ?", (target, data, job.id))

    def requeue(self, job: Job, problem: str | None = None, counted: bool = True) -> None:
        """Queue a job again.

        Args:
            problem: what it waits for.
            counted: True if this counts as an attempt.
        """
        self._set(job, "queued", problem, uncounted=0 if counted else 1)

    def fail(self, job: Job, problem: str) -> None:
        """Mark a job as failed. Its articles stay on disk until it is removed."""
        self._set(job, "failed", problem)

    def _set(self, job: Job, state: State, problem: str | None, report: str | None = None, uncounted: int = 0) -> None:
        finished = _now() if state in ("done", "failed") else None
        with self._writing() as db:
            db.execute(
                "UPDATE jobs SET state = ?, finished = ?, problem = ?, report = ?, attempts = attempts - ?"
                " WHERE id = ?",
                (state, finished, problem, report, uncounted, job.id),
            )

    def _there(self) -> bool:
        if not self._shared:
            return self._jobs.exists()
        self._made = self._made or _Jobs.is_in(self._place)
        return self._made

    @contextmanager
    def _reading(self) -> Iterator[database.Database]:
        """The database, to read from it."""
        if self._shared:
            with _Jobs(self._place) as jobs:
                yield jobs.db
            return
        remedy = f"Remove “{self.folder}” and send the articles again."
        db = database.connect(self._jobs, remedy, make=False, timeout_s=_BUSY_S)
        try:
            db.execute("PRAGMA synchronous = EXTRA")  # syncs the directory too
            db.execute("PRAGMA secure_delete = ON")
            yield db
        finally:
            db.close()

    @contextmanager
    def _writing(self) -> Iterator[database.Database]:
        """The database in a transaction, which is committed when the block ends."""
        if self._shared:
            with _Jobs(self._place) as jobs, jobs.transaction():
                yield jobs.db
            return
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")  # after an error, closing it rolls back

    def _vacuum(self) -> None:
        """Remove every byte that is not used any more."""
        if self._shared:
            with _Jobs(self._place) as jobs:
                jobs.vacuum()
            return
        with self._reading() as db:
            db.execute("VACUUM")


def _job(row: tuple[Any, ...]) -> Job:
    job = Job(*row)
    return replace(job, report=orjson.loads(row[-2])) if row[-2] is not None else job


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
