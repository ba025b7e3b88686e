"""`/api/lists`: lists of articles, each found and changed by whom `desk.owned` lets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import falcon
from falcon import Request, Response
from msgspec import UNSET, to_builtins

from desk.lists.store import Entry, ListConflict, ListMissing, Lists, NamedList, id_of
from desk.named import MOST_ARTICLES, note_of
from indexer.withheld import withdrawn
from search.engine import Engine, present_among
from search.errors import ArticleMissing
from search.text import dates
from search.values.article import Article
from search.values.query import Query
from service import params
from service.archive import Archive
from service.formats import download
from service.http.posted_body import sent
from service.http.session import who
from service.params.operation import Place, operation
from service.resource import Resource
from service.values import list_values
from service.values.shared_values import EXAMPLE, made_of

MAX_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """An article on a list, as it is now; None if the index does not have it."""

    entry: Entry
    article: Article | None


@dataclass(frozen=True, slots=True)
class Contents:
    """A list, and a part of what is on it.

    Attributes:
        held: its articles after a number, without those that their publishers have withdrawn, or that somebody who does
            not see every article does not see.
        present: how many of its articles the index has; `missing`: how many it does not have any more.
        next: the number after which the next part begins; None if this is the last.
    """

    named: NamedList
    held: Sequence[Held]
    present: int
    missing: int
    next: int | None


_CONFLICT = "Another list has the name, there is no room, or a text is not that which it was to be before"
_NO_LIST = {404: "No list has the name"}
_NOTHING = {404: "No list has the name, or no article the id"}
_PLACES = {"name": Place("The name of a list.")}


class ListsResource(Resource):
    """`GET` and `POST /api/lists`: all lists, and making one."""

    @operation("lists", "The lists of articles, by name", list_values.Lists, "The lists, without their articles")
    def on_get(self, req: Request, resp: Response) -> None:
        resp.media = list_values.Lists([as_value(each, req.root_path) for each in all_lists(self._archive)])
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "makeList",
        "Make a list",
        list_values.List,
        "It is made",
        status=201,
        gives={"Location": "The list"},
        body=list_values.SentList,
        example={"name": "Oil crisis", "articles": [EXAMPLE["id"]]},
        refuses={404: "No article has the id", 409: _CONFLICT},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        given = sent(req, list_values.SentList, MAX_BYTES)
        shared = None if given.shared is UNSET else given.shared
        some = _articles(self._archive.engine, given)
        with keeping(self._archive) as lists:
            found = lists.make(given.name, who(req), dates.now(), given.about, some, shared)
        resp.status, resp.location = falcon.HTTP_201, address(found.name, req.root_path, api=True)
        resp.media = as_value(found, req.root_path)


class ListResource(Resource):
    """`/api/lists/{name}`: one list."""

    places = _PLACES

    @operation(
        "list",
        "A list and its articles, in the order in which they were put on it",
        list_values.ListContents,
        "The list",
        parameters=params.part.PARAMETERS,
        refuses=_NO_LIST,
    )
    def on_get(self, req: Request, resp: Response, name: str) -> None:
        part = params.part.read(params.split(req.query_string))
        found = contents(self._archive, name, part.after, part.limit)
        here = address(found.named.name, req.root_path, api=True)
        more = params.part.write(replace(part, after=found.next)) if found.next is not None else None
        resp.media = made_of(
            list_values.ListContents,
            found.named,
            present=found.present,
            missing=found.missing,
            entries=list(map(_entry, found.held)),
            links=made_of(
                list_values.PartLinks,
                _links(found.named, req.root_path),
                next=f"{here}?{params.joined(more)}" if more else None,
            ),
        )
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "putOnList",
        "Put articles on a list; those that are on it stay as they are",
        list_values.List,
        "They are on it",
        body=list_values.SentArticles,
        example={"query": "q=oil&country=FR"},
        refuses={**_NOTHING, 409: _CONFLICT},
    )
    def on_post(self, req: Request, resp: Response, name: str) -> None:
        some = _articles(self._archive.engine, sent(req, list_values.SentArticles, MAX_BYTES))
        with keeping(self._archive) as lists:
            added = lists.put(name, some, who(req), dates.now())
            resp.media = as_value(lists.named(name), req.root_path)
            resp.media.added = added

    @operation(
        "changeList",
        "Give a list another name, say what it is about, or share it",
        list_values.List,
        "It is changed",
        body=list_values.ChangedList,
        example={"name": "Oil crisis of 1973"},
        refuses={**_NO_LIST, 409: _CONFLICT},
    )
    def on_patch(self, req: Request, resp: Response, name: str) -> None:
        given = to_builtins(sent(req, list_values.ChangedList, MAX_BYTES))
        with keeping(self._archive) as lists:
            found = lists.change(
                name, who(req), dates.now(), given.get("name"), given.get("about"), given.get("before"),
                given.get("shared"),
            )  # fmt: skip
        resp.media = as_value(found, req.root_path)

    @operation(
        "removeList",
        "Remove a list; its articles stay in the archive",
        list_values.List,
        "It is removed",
        refuses=_NO_LIST,
    )
    def on_delete(self, req: Request, resp: Response, name: str) -> None:
        with keeping(self._archive) as lists:
            resp.media = as_value(lists.remove(name), req.root_path)


class EntryResource(Resource):
    """`/api/lists/{name}/articles/{article_id}`: an article on a list."""

    places = _PLACES

    @operation(
        "putArticleOnList",
        "Put an article on a list, or change its note",
        list_values.List,
        "It is on it",
        body=list_values.SentNote,
        optional=True,
        example={"note": "Its first page."},
        refuses={**_NOTHING, 409: _CONFLICT},
    )
    def on_put(self, req: Request, resp: Response, name: str, article_id: str) -> None:
        given = sent(req, list_values.SentNote, MAX_BYTES, empty=True)
        note, before = note_of(given.note, "note"), None if given.before is UNSET else given.before
        check_present(self._archive.engine, [id_of(article_id)])
        with keeping(self._archive) as lists:
            if not lists.put(name, {article_id: note}, who(req), dates.now()):
                lists.note(name, article_id, note, who(req), dates.now(), before)
            resp.media = as_value(lists.named(name), req.root_path)

    @operation(
        "takeArticleOffList",
        "Take an article off a list",
        list_values.List,
        "It is not on it any more",
        refuses=_NOTHING,
    )
    def on_delete(self, req: Request, resp: Response, name: str, article_id: str) -> None:
        with keeping(self._archive) as lists:
            if not lists.take(name, [article_id], who(req), dates.now()):
                raise falcon.HTTPNotFound(description=f"“{article_id[:200]}” is not on this list.")
            resp.media = as_value(lists.named(name), req.root_path)


@contextmanager
def keeping(archive: Archive) -> Iterator[Lists]:
    """The lists of an archive, to change them."""
    _ = archive.engine  # there is an index
    with Lists(archive.place, asker=archive.asker) as lists:
        yield lists


def all_lists(archive: Archive) -> tuple[NamedList, ...]:
    """The lists of an archive that are found by who asks, by name."""
    if not Lists.is_in(archive.place):
        _ = archive.engine
        return ()
    with keeping(archive) as lists:
        return lists.listed()


def contents(archive: Archive, name: str, after: int, limit: int) -> Contents:
    """A list, and a part of what is on it. Raises ListMissing."""
    engine = archive.engine
    if not Lists.is_in(archive.place):
        raise ListMissing(name)
    with keeping(archive) as lists, lists.snapshot():
        named, ids, some = lists.named(name), lists.ids(name), lists.entries(name, after, limit + 1)
    if archive.asker is None or archive.asker.sees_all:
        present = archive.shown(ids)
        hidden = withdrawn.among(Path(archive.place), frozenset(ids) - present)
    else:  # what was removed may have been hidden from him
        present = archive.asker.there(ids)
        hidden = frozenset(ids) - present
    with engine.batch():
        held = [_held(engine, one, present) for one in some[:limit] if one.article not in hidden]
    following = some[limit - 1].number if len(some) > limit else None
    shown = replace(named, articles=len(ids) - len(hidden))
    return Contents(shown, held, len(present), len(ids) - len(present) - len(hidden), following)


def found_by(engine: Engine, query: Query) -> list[str]:
    """The ids of all articles that a query finds, newest first. Raises ListConflict if they do not fit on a list."""
    total = engine.totals([query])[0]
    if total > MOST_ARTICLES:
        raise ListConflict(
            f"This result has {total:,} articles, and a list has up to {MOST_ARTICLES:,}. Narrow the search."
        )
    return [article.id for article in engine.export(query)]


def check_present(engine: Engine, ids: Collection[str]) -> None:
    """Check that the index has some articles. Raises ArticleMissing."""
    present = present_among(engine, ids)
    for one in ids:
        if one not in present:
            raise ArticleMissing(one)


def address(name: str, root: str = "", api: bool = False) -> str:
    """The address of a list."""
    return f"{root}{'/api' if api else ''}/lists/{quote(name, safe='')}"


def as_value(named: NamedList, root: str) -> list_values.List:
    """A list as the API answers with it, without its articles."""
    return made_of(list_values.List, named, links=_links(named, root))


def _links(named: NamedList, root: str) -> list_values.ListLinks:
    within = f"{root}/api/search?{params.joined([('list', named.name)])}"
    return list_values.ListLinks(address(named.name, root, api=True), address(named.name, root), within)


def _held(engine: Engine, entry: Entry, present: Collection[str]) -> Held:
    if entry.article in present:
        with suppress(ArticleMissing):  # a commit came in between
            return Held(entry, engine.article(entry.article))
    return Held(replace(entry, note=""), None)


def _entry(held: Held) -> list_values.ListEntry:
    article = held.article
    return made_of(
        list_values.ListEntry,
        held.entry,
        id=held.entry.article,
        present=article is not None,
        title=None if article is None else article.heading,
        published=None if article is None else article.published,
        source=None if article is None else article.source,
    )


def _articles(engine: Engine, given: list_values.SentArticles | list_values.SentList) -> dict[str, str]:
    """The articles of a request, each with its note: the named ones, and those that its query finds."""
    rows = [list_values.NotedArticle(one) if isinstance(one, str) else one for one in given.articles]
    found = {id_of(row.id): note_of(row.note, "note") for row in rows}
    if len(found) > MOST_ARTICLES:
        raise ListConflict(f"These are {len(found):,} articles, and a list has up to {MOST_ARTICLES:,}. Send fewer.")
    check_present(engine, found)
    if given.query is not UNSET:
        found = dict.fromkeys(found_by(engine, download.read(given.query).query), "") | found
    return found
