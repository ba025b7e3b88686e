"""The operations other than searching that have no schema: the feed, and what programs ask of a server."""

from __future__ import annotations

from collections.abc import Callable

from search.system.json import Json
from service.api.operations.shape import other, plain
from service.formats import feed
from service.params.parameter import Parameter

_XML = "application/opensearchdescription+xml"


def paths(described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    return {
        "/feed.atom": {
            "get": {
                "operationId": "feed",
                "summary": "Any search as an Atom feed, with OpenSearch totals",
                "parameters": [described(parameter) for parameter in feed.TAKEN],
                "responses": {"200": other("The feed", feed.MEDIA_TYPE)},
            }
        },
        "/opensearch.xml": plain("opensearch", "The search engine description for browsers", _XML),
        "/metrics": plain("metrics", "Counts for Prometheus", "text/plain"),
        "/docs": plain("docs", "This description, for people", "text/html; charset=utf-8"),
    }
