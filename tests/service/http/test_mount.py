"""The service at a path of another application or of a proxy: every link begins with it, and leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import falcon.testing
import pytest

import search
from service.archive import Archive
from service.server.app import create_app
from tests.cases import cases
from tests.conftest import PATIENT
from tests.service import routes

MOUNT = "/archive"
PAGES = (
    "/", "/?q=president", "/?q=president&view=map", "/?q=president&view=people",
    "/?q=president&view=special", "/?q=president&view=over-time", "/compare?q=president&q=moon",
    "/?q=xyzzy+president", "/?page=oops",
    "/entity/person/Richard%20Nixon", "/entity/person/Nobody", "/draft",
    "/batch?country=US", "/?q=moon&view=concordance", "/cite?q=berlin",
    "/?more=person&find=ke", "/?q=president&page=2&size=10", "/docs", "/article/none",
    "/article/1961-08-berlin-wall?q=berlin",
)  # fmt: skip
NOT_THERE = ("/article/a1/scan/", "/iiif/scan/", "/sign-in/", "/upload/")
"""Pages that want a picture, a provider or something sent, of which the archive has none."""
Ask = Callable[[str], falcon.testing.Result]


@pytest.fixture(scope="module")
def archive(seeds_index: Path) -> Iterator[Archive]:
    with Archive(str(seeds_index)) as opened:
        yield opened


@pytest.fixture(params=["application", "proxy"])
def ask(request: pytest.FixtureRequest, archive: Archive) -> Ask:
    """Asks Dateline in another application, or behind a proxy that removes the path."""
    if request.param == "application":
        client = falcon.testing.TestClient(create_app(archive, PATIENT))
        return lambda path: client.simulate_get(path, root_path=MOUNT)
    settings = replace(PATIENT, public_url=f"https://news.example.org{MOUNT}/")
    return falcon.testing.TestClient(create_app(archive, settings)).simulate_get


def links(page: str) -> set[str]:
    """The URLs of a page's links, scripts, styles and forms, without those of other sites and places of the page, and
    without what describes it to programs."""
    page = re.sub(r'<link rel="(?:canonical|schema\.DC)"[^>]*>', "", page)
    found = {unescape(url) for url in re.findall(r'\s(?:href|src|action)="([^"]*)"', page)}
    return {url for url in found if not url.startswith(("https://", "#"))}


@cases("path", PAGES)
def test_every_link_of_a_page_is_below_the_mount(path: str, ask: Ask) -> None:
    found = links(ask(path).text)

    assert {f"{MOUNT}/", f"{MOUNT}/static/dateline.css", f"{MOUNT}/static/dateline.js", f"{MOUNT}/docs"} <= found
    assert {url for url in found if not url.startswith(f"{MOUNT}/")} == set()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[routes.Prepared]:
    made = routes.Prepared(tmp_path_factory.mktemp("mounted") / "idx")
    with made.archive:
        yield made


@cases("route", [route for route in routes.READABLE if route.is_page])
def test_no_route_has_a_link_that_is_not_below_the_mount(route: routes.Route, prepared: routes.Prepared) -> None:
    path = route.filled(**prepared.parts)
    page = prepared.client.simulate_get(path, headers=prepared.headers, root_path=MOUNT)

    assert page.status_code == (404 if path.startswith(NOT_THERE) else 200)
    assert {url for url in links(page.text) if not url.startswith(f"{MOUNT}/")} == set()


def test_links_of_an_article_lead_somewhere(ask: Ask, amount: Callable[..., int]) -> None:
    found = links(ask("/article/1961-08-berlin-wall?q=berlin").text)
    if amount(2) == 1:  # one of each page
        found = set({url.partition("?")[0]: url for url in sorted(found)}.values())

    assert {url: ask(url.removeprefix(MOUNT)).status_code for url in found} == dict.fromkeys(found, 200)


def test_a_comparison_of_versions_links_below_the_mount(tmp_path: Path) -> None:
    texts = {"a": "The storm hit the coast on Monday.", "b": "The storm hit the coast on Tuesday."}
    with search.writer(tmp_path / "idx") as writer:
        for name, text in texts.items():
            writer.add(search.Article(name, text, group="a"))
    with Archive(str(tmp_path / "idx")) as archive:
        client = falcon.testing.TestClient(create_app(archive, PATIENT))
        article = client.simulate_get("/article/a", root_path=MOUNT).text
        versions = client.simulate_get("/article/a/versions/b", root_path=MOUNT).text

    assert {f"{MOUNT}/article/b", f"{MOUNT}/article/a/versions/b"} <= links(article)
    assert {f"{MOUNT}/article/a", f"{MOUNT}/article/b"} <= links(versions)
    assert all(url.startswith(f"{MOUNT}/") for url in links(article) | links(versions))


def test_exports_descriptions_and_absolute_links_have_the_mount_once(ask: Ask) -> None:
    assert f"<{MOUNT}/api/search?q=berlin>; rel=search" in ask("/api/export?q=berlin").headers["link"]
    assert ask("/openapi.json").json["servers"] == [{"url": MOUNT}]
    for path in ("/opensearch.xml", "/feed.atom?q=berlin", "/article/1961-08-berlin-wall"):
        found = re.findall(r"https?://[a-z.]+(/archive[^\"<]*)", ask(path).text)
        assert found
        assert all(url.count("/archive") == 1 for url in found)


def test_the_public_url_decides_in_an_application_too(archive: Archive) -> None:
    client = falcon.testing.TestClient(create_app(archive, replace(PATIENT, public_url="https://a.example/news")))

    assert 'href="/news/docs"' in client.simulate_get("/docs", root_path="/inner").text


def test_without_a_mount_links_begin_at_the_root(archive: Archive) -> None:
    client = falcon.testing.TestClient(create_app(archive, replace(PATIENT, public_url="https://a.example")))

    assert 'href="/docs"' in client.simulate_get("/").text
    assert "servers" not in client.simulate_get("/openapi.json").json
