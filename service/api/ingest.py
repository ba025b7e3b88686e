"""Articles posted over HTTP: spooled here, indexed by another process (see `indexing`), tracked by a job.

A worker never writes to the index. The response 202 is sent when the articles are on disk; from then on they will be
indexed whatever happens. The job reports each rejected record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

import falcon
import orjson
from falcon import Request, Response

from indexer.report import MOST_SKIPPED
from search.errors import BadQuery, BadValue
from search.fields import BY_NAME
from search.said import said
from search.system.json import Json
from search.values.article import Article
from search.values.rights import written
from service import params, seeing, spool
from service.api.uploaded_table import MOST_CHARACTERS, Table, configure, table_of
from service.archive import Archive
from service.http.posted_body import Body, check_charset, check_json, sent
from service.jobs import Job, JobMissing, JobRequest, Upload
from service.params.operation import operation
from service.params.parameter import Parameter, decoded, made
from service.resource import Resource
from service.spool import Spool
from service.values import job_values
from service.values.job_values import ON_DISK, Accepted, JobLinks, SentArticle, SentArticles, SentFile, SentLines
from service.values.shared_values import EXAMPLE, made_of

FORMS = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/jsonlines": "ndjson",
    "application/x-jsonlines": "ndjson",
}
FILES = {
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/octet-stream": "",
}
"""Files in the formats that `dateline index` reads, by the ending of their names if they have none."""
MOST_JOBS = 50
MOST_OF_EACH = 3
"""The rejected records that are named of each of several jobs."""
MAX_ACT_BYTES = 10_000
MAX_REASONS_BYTES = 600_000
"""The maximum of bytes for the rejected records that a job names, so that its response stays below a megabyte."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How articles are sent: the name of their archive."""

    collection: str = spool.COLLECTION
    name: str = ""
    names: tuple[str, ...] = ()
    paused: bool = False


COLLECTION = Parameter(
    "collection",
    "string",
    f"The name of their archive; by default {spool.COLLECTION}.",
    Sending,
    "collection",
    pattern=r"^[A-Za-z0-9._ \-]{0,100}$",
)
NAME = Parameter(
    "name",
    "string",
    "Of a file: its name, by whose ending its format is known, and articles without ids are again the same.",
    Sending,
    "name",
    pattern=r"^[^\x00-\x1f\x7f]{0,255}$",
)
NAMES = Parameter(
    "map",
    "string",
    "Of a table: field=column, what a field is called in it; may be repeated.",
    Sending,
    "names",
    repeat=True,
    example="text=Body",
)
PAUSED = Parameter(
    "paused",
    "boolean",
    "The job waits until it is resumed: of a table it shows what would be read.",
    Sending,
    "paused",
    blank=True,
)
IDEMPOTENCY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Identifies this request: sent again with the same key, it returns the same job and is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_COLLECTION = re.compile(r"[A-Za-z0-9._ -]{1,100}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
_IDEMPOTENCY = re.compile(r"[\x21-\x7e]{1,255}")


class ArticlesResource(Resource):
    """`POST /api/articles`: send articles to be indexed."""

    @operation(
        "send",
        "Send articles to be indexed",
        Accepted,
        ON_DISK,
        status=202,
        gives={"Location": "The job"},
        parameters=(COLLECTION, NAME, NAMES, PAUSED),
        headers=(IDEMPOTENCY,),
        body={
            "application/json": SentArticle | SentArticles,
            "application/x-ndjson": SentLines,
            **dict.fromkeys(FILES, SentFile),
        },
        example=EXAMPLE,
        refuses={415: "Neither JSON, JSON Lines nor a file"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        sending = _sending(req)
        form, upload = _form(req, sending)
        check_directory(self._archive)
        body = Body(req, form, self._settings.max_body_bytes)

        def check(file: Path) -> None:
            if form == "json":
                check_json(file.read_bytes())

        job = accept(
            self._spool, sender_of(req), form, sending.collection, upload, body, self._settings.spool_bytes, check,
            idempotency_of(req), lambda _: sending.paused,
        )  # fmt: skip
        accepted(req, resp, job)


class Sized(Protocol):
    """The bytes of a body; their number and digest once they have been read."""

    size: int
    digest: Any

    def chunks(self) -> Iterator[bytes]:
        """Its bytes."""
        ...


def accept(
    jobs: Spool,
    sender: str,
    form: str,
    collection: str,
    upload: Upload,
    body: Sized,
    most_waiting: int,
    check: Callable[[Path], object] = lambda _: None,
    idempotency: str | None = None,
    is_paused: Callable[[Path], bool] = lambda _: False,
) -> Job:
    """Accept articles. When this returns their job, they are on disk.

    Args:
        check: raises if the file with them is to be refused.
        is_paused: True if the job is not to begin before it is resumed.

    Raises:
        OtherBody, SpoolFull: as `Spool.put`.
    """
    job_id, target = jobs.new_id(), replace(upload, sight=written(seeing.current())).written()
    jobs.keep(job_id, body.chunks())
    try:
        check(jobs.body(job_id))
        told = "\0".join(filter(None, (collection, form, upload.written(), body.digest.hexdigest())))
        digest = sha256(told.encode()).hexdigest()
        request = JobRequest("articles", sender, digest, form, collection, target, idempotency)
        job = jobs.put(job_id, request, body.size, most_waiting, is_paused(jobs.body(job_id)))
    except BaseException:  # also an interrupt: no body without a job is left
        jobs.drop(job_id)
        raise
    if job.id != job_id:  # sent before
        jobs.drop(job_id)
    return job


class JobsResource(Resource):
    """`GET /api/jobs`: the last jobs."""

    @operation("jobs", "The last jobs that came with this key; with one of scope admin, all", job_values.Jobs)
    def on_get(self, req: Request, resp: Response) -> None:
        resp.media = job_values.Jobs([rendered(job, req.root_path, MOST_OF_EACH) for job in newest(self._spool, req)])
        resp.set_header("Cache-Control", "no-store")


class JobResource(Resource):
    """`/api/jobs/{id}`: the state and the report of a job, which may be paused, resumed and undone."""

    @operation(
        "job",
        "The state and the report of a job",
        job_values.Job,
        "The job; with counts once it is done",
        refuses={404: "No such job"},
    )
    def on_get(self, req: Request, resp: Response, job_id: str) -> None:
        job = self._spool.job(job_id)
        if job is None:
            raise JobMissing(job_id)
        shown = rendered(job, req.root_path)
        if _is_own(req, job) and (table := table_of(self._spool, job)) is not None:
            shown.table = _sent_table(table)
        resp.media = shown
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "changeJob",
        "Pause a job that sent articles, map its columns, resume it, or undo it",
        Accepted,
        "The job; of an undoing its own",
        status=202,
        gives={"Location": "The job"},
        body=job_values.DoneToJob,
        refuses={404: "No such job that came with this key", 409: "Its state does not permit it"},
    )
    def on_post(self, req: Request, resp: Response, job_id: str) -> None:
        """Undoing removes the articles that it added, and puts those back that it replaced."""
        wanted = sent(req, job_values.DoneToJob, MAX_ACT_BYTES)
        job = own(self._spool, req, job_id)
        if wanted.map:
            names = names_of([f"{field}={column}" for field, column in wanted.map.items()])
            configure(self._spool, job, names)
        accepted(req, resp, job if wanted.do == "map" else act(self._spool, req, job_id, wanted.do))


def _sent_table(table: Table) -> job_values.SentTable:
    empty = Article("none", "")
    read = [(row.article or empty, row.reason) for row in table.read]
    return job_values.SentTable(
        table.header,
        table.fields,
        table.problem,
        table.rows,
        [
            job_values.TableRecord(one.title, one.published, one.source, one.text[:MOST_CHARACTERS], reason)
            for one, reason in read
        ],
    )


def newest(jobs: Spool, req: Request) -> list[Job]:
    """The last jobs that came with the key of a request; all, if it is one of an administrator."""
    return jobs.newest(MOST_JOBS, None if req.context.key.permits("admin") else sender_of(req))


def own(jobs: Spool, req: Request, job_id: str) -> Job:
    """A job that came with the key of a request, or any, if it is one of an administrator. Raises JobMissing."""
    job = jobs.job(job_id)
    if job is None or not _is_own(req, job):
        raise JobMissing(job_id)
    return job


def _is_own(req: Request, job: Job) -> bool:
    return bool(req.context.key.permits("admin")) or job.sender == sender_of(req)


def act(jobs: Spool, req: Request, job_id: str, do: spool.Act) -> Job:
    """Pause, resume or undo a job. Returns it, or the one that undoes it. Raises JobMissing, NotNow."""
    job = own(jobs, req, job_id)
    if do != "undo":
        return jobs.act(job.id, do)
    digest = sha256(f"undo\0{job.id}".encode()).hexdigest()
    return jobs.act(job.id, do, (jobs.new_id(), JobRequest("undo", sender_of(req), digest, target=job.id)))


def rendered(job: Job, root: str, most: int = MOST_SKIPPED) -> job_values.Job:
    """A job as the API answers with it, of less than a megabyte; it has counts once it is done.

    Args:
        root: the path at which another application mounts this one.
        most: how many rejected records it names.
    """
    report = dict(job.report or {})
    if "skipped" in report:
        left = accumulate(len(orjson.dumps(entry)) for entry in report["skipped"])
        report["skipped"] = [
            entry for entry, size in zip(report["skipped"], left, strict=True) if size <= MAX_REASONS_BYTES
        ][:most]
    if "warnings" in report:
        report["warnings"] = report["warnings"][:most]
    return made_of(job_values.Job, job, **report, name=job.upload.name, links=JobLinks(f"{root}/api/jobs/{job.id}"))


def _form(req: Request, sending: Sending) -> tuple[str, Upload]:
    """The form of the articles, and how a file with them is read."""
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind not in FORMS and kind not in FILES:
        headers = {"Accept-Post": ", ".join(("application/json", "application/x-ndjson", *FILES))}
        detail = (
            f"Content-Type is “{kind}”. Send application/json, application/x-ndjson with one article per line, or a "
            "file as application/zip, text/csv or application/octet-stream."
        )
        raise falcon.HTTPUnsupportedMediaType(description=detail, headers=headers)
    if (coding := req.get_header("Content-Encoding", default="identity")) != "identity":
        raise falcon.HTTPUnsupportedMediaType(
            description=f"Content-Encoding is “{coding}”. Send articles uncompressed."
        )
    if kind in FILES:
        return FILES[kind] or "file", Upload(sending.name, names_of(sending.names))
    if sending.name or sending.names:
        wrong = "name" if sending.name else "map"
        raise BadQuery([BadValue(wrong, "", f"{kind} takes no {wrong}.", "It is for files, such as text/csv.")])
    check_charset(req)
    return FORMS[kind], Upload()


def names_of(mapped: Sequence[str]) -> dict[str, str]:
    """Field → its name in a file, of some `field=name`. Raises BadQuery."""
    names = {}
    for one in mapped:
        field, equals, name = one.partition("=")
        if not (equals and name and field in BY_NAME):
            hint = f"Give FIELD=NAME. The fields are {', '.join(BY_NAME)}."
            raise BadQuery([BadValue("map", one[:80], f"“{one[:80]}” does not map a field.", hint)])
        names[field] = name
    return names


def checked_collection(collection: str) -> str:
    """The name of a collection. Raises BadQuery."""
    if not _COLLECTION.fullmatch(collection):
        reason = said("“{collection}” is not a valid collection.", collection=collection[:120])
        hint = said("It has up to 100 letters a–z, digits, spaces and . _ -")
        raise BadQuery([BadValue("collection", collection, reason, hint)])
    return collection


def _sending(req: Request) -> Sending:
    """How articles are sent."""
    errors: list[BadValue] = []
    table = (COLLECTION, NAME, NAMES, PAUSED)
    sending = Sending(**made(decoded(params.split(req.query_string), table, errors), table, Sending))
    if sending.name and not _NAME.fullmatch(sending.name):
        reason, hint = "It is not the name of a file.", "It has up to 255 characters, without control characters."
        errors.append(BadValue("name", sending.name, reason, hint))
    if errors:
        raise BadQuery(errors)
    checked_collection(sending.collection)
    return sending


def idempotency_of(req: Request) -> str | None:
    """The idempotency key of a request. Raises falcon.HTTPBadRequest."""
    key = req.get_header("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY.fullmatch(key):
        raise falcon.HTTPBadRequest(
            description="The Idempotency-Key is not valid. It has 1 to 255 visible ASCII characters, such as a UUID."
        )
    return key


def sender_of(req: Request) -> str:
    """The id of the key of the request, which scopes idempotency keys; "" without a key."""
    key = req.context.key
    return str(key.id) if key is not None else ""


def check_directory(archive: Archive) -> None:
    """Check that the index is in a directory and can be opened. Raises IndexProblem, falcon.HTTPNotImplemented."""
    if archive.folder is None:
        raise falcon.HTTPNotImplemented(
            description=said("Articles can be sent to an index in a directory only. Use dateline index for this one.")
        )
    _ = archive.engine


def accepted(req: Request, resp: Response, job: Job) -> None:
    """Answer with a job."""
    link = f"{req.root_path}/api/jobs/{job.id}"
    resp.status = falcon.HTTP_202
    resp.media = Accepted(job.id, JobLinks(link))
    resp.location = link
