"""`/docs` and `/metrics`."""

from __future__ import annotations

import re

import falcon.testing
import pytest

from service.archive import Archive
from service.server.app import routes
from service.settings import Settings
from tests.description import description

Client = falcon.testing.TestClient
PAGES = {
    "/", "/compare", "/article/{article_id}", "/article/{article_id}/scan/{number}",
    "/article/{article_id}/versions/{other}", "/article/{article_id}/event", "/draft", "/sign-in",
    "/sign-in/provider", "/sign-in/done",
    "/advanced", "/batch", "/batch/{job_id}",
    "/sign-out", "/entity/{field}/{value:path}", "/title/{value:path}",
    "/issue/{day}/{value:path}",
    "/iiif/title/{value:path}", "/iiif/{issue}/manifest", "/iiif/{issue}/search",
    "/iiif/{issue}/search/{version}",
    "/iiif/scan/{article_id}/{number}", "/iiif/scan/{article_id}/{number}/info.json",
    "/iiif/scan/{article_id}/{number}/{region}/{size}/{rotation}/{file}",
    "/article/{article_id}/corrections",
    "/cite", "/cite/{citation_id}", "/lists", "/lists/{name}",
    "/names", "/searches", "/feeds", "/alerts", "/rights", "/admin", "/upload", "/upload/{job_id}",
}  # fmt: skip


def test_the_reference_names_every_operation_and_parameter_and_asks_nothing_of_others(client: Client) -> None:
    page = client.simulate_get("/docs").text

    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in page
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in page
    assert re.findall(r' (?:src|href|action)="(?!/|#)([^"]*)"', page) == []
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(re.findall(r'id="([^"]*)"', page))


def test_the_description_names_every_method_there_is() -> None:
    described = description()["paths"]
    for address, resource in routes(Archive("x"), Settings()):
        methods = {verb for verb in ("get", "post", "put", "patch", "delete") if hasattr(resource, f"on_{verb}")}
        assert address in PAGES or set(described[address.replace(":path", "")]) == methods


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
