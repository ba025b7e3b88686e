"""When persons are in the articles of a cluster, and with whom (see `search.names.company`).

Cost: a request for each `NAMES` names that may be joined to others; one for each `ASKED` of those that only companions
can decide on, and one for each `PAIRS` of their pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from search.names.company import NO_DAY, Days, Meeting
from search.opensearch.ask.translate import having
from search.opensearch.cluster import Cluster
from search.system.json import Json

NAMES = 10_000
ASKED, WITH = 50, 1000
"""Names whose companions are in one answer, and how many of each: a cluster sends 65,535 buckets at once."""
PAIRS = 500
_FIELD = "person"

T = TypeVar("T")


class ClusterCompany:
    """The company of the persons of a cluster, by their normalized values."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def days(self, keys: Sequence[str]) -> list[Days]:
        """The days of each."""
        found: dict[str, Days] = {}
        for some in _parts(keys, NAMES):
            terms = {"field": _FIELD, "include": sorted(some), "size": len(some), "shard_size": len(some)}
            each = {
                "first": {"min": {"field": "day"}},
                "last": {"max": {"field": "day"}},
                "undated": {"missing": {"field": "day"}},
            }
            for bucket in self._asked({"names": {"terms": terms, "aggs": each}})["names"]["buckets"]:
                first, last = bucket["first"]["value"], bucket["last"]["value"]
                known = NO_DAY[:2] if first is None else (int(first), int(last))
                found[bucket["key"]] = *known, int(bucket["undated"]["doc_count"] > 0)
        return [found.get(key, NO_DAY) for key in keys]

    def meeting(self, pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Meeting]:
        """What the companions of each pair say."""
        companions = self._companions([tuple(one) for one, _ in pairs])
        with_whom = [sorted(companions[tuple(one)] - {*one, *other}) for one, other in pairs]
        found = [Meeting.APART if some else Meeting.ALONE for some in with_whom]
        for places in _parts([at for at, some in enumerate(with_whom) if some], PAIRS):
            both = {
                str(at): {"bool": {"filter": [having(_FIELD, pairs[at][1]), having(_FIELD, with_whom[at])]}}
                for at in places
            }
            for at, bucket in self._asked({"pairs": {"filters": {"filters": both}}})["pairs"]["buckets"].items():
                if bucket["doc_count"]:
                    found[int(at)] = Meeting.SHARED
        return found

    def _companions(self, names: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
        """The names that are in an article with each, itself included; of more than `WITH` the most frequent ones."""
        terms = {"terms": {"field": _FIELD, "size": WITH, "shard_size": WITH}}
        found: dict[tuple[str, ...], set[str]] = {}
        for some in _parts(list(dict.fromkeys(names)), ASKED):
            each = {str(at): having(_FIELD, keys) for at, keys in enumerate(some)}
            asked = {"names": {"filters": {"filters": each}, "aggs": {"with": terms}}}
            for at, bucket in self._asked(asked)["names"]["buckets"].items():
                found[some[int(at)]] = {one["key"] for one in bucket["with"]["buckets"]}
        return found

    def _asked(self, aggregations: Json) -> Json:
        body = {"size": 0, "aggs": aggregations}
        found: Json = self._cluster.search(body, self._cluster.address.name)["aggregations"]
        return found


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
