"""`/api/citations`: cite a result, list the stored citations, and open one again.

{"id": "7c9e1b04aa52f3d1", "question": "q=oil&country=US", "order": "relevance", "by": "night desk", "same": false,
 "then": {"generation": 7, "time": "2026-11-27T02:15:00Z", "total": 3, "hash": "sha256:…"},
 "now": {"generation": 9, "time": "2026-12-01T10:00:00Z", "total": 3, "hash": "sha256:…"},
 "came": [{"id": "d", "title": "…", "published": "2026-11-30", "source": "…"}],
 "went": [{"id": "a", "why": "Article “a” was removed on 2026-11-29."}],
 "changed": [{"id": "b", "title": "…", "published": "…", "source": "…", "version": {"then": 1, "now": 2}}],
 "purged": 0, "added_since": null, "changed_since": null, "problem": null,
 "links": {"self": "…", "page": "…", "search": "…"}}
"""

from __future__ import annotations

import falcon
from falcon import Request, Response

from desk.citations.changes import Changed
from desk.citations.citation import Citation
from desk.citations.result import Entry, as_json
from search.errors import BadQuery, BadValue
from search.system.json import Json
from service import params
from service.archive import Archive
from service.desk.citations.citing import Citing, Reopened
from service.formats import question
from service.settings import Settings

MOST_LISTED = 1_000
LIMIT = 100
_NAMES = ("after", "limit")


class CitationsResource:
    """`GET` and `POST /api/citations`: list the stored citations, and cite a result."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._citing = Citing(archive, settings)

    def on_get(self, req: Request, resp: Response) -> None:
        """List citations, the last ones first."""
        after, limit = _listing(params.split(req.query_string))
        found = self._citing.listed(after, limit + 1)
        more = f"{req.root_path}/api/citations?after={found[limit - 1].id}&limit={limit}" if found[limit:] else None
        resp.media = {
            "citations": [brief(one, req.root_path) for one in found[:limit]],
            "links": {"next": more},
        }
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def on_post(self, req: Request, resp: Response) -> None:
        """Cite the result of the question in the address."""
        query = question.asked(params.split(req.query_string))
        if req.content_length or req.get_header("Transfer-Encoding"):
            raise falcon.HTTPUnsupportedMediaType(
                description="The body is not read. Send the question in the address, as for /api/search."
            )
        citation = self._citing.make(query, str(req.context.key.called), has_key=True)
        resp.status = falcon.HTTP_201
        resp.media = brief(citation, req.root_path)
        resp.location = resp.media["links"]["self"]


class CitationResource:
    """`GET /api/citations/{citation_id}`: a citation, then and now."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._citing = Citing(archive, settings)

    def on_get(self, req: Request, resp: Response, citation_id: str) -> None:
        """Compare what was found with what is found now."""
        given = params.split(req.query_string)
        wants = given == [("articles", "true")]
        if not wants:
            params.none([pair for pair in given if pair != ("articles", "false")])
        resp.media = reopened(self._citing.open(citation_id), req.root_path, wants)

    on_head = on_get


def brief(one: Citation, root: str) -> Json:
    """A citation without a comparison."""
    return {
        "id": one.id,
        "question": one.question,
        "order": question.read(one.question).order,
        "by": one.by,
        "purged": one.purged,
        "then": _state(one.generation, one.made, one.total, one.hash),
        "links": {
            "self": f"{root}/api/citations/{one.id}",
            "page": f"{root}/cite/{one.id}",
            "search": f"{root}/?{one.question}".removesuffix("?"),
        },
    }


def reopened(found: Reopened, root: str, articles: bool = False) -> Json:
    """A citation and what its question finds now.

    Args:
        articles: True for the articles of then too, as far as they are stored.
    """
    changes = found.changes
    then = brief(found.citation, root)
    if articles:
        entries = found.citation.entries
        then["then"]["articles"] = None if entries is None else [as_json(each) for each in entries]
    return then | {
        "now": _state(found.generation, found.at, found.total, found.hash),
        "same": found.same,
        "came": None if changes is None else [_brief(found, each) for each in changes.came],
        "went": None if changes is None else [{"id": e.id, "why": found.went.get(e.id)} for e in changes.went],
        "changed": None if changes is None else [_changed(found, each) for each in changes.changed],
        "added_since": found.added,
        "changed_since": found.changed,
        "problem": found.problem or None,
    }


def _state(generation: int, at: str, total: int, whole: str | None) -> Json:
    return {"generation": generation, "time": at, "total": total, "hash": whole}


def _brief(found: Reopened, each: Entry) -> Json:
    return found.briefs[each.id]._asdict()


def _changed(found: Reopened, each: Changed) -> Json:
    return {**_brief(found, each.now), "version": {"then": each.then.version, "now": each.now.version}}


def _listing(given: list[tuple[str, str]]) -> tuple[str, int]:
    errors = []
    values: dict[str, str] = {}
    for name, value in given:
        if name not in _NAMES:
            errors.append(BadValue(name, value, f"No parameter “{name}”.", f"There are: {', '.join(_NAMES)}."))
        elif (
            name == "limit"
            and value
            and not (value.isascii() and value.isdigit() and 0 < int(value[:9]) <= MOST_LISTED)
        ):
            errors.append(BadValue(name, value, f"limit is “{value[:20]}”.", f"It must be 1 to {MOST_LISTED:,}."))
        elif value:
            values[name] = value
    if errors:
        raise BadQuery(errors)
    return values.get("after", ""), int(values.get("limit", LIMIT))
