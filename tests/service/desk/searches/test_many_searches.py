"""Many saved searches: in parts, each counted once in a generation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import search
from desk.searches.store import Searches
from search import Article, Query
from search.local.engine import LocalEngine
from service.archive import Archive
from service.desk.searches.page import PAGE
from service.server.app import create_app
from tests.conftest import PATIENT

NUMBER = 120
AT = "2026-11-30T00:00:00Z"


class Service:
    def __init__(self, place: Path, archive: Archive) -> None:
        self.place = place
        self.client = falcon.testing.TestClient(create_app(archive, PATIENT))

    def listed(self, query: str = "") -> Any:
        return self.client.simulate_get("/api/searches", query_string=query).json


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "Oil and gas."))
    with Searches(place) as searches:
        for number in range(NUMBER):
            searches.save(f"search {number:03}", f"q=oil+{number}", "Ann", AT)
    with Archive(str(place)) as archive:
        yield Service(place, archive)


def test_parts_have_each_search_once_in_order(service: Service) -> None:
    names, address = [], "limit=50"
    while address:
        part = service.listed(address)
        assert len(part["searches"]) <= 50
        names += [each["name"] for each in part["searches"]]
        address = (part["links"]["next"] or "").partition("?")[2]

    assert names == [f"search {number:03}" for number in range(NUMBER)]


def test_a_part_after_a_search_that_is_gone_is_refused(service: Service) -> None:
    part = service.listed("limit=50")
    with Searches(service.place) as searches:
        searches.delete("search 049", "Ann")
    refused = service.client.simulate_get(part["links"]["next"])

    assert refused.status_code == 400
    assert "is gone" in refused.text


def test_the_page_leads_to_the_next_part(service: Service) -> None:
    first = service.client.simulate_get("/searches").text
    last = service.client.simulate_get("/searches", query_string=f"after={2 * PAGE}").text

    assert "search 049" in first
    assert "search 050" not in first
    assert f'rel="next" href="/searches?after={PAGE}"' in first
    assert "search 119" in last
    assert 'rel="next"' not in last


def test_a_total_is_counted_once_in_a_generation(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    totals = LocalEngine.totals

    def counting(self: LocalEngine, queries: Sequence[Query]) -> Any:
        counted.append(len(queries))
        return totals(self, queries)

    monkeypatch.setattr(LocalEngine, "totals", counting)
    before = service.listed("limit=1000")
    assert len(counted) == NUMBER
    assert service.listed("limit=1000") == before
    assert len(counted) == NUMBER
    with search.writer(service.place) as writer:
        writer.add(Article("b", "Oil, 7."))

    assert [each["total"] for each in service.listed("limit=10")["searches"]].count(1) == 1
    assert len(counted) == NUMBER + 10
