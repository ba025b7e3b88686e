"""The operations on saved searches."""

from __future__ import annotations

from collections.abc import Callable

from desk.named import MAX_NAME
from search.system.json import Json
from service.api.operations.shape import NULLABLE, TEXT, answer, header, list_of, record, refused, sent
from service.params import part
from service.params.parameter import Parameter


def paths(described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    name = {"name": "name", "in": "path", "required": True, "schema": TEXT, "description": "The name of a search."}
    named, no_json = {**TEXT, "maxLength": MAX_NAME}, refused("Not JSON")
    return {
        "/api/searches": {
            "get": {
                "operationId": "searches",
                "summary": "The saved searches, by name, and what is new in each to the one who asks",
                "parameters": [*map(described, part.PARAMETERS)],
                "responses": {"200": answer("The searches", "Searches")},
            },
            "post": {
                "operationId": "saveSearch",
                "summary": "Save a search",
                "requestBody": sent(
                    {"name": "Oil in France", "question": "q=oil&country=FR"},
                    name=named,
                    question={**TEXT, "description": "Its parameters, as a query string, or the URL of its page."},
                ),
                "responses": {
                    "201": {**answer("It is saved", "Search"), "headers": {"Location": header("The search")}},
                    "409": refused("Another search has the name, or there is no room"),
                    "415": no_json,
                },
            },
        },
        "/api/searches/{name}": {
            "get": {
                "operationId": "savedSearch",
                "summary": "A saved search",
                "parameters": [name],
                "responses": {"200": answer("The search", "Search"), "404": refused("No search has the name")},
            },
            "patch": {
                "operationId": "changeSearch",
                "summary": "Give a saved search another name, or note that all of it has been seen",
                "parameters": [name],
                "requestBody": sent({"seen": True}, name=named, seen={"type": "boolean", "const": True}),
                "responses": {
                    "200": answer("It is changed", "Search"),
                    "404": refused("No search has the name"),
                    "409": refused("Another search has the name"),
                    "415": no_json,
                },
            },
            "delete": {
                "operationId": "deleteSearch",
                "summary": "Delete a saved search",
                "parameters": [name],
                "responses": {"200": answer("It is deleted", "Search"), "404": refused("No search has the name")},
            },
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    return {
        "Searches": record(
            searches=list_of({"$ref": "#/components/schemas/Search"}),
            links=record(next={**NULLABLE, "description": "The next ones."}),
        ),
        "Search": record(
            name=TEXT,
            question=TEXT,
            made_by=TEXT,
            made=TEXT,
            seen={**NULLABLE, "description": "When the one who asks has seen it, or a little before."},
            total={"type": ["integer", "null"]},
            new={"type": ["integer", "null"], "description": "Added since it was seen; null if it never was."},
            problem={**NULLABLE, "description": "Why it cannot be asked any more."},
            links=record(self=TEXT, search=TEXT),
        ),
    }
