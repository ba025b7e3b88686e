"""The days of which there are articles: of the whole archive, and by collection and source.

Read at first use of a generation: a request for each `PAGE` of days of each part.
"""

from __future__ import annotations

import numpy as np

from search.measures.gaps import MAX_NAMES, Covered
from search.opensearch.ask.translate import EVERYTHING, Clause, having
from search.opensearch.cluster import Cluster
from search.opensearch.shown.view import View
from search.system.json import Json
from search.values.results import Part

PAGE = 10_000
SURE = 1000
"""The number of collections of which each shard returns counts."""


def parts(cluster: Cluster, seen: View, sources: tuple[str, ...]) -> list[Covered]:
    """The archive, its collections, and these sources; without any, those with most articles."""
    names = seen.names["source"]
    if sources:
        heads = [
            head for head in {names.of(source) for source in sources} if head is not None and names.totals.get(head)
        ]
    else:
        heads = names.first(names.totals, MAX_NAMES)
    wanted: list[tuple[Part, str, Clause]] = [("archive", "", EVERYTHING)]
    wanted += [("collection", name, {"term": {"collection": name}}) for name in _collections(cluster)]
    wanted += [("source", names.spelled[head], having("source", names.members[head])) for head in heads]
    return [
        Covered.of_days(part, name, np.array(_days(cluster, seen, (part, name), clause), np.int64))
        for part, name, clause in wanted
    ]


def _collections(cluster: Cluster) -> list[str]:
    """The collections with most articles."""
    order = [{"_count": "desc"}, {"_key": "asc"}]
    terms = {"field": "collection", "size": MAX_NAMES, "shard_size": SURE, "order": order, "exclude": [""]}
    body = {"size": 0, "aggs": {"names": {"terms": terms}}}
    found = cluster.search(body, cluster.address.name)["aggregations"]["names"]["buckets"]
    return [bucket["key"] for bucket in found]


def _days(cluster: Cluster, seen: View, key: tuple[str, str], clause: Clause) -> list[int]:
    """The days of the articles that a clause finds, remembered for the generation."""
    if key in seen.covered:
        return seen.covered[key]
    days: list[int] = []
    after: Json = {}
    while True:
        pages = {"size": PAGE, "sources": [{"day": {"terms": {"field": "day"}}}]} | after
        body = {"size": 0, "query": {"bool": {"filter": [clause]}}, "aggs": {"pages": {"composite": pages}}}
        found = cluster.search(body, cluster.address.name)["aggregations"]["pages"]
        days += [int(bucket["key"]["day"]) for bucket in found["buckets"]]
        if "after_key" not in found:
            break
        after = {"after": found["after_key"]}
    seen.covered[key] = days
    return days
