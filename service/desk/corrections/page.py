"""`POST /article/{id}/corrections`: a form of the article's page corrects a fact, or undoes a correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import falcon
from falcon import Request, Response

from desk.corrections.correction import SET, Correction
from desk.corrections.store import Store
from search.said import said
from search.text import dates
from search.text.numbers import whole_number
from service import params
from service.archive import Archive
from service.desk.corrections.resource import Correcting
from service.html import form, sending, view
from service.http.session import who
from service.jobs import ENDED
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool

WAITS_S = 4.0
"""How long the page waits until a correction is applied, which takes some tenths of a second."""


class CorrectPage(Resource):
    """`POST /article/{id}/corrections`.

    Args:
        show: shows the article of an id.
    """

    def __init__(
        self, archive: Archive, settings: Settings, spool: Spool, show: Callable[[Request, Response, str], None]
    ) -> None:
        super().__init__(archive, settings, spool)
        self._correcting = Correcting(archive, spool, settings.spool_bytes)
        self._show = show

    def on_post(self, req: Request, resp: Response, article_id: str) -> None:
        """Make or undo a correction, and show the article again when it is applied, or when it is refused."""
        fields = form.sent(req)
        show = partial(self._show, req, resp, article_id)
        here = view.url(f"/article/{article_id}", view.read(params.split(req.query_string)))
        with sending.answering(req, resp, fields, show):
            form.check_session(req, fields)
            made = self._made(req, article_id, fields)
            with sending.answering(req, resp, {}, show, said("It is kept, and will be applied later.")):
                job = self._spool.ended(self._correcting.put(made, req), WAITS_S)
                done = "undone" if "undo" in fields else "corrected"
                sending.onward(req, resp, here, done if job is None or job.state in ENDED else "waits")

    def _made(self, req: Request, article_id: str, fields: Mapping[str, str]) -> list[Correction]:
        """Do what a form says. Returns the corrections that it has made or undone."""
        if number := fields.get("undo", ""):
            return [self._undone(number, article_id, who(req))]
        if wrong := fields.get("wrong", ""):
            field, _, value = wrong.partition(":")
            row = {"field": field, "action": "remove", "value": value}
        else:
            field = fields.get("field", "")
            row = {"field": field, "action": "set" if field in SET else "add", "value": fields.get("value", "")}
            if f"before-{field}" in fields:
                row["before"] = fields[f"before-{field}"]
        return self._correcting.make([{"article": article_id, **row, "note": fields.get("note", "")}], who(req))

    def _undone(self, number: str, article_id: str, by: str) -> Correction:
        known = whole_number(number)
        if known is not None and Store.is_in(self._archive.place):
            with Store(self._archive.place) as store:
                if known in {each.number for each in store.of(article_id)}:
                    return store.undo(known, by, dates.now())
        raise falcon.HTTPNotFound(
            description=said("Correction {number} of this article is not in force: see below.", number=number[:20])
        )
