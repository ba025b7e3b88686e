from __future__ import annotations

import io

from indexer.readers.shared.record import Item, Origin
from indexer.readers.wire import reuters
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers import web_gold

ORIGIN = Origin("news", "archive/a.sgm", "a.sgm")
HEAD = "<!DOCTYPE lewis SYSTEM 'lewis.dtd'>\n"


def story(inside: str, newid: str = "7", more: str = "") -> str:
    return (
        f'<REUTERS NEWID="{newid}">\n<DATE> 1-APR-1987 09:01:02.03</DATE>{more}<TEXT>&#2;{inside}</TEXT>\n</REUTERS>\n'
    )


def read(data: str | bytes) -> list[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return web_gold.within_limits(reuters.read(io.BytesIO(raw), ORIGIN))


def article(data: str) -> Article:
    (found,) = read(HEAD + data)
    assert isinstance(found, Article), found
    return found


@cases("name", web_gold.files("seeds/formats/reuters"))
def test_stories_are_as_a_person_reads_them(name: str) -> None:
    web_gold.assert_as_read(name, web_gold.read("wire.reuters", web_gold.place(name)))


def test_lines_become_paragraphs_and_entities_characters() -> None:
    found = article(story("<TITLE>A &lt;B> &amp; C</TITLE><BODY>First\nline.\n    Second one.\n REUTER\n&#3;</BODY>"))

    assert (found.title, found.text) == ("A <B> & C", "First line.\n\nSecond one.")
    assert (found.id, found.published, found.source) == ("7", "1987-04-01T09:01:02", "Reuters")


def test_places_are_countries_and_the_rest_is_kept() -> None:
    more = "<TOPICS><D>earn</D></TOPICS><PLACES><D>usa</D><D>west-germany</D><D>ussr</D><D>eggland</D></PLACES>"
    found = article(story("<BODY>x</BODY>", more=more))

    assert found.country == ("US", "DE", "SUHH")
    assert found.extra == {"topics": ["earn"], "places": ["eggland"]}


def test_a_brief_has_its_headline_as_text() -> None:
    assert article(story("<TITLE>RATES UP</TITLE>")).text == "RATES UP"
    assert article(story("Words without\nany marks.")).text == "Words without any marks."


def test_a_story_that_is_not_closed_does_not_hide_the_next() -> None:
    found = read(HEAD + story("<BODY>one</BODY>") + '<REUTERS NEWID="8"><TEXT>' + story("<BODY>two</BODY>", "9"))

    assert [item.text for item in found if isinstance(item, Article)] == ["one", "two"]
    assert [item.line for item in found if isinstance(item, BadRecord)] == [5]


@cases("data, reason", [
    ("<REUTERS >" + "x" * 5_000_000, "does not end"),
    ("<REUTERS " * 300_000, "no REUTERS element"),
    (story("<BODY></BODY>"), "no text"),
    (story("<TITLE><D>" * 300_000), "no text"),
    (HEAD, "no REUTERS element"),
])  # fmt: skip
def test_what_is_refused_says_why_and_soon(data: str, reason: str) -> None:
    (found,) = read(data)

    assert isinstance(found, BadRecord)
    assert reason in found.reason


def test_many_blank_lines_cost_nothing() -> None:
    assert article(story("<BODY>one" + "\n" * 1_000_000 + "two</BODY>")).text == "one two"


def test_looks_like() -> None:
    assert reuters.looks_like(HEAD.encode(), "x")
    assert reuters.looks_like(b'<REUTERS TOPICS="NO">', "x")
    assert not reuters.looks_like(b"<html>Reuters", "x.sgm")
