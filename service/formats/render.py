"""Results as the values of the API. The field names on the wire are decided only in `service.values`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from msgspec import UNSET, Struct, UnsetType, structs

from search.analyses.concordance import Concordance
from search.analyses.entity import Entity, Mentioned
from search.analyses.event import DAYS, Event
from search.analyses.periods import Periods
from search.fields import FACET_NAMES, FIELDS
from search.measures.comparison import Comparison
from search.measures.cooccurrence import Pairs
from search.measures.keyness import Special
from search.names.authority import NameRules
from search.system.json import Json
from search.text.tokens import fold
from search.values.article import Article, Evidence, changed
from search.values.query import MAX_DEPTH, Query
from search.values.results import DateFacet, Hit, Results, Stats, ValueFacet
from service import params
from service.params import Request, entity_path
from service.params.facet import FacetRequest
from service.values import article_values, result_values
from service.values.shared_values import Following, made_of, naming
from service.wording.evidence import why

API = "/api/search"
NameRulesOf = Callable[[str], NameRules]
"""The authority file's rules for the names of a facet: `Authority.names`."""
Items = Mapping[str, Mapping[str, str]]
"""Field → folded name → Wikidata item."""


def results(
    answer: Results, request: Request, rules: NameRulesOf, path: str = API, by_page: bool = False, root: str = ""
) -> result_values.Results:
    """The results of a search.

    Args:
        path: of the address, below the one at which another application mounts this one (`root`).
    """
    owned = _items((name for name in FACET_NAMES if name in request.query.fields), rules)
    partial = answer.query.partial is not None
    return made_of(
        result_values.Results,
        answer,
        hits=[_hit(hit, request.query, owned, partial) for hit in answer.hits],
        facets={name: facet(name, counted, rules) for name, counted in answer.facets.items()},
        links=links(answer, request, path, by_page, root),
    )


def links(
    answer: Results, request: Request, path: str = API, by_page: bool = False, root: str = ""
) -> result_values.Links:
    """The links to this page of results, the next and the previous one.

    The first page leads on by cursor, within one generation; a later page leads to the next page number.

    Args:
        by_page: True to use page numbers only, for a list without a cursor.
    """
    query = request.query

    def to(**changes: Any) -> str:
        return root + params.url(path, replace(request, query=replace(query, **changes)))

    following: str | None = None
    if answer.cursor is not None:
        by_page = by_page or 1 < query.page < MAX_DEPTH / query.size
        following = to(page=query.page + 1) if by_page else to(page=1, cursor=answer.cursor)
    before = to(page=query.page - 1) if query.page > 1 else None
    return result_values.Links(root + params.url(path, request), following, before)


def _items(names: Iterable[str], rules: NameRulesOf) -> Items:
    """The Wikidata items of the authority file, of those fields that have any."""
    return {name: items for name in names if (items := rules(name).items)}


def _wikidata(article: Article, owned: Items) -> result_values.Items | UnsetType:
    """By field, the values of an article that have a Wikidata item, with that item; UNSET if there are none."""
    found = {}
    for name, items in owned.items():
        value = getattr(article, name)
        mine = value if isinstance(value, tuple) else (value,) if value else ()
        found[name] = {one: items[key] for one in mine if (key := fold(one)) in items}
    return {name: items for name, items in found.items() if items} or UNSET


def _hit(hit: Hit, query: Query, owned: Items, partial: bool = False) -> result_values.Hit:
    own = {name: getattr(hit, name) for name in ("id", "score", "group", "title_marks", "snippets")}
    return result_values.Hit(
        **{name: own[name] if name in own else getattr(hit.article, name) for name in query.fields},
        wikidata=_wikidata(hit.article, owned) if owned else UNSET,
        missing=hit.missing if partial else UNSET,
        scored=hit.scored if query.explain else UNSET,
    )


def similar(
    answer: Results, request: Request, article_id: str, rules: NameRulesOf, root: str = ""
) -> result_values.Results:
    """Similar articles; this list has no cursor."""
    if request.query.page * request.query.size >= MAX_DEPTH:
        answer = replace(answer, cursor=None)
    return results(answer, request, rules, f"/api/articles/{article_id}/similar", by_page=True, root=root)


def event(found: Event, root: str = "") -> article_values.Event:
    """The articles that may belong to the event of one."""
    api, page = f"{root}/api/articles/{found.article.id}", f"{root}/article/{found.article.id}"
    return made_of(
        article_values.Event,
        found,
        id=found.article.id,
        published=found.article.published,
        days=DAYS,
        members=[
            naming(
                article_values.Member, one.article, score=one.score, words=one.words, person=one.person, group=one.group
            )
            for one in found.members
        ],
        links=article_values.EventLinks(f"{api}/event", f"{page}/event", api),
    )


def facet_links(counted: ValueFacet, request: FacetRequest, root: str = "") -> dict[str, str]:
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
        found[relation] = f"{root}/api/facets/{request.field}" + (f"?{params.joined(pairs)}" if pairs else "")
    return found


def special(found: Special, periods: Periods | None = None) -> result_values.Special:
    """What is special about a result, and in each period."""
    whole = made_of(result_values.Special, found, field=found.contrast.field, against=found.contrast.against)
    if found.contrast.than is not None:
        whole.than = found.contrast.than
    if periods is not None:
        whole.by, whole.earlier, whole.missing = periods.by, periods.earlier, periods.missing
        whole.incomplete = periods.incomplete
        whole.periods = [
            made_of(result_values.Period, one.special, start=one.start, end=one.end) for one in periods.periods
        ]
    return whole


def concordance(found: Concordance, following: str | None = None) -> result_values.Concordance:
    """Occurrences of a query's words.

    Args:
        following: the address of the next page.
    """
    return made_of(result_values.Concordance, found, links=Following(following))


def pairs(found: Pairs) -> result_values.Pairs:
    """Pairs of values."""
    return made_of(result_values.Pairs, found, fields=found.pairing.fields, measure=found.pairing.measure)


def comparison(found: Comparison) -> result_values.Comparison:
    """Queries side by side."""
    return made_of(result_values.Comparison, found, denominator=found.comparing.denominator)


def entity(found: Entity, rules: NameRulesOf, root: str = "") -> article_values.Entity:
    """The portrait of a person, country, topic, author or source."""
    owned = _items(FACET_NAMES, rules)
    return made_of(
        article_values.Entity,
        found,
        first=_mention(found.first),
        last=_mention(found.last),
        timeline=None if found.timeline is None else facet("date", found.timeline, rules),
        facets={name: facet(name, counted, rules) for name, counted in found.together.items()},
        epithets=[article_values.Epithet(said.text, said.count, said.query.text) for said in found.epithets],
        newest=[_hit(hit, found.query, owned) for hit in found.newest],
        links=entity_links(found, root),
    )


def entity_links(found: Entity, root: str = "") -> article_values.EntityLinks:
    """The links to a portrait as JSON and as a page, and to its articles as JSON and as a feed."""
    path = entity_path.written(found.field, found.value)
    return article_values.EntityLinks(
        f"{root}/api/entities{path}",
        f"{root}/entity{path}",
        root + params.url(API, found.query),
        root + params.url("/feed.atom", replace(found.query, sort=None)),
    )


def _mention(found: Mentioned | None) -> article_values.Mention | None:
    return None if found is None else naming(article_values.Mention, found.article, passage=found.passage)


def facet(name: str, counted: ValueFacet | DateFacet, rules: NameRulesOf) -> result_values.Facet:
    """Counts of a facet; a value has its Wikidata item if the authority has one."""
    if isinstance(counted, DateFacet):
        return result_values.Facet(interval=counted.interval, buckets=counted.buckets, missing=counted.missing)
    values, items = counted.values, rules(name).items
    if items:
        values = tuple(structs.replace(one, wikidata=items.get(fold(one.value))) for one in values)
    return result_values.Facet(values=values, distinct=counted.distinct, missing=counted.missing)


def record(
    found: Article, rules: NameRulesOf | None = None, kind: type[Struct] = article_values.Record, **further: Any
) -> Struct:
    """One complete article, with the evidence for its values.

    Args:
        kind: a type of it with further fields.
    """
    why_each = {name: list(map(evidence, entries)) for name, entries in found.evidence.items()}
    wikidata = _wikidata(found, _items(FACET_NAMES, rules)) if rules is not None else UNSET
    values = {field.name: getattr(found, field.name) for field in FIELDS}
    return kind(**values, evidence=why_each, wikidata=wikidata, **further)


def article(found: Article, copies: Sequence[Article], similarities: Mapping[str, float], rules: NameRulesOf) -> Struct:
    """One complete article with its copies; without any it is in no group.

    Args:
        similarities: by id, its similarity and that of its copies to the article that represents their group.
    """
    if not copies:
        found, similarities = changed(found, group=None), {}
    listed = [naming(article_values.Copy, one, likeness=similarities.get(one.id)) for one in copies]
    return record(found, rules, article_values.Article, likeness=similarities.get(found.id), copies=listed)


def evidence(entry: Evidence) -> article_values.Evidence:
    """One piece of evidence, with its rule in words."""
    main = UNSET if entry.main is None else entry.main
    within = entry.within if entry.start is not None else None
    return made_of(article_values.Evidence, entry, main=main, within=within, why=why(entry))


def stats(found: Stats) -> Json:
    """The size of an index, and the number of distinct values of each facet."""
    return asdict(found)
