"""JSON as news services and content systems give it, without a name that has to be stated."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from typing import Any

import pytest

from indexer import readers
from indexer.readers.shared.record import Embargoed, Item, Origin, Withdrawal
from indexer.safe import json_values
from search import Article, BadRecord
from tests.cases import cases

HTML = "<p>The harbour opened on Monday &amp; ships came.</p>\n<p>It had been shut for <em>years</em>.</p>"
TEXT = "The harbour opened on Monday & ships came.\n\nIt had been shut for years."
DATE = "2024-05-01T08:00:00Z"
URL = "https://paper.example/harbour"
SHORT = "The harbour opened."
ALL = ("title", "text", "published", "byline", "source", "section", "language", "url")

WORDPRESS = {
    "id": 12, "date": DATE, "guid": {"rendered": "https://paper.example/?p=12"}, "slug": "harbour", "link": URL,
    "title": {"rendered": "Harbour &#8220;opens&#8221;"}, "content": {"rendered": HTML, "protected": False},
    "excerpt": {"rendered": f"<p>{SHORT}</p>", "protected": False}, "author": 3, "categories": [4, 9],
    "_links": {"author": [{"href": "https://paper.example/wp-json/wp/v2/users/3"}]},
}  # fmt: skip
EMBEDDED = {"author": [{"id": 3, "name": "Ann Lee", "description": "Writes about ships, and has done so for years."}]}
GUARDIAN = {
    "id": "world/2024/may/01/harbour", "type": "article", "sectionId": "world", "sectionName": "World",
    "webPublicationDate": DATE, "webTitle": "Harbour opens", "webUrl": URL,
    "apiUrl": "https://api.paper.example/harbour",
    "fields": {
        "headline": "Harbour opens at last", "trailText": f"<strong>{SHORT}</strong>", "byline": "Ann Lee",
        "body": HTML, "bodyText": TEXT.replace("\n", " "), "publication": "The Paper", "lang": "en",
    },
    "tags": [
        {"id": "profile/ann", "webTitle": "Ann Lee", "webUrl": "https://paper.example/ann", "bio": "Ann writes."},
    ],
}  # fmt: skip
TIMES = {
    "_id": "nyt://article/1", "uri": "nyt://article/1",
    "headline": {"main": "Harbour opens", "kicker": None, "print_headline": "Harbour, Ships"}, "pub_date": DATE,
    "web_url": URL,
    "byline": {"original": "By Ann Lee", "person": [{"firstname": "Ann", "lastname": "Lee"}]}, "source": "The Paper",
    "news_desk": "Foreign", "section_name": "World", "abstract": SHORT, "snippet": SHORT,
    "lead_paragraph": "The harbour opened on Monday, and ships came.",
    "multimedia": [{"type": "image", "url": "a.jpg", "caption": "A ship in the harbour"}],
    "keywords": [{"name": "glocations", "value": "Norway"}],
}  # fmt: skip
FEED = {
    "id": "1", "url": URL, "title": "Harbour opens", "content_html": HTML, "content_text": TEXT, "summary": SHORT,
    "date_published": DATE,
    "authors": [{"name": "Ann Lee", "url": "https://paper.example/ann"}, {"name": "Bo Li"}], "language": "en",
}  # fmt: skip
NEWS = {
    "source": {"id": None, "name": "The Paper"}, "author": "Ann Lee", "title": "Harbour opens", "description": SHORT,
    "url": URL,
    "urlToImage": "https://paper.example/a-picture-with-a-long-name-of-many-letters.jpg", "publishedAt": DATE,
    "content": None,
}  # fmt: skip
REGISTRY = {
    "uri": "123", "lang": "eng", "dateTime": DATE, "url": URL, "title": "Harbour opens", "body": TEXT,
    "source": {"uri": "paper.example", "title": "The Paper"},
    "authors": [{"uri": "ann@paper.example", "name": "Ann Lee"}],
}  # fmt: skip
NEWS_ARTICLE = {
    "@context": "https://schema.org", "@type": "NewsArticle", "headline": "Harbour opens", "description": SHORT,
    "articleBody": TEXT, "articleSection": ["World", "Ports"], "datePublished": DATE,
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Li"}],
    "publisher": {"@type": "Organization", "name": "The Paper", "logo": {"url": "https://paper.example/logo.png"}},
    "inLanguage": "en-GB", "keywords": ["ships", "ports"], "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
}  # fmt: skip
NINJS = {
    "uri": "urn:paper:1", "headline": "Harbour opens", "body_html": HTML, "byline": "Ann Lee", "versioncreated": DATE,
    "language": "en", "service": [{"name": "World"}], "source": "The Paper",
}  # fmt: skip
DRUPAL = {"type": "node--article", "id": "1", "attributes": {"title": "Harbour opens", "body": {"value": HTML}}}
SHAPES: list[tuple[str, dict[str, Any], tuple[str, ...], tuple[str | None, ...]]] = [
    ("", WORDPRESS, (), ("Harbour “opens”", TEXT, DATE, None, None, None, None, URL)),
    ("", WORDPRESS | {"_embedded": EMBEDDED}, (), ("Harbour “opens”", TEXT, DATE, "Ann Lee", None, None, None, URL)),
    ("", GUARDIAN, ("response", "results"), ("Harbour opens", TEXT, DATE, "Ann Lee", "The Paper", "World", "en", URL)),
    (
        "lead_paragraph", TIMES, ("response", "docs"),
        ("Harbour opens", str(TIMES["lead_paragraph"]), DATE, "By Ann Lee", "The Paper", "World", None, URL),
    ),
    ("", FEED, ("items",), ("Harbour opens", TEXT, DATE, "Ann Lee, Bo Li", None, None, "en", URL)),
    ("description", NEWS, ("articles",), ("Harbour opens", SHORT, DATE, "Ann Lee", "The Paper", None, None, URL)),
    (
        "", NEWS | {"content": TEXT}, ("articles",),
        ("Harbour opens", TEXT, DATE, "Ann Lee", "The Paper", None, None, URL),
    ),
    (
        "description",
        {"title": "T", "description": SHORT, "published_at": DATE, "url": URL, "source": "S", "image": None},
        ("data",), ("T", SHORT, DATE, None, "S", None, None, URL),
    ),
    ("", REGISTRY, ("articles", "results"), ("Harbour opens", TEXT, DATE, "Ann Lee", "The Paper", None, "en", URL)),
    ("", NEWS_ARTICLE, (), ("Harbour opens", TEXT, DATE, "Ann Lee, Bo Li", "The Paper", "World", "en", URL)),
    ("", NEWS_ARTICLE, ("@graph",), ("Harbour opens", TEXT, DATE, "Ann Lee, Bo Li", "The Paper", "World", "en", URL)),
    ("", NINJS, (), ("Harbour opens", TEXT, DATE, "Ann Lee", "The Paper", "World", "en", None)),
    ("", NINJS, ("_items",), ("Harbour opens", TEXT, DATE, "Ann Lee", "The Paper", "World", "en", None)),
    ("", DRUPAL, ("data",), ("Harbour opens", TEXT, None, None, None, None, None, None)),
    ("", {"_id": "1", "_source": {"title": "T", "body": TEXT}}, ("hits", "hits"), ("T", TEXT, *[None] * 6)),
]  # fmt: skip


def read(folder: Path, text: str, name: str = "a.json") -> list[Item]:
    (folder / name).write_text(text)
    return list(readers.read(folder / name, Origin("news", name, name)))


def within(records: list[dict[str, Any]], path: tuple[str, ...]) -> object:
    data: object = records
    for name in reversed(path):
        data = {"status": "OK", name: data, "facets": [{"name": "n", "count": 1}]}
    return data


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MAX_CHARACTERS", 6_000)
    monkeypatch.setattr(json_values, "_PIECE", 64)


@cases("text_from, record, path, stated", SHAPES)
@cases("count", [1, 2, 50])
def test_what_a_service_states_is_read_in_any_size(
    text_from: str, record: dict[str, Any], path: tuple[str, ...], stated: tuple[str | None, ...], count: int,
    tmp_path: Path, small_limit: None,
) -> None:  # fmt: skip
    found = read(tmp_path, json_module.dumps(within([record] * count, path)))

    assert len(found) == count
    for article in found:
        assert isinstance(article, Article)
        assert tuple(getattr(article, name) for name in ALL) == stated
        assert article.extra.get("text_from", "") == text_from


@cases("text_from, record, path, stated", SHAPES)
def test_what_a_service_states_is_read_in_lines(
    text_from: str, record: dict[str, Any], path: tuple[str, ...], stated: tuple[str | None, ...], tmp_path: Path
) -> None:
    for article in read(tmp_path, f"{json_module.dumps(record)}\n" * 2, "a.jsonl"):
        assert isinstance(article, Article)
        assert tuple(getattr(article, name) for name in ALL) == stated


def test_what_is_not_understood_stays_in_extra(tmp_path: Path) -> None:
    post, piece = read(tmp_path, f"{json_module.dumps(WORDPRESS)}\n{json_module.dumps(GUARDIAN)}")

    assert isinstance(post, Article)
    assert isinstance(piece, Article)
    assert {name: post.extra[name] for name in ("author", "categories", "content", "excerpt")} == {
        "author": 3,
        "categories": [4, 9],
        "content": {"protected": False},
        "excerpt": WORDPRESS["excerpt"],
    }
    assert piece.extra["fields"] == {
        "headline": "Harbour opens at last",
        "trailText": f"<strong>{SHORT}</strong>",
        "bodyText": TEXT.replace("\n", " "),
    }
    assert piece.extra["tags"] == GUARDIAN["tags"]


@cases("path", [("response", "content"), ("data", "article"), ("data",)])
def test_a_lone_article_in_an_object_is_read(path: tuple[str, ...], tmp_path: Path) -> None:
    data: object = GUARDIAN
    for name in reversed(path):
        data = {name: data, "status": "ok"}

    (found,) = read(tmp_path, json_module.dumps(data))

    assert isinstance(found, Article)
    assert (found.title, found.text) == ("Harbour opens", TEXT)


def test_an_item_of_ninjs_is_read_by_its_rules_among_others(tmp_path: Path) -> None:
    items = [NINJS, NINJS | {"uri": "urn:2", "pubstatus": "canceled"}, NINJS | {"embargoed": "2090-01-01T00:00:00Z"}]
    picture = {"uri": "urn:3", "type": "picture", "headline": "H", "description_text": "A ship"}

    article, gone, held, other = read(tmp_path, json_module.dumps({"_items": [*items, picture]}))

    assert isinstance(article, Article)
    assert isinstance(gone, Withdrawal)
    assert isinstance(held, Embargoed)
    assert isinstance(other, BadRecord)
    assert other.reason == "Record 4: It is a picture (ninjs type “picture”), not an article."
