"""Articles posted over HTTP: spooled here, indexed by another process (see `indexing`), tracked by a job.

A worker never writes to the index. The response 202 is sent when the articles are on disk; from then on they will be
indexed whatever happens. The job reports each rejected record.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import accumulate

import falcon
import orjson
from falcon import Request, Response

from search.errors import ArticleMissing, BadQuery, BadValue
from search.files import takedowns
from search.system.json import Json
from search.values.article import ID_PATTERN
from service import params, spool
from service.api.resources import ArticleResource
from service.archive import Archive
from service.http.posted_body import Body, check_charset, check_json
from service.spool import Job, JobMissing, Spool

FORMS = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/jsonlines": "ndjson",
    "application/x-jsonlines": "ndjson",
}
MAX_REASONS_BYTES = 600_000
"""The maximum of bytes for the rejected records that a job names, so that its response stays below a megabyte."""
FLAGS = ("block", "purge")
"""The flags of a deletion: block the id, and erase the article."""
_COLLECTION = re.compile(r"[A-Za-z0-9._ -]{1,100}")
_IDEMPOTENCY = re.compile(r"[\x21-\x7e]{1,255}")


class ArticlesResource:
    """`POST /api/articles`: send articles to be indexed."""

    def __init__(self, archive: Archive, spool: Spool, max_body_bytes: int, most_waiting: int) -> None:
        self._archive = archive
        self._spool = spool
        self._max_body_bytes = max_body_bytes
        self._most_waiting = most_waiting

    def on_post(self, req: Request, resp: Response) -> None:
        """Accept articles, and respond when they are on disk."""
        collection = _collection(req)
        form = _form(req)
        idempotency = _idempotency(req)
        _directory(self._archive)
        body = Body(req, form, self._max_body_bytes)
        job_id = self._spool.new_id()
        self._spool.keep(job_id, body.chunks())
        try:
            if form == "json":
                check_json(self._spool.body(job_id).read_bytes())
            digest = sha256(f"{collection}\0{form}\0{body.digest.hexdigest()}".encode()).hexdigest()
            request = spool.Request("articles", _sender(req), digest, form, collection, idempotency=idempotency)
            job = self._spool.put(job_id, request, body.size, self._most_waiting)
        except BaseException:  # also an interrupt: no body without a job is left
            self._spool.drop(job_id)
            raise
        if job.id != job_id:  # sent before
            self._spool.drop(job_id)
        _accepted(req, resp, job)


class WritableArticle(ArticleResource):
    """`/api/articles/{id}`: read or remove one article."""

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int) -> None:
        super().__init__(archive)
        self._writable = archive
        self._spool = spool
        self._most_waiting = most_waiting

    def on_delete(self, req: Request, resp: Response, article_id: str) -> None:
        """Queue the removal of an article, after all earlier requests. A missing article is not an error.

        If it is to be blocked, the process that is writing to the index removes it with the next commit, before its
        job's turn.
        """
        form = _flags(req)
        idempotency = _idempotency(req)
        if not ID_PATTERN.fullmatch(article_id):
            raise ArticleMissing(article_id)
        _ = self._writable.engine  # there is an index
        digest = sha256("\0".join(filter(None, ("delete", article_id, form))).encode()).hexdigest()
        request = spool.Request("delete", _sender(req), digest, form, target=article_id, idempotency=idempotency)
        job = self._spool.put(self._spool.new_id(), request, 0, self._most_waiting)
        if "block" in form.split() and job.state in ("queued", "running") and (folder := self._writable.folder):
            takedowns.ask(folder, (article_id,))
        _accepted(req, resp, job)


class JobResource:
    """`GET /api/jobs/{id}`: the state and the report of a job."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def on_get(self, req: Request, resp: Response, job_id: str) -> None:
        """Look up a job."""
        params.none(params.split(req.query_string))
        job = self._spool.job(job_id)
        if job is None:
            raise JobMissing(job_id)
        resp.media = rendered(job, req.root_path)
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get


def rendered(job: Job, root: str) -> Json:
    """A job as JSON of less than a megabyte; it has counts once it is done.

    Args:
        root: the path at which another application mounts this one.
    """
    report = dict(job.report or {})
    if "skipped" in report:
        left = accumulate(len(orjson.dumps(entry)) for entry in report["skipped"])
        report["skipped"] = [
            entry for entry, size in zip(report["skipped"], left, strict=True) if size <= MAX_REASONS_BYTES
        ]
    return {
        "id": job.id,
        "state": job.state,
        "kind": job.kind,
        "created": job.created,
        "problem": job.problem,
        **report,
        "links": {"self": f"{root}/api/jobs/{job.id}"},
    }


def _form(req: Request) -> str:
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        headers = {"Accept-Post": "application/json, application/x-ndjson"}
        detail = f"Content-Type is “{kind}”. Send application/json, or application/x-ndjson with one article per line."
        raise falcon.HTTPUnsupportedMediaType(description=detail, headers=headers)
    if (coding := req.get_header("Content-Encoding", default="identity")) != "identity":
        raise falcon.HTTPUnsupportedMediaType(
            description=f"Content-Encoding is “{coding}”. Send articles uncompressed."
        )
    check_charset(req)
    return FORMS[kind]


def _collection(req: Request) -> str:
    """The requested collection; it is the only parameter."""
    errors: list[BadValue] = []
    collection = spool.COLLECTION
    for name, value in params.split(req.query_string):
        if name != "collection":
            errors.append(BadValue(name, value, f"No parameter “{name}”.", "There is: collection."))
        elif value and not _COLLECTION.fullmatch(value):
            hint = "It has up to 100 letters a–z, digits, spaces and . _ -"
            errors.append(BadValue(name, value, f"“{value}” is not a valid collection.", f"{hint}."))
        else:
            collection = value or spool.COLLECTION
    if errors:
        raise BadQuery(errors)
    return collection


def _flags(req: Request) -> str:
    """The requested flags of a deletion."""
    errors: list[BadValue] = []
    asked = []
    for name, value in params.split(req.query_string):
        if name not in FLAGS:
            errors.append(BadValue(name, value, f"No parameter “{name}”.", f"There are: {', '.join(FLAGS)}."))
        elif value not in ("true", "false"):
            errors.append(BadValue(name, value, f"{name} is “{value}”.", "It must be true or false."))
        elif value == "true":
            asked.append(name)
    if errors:
        raise BadQuery(errors)
    return " ".join(name for name in FLAGS if name in asked)


def _idempotency(req: Request) -> str | None:
    key = req.get_header("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY.fullmatch(key):
        raise falcon.HTTPBadRequest(
            description="The Idempotency-Key is not valid. It has 1 to 255 visible ASCII characters, such as a UUID."
        )
    return key


def _sender(req: Request) -> str:
    """The id of the key of the request, which scopes idempotency keys; "" without a key."""
    key = req.context.key
    return str(key.id) if key is not None else ""


def _directory(archive: Archive) -> None:
    """Check that the index is in a directory and can be opened. Raises IndexProblem, falcon.HTTPNotImplemented."""
    if archive.folder is None:
        raise falcon.HTTPNotImplemented(
            description="Articles can be sent to an index in a directory only. Use dateline index for this one."
        )
    _ = archive.engine


def _accepted(req: Request, resp: Response, job: Job) -> None:
    link = f"{req.root_path}/api/jobs/{job.id}"
    resp.status = falcon.HTTP_202
    resp.media = {"job": job.id, "links": {"self": link}}
    resp.location = link
