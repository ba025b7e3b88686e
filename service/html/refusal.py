"""The error page: a sentence that explains the problem, the search box, and the way back from a form.

Browsers get it for any address that is not one of the API, other programs a problem in JSON (see `wanted`).
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from falcon import HTTPError, Request, Response

from search.errors import BadQuery, DatelineError
from search.values.query import Query
from service import params
from service.html import form, sending
from service.html.mending import READ
from service.html.templates import html
from service.http import problems
from service.settings import Settings
from service.wording.messages import gettext, mark

MAX_SHOWN = 2000
"""Characters of a refused query that are shown."""


def refuse_page(req: Request, resp: Response, error: DatelineError, settings: Settings) -> None:
    """Show the problems of a query; the form retains its valid parts."""
    status = problems.status_of(error)
    pairs = _pairs(req)
    text = next((value for name, value in pairs if name == "q"), "")
    faulty = {entry.name for entry in params.invalid_parameters(error)} if isinstance(error, BadQuery) else set()
    valid = [
        (n, v) for n, v in pairs if n in params.BY_PARAMETER and n not in faulty and n not in ("q", "page", "cursor")
    ]
    _show(req, resp, status, sending.sentences(req, error), settings, Query(text[:MAX_SHOWN]), valid)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        resp.set_header("Retry-After", str(problems.RETRY_AFTER_S))


def wanted(req: Request) -> bool:
    """True if a request prefers a page to JSON, and is not for the API."""
    accepted = [str(kind).partition(";")[0].strip().lower() for kind in req.accept.split(",")]
    return (
        "text/html" in accepted
        and req.client_prefers(("application/json", "text/html")) == "text/html"
        and not req.path.startswith("/api/")
    )


def error_page(req: Request, resp: Response, error: HTTPError, settings: Settings) -> None:
    """Show one of Falcon's errors, such as an address at which there is nothing."""
    status = HTTPStatus(error.status_code)
    _show(req, resp, status, [(problems.detail(error),)], settings)


def _show(
    req: Request, resp: Response, status: HTTPStatus, sentences: Sequence[sending.Sentence], settings: Settings,
    query: Query | None = None, hidden: Sequence[tuple[str, str]] = (),
) -> None:  # fmt: skip
    """Show a page with some sentences; a user who sent a form, or has to sign in, is led back to where they were."""
    sent = req.method == "POST"
    html(
        req,
        resp,
        "error.html",
        unread=READ,
        site=settings.site_name,
        query=query or Query(),
        hidden=hidden,
        status=status,
        heading=_heading(status, sent),
        sentences=sentences,
        back=form.back(req) if sent else form.local(req.relative_uri.removeprefix(req.root_path)),
        sent=sent,
    )
    resp.status = status.value


def _heading(status: HTTPStatus, sent: bool) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return gettext("Sign in first")
    if sent:
        return gettext("This was not done")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return gettext("The archive is unavailable")
    return gettext(_HEADINGS[status]) if status in _HEADINGS else status.phrase


_HEADINGS = {
    HTTPStatus.BAD_REQUEST: mark("Sorry, this couldn’t be read"),
    HTTPStatus.FORBIDDEN: mark("Not allowed"),
    HTTPStatus.NOT_FOUND: mark("Page not found"),
    HTTPStatus.GONE: mark("No longer available"),
    HTTPStatus.CONFLICT: mark("This has changed meanwhile"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: mark("This is too large"),
    HTTPStatus.TOO_MANY_REQUESTS: mark("Too many requests"),
    HTTPStatus.METHOD_NOT_ALLOWED: mark("Not allowed"),
}


def _pairs(req: Request) -> list[tuple[str, str]]:
    try:
        return params.split(req.query_string)
    except BadQuery:
        return []
