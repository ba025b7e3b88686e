"""`/api/searches`: saved searches, with what is new, each found and changed by whom `desk.owned` lets."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import quote

import falcon
from falcon import Request, Response
from msgspec import UNSET

from desk.searches.store import Saved, Searches, SearchMissing, Seen
from search.engine import Engine
from search.errors import BadQuery, BadValue, IndexDamaged, OutOfTime
from search.text import dates
from search.values.query import MAX_DEPTH, Query
from service import params, seeing
from service.archive import Archive
from service.formats import question
from service.http import log
from service.http.posted_body import sent
from service.http.session import who
from service.params.operation import Place, operation
from service.resource import Resource
from service.values import search_values
from service.values.shared_values import Following, made_of

MAX_BYTES = 64 * 1024
COMMITTED_WITHIN = timedelta(minutes=10)
"""An article can be found at most so long after the time at which it was added."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A saved search with its articles: all, and those that are new to the one who asks.

    Attributes:
        query: None if the question is not valid any more; `problem` says why.
        total, new: None if there was no time to count them, or nothing to compare with.
        latest: finds those that are new; None if none is.
    """

    saved: Saved
    query: Query | None
    problem: str = ""
    total: int | None = None
    new: int | None = None
    latest: Query | None = None


_MISSING = {404: "No search has the name"}
_PLACES = {"name": Place("The name of a search.")}


class SearchesResource(Resource):
    """`GET` and `POST /api/searches`: all saved searches, and saving one."""

    @operation(
        "searches",
        "The saved searches, by name, and what is new in each to the one who asks",
        search_values.Searches,
        "The searches",
        parameters=params.part.PARAMETERS,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        part = params.part.read(params.split(req.query_string))
        found, after = counted(self._archive, looker(req), part.after, part.limit)
        more = params.part.write(replace(part, after=after)) if after is not None else None
        resp.media = search_values.Searches(
            [as_value(each, req.root_path) for each in found],
            Following(f"{req.root_path}/api/searches?{params.joined(more)}" if more else None),
        )
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "saveSearch",
        "Save a search",
        search_values.Search,
        "It is saved",
        status=201,
        gives={"Location": "The search"},
        body=search_values.SentSearch,
        example={"name": "Oil in France", "question": "q=oil&country=FR"},
        refuses={409: "Another search has the name, or there is no room"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        given = sent(req, search_values.SentSearch, MAX_BYTES)
        shared = None if given.shared is UNSET else given.shared
        made = save(self._archive, given.name, given.question, who(req), looker(req), shared)
        resp.status, resp.location = falcon.HTTP_201, address(made.name, req.root_path)
        resp.media = as_value(one(self._archive, made.name, looker(req)), req.root_path)


class SavedSearchResource(Resource):
    """`/api/searches/{name}`: one saved search."""

    places = _PLACES

    @operation("savedSearch", "A saved search", search_values.Search, "The search", refuses=_MISSING)
    def on_get(self, req: Request, resp: Response, name: str) -> None:
        resp.media = as_value(one(self._archive, name, looker(req)), req.root_path)
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "changeSearch",
        "Give a saved search another name, share it, or note that all of it has been seen",
        search_values.Search,
        "It is changed",
        body=search_values.ChangedSearch,
        example={"seen": True},
        refuses={**_MISSING, 409: "Another search has the name"},
    )
    def on_patch(self, req: Request, resp: Response, name: str) -> None:
        given = sent(req, search_values.ChangedSearch, MAX_BYTES)
        if given.seen is False:
            raise BadQuery([BadValue("seen", "false", "seen is not true.", "Send true, or leave it out.")])
        if given.name is not UNSET or given.shared is not UNSET:
            new = None if given.name is UNSET else given.name
            shared = None if given.shared is UNSET else given.shared
            with keeping(self._archive) as searches:
                changed = searches.change(name, looker(req), new, shared)
            resp.media = as_value(_counted(self._archive, [changed])[0], req.root_path)
            name = changed.name
        if given.seen is not UNSET:
            look(self._archive, name, looker(req))
        if resp.media is None or given.seen is not UNSET:
            resp.media = as_value(one(self._archive, name, looker(req)), req.root_path)

    @operation("deleteSearch", "Delete a saved search", search_values.Search, "It is deleted", refuses=_MISSING)
    def on_delete(self, req: Request, resp: Response, name: str) -> None:
        with keeping(self._archive) as searches:
            found = searches.delete(name, looker(req))
        resp.media = as_value(Counted(in_names(self._archive, found), None), req.root_path)


@contextmanager
def keeping(archive: Archive) -> Iterator[Searches]:
    """The saved searches of an archive."""
    _ = archive.engine  # there is an index
    with Searches(archive.place, asker=archive.asker) as searches:
        yield searches


def looker(req: Request) -> str:
    """Under whose name is stored what the sender has seen; of who does not see everything nobody shares it."""
    return seeing.asker().member if seeing.has_limits() else who(req)


def counted(archive: Archive, by: str, after: int, most: int) -> tuple[list[Counted], int | None]:
    """A part of the saved searches of an archive, by name, counted as far as there is time.

    Args:
        after: the number of the search before the first one; 0 to begin.
        most: how many.

    Returns:
        Them, and what `after` is for the next part; None if this is the last.
    """
    if not Searches.is_in(archive.place):
        _ = archive.engine
        return [], None
    with keeping(archive) as searches:
        listed = searches.listed(by, after, most + 1)
    part = listed[:most]
    return _counted(archive, part), part[-1].number if len(listed) > most else None


def one(archive: Archive, name: str, by: str) -> Counted:
    """A saved search. Raises SearchMissing."""
    if not Searches.is_in(archive.place):
        raise SearchMissing(name)
    with keeping(archive) as searches:
        found = searches.named(name, by)
    return _counted(archive, [found])[0]


def save(
    archive: Archive, name: str, text: str, by: str, looks: str | None = None, shared: bool | None = None
) -> Saved:
    """Save a search, which `question.given` reads, all of it seen. Raises BadQuery, SearchConflict, NotYours.

    Args:
        looks: see `looker`; `by` if it is None.
        shared: with others; None for nobody's, if the asker may edit that and it is about no private list.
    """
    asked = question.given(text)
    seen = _seen_now(archive.engine, asked)
    with keeping(archive) as searches:
        shared = False if shared is None and archive.is_private(asked) else shared
        written = params.joined(question.pairs(archive.numbered(asked)))
        return searches.save(name, written, by, dates.now(), (by if looks is None else looks, seen), shared)


def look(archive: Archive, name: str, by: str) -> None:
    """Remember that somebody has seen all of a search. Raises SearchMissing, BadQuery."""
    if not Searches.is_in(archive.place):
        raise SearchMissing(name)
    with keeping(archive) as searches:
        asked = question.read(searches.named(name, by).question)
        searches.look(name, by, _seen_now(archive.engine, asked))


def since(query: Query, seen: Seen) -> Query:
    """The articles of a search that were added since a little before somebody has seen it."""
    first, _ = query.added()
    later = first is not None and first.isoformat() > seen.at[:10]
    return replace(query, added_from=query.added_from if later else seen.at, sort="added")


def address(name: str, root: str = "") -> str:
    """The address of a saved search."""
    return f"{root}/api/searches/{quote(name, safe='')}"


def as_value(found: Counted, root: str) -> search_values.Search:
    """A saved search as the API answers with it."""
    saved = found.saved
    return made_of(
        search_values.Search,
        saved,
        seen=saved.seen.at if saved.seen is not None else None,
        total=found.total,
        new=found.new,
        problem=found.problem or None,
        links=search_values.SearchLinks(
            address(saved.name, root),
            f"{root}/api/search?{saved.question}",
            None if found.latest is None else f"{root}{params.url('/api/search', found.latest)}",
        ),
    )


def in_names(archive: Archive, saved: Saved) -> Saved:
    """A saved search, whose question has lists as who asks calls them."""
    return replace(saved, question=question.called(saved.question, archive.in_names))


def _shown(archive: Archive, found: Counted) -> Counted:
    """A saved search that was counted, with lists as who asks calls them."""
    query = found.query
    if query is None or query.list is None:
        return found
    named = archive.in_names(query)
    latest = found.latest and replace(found.latest, list=named.list)
    return replace(found, saved=in_names(archive, found.saved), query=named, latest=latest)


def _counted(archive: Archive, searches: Sequence[Saved]) -> list[Counted]:
    found = []
    engine, edition = archive.engine, archive.edition
    with engine.batch():
        for saved in searches:
            try:
                query = question.read(saved.question)
            except BadQuery as problem:  # such as a topic that the vocabulary does not have any more
                found.append(Counted(saved, None, str(problem)))
                continue
            try:
                found.append(_count(archive, edition, saved, query))
            except BadQuery as problem:  # such as a list that is gone
                found.append(Counted(saved, query, str(problem)))
            except IndexDamaged as damaged:  # of the file of a list
                log.say(str(damaged))
                found.append(Counted(saved, query, "A file of its list is damaged; the server's log names it."))
            except OutOfTime:
                found.append(Counted(saved, query))
    return [_shown(archive, one) for one in found]


def _count(archive: Archive, edition: Hashable, saved: Saved, query: Query) -> Counted:
    if saved.seen is None:
        return Counted(saved, query, total=_total(archive, edition, saved, query, ""))
    total = _total(archive, edition, saved, query, "")
    later = since(query, saved.seen)
    added = _total(archive, edition, saved, later, saved.seen.at)
    new = max(0, added - saved.seen.had)
    return Counted(saved, query, total=total, new=new, latest=_latest(archive.engine, later, new, added))


def _latest(engine: Engine, later: Query, new: int, added: int) -> Query | None:
    """What finds the last of some articles: one index is written by one process, in the order of their times."""
    if 0 < new < added and new <= MAX_DEPTH:
        (first,) = engine.search(replace(later, size=1, page=new, facets=(), snippets=False)).hits
        return replace(later, added_from=first.article.added)
    return later if new else None


def _total(archive: Archive, edition: Hashable, saved: Saved, query: Query, since_then: str) -> int:
    """How many articles a saved search has, or has got since a time."""
    engine = archive.engine
    if query.list is not None:  # which changes between commits
        return engine.totals([query])[0]
    key = saved.question, since_then, date.today()  # `-7d` means others tomorrow
    return archive.totals.get(edition, key, lambda: engine.totals([query])[0])


def _seen_now(engine: Engine, query: Query) -> Seen:
    """That everything is seen that is in the index now."""
    at = dates.now(COMMITTED_WITHIN)
    return Seen(at, engine.totals([since(query, Seen(at, 0))])[0])
