"""`/api/lists`: lists of articles. Whoever may read sees them; whoever has a key of scope `edit` changes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import falcon
from falcon import Request, Response

from desk.lists.store import MOST_ARTICLES, Entry, ListConflict, ListMissing, Lists, NamedList, id_of
from desk.named import note_of
from indexer.withheld import withdrawn
from search.engine import Engine, present_among
from search.errors import ArticleMissing, BadQuery, BadValue
from search.system.json import Json
from search.text import dates
from search.values.article import Article
from search.values.query import Query
from service import params
from service.archive import Archive
from service.desk.corrections.resource import who
from service.formats import download
from service.http.posted_body import sent_object

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
        held: its articles after a number, without those that their publishers have withdrawn.
        present: how many of its articles the index has; `missing`: how many it does not have any more.
        next: the number after which the next part begins; None if this is the last.
    """

    named: NamedList
    held: Sequence[Held]
    present: int
    missing: int
    next: int | None


class ListsResource:
    """`GET` and `POST /api/lists`: all lists, and making one."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def on_get(self, req: Request, resp: Response) -> None:
        """Return all lists, without their articles."""
        params.none(params.split(req.query_string))
        resp.media = {"lists": [as_json(each, req.root_path) for each in all_lists(self._archive)]}
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def on_post(self, req: Request, resp: Response) -> None:
        """Make a list, which may have articles from the beginning."""
        params.none(params.split(req.query_string))
        sent = sent_object(req, ("name", "about", "articles", "query"), MAX_BYTES)
        name, about = _text(sent, "name"), _text(sent, "about")
        some = _articles(self._archive.engine, sent)
        with keeping(self._archive) as lists:
            found = lists.make(name, who(req), dates.now(), about, some)
        resp.status, resp.location = falcon.HTTP_201, address(found.name, req.root_path, api=True)
        resp.media = as_json(found, req.root_path)


class ListResource:
    """`/api/lists/{name}`: one list."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def on_get(self, req: Request, resp: Response, name: str) -> None:
        """Return a list and its articles, in the order in which they were put on it."""
        part = params.part.read(params.split(req.query_string))
        found = contents(self._archive, name, part.after, part.limit)
        here = address(found.named.name, req.root_path, api=True)
        more = params.part.write(replace(part, after=found.next)) if found.next is not None else None
        media = as_json(found.named, req.root_path)
        media |= {"present": found.present, "missing": found.missing, "entries": list(map(_entry, found.held))}
        resp.media = media | {"links": {**media["links"], "next": f"{here}?{params.joined(more)}" if more else None}}
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def on_post(self, req: Request, resp: Response, name: str) -> None:
        """Put articles on a list: those that are named, or all that a query finds."""
        params.none(params.split(req.query_string))
        some = _articles(self._archive.engine, sent_object(req, ("articles", "query"), MAX_BYTES))
        with keeping(self._archive) as lists:
            added = lists.put(name, some, who(req), dates.now())
            resp.media = {"added": added, **as_json(lists.named(name), req.root_path)}

    def on_patch(self, req: Request, resp: Response, name: str) -> None:
        """Give a list another name, or say what it is about."""
        params.none(params.split(req.query_string))
        sent = sent_object(req, ("name", "about"), MAX_BYTES)
        values = {field: _text(sent, field) for field in sent}
        with keeping(self._archive) as lists:
            found = lists.change(name, who(req), dates.now(), values.get("name"), values.get("about"))
        resp.media = as_json(found, req.root_path)

    def on_delete(self, req: Request, resp: Response, name: str) -> None:
        """Remove a list; the articles stay."""
        params.none(params.split(req.query_string))
        with keeping(self._archive) as lists:
            resp.media = as_json(lists.remove(name), req.root_path)


class EntryResource:
    """`/api/lists/{name}/articles/{article_id}`: an article on a list."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def on_put(self, req: Request, resp: Response, name: str, article_id: str) -> None:
        """Put an article on a list, or change its note."""
        params.none(params.split(req.query_string))
        note = note_of(_text(sent_object(req, ("note",), MAX_BYTES, empty=True), "note"), "note")
        check_present(self._archive.engine, [id_of(article_id)])
        with keeping(self._archive) as lists:
            if not lists.put(name, {article_id: note}, who(req), dates.now()):
                lists.note(name, article_id, note, who(req), dates.now())
            resp.media = as_json(lists.named(name), req.root_path)

    def on_delete(self, req: Request, resp: Response, name: str, article_id: str) -> None:
        """Take an article off a list."""
        params.none(params.split(req.query_string))
        with keeping(self._archive) as lists:
            if not lists.take(name, [article_id], who(req), dates.now()):
                raise falcon.HTTPNotFound(description=f"“{article_id[:200]}” is not on this list.")
            resp.media = as_json(lists.named(name), req.root_path)


@contextmanager
def keeping(archive: Archive) -> Iterator[Lists]:
    """The lists of an archive, to change them."""
    _ = archive.engine  # there is an index
    with Lists(archive.place) as lists:
        yield lists


def all_lists(archive: Archive) -> tuple[NamedList, ...]:
    """All lists of an archive, by name."""
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
    present = archive.shown(ids)
    hidden = withdrawn.among(Path(archive.place), frozenset(ids) - present)
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


def as_json(named: NamedList, root: str) -> Json:
    """A list as JSON, without its articles."""
    return {
        "name": named.name,
        "about": named.about,
        "articles": named.articles,
        "made_by": named.made_by,
        "made": named.made,
        "changed_by": named.changed_by,
        "changed": named.changed,
        "links": {
            "self": address(named.name, root, api=True),
            "page": address(named.name, root),
            "search": f"{root}/api/search?{params.joined([('list', named.name)])}",
        },
    }


def _held(engine: Engine, entry: Entry, present: Collection[str]) -> Held:
    if entry.article in present:
        with suppress(ArticleMissing):  # a commit came in between
            return Held(entry, engine.article(entry.article))
    return Held(replace(entry, note=""), None)


def _entry(held: Held) -> Json:
    entry, article = held.entry, held.article
    return {
        "id": entry.article,
        "note": entry.note,
        "by": entry.by,
        "at": entry.at,
        "present": article is not None,
        "title": article.title if article is not None else None,
        "published": article.published if article is not None else None,
        "source": article.source if article is not None else None,
    }


def _text(sent: Json, name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise BadQuery([BadValue(name, "", f"{name} is not text.", "Send a string.")])
    return value


def _articles(engine: Engine, sent: Json) -> dict[str, str]:
    """The articles of a request, each with its note: the named ones, and those that its query finds."""
    found: dict[str, str] = {}
    named = sent.get("articles", [])
    if not isinstance(named, list):
        raise BadQuery([BadValue("articles", "", "articles is not a list.", 'Send ids: ["…", "…"].')])
    for one in named:
        row = {"id": one} if isinstance(one, str) else one
        if not isinstance(row, dict) or set(row) - {"id", "note"} or not all(isinstance(v, str) for v in row.values()):
            reason, hint = (
                "An article is neither an id nor one with a note.",
                'Send an id, or {"id": "…", "note": "…"}.',
            )
            raise BadQuery([BadValue("articles", str(one)[:80], reason, hint)])
        found[id_of(row.get("id", ""))] = note_of(row.get("note", ""), "note")
    if len(found) > MOST_ARTICLES:
        raise ListConflict(f"These are {len(found):,} articles, and a list has up to {MOST_ARTICLES:,}. Send fewer.")
    check_present(engine, found)
    if (text := _text(sent, "query")) or "query" in sent:
        found = dict.fromkeys(found_by(engine, download.read(text).query), "") | found
    return found
