"""Several servers of one index share a desk in PostgreSQL: what one has done, the others know at their next request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import falcon
import falcon.testing
import pytest

from desk.people import keys
from desk.store import where
from service.archive import Archive
from service.http.session import COOKIE, Sessions
from service.server.app import create_app
from tests.conftest import PATIENT
from tests.desk.store import postgresql

Clients = tuple[falcon.testing.TestClient, falcon.testing.TestClient]


@pytest.fixture
def servers(index: Path, server: postgresql.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    monkeypatch.setenv(where.SETTING, server.new())
    with Archive(str(index)) as one, Archive(str(index)) as other:
        yield (
            falcon.testing.TestClient(create_app(one, PATIENT)),
            falcon.testing.TestClient(create_app(other, PATIENT)),
        )


def test_a_key_that_is_revoked_ends_its_sessions_on_all(index: Path, servers: Clients) -> None:
    key, secret = keys.add(str(index), ["edit"], "night desk")
    session = Sessions(str(index)).begin(key)
    signed_in = {"Cookie": f"{COOKIE}={session.secret}"}
    for client in servers:
        assert "Sign out" in client.simulate_get("/lists", headers=signed_in).text
    keys.revoke(str(index), key.id)

    for client in servers:
        assert "Sign out" not in client.simulate_get("/lists", headers=signed_in).text
        refused = client.simulate_post("/api/lists", json={"name": "x"}, headers={"Authorization": f"Bearer {secret}"})
        assert refused.status == falcon.HTTP_401


@pytest.mark.parametrize("path", ["/api/lists/Wall", "/api/search?list=Wall", "/?list=Wall", "/api/lists"])
def test_what_one_changes_another_has_not_as_it_was(index: Path, servers: Clients, path: str) -> None:
    one, other = servers
    by = {"Authorization": f"Bearer {keys.add(str(index), ['edit'])[1]}"}
    address, _, parameters = path.partition("?")
    one.simulate_post("/api/lists", json={"name": "Wall", "articles": ["a"]}, headers=by)
    before = one.simulate_get(address, query_string=parameters, headers=by)
    same = {**by, "If-None-Match": before.headers["etag"]}
    assert one.simulate_get(address, query_string=parameters, headers=same).status == falcon.HTTP_304

    put = other.simulate_put("/api/lists/Wall/articles/b", json={"note": "page 2"}, headers=by)
    assert put.status == falcon.HTTP_200
    after = one.simulate_get(address, query_string=parameters, headers=same)
    assert after.status == falcon.HTTP_200
    assert after.text != before.text
