"""What becomes of a form: the page that follows says that it was done, or its own says why not, with what was typed.

What was done is a word in a cookie, which the next page removes: in an address, it would be said again on each reload.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeAlias

from falcon import HTTPError, Request, Response

from desk.people.holder import Scope
from search.errors import BadQuery, DatelineError
from service.html import form
from service.http import problems, session
from service.http.conditional import DONE as COOKIE
from service.resource import Resource
from service.wording.messages import gettext, mark

Sentence: TypeAlias = tuple[str, ...]
"""Why something was refused, and what to do: each is said in the language of the page where it is shown."""
LASTS_S = 60
PLACE = "done"
"""The id of the sentence on the page that follows."""
DONE = {
    "alert-made": mark("The alert was made."),
    "applied": mark("Applied. It can be undone below."),
    "corrected": mark("Corrected. It can be undone below."),
    "deleted": mark("Deleted."),
    "list-made": mark("The list was made."),
    "off": mark("Taken off the list."),
    "read": mark("Marked as read."),
    "saved": mark("The search is saved."),
    "stored": mark("Stored."),
    "snapshot": mark("It will be done. The table of jobs says when."),
    "undone": mark("Undone."),
    "waits": mark("It is kept, and will be applied in a moment. This page shows it then."),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: why, what was typed, by the names of its fields, and the names of what is wrong."""

    sentences: Sequence[Sentence]
    typed: Mapping[str, str]
    wrong: Collection[str] = ()


@contextmanager
def answering(
    req: Request,
    resp: Response,
    fields: Mapping[str, str],
    show: Callable[[], None],
    *before: str,
    by: Scope = "edit",
) -> Iterator[None]:
    """Within it, do what a form says; if it is refused, its own page is shown again.

    Args:
        show: answers with that page, for an editor; others get the page of errors.
        before: sentences before those of the error.
        by: what an editor may do here.
    """
    try:
        yield
    except (DatelineError, HTTPError) as error:
        current = req.context.get("session")
        if current is None or not current.key.permits(by):
            raise
        wrong = {each.name.rpartition(".")[2] for each in error.errors} if isinstance(error, BadQuery) else ()
        req.context.refused = Refused([*((one,) for one in before), *sentences(req, error)], fields, wrong)
        show()
        resp.status = error.status if isinstance(error, HTTPError) else problems.status_of(error).value
        resp.set_header("Cache-Control", "no-store")


class FormPage(Resource, ABC):
    """A page whose forms are sent to it.

    Attributes:
        AT: the address to go on to.
    """

    AT: ClassVar[str]

    @abstractmethod
    def on_get(self, req: Request, resp: Response) -> None:
        """Show the page."""

    def on_post(self, req: Request, resp: Response) -> None:
        """Do what a form says, and show the page again, also where it is refused."""
        fields = form.sent(req)
        with answering(req, resp, fields, partial(self.on_get, req, resp)):
            form.check_session(req, fields)
            done = self._do(req, fields)
            onward(req, resp, self._next(fields), done)

    def _next(self, _fields: Mapping[str, str]) -> str:
        """Where to go on to."""
        return self.AT

    @abstractmethod
    def _do(self, req: Request, fields: dict[str, str]) -> str:
        """Do what a form says. Returns what was done, a word of `DONE`, or "" to say nothing."""


def onward(req: Request, resp: Response, address: str, done: str) -> None:
    """Answer a form with the address to go on to, where it is said what was done."""
    if done:
        address = f"{address.partition('#')[0]}#{PLACE}"
        resp.set_cookie(
            COOKIE, done, max_age=LASTS_S, path=req.root_path or "/", secure=session.over_https(req), same_site="Strict"
        )
    form.onward(req, resp, address)


def sentences(req: Request, error: DatelineError | HTTPError) -> list[Sentence]:
    """Why something was refused."""
    if isinstance(error, BadQuery):
        return [(each.reason, each.hint) for each in error.errors]
    if isinstance(error, HTTPError):
        return [(problems.detail(error),)]
    return [(problems.sentence(error, req.context.get("id")),)]


def done(req: Request, resp: Response) -> str | None:
    """What the form did that led to a page, in words, once; None if none did."""
    text = DONE.get(req.cookies.get(COOKIE, ""))
    if text is None:
        return None
    resp.unset_cookie(COOKIE, path=req.root_path or "/", same_site="Strict")
    resp.set_header("Cache-Control", "no-store")
    return gettext(text)
