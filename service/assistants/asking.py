"""Asks the API: over HTTP of a service, or of an application in this process."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote, unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

from search.errors import DatelineError
from service import params

TIMEOUT_S = 60
MOST_BYTES = 64 << 20
"""Of an answer."""

Pairs = Sequence[tuple[str, str]]


class NotAnswered(DatelineError):
    """The API refused a question, or could not be reached; the sentence says why."""


class Asked(Protocol):
    """What answers questions.

    Attributes:
        base: the address of the pages; "" if there are none.
    """

    base: str

    def get(self, path: str, pairs: Pairs = (), authorization: str | None = None) -> Any:
        """The JSON at a path of the API. Raises NotAnswered."""
        ...


class Service:
    """A service at an address."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self.base = url.rstrip("/")
        self._authorization = f"Bearer {key}" if key else None

    def get(self, path: str, pairs: Pairs = (), authorization: str | None = None) -> Any:
        """The JSON at a path of the API. Raises NotAnswered."""
        request = urllib.request.Request(f"{self.base}{path}?{params.joined(list(pairs))}".rstrip("?"))
        if allowed := authorization or self._authorization:
            request.add_header("Authorization", allowed)
        try:
            with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
                return _read(200, answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                return _read(error.code, error.read(MOST_BYTES))
        except (OSError, ValueError) as error:
            raise NotAnswered(f"{self.base} does not answer: {error}") from None


class _Here(urllib.request.HTTPRedirectHandler):
    """Follows no redirect to another host, which would get the key."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise NotAnswered(f"{req.full_url} leads to {newurl}. Give that address, if it is meant.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_Here)

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Application:
    """An application in this process.

    Args:
        base: the address at which others reach its pages; "" if they do not.
    """

    def __init__(self, app: Wsgi, base: str = "") -> None:
        self._app = app
        self.base = base.rstrip("/")

    def get(self, path: str, pairs: Pairs = (), authorization: str | None = None) -> Any:
        """The JSON at a path of the API. Raises NotAnswered."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "REMOTE_ADDR": "127.0.0.1",
            "QUERY_STRING": params.joined(list(pairs)), "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        }  # fmt: skip
        setup_testing_defaults(environ)
        if authorization:
            environ["HTTP_AUTHORIZATION"] = authorization
        status = 500

        def start(line: str, _headers: object, _error: object = None) -> None:
            nonlocal status
            status = int(line[:3])

        parts = self._app(environ, start)
        try:
            return _read(status, b"".join(parts))
        finally:
            if (close := getattr(parts, "close", None)) is not None:
                close()


def article_path(article_id: str) -> str:
    """The path of an article."""
    return f"/api/articles/{quote(article_id, safe='')}"


def _read(status: int, body: bytes) -> Any:
    try:
        found = json.loads(body)
    except ValueError:
        raise NotAnswered(f"The answer, {status}, is not of Dateline's API.") from None
    if status < 400:
        return found
    raise NotAnswered(_sentence(found) if isinstance(found, Mapping) else f"The answer is {status}.")


def _sentence(problem: Mapping[str, Any]) -> str:
    """Why a question was refused."""
    errors = [f"{one.get('reason', '')} {one.get('hint', '')}".strip() for one in problem.get("errors") or ()]
    return " ".join(errors) or str(problem.get("detail") or problem.get("title") or "It was refused.")
