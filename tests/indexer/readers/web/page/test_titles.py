from __future__ import annotations

from lxml.html import document_fromstring

from indexer.readers.web.page.metadata import page
from indexer.readers.web.page.titles import headings, title
from tests.cases import cases


@cases("body, found", [
    ("<h1>A</h1><h1>B</h1>", ["A", "B"]), ("<h1> </h1><h1>B</h1>", ["B"]), ("<nav><h1>A</h1></nav><h1>B</h1>", ["B"]),
    ("<h1>A</h1><article><h1>B</h1></article>", ["B", "A"]),
    ("<h1>A</h1><main><h1>B</h1></main><h1 class='Headline'>C</h1>", ["C", "B", "A"]),
    ("<h1>A</h1><h1 itemprop='headline'>B</h1>", ["B", "A"]),
    ("<h1>A</h1><h2>B</h2><h1>A</h1>", ["A"]),
    ("<h1></h1>" * 50 + "<h1>A</h1><h1>B</h1>", ["A"]),
])  # fmt: skip
def test_headings_come_in_the_order_of_what_says_that_they_are_the_title(body: str, found: list[str]) -> None:
    assert headings(document_fromstring(f"<html><body>{body}</body></html>")) == found


@cases("heading, found", [
    ("a" * 500, "a" * 500), ("a" * 501, "a" * 499 + "…"), ("東" * 501, "東" * 499 + "…"),
    ("abcdefghi " * 51, "abcdefghi " * 49 + "abcdefghi…"), ("a" * 490 + " " + "b" * 11, "a" * 490 + "…"),
    ("A " + "b" * 600, "A " + "b" * 497 + "…"), ("abcdefgh, " * 51, "abcdefgh, " * 49 + "abcdefgh…"),
])  # fmt: skip
def test_a_title_that_is_cut_says_so(heading: str, found: str) -> None:
    tree = document_fromstring(f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1></body></html>")

    assert title(page(tree, None, "")) == found
