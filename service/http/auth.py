"""Authorization: the scope that each route and method needs, and the key of a request.

Reading is open unless `require_key` is set; writing always needs a key. An unknown key is refused wherever a key
matters, so that a typo is not mistaken for open access.

| | no key | no such key | `read` | `index` | `edit` | `admin` |
| read, open | 200 | 401 | 200 | 200 | 200 | 200 |
| read, `require_key` | 401 | 401 | 200 | 200 | 200 | 200 |
| articles | 401 | 401 | 403 | 2xx | 403 | 2xx |
| corrections | 401 | 401 | 403 | 403 | 2xx | 2xx |
| lists, searches, alerts | 401 | 401 | 2xx | 2xx | 2xx | 2xx |
| a job | 401 | 401 | 403 | 200 | 200 | 200 |
| uploads, jobs | 401 | 401 | 403 | 2xx | 403 | 2xx |

People sign in on a page with a key (see `session`), or serve the index themselves (see `own_desk`): then the cookie, or
the connection, replaces a key, for reading and for the forms of pages. A browser or a feed reader may also send its
key as the password of Basic authentication, for reading only: credentials that a browser sends by itself must not be
able to change anything, unless a form proves where it is from.
"""

from __future__ import annotations

import base64

import falcon
from falcon import Request, Response

from desk.people.holder import Person, Scope
from desk.people.keys import Key, Keys
from service.http.callers import SignedInAtProxy
from service.http.own_desk import OwnDesk
from service.http.session import Session, Sessions

READING = ("GET", "HEAD")
OPEN = frozenset(
    {
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/docs",
        "/feeds",
        "/opensearch.xml",
        "/robots.txt",
        "/sign-in",
        "/sign-in/provider",
        "/sign-in/done",
        "/sign-out",
    }
)
"""Routes that reveal nothing about the archive; files under /static are not routes."""
OF_WRITERS = frozenset({"/api/jobs/{job_id}"})
"""Routes that are read by clients that write."""
FORMS = frozenset(
    {
        "/article/{article_id}/corrections",
        "/lists",
        "/lists/{name}",
        "/names",
        "/searches",
        "/alerts",
        "/rights",
        "/admin",
        "/sign-out",
        "/upload",
        "/upload/{job_id}",
    }
)
"""Routes that take the forms of pages: they check that a form is from a page of its session."""
OPEN_PAGES = frozenset({"/sign-in", "/sign-in/provider", "/docs", "/feeds"})
"""Pages among the open routes, which also say who has signed in."""
OF_EDITORS = frozenset({
    "/api/corrections", "/api/corrections/{number}", "/article/{article_id}/corrections",
    "/api/authority", "/names",
})  # fmt: skip
"""Routes at which people change what the archive knows, not what is in it."""
OF_PEOPLE = frozenset({
    "/api/lists", "/api/lists/{name}", "/api/lists/{name}/articles/{article_id}", "/lists", "/lists/{name}",
    "/api/searches", "/api/searches/{name}", "/searches",
    "/api/alerts", "/api/alerts/{name}", "/alerts",
})  # fmt: skip
"""Routes at which anyone who has signed in has something of his own; what others see needs more (`desk.owned`)."""

OF_INDEXERS = frozenset({"/api/jobs", "/upload", "/upload/{job_id}"})
"""Routes at which articles are sent, and at which it is seen what became of them."""
OF_ADMINS = frozenset({
    "/api/rights", "/rights", "/api/audit", "/api/admin", "/admin", "/api/snapshots", "/api/keys", "/api/keys/{name}",
    "/api/admin/alerts/{number}", "/api/removals",
    "/api/people", "/api/people/{person:path}", "/api/sessions", "/api/sessions/{session_id}",
})  # fmt: skip
"""Routes at which it is decided who may see what, and of all that is otherwise done with commands."""
READING_POSTS = frozenset({"/api/draft", "/draft", "/cite", "/api/batch", "/batch"})
"""Routes that are sent something and change nothing of the archive; `/cite` does, for a form of scope edit."""
FOR_EDITORS = frozenset({"/api/citations"})
"""Routes that only editors read."""


def needed(route: str, method: str) -> tuple[Scope, ...]:
    """The scopes of which a method of a route needs one; none if it needs no key."""
    if route in OPEN:
        return ()
    if route in OF_WRITERS and method in READING:
        return ("index", "edit")
    if route in OF_ADMINS:
        return ("admin",)
    if route in OF_INDEXERS:
        return ("index",)
    if route in FOR_EDITORS:
        return ("edit",)
    if _reads(route, method):
        return ("read",)
    if route in OF_PEOPLE:
        return ("read", "edit")
    return ("edit",) if route in OF_EDITORS else ("index",)


def _reads(route: str, method: str) -> bool:
    """True if a method of a route changes nothing."""
    return method in READING or route in READING_POSTS


class Authorization:
    """Passes a request on to its resource, or responds with 401 or 403; puts the key into `req.context.key`.

    Args:
        desk: that of the user who serves, if it is open to him without a key.
        elsewhere: tells who has signed in at a proxy, and so may read.
    """

    def __init__(
        self,
        keys: Keys,
        sessions: Sessions,
        require_key: bool,
        desk: OwnDesk | None = None,
        elsewhere: SignedInAtProxy | None = None,
    ) -> None:
        self._keys = keys
        self._sessions = sessions
        self._desk = desk
        self._require_key = require_key
        self._elsewhere = elsewhere

    def process_resource(self, req: Request, _resp: Response, resource: object, _params: dict[str, str]) -> None:
        """Falcon calls it when the route is known."""
        req.context.key = None
        req.context.session = None
        req.context.user = self._elsewhere.of(req) if self._elsewhere is not None else None
        if not hasattr(resource, f"on_{req.method.lower()}"):  # 405, or the response to OPTIONS
            return
        scopes = needed(req.uri_template or "", req.method)
        if not scopes:
            if req.uri_template in FORMS | OPEN_PAGES:
                req.context.session = self._session(req)
            return
        wanted = " or ".join(scopes)
        open_to_all = scopes == ("read",) and not (self._require_key and req.context.user is None)
        if req.get_header("Authorization") is None:
            if self._signed_in(req, scopes, wanted) or open_to_all:
                return
            raise _unauthorized(req, _how(req, wanted))
        key = self.known(req)
        if key is None:
            raise _unauthorized(req, _refusal(req, wanted))
        if not open_to_all and not any(map(key.permits, scopes)):
            detail = f"This key has the scope {' and '.join(key.scopes)}; this needs {wanted}. Use another key."
            raise falcon.HTTPForbidden(description=detail)
        req.context.key = key

    def _signed_in(self, req: Request, scopes: tuple[Scope, ...], wanted: str) -> bool:
        """Take the session of a request, if it has one that counts here; True if its key permits the request.

        A browser sends the cookie by itself, so it counts for reading, and for forms, which prove where they are from.
        """
        route = req.uri_template or ""
        if not (_reads(route, req.method) or route in FORMS):
            return False
        current = self._session(req)
        if current is None:
            return False
        req.context.session, req.context.key = current, current.key
        if any(map(current.key.permits, scopes)):
            return True
        scope = " and ".join(current.key.scopes)
        if isinstance(current.key, Person):
            detail = f"You are signed in as {current.key.name}, with the scope {scope}; this needs {wanted}."
        else:
            detail = f"You are signed in with a key of scope {scope}; this needs {wanted}. Sign in with another."
        raise falcon.HTTPForbidden(description=detail)

    def _session(self, req: Request) -> Session | None:
        """The session of a request: one that was begun with a key, or that of the user who serves."""
        return self._sessions.of(req) or (self._desk.session(req) if self._desk is not None else None)

    def known(self, req: Request) -> Key | None:
        """The key of a request, looked up once; None if it has none, or an unknown one."""
        scheme, shown = _shown(req)
        if scheme != "bearer" and not (scheme == "basic" and _reads(req.uri_template or "", req.method)):
            return None
        if "found" not in req.context:
            req.context.found = self._keys.find(shown if scheme == "bearer" else _password(shown))
        found: Key | None = req.context.found
        return found


def _shown(req: Request) -> tuple[str, str]:
    """The scheme of the Authorization header, in lower case, and what follows it."""
    scheme, _, rest = (req.get_header("Authorization") or "").strip().partition(" ")
    return scheme.lower(), rest.strip()


def _refusal(req: Request, wanted: str) -> str:
    """Why what a request shows is no key here."""
    if _shown(req)[0] == "basic" and not _reads(req.uri_template or "", req.method):
        return f"Basic authentication is for reading only. {_how(req, wanted)}"
    return "Unknown key. It may have been revoked, or copied incompletely."


def _password(encoded: str) -> str:
    """The password of Basic authentication; "" if there is none."""
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")[2]
    except ValueError:  # not base64, or not UTF-8
        return ""


def _how(req: Request, wanted: str) -> str:
    """What to do without a key: people sign in, programs send one."""
    if req.uri_template in FORMS or ("text/html" in req.accept and not req.path.startswith("/api/")):
        return f"You are not signed in, or no longer. Sign in with a key of scope {wanted}."
    return f"This needs a key of scope {wanted}. Send it: Authorization: Bearer KEY."


def _unauthorized(req: Request, detail: str) -> falcon.HTTPUnauthorized:
    basic = _reads(req.uri_template or "", req.method) and not req.path.startswith("/api/")
    challenge = 'Basic realm="Dateline", charset="UTF-8"' if basic else 'Bearer realm="Dateline"'
    return falcon.HTTPUnauthorized(description=detail, challenges=[challenge])
