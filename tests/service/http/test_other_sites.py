"""What pages of other sites have a browser ask: answered where they lead people here, refused before it costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

from service.archive import Archive
from service.http.guard import FREE
from service.server.app import create_app, routes
from service.settings import Settings
from tests.cases import cases
from tests.conftest import PATIENT


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> Iterator[falcon.testing.TestClient]:
    with Archive(str(seeds_index)) as archive:
        yield falcon.testing.TestClient(create_app(archive, PATIENT))


def sent(site: str, mode: str, dest: str) -> dict[str, str]:
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}


@cases(
    "site, mode, dest, status",
    [
        ("cross-site", "no-cors", "image", 403), ("cross-site", "no-cors", "script", 403),
        ("cross-site", "cors", "empty", 403), ("same-site", "no-cors", "image", 403),
        ("cross-site", "navigate", "iframe", 403), ("cross-site", "navigate", "object", 403),
        ("cross-site", "navigate", "document", 200), ("same-site", "navigate", "document", 200),
        ("same-origin", "cors", "empty", 200), ("none", "navigate", "document", 200),
        ("same-origin", "no-cors", "image", 200),
    ],
)  # fmt: skip
def test_other_sites_lead_here_and_ask_nothing(
    client: falcon.testing.TestClient, site: str, mode: str, dest: str, status: int
) -> None:
    assert client.simulate_get("/?q=berlin", headers=sent(site, mode, dest)).status_code == status


def test_nothing_is_fetched_ahead_of_a_click(client: falcon.testing.TestClient) -> None:
    ahead = {**sent("cross-site", "navigate", "document"), "Sec-Purpose": "prefetch;prerender"}

    assert client.simulate_get("/?q=berlin", headers=ahead).status_code == 403


def test_no_route_but_those_of_monitoring_is_asked_by_another_site(client: falcon.testing.TestClient) -> None:
    answered = {
        address
        for address, resource in routes(Archive("x"), Settings())
        if hasattr(resource, "on_get")
        and client.simulate_get(address, headers=sent("cross-site", "no-cors", "script")).status_code != 403
    }

    assert answered == FREE


def test_a_listed_origin_may_ask(seeds_index: Path) -> None:
    with Archive(str(seeds_index)) as archive:
        client = falcon.testing.TestClient(create_app(archive, Settings(cors_origins="https://tools.example")))
        asked = sent("cross-site", "cors", "empty")

        assert (
            client.simulate_get("/api/search", headers={**asked, "Origin": "https://tools.example"}).status_code == 200
        )
        assert (
            client.simulate_get("/api/search", headers={**asked, "Origin": "https://evil.example"}).status_code == 403
        )


def test_no_answer_is_a_resource_of_another_site(client: falcon.testing.TestClient) -> None:
    for path in ("/", "/api/search", "/static/dateline.css", "/nothing"):
        assert client.simulate_get(path).headers["cross-origin-resource-policy"] == "same-origin"
