"""`/admin`: the index and its service, snapshots and keys, for administrators."""

from __future__ import annotations

from functools import partial

from falcon import Request, Response

from desk.audit.store import newest
from desk.named import MAX_NAME
from desk.people import keys
from desk.people.holder import SCOPES
from desk.people.keys import Key
from search.values.query import Query
from service.api import admin
from service.desk.people.resource import make
from service.html import form, sending
from service.html.templates import html
from service.resource import Resource
from service.wording import managing

HERE = "/admin"
JOBS = 20
ENTRIES, SHOWN = 50, 10
"""Entries of the audit log that are on the page, and those that are not folded away; all are in the file."""


class AdminPage(Resource):
    """`GET /admin`: how everything is; `POST /admin`: a form makes or revokes a key, begins a job or pauses it."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        self._show(req, resp)

    def _show(self, req: Request, resp: Response, made: tuple[Key, str] | None = None) -> None:
        html(
            req,
            resp,
            "admin.html",
            site=self._settings.site_name,
            query=Query(),
            now=admin.state(self._archive, self._settings, self._spool),
            jobs=self._spool.newest(JOBS),
            keys=keys.listed(self._archive.place),
            entries=newest(self._archive.place, ENTRIES),
            shown=SHOWN,
            scopes=SCOPES,
            named=managing,
            most_name=MAX_NAME,
            made=made,
        )
        resp.set_header("Cache-Control", "no-store")

    def on_post(self, req: Request, resp: Response) -> None:
        """Do what a form says, and show the page again."""
        fields = form.sent(req)
        with sending.answering(req, resp, fields, partial(self._show, req, resp)):
            form.check_session(req, fields)
            match fields.get("do", ""):
                case "key":  # its secret is shown here and nowhere else
                    chosen = [one for one in SCOPES if f"scope-{one}" in fields]
                    self._show(req, resp, make(self._archive, chosen, fields.get("name", "")))
                case "revoke":
                    keys.revoke(self._archive.place, fields.get("key", ""))
                    sending.onward(req, resp, HERE, "deleted")
                case "snapshot" | "check":
                    admin.begin(self._archive, self._settings, self._spool, req, fields.get("name", ""))
                    sending.onward(req, resp, HERE, "snapshot")
                case "verify" | "enrich" | "upgrade" as upkeep:
                    admin.keep_up(self._archive, self._settings, self._spool, req, upkeep)
                    sending.onward(req, resp, HERE, "snapshot")
                case "pause" | "resume" as halt:
                    self._spool.act(fields.get("job", ""), halt)
                    form.onward(req, resp, f"{HERE}#jobs")
                case do:
                    raise form.unknown(do)
