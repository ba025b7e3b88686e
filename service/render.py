"""Answers as the contract's JSON. What the fields are called on the wire is decided here and nowhere else."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from search.article import Article
from search.query import MAX_DEPTH
from search.results import DateFacet, Hit, Results, Stats, ValueFacet
from service import params
from service.params import Request

API = "/api/search"


def results(answer: Results, request: Request, path: str = API) -> dict[str, Any]:
    """An answer to a search."""
    return {
        "total": answer.total,
        "exact": answer.exact,
        "took_ms": answer.took_ms,
        "generation": answer.generation,
        "incomplete": list(answer.incomplete),
        "query": {
            "text": answer.query.text,
            "canonical": answer.query.canonical,
            "notes": list(answer.query.notes),
            "terms": [{"term": entry.term, "articles": entry.articles} for entry in answer.query.terms],
        },
        "did_you_mean": answer.did_you_mean,
        "hits": [{name: value for name, value in _hit(hit).items() if name in request.fields} for hit in answer.hits],
        "facets": {name: _facet(facet) for name, facet in answer.facets.items()},
        "links": links(answer, request, path),
    }


def links(answer: Results, request: Request, path: str = API) -> dict[str, str | None]:
    """Where this answer is found again, and where it goes on."""
    following: str | None = None
    if answer.cursor is not None:
        query = request.query
        by_page = query.cursor is None and query.page * query.size < MAX_DEPTH
        where = {"page": query.page + 1} if by_page else {"page": 1, "cursor": answer.cursor}
        following = params.url(path, replace(request, query=replace(query, **where)))
    return {"self": params.url(path, request), "next": following}


def _hit(hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "id": article.id,
        "title": article.title,
        "title_marks": [list(mark) for mark in hit.title_marks],
        "published": article.published,
        "source": article.source,
        "url": article.url,
        "score": hit.score,
        "person": list(article.person),
        "country": list(article.country),
        "topic": list(article.topic),
        "group": None,
        "snippets": [{"text": s.text, "marks": [list(mark) for mark in s.marks]} for s in hit.snippets],
    }


def _facet(facet: ValueFacet | DateFacet) -> dict[str, Any]:
    if isinstance(facet, DateFacet):
        return {
            "interval": facet.interval,
            "buckets": [{"start": bucket.start, "count": bucket.count} for bucket in facet.buckets],
            "missing": facet.missing,
        }
    return {
        "values": [
            {"value": entry.value, "label": entry.label, "count": entry.count, "selected": entry.selected}
            for entry in facet.values
        ],
        "distinct": facet.distinct,
        "missing": facet.missing,
    }


def article(found: Article) -> dict[str, Any]:
    """One article, whole, with the evidence for its values."""
    return {
        "id": found.id,
        "title": found.title,
        "text": found.text,
        "published": found.published,
        "published_from": found.published_from,
        "mentioned": list(found.mentioned),
        "source": found.source,
        "section": found.section,
        "url": found.url,
        "language": found.language,
        "byline": found.byline,
        "person": list(found.person),
        "country": list(found.country),
        "topic": list(found.topic),
        "evidence": {name: [asdict(entry) for entry in entries] for name, entries in found.evidence.items()},
        "group": found.group,
        "source_id": found.source_id,
        "extra": dict(found.extra),
    }


def stats(found: Stats) -> dict[str, Any]:
    """What an index holds; the number of different values under each facet's name."""
    return {
        "articles": found.articles,
        "terms": found.terms,
        "segments": found.segments,
        "bytes": found.bytes,
        "generation": found.generation,
        "distinct": dict(found.distinct),
    }
