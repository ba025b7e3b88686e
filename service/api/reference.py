"""`GET /docs`: the API for people, derived entirely from the OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from falcon import Request, Response

from search.system.json import Json
from search.system.lazy import shared_property
from search.values.query import Query
from service.html.templates import html
from service.params.operation import operation
from service.resource import Resource
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One parameter or field: its name, its type, its meaning."""

    name: str
    kind: str
    help: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, as the reference shows it.

    Attributes:
        schema: the name of the schema of its response; "" if it is not JSON.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[ReferenceRow, ...]
    bodies: tuple[str, ...]
    example: str
    answers: tuple[ReferenceRow, ...]
    schema: str


class ReferencePage(Resource):
    """The page, which does not change while the service runs."""

    def __init__(self, settings: Settings, document: Json) -> None:
        self._site, self._document = settings.site_name, document

    @shared_property
    def _values(self) -> dict[str, Any]:
        return {
            "site": self._site,
            "query": Query(),
            "version": self._document["info"]["version"],
            "operations": list(_operations(self._document)),
            "schemas": [
                (name, _kind(schema), list(_fields(schema)))
                for name, schema in self._document["components"]["schemas"].items()
            ],
        }

    @operation("docs", "This description, for people", ("text/html; charset=utf-8",), unknown="ignore")
    def on_get(self, req: Request, resp: Response) -> None:
        html(req, resp, "reference.html", **self._values)


def _operations(document: Json) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            content = one.get("requestBody", {}).get("content", {})
            examples = [body["example"] for body in content.values() if "example" in body]
            yield Operation(
                id=one["operationId"],
                method=method.upper(),
                path=path,
                summary=one["summary"],
                description=one.get("description", ""),
                parameters=tuple(_parameter(entry) for entry in one.get("parameters", ())),
                bodies=tuple(content),
                example=orjson.dumps(examples[0], option=orjson.OPT_INDENT_2).decode() if examples else "",
                answers=tuple(
                    ReferenceRow(status, ", ".join(answer.get("content", {})), answer["description"])
                    for status, answer in one["responses"].items()
                ),
                schema=_named(one["responses"]),
            )


def _parameter(entry: Json) -> ReferenceRow:
    kind = _kind(entry["schema"])
    where = "" if entry["in"] == "query" else f" ({entry['in']})"
    example = f" Example: {entry['example']}." if "example" in entry else ""
    return ReferenceRow(entry["name"], kind + where, entry.get("description", "") + example)


def _named(answers: Json) -> str:
    """The schema of a successful response."""
    for status, answer in answers.items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if status.startswith("2") and "$ref" in schema:
            return str(schema["$ref"]).rsplit("/", 1)[1]
    return ""


def _fields(schema: Json, above: str = "") -> Iterator[ReferenceRow]:
    """The fields of an object; nested objects as `outer.inner`, objects in a list as `outer[].inner`."""
    for one in schema.get("oneOf", ()):
        yield from _fields(one, above)
    for name, inner in schema.get("properties", {}).items():
        full = f"{above}{name}"
        yield ReferenceRow(full, _kind(inner), inner.get("description", ""))
        yield from _fields(inner, f"{full}.")
        items = inner.get("items", {})
        if isinstance(items, dict):
            yield from _fields(items, f"{full}[].")


def _kind(schema: Json) -> str:
    """The type of a value, in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    for many in ("oneOf", "anyOf"):
        if many in schema:
            return " or ".join(_kind(one) for one in schema[many])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "minimum" in schema and "maximum" in schema:
        return f"{kind}, {schema['minimum']} to {schema['maximum']}"
    return str(kind)
