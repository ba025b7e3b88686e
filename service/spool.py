"""The spool: what was accepted and is not done yet, in `spool/` in the index's directory.

    spool.sqlite     every job: the request, its state, its report
    ID.body          the articles of a job, as they were sent
    ID.entered       what it has entered into the index (`indexer.run.entered`), by which it can be undone

`put` returns when both are on disk; from then on a job survives the end of any process. Web workers put and look up
jobs; one indexing process takes them (see `indexing`), one after another, in the order in which they were put.

That of an index in a cluster takes no articles, and is where its desk is: on a server, jobs are done one after another
as well, by whichever indexing process is there.

Cost: a handful of fsyncs for each job. Send many articles in one request rather than one in each.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, Row, func, select

import search
from desk.audit.store import SpoolAudit
from desk.store import where
from desk.store.base import Desk
from desk.store.tables import JOBS
from search.errors import DatelineError, IndexProblem
from search.system import disk
from search.system.acting import SERVICE, acting
from search.system.json import Json

FOLDER = "spool"
COLLECTION = "api"
"""The collection of articles that are sent without one."""
RETENTION = timedelta(days=30)
"""How long a finished job and its idempotency key are stored."""
_LOOKS_EVERY_S = 0.05
DEAD_S = 60.0
"""How long another process may give no sign of life in a job, in seconds, before this one does it; on a shared desk."""
_SIGN_EVERY_S = 10.0
_SIGNS = "signs"
"""The counter of signs of life."""
_ORPHAN_S = 3600
"""The age from which a body without a job is removed; a younger one may be about to get its job."""

State = Literal["queued", "running", "paused", "done", "failed", "undone"]
ENDED: tuple[State, ...] = ("done", "failed", "undone")
Kind = Literal["articles", "delete", "correct", "decide", "undo", "snapshot"]
Act = Literal["pause", "resume", "undo"]
"""What may be done to a job of articles."""
_FROM: Mapping[Act, tuple[State, ...]] = {
    "pause": ("queued", "running"),
    "resume": ("paused",),
    "undo": ("queued", "running", "paused", "done", "failed"),
}
"""In which states."""


class OtherBody(DatelineError):
    """An idempotency key was used before for another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key “{key}” was used for another request. Use a new one for this.")


class JobMissing(DatelineError):
    """There is no job with this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"No job “{job_id}”. A job is stored for {RETENTION.days} days after its end.")


class NotNow(DatelineError):
    """What is asked of a job cannot be done in its state."""

    def __init__(self, job: Job) -> None:
        what = job.state if job.kind == "articles" else f"a job of kind {job.kind}"
        super().__init__(f"The job is {what}: this cannot be done to it now.")


class SpoolFull(IndexProblem):
    """More bytes are waiting than are allowed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to index, delete or correct articles, to make a snapshot or check it, or to decide about a name.

    Attributes:
        form: the format of articles, `json` or `ndjson`; for a deletion its flags, “block” and “purge”.
        collection: the name of their archive.
        target: the article to delete, or those to correct, separated by spaces; the decision (`desk.names.decision`),
            as JSON with `by` and `at`; the job to undo; the folder of a snapshot, whose form is “check” if it is only
            checked; of articles in a file `Upload`, as JSON.
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
class Upload:
    """How articles in a file are read: the target of their job.

    Attributes:
        name: of the file, by which its articles without ids are identified; "" for what has none.
        names: field → its name in the file.
    """

    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """It as the target of a request."""
        return orjson.dumps(self).decode() if self.name or self.names else ""


@dataclass(frozen=True, slots=True)
class Job:
    """An accepted request.

    Attributes:
        report: the output of `index --json`, once it is done; before that its progress, once it has begun.
        problem: why it failed, or what it waits for.
        sender: the id of the key it came with.
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
    sender: str

    @property
    def upload(self) -> Upload:
        """How its articles are read."""
        return Upload(**orjson.loads(self.target)) if self.kind == "articles" and self.target else Upload()


class _Jobs(Desk):
    """The jobs of an index."""

    FILE = where.SPOOL
    TABLES = (JOBS,)
    WHAT = "jobs"

    def of(self, *which: ColumnElement[bool]) -> list[Row[Any]]:
        """Some jobs, in the order in which they were put."""
        return list(self._rows(select(JOBS).where(*which).order_by(JOBS.c.number)))

    def add(self, job: Mapping[str, Any]) -> Row[Any]:
        """Store a new job, in a transaction."""
        number = self._next(JOBS)
        self._write(JOBS, {**job, "number": number})
        return self.of(JOBS.c.number == number)[0]

    def change(self, job_id: str, **values: Any) -> Row[Any]:
        """Change a job, in a transaction."""
        row = self.of(JOBS.c.id == job_id)[0]
        self._write(JOBS, {**row._mapping, **values})
        return self.of(JOBS.c.id == job_id)[0]

    def forget(self, before: str) -> None:
        """Forget what has ended before a time, in a transaction."""
        self._drop(JOBS, JOBS.c.state.in_(ENDED), JOBS.c.finished < before)

    def newest(self, most: int, *which: ColumnElement[bool]) -> list[Row[Any]]:
        """The last of some jobs, the newest first."""
        return list(self._rows(select(JOBS).where(*which).order_by(JOBS.c.number.desc()).limit(most)))

    @property
    def signs(self) -> int:
        """How many signs of life there were of those who do a job."""
        return self._counter(_SIGNS)

    def give_sign(self) -> None:
        """Give one more, in a transaction."""
        self._set_counter(_SIGNS, self.signs + 1)

    def states(self) -> dict[str, State]:
        """The state of each job, by its id."""
        return dict(map(tuple, self._run(select(JOBS.c.id, JOBS.c.state))))

    def counts(self) -> dict[str, int]:
        """The number of jobs in each state."""
        return dict(map(tuple, self._run(select(JOBS.c.state, func.count()).group_by(JOBS.c.state))))


class Spool:
    """The jobs of one index; each call opens its own connection, so any thread and process may call.

    Raises:
        IndexProblem: from every call, if the directory cannot be read or written.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._shared = _is_shared(place)
        self._running: tuple[tuple[str, int, int], float] | None = None
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

    def put(self, job_id: str, request: Request, size: int, most_waiting: int, paused: bool = False) -> Job:
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
        with _Jobs(self._place) as jobs, jobs.transaction():
            if request.idempotency is not None:
                c = JOBS.c
                for row in jobs.of(c.sender == request.sender, c.idempotency == request.idempotency):
                    if row.digest != request.digest:
                        raise OtherBody(request.idempotency)
                    return _job(row)
            waiting = sum(row.size for row in jobs.of(JOBS.c.state.not_in(ENDED)))
            if size and waiting and waiting + size > most_waiting:
                raise SpoolFull(f"{waiting:,} bytes of articles are already waiting to be indexed. Try again later.")
            return _job(jobs.add(_new(job_id, request, size, "paused" if paused else "queued")))

    def job(self, job_id: str) -> Job | None:
        """A job; None if no job has this id."""
        found = self._read(JOBS.c.id == job_id)
        return _job(found[0]) if found else None

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
        if not _Jobs.is_in(self._place):
            return []
        with _Jobs(self._place) as jobs:
            return list(map(_job, jobs.newest(most, *([JOBS.c.sender == sender] if sender is not None else []))))

    def act(self, job_id: str, act: Act, undoing: tuple[str, Request] | None = None) -> Job:
        """Pause a job of articles, resume or undo it. When this returns, that is on disk.

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
        if not _Jobs.is_in(self._place):
            raise JobMissing(job_id)
        with _Jobs(self._place) as jobs, jobs.transaction():
            found = jobs.of(JOBS.c.id == job_id)
            if not found:
                raise JobMissing(job_id)
            if found[0].kind != "articles" or found[0].state not in _FROM[act]:
                raise NotNow(_job(found[0]))
            if undoing is not None:
                waiting = jobs.of(JOBS.c.kind == "undo", JOBS.c.target == job_id, JOBS.c.state.not_in(ENDED))
                if waiting:
                    return _job(waiting[0])
                if found[0].state not in ENDED:
                    jobs.change(job_id, state="paused")
                return _job(jobs.add(_new(*undoing, size=0)))
            return _job(jobs.change(job_id, state="queued" if act == "resume" else "paused", problem=None))

    def configure(self, job_id: str, target: str) -> None:
        """Change how the articles of a paused job are read. Raises JobMissing, NotNow."""
        with _Jobs(self._place) as jobs, jobs.transaction():
            found = jobs.of(JOBS.c.id == job_id)
            if not found:
                raise JobMissing(job_id)
            if found[0].state != "paused":
                raise NotNow(_job(found[0]))
            jobs.change(job_id, target=target)

    def counts(self) -> dict[str, int]:
        """The number of jobs in each state."""
        if not _Jobs.is_in(self._place):
            return {}
        with _Jobs(self._place) as jobs:
            return jobs.counts()

    # for the one process that indexes

    def make(self) -> None:
        """Make the database if the index exists and the database does not."""
        _Jobs(self._place).close()

    def recover(self) -> None:
        """Queue interrupted jobs again, and remove files that no job needs any more."""
        with _Jobs(self._place) as jobs:
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
        if not _Jobs.is_in(self._place):
            return None
        with _Jobs(self._place) as jobs:
            # asked outside of a transaction first: to look five times a second must not write
            if self._next(jobs) is None:
                return None
            with jobs.transaction():
                job = self._next(jobs)
                return (
                    _job(jobs.change(job.id, state="running", attempts=job.attempts + 1)) if job is not None else None
                )

    def _next(self, jobs: _Jobs) -> Row[Any] | None:
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
        with _Jobs(self._place) as jobs, jobs.transaction():
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
        if not _Jobs.is_in(self._place):
            return []
        waiting = []
        with _Jobs(self._place) as jobs:
            with jobs.transaction():
                for job in map(_job, jobs.of()):
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

    def _scrub(self, jobs: _Jobs, job: Job, ids: Collection[str]) -> None:
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
        with _Jobs(self._place) as jobs, jobs.transaction():
            if found := jobs.of(JOBS.c.id == job_id):
                jobs.change(job_id, state="undone", finished=found[0].finished or _now(), problem=None)
        disk.remove(self.entered(job_id))
        self.drop(job_id)

    def progress(self, job: Job, report: Json) -> None:
        """Store how far a job is."""
        with _Jobs(self._place) as jobs, jobs.transaction():
            if jobs.of(JOBS.c.id == job.id, JOBS.c.attempts == job.attempts, JOBS.c.state.not_in(ENDED)):
                jobs.change(job.id, report=orjson.dumps(report).decode())

    def is_halted(self, job: Job) -> bool:
        """True if a job that was begun is to stop."""
        found = self.job(job.id)
        return found is None or found.state == "paused"

    def is_to_be_undone(self, job: Job) -> bool:
        """True if a job waits that undoes it."""
        return bool(self._read(JOBS.c.kind == "undo", JOBS.c.target == job.id, JOBS.c.state.not_in(ENDED)))

    def halt(self, job: Job) -> None:
        """Take note that a job has stopped before its end, which was no attempt; one that is not paused is queued."""
        with _Jobs(self._place) as jobs, jobs.transaction():
            for row in jobs.of(JOBS.c.id == job.id, JOBS.c.attempts == job.attempts):
                state = "queued" if row.state == "running" else row.state
                jobs.change(job.id, state=state, attempts=row.attempts - 1)

    def fail(self, job: Job, problem: str) -> None:
        """Mark a job as failed, unless another process has begun it again. Its articles stay until it is removed."""
        self._set(job, "failed", problem)

    def _set(self, job: Job, state: State, problem: str | None, **more: Any) -> bool:
        finished = _now() if state in ENDED else None
        with acting(SERVICE if finished else None), _Jobs(self._place) as jobs, jobs.transaction():
            if is_mine := bool(jobs.of(JOBS.c.id == job.id, JOBS.c.attempts == job.attempts)):
                changed = {"report": None, "state": state, "finished": finished, "problem": problem}
                jobs.change(job.id, **{**changed, **more})
        return is_mine

    def _read(self, *which: ColumnElement[bool]) -> list[Row[Any]]:
        if not _Jobs.is_in(self._place):
            return []
        with _Jobs(self._place) as jobs:
            return jobs.of(*which)


def _is_shared(place: str) -> bool:
    """True if several machines may do the jobs of an index."""
    return search.is_address(place) or isinstance(where.of(place, where.SPOOL), str)


def _job(row: Row[Any]) -> Job:
    values = {name: row._mapping[name] for name in Job.__slots__}
    return Job(**{**values, "report": orjson.loads(row.report) if row.report is not None else None})


def _new(job_id: str, request: Request, size: int, state: State = "queued") -> dict[str, Any]:
    new = {**asdict(request), "id": job_id, "size": size, "state": state, "created": _now(), "attempts": 0}
    return {**new, "finished": None, "report": None, "problem": None}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
