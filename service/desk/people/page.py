"""`/sign-in` and `/sign-out`: a person shows a key once, and the browser has a session."""

from __future__ import annotations

from falcon import Request, Response

from desk.people.keys import Keys
from search.values.query import Query
from service import params
from service.archive import Archive
from service.html import form
from service.html.templates import html
from service.http import session
from service.http.session import Sessions
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.wording.messages import gettext


class SignInPage(Resource):
    """`GET /sign-in`: the form; `POST /sign-in`: begin a session."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._keys = Keys(archive.place)
        self._sessions = Sessions(archive.place)

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form."""
        asked = dict(params.split(req.query_string))
        self._show(req, resp, form.local(asked["next"]) if "next" in asked else form.back(req))

    def on_post(self, req: Request, resp: Response) -> None:
        """Begin a session if the key is known."""
        fields = form.sent(req)
        onward = form.local(fields.get("next", "/"))
        key = self._keys.find(fields.get("key", "").strip())
        if key is None:
            self._show(req, resp, onward, gettext("Unknown key. It may have been revoked, or copied incompletely."))
            resp.status = 401
            return
        if (before := self._sessions.of(req)) is not None:
            self._sessions.end(before)
        session.remember(req, resp, self._sessions.begin(key))
        form.onward(req, resp, onward)

    def _show(self, req: Request, resp: Response, onward: str, problem: str = "") -> None:
        resp.set_header("Cache-Control", "no-store")
        html(
            req,
            resp,
            "sign_in.html",
            takes=("next",),
            site=self._settings.site_name,
            query=Query(),
            onward=onward,
            problem=problem,
        )


class SignOutPage(Resource):
    """`POST /sign-out`: end the session of this browser."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._sessions = Sessions(archive.place)

    def on_post(self, req: Request, resp: Response) -> None:
        """End it and remove the cookie; whose session is over is signed out already."""
        fields = form.sent(req)
        if (current := req.context.get("session")) is not None:
            form.check_session(req, fields)
            self._sessions.end(current)
        session.forget(req, resp)
        form.onward(req, resp, form.local(fields["next"]) if "next" in fields else form.back(req))
