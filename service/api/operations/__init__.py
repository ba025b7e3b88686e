"""The OpenAPI description of the operations other than searching, a module for each subject, and of what all share.

`shape` has what descriptions are made of.
"""

from __future__ import annotations

from collections.abc import Callable

from search.system.json import Json
from service.api.operations import alerts, articles, authority, citations, corrections, lists, others, searches
from service.api.operations.shape import refused
from service.http import auth
from service.params.parameter import Parameter

SUBJECTS = (articles, authority, corrections, citations, lists, searches, alerts)
_COMMON = {
    "400": "A parameter or header is not valid; each is named",
    "401": "A key is needed, or the key is unknown",
    "403": "The key does not have the scope",
    "408": "Reading the body timed out",
    "410": "The cursor has expired; start again from the first page",
    "413": "The body is too large, or has too many articles",
    "422": "The Idempotency-Key was used for another request",
    "429": "Too many requests; Retry-After says when to try again",
    "503": "No index is open, or it cannot be written; try again",
    "507": "The disk is full; try again when there is space",
}


def completed(document: Json, described: Callable[[Parameter], Json]) -> Json:
    """Add these operations to a description of searching, and to all of them the keys and the errors.

    Args:
        described: returns a parameter as OpenAPI.
    """
    for subject in (*SUBJECTS, others):
        for path, methods in subject.paths(described).items():
            document["paths"].setdefault(path, {}).update(methods)
    document["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key: dateline keys INDEX add."}
    }
    for subject in SUBJECTS:
        document["components"]["schemas"] |= subject.schemas()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method.upper(), operation)
    return document


def _complete(path: str, method: str, operation: Json) -> None:
    responses = operation["responses"]
    scopes = auth.needed(path, method)
    statuses = ["400", "413"] if scopes or path in ("/docs", "/opensearch.xml") else ["413"]
    reads = scopes == ("read",)
    if scopes:
        statuses += ["401", "403"]
        operation["description"] = f"Needs a key of scope {' or '.join(scopes)}{', unless reading is open' * reads}."
        operation["security"] = [{"key": []}] if not reads else [{}, {"key": []}]
    if path not in ("/healthz", "/readyz"):
        statuses.append("429")
    if path not in auth.OPEN or path == "/readyz":
        statuses.append("503")
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
        statuses.append("410")
    if scopes and not reads:
        statuses.append("507")
    if method in ("POST", "PUT", "PATCH"):
        statuses.append("408")
    if method in ("POST", "DELETE"):
        statuses.append("422")
    for status in statuses:
        responses.setdefault(status, refused(_COMMON[status]))
    operation["responses"] = dict(sorted(responses.items()))
