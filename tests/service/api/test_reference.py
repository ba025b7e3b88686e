"""`/docs` and `/metrics`."""

from __future__ import annotations

import re

import falcon.testing
import pytest

from service.server.app import description
from tests.service.routes import ROUTES

Client = falcon.testing.TestClient


def test_the_reference_names_every_operation_and_parameter_and_asks_nothing_of_others(client: Client) -> None:
    page = client.simulate_get("/docs").text

    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in page
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in page
    assert re.findall(r' (?:src|href|action)="(?!/|#)([^"]*)"', page) == []
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(re.findall(r'id="([^"]*)"', page))


def test_the_description_names_every_route_and_method_there_is() -> None:
    described = {path: {method.upper() for method in methods} for path, methods in description()["paths"].items()}

    assert described == {route.template: {*route.methods} for route in ROUTES if not route.is_page}


def test_operations_have_names_of_their_own() -> None:
    names = [op["operationId"] for methods in description()["paths"].values() for op in methods.values()]

    assert len(names) == len(set(names))


def test_requests_are_counted_by_route_and_nothing_of_what_is_asked(client: Client) -> None:
    client.simulate_get("/api/search?q=secretword")
    client.simulate_get("/article/nowhere-secret")
    client.simulate_request("TRACE", "/nowhere/at/all")
    text = client.simulate_get("/metrics").text

    assert 'dateline_requests_total{method="GET",route="/api/search",status="200"}' in text
    assert 'route="/article/{article_id}",status="404"' in text
    assert 'method="other",route="none"' in text  # strange methods make no new series
    assert "secret" not in text


def test_nobody_looks_through_an_index_to_say_how_large_it_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.local.engine.LocalEngine.stats", None)
    text = client.simulate_get("/metrics").text

    assert re.search(r"^dateline_articles \d{3}\.0$", text, re.MULTILINE)
    assert re.search(r"^dateline_generation \d+\.0$", text, re.MULTILINE)
