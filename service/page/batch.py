"""`/batch`: a list of names or questions is sent here, to be answered; `/batch/{job}` has the answers so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import falcon
from falcon import Request, Response

from search.analyses.batch import READS, Reads
from search.errors import DatelineError
from search.text.numbers import whole_number
from search.values.query import Query
from search.values.results import Answer, Mention
from service import batches, params
from service.api.batch import MAX_BYTES, accept, part_of, state_of
from service.api.draft_resource import decoded
from service.archive import Archive
from service.batches import Batches
from service.formats.fragment import fragment
from service.html import form
from service.html.mending import readable, unknown
from service.html.parts.chips import chips, joints
from service.html.sending import Sentence, sentences
from service.html.templates import html
from service.html.view import PageState
from service.http import problems
from service.jobs import JobMissing
from service.params.batch import Part
from service.params.parameter import Pairs
from service.resource import Resource
from service.values.job_values import MAX_LINES
from service.wording.messages import gettext, mark

ROWS = 100
AGAIN_S = 3
"""Seconds after which the page of a batch that is not done is asked for again."""
KINDS: Sequence[tuple[Reads, str]] = (
    ("name", mark("names: these words next to each other")),
    ("query", mark("questions, as in the search box")),
)
_NARROWING = frozenset(parameter.name for parameter in params.batch.SENT)


class Row(NamedTuple):
    """An answer as shown, with the URLs of its articles and of the first and the last; None if there are none."""

    answer: Answer
    url: str | None
    ends: tuple[tuple[Mention, str] | None, tuple[Mention, str] | None]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form."""

    lines: str = ""
    column: str = ""
    reads: str = "name"


class BatchesPage(Resource):
    """`GET /batch`: the form; `POST /batch`: a list is accepted."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form."""
        self._show(req, resp, Typed(), ())

    def on_post(self, req: Request, resp: Response) -> None:
        """Accept a list, and go on to its page."""
        typed = Typed()
        try:
            fields = form.uploaded(req, MAX_BYTES)
            typed = Typed(*(decoded(fields.get(name, b""), "list").strip() for name in ("lines", "column", "as")))
            reads: Reads = next((one for one in READS if one == typed.reads), "query")
            text = decoded(fields.get("file", b""), "file") or typed.lines
            lines = batches.lines_of(text, typed.column or None)
            query, _ = params.batch.read(params.split(req.query_string))
            form.onward(req, resp, f"/batch/{accept(self._archive, lines, reads, query)}")
        except (falcon.HTTPError, DatelineError) as error:
            resp.status = error.status if isinstance(error, falcon.HTTPError) else problems.status_of(error).value
            self._show(req, resp, typed, sentences(req, error))
        resp.set_header("Cache-Control", "no-store")

    def _show(self, req: Request, resp: Response, typed: Typed, refused: Sequence[Sentence]) -> None:
        (query, _), unread = readable(
            lambda some: params.batch.read([pair for pair in some if pair[0] in _NARROWING]),
            params.split(req.query_string),
            _NARROWING,
        )
        html(
            req,
            resp,
            "batch.html",
            unread=unread,
            site=self._settings.site_name,
            query=query,
            refused_for=refused,
            typed=typed,
            most=MAX_LINES,
            kinds=[(name, gettext(said), name == typed.reads) for name, said in KINDS],
            filters=_filters(self._archive, query, req.root_path),
            sends=f"{req.root_path}/batch?{params.joined(narrowing(query))}".removesuffix("?"),
        )


class BatchPage(Resource):
    """`GET /batch/{job}`: the state of a batch, and its answers."""

    def on_get(self, req: Request, resp: Response, job_id: str) -> None:
        """Show answers; a page of a batch that is not done is asked for again by the browser."""
        pairs = params.split(req.query_string)
        offset = min(next((whole_number(value) or 0 for name, value in pairs if name == "offset"), 0), MAX_LINES)
        stored, engine = Batches(self._archive.place), self._archive.engine
        asked = stored.asked(job_id)
        if asked is None:
            raise JobMissing(job_id)
        query = params.read(asked.query).query
        state = PageState(query, root=req.root_path)
        problem, done = stored.problem(job_id), stored.answered(job_id)
        current = state_of(asked, done, problem)
        here = state.at(f"/batch/{job_id}")
        if current in ("queued", "running"):
            form.again(req, resp, AGAIN_S)
        html(
            req,
            resp,
            "batch_answers.html",
            unread=unknown(pairs, ("offset",)),
            site=self._settings.site_name,
            query=Query(),
            state=current,
            problem=problem,
            answered=done,
            lines=len(asked.lines),
            filters=_filters(self._archive, query, req.root_path),
            rows=[_row(one, state) for one in part_of(stored, engine, job_id, Part(offset, ROWS))],
            beginning=here if offset else None,
            following=f"{here}?offset={offset + ROWS}" if offset + ROWS < done else None,
            file=state.at(f"/api/batch/{job_id}?format=csv"),
            api=state.at(f"/api/batch/{job_id}"),
        )
        resp.set_header("Cache-Control", "no-store")


def narrowing(query: Query) -> Pairs:
    """The parameters of a query that narrow a batch."""
    return [(name, value) for name, value in params.write(query) if name in _NARROWING]


def _filters(archive: Archive, query: Query, root: str) -> list[tuple[str, str]]:
    said = joints()
    shown = chips(PageState(query, root=root), archive.engine.authority().names)
    return [(said[chip.joint] or chip.kind, chip.text) for chip in shown]


def _row(one: Answer, state: PageState) -> Row:
    asked = params.url("", Query(one.query))

    def end(mention: Mention | None) -> tuple[Mention, str] | None:
        if mention is None:
            return None
        passage = mention.passage.removeprefix("… ").removesuffix(" …")
        return mention, state.at(f"/article/{mention.id}{asked}{fragment(passage)}")

    found = replace(state.query, text=one.query)
    return Row(one, state.to(found) if one.query and one.total else None, (end(one.first), end(one.last)))
