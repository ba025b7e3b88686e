"""Requests that schemathesis makes up from the description: no 5xx, and every answer is as described.

FUZZ_CASES says how many for each operation, 10 in `make check`; `make soak` asks for 500.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

import search
from desk.people import keys
from search import Article
from service.archive import Archive
from service.server.app import create_app, description
from tests.cases import cases

PROMISES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)
"""What is looked at. Not promised is that all that fits a type is taken (a country is one of a vocabulary), nor that
all else is refused (a blank value is an absent parameter)."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    place = tmp_path_factory.mktemp("fuzz") / "idx"
    with search.writer(place) as writer:
        for n in range(30):
            writer.add(
                Article(f"a{n}", "Trade talks in Berlin.", f"Talks {n}", f"19{50 + n}-05-17", person=("Willy Brandt",))
            )
    secret = keys.add(str(place), ["index", "edit"])[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        import schemathesis
    with Archive(str(place)) as archive:
        yield schemathesis.openapi.from_wsgi("/openapi.json", create_app(archive)), secret


OPERATIONS = [(method, path) for path, methods in description()["paths"].items() for method in methods]
MODES = ("as described", "not as described")


def can_be_wrong(method: str, path: str) -> bool:
    """Whether a request can differ from what is described: not where it is open, and all it has is text in its path."""
    operation = description()["paths"][path][method]
    asked = [one for one in operation.get("parameters", ()) if one.get("in") != "path" or {*one["schema"]} != {"type"}]
    return bool(asked) or "requestBody" in operation or {} not in operation.get("security", [{}])


@pytest.mark.costs("makes requests up for every operation about one thing")
@pytest.mark.parametrize("mode", MODES)
@cases("method, path", [(method, path) for method, path in OPERATIONS if "{" in path])
def test_no_request_about_one_thing_breaks_the_service_or_its_description(
    described: tuple[Any, str], amount: Callable[..., int], method: str, path: str, mode: str
) -> None:
    check_requests(described, method, path, mode, amount(5, few=1))


@pytest.mark.parametrize("mode", MODES)
@cases("method, path", [(method, path) for method, path in OPERATIONS if "{" not in path])
def test_no_other_request_breaks_the_service_or_its_description(
    described: tuple[Any, str], amount: Callable[..., int], method: str, path: str, mode: str
) -> None:
    check_requests(described, method, path, mode, amount(5, few=1))


def check_requests(described: tuple[Any, str], method: str, path: str, mode: str, number: int) -> None:
    """Make up so many requests of an operation, and look at what is answered."""
    number = int(os.environ.get("FUZZ_CASES", number))
    if mode == "not as described" and not can_be_wrong(method, path):
        return
    from schemathesis.checks import CHECKS, load_all_checks
    from schemathesis.generation import GenerationMode

    load_all_checks()
    schema, secret = described
    operation = schema[path][method]
    asked = GenerationMode.POSITIVE if mode == "as described" else GenerationMode.NEGATIVE
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    checks = [CHECKS.get_one(name) for name in PROMISES]
    made: list[Any] = []

    @hypothesis.given(case=operation.as_strategy(generation_mode=asked))
    @hypothesis.settings(
        max_examples=number,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        derandomize=number < 100,
        database=None,
    )
    def holds(case: Any) -> None:
        made.append(case)
        case.call_and_validate(headers=headers, checks=checks)

    holds()
    assert made != []
