"""Pages that a browser has saved with their pictures, and texts with a picture of the same name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import readers
from indexer.readers.shared.record import Origin
from indexer.readers.web.page import saved
from search.values.article import Article
from tests import printed_page, waiting
from tests.cases import cases

BODY = "<p>The ferry sank in the night, and the harbour was closed for a week while divers searched the wreck.</p>"
PNG = printed_page.png(printed_page.drawn("ferry"), 40, 30)
PDF = b"%PDF-1.7\n%%EOF"


def page(head: str) -> str:
    return (
        f"<html><head><title>Ferry</title>{head}</head><body><article><h1>Ferry</h1>{BODY * 3}</article></body></html>"
    )


def read(folder: Path, name: str) -> Article:
    (found,) = readers.read(folder / name, Origin("news", str(folder / name), name))
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("folder", ["story_files", "story.files", "story-Dateien"])
@cases("head", [
    '<meta property="og:image" content="https://cdn.example/2024/ferry.png?w=900&amp;h=2">',
    "<META content='/img/ferry.png' name=twitter:image >",
    '<meta property="og:image:url" content="ferry.png">',
    '<meta property="og:image" content="other.png"><meta name="twitter:image:src" content="a/ferry.png">',
])  # fmt: skip
def test_the_stated_picture_of_a_saved_page_is_found(tmp_path: Path, head: str, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "ferry.png").write_bytes(PNG)
    (tmp_path / "story.html").write_text(page(head))

    (shown,) = read(tmp_path, "story.html").scan
    assert shown.picture.endswith(".png")


@pytest.mark.parametrize("name", ["story.txt", "story.html"])
@pytest.mark.parametrize(("picture", "data"), [("story.png", PNG), ("story.pdf", PDF)])
def test_a_picture_with_the_name_of_the_file_is_found(tmp_path: Path, name: str, picture: str, data: bytes) -> None:
    (tmp_path / picture).write_bytes(data)
    (tmp_path / name).write_text(page("") if name.endswith("html") else f"Ferry\n\n{BODY}")

    (shown,) = read(tmp_path, name).scan
    assert shown.picture.endswith(Path(picture).suffix)


def test_without_a_picture_an_article_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "story.html").write_text(page('<meta property="og:image" content="https://cdn.example/ferry.png">'))
    (tmp_path / "story.txt").write_text(f"Ferry\n\n{BODY}")

    assert read(tmp_path, "story.html").scan == read(tmp_path, "story.txt").scan == ()


def test_a_picture_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "story.png").write_text("<svg/>")
    (tmp_path / "story.txt").write_text(f"Ferry\n\n{BODY}")

    (shown,) = read(tmp_path, "story.txt").scan
    assert shown.picture == ""
    assert shown.note == "Its picture “story.png” is not a picture of a known kind."


@cases("address", [
    "../../../etc/passwd", "file:///etc/passwd", "%2e%2e/%2e%2e", "http://[", "..", "", "a/..", "\0", "x" * 5000,
])  # fmt: skip
def test_an_address_leads_nowhere_else(tmp_path: Path, address: str) -> None:
    (tmp_path / "story.html").write_text(page(f'<meta property="og:image" content="{address}">'))

    assert all(".." not in name.split("/") for name in saved.pictures(page(address).encode(), "story.html"))
    assert read(tmp_path, "story.html").scan == ()


@cases("piece", [b"<meta ", b"<meta property=og:image ", b'<meta property="og:image" content="', b"<"])
def test_the_search_for_a_picture_is_linear(piece: bytes) -> None:
    def asked(size: int) -> Callable[[], object]:
        head = piece * size
        return lambda: saved.pictures(head, "a.html")

    assert waiting.grows_less(8, asked, 2_000, 8_000)
