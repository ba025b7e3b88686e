"""What was posted and is not in the index yet: `spool/` in the index's directory, which outlives every process.

    jobs.sqlite      every job: what is to be done, how far it is, what came of it
    ID.body          the articles of a job, as they were sent

`put` returns when both are on disk; from then on a job is done whatever ends meanwhile. Web workers put and look,
one indexer process takes (see `indexing`). Jobs are done in the order they were put in, one after another.

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

from search import database, disk
from search.errors import CannotWrite, DatelineError, IndexMissing, IndexProblem
from search.json import Json

FOLDER = "spool"
COLLECTION = "api"
"""The collection of articles that are sent without one."""
KEPT = timedelta(days=30)
"""How long a finished job is remembered, and its idempotency key with it."""
_BUSY_S = 10.0
_ORPHAN_S = 3600
"""A body that no job names is left alone so long: its job may be about to be written."""

State = Literal["queued", "running", "done", "failed"]
Kind = Literal["articles", "delete"]

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
    """An idempotency key was used before, for something else."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key “{key}” was used for another request. Take a new one for this.")


class JobMissing(DatelineError):
    """There is no job of this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"No job “{job_id}”. A job is remembered {KEPT.days} days after its end.")


class SpoolFull(IndexProblem):
    """More is waiting than is allowed."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to be done.

    Attributes:
        form: how articles are written, `json` or `ndjson`; for a deletion how far it goes, “block” and “purge”.
        collection: the name their archive goes by.
        target: the article to delete.
        sender: the id of the key it came with.
        idempotency: the sender's name for this request.
        digest: what tells it from another request.
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
    """A request that was taken in.

    Attributes:
        report: what `index --json` prints, once it is done.
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


class Spool:
    """The jobs of one index; each call opens the file for itself, so that any thread and process may call.

    Raises:
        IndexProblem: from every call, when the directory cannot be read or written.
    """

    def __init__(self, place: str) -> None:
        self._index = Path(place)
        self.folder = self._index / FOLDER
        self._jobs = self.folder / "jobs.sqlite"

    def new_id(self) -> str:
        """An id for a job, that nobody can guess and that sorts by time."""
        return f"{int(time.time() * 1000):011x}{secrets.token_hex(8)}"

    def body(self, job_id: str) -> Path:
        """The file with the articles of a job."""
        return self.folder / f"{job_id}.body"

    def keep(self, job_id: str, chunks: Iterable[bytes]) -> None:
        """Put the articles of a job to come on disk."""
        self.make()
        disk.put(self.body(job_id), chunks)
        disk.sync_folder(self.folder)

    def drop(self, job_id: str) -> None:
        """Remove the articles of a job that will not come, or is done."""
        disk.remove(self.body(job_id))

    def put(self, job_id: str, request: Request, size: int, most_waiting: int) -> Job:
        """Take a request in; when this returns, it is on disk.

        Args:
            size: bytes of its body, which `keep` has put on disk before.
            most_waiting: bytes that may wait in all.

        Returns:
            Its job; where the sender has sent it before under the same idempotency key, the job of that time.

        Raises:
            OtherBody: when the sender has sent something else under that key.
            SpoolFull: when too much is waiting.
        """
        self.make()
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
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
            if waiting and waiting + size > most_waiting:
                raise SpoolFull(f"{waiting:,} bytes of articles wait to be indexed already. Send these again later.")
            db.execute(
                "INSERT INTO jobs"
                " (id, kind, form, collection, target, size, state, created, sender, idempotency, digest)"
                " VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)",
                (
                    job_id, request.kind, request.form, request.collection, request.target, size, _now(),
                    request.sender, request.idempotency, request.digest,
                ),
            )  # fmt: skip
            job = _job(db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone())
            db.execute("COMMIT")
            return job

    def job(self, job_id: str) -> Job | None:
        """A job; None where there is none of this id."""
        if not self._there():
            return None
        with self._open() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return _job(row) if row is not None else None

    def counts(self) -> dict[str, int]:
        """How many jobs there are in each state."""
        if not self._there():
            return {}
        with self._open() as db:
            return dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())

    # for the one process that indexes

    def make(self) -> None:
        """Make the directory, where there is an index and none yet."""
        if self._there():
            return
        if not self._index.is_dir():
            raise IndexMissing(f"There is no index at “{self._index}”. Make one: dateline index {self._index} FOLDER.")
        disk.make_folder(self.folder)
        aside = self.folder / f"jobs.{secrets.token_hex(8)}.tmp"
        try:
            with closing(database.connect(aside)) as db:
                db.execute("PRAGMA synchronous = EXTRA")
                db.executescript(_SCHEMA)
            if not disk.link(aside, self._jobs) and not self._there():  # else another process was quicker
                raise CannotWrite(f"“{self.folder}” is on a disk that has no hard links. Put the index on another.")
        finally:
            disk.remove(aside)
        disk.sync_folder(self.folder)
        disk.sync_folder(self._index)

    def recover(self) -> None:
        """Begin again what another process had begun, and remove what no job needs any more."""
        self.make()
        with self._open() as db:
            db.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'")
            before = (datetime.now(UTC) - KEPT).isoformat(timespec="seconds")
            db.execute("DELETE FROM jobs WHERE state IN ('done', 'failed') AND finished < ?", (before,))
            kept = {row[0] for row in db.execute("SELECT id FROM jobs WHERE state != 'done'")}
        for ending in ("*.body", "*.tmp", f"*{disk.ASIDE}"):
            for file in self.folder.glob(ending):
                if file.name.partition(".")[0] not in kept and time.time() - file.stat().st_mtime > _ORPHAN_S:
                    disk.remove(file)

    def take(self) -> Job | None:
        """The next job, which is then running; None where nothing waits."""
        with self._open() as db:
            row = db.execute("SELECT id FROM jobs WHERE state = 'queued' ORDER BY number LIMIT 1").fetchone()
            if row is None:
                return None
            db.execute("UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = ?", row)
            return _job(db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", row).fetchone())

    def finish(self, job: Job, report: Json, erased: bool = False) -> None:
        """Say what came of a job.

        Args:
            erased: forget which article it was about.
        """
        if erased:
            with self._open() as db:
                db.execute("UPDATE jobs SET target = '' WHERE id = ?", (job.id,))
        self._set(job, "done", None, orjson.dumps(report).decode())
        self.drop(job.id)

    def erase(self, ids: Collection[str], has: Callable[[Job, Path], bool]) -> list[Job]:
        """Erase what jobs that have ended remember of some articles; the jobs that wait and have one of them.

        Args:
            has: whether a job's articles, in this file, are or may be among them.
        """
        if not self._there():
            return []
        waiting = []
        with self._open() as db:
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
            db.execute("VACUUM")
        return waiting

    def _scrub(self, db: database.Database, job: Job, ids: Collection[str]) -> None:
        """Take ids out of what is remembered of a job."""
        target = "" if job.target in ids else job.target
        report = dict(job.report) if job.report is not None else None
        if report is not None:
            report["skipped"] = [
                entry for entry in report.get("skipped", ()) if not any(name in str(entry) for name in ids)
            ]
        if target != job.target or report != job.report:
            data = orjson.dumps(report).decode() if report is not None else None
            db.execute("UPDATE jobs SET target = ?, report = ? WHERE id = ?", (target, data, job.id))

    def again(self, job: Job, problem: str | None = None, counted: bool = True) -> None:
        """Put a job back to be done again.

        Args:
            problem: what it waits for.
            counted: whether that was an attempt.
        """
        self._set(job, "queued", problem, uncounted=0 if counted else 1)

    def fail(self, job: Job, problem: str) -> None:
        """Give a job up; its articles stay beside until it is forgotten."""
        self._set(job, "failed", problem)

    def _set(self, job: Job, state: State, problem: str | None, report: str | None = None, uncounted: int = 0) -> None:
        finished = _now() if state in ("done", "failed") else None
        with self._open() as db:
            db.execute(
                "UPDATE jobs SET state = ?, finished = ?, problem = ?, report = ?, attempts = attempts - ?"
                " WHERE id = ?",
                (state, finished, problem, report, uncounted, job.id),
            )

    def _there(self) -> bool:
        return self._jobs.exists()

    @contextmanager
    def _open(self) -> Iterator[database.Database]:
        remedy = f"Remove “{self.folder}”, and send again."
        db = database.connect(self._jobs, remedy, make=False, timeout_s=_BUSY_S)
        try:
            db.execute("PRAGMA synchronous = EXTRA")  # the directory too
            db.execute("PRAGMA secure_delete = ON")
            yield db
        finally:
            db.close()


def _job(row: tuple[Any, ...]) -> Job:
    job = Job(*row)
    return replace(job, report=orjson.loads(row[-2])) if row[-2] is not None else job


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
