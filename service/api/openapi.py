"""The API in OpenAPI 3.1, derived from the table of parameters and the output of the renderer.

A test checks its paths against the routes of the application, and its schemas against real responses.
"""

from __future__ import annotations

from importlib.metadata import version

from search.analyses.entity import ENTITIES
from search.analyses.periods import PERIODS
from search.fields import FIELDS
from search.measures.cooccurrence import MEASURES
from search.measures.keyness import SPECIAL_FIELDS
from search.names.completion import TYPES
from search.system.json import Json
from search.values.query import DENOMINATORS, HIT_FIELDS
from search.values.results import PARTS
from service import params
from service.api import operations, pairs
from service.formats import takeaway
from service.params.parameter import Parameter

_STRING = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_STRINGS = {"type": "array", "items": _STRING}
_MARKS = {
    "type": "array",
    "items": {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2},
    "description": "[start, end) in code points.",
}


def document() -> Json:
    """The description, as JSON values."""
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Dateline",
            "version": version("dateline"),
            "description": "Full-text search over a news archive, faceted by person, country, topic and date.",
        },
        "paths": {
            "/api/search": _path("search", "Search the archive", "Results", [_parameter(p) for p in params.PARAMETERS]),
            "/api/articles/{article_id}": _path("article", "One complete article", "Article", [_ID], missing=True),
            "/api/articles/{article_id}/similar": _path(
                "similar",
                "Similar articles, by the most distinctive words of one",
                "Results",
                [_ID, *map(_parameter, params.similar.PARAMETERS)],
                missing=True,
            ),
            "/api/articles/{article_id}/event": _path(
                "event",
                "Articles that may belong to the same event: a suggestion, which no count depends on",
                "Event",
                [_ID],
                missing=True,
            ),
            "/api/facets/{field}": _path(
                "facet",
                "One facet of the matches: its values, or for date the histogram",
                "Facet",
                [_FIELD, *map(_parameter, params.facet.PARAMETERS)],
                missing=True,
            ),
            "/api/suggest": _path(
                "suggest",
                "Completions of a name, with counts",
                "Suggestions",
                list(map(_parameter, params.suggest.PARAMETERS)),
            ),
            "/api/trend": _path(
                "trend",
                "What share of the articles matches, by time",
                "Trend",
                list(map(_parameter, params.trend.PARAMETERS)),
            ),
            "/api/special": _path(
                "special",
                "The values, or words, that are more frequent among the matches than elsewhere, or less",
                "Special",
                list(map(_parameter, params.special.PARAMETERS)),
            ),
            "/api/pairs": _path(
                "pairs",
                "The values that appear in the same articles of a result",
                "Pairs",
                list(map(_parameter, params.pairs.PARAMETERS)),
            ),
            "/api/compare": _path(
                "compare",
                "Up to five queries side by side: over time, what they share, and how they differ",
                "Comparison",
                list(map(_parameter, params.compare.PARAMETERS)),
            ),
            "/api/entities/{field}/{value}": _path(
                "entity",
                "Everything about one person, country, topic, author or source",
                "Entity",
                [_ENTITY_FIELD, _VALUE],
                missing=True,
            ),
            "/api/count": _path(
                "count",
                "The articles of a result by one or two dimensions: facets, and intervals of time",
                "CrossTable",
                list(map(_parameter, params.count.PARAMETERS)),
            ),
            "/healthz": _path("alive", "Liveness: the process responds", "Status"),
            "/readyz": _path("ready", "Readiness: an index is open", "Status"),
            "/openapi.json": _path("description", "This description", "Any"),
        },
        "components": {"schemas": _schemas()},
    }
    return operations.completed(document, _parameter)


_FILES = takeaway.MEDIA_TYPES | {"graphml": pairs.FORMATS["graphml"].media_type}
_ID = {"name": "article_id", "in": "path", "required": True, "schema": _STRING, "description": "An article's id."}
_FIELD = {
    "name": "field",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "enum": list(params.facet.FACETS_AND_DATE)},
    "description": "A facet.",
}


_ENTITY_FIELD = _FIELD | {"schema": {"type": "string", "enum": list(ENTITIES)}}
_VALUE = {
    "name": "value",
    "in": "path",
    "required": True,
    "schema": _STRING,
    "description": "A name in any spelling; a country or topic also by code. Percent-encoded, as in every URL.",
}


def _path(
    operation: str, summary: str, schema: str, parameters: list[Json] | None = None, missing: bool = False
) -> Json:
    content = _content("application/json", schema)
    for parameter in parameters or ():
        if parameter["name"] == "format":
            content |= {_FILES[form]: {"schema": _STRING} for form in parameter["schema"]["enum"] if form in _FILES}
    responses = {"200": {"description": summary, "content": content}}
    problems = {"503": "No index is open; try again"}
    if parameters:
        problems["400"] = "A parameter is not valid; each is named"
    if missing:
        problems["404"] = "Not found"
    if parameters and _ID in parameters:
        problems["410"] = "The article was withdrawn or removed"
    for status, description in problems.items():
        responses[status] = {"description": description, "content": _content("application/problem+json", "Problem")}
    operation_object: Json = {
        "operationId": operation,
        "summary": summary,
        "responses": dict(sorted(responses.items())),
    }
    if parameters:
        operation_object["parameters"] = parameters
    return {"get": operation_object}


def _content(media_type: str, schema: str) -> Json:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _parameter(parameter: Parameter) -> Json:
    schema: Json = {"type": "string"}
    if parameter.kind == "integer":
        schema = {"type": "integer"}
        if parameter.bounds:
            schema["minimum"] = parameter.bounds[0]
            if parameter.bounds[1] is not None:
                schema["maximum"] = parameter.bounds[1]
    elif parameter.kind == "boolean":
        schema = {"type": "boolean"}
    elif parameter.choices and parameter.kind == "string":
        schema["enum"] = list(parameter.choices)
    if parameter.kind == "list":
        schema = {"type": "array", "items": {"type": "string", "enum": list(parameter.choices)}}
    elif parameter.repeat:
        schema = {"type": "array", "items": schema}
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "schema": schema,
    }
    if schema["type"] == "array":
        described |= {"style": "form", "explode": parameter.repeat}
    if parameter.example:
        described["example"] = parameter.example
    return described


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _with(schema: Json, **optional: Json) -> Json:
    """The schema of an object with additional optional properties."""
    return schema | {"properties": schema["properties"] | optional}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _schemas() -> Json:
    group = {"oneOf": [_object(id=_STRING, size=_COUNT), {"type": "null"}]}
    special = _list(
        _object(
            value=_STRING,
            label=_STRING,
            count={**_COUNT, "description": "Articles of the result that have it."},
            of={**_COUNT, "description": "Articles of the reference that have it."},
            expected={"type": "number", "minimum": 0, "description": "total · of / of all."},
            g2={"type": "number", "description": "Signed log-likelihood ratio; negative if rarer."},
            log_ratio={"type": "number", "description": "1: twice as frequent as in the rest; −1: half."},
        )
    )
    hit_fields: Json = {name: _article_field(name) for name in HIT_FIELDS}
    hit_fields |= {
        "title_marks": _MARKS,
        "score": {"type": ["number", "null"], "description": "Null if the query has no text."},
        "group": group,
        "snippets": _list(_object(text=_STRING, marks=_MARKS)),
    }
    snippet = _object(text=_STRING, marks=_MARKS)
    mentioned = _object(
        id=_STRING,
        title=_STRING,
        published=_TEXT_OR_NULL,
        source=_TEXT_OR_NULL,
        passage={"oneOf": [snippet, {"type": "null"}]},
    )
    value = _object(value=_STRING, label=_STRING, count=_COUNT, selected={"type": "boolean"})
    evidence = _object(
        value=_STRING,
        start={"type": ["integer", "null"]},
        end={"type": ["integer", "null"]},
        text=_STRING,
        rule=_STRING,
        confidence={"type": "number", "minimum": 0, "maximum": 1},
        **{"in": {"enum": ["text", "title", None], "description": "The field that has the passage."}},
        why={"type": "string", "description": "The rule in words."},
    )
    evidence = _with(evidence, main={"type": "boolean", "description": "Of a country: the article is mainly about it."})
    fields = {field.name: _article_field(field.name) for field in FIELDS}
    fields["copies"] = _list(
        _object(id=_STRING, title=_STRING, published=_TEXT_OR_NULL, source=_TEXT_OR_NULL, likeness=_SHARE)
    )
    fields["likeness"] = _SHARE
    fields["evidence"] = {"type": "object", "additionalProperties": _list(evidence)}
    missing = {**_STRINGS, "description": "Parts of q that it does not have; absent if all are required."}
    scored = {
        **_list(
            _with(_object(term=_STRING, score={"type": "number"}), expansion={"const": True}, meaning={"const": True})
        ),
        "description": "What the score is made of, with explain: terms of q, words of the first articles, meaning.",
    }
    return {
        "Results": _object(
            total=_COUNT,
            exact={"type": "boolean"},
            took_ms={"type": "number"},
            generation=_COUNT,
            incomplete=_STRINGS,
            query=_with(
                _object(
                    text=_STRING,
                    canonical=_STRING,
                    notes=_STRINGS,
                    terms=_list(_with(_object(term=_STRING, articles=_COUNT), excluded={"const": True})),
                ),
                match={
                    **_object(least=_COUNT, of=_COUNT, complete=_COUNT),
                    "description": "How many parts of q are required, of how many, and how many matches have all; "
                    "absent if all are required.",
                },
            ),
            did_you_mean=_TEXT_OR_NULL,
            hits=_list({"type": "object", "properties": hit_fields | {"missing": missing, "scored": scored}}),
            facets={
                "type": "object",
                "additionalProperties": {"$ref": "#/components/schemas/Facet"},
            },
            links=_object(self=_STRING, next=_TEXT_OR_NULL, prev=_TEXT_OR_NULL),
        ),
        "Facet": {
            "oneOf": [
                _object(values=_list(value), distinct=_COUNT, missing=_COUNT),
                _object(interval=_STRING, buckets=_list(_object(start=_STRING, count=_COUNT)), missing=_COUNT),
            ]
        },
        "Suggestions": _object(
            suggestions=_list(
                _object(type={"type": "string", "enum": list(TYPES)}, value=_STRING, label=_STRING, count=_COUNT)
            )
        ),
        "Trend": _object(
            interval=_STRING,
            denominator={"type": "string", "enum": list(DENOMINATORS)},
            buckets=_list(
                _object(
                    start=_STRING,
                    count=_COUNT,
                    of=_COUNT,
                    share={"type": ["number", "null"], "description": "Null if of is 0."},
                )
            ),
            gaps=_list(
                _object(
                    part={"enum": list(PARTS), "description": "What has no article there."},
                    name={**_STRING, "description": "Of the collection or source; empty for the archive."},
                    start={**_STRING, "description": "The first day."},
                    end={**_STRING, "description": "The last day."},
                )
            ),
            missing={**_COUNT, "description": "Matches without a date, in no bucket."},
            of_missing={**_COUNT, "description": "Articles without a date among those of the denominator."},
        ),
        "Special": _with(
            _object(
                field={"type": "string", "enum": list(SPECIAL_FIELDS)},
                against={"type": "string", "enum": list(DENOMINATORS)},
                total={**_COUNT, "description": "Articles of the result."},
                of={**_COUNT, "description": "Articles of the reference, which include them."},
                values=special,
            ),
            by={"type": "string", "enum": list(PERIODS)},
            earlier={**_COUNT, "description": "Periods with matches before those listed."},
            missing={**_COUNT, "description": "Matches without a date, in no period."},
            periods=_list(
                _object(
                    start={**_STRING, "description": "The first day."},
                    end={**_STRING, "description": "The last day."},
                    total={**_COUNT, "description": "Articles of the result."},
                    of={**_COUNT, "description": "Articles of the period that pass the same filters."},
                    values=special,
                )
            ),
        ),
        "Pairs": _object(
            fields=_STRINGS,
            measure={"type": "string", "enum": list(MEASURES)},
            total={**_COUNT, "description": "Articles of the result."},
            found={**_COUNT, "description": "Pairs with the minimum count, of which the first are listed."},
            nodes=_list(_object(field=_STRING, value=_STRING, label=_STRING, count=_COUNT)),
            edges=_list(
                _object(
                    a={**_STRING, "description": "A value of the first facet."},
                    b={**_STRING, "description": "A value of the second."},
                    count={**_COUNT, "description": "Articles of the result that have both."},
                    npmi={"type": "number", "minimum": -1, "maximum": 1},
                )
            ),
        ),
        "Comparison": _object(
            queries=_list(_object(text=_STRING, canonical=_STRING, notes=_STRINGS, total=_COUNT, missing=_COUNT)),
            interval=_STRING,
            denominator={"type": "string", "enum": list(DENOMINATORS)},
            buckets=_list(
                _object(
                    start=_STRING,
                    counts={**_list(_COUNT), "description": "The matches of each query."},
                    of={**_COUNT, "description": "All articles of the interval."},
                )
            ),
            of_missing={**_COUNT, "description": "Articles without a date among those of the denominator."},
            overlaps=_list(
                _object(
                    of={**_list(_COUNT), "description": "The numbers of some queries, from 0."},
                    count={**_COUNT, "description": "Articles that match all of them."},
                    only={**_COUNT, "description": "Those that match none of the others."},
                )
            ),
            differences={
                "type": "object",
                "additionalProperties": _list(
                    _object(
                        value=_STRING,
                        label=_STRING,
                        counts={**_list(_COUNT), "description": "The articles of each query that have it."},
                        g2={"type": "number", "description": "Log-likelihood ratio: how much their shares differ."},
                    )
                ),
            },
            exact={"type": "boolean", "description": "False if a cluster estimated numbers of stories."},
        ),
        "Entity": _object(
            field={"type": "string", "enum": list(ENTITIES)},
            value=_STRING,
            label=_STRING,
            wikidata=_TEXT_OR_NULL,
            generation=_COUNT,
            incomplete=_STRINGS,
            total={**_COUNT, "description": "The articles that have it."},
            names=_list(_object(name=_STRING, count={**_COUNT, "description": "Articles that list this name."})),
            first={"oneOf": [mentioned, {"type": "null"}], "description": "Its first article with a date."},
            last={"oneOf": [mentioned, {"type": "null"}], "description": "Its last article with a date."},
            timeline={"oneOf": [{"$ref": "#/components/schemas/Facet"}, {"type": "null"}]},
            facets={"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Facet"}},
            epithets=_list(
                _object(
                    text={**_STRING, "description": "What is said next to the name."},
                    count={**_COUNT, "description": "Articles that have it and these words."},
                    q={**_STRING, "description": "The words as a query."},
                )
            ),
            newest=_list({"type": "object", "properties": hit_fields}),
            links=_object(self=_STRING, page=_STRING, search=_STRING, feed=_STRING),
        ),
        "Event": _object(
            id=_STRING,
            published=_TEXT_OR_NULL,
            generation=_COUNT,
            incomplete=_STRINGS,
            days={**_COUNT, "description": "The greatest number of days between the article and a member."},
            members={
                **_list(
                    _object(
                        id=_STRING,
                        title=_STRING,
                        published=_STRING,
                        source=_TEXT_OR_NULL,
                        score={"type": "number", "minimum": 0, "description": "How much speaks for it."},
                        words={**_STRINGS, "description": "The most telling words that both have."},
                        person={**_STRINGS, "description": "The persons that both have."},
                        group=group,
                    )
                ),
                "description": "One article of each story, oldest first; none if its day is not known.",
            },
            links=_object(self=_STRING, page=_STRING, article=_STRING),
        ),
        "CrossTable": _object(
            total={**_COUNT, "description": "Articles of the result."},
            axes=_list(
                _object(
                    by={**_STRING, "description": "A facet or an interval. Rows first."},
                    found={**_COUNT, "description": "Values that an article has, of which the first are listed."},
                    values=_list(
                        _object(
                            value={**_TEXT_OR_NULL, "description": "Null for articles without one."},
                            label=_STRING,
                            count=_COUNT,
                        )
                    ),
                )
            ),
            cells={**_list(_list(_COUNT)), "description": "By row and column; empty for a single dimension."},
            exact={"type": "boolean", "description": "False if a cluster estimated numbers of stories."},
        ),
        "Article": {"type": "object", "properties": fields, "required": sorted(fields)},
        "Problem": {
            "type": "object",
            "properties": {
                "type": _STRING,
                "title": _STRING,
                "status": {"type": "integer"},
                "detail": _STRING,
                "errors": _list(_object(parameter=_STRING, value=_STRING, reason=_STRING, hint=_STRING)),
            },
            "required": ["type", "title", "status", "detail"],
        },
        "Status": {"type": "object", "properties": {"status": _STRING, "generation": _COUNT}, "required": ["status"]},
        "Any": {"type": "object"},
    }


def _article_field(name: str) -> Json:
    found = next((field for field in FIELDS if field.name == name), None)
    if found is None:
        return {}
    described = {"description": found.help}
    if name == "extra":
        return {"type": "object", **described}
    if found.kind == "values" or name == "mentioned":
        return {**_STRINGS, **described}
    if name in ("id", "title", "text"):
        return {**_STRING, **described}
    return {**_TEXT_OR_NULL, **described}
