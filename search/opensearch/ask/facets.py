"""Facet counts: the aggregations that are sent to the cluster, and their results.

A facet is counted under the query and every filter but its own `any` and `missing`, so each is within a filter with the
others' filters, if there are any. A cluster takes microseconds for each value that it lists, so of a facet with more
values than `MAX_VALUES` the first `FEW` are asked for, and an estimate of how many there are. All are asked for if it
is below `MAX_VALUES`, or if it is not certain which are the first. If a facet has more values than that among the
matches, their number stays an estimate, and the answer is not exact.

Near-duplicate groups that count as one story are counted by a sketch of the cluster's, which is exact for small numbers
only: such an answer is not marked exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from heapq import nlargest

from search.fields import facet_of
from search.names import completion
from search.names.near_names import words
from search.opensearch.ask.translate import Clause, having, without_any
from search.opensearch.document import key
from search.opensearch.shown.shown_names import FacetNames, level
from search.system.json import Json
from search.values.query import Listing, Query
from search.values.results import FacetCount, ValueFacet

MAX_VALUES = 10_000
"""Maximum number of values of one facet in one answer."""
SMALL = 1000
"""Up to this number of values the cluster sorts them; it lists more of them faster by name."""
FEW = 200
"""Values that are asked for first, of a facet with more than `MAX_VALUES`."""
CLOSE = 1.01
"""How far an estimate of the number of values may be off."""
CONTENDERS = 100
"""Values that are counted one by one to decide which of them are listed."""
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


Counting = Generator[Clause, Json, Counted]
"""Yields aggregations and is sent the answer to them, until the counts are known."""


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


def of_archive(names: FacetNames, chosen: tuple[str, ...], listing: Listing) -> Counted:
    """The counts of all articles of the archive, of which only the first are looked at if these are listed."""
    if not _first(names, listing, names.leads):
        return Counted(names.totals, names.missing, exact=True)
    some = {head: names.totals.get(head, 0) for value in chosen if (head := names.of(value))}
    return Counted(names.leading | some, names.missing, True, names.distinct)


def _first(names: FacetNames, listing: Listing, among: int) -> bool:
    """True if a list has only some of the most frequent of all values."""
    whole = level(names.name, listing.parent) is None and not (listing.prefix or listing.contains)
    return whole and listing.sort == "count" and listing.offset + listing.limit <= among


def values(
    names: FacetNames, stories: bool, chosen: tuple[str, ...], listing: Listing, complete: bool = False
) -> Counting:
    """Count the values of a facet, of which some are chosen.

    Args:
        complete: true if all articles have a value.
    """
    inner = {"aggs": counting(stories)} if stories else {}
    asked: Clause = {} if complete else {"missing": {"filter": without_any(names)} | inner}
    selected = [head for value in chosen if (head := names.of(value))]
    if selected:
        asked["chosen"] = _filters(names, selected, stories)
    many = len(names.shown) > MAX_VALUES
    if many:
        asked["distinct"] = {"cardinality": {"field": f"{names.name}_h", "precision_threshold": 40_000}}
    listed = level(names.name, listing.parent)
    few = many and not stories and _first(names, listing, FEW // 2)
    if listed is not None:
        terms = _terms(names, MAX_VALUES, stories)
        terms["terms"]["include"] = sorted(listed.union(selected)) or ["\0"]
    elif few:
        terms = _terms(names, min(FEW, MAX_VALUES), stories)
        terms["terms"]["show_term_doc_count_error"] = True
    elif stories or many or len(names.shown) <= SMALL:
        terms = _terms(names, MAX_VALUES, stories)
    else:
        terms = _by_name(names)
    answer = yield asked | {"values": terms}

    missing = 0 if complete else count_of(answer["missing"], stories)
    some = {head: count_of(bucket, stories) for head, bucket in answer.get("chosen", _NONE)["buckets"].items()}
    estimate = int(answer["distinct"]["value"]) if many else 0
    first = found = answer["values"]
    if few and not _whole(found) and estimate <= MAX_VALUES * CLOSE:
        found = (yield {"values": _by_name(names)})["values"]
    if not _whole(found) and few:
        contenders = _contenders(names, first, listing.offset + listing.limit)
        if contenders is not None:
            counts = names.counts(_buckets(first, stories), {})
            if contenders:
                again = yield {"again": _filters(names, contenders, stories)}
                counts |= {head: count_of(bucket, stories) for head, bucket in again["again"]["buckets"].items()}
            return Counted(counts | some, missing, False, max(estimate, len(counts)))
    if not _whole(found) and (few or "after_key" in found):
        found = (yield {"values": _terms(names, MAX_VALUES, stories)})["values"]
    buckets = _buckets(found, stories)
    exact: dict[str, int] = {}
    if shared := _shared(names, buckets, stories):
        again = yield {"again": _filters(names, shared, stories)}
        exact = {head: count_of(bucket, stories) for head, bucket in again["again"]["buckets"].items()}
    counts = names.counts(buckets, exact) | some
    if _whole(found):
        return Counted(counts, missing, not stories)
    return Counted(counts, missing, False, max(sum(count > 0 for count in counts.values()), estimate))


_NONE: Json = {"buckets": {}}


def _terms(names: FacetNames, size: int, stories: bool) -> Clause:
    """The most frequent values."""
    return {"terms": {"field": names.name, "size": size, "shard_size": size}} | (
        {"aggs": counting(stories)} if stories else {}
    )


def _by_name(names: FacetNames) -> Clause:
    """All values, and one more than an answer may have if there are too many."""
    return {"composite": {"size": MAX_VALUES + 1, "sources": [{"value": {"terms": {"field": names.name}}}]}}


def _filters(names: FacetNames, heads: list[str], stories: bool) -> Clause:
    """Values, each with all its members, whose counts cannot always be added."""
    filters = {head: having(names.name, names.members[head]) for head in heads}
    return {"filters": {"filters": filters}} | ({"aggs": counting(stories)} if stories else {})


def _whole(found: Json) -> bool:
    """True if an answer has all values among the matches."""
    if "sum_other_doc_count" in found:
        return not found["sum_other_doc_count"]
    return len(found["buckets"]) <= MAX_VALUES


def _buckets(found: Json, stories: bool) -> dict[str, int]:
    """The counts by normalized value."""
    if "sum_other_doc_count" not in found:
        return {bucket["key"]["value"]: bucket["doc_count"] for bucket in found["buckets"]}
    if stories:
        return {bucket["key"]: count_of(bucket, stories) for bucket in found["buckets"]}
    return {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}


def _shared(names: FacetNames, buckets: Mapping[str, int], stories: bool) -> list[str]:
    """The values in an answer that have several members, which may occur in one article."""
    doubtful = set(names.several) if stories else names.shared
    if not doubtful:
        return []
    heads = Counter(head for one in buckets if (head := names.shown.get(one)) in doubtful)
    return [head for head, members in heads.items() if head is not None and members > 1]


def _contenders(names: FacetNames, first: Json, reach: int) -> list[str] | None:
    """The values that may be among the first `reach`, but whose counts are not certain; None if too many may be.

    Args:
        first: the most frequent of the values, normalized.
    """
    buckets = _buckets(first, stories=False)
    off = {bucket["key"]: int(bucket["doc_count_error_upper_bound"]) for bucket in first["buckets"]}
    rest = min(buckets.values()) + int(first["doc_count_error_upper_bound"])  # of what is not among them, at most
    least: dict[str, int] = {}
    for one, count in buckets.items():
        head = names.shown.get(one)
        if head is not None:
            least[head] = max(count, least.get(head, 0))
    last = min(nlargest(reach, least.values()), default=0)
    if len(least) < reach or (reach and last <= rest):
        return None

    def most(head: str) -> int:
        return sum(buckets[one] + off[one] if one in buckets else rest for one in names.members[head])

    def doubtful(head: str) -> bool:
        return len(names.members[head]) > 1 or off[head] > 0

    found = [head for head in least if doubtful(head) and most(head) >= last] if reach else []
    for head in names.several if reach else ():
        if names.totals[head] < last or len(found) > CONTENDERS:
            break
        if head not in least and most(head) >= last:
            found.append(head)
    return found if len(found) <= CONTENDERS else None


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
    distinct = len(heads) if found.distinct is None or listing.prefix or listing.contains else found.distinct
    if listing.sort == "count" and not begun:
        heads = names.first({head: found.counts[head] for head in heads}, listing.offset + listing.limit)
    entries = [(names.label(head), names.spelled[head], head) for head in heads]
    entries.sort(key=lambda e: (e[2] not in begun, 0 if listing.sort == "name" else -found.counts[e[2]], *e))
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
