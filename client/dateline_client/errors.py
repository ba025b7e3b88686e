"""What a request is refused with: exceptions with the server's sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx


class DatelineError(Exception):
    """The base of all errors.

    Attributes:
        status: the HTTP status; None if there was no answer.
        errors: of a bad request, what is wrong with each parameter: `parameter`, `value`, `reason`, `hint`.
    """

    def __init__(self, sentence: str, status: int | None = None, errors: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.errors = tuple(errors)


class BadRequest(DatelineError):
    """Something of the request is not valid: 400, 413, 415 or 422."""


class NotAllowed(DatelineError):
    """It needs a key, or one of another scope: 401, 403."""


class NotFound(DatelineError):
    """There is no such article, list or job, or no longer: 404, 410."""


class Busy(DatelineError):
    """The server has too much to do, even after waiting: 429, 503, 507."""


class Refused(DatelineError):
    """Any other answer that is an error."""


class Unreachable(DatelineError):
    """There was no answer."""


_KINDS: dict[int, type[DatelineError]] = {
    400: BadRequest, 413: BadRequest, 415: BadRequest, 422: BadRequest, 401: NotAllowed, 403: NotAllowed,
    404: NotFound, 410: NotFound, 429: Busy, 503: Busy, 507: Busy,
}  # fmt: skip


def of(answer: httpx.Response) -> DatelineError:
    """The exception for an answer that is an error."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    sentence = problem.get("detail") or problem.get("title") or f"{answer.status_code} {answer.reason_phrase}"
    kind = _KINDS.get(answer.status_code, Refused)
    return kind(str(sentence), answer.status_code, problem.get("errors") or ())
