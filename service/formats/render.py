"""Results as the JSON of the API. The field names on the wire are decided only here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from search.analyses.entity import Entity, Mentioned
from search.analyses.event import DAYS, Event
from search.analyses.periods import Periods
from search.fields import FACET_NAMES, FIELDS
from search.measures.comparison import Comparison
from search.measures.cross_table import CrossTable
from search.measures.keyness import Special
from search.names.authority import NameRules
from search.system.json import Json
from search.text.tokens import fold
from search.values.article import Article, Evidence
from search.values.query import MAX_DEPTH, UNSTORED
from search.values.results import (
    DateFacet,
    Hit,
    Results,
    Scored,
    Snippet,
    Stats,
    Suggestion,
    TermCount,
    Trend,
    ValueFacet,
)
from service import params
from service.params import Request, entity_path
from service.params.facet import FacetRequest
from service.wording.evidence import why

API = "/api/search"


NameRulesOf = Callable[[str], NameRules]
"""The authority file's rules for the names of a facet: `Authority.names`."""
Items = Mapping[str, Mapping[str, str]]
"""Field → folded name → Wikidata item."""


def results(answer: Results, request: Request, rules: NameRulesOf, path: str = API, by_page: bool = False) -> Json:
    """The results of a search."""
    owned = _items((name for name in FACET_NAMES if name in request.query.fields), rules)
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
            "terms": [_term(entry) for entry in answer.query.terms],
            **({"match": answer.query.partial._asdict()} if answer.query.partial else {}),
        },
        "did_you_mean": answer.did_you_mean,
        "hits": [
            _hit(hit, request.query.fields, owned)
            | ({"missing": list(hit.missing)} if answer.query.partial else {})
            | ({"scored": [_scored(one) for one in hit.scored]} if request.query.explain else {})
            for hit in answer.hits
        ],
        "facets": {name: facet(name, counted, rules) for name, counted in answer.facets.items()},
        "links": links(answer, request, path, by_page),
    }


def _term(entry: TermCount) -> Json:
    return {"term": entry.term, "articles": entry.articles} | ({"excluded": True} if entry.excluded else {})


def _scored(one: Scored) -> Json:
    return (
        {"term": one.term, "score": one.score}
        | ({"expansion": True} if one.expansion else {})
        | ({"meaning": True} if one.meaning else {})
    )


def links(answer: Results, request: Request, path: str = API, by_page: bool = False) -> dict[str, str | None]:
    """The links to this page of results, the next and the previous one.

    The first page leads on by cursor, within one generation; a later page leads to the next page number.

    Args:
        by_page: True to use page numbers only, for a list without a cursor.
    """
    following: str | None = None
    before: str | None = None
    if request.query.page > 1:
        before = params.url(path, replace(request, query=replace(request.query, page=request.query.page - 1)))
    if answer.cursor is not None:
        query = request.query
        by_page = by_page or 1 < query.page < MAX_DEPTH / query.size
        where = {"page": query.page + 1} if by_page else {"page": 1, "cursor": answer.cursor}
        following = params.url(path, replace(request, query=replace(query, **where)))
    return {"self": params.url(path, request), "next": following, "prev": before}


def _items(names: Iterable[str], rules: NameRulesOf) -> Items:
    """The Wikidata items of the authority file, of those fields that have any."""
    return {name: items for name in names if (items := rules(name).items)}


def _wikidata(article: Article, owned: Items) -> dict[str, dict[str, str]]:
    """By field, the values of an article that have a Wikidata item, with that item."""
    found = {}
    for name, items in owned.items():
        value = getattr(article, name)
        mine = value if isinstance(value, tuple) else (value,) if value else ()
        found[name] = {one: items[key] for one in mine if (key := fold(one)) in items}
    return {name: items for name, items in found.items() if items}


def _hit(hit: Hit, fields: tuple[str, ...], owned: Items) -> Json:
    article = hit.article
    if UNSTORED.issuperset(fields):
        known = {"id": article.id, "score": hit.score, "group": _group(hit)}
        return {name: value for name, value in known.items() if name in fields}
    everything = {
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
        "group": _group(hit),
        "added": article.added,
        "changed": article.changed,
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
    }
    given = {name: everything[name] for name in everything if name in fields}
    items = _wikidata(article, owned)
    return {**given, "wikidata": items} if items else given


def _group(hit: Hit) -> Json | None:
    return None if hit.group is None else {"id": hit.group.id, "size": hit.group.size}


def similar(answer: Results, request: Request, article_id: str, rules: NameRulesOf) -> Json:
    """Similar articles; this list has no cursor."""
    if request.query.page * request.query.size >= MAX_DEPTH:
        answer = replace(answer, cursor=None)
    return results(answer, request, rules, f"/api/articles/{article_id}/similar", by_page=True)


def event(found: Event) -> Json:
    """The articles that may belong to the event of one."""
    return {
        "id": found.article.id,
        "published": found.article.published,
        "generation": found.generation,
        "incomplete": list(found.incomplete),
        "days": DAYS,
        "members": [
            {
                "id": member.article.id,
                "title": member.article.title,
                "published": member.article.published,
                "source": member.article.source,
                "score": member.score,
                "words": list(member.words),
                "person": list(member.person),
                "group": None if member.group is None else {"id": member.group.id, "size": member.group.size},
            }
            for member in found.members
        ],
        "links": {
            "self": f"/api/articles/{found.article.id}/event",
            "page": f"/article/{found.article.id}/event",
            "article": f"/api/articles/{found.article.id}",
        },
    }


def facet_links(counted: ValueFacet, request: FacetRequest) -> dict[str, str]:
    """The links to this page of a list of values, the next and the previous one."""
    listing = request.listing
    places = {"self": listing.offset}
    if listing.limit and listing.offset + listing.limit < counted.distinct:
        places["next"] = listing.offset + listing.limit
    if listing.limit and listing.offset:
        places["prev"] = max(0, listing.offset - listing.limit)
    found = {}
    for relation, offset in places.items():
        pairs = params.facet.write(replace(request, listing=replace(listing, offset=offset)))
        found[relation] = f"/api/facets/{request.field}" + (f"?{params.joined(pairs)}" if pairs else "")
    return found


def suggestions(found: Iterable[Suggestion]) -> Json:
    """The JSON of completions."""
    return {"suggestions": [entry._asdict() for entry in found]}


def trend(found: Trend) -> Json:
    """The JSON of a trend."""
    return {
        "interval": found.interval,
        "denominator": found.denominator,
        "buckets": [entry._asdict() for entry in found.buckets],
        "gaps": [entry._asdict() for entry in found.gaps],
        "missing": found.missing,
        "of_missing": found.of_missing,
    }


def special(found: Special) -> Json:
    """What is special about a result."""
    return {
        "field": found.contrast.field,
        "against": found.contrast.against,
        "total": found.total,
        "of": found.of,
        "values": [entry._asdict() for entry in found.values],
    }


def periods(found: Periods) -> Json:
    """What is special about a result in each period."""
    return {
        "by": found.by,
        "earlier": found.earlier,
        "missing": found.missing,
        "periods": [
            {
                "start": one.start,
                "end": one.end,
                "total": one.special.total,
                "of": one.special.of,
                "values": [entry._asdict() for entry in one.special.values],
            }
            for one in found.periods
        ],
    }


def comparison(found: Comparison) -> Json:
    """Queries side by side."""
    return {
        "queries": [{**query._asdict(), "notes": list(query.notes)} for query in found.queries],
        "interval": found.interval,
        "denominator": found.comparing.denominator,
        "buckets": [{"start": start, "counts": list(counts), "of": of} for start, counts, of in found.buckets],
        "of_missing": found.of_missing,
        "overlaps": [{"of": list(of), "count": count, "only": only} for of, count, only in found.overlaps],
        "differences": {
            name: [{**value._asdict(), "counts": list(value.counts)} for value in values]
            for name, values in found.differences.items()
        },
        "exact": found.exact,
    }


def entity(found: Entity, rules: NameRulesOf) -> Json:
    """The portrait of a person, country, topic, author or source."""
    owned = _items(FACET_NAMES, rules)
    return {
        "field": found.field,
        "value": found.value,
        "label": found.label,
        "wikidata": found.wikidata,
        "generation": found.generation,
        "incomplete": list(found.incomplete),
        "total": found.total,
        "names": [entry._asdict() for entry in found.names],
        "first": _mentioned(found.first),
        "last": _mentioned(found.last),
        "timeline": None if found.timeline is None else facet("date", found.timeline, rules),
        "facets": {name: facet(name, counted, rules) for name, counted in found.together.items()},
        "epithets": [{"text": said.text, "count": said.count, "q": said.query.text} for said in found.epithets],
        "newest": [_hit(hit, found.query.fields, owned) for hit in found.newest],
        "links": entity_links(found),
    }


def entity_links(found: Entity) -> dict[str, str]:
    """The links to a portrait as JSON and as a page, and to its articles as JSON and as a feed."""
    path = entity_path.written(found.field, found.value)
    return {
        "self": f"/api/entities{path}",
        "page": f"/entity{path}",
        "search": params.url(API, found.query),
        "feed": params.url("/feed.atom", replace(found.query, sort=None)),
    }


def _mentioned(found: Mentioned | None) -> Json | None:
    if found is None:
        return None
    article = found.article
    return {
        "id": article.id,
        "title": article.title,
        "published": article.published,
        "source": article.source,
        "passage": None if found.passage is None else _snippet(found.passage),
    }


def _snippet(found: Snippet) -> Json:
    return {"text": found.text, "marks": [list(mark) for mark in found.marks]}


def cross(found: CrossTable) -> Json:
    """A cross table."""
    return {
        "total": found.total,
        "axes": [
            {"by": axis.by, "found": axis.found, "values": [value._asdict() for value in axis.values]}
            for axis in found.axes
        ],
        "cells": [list(row) for row in found.cells],
        "exact": found.exact,
    }


def facet(name: str, counted: ValueFacet | DateFacet, rules: NameRulesOf) -> Json:
    """Counts of a facet; a value has its Wikidata item if the authority has one."""
    if isinstance(counted, DateFacet):
        return {
            "interval": counted.interval,
            "buckets": [{"start": bucket.start, "count": bucket.count} for bucket in counted.buckets],
            "missing": counted.missing,
        }
    items = rules(name).items
    return {
        "values": [
            {"value": entry.value, "label": entry.label, "count": entry.count, "selected": entry.selected}
            | ({"wikidata": items[key]} if items and (key := fold(entry.value)) in items else {})
            for entry in counted.values
        ],
        "distinct": counted.distinct,
        "missing": counted.missing,
    }


def article(
    found: Article,
    copies: Sequence[Article] | None = None,
    similarities: Mapping[str, float] | None = None,
    rules: NameRulesOf | None = None,
) -> Json:
    """One complete article, with the evidence for its values, and with its copies if they are given.

    Args:
        similarities: by id, its similarity and that of its copies to the article that represents their group.
    """
    record = {field.name: _plain(getattr(found, field.name)) for field in FIELDS}
    record["evidence"] = {name: [evidence(entry) for entry in entries] for name, entries in found.evidence.items()}
    if rules is not None and (items := _wikidata(found, _items(FACET_NAMES, rules))):
        record["wikidata"] = items
    if copies is not None:
        like = similarities or {}
        record["likeness"] = like.get(found.id)
        record["copies"] = [
            {
                "id": one.id,
                "title": one.title,
                "published": one.published,
                "source": one.source,
                "likeness": like.get(one.id),
            }
            for one in copies
        ]
    return record


def evidence(entry: Evidence) -> Json:
    """One piece of evidence, with its rule in words."""
    record: Json = asdict(entry)
    within = record.pop("within")
    if entry.main is None:
        del record["main"]
    return record | {"in": within if entry.start is not None else None, "why": why(entry)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def stats(found: Stats) -> Json:
    """The size of an index, and the number of distinct values of each facet."""
    return {
        "articles": found.articles,
        "terms": found.terms,
        "segments": found.segments,
        "bytes": found.bytes,
        "generation": found.generation,
        "distinct": dict(found.distinct),
    }
