"""Facet counts: the aggregations that are sent to the cluster, and their results.

A facet is counted under the query and every filter but its own `any` and `missing`, so each is a filter aggregation
with the others' filters. If a facet has more values than `MAX_VALUES` among the matches, the cluster's top values are
used, and the answer is not exact. Near-duplicate groups that count as one story are counted by a sketch of the
cluster's, which is exact for small numbers only: such an answer is not marked exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search import completion
from search.fields import facet_of
from search.json import Json
from search.near_names import words
from search.opensearch.document import key
from search.opensearch.names import FacetNames, level
from search.opensearch.translate import Clause, having, without_any
from search.query import Listing, Query
from search.results import FacetCount, ValueFacet

MAX_VALUES = 10_000
"""Maximum number of values of one facet in one answer."""
SURE, SURE_OF_ALL = 100, 40_000
"""Numbers of groups that a sketch nearly always counts exactly: in each bucket, at a kilobyte each, and in all."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a facet over the matches: articles (or stories) by shown value.

    Attributes:
        distinct: the number of values that could be listed; None if `counts` has all of them.
    """

    counts: Mapping[str, int]
    missing: int
    exact: bool
    distinct: int | None = None


def counting(stories: bool, sure: int = SURE) -> Clause:
    """Aggregations that count stories rather than articles, if requested: articles in no group, and groups."""
    if not stories:
        return {}
    return {
        "alone": {"missing": {"field": "group"}},
        "groups": {"cardinality": {"field": "group", "precision_threshold": sure}},
    }


def count_of(bucket: Json, stories: bool) -> int:
    """The count of a bucket."""
    return int(bucket["alone"]["doc_count"] + bucket["groups"]["value"] if stories else bucket["doc_count"])


def values_aggregation(names: FacetNames, stories: bool, chosen: tuple[str, ...], parent: str | None) -> Clause:
    """The aggregations of a value facet, inside its filter aggregation."""
    inner = {"aggs": counting(stories)} if stories else {}
    terms: Clause = {"field": names.name, "size": MAX_VALUES, "shard_size": MAX_VALUES}
    listed = level(names.name, parent)
    if listed is not None:
        wanted = listed | {one for value in chosen if (one := names.of(value))}
        terms["include"] = sorted(wanted) or ["\0"]
    asked: Clause = {"values": {"terms": terms} | inner, "missing": {"filter": without_any(names)} | inner}
    selected = {head: having(names.name, names.members[head]) for value in chosen if (head := names.of(value))}
    if selected:
        asked["chosen"] = {"filters": {"filters": selected}} | inner
    if len(names.totals) > MAX_VALUES:
        asked["distinct"] = {"cardinality": {"field": names.name, "precision_threshold": 40_000}}
    return asked


def shared_aggregation(names: FacetNames, heads: list[str], stories: bool) -> Clause:
    """The aggregation for values whose members' counts cannot be added."""
    filters = {head: having(names.name, names.members[head]) for head in heads}
    return {"filters": {"filters": filters}} | ({"aggs": counting(stories)} if stories else {})


def shared_values(names: FacetNames, answer: Json, stories: bool) -> list[str]:
    """The values in an answer that have several members, which may occur in one article."""
    heads: dict[str, int] = {}
    for bucket in answer["values"]["buckets"]:
        head = names.shown.get(bucket["key"])
        if head is not None and (stories or head in names.shared):
            heads[head] = heads.get(head, 0) + 1
    return [head for head, members in heads.items() if members > 1]


def counted(names: FacetNames, answer: Json, again: Mapping[str, int], stories: bool) -> Counted:
    """The counts in the answer to `values_aggregation`."""
    terms = answer["values"]
    buckets = {bucket["key"]: count_of(bucket, stories) for bucket in terms["buckets"]}
    whole = not terms["sum_other_doc_count"]
    counts = names.counts(buckets, again)
    for head, bucket in answer.get("chosen", {"buckets": {}})["buckets"].items():
        counts[head] = count_of(bucket, stories)
    missing = count_of(answer["missing"], stories)
    if whole:
        return Counted(counts, missing, not stories)
    seen = sum(count > 0 for count in counts.values())
    return Counted(
        counts, missing, False, max(seen, int(answer["distinct"]["value"])) if "distinct" in answer else seen
    )


def value_facet(names: FacetNames, found: Counted, query: Query, listing: Listing) -> ValueFacet:
    """A facet as it is listed."""
    listed = level(names.name, listing.parent)
    heads = [head for head, count in found.counts.items() if count and (listed is None or head in listed)]
    for text, inside in ((listing.prefix, False), (listing.contains, True)):
        if text:
            typed = words(text)
            heads = [head for head in heads if typed and names.has_name(head, typed, inside)]
    first = words(listing.contains)
    begun = {head for head in heads if first and names.has_name(head, first)}
    entries = [(names.label(head), names.spelled[head], head) for head in heads]
    entries.sort(key=lambda e: (e[2] not in begun, 0 if listing.sort == "name" else -found.counts[e[2]], *e))
    distinct = len(entries) if found.distinct is None or listing.prefix or listing.contains else found.distinct
    chosen = {names.of(value) or key(value): value for value in reversed(query.filter(facet_of(names.name)).any)}
    page = entries[listing.offset : listing.offset + listing.limit]
    values = [FacetCount(value, label, found.counts[head], head in chosen) for label, value, head in page]
    if listing.whole:
        there = {head for _, _, head in page}
        rest = [_selected(names, found, head, value) for head, value in chosen.items() if head not in there]
        values += sorted(rest, key=lambda entry: (-entry.count, entry.label, entry.value))
    return ValueFacet(tuple(values), distinct, found.missing)


def _selected(names: FacetNames, found: Counted, head: str, value: str) -> FacetCount:
    spelled = names.spelled[head] if names.totals.get(head) else value
    return FacetCount(
        spelled, completion.label(facet_of(names.name), spelled, names.rules), found.counts.get(head, 0), True
    )
