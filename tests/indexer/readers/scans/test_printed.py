"""Where words are printed, and the picture of their page."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer import readers
from indexer.archive.opening import Opened
from indexer.archive.walk import walk
from indexer.files.neighbours import Folder, Nothing
from indexer.readers.scans import alone as alone_reader
from indexer.readers.scans import issues, mets
from indexer.readers.shared.element import Element
from indexer.readers.shared.pictures import Album, Pictures
from indexer.readers.shared.record import Origin
from search import Article, BadRecord
from search.files import pictures
from search.values.printed import Printed, unpack
from tests import printed_page, waiting
from tests.cases import cases
from tests.printed_page import Drawn, drawn
from tests.tiers import examples

WORDS = st.text("abcdefgh", min_size=1, max_size=6)
LINES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
BLOCKS = st.lists(LINES, min_size=1, max_size=3).map(" / ".join)


def read(folder: Path, name: str = "mets.xml") -> list[Article]:
    neighbours = Folder(folder)
    with (folder / name).open("rb") as file:
        found = list(issues.read(file, Origin("news", name, name), neighbours, Pictures(neighbours)))
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def alone(page: str, name: str = "1899-02-03.xml") -> Article:
    (found,) = readers.read_file(io.BytesIO(page.encode()), Origin("news", name, name), {}, Nothing())
    assert isinstance(found, Article), found
    return found


def printed(article: Article) -> Iterator[tuple[str, Printed]]:
    """The words of an article, as its title and its text have them, and where they are."""
    for page in article.scan:
        yield from ((article.title[word.start : word.end], word) for word in unpack(page.title))
        yield from ((article.text[word.start : word.end], word) for word in unpack(page.text))


def box(word: Printed | Drawn) -> tuple[int, int, int, int]:
    return (word.x, word.y, word.width, word.height)


@examples(100, few=25)
@given(st.lists(BLOCKS, min_size=1, max_size=4))
def test_each_word_of_a_text_is_where_it_is_printed(blocks: list[str]) -> None:
    words = drawn(*blocks)
    for page in printed_page.PAGES:
        found = list(printed(alone(page(words))))

        assert [(text, box(word)) for text, word in found] == [(word.text, box(word)) for word in words]
        assert [a.block == b.block for (_, a), (_, b) in pairwise(found)] == [
            a.block == b.block for a, b in pairwise(words)
        ]


def test_an_article_has_the_words_of_its_own_blocks(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path)
    ferry, bridge = read(tmp_path)

    assert [box(word) for _, word in printed(ferry)] == [box(word) for word in words if word.block in (1, 2)]
    assert [text for text, _ in printed(bridge)] == [word.text for word in words if word.block in (3, 4)]


def test_a_hyphenated_word_is_in_two_places(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path)
    ferry, _ = read(tmp_path)

    parts = [word for text, word in printed(ferry) if text == "harbour"]
    assert [box(part) for part in parts] == [box(word) for word in words if word.text in ("har-", "bour")]


def test_a_word_hyphenated_without_saying_so_is_in_two_places() -> None:
    words = drawn("the har- / bour here")
    for page in printed_page.PAGES:
        found = list(printed(alone(page(words))))

        assert [text for text, _ in found] == ["the", "harbour", "harbour", "here"]


def test_the_quality_of_an_article_is_how_sure_of_its_words_a_program_was(tmp_path: Path) -> None:
    for page in printed_page.PAGES:
        assert alone(page(drawn("two words"))).quality == 0.9
    stated = printed_page.alto(drawn("one two three")).replace("WC='0.9'", "WC='0.5'", 1)
    assert alone(stated).quality == 0.77
    assert alone(stated.replace("WC='0.9'", "WC='9'")).quality is None  # of one word of three
    assert alone(stated.replace("WC='0.9'", "", 1)).quality == 0.7
    printed_page.issue(tmp_path)
    assert [article.quality for article in read(tmp_path)] == [0.9, 0.9]


@cases("unit, scale", [("pixel", 1), ("mm10", 0.846667), ("inch1200", 4)])
def test_a_place_is_the_same_share_of_the_page_in_every_unit(unit: str, scale: float) -> None:
    words = drawn("one two")
    article = alone(printed_page.alto(words, unit, scale))

    (page,) = article.scan
    for (_, word), as_drawn in zip(printed(article), words, strict=True):
        assert word.x / page.width == pytest.approx(as_drawn.x / printed_page.WIDTH, abs=2e-3)
        assert word.y / page.height == pytest.approx(as_drawn.y / printed_page.HEIGHT, abs=2e-3)


def test_a_title_that_is_no_heading_has_no_words_on_the_page(tmp_path: Path) -> None:
    printed_page.issue(tmp_path)
    (tmp_path / "mets.xml").write_text(printed_page.mets([("ferry", "A ferry goes down", "B1", "B2")]), "utf-8")

    (ferry,) = read(tmp_path)
    assert {(word.start, word.end) for word in unpack(ferry.scan[0].title)} == {(0, 0)}


@cases("odd", ["NaN", "-inf", "1e400", "abc", "", "-5000"])
def test_a_word_without_a_place_is_in_the_text_and_has_no_box(odd: str) -> None:
    page = printed_page.alto(drawn("one two")).replace("HPOS='40'", f"HPOS='{odd}'")
    article = alone(page)

    assert article.text == "one two"
    assert [text for text, _ in printed(article)] == ["two"]


@cases("size", ["", "0", "-3", "NaN", "1e9"])
def test_a_page_without_a_size_has_no_boxes(size: str) -> None:
    article = alone(printed_page.alto(drawn("one two")).replace("WIDTH='600'", f"WIDTH='{size}'"))

    assert (article.text, article.scan) == ("one two", ())


def test_the_picture_that_the_issue_names_is_the_one_of_the_page(tmp_path: Path) -> None:
    printed_page.issue(tmp_path)
    ferry, bridge = read(tmp_path)

    with (tmp_path / "page1.png").open("rb") as file:
        assert ferry.scan[0].picture == pictures.digest(file) + ".png"
    assert ferry.scan[0].picture == bridge.scan[0].picture
    assert ferry.scan[0].label == "7"


def test_what_a_file_states_of_an_issue_is_true_of_each_article_in_it(tmp_path: Path) -> None:
    printed_page.issue(tmp_path)
    (tmp_path / "issue.json").write_text('{"extra": {"shelf": "3"}, "edition": "2"}')

    assert [one.extra for one in read(tmp_path)] == [{"shelf": "3", "edition": "2", "page": "7"}] * 2


def test_a_picture_with_the_name_of_the_page_is_its_own(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path)
    (tmp_path / "mets.xml").unlink()
    for name in ("page1.png", "page1.jpg", "page1.JPG"):
        for picture in tmp_path.glob("page1.[jJp]*"):
            picture.unlink()
        (tmp_path / name).write_bytes(printed_page.png(words))

        (page,) = read(tmp_path, "page1.xml")
        assert page.scan[0].picture.endswith(".png"), name


def test_a_jpeg_is_taken_before_the_tiff_that_is_named(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path, picture=b"II*\0 a TIFF")
    (tmp_path / "page1.jpg").write_bytes(printed_page.png(words))

    assert read(tmp_path)[0].scan[0].picture


@cases("content, said", [
    (b"II*\0 a TIFF", "is a TIFF file, which browsers do not show"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "is a JPEG 2000 file, which browsers do not show"),
    (b"<svg onload='alert(1)'/>", "is not a picture of a known kind"),
    (b"<!doctype html>", "is not a picture of a known kind"),
    (b"", "is empty"),
])  # fmt: skip
def test_what_browsers_do_not_show_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    printed_page.issue(tmp_path, picture=content)
    (ferry, _) = read(tmp_path)

    assert (ferry.scan[0].picture, said in ferry.scan[0].note) == ("", True)
    assert "page1.png" in ferry.scan[0].note


@pytest.mark.parametrize("name", [
    "../other/secret.png",
    "/etc/passwd.png",
    "http://127.0.0.1:9/page.png",
    "file:///etc/secret.png",
    "linked.png",
])  # fmt: skip
def test_a_picture_in_another_place_is_not_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "issue"
    words = printed_page.issue(folder)
    (folder / "page1.png").unlink()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.png").write_bytes(printed_page.png(words))
    (folder / "linked.png").symlink_to(tmp_path / "other" / "secret.png")
    (folder / "mets.xml").write_text(printed_page.mets(printed_page.ARTICLES, picture=name), "utf-8")

    (ferry, _) = read(folder)
    assert ferry.scan[0].picture == ""
    assert ferry.text.startswith("The old ferry")


def test_a_picture_on_the_web_is_named_and_not_fetched(tmp_path: Path) -> None:
    printed_page.issue(tmp_path)
    (tmp_path / "page1.png").unlink()
    named = printed_page.mets(printed_page.ARTICLES, picture="https://iiif.test/page.jpg")
    (tmp_path / "mets.xml").write_text(named, "utf-8")

    assert read(tmp_path)[0].scan[0].note == (
        "Its picture “https://iiif.test/page.jpg” is not next to it, and is not fetched. Put it there."
    )


def test_a_huge_picture_is_refused_and_the_article_read(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path)
    with (tmp_path / "page1.png").open("wb") as file:
        file.write(printed_page.png(words))
        os.truncate(file.fileno(), 2 << 30)

    (ferry, _) = read(tmp_path)
    assert ferry.scan[0].note == "Its picture “page1.png” is larger than 64 MB, and is not shown."


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "It is a pipe. Only regular files are read."),
        (os.mkdir, "It is a folder. Only regular files are read."),
        (lambda path: os.symlink("/etc/hosts", path), "It is a link that leads out of the folder. Put the file itself"),
        (lambda path: os.symlink("nowhere.png", path), "It cannot be read: No such file or directory."),
    ],
)
def test_what_is_not_opened_as_a_picture_is_named(tmp_path: Path, make: Callable[[Path], None], why: str) -> None:
    folder = tmp_path / "issue"
    printed_page.issue(folder)
    (folder / "page1.png").unlink()
    make(folder / "page1.png")

    (ferry, _) = read(folder)
    assert ferry.scan[0].picture == ""
    assert ferry.scan[0].note.startswith(f"Its picture “page1.png” is not opened. {why}")


def test_a_link_to_a_picture_in_the_folder_is_followed(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path)
    (tmp_path / "real.png").write_bytes(printed_page.png(words))
    (tmp_path / "page1.png").unlink()
    (tmp_path / "page1.png").symlink_to("real.png")

    assert read(tmp_path)[0].scan[0].picture


def test_an_incomplete_picture_and_one_with_too_many_pixels_are_refused_with_the_way_out(tmp_path: Path) -> None:
    words = printed_page.issue(tmp_path)
    whole = printed_page.png(words)
    (tmp_path / "page1.png").write_bytes(whole[:-20])
    assert read(tmp_path)[0].scan[0].note == (
        "Its picture “page1.png” is incomplete: its end is missing. Copy it again."
    )
    huge = whole.replace(
        struct.pack(">II", printed_page.WIDTH, printed_page.HEIGHT), struct.pack(">II", 60_000, 60_000)
    )
    (tmp_path / "page1.png").write_bytes(huge)
    (ferry, _) = read(tmp_path)
    assert "“page1.png” has 60,000 × 60,000 pixels, and is not shown" in ferry.scan[0].note
    assert ferry.text.startswith("The old ferry")


def test_time_grows_as_the_number_of_words_does(amount: Callable[..., int]) -> None:
    def reading(count: int, of: Callable[..., str]) -> Callable[[], object]:
        page = of(drawn(*[" ".join(["news"] * 20)] * (count // 20)))
        return lambda: alone(page)

    few = amount(2_000, few=500)
    for of in printed_page.PAGES:
        assert waiting.grows_less(16, partial(reading, of=of), few, 8 * few, least_s=0.01)


def test_pages_of_a_folder_read_each_mets_in_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed_page.issue(tmp_path)
    own = (tmp_path / "mets.xml").rename(tmp_path / "own METS.xml")
    own.write_text(own.read_text("utf-8").replace("</mets>", f"<!-- {tmp_path} --></mets>"), "utf-8")
    for number in range(7):
        (tmp_path / f"mets {number}.xml").write_text(f"<mets><!-- {tmp_path} {number} --></mets>")
    issue, read_in = mets.issue, list[Element]()

    def counted(root: Element) -> mets.Issue:
        read_in.append(root)
        return issue(root)

    monkeypatch.setattr(mets, "issue", counted)
    for _ in range(5):
        with (tmp_path / "page1.xml").open("rb") as file:
            assert list(issues.read(file, Origin("news", "page1.xml", "page1.xml"), Folder(tmp_path))) == []

    assert len(read_in) == 8


def test_the_files_around_a_page_are_not_gone_through_for_each(tmp_path: Path) -> None:
    def asking(count: int) -> Callable[[], object]:
        folder = Path(mkdtemp(dir=tmp_path))
        for number in range(count):
            (folder / f"{number}.xml").touch()
        origins = [Origin("news", f"reel/{number}.xml", f"reel/{number}.xml") for number in range(count)]
        return lambda: [alone_reader.covered(origin, Folder(folder, has_above=True)) for origin in origins]

    assert waiting.grows_less(8, asking, 150, 600)


UNDATED = printed_page.mets([], picture="1.tif", page="far.txt", label="7", day="")


@cases("name, files, facts", [
    ("1899-02-03/1.hocr", {}, (None, "1899-02-03", "filename", {})),
    ("1899020302/1.hocr", {}, (None, "1899-02-03", "filename", {"edition": "2"})),
    ("1899-02-03-ed-evening/1.hocr", {}, (None, "1899-02-03", "filename", {"edition": "evening"})),
    ("1899-02/1.hocr", {}, (None, "1899-02", "filename", {})),
    ("1899/1.hocr", {}, (None, "1899", "filename", {})),
    ("1899/1899-02.page0001.hocr", {}, (None, "1899-02", "filename", {})),
    ("1899/1899-02-03.hocr", {}, (None, "1899-02-03", "filename", {})),
    ("0001/1899.hocr", {}, (None, None, None, {})),
    ("1899-13/1.hocr", {}, (None, None, None, {})),
    ("1899-02 proofs/1.hocr", {}, (None, None, None, {})),
    *((f"{folder}/1.hocr", {f"{folder}/mets.xml": UNDATED, **more}, ("The Gazette", *facts, {"page": "7", **edition}))
      for folder, more, facts, edition in (
          ("1899-05-08", {}, ("1899-05-08", "filename"), {}),
          ("1899050802", {}, ("1899-05-08", "filename"), {"edition": "2"}),
          ("a", {}, (None, None), {}),
          ("1899-05-08", {"1899-05-08/issue.json": '{"published": "1899-05-09"}'}, ("1899-05-09", "metadata"), {}),
    )),
    ("1899-05-08/1.hocr", {"mets.xml": UNDATED.replace("1.tif", "1899-05-08/1.tif")},
     ("The Gazette", "1899-05-08", "filename", {"page": "7"})),
    ("a/1.hocr", {"a/issue.json": "{}"}, (None, None, None, {})),
    ("a/1.hocr", {"a/issue.json": '{"newspaper": "Gazette", "date": "1899-02", "title": "T", "edition": "2"}'},
     ("Gazette", "1899-02", "metadata", {"edition": "2"})),
    ("1899-02-03/1.hocr",
     {"issue.json": '{"source": "Gazette", "section": "News"}', "1899-02-03/issue.json": '{"source": "Later"}'},
     ("Later", "1899-02-03", "filename", {})),
    ("1899-02-03/1.hocr", {"1899-02-03/issue.json": '{"source": "G"}', "1899-02-03/1.json": '{"source": "Own"}'},
     ("Own", "1899-02-03", "filename", {})),
    ("1899-02-03/1.xml", {"1899-02-03/1.xml.json": '{"source": "Own"}'}, ("Own", "1899-02-03", "filename", {})),
    ("a/1.hocr", {"a/mets.xml": printed_page.mets([], picture="1.tif", page="far.txt", label="7")},
     ("The Gazette", "1899-02-03", "metadata", {"page": "7"})),
    ("a/1.hocr", {"a/mets.xml": printed_page.mets([], picture="1.tif", page="1.hocr").replace(
        "</originInfo>", "<edition>Evening</edition></originInfo>")},
     ("The Gazette", "1899-02-03", "metadata", {"page": "7", "edition": "Evening"})),
])  # fmt: skip
def test_a_page_that_was_read_has_the_facts_that_files_next_to_it_state(
    name: str,
    files: dict[str, str],
    facts: tuple[str | None, str | None, str | None, dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("read")
    page = printed_page.alto if name.endswith(".xml") else printed_page.hocr
    for file, data in {name: page(drawn("one two")), **files}.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(data, "utf-8")
    (folder / name).with_suffix(".png").write_bytes(printed_page.png(drawn("one two")))
    items = [item for file in walk([folder], "news") for item in readers.read(file.path, file.origin)]

    (found,) = items
    assert isinstance(found, Article), found
    found.extra.pop("read_by", None)  # type: ignore[attr-defined]
    assert (found.source, found.published, found.published_from, found.extra) == facts
    assert found.title == ""
    assert found.scan[0].picture


@cases(
    "stated",
    [
        '{"title": "A", "body": "B c d."}',
        '[{"title": "A", "body": "B c d."}]',
        '{"articles": [{"title": "A", "body": "B c d."}]}',
    ],
)
def test_an_article_in_a_file_of_that_name_is_read(stated: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "issue.json").write_text(stated)
    (found,) = readers.read(folder / "issue.json", Origin("news", "issue.json", "issue.json"))

    assert isinstance(found, Article), found


@cases("stated", ['[{"source": "Gazette"}]', "[]", '"Gazette"', "3"])
def test_an_issue_that_is_no_object_is_told_so(stated: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "issue.json").write_text(stated)
    (found,) = readers.read(folder / "issue.json", Origin("news", "issue.json", "issue.json"))

    assert isinstance(found, BadRecord)
    assert "has to be an object" in found.reason


FIRST, SECOND = drawn("page one"), [word._replace(x=word.x + 300) for word in drawn("page two")]


def frames(kind: str, *pages: list[Drawn]) -> bytes:
    target = io.BytesIO()
    first, *others = [Image.open(io.BytesIO(printed_page.png(words))).convert("L") for words in pages]
    first.save(target, kind, **({"save_all": True, "append_images": others} if others else {}))
    return target.getvalue()


def both(page: Callable[[list[Drawn]], str], begin: str, end: str, name: str) -> str:
    """A file of both pages, of a picture with this name, or of one without."""
    first, second = (page(words).replace("page1.png", name) for words in (FIRST, SECOND))
    at = first.rindex(end) + len(end)
    return first[:at] + second[second.index(begin) : second.rindex(end) + len(end)] + first[at:]


HOCR = partial(both, printed_page.hocr, "<div class='ocr_page'", "</div>")
ALTO = partial(both, printed_page.alto, "<Page", "</Page>")
TIFF, JPEG = frames("TIFF", FIRST, SECOND), frames("JPEG", FIRST)
OPEN_BOOK = HOCR("1.jpg").replace("bbox 0 0 600 800", "bbox 0 0 300 800", 1).replace("bbox 0 0 600", "bbox 300 0 600")
MISSING = "Its picture “1.jpg” has no page 2. Put a TIFF with all pages there, or one file for each page."
TWO = (  # a file for each page, and one picture of both
    printed_page.mets([], picture="all.tif", page="1.hocr")
    .replace("<file ID='P1'>", "<file ID='A2'><FLocat xlink:href='2.hocr'/></file><file ID='P1'>")
    .replace("</div></div></structMap>", "</div><div TYPE='PAGE'><fptr FILEID='A2'/><fptr FILEID='P1'/></div></div>"
             "</structMap>", 1)
)  # fmt: skip
EACH = {"1.hocr": printed_page.hocr(FIRST), "2.hocr": printed_page.hocr(SECOND)}
NAMED = (
    ALTO("").replace("<TextBlock ID='B1'", "<TextBlock ID='B0'", 1).replace("ID='B1'", "ID='B2'").replace("B0", "B1")
)


@cases("files, shown, note", [
    ({"1.hocr": HOCR("1.tif"), "1.tif": TIFF}, [FIRST, SECOND], ""),
    ({"1.hocr": HOCR(""), "1.tif": TIFF, "1.jpg": JPEG}, [FIRST, SECOND], ""),
    ({"1.hocr": HOCR(""), "1.jpg": JPEG}, [FIRST, None], MISSING),
    ({"1.hocr": OPEN_BOOK, "1.jpg": frames("JPEG", [*FIRST, *SECOND])}, [FIRST, SECOND], ""),
    ({"1.xml": ALTO(""), "1.tif": TIFF}, [FIRST, SECOND], ""),
    ({"1.hocr": HOCR("1.tif"), "1.tif": TIFF, "mets.xml": UNDATED}, [FIRST, SECOND], ""),
    ({"1.xml": ALTO(""), "1.tif": TIFF, "mets.xml": printed_page.mets([], picture="1.tif", page="1.xml")},
     [FIRST, SECOND], ""),
    ({"1.xml": NAMED, "1.tif": TIFF,
      "mets.xml": printed_page.mets([("a", "A", "", "B1"), ("b", "B", "", "B2")], picture="1.tif", page="1.xml")},
     [FIRST, SECOND], ""),
    ({**EACH, "all.tif": TIFF, "mets.xml": TWO}, [FIRST, SECOND], ""),
    ({**EACH, "all.jpg": frames("JPEG", [*FIRST, *SECOND]), "mets.xml": TWO.replace("all.tif", "all.jpg")},
     [FIRST, SECOND], ""),
])  # fmt: skip
def test_each_page_of_a_file_has_its_own_picture(
    files: dict[str, str | bytes],
    shown: list[list[Drawn] | None],
    note: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder, index = tmp_path_factory.mktemp("frames"), tmp_path_factory.mktemp("idx")
    for name, data in files.items():
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    read = [item for file in walk([folder], "news") for _, item in Opened(file, {}, pictures=Album(index)).items()]
    found = [item for item in read if isinstance(item, Article)]

    assert len(found) == len(read), read
    assert [article.text for article in found] == ["page one", "page two"]
    assert [page.note for article in found for page in article.scan] == ["", note]
    for article, words in zip(found, shown, strict=True):
        (page,) = article.scan
        assert bool(page.picture) == (words is not None)
        for word, (_, place) in zip(words or (), printed(article), strict=words is not None):
            image = Image.open(pictures.path_of(index, page.picture)).convert("L")
            assert box(place) == box(word)
            assert image.crop((word.x + 5, word.y + 5, word.x + 6, word.y + 6)).tobytes()[0] < 60


@pytest.mark.check
def test_the_pictures_of_a_tiff_are_made_in_a_time_that_grows_with_their_number(tmp_path: Path) -> None:
    def asking(count: int) -> Callable[[], object]:
        first, *others = [Image.new("L", (60, 80), number % 256) for number in range(count)]
        first.save(tmp_path / f"{count}.tif", save_all=True, append_images=others)
        return lambda: {*map(partial(Pictures(Folder(tmp_path)).first, [f"{count}.tif"]), range(count))}

    assert waiting.grows_less(8, asking, 100, 400)
