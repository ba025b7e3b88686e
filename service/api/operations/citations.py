"""The operations on cited results."""

from __future__ import annotations

from collections.abc import Callable

from search.system.json import Json
from service.api.operations.shape import (
    COUNT,
    NULLABLE,
    NUMBER,
    TEXT,
    answer,
    header,
    list_of,
    nullable,
    query,
    record,
    refused,
)
from service.desk.citations import citing
from service.desk.citations.resource import MOST_LISTED
from service.formats import question
from service.params.parameter import Parameter

_VERSION = {**NUMBER, "description": "As its publisher numbers it."}
_RESULT: Json = {
    "type": "object",
    "properties": {
        "generation": COUNT,
        "time": TEXT,
        "total": COUNT,
        "hash": {**NULLABLE, "description": "Over the ids and contents of all articles; null if there are too many."},
        "articles": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {"id": TEXT, "content": {**TEXT, "description": "SHA-256."}, "version": _VERSION},
                "required": ["id", "content", "version"],
            },
        },
    },
    "required": ["generation", "time", "total", "hash"],
}
_CITATION: Json = {
    "id": TEXT,
    "question": {**TEXT, "description": "Parameters of a search, without dates relative to the day."},
    "order": TEXT,
    "by": {**TEXT, "description": "The name of the key; empty if it was made without one."},
    "purged": {**COUNT, "description": "How many of its articles were purged since."},
    "then": _RESULT,
    "links": {
        "type": "object",
        "properties": {"self": TEXT, "page": TEXT, "search": TEXT},
        "required": ["self", "page", "search"],
    },
}


def paths(described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    return {
        "/api/citations": {
            "get": {
                "operationId": "citations",
                "summary": "The stored citations, the last ones first",
                "parameters": [
                    query("after", "Continues behind the citation with this id.", TEXT),
                    query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": MOST_LISTED}),
                ],
                "responses": {"200": answer("Citations", "Citations")},
            },
            "post": {
                "operationId": "cite",
                "summary": f"Cite the result of a search, of up to {citing.MOST:,} articles; it is stored",
                "parameters": [described(parameter) for parameter in question.PARAMETERS],
                "responses": {
                    "201": answer("It is on disk", "Citation")
                    | {"headers": {"Location": header("The citation, then and now")}},
                    "409": refused("The archive changes too fast, or the address of the citation cannot be signed"),
                    "415": refused("There is a body; the question is in the address"),
                },
            },
        },
        "/api/citations/{citation_id}": {
            "get": {
                "operationId": "citation",
                "summary": "A cited result, then and now: what came, went and changed",
                "parameters": [
                    {"name": "citation_id", "in": "path", "required": True, "schema": TEXT},
                    query("articles", "Also the articles of then.", {"type": "boolean", "default": False}),
                ],
                "responses": {
                    "200": answer("The citation", "Reopened"),
                    "404": refused("There is no such citation"),
                    "410": refused("It was removed: its question named an article that was taken down"),
                },
            }
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    brief: Json = {"id": TEXT, "title": TEXT, "published": NULLABLE, "source": NULLABLE}
    return {
        "Citations": record(
            citations=list_of({"$ref": "#/components/schemas/Citation"}),
            links=record(next={**NULLABLE, "description": "The next ones."}),
        ),
        "Citation": record(**_CITATION),
        "Reopened": record(
            **_CITATION,
            now=_RESULT,
            same={"type": "boolean", "description": "Nothing came, went or changed, besides what was purged."},
            came={**nullable(list_of(record(**brief))), "description": "Null if the articles of then are not stored."},
            went=nullable(list_of(record(id=TEXT, why={**NULLABLE, "description": "For the first 100."}))),
            changed=nullable(list_of(record(**brief, version=record(then=_VERSION, now=_VERSION)))),
            added_since={**NUMBER, "description": "Of a citation that is not stored: articles added since."},
            changed_since={**NUMBER, "description": "Of a citation that is not stored: articles changed since."},
            problem={**NULLABLE, "description": "Why the question cannot be asked any more; then `now` says nothing."},
        ),
    }
