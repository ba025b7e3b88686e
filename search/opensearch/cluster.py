"""Requests to a cluster; its errors become our exceptions, with a sentence that says what to do.

A request that fails to reach a machine is sent to the next. If a shard fails, the cluster refuses the whole search, as
every search is sent with `allow_partial_search_results=false`: no count is silently too small.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from http import HTTPStatus
from typing import Any

import orjson
from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,
    ConnectionTimeout,
    NotFoundError,
    SSLError,
    TransportError,
)
from opensearchpy.serializer import Serializer

from search.errors import BadQuery, BadValue, IndexMissing, IndexProblem, NeedsUpgrade
from search.opensearch.address import PREFIX, Access, Address
from search.said import Said, said
from search.system import collector
from search.system.closeable import Closeable
from search.system.json import Json
from search.values.lists import Lists, no_lists

BUSY = frozenset((429, 502, 503, 504))
"""Temporary HTTP statuses."""
PATIENCE_S = 120.0
"""For how long a change is retried while the cluster is busy or unreachable."""
_LONGEST_PAUSE_S = 5.0
BATCH = 1000
"""Articles that are read at a time, of all that a search finds."""
KEEP_ALIVE = "5m"
"""How long the cluster retains a point in time for the next batch."""

logging.getLogger("opensearch").setLevel(logging.CRITICAL)
"""The client would log users' queries; failures are reported by exceptions."""


class ClusterUnavailable(IndexProblem):
    """The cluster, or a part of it that the answer needs, cannot be reached at the moment."""


class GaveUp(ClusterUnavailable):
    """A search exceeded the timeout that was sent with it."""


class Conflict(IndexProblem):
    """Another writer has changed the same document in the meantime."""


class _Orjson(Serializer):
    """JSON, and lines of JSON, which are sent unchanged."""

    mimetype = "application/json"

    def dumps(self, data: Any) -> Any:
        return data if isinstance(data, str | bytes) else orjson.dumps(data)

    def loads(self, s: str) -> Any:
        with collector.paused():  # ten thousand counts are as many objects, none of them garbage
            return orjson.loads(s)


class Cluster(Closeable):
    """The machines of an address; safe to share between threads.

    Attributes:
        lists: finds the ids of the articles on a list.
    """

    def __init__(self, address: Address, access: Access, lists: Lists = no_lists) -> None:
        self.address = address
        self.lists = lists
        self.access = access
        options: Json = {}
        if access.user:
            options["http_auth"] = (access.user, access.password)
        if address.tls:
            options |= {"use_ssl": True, "verify_certs": True, "ssl_show_warn": False}
            if access.ca_file:
                options["ca_certs"] = access.ca_file
        self._client = OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in address.hosts],
            serializer=_Orjson(),
            timeout=access.timeout_s,
            max_retries=max(2, len(address.hosts)),
            retry_on_status=(),
            http_compress=False,
            **options,
        )
        self._version: tuple[int, ...] | None = None
        self._only: Json | None = None
        self._knows = 0

    def only(self, clause: Json) -> Cluster:
        """The same machines, every search of which finds and counts only articles that a clause does.

        It shares the connections, and needs no closing.
        """
        other = copy(self)
        other._only = clause
        return other

    @property
    def is_part(self) -> bool:
        """True if searches find and count only some of the articles."""
        return self._only is not None

    def within(self, clause: Json) -> Json:
        """A clause of articles that no search restricts, as of an aggregation that is global: without any others."""
        return clause if self._only is None else {"bool": {"filter": [clause, self._only]}}

    @property
    def version(self) -> tuple[int, ...]:
        """The cluster's version."""
        if self._version is None:
            number = str(self.send("GET", "/")["version"]["number"])
            self._version = tuple(int(part) for part in number.split("-")[0].split("."))
        return self._version

    def fields(self) -> list[int | None]:
        """The version of the fields of each index behind the name; None for an index of something else."""
        found = self.send("GET", f"/{self.address.name}/_mapping").values()
        return [one["mappings"].get("_meta", {}).get("dateline") for one in found]

    def need(self, version: int, lacking: Said) -> None:
        """Make sure that the fields are of a version or a later one. Raises NeedsUpgrade with what is lacking."""
        if self._knows < version:  # an index of one is never replaced by one of an earlier
            if any(known is None or known < version for known in self.fields()):
                raise NeedsUpgrade(lacking)
            self._knows = version

    def send(self, method: str, path: str, body: object = None, **parameters: object) -> Json:
        """Send one request and return the answer.

        Raises:
            ClusterUnavailable: if there is no answer, or the cluster is too busy or unhealthy.
            IndexMissing: if the requested object does not exist.
            IndexProblem, BadQuery: if it is refused.
        """
        values = {name: str(value).lower() if value is True or value is False else value
                for name, value in parameters.items()}  # fmt: skip
        try:
            answer: Json = self._client.transport.perform_request(method, path, params=values, body=body)
        except (ConnectionError, ConnectionTimeout, SSLError) as error:
            raise self._unreached(error) from None
        except (AuthenticationException, AuthorizationException) as error:
            raise IndexProblem(
                f"“{self.address.place}” refuses this user ({error.status_code}). "
                f"Set {PREFIX}USER and {PREFIX}PASSWORD."
            ) from None
        except NotFoundError:
            raise IndexMissing.at(self.address.place) from None
        except TransportError as error:
            raise self._refused(error) from None
        return answer

    def search(self, body: Json, index: str | None = None, **parameters: object) -> Json:
        """Run a search on every shard. Raises GaveUp if its body has a `timeout`, and that has passed."""
        path = "/_search" if index is None else f"/{index}/_search"
        if self._only is not None:
            asked = [body["query"]] if "query" in body else []
            body = body | {"query": {"bool": {"must": asked, "filter": [self._only]}}}
        answer = self.send("POST", path, body, allow_partial_search_results=False, **parameters)
        shards = answer["_shards"]
        if answer["timed_out"]:
            raise GaveUp(f"“{self.address.place}” has not answered in time. Try again.")
        if shards["failed"] or shards["successful"] < shards["total"]:
            raise ClusterUnavailable(
                f"{shards['failed']} of {shards['total']} shards of “{self.address.place}” have not answered. "
                "Try again."
            )
        return answer

    def read_all(self, body: Json, index: str | None = None) -> Iterator[Json]:
        """All hits of a search in an order without ties, from one point in time.

        Args:
            index: the index to search, if not the one that the address names.
        """
        path = f"/{index or self.address.name}/_search/point_in_time"
        opened = self.send("POST", path, keep_alive=KEEP_ALIVE, allow_partial_pit_creation=False)
        point = str(opened["pit_id"])
        try:
            after: Json = {}
            while True:
                pit = {"id": point, "keep_alive": KEEP_ALIVE}
                answer = self.search(body | after | {"size": BATCH, "pit": pit, "track_total_hits": False})
                hits = answer["hits"]["hits"]
                yield from hits
                if len(hits) < BATCH:
                    return
                point, after = str(answer["pit_id"]), {"search_after": hits[-1]["sort"]}
        finally:
            self.send("DELETE", "/_search/point_in_time", {"pit_id": [point]})

    def with_retries(self, method: str, path: str, body: object = None, **parameters: object) -> Json:
        """Send a request that may be repeated, until it is answered or `PATIENCE_S` have passed."""
        deadline, pause = time.monotonic() + PATIENCE_S, 0.05
        while True:
            try:
                return self.send(method, path, body, **parameters)
            except ClusterUnavailable:
                if time.monotonic() > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def bulk(self, index: str, actions: Iterable[tuple[str, bytes]]) -> None:
        """Change documents, retrying each if needed; one that has a later version than its lines name stays.

        Args:
            actions: the id of each, and its lines of JSON.

        Raises:
            ClusterUnavailable: if some could not be changed for `PATIENCE_S`.
            IndexProblem: if the cluster refuses one.
        """
        waiting = list(actions)
        deadline, pause = time.monotonic() + PATIENCE_S, 0.05
        while waiting:
            answer = self.with_retries("POST", f"/{index}/_bulk", b"".join(lines for _, lines in waiting))
            again: list[tuple[str, bytes]] = []
            for action, item in zip(waiting, answer["items"], strict=True):
                result = next(iter(item.values()))
                if result["status"] in BUSY or _is_blocked(result):
                    again.append(action)
                elif result["status"] >= 300 and not _is_done(result["status"], item):
                    reason = result.get("error", {}).get("reason", result["status"])
                    raise IndexProblem(f"“{self.address.place}” refuses article “{action[0]}”: {reason}.")
            waiting = again
            if waiting:
                if time.monotonic() > deadline:
                    raise ClusterUnavailable(
                        f"“{self.address.place}” has not accepted {len(waiting)} articles for {PATIENCE_S:.0f} s. "
                        "Check its health, and index again."
                    )
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    def exists(self, path: str) -> bool:
        """True if there is something at a path."""
        return bool(self.send("HEAD", path))

    def identity(self) -> frozenset[str] | None:
        """The ids that the cluster has given to what the address names, different for each index ever made.

        None if there is no index.
        """
        try:
            found = self.send("GET", f"/{self.address.name}/_settings/index.uuid")
        except IndexMissing:
            return None
        return frozenset(index["settings"]["index"]["uuid"] for index in found.values())

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _unreached(self, error: TransportError) -> ClusterUnavailable:
        if isinstance(error, SSLError):
            hint = f"Its certificate is not trusted: set {PREFIX}CA_FILE."
        elif isinstance(error, ConnectionTimeout):
            hint = f"It has not answered within {self.access.timeout_s} s."
        else:
            hint = "Is it running?"
        return ClusterUnavailable(f"The cluster of “{self.address.place}” cannot be reached. {hint}")

    def _refused(self, error: TransportError) -> Exception:
        kinds = " ".join(_kinds(error.info))
        if "too_many_clauses" in kinds or "too_many_nested_clauses" in kinds or "maxClauseCount" in kinds:
            reason = said("The query matches more words than a cluster can search for at once.")
            return BadQuery([BadValue("text", "", reason, said("Leave out words, or give more letters before “*”."))])
        if "Time exceeded" in kinds or "time_exceeded" in kinds:
            return GaveUp(f"“{self.address.place}” has not answered in time. Try again.")
        if error.status_code == 409:
            return Conflict(f"Another writer has changed “{self.address.place}” at the same moment. Try again.")
        failed = "search_phase_execution" in kinds and error.status_code != HTTPStatus.BAD_REQUEST
        broken = "circuit_breaking" in kinds and error.status_code != HTTPStatus.BAD_REQUEST
        if error.status_code in BUSY or failed or broken:
            return ClusterUnavailable(
                f"“{self.address.place}” cannot answer now ({error.status_code}, {error.error}). Try again."
            )
        return IndexProblem(f"“{self.address.place}” refuses a request ({error.status_code}): {kinds or error.error}.")


def _is_done(status: int, item: Json) -> bool:
    """True if a document that was to be removed is not there, or one has a later version than the lines named."""
    return status == 409 or (status == 404 and "delete" in item)


def _is_blocked(result: Json) -> bool:
    """True if nothing may be written to an index now, as to one that is being replaced."""
    kind: str = result.get("error", {}).get("type", "")
    return result["status"] == 403 and kind == "cluster_block_exception"


_REASONS = ("maxClauseCount", "Time exceeded")
"""Reasons that identify an error whose type does not."""


def _kinds(info: object) -> Iterable[str]:
    """The error types in an answer, outermost first, and the innermost reason."""
    if not isinstance(info, Mapping):
        return
    error = info.get("error", info)
    while isinstance(error, Mapping):
        yield str(error.get("type", ""))
        causes = error.get("root_cause") or ()
        yield from (str(cause.get("type", "")) for cause in causes if isinstance(cause, Mapping))
        reason = str(error.get("reason", ""))
        yield from (result for result in _REASONS if result in reason)
        error = error.get("caused_by")
