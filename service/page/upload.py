"""`/upload`: files with articles are sent here; `/upload/{job}` shows what becomes of them, and stops or undoes it.

An upload is a job of articles as any that is posted. Several files are one ZIP, so that they are read as a folder is. A
table waits, paused, until its columns have been looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256

from falcon import Request, Response

from indexer import readers
from search.errors import BadQuery, BadValue
from search.fields import BY_NAME
from search.said import said
from search.values.query import Query
from service.api.ingest import accept, act, check_directory, checked_collection, newest, own, rendered
from service.api.uploaded_table import Table, configure, is_table, table_of
from service.html import form, sending
from service.html.form import Files
from service.html.packing import packed
from service.html.templates import html
from service.jobs import ENDED, Job, JobMissing, Upload
from service.resource import Resource
from service.wording import labels
from service.wording.managing import STATES
from service.wording.messages import gettext

HERE = "/upload"
MOST_FILES = 10_000
AGAIN_S = 2
"""Seconds after which the page of a job that is not done is asked for again by the browser."""
COLLECTION = "uploads"
SEVERAL = "files"
"""What several files are called together."""
MAPPED = ("title", "text", "published", "source", "section", "byline", "url", "language", "id")
"""The fields for which a column can be chosen."""


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
            is_paused=partial(is_table, name),
        )


class UploadPage(Resource):
    """`GET /upload/{job}`: what becomes of an upload; `POST /upload/{job}`: it is paused, resumed, undone or mapped."""

    def on_get(self, req: Request, resp: Response, job_id: str) -> None:
        """Show a job; a page of one that is not done is asked for again by the browser."""
        job = own(self._spool, req, job_id)
        if job.kind != "articles":
            raise JobMissing(job_id)
        table = table_of(self._spool, job)
        is_moving = job.state in ("queued", "running") or (job.state != "undone" and self._spool.is_to_be_undone(job))
        if is_moving:
            form.again(req, resp, AGAIN_S)
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
            fields=_choices(job, table) if table is not None else (),
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
                configure(self._spool, job, names)
                if do == "index":
                    act(self._spool, req, job.id, "resume")
            elif do in ("pause", "resume", "undo"):
                act(self._spool, req, job.id, do)  # type: ignore[arg-type]
            else:
                raise form.unknown(do)
            form.onward(req, resp, f"{HERE}/{job.id}")


def _choices(job: Job, table: Table) -> list[tuple[str, str, str, str]]:
    """The fields with their names, the column chosen for each, and the one that it has otherwise."""
    return [(field, _label(field), job.upload.names.get(field, ""), table.fields.get(field, "")) for field in MAPPED]


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


def _token(req: Request) -> str:
    current = req.context.get("session")
    return current.token if current is not None else ""
