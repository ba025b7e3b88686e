from __future__ import annotations

import io
from pathlib import Path

from indexer import readers
from indexer.files.neighbours import Folder, Nothing
from indexer.readers.scans import hocr
from indexer.readers.scans.page import MAX_PAGES
from indexer.readers.shared.record import Item, Origin
from search import Article, BadRecord
from search.values.printed import unpack
from tests import printed_page
from tests.cases import cases


def read(body: str, name: str = "paper-1899-02-03.hocr") -> list[Item]:
    data = f"<html><head><meta name='ocr-system' content='x'/></head><body>{body}</body></html>"
    return list(readers.read_file(io.BytesIO(data.encode()), Origin("news", name, name), {}, Nothing()))


def page(inside: str, properties: str = "bbox 0 0 600 800") -> str:
    return f'<div class="ocr_page" title="{properties}">{inside}</div>'


def line(text: str, kind: str = "ocr_line", properties: str = "bbox 10 20 40 50") -> str:
    return f"<span class='{kind}' title='{properties}'>{text}</span>"


@cases("inside, text", [
    (line("the har-") + line("bour here"), "the harbour here"),
    (f"<p class='ocr_par'>{line('one')}</p><p class='ocr_par'>{line('two', 'ocr_header')}</p>", "one\n\ntwo"),
    (f"<div class='ocr_carea'>{line('one')}</div><div class='ocr_carea'>{line('two')}</div>", "one\n\ntwo"),
    (line("<span class='ocrx_word'>one</span> stray <b class='ocrx_word'><em>two</em></b>"), "one two"),
    (line("<span class='ocrx_word'>o<span class='ocrx_word'>ne</span></span>"), "one"),
    (line(line("one") + " two"), "one two"),
    ("<span class='ocrx_word'>one</span> <span class='ocrx_word'>two</span>", "one two"),
])  # fmt: skip
def test_lines_and_words_become_a_text(inside: str, text: str) -> None:
    (found,) = read(page(inside))

    assert isinstance(found, Article)
    assert (found.text, found.title, found.published) == (text, "", "1899-02-03")


def test_words_of_a_line_are_where_it_is() -> None:
    (found,) = read(page(line("one two")))

    assert isinstance(found, Article)
    assert [word[2:6] for word in unpack(found.scan[0].text)] == [(10, 20, 30, 30)] * 2


@cases("stated", ["", "bbox 10 20 40", "bbox a b c d", "bbox nan nan nan nan", "bbox 700 20 900 40"])
def test_a_word_without_a_place_on_the_page_has_none(stated: str) -> None:
    (found,) = read(page(line("one", properties=stated)))

    assert isinstance(found, Article)
    assert (found.text, found.scan) == ("one", ())


def test_each_page_of_a_file_is_an_article() -> None:
    one, empty, two = read(page(line("one"), "lpageno 7; bbox 0 0 600 800") + page("") + page(line("two")))

    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert isinstance(empty, BadRecord)
    assert empty.reason.startswith("Page 2: It is a page without text")
    assert (one.text, two.text, one.extra["page"]) == ("one", "two", "7")
    assert one.id != two.id


def test_a_file_without_pages_says_so() -> None:
    (found,) = read("<p>text</p>")

    assert isinstance(found, BadRecord)
    assert "without a page" in found.reason


def test_a_file_of_too_many_pages_is_refused_with_the_way_out() -> None:
    (found,) = read(page(line("one")) * (MAX_PAGES + 1))

    assert isinstance(found, BadRecord)
    assert found.reason == "It has more than 1,000 pages. Split it."


def test_a_picture_is_the_one_that_the_page_names(tmp_path: Path) -> None:
    words = printed_page.drawn("one two")
    (tmp_path / "page1.png").write_bytes(printed_page.png(words))
    (found,) = readers.read_file(
        io.BytesIO(printed_page.hocr(words).encode()), Origin("news", "other.html", "other.html"), {}, Folder(tmp_path)
    )

    assert isinstance(found, Article)
    assert found.scan[0].picture


def test_looks_like() -> None:
    assert hocr.looks_like(printed_page.hocr([]).encode(), "page.html")
    assert not hocr.looks_like(b"<html><head><title>ocr-free</title></head><body>", "page.html")
