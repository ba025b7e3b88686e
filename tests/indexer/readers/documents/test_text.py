from __future__ import annotations

import io

from indexer.readers.documents import text
from indexer.readers.shared.record import Item, Origin
from search import Article, BadRecord
from tests.cases import cases

ORIGIN = Origin("news", "archive/a/b.txt", "a/b.txt")


def read(data: str | bytes, name: str = "a/b.txt", **sidecar: object) -> Item:
    raw = data.encode() if isinstance(data, str) else data
    (found,) = text.read(io.BytesIO(raw), Origin("news", "archive/" + name, name), sidecar)
    return found


def article(data: str | bytes, name: str = "a/b.txt", **sidecar: object) -> Article:
    found = read(data, name, **sidecar)
    assert isinstance(found, Article), found
    return found


def test_first_line_is_the_title_and_paragraphs_are_kept() -> None:
    found = article("A headline\n\nOne.\nStill one.\n\n\n\nTwo.\n")

    assert (found.title, found.text) == ("A headline", "One.\nStill one.\n\nTwo.")


def test_a_single_line_is_text() -> None:
    assert (article("Just this.").title, article("Just this.").text) == ("", "Just this.")


def test_a_long_first_line_is_no_title() -> None:
    found = article("word " * 100 + "\n\nMore.")

    assert found.title == ""
    assert found.text.endswith("More.")


def test_front_matter_carries_metadata() -> None:
    found = article(
        "---\nid: my-id\npublished: 1961-08-13\nsource: Wire\nperson: Willy Brandt; Martin Luther King, Jr.\n"
        "country: East Germany; Atlantis\ntopic: politics\ndesk: foreign\n---\nTitle\n\nText."
    )

    assert found.id == "my-id"
    assert (found.published, found.published_from, found.source) == ("1961-08-13", "metadata", "Wire")
    assert found.person == ("Willy Brandt", "Martin Luther King, Jr.")
    assert (found.country, found.topic) == (("DDDE",), ("medtop:11000000",))
    assert (found.section, found.extra) == ("foreign", {"country": ["Atlantis"]})
    assert found.given == {"person", "country", "topic"}
    assert found.title == "Title"


def test_a_sidecar_carries_metadata() -> None:
    found = article("Title\n\nText.", published="1999", language="en-GB")

    assert (found.published, found.language) == ("1999", "en")


def test_a_rule_that_is_no_front_matter_is_text() -> None:
    found = article("---\n\nA dash above.")

    assert (found.title, found.text) == ("---", "A dash above.")


def test_broken_front_matter_names_its_line() -> None:
    found = read("---\npublished: 1961\nwhat is this\n---\nTitle\n\nText.")

    assert isinstance(found, BadRecord)
    assert found.line == 3
    assert "what is this" in found.reason


def test_id_comes_from_collection_and_path() -> None:
    assert article("T\n\nx").id == article("Other\n\ntext").id
    assert article("T\n\nx").id != article("T\n\nx", name="a/c.txt").id
    assert article("T\n\nx").id.startswith("news-a-b.txt-")


def test_day_in_the_file_name_is_the_date() -> None:
    found = article("T\n\nx", name="1961-08-13-wall.txt")

    assert (found.published, found.published_from) == ("1961-08-13", "filename")
    assert article("T\n\nx", name="1961-13-99.txt").published is None
    assert article("T\n\nIt was 13 August 1961.").published is None


@cases("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert article("Élysée\n\nÀ Genève.".encode(encoding)).title == "Élysée"


@cases("data, reason", [
    (b"", "empty"),
    (b" \n\n ", "empty"),
    (b"\x00\x01\x02", "not text"),
    (b"caf\x81\xff\n\nx", "not text"),
    (b"---\nid: x\n---\n", "empty"),
])  # fmt: skip
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    found = read(data)

    assert isinstance(found, BadRecord)
    assert reason in found.reason


def test_old_mac_and_windows_line_ends() -> None:
    assert article("Title\r\n\r\nOne.\r\n\r\nTwo.").text == "One.\n\nTwo."
    assert article("Title\r\rOne.\r\rTwo.").text == "One.\n\nTwo."
