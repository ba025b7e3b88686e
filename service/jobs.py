"""A job: a request that was accepted, and how far it is; and where the jobs of an index are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, Row, func, select

from desk.store import where
from desk.store.base import Desk
from desk.store.tables import JOBS
from search.errors import DatelineError, IndexProblem
from search.said import said
from search.system.json import Json

RETENTION = timedelta(days=30)
"""How long a finished job and its idempotency key are stored."""
_SIGNS = "signs"
"""The counter of signs of life."""

State = Literal["queued", "running", "paused", "done", "failed", "undone"]
ENDED: tuple[State, ...] = ("done", "failed", "undone")
Upkeep = Literal["verify", "enrich", "upgrade"]
"""What is done to the whole index, as the commands of these names do it."""
Kind = Literal["articles", "delete", "correct", "decide", "undo", "snapshot", "verify", "enrich", "upgrade"]
PAUSED: tuple[Kind, ...] = ("articles", "enrich")
"""What can be paused and goes on where it was."""


class OtherBody(DatelineError):
    """An idempotency key was used before for another request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            said("The Idempotency-Key “{key}” was used for another request. Use a new one for this.", key=key)
        )


class JobMissing(DatelineError):
    """There is no job with this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            said("No job “{id}”. A job is stored for {days} days after its end.", id=job_id, days=RETENTION.days)
        )


class NotNow(DatelineError):
    """What is asked of a job cannot be done in its state."""

    def __init__(self, job: Job) -> None:
        if job.kind in PAUSED:
            super().__init__(said("The job has another state now, in which this cannot be done to it."))
        else:
            super().__init__(said("This cannot be done to a job of this kind."))


class SpoolFull(IndexProblem):
    """More bytes are waiting than are allowed."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A request to index, delete or correct articles, to make a snapshot or check it, to check or renew the index, or
    to decide about a name.

    Attributes:
        form: the format of articles, `json` or `ndjson`; for a deletion its flags, “block” and “purge”, or “unblock”.
        collection: the name of their archive.
        target: the articles to delete or to correct, separated by spaces; the decision (`desk.names.decision`),
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
        sight: what its sender sees of the articles that it may replace (`rights.written`).
    """

    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    sight: str = ""

    def written(self) -> str:
        """It as the target of a request."""
        return orjson.dumps(self).decode() if self.name or self.names or self.sight else ""


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


class Jobs(Desk):
    """The jobs of an index."""

    FILE = where.SPOOL
    TABLES = (JOBS,)
    WHAT = "jobs"

    def of(self, *which: ColumnElement[bool]) -> list[Row[Any]]:
        """Some jobs, in the order in which they were put."""
        return list(self._rows(select(JOBS).where(*which).order_by(JOBS.c.number)))

    def add(self, job_id: str, request: JobRequest, size: int = 0, state: State = "queued") -> Job:
        """Store a new job, in a transaction."""
        new = {**asdict(request), "id": job_id, "size": size, "state": state, "created": now(), "attempts": 0}
        self._write(JOBS, {**new, "finished": None, "report": None, "problem": None, "number": self._next(JOBS)})
        return job_of(self.of(JOBS.c.id == job_id)[0])

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


def job_of(row: Row[Any]) -> Job:
    """The job of a row."""
    values = {name: row._mapping[name] for name in Job.__slots__}
    return Job(**{**values, "report": orjson.loads(row.report) if row.report is not None else None})


def now() -> str:
    """The time, as it is stored."""
    return datetime.now(UTC).isoformat(timespec="seconds")
