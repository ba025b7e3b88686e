"""`/sign-in` and `/sign-out`: a person shows a key once, and the browser has a session."""

from __future__ import annotations

from falcon import HTTP_303, Request, Response

from search.query import Query
from service import params, session
from service.keys import Keys
from service.page import form
from service.page.html import html
from service.settings import Settings


class SignInPage:
    """`GET /sign-in`: the form; `POST /sign-in`: begin a session."""

    def __init__(self, place: str, settings: Settings) -> None:
        self._keys = Keys(place)
        self._settings = settings

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form."""
        self._show(req, resp, form.local(dict(params.split(req.query_string)).get("next", "/")))

    on_head = on_get

    def on_post(self, req: Request, resp: Response) -> None:
        """Begin a session if the key is known."""
        fields = form.sent(req)
        onward = form.local(fields.get("next", "/"))
        key = self._keys.find(fields.get("key", "").strip())
        if key is None:
            self._show(req, resp, onward, "Unknown key. It may have been revoked, or copied incompletely.")
            resp.status = 401
            return
        session.remember(req, resp, session.begin(key))
        resp.status, resp.location = HTTP_303, f"{req.root_path}{onward}"

    def _show(self, req: Request, resp: Response, onward: str, problem: str = "") -> None:
        current = session.of(req, self._keys)
        resp.set_header("Cache-Control", "no-store")
        html(
            req,
            resp,
            "sign_in.html",
            site=self._settings.site_name,
            query=Query(),
            onward=onward,
            problem=problem,
            signed_in=current,
        )


class SignOutPage:
    """`POST /sign-out`: end the session of this browser."""

    def on_post(self, req: Request, resp: Response) -> None:
        """Remove the cookie."""
        fields = form.of_session(req)
        session.forget(req, resp)
        resp.status, resp.location = HTTP_303, f"{req.root_path}{form.local(fields.get('next', '/'))}"
