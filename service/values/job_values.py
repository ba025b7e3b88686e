"""The values around jobs and the service itself: what is sent, what is accepted, what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from indexer.report import MOST_SKIPPED, MOST_WARNINGS
from search.values.results import Answer, Count
from service.values.shared_values import Following

SentArticle: TypeAlias = Annotated[
    Mapping[str, Any],
    Meta(
        description="An article, like Article. Only text is required. The job reports problems.",
        extra_json_schema={"minProperties": 1},
    ),
]
SentArticles: TypeAlias = Annotated[Sequence[Any], Meta(min_length=1)]
SentLines: TypeAlias = Annotated[str, Meta(pattern="^\\s*[{[]")]
SentFile: TypeAlias = Annotated[
    str,
    Meta(
        description="A file in a format that dateline index reads, or a ZIP, tar or compressed file with such.",
        extra_json_schema={"format": "binary", "minLength": 1},
    ),
]
MAX_LINES = 100_000
"""Of a batch."""
ON_DISK = "The request is on disk and will be done"


class JobLinks(Struct):
    """The address of a job."""

    self: str


class Accepted(Struct):
    """A request that is on disk and will be done."""

    job: str
    links: JobLinks


class Skipped(Struct):
    """A record with a problem.

    Attributes:
        error: for an internal error, the type of the exception.
        place: where it was raised, as module:line.
    """

    path: str
    line: int | None
    reason: str
    error: str | UnsetType = UNSET
    place: str | UnsetType = UNSET


State: TypeAlias = Literal["queued", "running", "done", "failed"]
JobState: TypeAlias = Literal["queued", "running", "paused", "done", "failed", "undone"]


class Progress(Struct):
    """How far a job is.

    Attributes:
        done: the bytes that were read; of an enrichment the articles that are done.
        size: the bytes, or articles, of all.
        read: the articles that were read.
    """

    done: Count
    size: Count
    read: Count


class TableRecord(Struct):
    """A record of a table as it would be read; or, without a text, why it would be rejected.

    Attributes:
        text: its beginning.
        reason: why it would be rejected; of one that would be read, what would be ignored of it, such as its date.
    """

    title: str
    published: str | None
    source: str | None
    text: str
    reason: str


class SentTable(Struct):
    """A table that waits.

    Attributes:
        columns: their names; empty if they have none.
        fields: the fields that columns are read as, each with its column.
        problem: why it cannot be read as it is; empty if it can.
        rows: the values of the first ten rows, cut; or why a row is rejected.
        read: what would be read of the first ten records.
    """

    columns: Sequence[str]
    fields: Mapping[str, str]
    problem: str
    rows: Sequence[Sequence[str] | str]
    read: Sequence[TableRecord]


class Job(Struct, kw_only=True):
    """An accepted request, with counts once it is done.

    Attributes:
        name: of the file that was sent; empty if it has none.
        size: the bytes that were sent.
        progress: while it is not done.
        table: of one that waits and has not begun: what would be read.
        left: after an undoing: articles that were not removed, because they were changed again.
        skipped: the first rejected records.
        skipped_count: the number of rejected records.
        reasons: the number of rejected records by reason, without numbers and quotations.
        warnings: the first accepted records with a problem, and the problem.
        warning_count: the number of accepted records with a problem.
        internal_errors: the number of internal errors, each among skipped.
        differences: after an enrichment: stored searches, alerts, lists and citations that find something else.
        held: after a purge: backups and jobs that still contain a part of the article.
    """

    id: str
    state: JobState
    kind: Literal["articles", "delete", "correct", "decide", "undo", "snapshot", "verify", "enrich", "upgrade"]
    created: str
    problem: str | None
    collection: str
    name: str
    size: Count
    progress: Progress | UnsetType = UNSET
    table: SentTable | UnsetType = UNSET
    read: Count | UnsetType = UNSET
    added: Count | UnsetType = UNSET
    updated: Count | UnsetType = UNSET
    unchanged: Count | UnsetType = UNSET
    removed: Count | UnsetType = UNSET
    embargoed: Count | UnsetType = UNSET
    skipped: Annotated[Sequence[Skipped], Meta(max_length=MOST_SKIPPED)] | UnsetType = UNSET
    skipped_count: Count | UnsetType = UNSET
    reasons: Mapping[str, Count] | UnsetType = UNSET
    warnings: Annotated[Sequence[Skipped], Meta(max_length=MOST_WARNINGS)] | UnsetType = UNSET
    warning_count: Count | UnsetType = UNSET
    internal_errors: Count | UnsetType = UNSET
    seconds: float | UnsetType = UNSET
    generation: Count | UnsetType = UNSET
    held: Sequence[str] | UnsetType = UNSET
    left: Count | UnsetType = UNSET
    differences: Count | UnsetType = UNSET
    links: JobLinks


class Jobs(Struct):
    """The last jobs, the newest first."""

    jobs: Sequence[Job]


class DoneToJob(Struct, forbid_unknown_fields=True):
    """What is to be done to a job of articles; one that enriches can be paused and resumed.

    Attributes:
        map: of a table that waits: field → column, what a field is called in it, from now on.
    """

    do: Literal["pause", "map", "resume", "undo"]
    map: Mapping[str, str] | UnsetType = UNSET


class SentBatch(Struct, forbid_unknown_fields=True):
    """Names or questions, one each; blank ones have no answer."""

    lines: Annotated[Sequence[str], Meta(min_length=1, max_length=MAX_LINES)]


class Batch(Struct):
    """A batch, and answers to some of its lines.

    Attributes:
        problem: why it failed.
        lines: how many were sent.
        done: how many have been answered.
        rows: first and last are null if the article has been removed.
    """

    job: str
    state: State
    created: str
    problem: str | None
    lines: Count
    done: Count
    rows: Sequence[Answer]
    links: Following


class BadParameter(Struct):
    """What is wrong with a parameter or a field, and what to do."""

    parameter: str
    value: str
    reason: str
    hint: str


class Problem(Struct):
    """Why a request is refused, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: Sequence[BadParameter] | UnsetType = UNSET


class Status(Struct):
    """Whether the service can answer."""

    status: str
    generation: Count | UnsetType = UNSET
