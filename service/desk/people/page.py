"""`/sign-in` and `/sign-out`: a person shows a key once, or comes from a provider, and the browser has a session."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

import falcon
from falcon import HTTP_303, Request, Response

from desk.people.holder import Holder
from desk.people.keys import Keys
from search.said import said
from search.values.query import Query
from service import params
from service.archive import Archive
from service.desk.people.provider import NotSignedIn, Provider, provider_of
from service.html import form
from service.html.templates import html
from service.http import log, session
from service.http.session import Sessions
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.wording.messages import gettext

COOKIE = "dateline-sign-in"
"""What binds the answer of a provider to the browser that asked: a secret, and where to go on to."""
LASTS_S = 900
"""How long somebody may take at the provider."""
_LONGEST = 3000
"""Characters of a cookie that every browser stores."""
BACK = "/sign-in/done"


class Signing(Resource):
    """What the pages have in common."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._sessions = Sessions(archive.place, settings)
        self._provider = provider_of(settings)

    def _known_provider(self) -> Provider:
        if self._provider is None:
            raise falcon.HTTPNotFound(description=said("People do not sign in at a provider here."))
        return self._provider

    def _begin(self, req: Request, resp: Response, holder: Holder) -> None:
        """Begin a session, instead of the one that there may be."""
        if (before := self._sessions.of(req)) is not None:
            self._sessions.end(before)
        session.remember(req, resp, self._sessions.begin(holder), self._settings.session_s)

    def _show(self, req: Request, resp: Response, onward: str, problem: str = "") -> None:
        resp.set_header("Cache-Control", "no-store")
        html(
            req,
            resp,
            "sign_in.html",
            takes=("next", *_OF_PROVIDERS),
            site=self._settings.site_name,
            query=Query(),
            onward=onward,
            problem=problem,
            provider=self._provider.name if self._provider is not None else "",
        )

    def _go_on(self, req: Request, resp: Response, address: str, sentence: str, problem: str = "") -> None:
        """Answer with a page that goes on by itself, from here: a browser sends our cookie to no page that another site
        leads to, and follows no form to another one.
        """
        resp.set_header("Cache-Control", "no-store")
        html(
            req,
            resp,
            "onward.html",
            takes=_OF_PROVIDERS,
            site=self._settings.site_name,
            query=Query(),
            onward=address,
            sentence=sentence,
            problem=problem,
        )


_OF_PROVIDERS = ("code", "state", "iss", "session_state", "scope", "error", "error_description", "error_uri")
"""What a provider adds to the address to which it leads back."""


class SignInPage(Signing):
    """`GET /sign-in`: the form; `POST /sign-in`: begin a session of a key."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._keys = Keys(archive.place)

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
        self._begin(req, resp, key)
        form.onward(req, resp, onward)


class ProviderPage(Signing):
    """`GET /sign-in/provider`: go to the provider."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Send the browser there, with a secret to come back with."""
        onward = form.local(dict(params.split(req.query_string)).get("next", "/"))
        secret = secrets.token_urlsafe(32)
        try:
            address = self._known_provider().address(secret, _here(req, BACK))
        except NotSignedIn as problem:
            self._show(req, resp, onward, str(problem))
            resp.status = 502
            return
        told = urlsafe_b64encode(onward.encode()).decode()
        resp.set_cookie(
            COOKIE,
            f"{secret}.{told if len(told) <= _LONGEST else ''}",
            max_age=LASTS_S,
            path=f"{req.root_path}{BACK}",
            secure=session.over_https(req),
            http_only=True,
            same_site="Lax",  # a strict one is not sent by a browser that comes from another site
        )
        resp.set_header("Cache-Control", "no-store")
        resp.status, resp.location = HTTP_303, address


class ReturnPage(Signing):
    """`GET /sign-in/done`: come back from the provider."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Begin a session of the person whom the provider names."""
        provider = self._known_provider()
        given = req.get_cookie_values(COOKIE) or []
        secret, _, told = given[0].partition(".") if len(given) == 1 else ("", "", "")
        onward = _address(told)
        resp.unset_cookie(COOKIE, path=f"{req.root_path}{BACK}", same_site="Lax")
        try:
            if len(secret) < 32:
                raise NotSignedIn(gettext("This sign-in was begun elsewhere, or long ago. Begin again."), is_ours=False)
            person = provider.person(secret, _here(req, BACK), dict(params.split(req.query_string)))
        except NotSignedIn as problem:
            self._show(req, resp, onward, str(problem))
            resp.status = 502 if problem.is_ours else 401
            return
        self._begin(req, resp, person)
        log.line(audit="sign-in", key=person.id, request=req.context.get("id"))
        self._go_on(req, resp, f"{req.root_path}{onward}", gettext("You are signed in."))


class SignOutPage(Signing):
    """`POST /sign-out`: end the session of this browser, and at the provider."""

    def on_post(self, req: Request, resp: Response) -> None:
        """End it and remove the cookie; whose session is over is signed out already."""
        fields = form.sent(req)
        onward = form.local(fields["next"]) if "next" in fields else form.back(req)
        current: session.Session | None = req.context.get("session")
        if current is not None:
            form.check_session(req, fields)
            self._sessions.end(current)
        session.forget(req, resp)
        if current is None or self._provider is None or not current.is_of_person:
            form.onward(req, resp, onward)
            return
        told = gettext("You are signed out.")
        try:
            there = self._provider.sign_out(_here(req, "/"))
        except NotSignedIn as problem:
            self._go_on(req, resp, f"{req.root_path}{onward}", told, str(problem))
            return
        self._go_on(req, resp, there or f"{req.root_path}{onward}", told)


def _here(req: Request, path: str) -> str:
    """An address of this service, in full."""
    return f"{req.context.get('base') or req.prefix}{path}"


def _address(told: str) -> str:
    """Where to go on to, as the cookie has it; the first page if it has nothing."""
    try:
        return form.local(urlsafe_b64decode(told.encode("ascii")).decode())
    except ValueError:
        return "/"
