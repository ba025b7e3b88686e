"""`POST /article/{id}/corrections`: a form of the article's page corrects a fact, or undoes a correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import falcon
from falcon import Request, Response

from desk.corrections.correction import SET, Correction
from desk.corrections.store import Store
from search.errors import ArticleMissing, BadQuery, DatelineError
from search.said import said
from search.text import dates
from service import params
from service.archive import Archive
from service.desk.corrections.resource import Correcting, who
from service.html import form, view
from service.html.correcting import Refused
from service.html.mending import told
from service.http import problems
from service.http.session import of_editor
from service.spool import Spool

WAITS_S = 4.0
"""How long the page waits until a correction is applied, which takes some tenths of a second."""


Show = Callable[[Request, Response, str, Refused], None]


class CorrectPage:
    """`POST /article/{id}/corrections`.

    Args:
        show: shows the article of an id again, with what was refused.
    """

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int, show: Show) -> None:
        self._archive = archive
        self._spool = spool
        self._correcting = Correcting(archive, spool, most_waiting)
        self._show = show

    def on_post(self, req: Request, resp: Response, article_id: str) -> None:
        """Make or undo a correction, and show the article again when it is applied, or when it is refused."""
        fields = form.sent(req)
        here = view.read(params.split(req.query_string))
        try:
            form.check_session(req, fields)
            made = self._made(req, article_id, fields)
        except (DatelineError, falcon.HTTPError) as error:
            if isinstance(error, ArticleMissing) or of_editor(req) is None:
                raise
            self._refuse(req, resp, article_id, error, Refused(_sentences(req, error), fields))
            return
        try:
            job = self._correcting.put(made, req)
        except DatelineError as error:
            waiting = said("It is kept, and will be applied later.")
            self._refuse(req, resp, article_id, error, Refused([waiting, *_sentences(req, error)], {}))
            return
        self._spool.ended(job, WAITS_S)
        form.onward(req, resp, f"{view.url(f'/article/{article_id}', here)}#correct")

    def _refuse(
        self, req: Request, resp: Response, article_id: str, error: DatelineError | falcon.HTTPError, refused: Refused
    ) -> None:
        self._show(req, resp, article_id, refused)
        resp.status = error.status if isinstance(error, falcon.HTTPError) else problems.status_of(error).value
        resp.set_header("Cache-Control", "no-store")

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
        if number.isascii() and number.isdigit() and len(number) < 16 and Store.is_in(self._archive.place):
            with Store(self._archive.place) as store:
                if int(number) in {each.number for each in store.of(article_id)}:
                    return store.undo(int(number), by, dates.now())
        raise falcon.HTTPNotFound(
            description=said("Correction {number} of this article is not in force: see below.", number=number[:20])
        )


def _sentences(req: Request, error: DatelineError | falcon.HTTPError) -> list[str]:
    """Why a form was refused."""
    if isinstance(error, BadQuery):
        return [told(each) for each in error.errors]
    return [
        problems.detail(error)
        if isinstance(error, falcon.HTTPError)
        else problems.sentence(error, req.context.get("id"))
    ]
