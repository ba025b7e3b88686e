"""`/searches`: saved searches with what is new in each, and the forms that save, rename and delete them.

The history of this browser's searches is below them; a script keeps it, in the browser only (`static/history.js`).
"""

from __future__ import annotations

from dataclasses import dataclass

from falcon import Request, Response

from desk.named import MAX_NAME
from search.values.query import Query
from service import params, seeing
from service.desk.searches.resource import Counted, counted, keeping, look, looker, save
from service.formats import question
from service.html import form, sending, view
from service.html.mending import number_of
from service.html.parts.chips import filters_in_words
from service.html.templates import html
from service.html.view import PageState
from service.http.session import who

HERE = "/searches"
PAGE = 50
"""How many are shown at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """A saved search as it is shown: its words and filters, the URL of its result, and that of what is new."""

    found: Counted
    text: str
    filters: list[str]
    url: str
    new_url: str


class SearchesPage(sending.FormPage):
    """`GET /searches`: saved searches; `POST /searches`: a form changes them."""

    AT = HERE

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the saved searches, and a form for another."""
        state = PageState(Query(), root=req.root_path)
        given = params.split(req.query_string)
        after, asked = number_of(dict(given).get("after", "")), question.within(given)
        found, following = counted(self._archive, looker(req), after, PAGE)
        html(
            req,
            resp,
            "searches.html",
            site=self._settings.site_name,
            takes=(*view.NAMES, "after"),
            query=asked or Query(),
            rows=[self._row(one, state) for one in found],
            beginning=f"{req.root_path}{HERE}" if after else None,
            following=f"{req.root_path}{HERE}?after={following}" if following is not None else None,
            asked=params.joined(question.pairs(asked)) if asked is not None else None,
            text=asked.text if asked is not None else "",
            filters=filters_in_words(asked, self._archive.engine.authority().names) if asked is not None else [],
            back=state.at(params.url("/", asked)) if asked is not None else None,
            shares=seeing.asker().edits,
            max_name=MAX_NAME,
        )
        resp.set_header("Cache-Control", "no-store")

    def _do(self, req: Request, fields: dict[str, str]) -> str:
        do, name, by = fields.get("do", ""), fields.get("name", ""), looker(req)
        if do == "save":
            save(self._archive, name, fields.get("question", ""), who(req), by, "shared" in fields)
            return "saved"
        if do == "seen":
            look(self._archive, name, by)
            return "read"
        if do == "rename":
            with keeping(self._archive) as searches:
                searches.change(name, by, fields.get("new", ""))
            return "stored"
        if do in ("share", "withdraw"):
            with keeping(self._archive) as searches:
                searches.change(name, by, shared=do == "share")
            return "stored"
        if do == "delete":
            with keeping(self._archive) as searches:
                searches.delete(name, by)
            return "deleted"
        raise form.unknown(do)

    def _row(self, found: Counted, state: PageState) -> Row:
        query = found.query
        if query is None:
            return Row(found, found.saved.question, [], "", "")
        filters = filters_in_words(query, self._archive.engine.authority().names)
        return Row(
            found,
            query.text,
            filters,
            state.at(params.url("/", query)),
            state.at(params.url("/", found.latest or query)),
        )
