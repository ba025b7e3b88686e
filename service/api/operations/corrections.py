"""The operations on corrections."""

from __future__ import annotations

from collections.abc import Callable

from desk.corrections import exchange
from desk.corrections.correction import ACTIONS, FIELDS
from search.system.json import Json
from service.api.operations.shape import COUNT, EXAMPLE, NULLABLE, TEXT, accepted, answer, list_of, record, refused
from service.desk.corrections import resource as corrections
from service.params.parameter import Parameter

_CORRECTING: Json = {
    "type": "object",
    "properties": {
        "article": TEXT,
        "field": {"type": "string", "enum": list(FIELDS)},
        "action": {"type": "string", "enum": list(ACTIONS), "description": "`set` for a date or title."},
        "value": {**TEXT, "description": "A name, a code or name of a country or topic, a date, a title."},
        "note": TEXT,
    },
    "required": ["article", "field", "action", "value"],
}
_CORRECTION: Json = {
    "type": "object",
    "properties": {
        **_CORRECTING["properties"],
        "label": {**TEXT, "description": "The value as people read it: `France` for `FR`."},
        "number": COUNT,
        "names": {"type": "array", "items": TEXT, "description": "Further spellings that a removal removes."},
        "by": {**TEXT, "description": "The name of the key."},
        "at": TEXT,
        "undone": NULLABLE,
        "undone_by": NULLABLE,
    },
    "required": [*exchange.COLUMNS, "label"],
}


def paths(described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    return {
        "/api/corrections": {
            "get": {
                "operationId": "corrections",
                "summary": "What people have corrected, undone corrections too, in the order of their numbers",
                "parameters": [
                    *map(described, corrections.TAKEN),
                ],
                "responses": {"200": answer("Corrections", "Corrections")},
            },
            "post": {
                "operationId": "correct",
                "summary": "Correct facts of articles, all or none of them",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "oneOf": [
                                    _CORRECTING,
                                    record(corrections={**list_of(_CORRECTING), "maxItems": corrections.MOST}),
                                ]
                            },
                            "example": {
                                "article": EXAMPLE["id"],
                                "field": "person",
                                "action": "remove",
                                "value": "Brandenburg Gate",
                            },
                        },
                    },
                },
                "responses": {
                    "202": accepted("They are on disk and will be applied", "Corrected"),
                    "404": refused("No article has the id"),
                    "415": refused("Not JSON"),
                },
            },
        },
        "/api/corrections/{number}": {
            "delete": {
                "operationId": "undo",
                "summary": "Undo a correction: the fact is again as it was found",
                "parameters": [{"name": "number", "in": "path", "required": True, "schema": TEXT}],
                "responses": {
                    "202": accepted("It is undone, and the article will be", "Corrected"),
                    "404": refused("No correction in force has the number"),
                },
            },
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    return {
        "Corrections": record(
            corrections=list_of(_CORRECTION),
            links=record(next={**NULLABLE, "description": "The next ones."}),
        ),
        "Corrected": record(corrections=list_of(_CORRECTION), job=TEXT, links=record(self=TEXT)),
    }
