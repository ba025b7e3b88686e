from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases

Client = falcon.testing.TestClient
ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def feed(client: Client, query: str = "") -> ET.Element:
    answer = client.simulate_get("/feed.atom", query_string=query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def text(element: ET.Element, path: str) -> str:
    found = element.findtext(path)
    assert found is not None
    return found


def check(root: ET.Element) -> None:
    """What RFC 4287 demands of a feed and its entries."""
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", text(element, f"{ATOM}id"))
        assert RFC3339.fullmatch(text(element, f"{ATOM}updated"))
        datetime.fromisoformat(text(element, f"{ATOM}updated"))
        assert all(author.findtext(f"{ATOM}name") for author in element.findall(f"{ATOM}author"))
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
    assert len(root.findall(f"{ATOM}author")) == 1
    entries = [text(entry, f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(entries) == len(set(entries))


@cases("accept, kind", [
    ("*/*", "application/atom+xml"),
    ("application/atom+xml, application/rss+xml;q=0.9", "application/atom+xml"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
])  # fmt: skip
def test_a_browser_gets_xml_that_it_shows(client: Client, accept: str, kind: str) -> None:
    answer = client.simulate_get("/feed.atom", headers={"Accept": accept})

    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    assert client.simulate_get("/static/feed.css").status_code == 200
    assert '<?xml-stylesheet type="text/css" href="/static/feed.css"?>' in answer.text


@cases("query", ["", "q=berlin", "q=zzzz", "country=DE&size=100", "size=0", "sort=oldest", "page=3"])
def test_any_search_is_a_valid_feed(client: Client, query: str) -> None:
    check(feed(client, query))


def test_a_feed_says_how_much_there_is(client: Client) -> None:
    root = feed(client, "q=berlin&size=2&page=2")
    total = client.simulate_get("/api/search?q=berlin").json["total"]

    assert text(root, f"{SEARCH}totalResults") == str(total)
    assert (text(root, f"{SEARCH}startIndex"), text(root, f"{SEARCH}itemsPerPage")) == ("3", "2")
    asked = root.find(f"{SEARCH}Query")
    assert asked is not None
    assert asked.get("searchTerms") == "berlin"


def test_the_newest_come_first_unless_asked_otherwise(client: Client) -> None:
    updated = [text(entry, f"{ATOM}updated") for entry in feed(client, "q=berlin").findall(f"{ATOM}entry")]

    assert updated == sorted(updated, reverse=True)


def test_late_arrivals_and_corrections_come_first(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for name, published, changed in (("new", "2026", "01"), ("late", "1987", "02"), ("mended", "1990", "03")):
            writer.add(Article(name, "Text.", name, published, changed=f"2026-{changed}-01T00:00:00Z"))
    with Archive(str(tmp_path / "idx")) as archive:
        entries = feed(Client(create_app(archive, Settings())), "").findall(f"{ATOM}entry")

    assert [text(entry, f"{ATOM}title") for entry in entries] == ["mended", "late", "new"]
    assert text(entries[0], f"{ATOM}updated") == "2026-03-01T00:00:00Z"
    assert text(entries[0], f"{ATOM}published") == "1990-01-01T00:00:00Z"


def test_removed_articles_are_told_on_the_first_page(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for name in "abcd":
            writer.add(Article(name, "A zebra.", title=name, changed="2026-01-01T00:00:00Z"))
    client = serve(tmp_path / "idx")
    urns = {text(entry, f"{ATOM}title"): text(entry, f"{ATOM}id") for entry in feed(client).iter(f"{ATOM}entry")}
    with search.writer(tmp_path / "idx") as writer:
        writer.delete("b")
        writer.take_down("c")

    for query in ("size=1", "q=nothing"):
        root = feed(client, query)
        check(root)
        gone = root.findall(f"{GONE}deleted-entry")
        assert [one.get("ref") for one in gone] == [urns["b"], urns["c"]]
        assert all(RFC3339.fullmatch(one.get("when", "")) for one in gone)
        assert text(root, f"{ATOM}updated") == gone[0].get("when")
        entries = [place for place, one in enumerate(root) if one.tag == f"{ATOM}entry"]
        assert all(list(root).index(one) < place for one in gone for place in entries)
    assert feed(client, "size=1&page=2").find(f"{GONE}deleted-entry") is None
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("b", "A zebra."))
    assert [one.get("ref") for one in feed(client).findall(f"{GONE}deleted-entry")] == [urns["c"]]


def test_a_feed_tells_of_the_last_hundred_removed(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    names = [f"n{number}" for number in range(150)]
    with search.writer(tmp_path / "idx") as writer:
        for name in names:
            writer.add(Article(name, "A zebra."))
    with search.writer(tmp_path / "idx") as writer:
        for name in names:
            writer.delete(name)

    assert len(feed(serve(tmp_path / "idx")).findall(f"{GONE}deleted-entry")) == 100


def test_next_leads_through_every_article_once(client: Client) -> None:
    seen: list[str] = []
    query = "q=berlin&size=2"
    while query:
        root = feed(client, query)
        seen += [text(entry, f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
        following = [link.get("href", "") for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"]
        query = following[0].partition("?")[2] if following else ""

    assert len(seen) == len(set(seen)) == int(text(feed(client, "q=berlin"), f"{SEARCH}totalResults"))


def test_ids_stay_where_the_service_moves(client: Client, seeds_index: Path) -> None:
    with Archive(str(seeds_index)) as archive:
        moved = feed(Client(create_app(archive, Settings(public_url="https://news.example.org/desk/"))), "q=berlin")
    here = feed(client, "q=berlin")

    assert [text(e, f"{ATOM}id") for e in moved.iter(f"{ATOM}entry")] == [
        text(e, f"{ATOM}id") for e in here.iter(f"{ATOM}entry")
    ]
    assert text(moved, f"{ATOM}id") == text(here, f"{ATOM}id")
    links = [link.get("href", "") for entry in moved.iter(f"{ATOM}entry") for link in entry.findall(f"{ATOM}link")]
    assert [link for link in links if link.startswith("https://news.example.org/desk/article/")]


@pytest.fixture
def only(tmp_path: Path, serve: Callable[[Path], Client]) -> Callable[[Article], ET.Element]:
    """What gives the feed of an archive of one article."""
    client = serve(tmp_path / "idx")

    def of(article: Article) -> ET.Element:
        with search.writer(tmp_path / "idx") as writer:
            writer.add(article)
        root = feed(client)
        check(root)
        return root

    return of


@cases("published, updated", [
    ("1998", "1998-01-01T00:00:00Z"),
    ("1998-05", "1998-05-01T00:00:00Z"),
    ("1998-05-17", "1998-05-17T00:00:00Z"),
    ("1998-05-17T10:30", "1998-05-17T10:30:00Z"),
    ("1998-05-17T10:30:05.25Z", "1998-05-17T10:30:05Z"),
    ("1998-05-17T10:30:05-0500", "1998-05-17T10:30:05-05:00"),
    ("1998-05-17T10:30:05+05", "1998-05-17T10:30:05+05:00"),
    (None, "1970-01-01T00:00:00Z"),
])  # fmt: skip
def test_every_date_is_a_moment(only: Callable[[Article], ET.Element], published: str | None, updated: str) -> None:
    (entry,) = only(Article("a", "zebra", published=published)).iter(f"{ATOM}entry")

    assert text(entry, f"{ATOM}updated") == updated
    assert (entry.find(f"{ATOM}published") is None) is (published is None)


def test_no_text_breaks_the_feed(only: Callable[[Article], ET.Element]) -> None:
    title = "</title><script>\x00\x0b\ufffe]]> & \U0001f993"
    root = only(Article("a", "zebra <b>&amp; \x1f", title=title, url="javascript:alert(1)", person=("<x>",)))
    (entry,) = root.iter(f"{ATOM}entry")

    assert text(entry, f"{ATOM}title") == "</title><script>\ufffd\ufffd\ufffd]]> & \U0001f993"
    assert "javascript" not in ET.tostring(root, encoding="unicode")


@cases("address", ["http://[x", "https://[::1", "//[", "http://\u2100.example/"])
def test_an_address_that_is_none_is_no_link(only: Callable[[Article], ET.Element], address: str) -> None:
    entries = only(Article("a", "zebra", url=address)).iter(f"{ATOM}entry")

    assert [link.get("rel") for entry in entries for link in entry.iter(f"{ATOM}link")] == ["alternate"]


def test_a_bad_parameter_is_400_here_too(client: Client) -> None:
    answer = client.simulate_get("/feed.atom?contry=FR")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_of_the_search_is_that_of_opensearch(tmp_path: Path) -> None:
    settings = Settings(site_name="The Archive of the Globe", public_url="https://news.example.org/desk/")
    root = ET.fromstring(Client(create_app(Archive(str(tmp_path)), settings)).simulate_get("/opensearch.xml").content)
    here = "https://news.example.org/desk"
    pages = "page={startPage?}"

    assert root.tag == f"{SEARCH}OpenSearchDescription"
    assert [(element.tag.removeprefix(SEARCH), element.text or dict(element.attrib)) for element in root] == [
        ("ShortName", "The Archive of t"),
        ("Description", "Search the news archive The Archive of the Globe"),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
        ("Image", f"{here}/static/icon.svg"),
        ("Url", {"type": "text/html", "rel": "results", "template": f"{here}/?q={{searchTerms}}&{pages}"}),
        ("Url", {"type": "application/atom+xml", "rel": "results",
                 "template": f"{here}/feed.atom?q={{searchTerms}}&{pages}&size={{count?}}"}),
        ("Url", {"type": "application/opensearchdescription+xml", "rel": "self", "template": f"{here}/opensearch.xml"}),
        ("Query", {"role": "example", "searchTerms": "berlin wall"}),
    ]  # fmt: skip


def test_a_browser_can_add_the_search(client: Client) -> None:
    answer = client.simulate_get("/opensearch.xml")
    root = ET.fromstring(answer.content)
    addresses = {url.get("type"): url.get("template", "") for url in root.findall(f"{SEARCH}Url")}

    assert answer.headers["content-type"] == "application/opensearchdescription+xml"
    assert 0 < len(text(root, f"{SEARCH}ShortName")) <= 16
    assert addresses["text/html"].endswith("/?q={searchTerms}&page={startPage?}")
    asked = addresses["application/atom+xml"].replace("{searchTerms}", "berlin")
    asked = asked.replace("{startPage?}", "").replace("{count?}", "5")
    assert len(list(feed(client, asked.partition("?")[2]).iter(f"{ATOM}entry"))) == 5
    assert 'href="/opensearch.xml"' in client.simulate_get("/").text
