"""The types of the API: what they load, what is read back by them, and what they say of a body that does not fit."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated, Literal

import falcon.testing
import pytest
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import decode

from search.errors import BadQuery
from search.measures.cross_table import CrossTable
from search.system.json import Json
from search.values.results import Trend
from service.api.schema import schema
from service.http.posted_body import sent
from service.values import alert_values, article_values, authority_values, job_values, list_values, result_values
from tests.cases import cases

Client = falcon.testing.TestClient


def test_types_load_neither_numpy_nor_falcon() -> None:
    program = """if True:
        import importlib, pkgutil, sys, service.values
        for module in pkgutil.iter_modules(service.values.__path__, "service.values."):
            importlib.import_module(module.name)
        sys.exit(", ".join({"numpy", "numba", "falcon", "whoosh"} & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)

    assert done.stderr.strip() == ""


@cases("path, kind", [
    ("/api/search?q=berlin+OR+talks&explain=true", result_values.Results),
    ("/api/articles/1961-08-berlin-wall", article_values.Article),
    ("/api/articles/1961-08-berlin-wall/similar", result_values.Results),
    ("/api/articles/1961-08-berlin-wall/event", article_values.Event),
    ("/api/facets/person?q=berlin", result_values.Facet),
    ("/api/facets/date", result_values.Facet),
    ("/api/suggest?q=b", result_values.Suggestions),
    ("/api/trend?q=berlin", Trend),
    ("/api/special?q=berlin&by=decade", result_values.Special),
    ("/api/pairs?min=1", result_values.Pairs),
    ("/api/compare?q=berlin&q=oil", result_values.Comparison),
    ("/api/count?by=country&by=decade", CrossTable),
    ("/api/entities/country/US", article_values.Entity),
    ("/api/lists", list_values.Lists),
    ("/api/alerts", alert_values.Alerts),
    ("/api/authority", authority_values.Authority),
    ("/readyz", job_values.Status),
    ("/api/jobs/nowhere", job_values.Problem),
])  # fmt: skip
def test_an_answer_is_read_back_by_its_type(client: Client, path: str, kind: type[Struct]) -> None:
    answer = client.simulate_get(path)

    assert isinstance(decode(answer.content, type=kind), kind)


class Sent(Struct, forbid_unknown_fields=True):
    """Something that is sent.

    Attributes:
        few: a number.
    """

    name: str
    few: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    notes: tuple[list_values.NotedArticle | str, ...] = ()
    kind: Literal["a", "b"] | None = None


def test_a_schema_has_bounds_meanings_and_choices() -> None:
    named: dict[str, Json] = {}

    assert schema(Sent | None, named) == {"oneOf": [{"$ref": "#/components/schemas/Sent"}, {"type": "null"}]}
    assert named["Sent"] == {
        "type": "object",
        "description": "Something that is sent.",
        "properties": {
            "name": {"type": "string"},
            "few": {"type": "integer", "minimum": 1, "description": "A number."},
            "notes": {
                "type": "array",
                "items": {"oneOf": [{"$ref": "#/components/schemas/NotedArticle"}, {"type": "string"}]},
            },
            "kind": {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]},
        },
        "required": ["name"],
        "additionalProperties": False,
    }


@cases("body, name, value, said", [
    ('{"name": 5}', "name", "5", "name is not text."),
    ('{"name": {"ä": null}}', "name", '{"ä":null}', "name is not text."),
    ('{"few": 5}', "name", "", "There is no name."),
    ('{"name": "x", "few": "y"}', "few", "y", "few is not a whole number."),
    (f'{{"name": "x", "notes": "{"y" * 100}"}}', "notes", "y" * 80, "notes is not a list."),
    ('{"name": "x", "notes": ["y", 5]}', "notes[1]", "5", "notes[1] is not text or an object."),
    ('{"name": "x", "notes": [{"id": [5]}]}', "notes[0].id", "[5]", "notes[0].id is not text."),
    ('{"name": "x", "notes": [{}]}', "notes[0].id", "", "There is no notes[0].id."),
    ('{"name": "x", "notes": [{"id": "y", "at": 5}]}', "notes[0].at", "", "No field “notes[0].at”."),
    ('{"other": "x"}', "other", "", "No field “other”."),
])  # fmt: skip
def test_what_is_wrong_with_a_body_is_named(body: str, name: str, value: str, said: str) -> None:
    asked = falcon.Request(
        falcon.testing.create_environ(method="POST", body=body, headers={"Content-Type": "application/json"})
    )
    with pytest.raises(BadQuery) as refused:
        sent(asked, Sent, 1000)

    error = refused.value.errors[0]
    assert (error.name, error.value, error.reason) == (name, value, said)
