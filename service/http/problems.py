"""Errors as RFC 9457 problem+json: one table from error to status, one format for all of them.

{"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "No parameter “contry”. Nearest: country.",
 "errors": [{"parameter": "contry", "value": "FR", "reason": "No parameter “contry”.", "hint": "Nearest: country."}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import falcon
import orjson
from falcon import Request, Response

from desk.alerts.store import AlertConflict, AlertMissing, ArchiveMoved
from desk.citations.citation import CannotCite
from desk.citations.store import CitationGone, CitationMissing
from desk.lists.store import ListConflict, ListMissing
from desk.owned import NotYours
from desk.people.keys import KeyMissing, LastAdministrator
from desk.people.sessions import SessionMissing
from desk.replaced import ChangedMeanwhile
from desk.searches.store import SearchConflict, SearchMissing
from desk.store.opening import DeskNewer
from search.errors import (
    ArticleGone,
    ArticleMissing,
    BadAuthority,
    BadQuery,
    CannotWrite,
    CursorExpired,
    DatelineError,
    DiskFull,
    IndexDamaged,
    IndexMissing,
    IndexProblem,
    NeedsUpgrade,
    OutOfTime,
    ValueMissing,
)
from search.said import said
from search.system import disk
from search.system.json import Json
from service import params
from service.http import log
from service.jobs import JobMissing, NotNow, OtherBody, SpoolFull

STATUS: tuple[tuple[type[DatelineError], HTTPStatus], ...] = (
    (CursorExpired, HTTPStatus.GONE),
    (BadQuery, HTTPStatus.BAD_REQUEST),
    (ArticleGone, HTTPStatus.GONE),
    (ArticleMissing, HTTPStatus.NOT_FOUND),
    (ValueMissing, HTTPStatus.NOT_FOUND),
    (JobMissing, HTTPStatus.NOT_FOUND),
    (NotNow, HTTPStatus.CONFLICT),
    (BadAuthority, HTTPStatus.BAD_REQUEST),
    (CitationGone, HTTPStatus.GONE),
    (CitationMissing, HTTPStatus.NOT_FOUND),
    (CannotCite, HTTPStatus.CONFLICT),
    (ChangedMeanwhile, HTTPStatus.CONFLICT),
    (SessionMissing, HTTPStatus.NOT_FOUND),
    (ListMissing, HTTPStatus.NOT_FOUND),
    (KeyMissing, HTTPStatus.NOT_FOUND),
    (LastAdministrator, HTTPStatus.CONFLICT),
    (NotYours, HTTPStatus.FORBIDDEN),
    (SearchMissing, HTTPStatus.NOT_FOUND),
    (SearchConflict, HTTPStatus.CONFLICT),
    (AlertMissing, HTTPStatus.NOT_FOUND),
    (AlertConflict, HTTPStatus.CONFLICT),
    (ArchiveMoved, HTTPStatus.SERVICE_UNAVAILABLE),
    (ListConflict, HTTPStatus.CONFLICT),
    (OtherBody, HTTPStatus.UNPROCESSABLE_ENTITY),
    (OutOfTime, HTTPStatus.SERVICE_UNAVAILABLE),
    (DiskFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (IndexProblem, HTTPStatus.SERVICE_UNAVAILABLE),
)
WITH_DETAIL = (
    *(
        BadAuthority,
        BadQuery,
        ArticleMissing,
        ValueMissing,
        JobMissing,
        NotNow,
        CitationMissing,
        CannotCite,
        ChangedMeanwhile,
        SessionMissing,
        ListMissing,
        KeyMissing,
        LastAdministrator,
        NotYours,
        ListConflict,
        SearchMissing,
        SearchConflict,
        AlertMissing,
        AlertConflict,
        ArchiveMoved,
    ),
    *(NeedsUpgrade, OtherBody, OutOfTime, SpoolFull),
)
"""Errors whose message is sent to the client. The messages of others may name files and machines: they are logged."""
_TITLES: tuple[tuple[type[DatelineError], str], ...] = (
    (IndexMissing, said("There is no index to search. The server's log says where it is expected.")),
    (IndexDamaged, said("The index is damaged. The server's log says where.")),
    (DeskNewer, said("The index is of a newer version of Dateline: this service has to be restarted with that.")),
    (DiskFull, said("The server's disk is full. What it has accepted is not lost. Try again when there is space.")),
    (CannotWrite, said("The index cannot be written now. What was accepted is not lost. The server's log says why.")),
    (IndexProblem, said("The index cannot be used now. The server's log says why.")),
    (DatelineError, said("Dateline cannot do this. The server's log says why.")),
)
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_TEMPORARY = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE)


def status_of(error: DatelineError) -> HTTPStatus:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def sentence(error: DatelineError, request: object = None) -> str:
    """The message of an error for the client. A message that is not for the client is logged, with the request's id."""
    if isinstance(error, WITH_DETAIL):
        return error.sentence
    log.line(problem=str(error), kind=type(error).__name__, request=request)
    return next(title for kind, title in _TITLES if isinstance(error, kind))


def body(error: DatelineError, request: object = None) -> Json:
    """An error as a problem."""
    status = status_of(error)
    problem: Json = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": sentence(error, request),
    }
    if isinstance(error, BadQuery):
        problem["errors"] = [
            {"parameter": entry.name, "value": entry.value, "reason": entry.reason, "hint": entry.hint}
            for entry in params.invalid_parameters(error)
        ]
    return problem


def answer(resp: Response, problem: Json) -> None:
    """Set a response to a problem."""
    resp.status = problem["status"]
    resp.content_type = MEDIA_TYPE
    resp.data = orjson.dumps(problem)
    if problem["status"] in _TEMPORARY:
        resp.set_header("Retry-After", str(RETRY_AFTER_S))


def detail(error: falcon.HTTPError) -> str:
    """The message of one of Falcon's errors."""
    status = HTTPStatus(error.status_code)
    if error.description:
        return error.description
    known: dict[HTTPStatus, str] = {
        HTTPStatus.NOT_FOUND: said("There is nothing at this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: said(
            "This address does not support this method; Allow lists the supported ones."
        ),
    }
    return known.get(status, status.description)


def serialize(_req: Request, resp: Response, error: falcon.HTTPError) -> None:
    """Write Falcon's own errors (no such route, no such method) in the same format."""
    status = HTTPStatus(error.status_code)
    where = " /openapi.json lists the addresses." if status == HTTPStatus.NOT_FOUND and not error.description else ""
    said = detail(error) + where
    answer(resp, {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": said})


def refuse(req: Request, resp: Response, error: DatelineError, _params: Mapping[str, object]) -> None:
    """Error handler for Dateline's own errors."""
    answer(resp, body(error, req.context.get("id")))


def of_crash(req: Request, error: Exception) -> DatelineError | falcon.HTTPInternalServerError:
    """The error with which to answer an internal one, without its details; those are logged."""
    log.say(f"Request {req.context.get('id')}:\n{log.trace(error)}")
    detail = said("Dateline failed on this request; the server's log says why.")
    return disk.system_error(error) or falcon.HTTPInternalServerError(description=detail)
