"""`/upload`: files with articles are sent here; `/upload/{job}` shows what becomes of them, and stops or undoes it.

An upload is a job of articles as any that is posted. Several files are one ZIP, so that they are read as a folder is. A
table waits, paused, until its columns have been looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from falcon import Request, Response

from indexer import readers
from indexer.files.neighbours import Nothing
from indexer.readers.shared.record import Embargoed, Origin
from indexer.readers.tables import csv
from search.errors import BadQuery, BadRecord, BadValue
from search.fields import BY_NAME
from search.said import said
from search.values.article import Article
from search.values.query import Query
from service.api.ingest import accept, act, check_directory, checked_collection, newest, own, rendered
from service.html import form, sending
from service.html.form import Files
from service.html.packing import packed
from service.html.templates import html
from service.resource import Resource
from service.spool import ENDED, Job, JobMissing, Upload
from service.wording import labels
from service.wording.messages import gettext, mark

HERE = "/upload"
MOST_FILES = 10_000
ROWS = 10
"""Of a table, shown before it is read."""
MOST_COLUMNS = 100
"""Of these rows, and of the choice of a column."""
MOST_CHARACTERS = 120
"""Of a value there."""
AGAIN_S = 2
"""Seconds after which the page of a job that is not done is asked for again by the browser."""
COLLECTION = "uploads"
SEVERAL = "files"
"""What several files are called together."""
MAPPED = ("title", "text", "published", "source", "section", "byline", "url", "language", "id")
"""The fields for which a column can be chosen."""
TABLE = "CSV and TSV"
STATES: Mapping[str, str] = {
    "queued": mark("waits"),
    "running": mark("is being indexed"),
    "paused": mark("paused"),
    "done": mark("done"),
    "failed": mark("failed"),
    "undone": mark("undone"),
}


class Row(NamedTuple):
    """A record of a table as it would be read: an article, or why it would be rejected."""

    article: Article | None
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that waits: its columns, its first rows, and what would be read of them.

    Attributes:
        fields: the fields with their names, the column chosen for each, and the one that it has otherwise.
        rows: their values, cut; or why a row is rejected.
    """

    header: list[str]
    fields: list[tuple[str, str, str, str]]
    problem: str
    rows: list[list[str] | str]
    read: list[Row]


class _Form:
    """What a form sends, as one file."""

    def __init__(self, files: Files) -> None:
        self.size = 0
        self.digest = sha256()
        self._files = files

    def chunks(self) -> Iterator[bytes]:
        """Its bytes."""
        pieces = self._files.pieces()
        several = len(self._files.sent) > 1
        for chunk in packed((one.name, data) for one, data in pieces) if several else next(pieces)[1]:
            self.size += len(chunk)
            self.digest.update(chunk)
            yield chunk


class UploadsPage(Resource):
    """`GET /upload`: the form, and the last uploads; `POST /upload`: files are accepted."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form."""
        html(
            req,
            resp,
            "uploads.html",
            site=self._settings.site_name,
            query=Query(),
            token=_token(req),
            once=secrets.token_hex(16),
            collection=COLLECTION,
            most_bytes=self._settings.max_body_bytes,
            most_mb=self._settings.max_body_mb,
            most_files=MOST_FILES,
            formats=readers.NAMES,
            jobs=[_shown(job) for job in newest(self._spool, req) if job.kind == "articles"],
        )
        resp.set_header("Cache-Control", "no-store")

    def on_post(self, req: Request, resp: Response) -> None:
        """Accept files, and go on to the page of their job."""
        with sending.answering(req, resp, {}, partial(self.on_get, req, resp), by="index"):
            check_directory(self._archive)
            with Files(req, self._settings.max_body_bytes, MOST_FILES, partial(form.check_session, req)) as files:
                if not files.sent:
                    raise BadQuery([BadValue("file", "", said("No file was sent."), said("Choose one."))])
                job = self._accept(req, files)
            form.onward(req, resp, f"{HERE}/{job.id}")
        resp.set_header("Cache-Control", "no-store")

    def _accept(self, req: Request, files: Files) -> Job:
        several = len(files.sent) > 1
        name = SEVERAL if several else files.sent[0].name[:255] or SEVERAL
        return accept(
            self._spool,
            req.context.key.id,
            "zip" if several else "file",
            checked_collection(files.fields.get("collection", "").strip() or COLLECTION),
            Upload(name),
            _Form(files),
            self._settings.spool_bytes,
            idempotency=files.fields.get("once", "")[:64] or None,
            is_paused=partial(_is_table, name),
        )


class UploadPage(Resource):
    """`GET /upload/{job}`: what becomes of an upload; `POST /upload/{job}`: it is paused, resumed, undone or mapped."""

    def on_get(self, req: Request, resp: Response, job_id: str) -> None:
        """Show a job; a page of one that is not done is asked for again by the browser."""
        job = own(self._spool, req, job_id)
        if job.kind != "articles":
            raise JobMissing(job_id)
        table = self._table(job)
        is_moving = job.state in ("queued", "running") or (job.state != "undone" and self._spool.is_to_be_undone(job))
        if is_moving:
            resp.set_header("Refresh", str(AGAIN_S))
        shown = rendered(job, req.root_path)
        html(
            req,
            resp,
            "upload.html",
            site=self._settings.site_name,
            query=Query(),
            token=_token(req),
            job=job,
            name=_name(job),
            state=gettext(STATES[job.state]),
            is_moving=is_moving,
            has_ended=job.state in ENDED,
            report=shown if job.report and "read" in job.report else None,
            progress=(job.report or {}).get("progress"),
            table=table,
            acts=_acts(job, is_moving, table is not None),
        )
        resp.set_header("Cache-Control", "no-store")

    def on_post(self, req: Request, resp: Response, job_id: str) -> None:
        """Do what a form says, and show the job again."""
        fields = form.sent(req)
        with sending.answering(req, resp, fields, partial(self.on_get, req, resp, job_id), by="index"):
            form.check_session(req, fields)
            job, do = own(self._spool, req, job_id), fields.get("do", "")
            if do in ("look", "index"):
                names = {field: fields[field] for field in MAPPED if fields.get(field)}
                self._spool.configure(job.id, Upload(job.upload.name, names).written())
                if do == "index":
                    act(self._spool, req, job.id, "resume")
            elif do in ("pause", "resume", "undo"):
                act(self._spool, req, job.id, do)  # type: ignore[arg-type]
            else:
                raise form.unknown(do)
            form.onward(req, resp, f"{HERE}/{job.id}")

    def _table(self, job: Job) -> Table | None:
        """The table that a job is of, if it has not begun and waits to be looked at."""
        body = self._spool.body(job.id)
        if job.state != "paused" or job.attempts or not body.exists() or not _is_table(job.upload.name, body):
            return None
        names = job.upload.names
        with body.open("rb") as file:
            begun = csv.beginning(file, names, ROWS)
            file.seek(0)
            origin = Origin(job.collection, job.upload.name, job.upload.name)
            items = () if begun.problem else islice(readers.read_file(file, origin, names, Nothing()), ROWS)
            read = [_row(item) for item in items]
        lacks_text = bool(begun.problem and begun.header) and "text" not in names
        by_field = {field: begun.header[at] for at, field in begun.fields.items()}
        return Table(
            begun.header[:MOST_COLUMNS],
            [(field, _label(field), names.get(field, ""), by_field.get(field, "")) for field in MAPPED],
            said("No column is known as the text. Choose it.") if lacks_text else begun.problem,
            [row if isinstance(row, str) else [_cut(value) for value in row[:MOST_COLUMNS]] for row in begun.rows],
            read,
        )


def _row(item: object) -> Row:
    if isinstance(item, BadRecord):
        return Row(None, f"Line {item.line}: {item.reason}" if item.line else item.reason)
    article = item.article if isinstance(item, Embargoed) else item
    return Row(article, "") if isinstance(article, Article) else Row(None, str(said("It withdraws an article.")))


def _is_table(name: str, body: Path) -> bool:
    """True if a file is a table, whose columns are to be looked at before it is read."""
    with body.open("rb") as file:
        found = readers.format_of(file.read(readers.HEAD_BYTES), name)
    return found is not None and found.name == TABLE


def _acts(job: Job, is_moving: bool, is_table: bool) -> Sequence[tuple[str, str]]:
    """What may be done to a job, each with its words."""
    pause, resume = ("pause", gettext("Pause")), ("resume", gettext("Go on"))
    discard, undo = ("undo", gettext("Discard it")), ("undo", gettext("Undo: remove what this added"))
    if job.state in ("queued", "running"):
        return (pause, undo)
    if is_moving or job.state == "undone":
        return ()
    if job.state == "paused":
        return (discard,) if is_table else (resume, undo)
    return (undo,)


def _shown(job: Job) -> tuple[Job, str, str, int | None, int | None]:
    """A job with its name, its state, and how many articles it has added and records it has rejected."""
    report = job.report or {}
    added = report["added"] + report["updated"] if "added" in report else None
    return job, _name(job), gettext(STATES[job.state]), added, report.get("skipped_count")


def _name(job: Job) -> str:
    if job.form == "zip" and job.upload.name == SEVERAL:
        return gettext("Several files")
    return job.upload.name or gettext("Articles sent by a program")


def _label(field: str) -> str:
    return labels.field(field) if field in BY_NAME else field


def _cut(value: str) -> str:
    return value if len(value) <= MOST_CHARACTERS else f"{value[:MOST_CHARACTERS]}…"


def _token(req: Request) -> str:
    current = req.context.get("session")
    return current.token if current is not None else ""
