"""The OpenAPI description of the operations other than searching, and of everything that operations share."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from indexer import authority_csv, decision
from indexer.corrections import exchange
from indexer.corrections.correction import ACTIONS, FIELDS
from indexer.report import MOST_SKIPPED, MOST_WARNINGS
from search.authority import KINDS
from search.json import Json
from search.local.safe.lists import MAX_NAME, MAX_NOTE, MOST_ARTICLES
from service import auth, citing, corrections, download, export, feed, lists, question, spool
from service.citation_resource import MOST_LISTED
from service.draft import MAX_CHARACTERS
from service.parameter import Parameter

_TEXT = {"type": "string"}
_NULLABLE = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
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
_IDEMPOTENCY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Identifies this request: sent again with the same key, it returns the same job and is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_ARTICLE_ID: Json = {
    "name": "article_id",
    "in": "path",
    "required": True,
    "schema": _TEXT,
    "description": "An article's id.",
}
_FLAGS = {
    "block": "Also block its id from now on.",
    "purge": "Also erase it: the job is done when no file of the index contains a byte of it.",
}
_CORRECTING: Json = {
    "type": "object",
    "properties": {
        "article": _TEXT,
        "field": {"type": "string", "enum": list(FIELDS)},
        "action": {"type": "string", "enum": list(ACTIONS), "description": "`set` for a date or title."},
        "value": {**_TEXT, "description": "A name, a code or name of a country or topic, a date, a title."},
        "note": _TEXT,
    },
    "required": ["article", "field", "action", "value"],
}
_CORRECTION: Json = {
    "type": "object",
    "properties": {
        **_CORRECTING["properties"],
        "label": {**_TEXT, "description": "The value as people read it: `France` for `FR`."},
        "number": _COUNT,
        "names": {"type": "array", "items": _TEXT, "description": "Further spellings that a removal removes."},
        "by": {**_TEXT, "description": "The name of the key."},
        "at": _TEXT,
        "undone": _NULLABLE,
        "undone_by": _NULLABLE,
    },
    "required": [*exchange.COLUMNS, "label"],
}
_NUMBER = {"type": ["integer", "null"]}
_VERSION = {**_NUMBER, "description": "As its publisher numbers it."}
_RESULT: Json = {
    "type": "object",
    "properties": {
        "generation": _COUNT,
        "time": _TEXT,
        "total": _COUNT,
        "hash": {**_NULLABLE, "description": "Over the ids and contents of all articles; null if there are too many."},
        "articles": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {"id": _TEXT, "content": {**_TEXT, "description": "SHA-256."}, "version": _VERSION},
                "required": ["id", "content", "version"],
            },
        },
    },
    "required": ["generation", "time", "total", "hash"],
}
_CITATION: Json = {
    "id": _TEXT,
    "question": {**_TEXT, "description": "Parameters of a search, without dates relative to the day."},
    "order": _TEXT,
    "by": {**_TEXT, "description": "The name of the key; empty if it was made without one."},
    "purged": {**_COUNT, "description": "How many of its articles were purged since."},
    "then": _RESULT,
    "links": {
        "type": "object",
        "properties": {"self": _TEXT, "page": _TEXT, "search": _TEXT},
        "required": ["self", "page", "search"],
    },
}
_LINKS: Json = {
    "self": _TEXT,
    "page": {**_TEXT, "description": "For people."},
    "search": {**_TEXT, "description": "A search in it."},
}
_LIST: Json = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "about": _TEXT,
        "articles": {**_COUNT, "description": "Articles on it, in the archive or not."},
        "made_by": {**_TEXT, "description": "The name of the key."},
        "made": _TEXT,
        "changed_by": _TEXT,
        "changed": _TEXT,
        "added": {**_COUNT, "description": "After putting articles on it: those that were not on it before."},
        "links": {"type": "object", "properties": _LINKS, "required": list(_LINKS)},
    },
    "required": ["name", "about", "articles", "made_by", "made", "changed_by", "changed", "links"],
}
_EXAMPLE = {"id": "1961-08-berlin-wall", "title": "Wall", "text": "Text of the article.", "published": "1961-08-13"}


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
                        "content": {entry.media_type: {"schema": _TEXT} for entry in export.FORMATS.values()},
                        "headers": {
                            "Dateline-Query": _header("The query, percent-encoded"),
                            "Dateline-Generation": _header("The generation it was read from"),
                            "Dateline-Exported": _header("The time, in UTC"),
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
                        "application/json": {"schema": sent, "example": _EXAMPLE},
                        "application/x-ndjson": {"schema": {"type": "string", "pattern": "^\\s*[{[]"}},
                    },
                },
                "responses": {"202": _accepted(), "415": _refused("Neither JSON nor JSON Lines")},
            }
        },
        "/api/draft": {
            "post": {
                "operationId": "draft",
                "summary": "What the archive knows about a text, of which nothing is stored",
                "requestBody": {
                    "required": True,
                    "content": {
                        "text/plain": {"schema": _TEXT},
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"title": _TEXT, "text": {**_TEXT, "maxLength": MAX_CHARACTERS}},
                                "required": ["text"],
                            }
                        },
                    },
                },
                "responses": {
                    "200": _json("Its persons, countries, topics, dates, and earlier articles", "Draft"),
                    "415": _refused("Neither text nor JSON"),
                },
            }
        },
        "/api/articles/{article_id}": {
            "delete": {
                "operationId": "remove",
                "summary": "Remove an article",
                "parameters": [_ARTICLE_ID, *map(_flag, _FLAGS), _IDEMPOTENCY],
                "responses": {"202": _accepted(), "404": _refused("The id is not valid")},
            }
        },
        "/api/authority": {
            "get": {
                "operationId": "authority",
                "summary": "Which names are merged, split or blocked, and who decided that when",
                "responses": {"200": _json("The entries in force, and the journal", "Authority")},
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
                    "202": _accepted(),
                    "400": _refused("It is not valid, or contradicts what is in force"),
                    "415": _refused("Not JSON"),
                },
            },
        },
        "/api/corrections": {
            "get": {
                "operationId": "corrections",
                "summary": "What people have corrected, undone corrections too, in the order in which they were made",
                "parameters": [
                    _query("article", "Only those of this article.", _TEXT),
                    _query("after", "Only those with a greater number.", _COUNT),
                    _query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": corrections.MOST}),
                ],
                "responses": {"200": _json("Corrections", "Corrections")},
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
                                    _object(corrections={**_list(_CORRECTING), "maxItems": corrections.MOST}),
                                ]
                            },
                            "example": {
                                "article": _EXAMPLE["id"],
                                "field": "person",
                                "action": "remove",
                                "value": "Brandenburg Gate",
                            },
                        },
                    },
                },
                "responses": {
                    "202": _corrected("They are on disk and will be applied"),
                    "404": _refused("No article has the id"),
                    "415": _refused("Not JSON"),
                },
            },
        },
        "/api/corrections/{number}": {
            "delete": {
                "operationId": "undo",
                "summary": "Undo a correction: the fact is again as it was found",
                "parameters": [{"name": "number", "in": "path", "required": True, "schema": _TEXT}],
                "responses": {
                    "202": _corrected("It is undone, and the article will be"),
                    "404": _refused("No correction in force has the number"),
                },
            },
        },
        "/api/citations": {
            "get": {
                "operationId": "citations",
                "summary": "The stored citations, the last ones first",
                "parameters": [
                    _query("after", "Continues behind the citation with this id.", _TEXT),
                    _query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": MOST_LISTED}),
                ],
                "responses": {"200": _json("Citations", "Citations")},
            },
            "post": {
                "operationId": "cite",
                "summary": f"Cite the result of a search, of up to {citing.MOST:,} articles; it is stored",
                "parameters": [described(parameter) for parameter in question.PARAMETERS],
                "responses": {
                    "201": _json("It is on disk", "Citation")
                    | {"headers": {"Location": _header("The citation, then and now")}},
                    "409": _refused("The archive changes too fast, or the address of the citation cannot be signed"),
                    "415": _refused("There is a body; the question is in the address"),
                },
            },
        },
        "/api/citations/{citation_id}": {
            "get": {
                "operationId": "citation",
                "summary": "A cited result, then and now: what came, went and changed",
                "parameters": [
                    {"name": "citation_id", "in": "path", "required": True, "schema": _TEXT},
                    _query("articles", "Also the articles of then.", {"type": "boolean", "default": False}),
                ],
                "responses": {
                    "200": _json("The citation", "Reopened"),
                    "404": _refused("There is no such citation"),
                    "410": _refused("It was removed: its question named an article that was taken down"),
                },
            }
        },
        **_list_paths(),
        "/api/jobs/{job_id}": {
            "get": {
                "operationId": "job",
                "summary": "The state and the report of a job",
                "parameters": [{"name": "job_id", "in": "path", "required": True, "schema": _TEXT}],
                "responses": {
                    "200": _json("The job; with counts once it is done", "Job"),
                    "404": _refused("No such job"),
                },
            }
        },
        "/feed.atom": {
            "get": {
                "operationId": "feed",
                "summary": "Any search as an Atom feed, with OpenSearch totals",
                "parameters": [described(parameter) for parameter in feed.TAKEN],
                "responses": {"200": _other("The feed", feed.MEDIA_TYPE)},
            }
        },
        "/opensearch.xml": _plain("opensearch", "The search engine description for browsers", _XML),
        "/metrics": _plain("metrics", "Counts for Prometheus", "text/plain"),
        "/docs": _plain("docs", "This description, for people", "text/html; charset=utf-8"),
    }


def _list_paths() -> dict[str, Json]:
    """The operations on lists of articles."""
    name = {"name": "name", "in": "path", "required": True, "schema": _TEXT, "description": "The name of a list."}
    missing, conflict = _refused("No list has the name"), _refused("Another list has the name, or there is no room")
    other, no_json = _refused("No list has the name, or no article the id"), _refused("Not JSON")

    def sent(example: Json, **properties: Json) -> Json:
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}

    named = {"name": {**_TEXT, "maxLength": MAX_NAME}, "about": {**_TEXT, "maxLength": MAX_NOTE}}
    noted = {"type": "object", "properties": {"id": _TEXT, "note": _TEXT}, "required": ["id"]}
    some = {
        "articles": {**_list({"oneOf": [_TEXT, noted]}), "maxItems": MOST_ARTICLES},
        "query": {**_TEXT, "description": "Parameters of a search: all articles that it finds."},
    }
    return {
        "/api/searches": {
            "get": {
                "operationId": "searches",
                "summary": "The saved searches, by name, and what is new in each to the one who asks",
                "responses": {"200": _json("The searches", "Searches")},
            },
            "post": {
                "operationId": "saveSearch",
                "summary": "Save a search",
                "requestBody": sent(
                    {"name": "Oil in France", "question": "q=oil&country=FR"},
                    name=named["name"],
                    question={**_TEXT, "description": "Its parameters, as a query string."},
                ),
                "responses": {
                    "201": {**_json("It is saved", "Search"), "headers": {"Location": _header("The search")}},
                    "409": _refused("Another search has the name, or there is no room"),
                    "415": no_json,
                },
            },
        },
        "/api/searches/{name}": {
            "get": {
                "operationId": "savedSearch",
                "summary": "A saved search",
                "parameters": [name],
                "responses": {"200": _json("The search", "Search"), "404": _refused("No search has the name")},
            },
            "patch": {
                "operationId": "changeSearch",
                "summary": "Give a saved search another name, or note that all of it has been seen",
                "parameters": [name],
                "requestBody": sent({"seen": True}, name=named["name"], seen={"type": "boolean", "const": True}),
                "responses": {
                    "200": _json("It is changed", "Search"),
                    "404": _refused("No search has the name"),
                    "409": _refused("Another search has the name"),
                    "415": no_json,
                },
            },
            "delete": {
                "operationId": "deleteSearch",
                "summary": "Delete a saved search",
                "parameters": [name],
                "responses": {"200": _json("It is deleted", "Search"), "404": _refused("No search has the name")},
            },
        },
        "/api/lists": {
            "get": {
                "operationId": "lists",
                "summary": "All lists of articles, by name",
                "responses": {"200": _json("The lists, without their articles", "Lists")},
            },
            "post": {
                "operationId": "makeList",
                "summary": "Make a list",
                "requestBody": sent({"name": "Oil crisis", "articles": [_EXAMPLE["id"]]}, **named, **some),
                "responses": {
                    "201": {**_json("It is made", "List"), "headers": {"Location": _header("The list")}},
                    "404": _refused("No article has the id"),
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
                    _query("after", "Only those with a greater number: links.next has it.", _COUNT),
                    _query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": lists.MOST}),
                ],
                "responses": {"200": _json("The list", "ListContents"), "404": missing},
            },
            "post": {
                "operationId": "putOnList",
                "summary": "Put articles on a list; those that are on it stay as they are",
                "parameters": [name],
                "requestBody": sent({"query": "q=oil&country=FR"}, **some),
                "responses": {"200": _json("They are on it", "List"), "404": other, "409": conflict, "415": no_json},
            },
            "patch": {
                "operationId": "changeList",
                "summary": "Give a list another name, or say what it is about",
                "parameters": [name],
                "requestBody": sent({"name": "Oil crisis of 1973"}, **named),
                "responses": {"200": _json("It is changed", "List"), "404": missing, "409": conflict, "415": no_json},
            },
            "delete": {
                "operationId": "removeList",
                "summary": "Remove a list; its articles stay in the archive",
                "parameters": [name],
                "responses": {"200": _json("It is removed", "List"), "404": missing},
            },
        },
        "/api/lists/{name}/articles/{article_id}": {
            "put": {
                "operationId": "putArticleOnList",
                "summary": "Put an article on a list, or change its note",
                "parameters": [name, _ARTICLE_ID],
                "requestBody": {**sent({"note": "Its first page."}, note=_TEXT), "required": False},
                "responses": {"200": _json("It is on it", "List"), "404": other, "409": conflict, "415": no_json},
            },
            "delete": {
                "operationId": "takeArticleOffList",
                "summary": "Take an article off a list",
                "parameters": [name, _ARTICLE_ID],
                "responses": {"200": _json("It is not on it any more", "List"), "404": other},
            },
        },
    }


_XML = "application/opensearchdescription+xml"


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _entry() -> Json:
    return _object(**{column: _TEXT for column in authority_csv.COLUMNS})


def _decision() -> Json:
    return {
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": list(decision.ACTIONS)},
            "kind": {"type": "string", "enum": list(KINDS), "default": "person"},
            "name": {**_TEXT, "maxLength": decision.LONGEST, "description": "For all actions but undo."},
            "aliases": {
                **_list({**_TEXT, "maxLength": decision.LONGEST}),
                "maxItems": decision.MOST_ALIASES,
                "description": "The names that a merge lists under the name.",
            },
            "wikidata": {**_TEXT, "description": "The Wikidata item of the name: Q19878; none if it is empty."},
            "change": {"type": "integer", "description": "The number of the change that is undone."},
        },
        "required": ["action"],
        "additionalProperties": False,
    }


def _corrected(description: str) -> Json:
    answer = _json(description, "Corrected")
    answer["headers"] = {"Location": _header("The job")}
    return answer


_OF_FAULTS = {
    "error": "For an internal error, the type of the exception.",
    "place": "Where it was raised, as module:line.",
}


def schemas() -> dict[str, Json]:
    """The schemas of these operations."""
    properties: Json = {"path": _TEXT, "line": {"type": ["integer", "null"]}, "reason": _TEXT}
    properties |= {name: {**_TEXT, "description": about} for name, about in _OF_FAULTS.items()}
    reasons = {"type": "object", "properties": properties}
    brief: Json = {"id": _TEXT, "title": _TEXT, "published": _NULLABLE, "source": _NULLABLE}
    article = {"oneOf": [_object(**brief), {"type": "null"}]}
    known = _list(
        _object(
            value=_TEXT,
            label=_TEXT,
            count={**_COUNT, "description": "The articles that have it."},
            first=article,
            last=article,
            names=_list(_object(name=_TEXT, count=_COUNT)),
            blocked={"type": "boolean", "description": "The authority file hides the value."},
            did_you_mean={"oneOf": [_object(value=_TEXT, count=_COUNT), {"type": "null"}]},
            evidence=_list({"type": "object"}),
        )
    )
    counts: Json = {name: _COUNT for name in ("read", "added", "updated", "unchanged", "removed", "embargoed")}
    return {
        "Sent": {
            "type": "object",
            "description": "An article, like Article. Only text is required. The job reports problems.",
            "minProperties": 1,
        },
        "Draft": _object(
            language={"type": ["string", "null"]},
            persons=known,
            countries=known,
            topics=known,
            dates=known,
            earlier=_list(
                _object(
                    **brief,
                    share={"type": "number", "minimum": 0, "maximum": 1, "description": "Of the words of the draft."},
                    passages=_list(
                        _object(
                            words=_COUNT,
                            start={**_COUNT, "description": "In the draft, in code points."},
                            end=_COUNT,
                            text={**_TEXT, "description": "As written in the article."},
                            **{"in": {"type": "array", "items": _COUNT, "description": "[start, end) in the article."}},
                        )
                    ),
                )
            ),
        ),
        "Searches": _object(searches=_list({"$ref": "#/components/schemas/Search"})),
        "Search": _object(
            name=_TEXT,
            question=_TEXT,
            made_by=_TEXT,
            made=_TEXT,
            seen={**_NULLABLE, "description": "When the one who asks has seen it, or a little before."},
            total={"type": ["integer", "null"]},
            new={"type": ["integer", "null"], "description": "Added since it was seen; null if it never was."},
            problem={**_NULLABLE, "description": "Why it cannot be asked any more."},
            links=_object(self=_TEXT, search=_TEXT),
        ),
        "Authority": _object(
            generation=_COUNT,
            entries=_list(_entry()),
            journal=_list(
                _object(number=_COUNT, at=_TEXT, by=_TEXT, what=_TEXT, added=_list(_entry()), removed=_list(_entry()))
            ),
        ),
        "Corrections": _object(
            corrections=_list(_CORRECTION),
            links=_object(next={**_NULLABLE, "description": "The next ones."}),
        ),
        "Corrected": _object(corrections=_list(_CORRECTION), job=_TEXT, links=_object(self=_TEXT)),
        "Citations": _object(
            citations=_list({"$ref": "#/components/schemas/Citation"}),
            links=_object(next={**_NULLABLE, "description": "The next ones."}),
        ),
        "Citation": _object(**_CITATION),
        "Reopened": _object(
            **_CITATION,
            now=_RESULT,
            same={"type": "boolean", "description": "Nothing came, went or changed, besides what was purged."},
            came={**_nullable(_list(_object(**brief))), "description": "Null if the articles of then are not stored."},
            went=_nullable(_list(_object(id=_TEXT, why={**_NULLABLE, "description": "For the first 100."}))),
            changed=_nullable(_list(_object(**brief, version=_object(then=_VERSION, now=_VERSION)))),
            added_since={**_NUMBER, "description": "Of a citation that is not stored: articles added since."},
            changed_since={**_NUMBER, "description": "Of a citation that is not stored: articles changed since."},
            problem={**_NULLABLE, "description": "Why the question cannot be asked any more; then `now` says nothing."},
        ),
        "Lists": _object(lists=_list({"$ref": "#/components/schemas/List"})),
        "List": _LIST,
        "ListContents": {
            "type": "object",
            "properties": {
                **_LIST["properties"],
                "present": {**_COUNT, "description": "Articles on it that the archive has."},
                "missing": {**_COUNT, "description": "Articles on it that are no longer in the archive."},
                "entries": _list(
                    _object(
                        id=_TEXT,
                        note=_TEXT,
                        by={**_TEXT, "description": "The name of the key that put it there."},
                        at=_TEXT,
                        present={"type": "boolean", "description": "The archive has it."},
                        title=_NULLABLE,
                        published=_NULLABLE,
                        source=_NULLABLE,
                    )
                ),
                "links": {**_LIST["properties"]["links"], "properties": {**_LINKS, "next": _NULLABLE}},
            },
            "required": [*_LIST["required"], "present", "missing", "entries"],
        },
        "Accepted": {
            "type": "object",
            "properties": {"job": _TEXT, "links": {"type": "object", "properties": {"self": _TEXT}}},
            "required": ["job", "links"],
        },
        "Job": {
            "type": "object",
            "properties": {
                "id": _TEXT,
                "state": {"type": "string", "enum": ["queued", "running", "done", "failed"]},
                "kind": {"type": "string", "enum": list(get_args(spool.Kind))},
                "created": _TEXT,
                "problem": {"type": ["string", "null"]},
                **counts,
                "held": {
                    "type": "array",
                    "items": _TEXT,
                    "description": "After a purge: backups and jobs that still contain a part of the article.",
                },
                "skipped": {
                    "type": "array",
                    "items": reasons,
                    "maxItems": MOST_SKIPPED,
                    "description": "The first rejected records.",
                },
                "skipped_count": {**_COUNT, "description": "The number of rejected records."},
                "reasons": {
                    "type": "object",
                    "additionalProperties": _COUNT,
                    "description": "The number of rejected records by reason, without numbers and quotations.",
                },
                "warnings": {
                    "type": "array",
                    "items": reasons,
                    "maxItems": MOST_WARNINGS,
                    "description": "The first accepted records with a problem, and the problem.",
                },
                "internal_errors": {**_COUNT, "description": "The number of internal errors, each among skipped."},
                "seconds": {"type": "number"},
                "generation": _COUNT,
                "links": {"type": "object", "properties": {"self": _TEXT}},
            },
            "required": ["id", "state", "kind", "created", "problem", "links"],
        },
    }


def completed(document: Json, described: Callable[[Parameter], Json]) -> Json:
    """Add these operations to a description of searching, and to all of them the keys and the errors.

    Args:
        described: returns a parameter as OpenAPI.
    """
    for path, methods in paths(described).items():
        document["paths"].setdefault(path, {}).update(methods)
    document["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key: dateline keys INDEX add."}
    }
    document["components"]["schemas"] |= schemas()
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
        responses.setdefault(status, _refused(_COMMON[status]))
    operation["responses"] = dict(sorted(responses.items()))


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _nullable(schema: Json) -> Json:
    return {"oneOf": [schema, {"type": "null"}]}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _flag(name: str) -> Json:
    boolean = {"type": "boolean", "default": False}
    return {"name": name, "in": "query", "description": _FLAGS[name], "schema": boolean}


def _header(description: str) -> Json:
    return {"description": description, "schema": _TEXT}


def _plain(operation: str, summary: str, media_type: str) -> Json:
    return {
        "get": {"operationId": operation, "summary": summary, "responses": {"200": _other(summary, media_type)}},
    }


def _other(description: str, media_type: str) -> Json:
    return {"description": description, "content": {media_type: {"schema": _TEXT}}}


def _json(description: str, schema: str) -> Json:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _accepted() -> Json:
    answer = _json("The request is on disk and will be done", "Accepted")
    answer["headers"] = {"Location": _header("The job")}
    return answer


def _refused(description: str) -> Json:
    return {"description": description, "content": _PROBLEM}
