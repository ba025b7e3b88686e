"""`/lists` and `/lists/{name}`: lists of articles, and the forms that change them.

A form says with `do` what it does, and with `next` where to go on. What is refused is said on a page that leads back to
where the form was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from falcon import Request, Response

from desk.lists.store import ListConflict, Lists
from desk.named import MAX_NAME, MAX_NOTE
from search.engine import Engine
from search.said import said
from search.text import dates
from search.values.article import ID_PATTERN
from search.values.query import Query
from service import params, seeing
from service.desk.lists.resource import address, all_lists, check_present, contents, found_by, keeping
from service.desk.lists.stars import stars_of
from service.formats import export
from service.html import form, sending, view
from service.html.mending import number_of
from service.html.templates import html
from service.http.session import of_signed_in, who
from service.resource import Resource

PAGE = 50
"""Articles of a list on a page."""
Fields = Sequence[tuple[str, str]]


class ListsPage(Resource):
    """`GET /lists`: all lists; `POST /lists`: make one, and put articles on one from other pages."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show all lists."""
        lists = all_lists(self._archive)
        shown = [(each, address(each.name, req.root_path)) for each in lists]
        html(
            req,
            resp,
            "lists.html",
            site=self._settings.site_name,
            query=Query(),
            lists=shown,
            shares=seeing.asker().edits,
        )

    def on_post(self, req: Request, resp: Response) -> None:
        """Do what a form says, and go on to where it says, or to the list."""
        pairs = form.pairs(req)
        fields = dict(pairs)
        if fields.get("do") == "make":
            with sending.answering(req, resp, fields, partial(self.on_get, req, resp)), keeping(self._archive) as lists:
                form.check_session(req, fields)
                made = lists.make(
                    fields.get("name", ""), who(req), dates.now(), fields.get("about", ""), shared="shared" in fields
                )
                sending.onward(req, resp, address(made.name), "list-made")
            return
        onward = form.local(fields.get("next", "/lists"))
        form.check_session(req, fields)
        form.onward(req, resp, self._done(req, pairs, fields, onward))

    def _done(self, req: Request, pairs: Fields, fields: dict[str, str], onward: str) -> str:
        """Put articles on a list, or take the star off one. Returns the address to go on to."""
        by, at = who(req), dates.now()
        stars = stars_of(req.context.session.key)
        if article := fields.get("star"):
            check_present(self._archive.engine, [article])
            with keeping(self._archive) as lists:
                lists.put(stars, {article: ""}, by, at, make=True, shared=False)
            return _at(onward, article)
        if article := fields.get("unstar"):
            with keeping(self._archive) as lists:
                lists.take(stars, [article], by, at)
            return _at(onward, article)
        if "put" not in fields:
            raise form.unknown(fields.get("do", ""))
        name = fields.get("list", "").strip() or stars
        ids = self._chosen(pairs, fields)
        with keeping(self._archive) as lists:
            added = lists.put(name, dict.fromkeys(ids, fields.get("note", "")), by, at, make=True, shared=False)
            name = lists.named(name).name
        return f"{address(name)}?{urlencode({'of': len(ids), 'added': added, 'next': onward})}#{sending.PLACE}"

    def _chosen(self, pairs: Fields, fields: dict[str, str]) -> list[str]:
        """The ids of the articles that a form is about."""
        engine = self._archive.engine
        if fields["put"] == "chosen":
            ids = list(dict.fromkeys(value for name, value in pairs if name == "id"))
            if not ids:
                raise ListConflict(said("No article is chosen. Tick some of them, or keep the whole page."))
            check_present(engine, ids)
            return ids
        query = view.read(params.split(fields.get("question", ""))).query
        if fields["put"] == "result":
            return found_by(engine, query)
        return _page(engine, query, fields.get("generation", ""))


class ListPage(Resource):
    """`GET /lists/{name}`: a list; `POST /lists/{name}`: change it."""

    def on_get(self, req: Request, resp: Response, name: str) -> None:
        """Show a list and some of its articles."""
        given = dict(params.split(req.query_string))
        after = number_of(given.get("after", ""))
        found = contents(self._archive, name, after, PAGE)
        here, taken = address(found.named.name, req.root_path), [("list", found.named.name)]
        html(
            req,
            resp,
            "list.html",
            takes=("after", "added", "of", "next"),
            site=self._settings.site_name,
            query=Query(),
            named=found.named,
            contents=found,
            here=here,
            beginning=here if after else None,
            following=f"{here}?after={found.next}" if found.next is not None else None,
            this=f"{address(found.named.name)}?after={after}" if after else address(found.named.name),
            kept=_retained(given),
            back=form.local(given.get("next", "/lists")),
            within=f"{req.root_path}/?{params.joined(taken)}",
            exports=[
                (one, f"{req.root_path}/api/export?{params.joined([*taken, ('format', one)])}")
                for one in export.FORMATS
            ],
            feed=f"{req.root_path}/feed.atom?{params.joined(taken)}",
            api=address(found.named.name, req.root_path, api=True),
            edits=of_signed_in(req) is not None and (found.named.mine or seeing.asker().edits),
            shares=seeing.asker().edits,
            full=address(found.named.full),
            max_name=MAX_NAME,
            max_note=MAX_NOTE,
        )

    def on_post(self, req: Request, resp: Response, name: str) -> None:
        """Do what a form says, and show the list again."""
        fields = form.sent(req)
        with sending.answering(req, resp, fields, partial(self.on_get, req, resp, name)):
            form.check_session(req, fields)
            with keeping(self._archive) as lists:
                to, done = _changed(lists, name, fields, who(req))
            sending.onward(req, resp, to, done)


def _changed(lists: Lists, name: str, fields: dict[str, str], by: str) -> tuple[str, str]:
    """Do what a form of a list says. Returns the address to go on to, and what was done (see `sending`)."""
    onward = form.local(fields.get("next", address(name)))
    at, do, article = dates.now(), fields.get("do", ""), fields.get("id", "")
    if do == "change":
        now = lists.change(name, by, at, fields.get("name", ""), fields.get("about", ""), fields.get("before"))
        return address(now.name), "stored"
    if do in ("share", "withdraw"):
        now = lists.change(name, by, at, shared=do == "share")
        return "/lists" if now.private and not now.mine else onward, "stored"
    if do == "remove":
        lists.remove(name)
        return "/lists", "deleted"
    if do == "take":
        lists.take(name, [article], by, at)
        return onward, "off"
    if do == "note":
        lists.note(name, article, fields.get("note", ""), by, at, fields.get("before", ""))
        return onward, "stored"
    raise form.unknown(do)


def _at(onward: str, article: str) -> str:
    """An address to go on to; on a search page, that of an article there."""
    return f"{onward}#-{article}" if onward.partition("?")[0] == "/" and ID_PATTERN.fullmatch(article) else onward


def _page(engine: Engine, query: Query, generation: str) -> list[str]:
    """The ids of the articles on a page of a result, if the archive has not changed since it was shown."""
    results = engine.search(replace(query, facets=(), fields=("id",)))
    if query.cursor is None and generation != str(results.generation):
        raise ListConflict(said("The archive has changed since this page was shown. Look at it again, then keep it."))
    return [hit.article.id for hit in results.hits]


def _retained(given: dict[str, str]) -> tuple[int, int] | None:
    """How many articles have just been put on the list, and how many were to be."""
    return (number_of(given.get("added", "")), number_of(given.get("of", ""))) if "of" in given else None
