"""The API in OpenAPI 3.1, derived from the operations declared at the resources and the types of `service.values`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import service
from search.system.json import Json
from service.api.schema import schema
from service.formats import takeaway
from service.http import auth
from service.params.operation import Operation, Place, operations
from service.params.parameter import Parameter
from service.values.job_values import Problem

FORMS = takeaway.MEDIA_TYPES | {"graphml": "application/graphml+xml; charset=utf-8"}
"""The media types of the further forms of an answer, by the values of the parameter `format`."""
_PLACES = {"article_id": Place("An article's id.")}
_REFUSED = {
    400: "A parameter or header is not valid; each is named",
    401: "A key is needed, or the key is unknown",
    403: "The key does not have the scope",
    404: "Not found",
    408: "Reading the body timed out",
    410: "The cursor has expired; start again from the first page",
    413: "The body is too large, or has too many articles",
    415: "Not JSON",
    422: "The Idempotency-Key was used for another request",
    429: "Too many requests; Retry-After says when to try again",
    503: "No index is open, or it cannot be written; try again",
    507: "The disk is full; try again when there is space",
}


def document(routes: Iterable[tuple[str, object]]) -> Json:
    """The description of the routes that have operations, as JSON values.

    Args:
        routes: addresses, and their resources or the classes of those.
    """
    named: dict[str, Json] = {}
    schema(Problem, named)
    paths: Json = {}
    for address, resource in routes:
        path = address.replace(":path", "")
        found = operations(resource).items()
        if methods := {method: _described(address, method, resource, each, named) for method, each in found}:
            paths[path] = methods
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dateline",
            "version": service.__version__,
            "description": "Full-text search over a news archive, faceted by person, country, topic and date.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A key: dateline keys INDEX add."}
            },
            "schemas": named,
        },
    }


def _described(address: str, method: str, resource: object, operation: Operation, named: dict[str, Json]) -> Json:
    path, scopes = address.replace(":path", ""), auth.needed(address, method.upper())
    reads = scopes == ("read",)
    described: Json = {"operationId": operation.id, "summary": operation.summary}
    if scopes:
        described["description"] = f"Needs a key of scope {' or '.join(scopes)}{', unless reading is open' * reads}."
        described["security"] = [{"key": []}] if not reads else [{}, {"key": []}]
    parameters = [*_places(path, resource), *map(parameter, operation.parameters), *operation.headers]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = _body(operation, named)
    answers = {operation.status: _answer(operation, named)}
    texts = {**dict.fromkeys(_statuses(address, method, operation), ""), **operation.refuses}
    problem = {"application/problem+json": {"schema": schema(Problem, named)}}
    answers |= {one: {"description": text or _REFUSED[one], "content": problem} for one, text in texts.items()}
    described["responses"] = {str(status): answers[status] for status in sorted(answers)}
    return described


def _statuses(address: str, method: str, operation: Operation) -> Iterator[int]:
    """What an operation may refuse by what it is, in addition to what it declares."""
    scopes = auth.needed(address, method.upper())
    writes = bool(scopes) and scopes != ("read",)
    yield 413
    if scopes or operation.parameters or address in ("/docs", "/opensearch.xml"):
        yield 400
    if scopes:
        yield from (401, 403)
    if address not in ("/healthz", "/readyz"):
        yield 429
    if address not in auth.OPEN or address == "/readyz":
        yield 503
    if any(each.name == "cursor" for each in operation.parameters):
        yield 410
    if writes:
        yield 507
    if method in ("post", "put", "patch"):
        yield 408
    if operation.body is not None:
        yield 415
    if method in ("post", "delete"):
        yield 422


def _places(path: str, resource: object) -> Iterator[Json]:
    """The parts of a path that name a thing."""
    known = _PLACES | getattr(resource, "places", {})
    for name in (part[1:-1] for part in path.split("/") if part.startswith("{")):
        place = known.get(name, Place())
        values = {"type": "string"} | ({"enum": list(place.choices)} if place.choices else {})
        told = {"description": place.help} if place.help else {}
        yield {"name": name, "in": "path", "required": True, "schema": values} | told


def parameter(parameter: Parameter) -> Json:
    """A parameter of the URL."""
    one: Json = {"type": "string"}
    if parameter.kind == "integer":
        low, high = parameter.bounds or (None, None)
        bounds = {"minimum": low, "maximum": high}
        one = {"type": "integer"} | {name: bound for name, bound in bounds.items() if bound is not None}
    elif parameter.kind == "boolean":
        one = {"type": "boolean"}
    elif parameter.choices:
        one["enum"] = list(parameter.choices)
    elif parameter.pattern:
        one["pattern"] = parameter.pattern
    many = parameter.repeat or parameter.kind == "list"
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "schema": {"type": "array", "items": one} if many else one,
    }
    if many:
        described |= {"style": "form", "explode": parameter.repeat}
    return described | ({"example": parameter.example} if parameter.example else {})


def _body(operation: Operation, named: dict[str, Json]) -> Json:
    kinds = operation.body if isinstance(operation.body, dict) else {"application/json": operation.body}
    content = {media_type: {"schema": schema(kind, named)} for media_type, kind in kinds.items()}
    if operation.example is not None:
        content["application/json"]["example"] = operation.example
    return {"required": not operation.optional, "content": content}


def _answer(operation: Operation, named: dict[str, Json]) -> Json:
    kinds: dict[str, Any] = {"application/json": operation.answer}
    if isinstance(operation.answer, tuple):
        kinds = dict.fromkeys(operation.answer, str)
    for each in operation.parameters:
        if each.name == "format":
            kinds |= {FORMS[form]: str for form in each.choices if form in FORMS}
    answer: Json = {
        "description": operation.says or operation.summary,
        "content": {media_type: {"schema": schema(kind, named)} for media_type, kind in kinds.items()},
    }
    if operation.gives:
        answer["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in operation.gives.items()
        }
    return answer
