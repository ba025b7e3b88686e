"""`/admin`: the index and its service, snapshots and keys, for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from falcon import Request, Response

from desk.audit.store import newest
from desk.named import MAX_NAME
from desk.people import keys
from desk.people.holder import SCOPES
from desk.people.keys import Key
from search.values.query import Query
from service import params
from service.api import admin, ingest, removals
from service.desk.people.resource import make, revoke
from service.html import form, sending
from service.html.templates import html
from service.jobs import ENDED, Job
from service.resource import Resource
from service.values.admin_values import MOST_IDS, Removal, Wanted
from service.wording import managing

HERE = "/admin"
JOB = "job"
"""The parameter that names a job whose end somebody waits for."""
AGAIN_S = 2
JOBS = 20
ENTRIES, SHOWN = 50, 10
"""Entries of the audit log that are on the page, and those that are not folded away; all are in the file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Articles that are to be taken down, if the administrator confirms it."""

    ids: Sequence[str]
    do: Wanted
    found: Removal


class AdminPage(Resource):
    """`GET /admin`: how everything is; `POST /admin`: a form makes or revokes a key, begins a job or pauses it, takes
    articles down, ends an alert.
    """

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it; as long as the job that a form has begun is not done, the browser asks for the page again."""
        watched = self._spool.job(dict(params.split(req.query_string)).get(JOB, ""))
        if watched is not None and watched.state not in ENDED:
            form.again(req, resp, AGAIN_S)
        self._show(req, resp, watched=watched)

    def _show(
        self,
        req: Request,
        resp: Response,
        made: tuple[Key, str] | None = None,
        asked: Asked | None = None,
        watched: Job | None = None,
    ) -> None:
        html(
            req,
            resp,
            "admin.html",
            site=self._settings.site_name,
            query=Query(),
            now=admin.state(self._archive, self._settings, self._spool),
            jobs=self._spool.newest(JOBS),
            rendered=partial(ingest.rendered, root=req.root_path, most=0),  # it has each count, whatever the kind
            keys=keys.listed(self._archive.place),
            entries=newest(self._archive.place, ENTRIES),
            shown=SHOWN,
            scopes=SCOPES,
            named=managing,
            most_name=MAX_NAME,
            made=made,
            asked=asked,
            watched=watched,
            takes=(JOB,),
            most_ids=MOST_IDS,
            flags_of=removals.FLAGS_OF,
        )
        resp.set_header("Cache-Control", "no-store")

    def on_post(self, req: Request, resp: Response) -> None:
        """Do what a form says, and show the page again."""
        fields = _fields(req)
        with sending.answering(req, resp, fields, partial(self._show, req, resp)):
            form.check_session(req, fields)
            match fields.get("do", ""):
                case "key":  # its secret is shown here and nowhere else
                    chosen = [one for one in SCOPES if f"scope-{one}" in fields]
                    self._show(req, resp, make(self._archive, chosen, fields.get("name", "")))
                case "revoke":
                    revoke(self._archive, self._settings, fields.get("key", ""))
                    sending.onward(req, resp, HERE, "deleted")
                case "remove" | "block" | "purge" | "unblock" as wanted:
                    self._take_down(req, resp, wanted, fields)
                case "end-alert":
                    admin.end_alert(self._archive, fields.get("alert", ""))
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

    def _take_down(self, req: Request, resp: Response, do: Wanted, fields: Mapping[str, str]) -> None:
        """Ask if it is to be done, with what would be; or do it, if that was confirmed."""
        ids = removals.ids_of([*fields.get("ids", "").splitlines(), *removals.ids_in(fields.get("file", ""))])
        if "sure" not in fields:
            self._show(req, resp, asked=Asked(ids, do, removals.look(self._archive, ids, do)))
            return
        job = removals.begin(self._archive, self._settings, self._spool, req, ids, removals.FLAGS_OF[do])
        form.onward(req, resp, f"{HERE}?{JOB}={job.id}")


def _fields(req: Request) -> dict[str, str]:
    """The fields of a form, of which one may have a file. Raises falcon.HTTPError."""
    if not (req.content_type or "").startswith(form.UPLOAD):
        return form.sent(req)
    sent = form.uploaded(req, removals.MAX_BYTES)
    return {name: data.decode("utf-8-sig", "replace") for name, data in sent.items()}  # what is no text is no id
