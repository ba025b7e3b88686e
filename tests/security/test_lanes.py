"""Expensive questions wait in a lane of their own: plain ones pass while many ask for as much as they may."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import falcon.testing
import pytest

import search
from service.archive import Archive
from service.http.lanes import Lanes
from service.server.app import create_app, lanes_of
from service.settings import Settings
from tests import waiting
from tests.cases import cases
from tests.security.besieging import CLIENTS, NEAR, WORST, asking, besieged, plain
from tests.security.test_queries import SOAKED, large
from tests.service.serving import Served, serving


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large(tmp_path_factory.mktemp("lanes") / "large.idx", 1_000)


@pytest.fixture(scope="module")
def lanes(place: Path) -> Iterator[Lanes]:
    with Archive(str(place)) as archive:
        yield lanes_of(archive)


@cases("text", ["", "president", "president berlin", '"trade talks" -berlin', "ber*", "presidnt~", "1989"])
def test_a_plain_question_is_not_slow(lanes: Lanes, text: str) -> None:
    assert lanes.of("/", f"q={quote(text)}&person=p1&page=2") == "cheap"


@cases("path, parameters, slow", [
    *(("/", f"q={quote(text)}", True) for text in WORST[:4]),
    ("/api/special", "q=president", True),
    ("/elsewhere/api/special", "field=words", False),
    ("/api/special", "field=", True),
    ("/api/special", "field=words%20", True),
    ("/", "view=&view=special", True),
    ("/api/special", "field=person", False),
    ("/", "view=special", True),
    ("/", "view=special&field=country", False),
    ("/", "field=words", False),
    ("/", "view=people", False),
    ("/", "view=over-time", True),
    ("/", "", False),
    ("/api/pairs", "", False),
    ("/api/pairs", "limit=100000&format=graphml", True),
    ("/api/facets/person", "limit=10", False),
    ("/api/facets/person", "limit=10000", True),
    ("/searches", "", True),
    ("/alerts/oil/feed.atom", "", True),
    ("/cite", "q=oil", True),
    ("/cite/7c9e1b04aa52f3d1", "", True),
    ("/api/citations/7c9e1b04aa52f3d1", "", True),
    ("/cited", "", False),
    ("/iiif/title/The Gazette", "year=1899", True),
    ("/api/trend", "interval=day", True),
    ("/api/trend", "interval=year", False),
    ("/api/export", "interval=day", False),  # a stream
    ("/", "q=" + "(" * 40, False),  # what cannot be asked
    ("/", "&" * 2000 + "q=a", False),
    ("/", "q=" + '"a b" ' * 17, False),
])  # fmt: skip
def test_what_is_expensive_or_reads_all_words_is_slow(lanes: Lanes, path: str, parameters: str, slow: bool) -> None:
    assert (lanes.of(path, parameters) == "expensive") == slow


@cases("address", [
    "/", "/?q=", "/?q=president", "/?view=over-time", "/?view=people", "/entity/person/p1",
    "/compare?q=president&q=berlin", "/feed.atom", "/api/search", "/api/count", "/api/pairs",
])  # fmt: skip
def test_no_page_is_free(place: Path, lanes: Lanes, address: str) -> None:
    path, _, parameters = address.partition("?")
    with Archive(str(place)) as archive:
        client = falcon.testing.TestClient(create_app(archive, Settings()))
        took = waiting.cpu_seconds(lambda: client.simulate_get(path, query_string=parameters), runs=6)
    assert 1000 * took < 4 * lanes.estimate_ms(path, parameters)


def test_nothing_is_slow_where_there_is_no_index(place: Path) -> None:
    assert lanes_of(Archive(str(place / "nothing"))).of("/", f"q={quote(NEAR)}") == "cheap"


def test_the_estimate_grows_with_the_archive_and_reads_nothing(place: Path, tmp_path: Path) -> None:
    small = large(tmp_path / "small.idx", 250)
    with search.open(str(small)) as few, search.open(str(place)) as many:
        few.search(search.Query()), many.search(search.Query())
        for text in ("the", '"the of"', '"the of"~5', "title:the"):
            assert few.effort(text) < many.effort(text), text
        estimated = waiting.cpu_seconds(lambda: many.effort(NEAR), runs=20)
        assert estimated < waiting.cpu_seconds(lambda: many.search(search.Query(NEAR))) / 4


@pytest.mark.check
def test_a_slow_request_is_answered_when_the_server_stops(place: Path) -> None:
    with serving(place) as served:
        connections = asking(served, range(4))
        plain(served)  # what came before it has been read
        served.process.terminate()
        for connection in connections:
            with connection.getresponse() as answer:
                assert answer.status == 200
            connection.close()


def waits(served: Served, times: int) -> list[float]:
    """How long plain questions took, in order of length."""
    return sorted(waiting.elapsed(lambda: plain(served)) for _ in range(times))


@pytest.mark.soak
def test_of_plain_questions_99_in_100_pass_within_300_ms(tmp_path: Path) -> None:
    workers = int(os.environ.get("LANE_WORKERS", "2"))
    with serving(large(tmp_path / "large.idx", SOAKED), workers=workers, proxies="1") as served:
        alone = waits(served, 300)
        with besieged(served) as statuses:
            beside = waits(served, 300)
            asked = len(statuses)
    told = [f"{name}: half {1000 * all_[150]:.0f} ms, p99 {1000 * all_[296]:.0f} ms" for name, all_ in
            (("alone", alone), (f"beside {CLIENTS} who ask for the worst", beside))]  # fmt: skip
    print(f"{SOAKED:,} articles, {workers} workers, {asked} of the worst answered. {'; '.join(told)}")
    assert set(statuses) <= {200}
    assert beside[296] < 0.3
