"""`/api/batch`: a list of names or questions is sent, and answered by another process (see `service.batches`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import falcon
import orjson
from falcon import Request, Response
from msgspec.structs import replace as changed

from search.analyses.batch import TOGETHER, Reads
from search.engine import Engine, present_among
from search.said import said
from search.values.query import Query
from search.values.results import Answer
from service import batches, params
from service.api.draft_resource import decoded
from service.archive import Archive
from service.batches import Asked, Batches, Slice, ends
from service.formats import takeaway
from service.formats.export import Provenance
from service.http.posted_body import check_charset, check_json, read_all
from service.jobs import JobMissing
from service.params.operation import operation
from service.params.query import write
from service.resource import Resource
from service.values import job_values
from service.values.job_values import MAX_LINES, ON_DISK, Accepted, JobLinks
from service.values.shared_values import Following

MAX_BYTES = 20_000_000


class BatchesResource(Resource):
    """`POST /api/batch`: send a batch."""

    @operation(
        "sendBatch",
        "Send a list of names or questions, to be answered one by one",
        Accepted,
        ON_DISK,
        status=202,
        gives={"Location": "The batch"},
        parameters=params.batch.SENT,
        body={"text/plain": str, "text/csv": str, "application/json": job_values.SentBatch},
        refuses={415: "Neither text nor JSON"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        query, sending = params.batch.read(params.split(req.query_string))
        batch_id = accept(self._archive, _lines(req, sending.column), sending.reads, query)
        resp.status = falcon.HTTP_202
        resp.location = f"{req.root_path}/api/batch/{batch_id}"
        resp.media = Accepted(batch_id, JobLinks(resp.location))


def accept(archive: Archive, lines: list[str], reads: Reads, query: Query) -> str:
    """Accept a batch: its id, when it is on disk.

    Raises:
        falcon.HTTPError: if there are no lines, or too many.
        SpoolFull: if too many are waiting.
    """
    if not any(map(str.strip, lines)):
        raise falcon.HTTPBadRequest(description=said("There are no lines. Send a name or a question a line."))
    if len(lines) > MAX_LINES:
        lines_, most = f"{len(lines):,}", f"{MAX_LINES:,}"
        raise falcon.HTTPContentTooLarge(
            description=said("There are {lines} lines. A batch has at most {most}: divide it.", lines=lines_, most=most)
        )
    _ = archive.engine  # there is an index
    at, owner = datetime.now(UTC).isoformat(timespec="seconds"), archive.asker
    asked = Asked(at, reads, write(archive.lasting(query)), lines, owner.member if owner is not None else "")
    return Batches(archive.place).put(asked)


class BatchResource(Resource):
    """`GET /api/batch/{job}`: the state and the answers of a batch."""

    @operation(
        "batch",
        "The state of a batch, and its answers so far",
        job_values.Batch,
        parameters=params.batch.READ,
        refuses={404: "No such batch"},
    )
    def on_get(self, req: Request, resp: Response, job_id: str) -> None:
        part = params.batch.read_part(params.split(req.query_string))
        stored, engine = Batches(self._archive.place), self._archive.engine
        asked = stored.asked(job_id)
        if asked is None:
            raise JobMissing(job_id)
        resp.set_header("Cache-Control", "no-store")
        done = stored.answered(job_id)
        if part.format == "csv":
            origin = Provenance(params.joined(asked.query), engine.generation, asked.created)
            rows = (row for found in stored.slices(job_id) for row in _shown(engine, found.answers))
            takeaway.give(req, resp, "csv", "batch", b"".join(takeaway.streamed(takeaway.batch(rows, job_id), origin)))
            return
        found = part_of(stored, engine, job_id, part)
        more = part.offset + part.limit
        following = None
        if more < len(asked.lines):
            after = params.joined(params.batch.write_part(replace(part, offset=more)))
            following = f"{req.root_path}/api/batch/{job_id}?{after}"
            resp.append_link(following, "next")
        problem = stored.problem(job_id)
        resp.media = job_values.Batch(
            job_id, state_of(asked, done, problem), asked.created, problem, len(asked.lines), done, found,
            Following(following),
        )  # fmt: skip


def state_of(asked: Asked, done: int, problem: str | None) -> job_values.State:
    """The state of a batch of which so many lines are answered."""
    if problem:
        return "failed"
    return "done" if done == len(asked.lines) else "running" if done else "queued"


def part_of(stored: Batches, engine: Engine, job_id: str, part: params.batch.Part) -> list[Answer]:
    """The answers to the lines of a part, without the articles that are no longer in the index."""
    return list(_shown(engine, list(_taken(stored.slices(job_id, part.offset // TOGETHER), part))))


def _lines(req: Request, column: str | None) -> list[str]:
    kind = (req.content_type or "text/plain").partition(";")[0].strip().lower()
    if kind not in ("text/plain", "text/csv", "application/json"):
        raise falcon.HTTPUnsupportedMediaType(
            description=f"Content-Type is “{kind}”. Send text/plain, text/csv or application/json."
        )
    check_charset(req)
    data = read_all(req, MAX_BYTES)
    if kind == "application/json":
        return _of_json(data)
    return batches.lines_of(decoded(data, "list"), column)


def _of_json(data: bytes) -> list[str]:
    check_json(data)
    value = orjson.loads(data)
    lines = value.get("lines") if isinstance(value, dict) else value
    if not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
        raise falcon.HTTPBadRequest(description='Send an object with lines: {"lines": ["…", "…"]}.')
    return lines


def _taken(slices: Iterable[Slice], part: params.batch.Part) -> Iterator[Answer]:
    """The answers to the lines of a part."""
    for found in slices:
        for one in found.answers:
            if one.line > part.offset + part.limit:
                return
            if one.line > part.offset:
                yield one


def _shown(engine: Engine, found: Collection[Answer]) -> Iterator[Answer]:
    """Answers without the articles that are no longer in the index."""
    there = present_among(engine, {one.id for answer in found for one in ends(answer)})
    for answer in found:
        first, last = (one if one is not None and one.id in there else None for one in (answer.first, answer.last))
        yield changed(answer, first=first, last=last)
