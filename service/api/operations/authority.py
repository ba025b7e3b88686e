"""The operations on the authority file."""

from __future__ import annotations

from collections.abc import Callable

from desk.names import authority_csv, decision
from search.names.authority import KINDS
from search.system.json import Json
from service.api.operations.shape import COUNT, TEXT, accepted, answer, list_of, record, refused
from service.params.parameter import Parameter


def _entry() -> Json:
    return record(**{column: TEXT for column in authority_csv.COLUMNS})


def _decision() -> Json:
    return {
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": list(decision.ACTIONS)},
            "kind": {"type": "string", "enum": list(KINDS), "default": "person"},
            "name": {**TEXT, "maxLength": decision.LONGEST, "description": "For all actions but undo."},
            "aliases": {
                **list_of({**TEXT, "maxLength": decision.LONGEST}),
                "maxItems": decision.MOST_ALIASES,
                "description": "The names that a merge lists under the name.",
            },
            "wikidata": {**TEXT, "description": "The Wikidata item of the name: Q19878; none if it is empty."},
            "change": {"type": "integer", "description": "The number of the change that is undone."},
            "made": {**TEXT, "description": "Its time, to be sure that it is the change that was seen."},
        },
        "required": ["action"],
        "additionalProperties": False,
    }


def paths(_described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    return {
        "/api/authority": {
            "get": {
                "operationId": "authority",
                "summary": "Which names are merged, split or blocked, and who decided that when",
                "responses": {"200": answer("The entries in force, and the journal", "Authority")},
            },
            "post": {
                "operationId": "decide",
                "summary": "Merge, split or block a name, show it again, set its Wikidata item, or undo a decision",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": _decision(),
                            "example": {
                                "action": "merge",
                                "kind": "person",
                                "name": "Muammar Gaddafi",
                                "aliases": ["Moammar Gadhafi"],
                            },
                        }
                    },
                },
                "responses": {
                    "202": accepted(),
                    "400": refused("It is not valid, or contradicts what is in force"),
                    "415": refused("Not JSON"),
                },
            },
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    return {
        "Authority": record(
            generation=COUNT,
            entries=list_of(_entry()),
            journal=list_of(
                record(number=COUNT, at=TEXT, by=TEXT, what=TEXT, added=list_of(_entry()), removed=list_of(_entry()))
            ),
        ),
    }
