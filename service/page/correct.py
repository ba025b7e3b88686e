"""Correcting an article on its page: what can be corrected, what has been, and `POST /article/{id}/corrections`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import falcon
from falcon import HTTP_303, Request, Response

from indexer.corrections.correction import Correction
from indexer.corrections.store import Store
from search import dates
from search.article import Article
from search.engine import Engine
from service.archive import Archive
from service.corrections import Correcting, who
from service.page import form
from service.page.filters import links
from service.session import Session
from service.spool import Spool

FIELDS = ("person", "country", "topic")
WAITS_S, LOOKS_EVERY_S = 4.0, 0.05
"""How long the page waits until a correction is applied, which takes some tenths of a second."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody who may correct an article sees beside it.

    Attributes:
        token: of the forms.
        by: the name of the key.
        values: for each field its values, as stored and as shown.
        made: the corrections of the article, the last one first.
    """

    token: str
    by: str
    values: list[tuple[str, list[tuple[str, str]]]]
    made: tuple[Correction, ...]


def desk(req: Request, engine: Engine, place: str, article: Article) -> Desk | None:
    """What to show beside an article; None to somebody who may not correct it."""
    session: Session | None = req.context.get("session")
    if session is None or not session.key.permits("edit") or "://" in place:
        return None
    made: tuple[Correction, ...] = ()
    if Store.is_in(place):
        with Store(place) as store:
            made = store.listed(article.id)[::-1]
    values = [(name, list(links(article, name, engine.name_rules(name)))) for name in FIELDS]
    return Desk(session.token, session.key.called, values, made)


class CorrectPage:
    """`POST /article/{id}/corrections`: a form of the article's page corrects one fact, or undoes a correction."""

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int) -> None:
        self._archive = archive
        self._spool = spool
        self._correcting = Correcting(archive, spool, most_waiting)

    def on_post(self, req: Request, resp: Response, article_id: str) -> None:
        """Make or undo a correction, and show the article again when it is applied."""
        fields = form.of_session(req)
        if number := fields.get("undo", ""):
            made = [self._undone(number, article_id, who(req))]
        else:
            row = {name: fields.get(name, "") for name in ("field", "action", "value", "note")}
            made = self._correcting.make([{"article": article_id, **row}], who(req))
        job = self._correcting.put(made, req)
        self._wait(job)
        resp.status, resp.location = HTTP_303, f"{req.root_path}/article/{article_id}#correct"

    def _undone(self, number: str, article_id: str, by: str) -> Correction:
        if not (number.isascii() and number.isdigit() and len(number) < 16) or not Store.is_in(self._archive.place):
            raise falcon.HTTPNotFound(description=f"No correction “{number[:20]}” is in force.")
        with Store(self._archive.place) as store:
            if int(number) not in {each.number for each in store.of(article_id)}:
                raise falcon.HTTPNotFound(description=f"No correction {number} of this article is in force.")
            return store.undo(int(number), by, dates.now())

    def _wait(self, job_id: str) -> None:
        """Wait until a job is done, but not for long: it will be, whatever happens."""
        until = time.monotonic() + WAITS_S
        while time.monotonic() < until:
            job = self._spool.job(job_id)
            if job is None or job.state in ("done", "failed"):
                return
            time.sleep(LOOKS_EVERY_S)
