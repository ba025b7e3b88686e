"""Parameters that an address does not know: what others add to links is ignored, the rest is told or refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

import search
from desk.lists.store import Lists
from desk.people import keys
from search import Article
from search.values.scan import ScanPage
from service.archive import Archive
from service.server.app import create_app, routes
from service.settings import Settings
from tests.cases import cases

ADDED = "utm_source=mail&fbclid=1&GCLID=2"
VALUES = {
    "article_id": "a",
    "other": "b",
    "field": "person",
    "value:path": "Bo%20Ek",
    "name": "Own",
    "day": "1899-02-03",
    "issue": "1899-02-03%20Bo%20Ek",
    "version": "2",
    "number": "1",
    "region": "full",
    "size": "max",
    "rotation": "0",
    "file": "default.jpg",
}
Result = falcon.testing.Result


class Pages:
    """An archive with something to show at the address of each page.

    Attributes:
        links: the addresses outside of the API, which a browser may open.
        addresses: those of pages among them.
    """

    def __init__(self, place: Path, archive: Archive) -> None:
        self.client = falcon.testing.TestClient(create_app(archive, Settings()))
        self.headers = {"Authorization": f"Bearer {keys.add(str(place), ['edit'], 'desk')[1]}"}
        made = self.client.simulate_post("/api/citations?q=oil", headers=self.headers).json
        job = self.client.simulate_post("/api/batch", body="oil", content_type="text/plain").json["job"]
        given = VALUES | {"citation_id": made["id"], "job_id": job}
        every = [template for template, resource in routes(archive, Settings()) if hasattr(resource, "on_get")]
        self.links = [self._filled(template, given) for template in every if not template.startswith("/api/")]
        self.addresses = [one for one in self.links if "text/html" in self.get(one).headers["content-type"]]

    @staticmethod
    def _filled(template: str, given: dict[str, str]) -> str:
        for name, value in given.items():
            template = template.replace(f"{{{name}}}", value)
        return template

    def get(self, address: str) -> Result:
        return self.client.simulate_get(address)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    place = tmp_path_factory.mktemp("strangers") / "news.idx"
    with search.writer(place) as writer:
        for name in ("a", "b"):
            scan = (ScanPage("1", 600, 800, f"{'0' * 64}.jpg"),)
            writer.add(
                Article(name, "Oil falls again.", person=("Bo Ek",), source="Bo Ek", published=VALUES["day"], scan=scan)
            )
    with Lists(place) as lists:
        lists.make("Own", "desk", "2024-05-01T00:00:00Z", "")
    with Archive(str(place)) as archive:
        yield Pages(place, archive)


def test_every_page_ignores_what_others_add_to_a_link(pages: Pages) -> None:
    found = {one: pages.get(f"{one}?{ADDED}") for one in pages.addresses}

    assert len(found) > 15
    assert {one: answer.status_code for one, answer in found.items()} == dict.fromkeys(found, 200)
    assert [one for one, answer in found.items() if 'id="unread"' in answer.text] == []


def test_every_page_tells_of_a_parameter_that_it_does_not_know(pages: Pages) -> None:
    found = {one: pages.get(f"{one}?perosn=1&<b>=1") for one in pages.addresses}

    assert {one: answer.status_code for one, answer in found.items()} == dict.fromkeys(found, 200)
    assert [one for one, answer in found.items() if "No parameter “perosn”." not in answer.text] == []
    assert [one for one, answer in found.items() if "No parameter “&lt;b&gt;”. It is ignored." not in answer.text] == []


@cases("address", ["/", "/article/a", "/advanced", "/compare", "/cite", "/searches", "/alerts"])
def test_a_misspelled_parameter_is_told_with_the_nearest(pages: Pages, address: str) -> None:
    text = pages.get(f"{address}?q=oil&perosn=Bo+Ek").text

    assert "Sorry, some of this address couldn’t be read" in text
    assert "No parameter “perosn”. Nearest: person." in text


@cases(
    "address",
    [
        "/cite?q=oil&page=2&view=map", "/searches?q=oil&view=map&scale=archive", "/alerts?q=oil&size=20",
        "/alerts?search=Oil", "/lists/Own?after=1&added=1&of=2&next=/", "/sign-in?next=/lists", "/names?kind=person",
    ],
)  # fmt: skip
def test_the_parameters_of_a_page_are_known_to_it(pages: Pages, address: str) -> None:
    pages.client.simulate_post("/api/searches", json={"name": "Oil", "question": "q=oil"}, headers=pages.headers)

    assert (answer := pages.get(address)).status_code == 200
    assert 'id="unread"' not in answer.text


@cases("address", ["/searches", "/alerts"])
def test_what_others_add_to_a_link_is_no_search_to_keep(pages: Pages, address: str) -> None:
    assert pages.get(f"{address}?{ADDED}").text.count("<h2>") == pages.get(address).text.count("<h2>")


def test_every_address_outside_of_the_api_ignores_what_others_add_to_a_link(pages: Pages) -> None:
    plain = {one: pages.get(one).status_code for one in pages.links}

    assert {"/opensearch.xml", "/feed.atom", "/alerts/Own/feed.atom", "/metrics"} < plain.keys()
    assert {one: pages.get(f"{one}?{ADDED}").status_code for one in plain} == plain


@cases("address", ["/opensearch.xml", "/feed.atom", "/alerts/Own/feed.atom", "/metrics"])
def test_what_has_no_room_for_a_notice_refuses_what_it_does_not_know(pages: Pages, address: str) -> None:
    answer = pages.get(f"{address}?perosn=1&utm_source=mail")

    assert answer.status_code == 400
    assert [each["parameter"] for each in answer.json["errors"]] == ["perosn"]


def test_a_feed_ignores_what_others_add_to_its_address(pages: Pages) -> None:
    plain, added = pages.get("/feed.atom?q=oil"), pages.get(f"/feed.atom?q=oil&{ADDED}")

    assert (added.status_code, added.text) == (200, plain.text)


def test_the_api_refuses_what_others_add_to_a_link(pages: Pages) -> None:
    answer = pages.get("/api/search?q=oil&utm_source=rss")

    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (400, "utm_source")


def test_a_refused_form_keeps_its_status_beside_a_parameter_that_is_not_known(pages: Pages) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = pages.client.simulate_post("/draft?perosn=1", body="text=", headers=form)

    assert answer.status_code == 400
