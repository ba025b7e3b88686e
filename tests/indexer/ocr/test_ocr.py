"""Pages without text, read by a real Tesseract."""

from __future__ import annotations

import json
import shutil
import zlib
from pathlib import Path

import pytest

from indexer.ocr.textless import Scan, scans
from tests import printed_page
from tests.service.commands.running import dateline, refused

PAGE = Path(__file__).parent / "gazette.png"
TEXT = "The mayor opened the new bridge over the river before a great crowd on Saturday"


def archive(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PAGE, folder / name)
    return folder


def found(folder: Path, again: bool = False) -> list[str]:
    return [one.text.relative_to(folder).as_posix() for one in scans([folder], again) if isinstance(one, Scan)]


def pdf(picture: bytes = b"", text: str = "") -> bytes:
    """A page with a picture of 8 × 2 grey pixels, or with a line of text."""
    drawn = f"BT /F 12 Tf 9 9 Td ({text}) Tj ET" if text else "q 200 0 0 50 0 0 cm /P Do Q"
    fonts = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 50] /Contents 4 0 R /Resources << {fonts} "
        "/XObject << /P 5 0 R >> >> >>".encode(),
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream".encode(),
        b"<< /Type /XObject /Subtype /Image /Width 8 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter "
        b"/FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(picture), picture),
    ]
    made, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    begin = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    return made + begin + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def test_pages_become_articles_with_their_pictures(tmp_path: Path) -> None:
    pages = archive(tmp_path / "gazette", "1899-02-03/0001.png")

    read = json.loads(dateline("ocr", pages, "--json").stdout)
    assert (read["read"], read["with_text"], read["failed"]) == (1, 0, [])

    (pages / "mine").touch()
    assert (pages / "1899-02-03" / "0001.hocr").stat().st_mode == (pages / "mine").stat().st_mode  # by the umask
    (pages / "mine").rename(pages / "issue.json")
    (pages / "issue.json").write_text('{"source": "The Gazette"}')
    dateline("index", tmp_path / "news.idx", pages)
    (hit,) = json.loads(dateline("search", tmp_path / "news.idx", "harbour band", "--json").stdout)["hits"]
    shown = json.loads(dateline("show", tmp_path / "news.idx", hit["id"], "--json").stdout)
    assert TEXT in shown["text"]
    assert (shown["published"], shown["source"]) == ("1899-02-03", "The Gazette")
    assert shown["extra"]["read_by"].startswith("tesseract ")
    assert shown["extra"]["read_by"].endswith(", eng")


def test_what_was_read_is_read_again_only_in_other_languages(tmp_path: Path) -> None:
    pages = archive(tmp_path, "1.png")
    (pages / "2.png").write_bytes(PAGE.read_bytes())
    (pages / "2.hocr").write_text("<html><meta name='ocr-system' content='another'/></html>")

    def read(*options: str) -> int:
        return int(json.loads(dateline("ocr", pages, "--json", *options).stdout)["read"])

    assert [read(), read(), read("--again")] == [1, 0, 0]
    assert "1 of those were read in other languages" in dateline("ocr", pages, "--language", "eng+eng").stderr
    assert read("--again", "--language", "eng+eng") == 1
    assert read("--again") == 0  # in the languages in which it was read
    assert "another" in (pages / "2.hocr").read_text()


@pytest.mark.parametrize("text", ["1.xml", "1.alto.xml", "1.html", "1.txt", "1.hocr"])
def test_a_picture_with_a_text_of_its_name_is_not_read(tmp_path: Path, text: str) -> None:
    folder = archive(tmp_path, "1.png", "2.png")
    (folder / text).write_text("")

    assert found(folder) == ["2.hocr"]


def test_the_picture_that_lost_least_is_read_once(tmp_path: Path) -> None:
    (one,) = scans([archive(tmp_path, "1.jpg", "1.tif", "1.png")])

    assert isinstance(one, Scan)
    assert one.picture.name == "1.tif"


def test_pictures_of_saved_pages_and_of_issues_with_text_are_not_read(tmp_path: Path) -> None:
    folder = archive(tmp_path, "story_files/photo.png", "issue/scans/1.png", ".hidden/1.png", "unread/1.png")
    (folder / "story.html").write_text("")
    files = "".join(f"<file ID='{name}'><FLocat href='{name}'/></file>" for name in ("1.xml", "scans/1.png"))
    (folder / "issue" / "mets.xml").write_text(f"<mets><fileSec>{files}</fileSec></mets>")
    (folder / "unread" / "mets.xml").write_text(printed_page.mets([], picture="1.png", page="none.txt"))

    assert found(folder) == ["unread/1.hocr"]


def test_only_pdfs_of_pictures_are_read_page_by_page(tmp_path: Path) -> None:
    (tmp_path / "1899-02-03.pdf").write_bytes(pdf(zlib.compress(bytes(16))))
    (tmp_path / "text.pdf").write_bytes(pdf(text=TEXT))

    assert found(tmp_path) == ["1899-02-03.page0001.hocr"]
    assert json.loads(dateline("ocr", tmp_path, "--json").stdout)["read"] == 1
    assert (tmp_path / "1899-02-03.page0001.jpg").read_bytes().startswith(b"\xff\xd8")
    assert found(tmp_path) == []
    report = json.loads(dateline("index", tmp_path / "news.idx", tmp_path, "--json").stdout)
    assert [one["path"] for one in report["skipped"]] == [str(tmp_path / "1899-02-03.page0001.hocr")]  # it is black


def test_a_list_of_pictures_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    shutil.copy(PAGE, tmp_path / "secret" / "1.png")
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "1.png").write_text(str(tmp_path / "secret" / "1.png"))

    ran = dateline("ocr", tmp_path / "list", "--json")
    (failed,) = json.loads(ran.stdout)["failed"]
    assert (ran.returncode, failed["reason"]) == (2, "It is not a picture, whatever its name.")
    assert not (tmp_path / "list" / "1.hocr").exists()


def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    folder = archive(tmp_path, "1.png", "2.png")
    (folder / "2.png").write_bytes(PAGE.read_bytes()[:2000])
    (folder / "3.pdf").write_bytes(b"%PDF-1.4 nothing")

    ran = dateline("ocr", folder, "--json")
    told = json.loads(ran.stdout)
    assert (ran.returncode, told["read"]) == (0, 1)
    assert [Path(one["path"]).name for one in told["failed"]] == ["3.pdf", "2.png"]


def test_a_language_that_is_not_installed_is_named(tmp_path: Path) -> None:
    assert "no language “xyz”" in refused("ocr", archive(tmp_path, "1.png"), "--language", "xyz")
