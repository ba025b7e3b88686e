"""The operations on articles: sending, removing and exporting them, the jobs that do it, and checking a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from indexer.report import MOST_SKIPPED, MOST_WARNINGS
from search.system.json import Json
from service import spool
from service.api.operations.shape import (
    ARTICLE_ID,
    COUNT,
    EXAMPLE,
    NULLABLE,
    TEXT,
    accepted,
    answer,
    header,
    list_of,
    record,
    refused,
)
from service.formats import download, export
from service.params.parameter import Parameter
from service.values.article_values import MAX_CHARACTERS

_IDEMPOTENCY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Identifies this request: sent again with the same key, it returns the same job and is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_FLAGS = {
    "block": "Also block its id from now on.",
    "purge": "Also erase it: the job is done when no file of the index contains a byte of it.",
}
_OF_FAULTS = {
    "error": "For an internal error, the type of the exception.",
    "place": "Where it was raised, as module:line.",
}


def _flag(name: str) -> Json:
    boolean = {"type": "boolean", "default": False}
    return {"name": name, "in": "query", "description": _FLAGS[name], "schema": boolean}


def paths(described: Callable[[Parameter], Json]) -> dict[str, Json]:
    """The operations by path and method."""
    sent = {
        "oneOf": [{"$ref": "#/components/schemas/Sent"}, {"type": "array", "items": {}, "minItems": 1}],
    }
    return {
        "/api/export": {
            "get": {
                "operationId": "export",
                "summary": "Every article that matches, as a file",
                "parameters": [described(parameter) for parameter in download.TAKEN],
                "responses": {
                    "200": {
                        "description": "Articles, newest first",
                        "content": {entry.media_type: {"schema": TEXT} for entry in export.FORMATS.values()},
                        "headers": {
                            "Dateline-Query": header("The query, percent-encoded"),
                            "Dateline-Generation": header("The generation it was read from"),
                            "Dateline-Exported": header("The time, in UTC"),
                        },
                    }
                },
            }
        },
        "/api/articles": {
            "post": {
                "operationId": "send",
                "summary": "Send articles to be indexed",
                "parameters": [
                    {
                        "name": "collection",
                        "in": "query",
                        "description": f"The name of their archive; by default {spool.COLLECTION}.",
                        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._ \\-]{0,100}$"},
                    },
                    _IDEMPOTENCY,
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": sent, "example": EXAMPLE},
                        "application/x-ndjson": {"schema": {"type": "string", "pattern": "^\\s*[{[]"}},
                    },
                },
                "responses": {"202": accepted(), "415": refused("Neither JSON nor JSON Lines")},
            }
        },
        "/api/draft": {
            "post": {
                "operationId": "draft",
                "summary": "What the archive knows about a text, of which nothing is stored",
                "requestBody": {
                    "required": True,
                    "content": {
                        "text/plain": {"schema": TEXT},
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"title": TEXT, "text": {**TEXT, "maxLength": MAX_CHARACTERS}},
                                "required": ["text"],
                            }
                        },
                    },
                },
                "responses": {
                    "200": answer("Its persons, countries, topics, dates, and earlier articles", "Draft"),
                    "415": refused("Neither text nor JSON"),
                },
            }
        },
        "/api/articles/{article_id}": {
            "delete": {
                "operationId": "remove",
                "summary": "Remove an article",
                "parameters": [ARTICLE_ID, *map(_flag, _FLAGS), _IDEMPOTENCY],
                "responses": {"202": accepted(), "404": refused("The id is not valid")},
            }
        },
        "/api/jobs/{job_id}": {
            "get": {
                "operationId": "job",
                "summary": "The state and the report of a job",
                "parameters": [{"name": "job_id", "in": "path", "required": True, "schema": TEXT}],
                "responses": {
                    "200": answer("The job; with counts once it is done", "Job"),
                    "404": refused("No such job"),
                },
            }
        },
    }


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    properties: Json = {"path": TEXT, "line": {"type": ["integer", "null"]}, "reason": TEXT}
    properties |= {name: {**TEXT, "description": about} for name, about in _OF_FAULTS.items()}
    reasons = {"type": "object", "properties": properties}
    brief: Json = {"id": TEXT, "title": TEXT, "published": NULLABLE, "source": NULLABLE}
    article = {"oneOf": [record(**brief), {"type": "null"}]}
    known = list_of(
        record(
            value=TEXT,
            label=TEXT,
            count={**COUNT, "description": "The articles that have it."},
            first=article,
            last=article,
            names=list_of(record(name=TEXT, count=COUNT)),
            blocked={"type": "boolean", "description": "The authority file hides the value."},
            did_you_mean={"oneOf": [record(value=TEXT, count=COUNT), {"type": "null"}]},
            evidence=list_of({"type": "object"}),
        )
    )
    counts: Json = {name: COUNT for name in ("read", "added", "updated", "unchanged", "removed", "embargoed")}
    return {
        "Sent": {
            "type": "object",
            "description": "An article, like Article. Only text is required. The job reports problems.",
            "minProperties": 1,
        },
        "Draft": record(
            language={"type": ["string", "null"]},
            persons=known,
            countries=known,
            topics=known,
            dates=known,
            earlier=list_of(
                record(
                    **brief,
                    share={"type": "number", "minimum": 0, "maximum": 1, "description": "Of the words of the draft."},
                    passages=list_of(
                        record(
                            words=COUNT,
                            start={**COUNT, "description": "In the draft, in code points."},
                            end=COUNT,
                            text={**TEXT, "description": "As written in the article."},
                            **{"in": {"type": "array", "items": COUNT, "description": "[start, end) in the article."}},
                        )
                    ),
                )
            ),
        ),
        "Accepted": {
            "type": "object",
            "properties": {"job": TEXT, "links": {"type": "object", "properties": {"self": TEXT}}},
            "required": ["job", "links"],
        },
        "Job": {
            "type": "object",
            "properties": {
                "id": TEXT,
                "state": {"type": "string", "enum": ["queued", "running", "done", "failed"]},
                "kind": {"type": "string", "enum": list(get_args(spool.Kind))},
                "created": TEXT,
                "problem": {"type": ["string", "null"]},
                **counts,
                "held": {
                    "type": "array",
                    "items": TEXT,
                    "description": "After a purge: backups and jobs that still contain a part of the article.",
                },
                "skipped": {
                    "type": "array",
                    "items": reasons,
                    "maxItems": MOST_SKIPPED,
                    "description": "The first rejected records.",
                },
                "skipped_count": {**COUNT, "description": "The number of rejected records."},
                "reasons": {
                    "type": "object",
                    "additionalProperties": COUNT,
                    "description": "The number of rejected records by reason, without numbers and quotations.",
                },
                "warnings": {
                    "type": "array",
                    "items": reasons,
                    "maxItems": MOST_WARNINGS,
                    "description": "The first accepted records with a problem, and the problem.",
                },
                "warning_count": {**COUNT, "description": "The number of accepted records with a problem."},
                "internal_errors": {**COUNT, "description": "The number of internal errors, each among skipped."},
                "seconds": {"type": "number"},
                "generation": COUNT,
                "links": {"type": "object", "properties": {"self": TEXT}},
            },
            "required": ["id", "state", "kind", "created", "problem", "links"],
        },
    }
