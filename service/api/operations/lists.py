"""The operations on lists of articles."""

from __future__ import annotations

from collections.abc import Callable

from desk.lists.store import MOST_ARTICLES
from desk.named import MAX_NAME, MAX_NOTE
from search.system.json import Json
from service import params
from service.api.operations.shape import (
    ARTICLE_ID,
    COUNT,
    EXAMPLE,
    NULLABLE,
    TEXT,
    answer,
    header,
    list_of,
    record,
    refused,
    sent,
)
from service.params.parameter import Parameter

_LINKS: Json = {
    "self": TEXT,
    "page": {**TEXT, "description": "For people."},
    "search": {**TEXT, "description": "A search in it."},
}
_LIST: Json = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "about": TEXT,
        "articles": {**COUNT, "description": "Articles on it, in the archive or not."},
        "made_by": {**TEXT, "description": "The name of the key."},
        "made": TEXT,
        "changed_by": TEXT,
        "changed": TEXT,
        "added": {**COUNT, "description": "After putting articles on it: those that were not on it before."},
        "links": {"type": "object", "properties": _LINKS, "required": list(_LINKS)},
    },
    "required": ["name", "about", "articles", "made_by", "made", "changed_by", "changed", "links"],
}


def paths(described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    name = {"name": "name", "in": "path", "required": True, "schema": TEXT, "description": "The name of a list."}
    missing, conflict = refused("No list has the name"), refused("Another list has the name, or there is no room")
    other, no_json = refused("No list has the name, or no article the id"), refused("Not JSON")
    named = {"name": {**TEXT, "maxLength": MAX_NAME}, "about": {**TEXT, "maxLength": MAX_NOTE}}
    noted = {"type": "object", "properties": {"id": TEXT, "note": TEXT}, "required": ["id"]}
    some = {
        "articles": {**list_of({"oneOf": [TEXT, noted]}), "maxItems": MOST_ARTICLES},
        "query": {**TEXT, "description": "Parameters of a search: all articles that it finds."},
    }
    return {
        "/api/lists": {
            "get": {
                "operationId": "lists",
                "summary": "All lists of articles, by name",
                "responses": {"200": answer("The lists, without their articles", "Lists")},
            },
            "post": {
                "operationId": "makeList",
                "summary": "Make a list",
                "requestBody": sent({"name": "Oil crisis", "articles": [EXAMPLE["id"]]}, **named, **some),
                "responses": {
                    "201": {**answer("It is made", "List"), "headers": {"Location": header("The list")}},
                    "404": refused("No article has the id"),
                    "409": conflict,
                    "415": no_json,
                },
            },
        },
        "/api/lists/{name}": {
            "get": {
                "operationId": "list",
                "summary": "A list and its articles, in the order in which they were put on it",
                "parameters": [
                    name,
                    *map(described, params.part.PARAMETERS),
                ],
                "responses": {"200": answer("The list", "ListContents"), "404": missing},
            },
            "post": {
                "operationId": "putOnList",
                "summary": "Put articles on a list; those that are on it stay as they are",
                "parameters": [name],
                "requestBody": sent({"query": "q=oil&country=FR"}, **some),
                "responses": {"200": answer("They are on it", "List"), "404": other, "409": conflict, "415": no_json},
            },
            "patch": {
                "operationId": "changeList",
                "summary": "Give a list another name, or say what it is about",
                "parameters": [name],
                "requestBody": sent({"name": "Oil crisis of 1973"}, **named),
                "responses": {"200": answer("It is changed", "List"), "404": missing, "409": conflict, "415": no_json},
            },
            "delete": {
                "operationId": "removeList",
                "summary": "Remove a list; its articles stay in the archive",
                "parameters": [name],
                "responses": {"200": answer("It is removed", "List"), "404": missing},
            },
        },
        "/api/lists/{name}/articles/{article_id}": {
            "put": {
                "operationId": "putArticleOnList",
                "summary": "Put an article on a list, or change its note",
                "parameters": [name, ARTICLE_ID],
                "requestBody": {**sent({"note": "Its first page."}, note=TEXT), "required": False},
                "responses": {"200": answer("It is on it", "List"), "404": other, "409": conflict, "415": no_json},
            },
            "delete": {
                "operationId": "takeArticleOffList",
                "summary": "Take an article off a list",
                "parameters": [name, ARTICLE_ID],
                "responses": {"200": answer("It is not on it any more", "List"), "404": other},
            },
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    return {
        "Lists": record(lists=list_of({"$ref": "#/components/schemas/List"})),
        "List": _LIST,
        "ListContents": {
            "type": "object",
            "properties": {
                **_LIST["properties"],
                "present": {**COUNT, "description": "Articles on it that the archive has."},
                "missing": {**COUNT, "description": "Articles on it that are no longer in the archive."},
                "entries": list_of(
                    record(
                        id=TEXT,
                        note=TEXT,
                        by={**TEXT, "description": "The name of the key that put it there."},
                        at=TEXT,
                        present={"type": "boolean", "description": "The archive has it."},
                        title=NULLABLE,
                        published=NULLABLE,
                        source=NULLABLE,
                    )
                ),
                "links": {**_LIST["properties"]["links"], "properties": {**_LINKS, "next": NULLABLE}},
            },
            "required": [*_LIST["required"], "present", "missing", "entries"],
        },
    }
