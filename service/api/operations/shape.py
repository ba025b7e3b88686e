"""The shapes that descriptions of operations are made of."""

from __future__ import annotations

from search.system.json import Json

TEXT = {"type": "string"}
NULLABLE = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": ["integer", "null"]}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ARTICLE_ID: Json = {
    "name": "article_id",
    "in": "path",
    "required": True,
    "schema": TEXT,
    "description": "An article's id.",
}
EXAMPLE = {"id": "1961-08-berlin-wall", "title": "Wall", "text": "Text of the article.", "published": "1961-08-13"}


def record(**properties: Json) -> Json:
    """An object that has all of these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def nullable(schema: Json) -> Json:
    """A value of a schema, or null."""
    return {"oneOf": [schema, {"type": "null"}]}


def list_of(items: Json) -> Json:
    """A list of values of a schema."""
    return {"type": "array", "items": items}


def query(name: str, description: str, schema: Json) -> Json:
    """A parameter of the URL that no table has."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def header(description: str) -> Json:
    """A header of an answer."""
    return {"description": description, "schema": TEXT}


def plain(operation: str, summary: str, media_type: str) -> Json:
    """The methods of a route that is read without parameters."""
    return {
        "get": {"operationId": operation, "summary": summary, "responses": {"200": other(summary, media_type)}},
    }


def other(description: str, media_type: str) -> Json:
    """An answer in another form than JSON."""
    return {"description": description, "content": {media_type: {"schema": TEXT}}}


def answer(description: str, schema: str) -> Json:
    """An answer in JSON.

    Args:
        schema: the name of its schema.
    """
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def accepted(description: str = "The request is on disk and will be done", schema: str = "Accepted") -> Json:
    """An answer that says where the job is."""
    return {**answer(description, schema), "headers": {"Location": header("The job")}}


def refused(description: str) -> Json:
    """An answer with a problem."""
    return {"description": description, "content": _PROBLEM}


def sent(example: Json, **properties: Json) -> Json:
    """A body with some of these properties, and with no others."""
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
