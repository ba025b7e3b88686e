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

from dataclasses import dataclass

import falcon
from falcon import Request, Response

from desk.citations.changes import Changed
from desk.citations.citation import Citation
from desk.citations.result import Entry, as_json
from search.errors import BadQuery, BadValue
from service import params
from service.archive import Archive
from service.desk.citations.citing import MOST, Citing, Reopened
from service.formats import question
from service.params.operation import operation
from service.params.parameter import Parameter, decoded
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values import citation_values
from service.values.shared_values import Brief, Following, made_of

MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of the stored citations: up to so many, behind the one with an id; "" to begin."""

    after: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Reopening:
    """How a citation is opened: with the articles of then, or without."""

    articles: bool = False


LISTING = (
    Parameter("after", "string", "Continues behind the citation with this id.", Listing, "after"),
    Parameter("limit", "integer", "How many.", Listing, "limit", bounds=(1, MOST_LISTED)),
)
REOPENING = (Parameter("articles", "boolean", "Also the articles of then.", Reopening, "articles"),)


class CitationsResource(Resource):
    """`GET` and `POST /api/citations`: list the stored citations, and cite a result."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._citing = Citing(archive, settings)

    @operation(
        "citations",
        "The stored citations, the last ones first",
        citation_values.Citations,
        "Citations",
        parameters=LISTING,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        errors: list[BadValue] = []
        asked = Listing(**decoded(params.split(req.query_string), LISTING, errors))
        if not 1 <= (limit := asked.limit) <= MOST_LISTED:
            errors.append(BadValue("limit", str(limit), f"limit is {limit}.", f"It must be 1 to {MOST_LISTED:,}."))
        if errors:
            raise BadQuery(errors)
        found = self._citing.listed(asked.after, limit + 1)
        more = f"{req.root_path}/api/citations?after={found[limit - 1].id}&limit={limit}" if found[limit:] else None
        resp.media = citation_values.Citations([brief(one, req.root_path) for one in found[:limit]], Following(more))
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "cite",
        f"Cite the result of a search, of up to {MOST:,} articles; it is stored",
        citation_values.Citation,
        "It is on disk",
        status=201,
        gives={"Location": "The citation, then and now"},
        parameters=question.PARAMETERS,
        refuses={
            409: "The archive changes too fast, or the address of the citation cannot be signed",
            415: "There is a body; the question is in the address",
        },
    )
    def on_post(self, req: Request, resp: Response) -> None:
        query = question.asked(params.split(req.query_string))
        if req.content_length or req.get_header("Transfer-Encoding"):
            raise falcon.HTTPUnsupportedMediaType(
                description="The body is not read. Send the question in the address, as for /api/search."
            )
        citation = self._citing.make(query, str(req.context.key.called), has_key=True)
        resp.status = falcon.HTTP_201
        resp.media = brief(citation, req.root_path)
        resp.location = resp.media.links.self


class CitationResource(Resource):
    """`GET /api/citations/{citation_id}`: a citation, then and now."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._citing = Citing(archive, settings)

    @operation(
        "citation",
        "A cited result, then and now: what came, went and changed",
        citation_values.Reopened,
        "The citation",
        parameters=REOPENING,
        refuses={
            404: "There is no such citation",
            410: "It was removed: its question named an article that was taken down",
        },
    )
    def on_get(self, req: Request, resp: Response, citation_id: str) -> None:
        errors: list[BadValue] = []
        asked = Reopening(**decoded(params.split(req.query_string), REOPENING, errors))
        if errors:
            raise BadQuery(errors)
        resp.media = reopened(self._citing.open(citation_id), req.root_path, asked.articles)


def brief(one: Citation, root: str) -> citation_values.Citation:
    """A citation without a comparison."""
    return made_of(
        citation_values.Citation,
        one,
        order=question.read(one.question).order,
        then=citation_values.CitedResult(one.generation, one.made, one.total, one.hash),
        links=citation_values.CitationLinks(
            f"{root}/api/citations/{one.id}", f"{root}/cite/{one.id}", f"{root}/?{one.question}".removesuffix("?")
        ),
    )


def reopened(found: Reopened, root: str, articles: bool = False) -> citation_values.Reopened:
    """A citation and what its question finds now.

    Args:
        articles: True for the articles of then too, as far as they are stored.
    """
    changes, cited = found.changes, brief(found.citation, root)
    if articles:
        entries = found.citation.entries
        cited.then.articles = None if entries is None else [_cited(each) for each in entries]
    return made_of(
        citation_values.Reopened,
        cited,
        now=citation_values.CitedResult(found.generation, found.at, found.total, found.hash),
        same=found.same,
        came=None if changes is None else [Brief(*found.briefs[each.id]) for each in changes.came],
        went=None
        if changes is None
        else [citation_values.Gone(each.id, found.went.get(each.id)) for each in changes.went],
        changed=None if changes is None else [_changed(found, each) for each in changes.changed],
        added_since=found.added,
        changed_since=found.changed,
        problem=found.problem or None,
    )


def _cited(each: Entry) -> citation_values.CitedArticle:
    return citation_values.CitedArticle(**as_json(each))


def _changed(found: Reopened, each: Changed) -> citation_values.ChangedArticle:
    versions = citation_values.Versions(each.then.version, each.now.version)
    return citation_values.ChangedArticle(*found.briefs[each.now.id], versions)
