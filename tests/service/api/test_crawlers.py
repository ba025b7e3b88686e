"""What search engines and programs that manage references read, and that nothing of it tells of what is gone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import falcon.testing
import pytest

import search
from search import Article
from service.api import crawlers
from service.archive import Archive
from service.html.parts.citation import replayed
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases

Client = falcon.testing.TestClient
HERE = "https://news.example.org"
COUNT = 25
WALL = Article(
    "wall", "It was built.", 'A "Wall" & <more>', published="1961-08-13T05:00:00+01:00", source="The Wire",
    language="en", author=("Ann Lee", "Bo Ek"), section="World", url="https://wire.example.org/1?a=1&b=2",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("crawlers") / "news.idx"
    with search.writer(place) as writer:
        for number in range(COUNT):
            writer.add(Article(f"a{number}", "Text.", published=f"1970-01-{1 + number % 3:02}"))
        writer.add(WALL)
        writer.add(Article("undated", "Text."))
        writer.add(Article("gone", "Text.", published="1970-01-01"))
    with search.writer(place) as writer:
        writer.delete("gone")
    return place


@contextmanager
def opened(place: Path, **settings: object) -> Iterator[Client]:
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, replace(Settings(public_url=HERE), **settings)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(place: Path) -> Iterator[Client]:
    with opened(place, crawlers=True) as made:
        yield made


def locations(client: Client, address: str) -> list[str]:
    answer = client.simulate_get(address.removeprefix(HERE))
    assert answer.status_code == 200
    return [one.text or "" for one in ET.fromstring(answer.text).iter(f"{{{crawlers.SITEMAP}}}loc")]


@pytest.mark.parametrize("together", [20_000, 10, 4, 1])
def test_the_sitemap_has_every_article_of_the_index_once(
    client: Client, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawlers, "TOGETHER", together)
    found = [locations(client, part) for part in locations(client, "/sitemap.xml")]

    assert sorted(one for part in found for one in part) == sorted(
        f"{HERE}/article/{name}" for name in ["wall", "undated", *(f"a{number}" for number in range(COUNT))]
    )
    assert all(0 < len(part) <= together for part in found)


def test_robots_are_asked_to_stay_away_unless_they_are_let_in(place: Path, client: Client) -> None:
    with opened(place) as closed:
        for one, lets in ((closed, False), (client, True)):
            rules = RobotFileParser()
            rules.parse(one.simulate_get("/robots.txt").text.splitlines())
            assert rules.can_fetch("Anybot", f"{HERE}/article/wall") == lets
            assert not rules.can_fetch("Anybot", f"{HERE}/api/search")
            assert not rules.can_fetch("Anybot", f"{HERE}/compare")
        assert closed.simulate_get("/sitemap.xml").status_code == 404
    assert f"Sitemap: {HERE}/sitemap.xml" in client.simulate_get("/robots.txt").text
    assert client.simulate_get("/sitemap/1970.1.xml").status_code == 404


def test_a_closed_archive_has_a_closed_sitemap(place: Path) -> None:
    with opened(place, crawlers=True, require_key=True) as closed:
        assert closed.simulate_get("/sitemap.xml").status_code == 401
        assert closed.simulate_get("/robots.txt").status_code == 200


def test_an_article_describes_itself_to_programs_that_manage_references(client: Client) -> None:
    page = client.simulate_get("/article/wall?q=wall").text
    found = [
        (name, html.unescape(value)) for name, value in re.findall('<meta name="([^"]+)" content="([^"]*)">', page)
    ]

    assert [value for name, value in found if name == "citation_author"] == ["Ann Lee", "Bo Ek"]
    assert {name: dict(found)[name] for name in ("citation_title", "citation_publication_date", "DC.source")} == {
        "citation_title": WALL.title, "citation_publication_date": "1961/08/13", "DC.source": "The Wire",
    }  # fmt: skip
    assert dict(found)["eprints.type"] == "newsitem"
    assert f'<link rel="canonical" href="{HERE}/article/wall">' in page


def test_what_is_gone_describes_nothing(client: Client) -> None:
    answer = client.simulate_get("/article/gone")

    assert answer.status_code in (404, 410)
    assert "citation_" not in answer.text


@cases(
    "published, expected",
    [
        ("1998", "https://web.example/19980101000000/https://e.org/1"),
        ("1998-05", "https://web.example/19980501000000/https://e.org/1"),
        ("1998-05-17", "https://web.example/19980517000000/https://e.org/1"),
        ("1998-05-17T23:01:02+02:00", "https://web.example/19980517230102/https://e.org/1"),
        (None, None),
    ],
)
def test_a_replay_is_of_the_time_of_publication(published: str | None, expected: str | None) -> None:
    article = Article("a", "Text.", url="https://e.org/1", published=published)

    assert replayed(article, "https://web.example/{timestamp}/{url}") == expected
    assert replayed(replace(article, url="javascript:x"), "https://web.example/{timestamp}/{url}") is None


def test_an_article_links_to_its_replay_where_a_template_says_so(place: Path) -> None:
    with opened(place, replay="https://web.example/{timestamp}/{url}") as client:
        page = client.simulate_get("/article/wall").text

    assert "https://web.example/19610813050000/https://wire.example.org/1" in page
