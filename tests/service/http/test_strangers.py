"""Parameters that an address does not know: what others add to links is ignored, the rest is told or refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

from tests.cases import cases
from tests.service.routes import READABLE, Prepared

ADDED = "utm_source=mail&fbclid=1&GCLID=2"
Result = falcon.testing.Result


class Pages(Prepared):
    """An archive with something to show at the address of each page.

    Attributes:
        links: the addresses outside of the API, which a browser may open.
        addresses: those of pages among them.
    """

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.links = [route.filled(**self.parts) for route in READABLE if not route.address.startswith("/api/")]
        self.addresses = [one for one in self.links if "text/html" in self.get(one).headers["content-type"]]

    def get(self, address: str) -> Result:
        return self.client.simulate_get(address)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    made = Pages(tmp_path_factory.mktemp("strangers") / "news.idx")
    with made.archive:
        yield made


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


@cases("address", ["/", "/article/a1", "/advanced", "/compare", "/cite", "/searches", "/alerts"])
def test_a_misspelled_parameter_is_told_with_the_nearest(pages: Pages, address: str) -> None:
    text = pages.get(f"{address}?q=talks&perosn=Willy+Brandt").text

    assert "Sorry, some of this address couldn’t be read" in text
    assert "No parameter “perosn”. Nearest: person." in text


@cases(
    "address",
    [
        "/cite?q=talks&page=2&view=map", "/searches?q=talks&view=map&scale=archive", "/alerts?q=talks&size=20",
        "/alerts?search=Oil", "/lists/Talks?after=1&added=1&of=2&next=/", "/sign-in?next=/lists", "/names?kind=person",
    ],
)  # fmt: skip
def test_the_parameters_of_a_page_are_known_to_it(pages: Pages, address: str) -> None:
    pages.client.simulate_post("/api/searches", json={"name": "Oil", "question": "q=talks"}, headers=pages.headers)

    assert (answer := pages.get(address)).status_code == 200
    assert 'id="unread"' not in answer.text


@cases("address", ["/searches", "/alerts"])
def test_what_others_add_to_a_link_is_no_search_to_keep(pages: Pages, address: str) -> None:
    assert pages.get(f"{address}?{ADDED}").text.count("<h2>") == pages.get(address).text.count("<h2>")


def test_every_address_outside_of_the_api_ignores_what_others_add_to_a_link(pages: Pages) -> None:
    plain = {one: pages.get(one).status_code for one in pages.links}

    assert {"/opensearch.xml", "/feed.atom", "/alerts/Talks/feed.atom", "/metrics"} < plain.keys()
    assert {one: pages.get(f"{one}?{ADDED}").status_code for one in plain} == plain


@cases("address", ["/opensearch.xml", "/feed.atom", "/alerts/Talks/feed.atom", "/metrics"])
def test_what_has_no_room_for_a_notice_refuses_what_it_does_not_know(pages: Pages, address: str) -> None:
    answer = pages.get(f"{address}?perosn=1&utm_source=mail")

    assert answer.status_code == 400
    assert [each["parameter"] for each in answer.json["errors"]] == ["perosn"]


def test_a_feed_ignores_what_others_add_to_its_address(pages: Pages) -> None:
    plain, added = pages.get("/feed.atom?q=talks"), pages.get(f"/feed.atom?q=talks&{ADDED}")

    assert (added.status_code, added.text) == (200, plain.text)


def test_the_api_refuses_what_others_add_to_a_link(pages: Pages) -> None:
    answer = pages.get("/api/search?q=talks&utm_source=rss")

    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (400, "utm_source")


def test_a_refused_form_keeps_its_status_beside_a_parameter_that_is_not_known(pages: Pages) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = pages.client.simulate_post("/draft?perosn=1", body="text=", headers=form)

    assert answer.status_code == 400
