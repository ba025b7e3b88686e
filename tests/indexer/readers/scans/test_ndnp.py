"""An issue of a batch of the National Digital Newspaper Program: METS, ALTO by page, JPEG 2000 and TIFF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from search.files import pictures, rendering
from search.values import printed
from tests import printed_page
from tests.cases import cases
from tests.indexer.readers.scans.test_printed import read
from tests.waiting import cpu_seconds

METS = """<?xml version="1.0"?>
<mets xmlns="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink"
 TYPE="urn:library-of-congress:ndnp:mets:newspaper:issue" LABEL="The Gazette (Harbour Town, Tex.), 1869-01-01">
<dmdSec ID="issueModsBib"><mdWrap MDTYPE="MODS"><xmlData><mods:mods>
<mods:relatedItem type="host"><mods:identifier type="lccn">sn00000001</mods:identifier></mods:relatedItem>
<mods:originInfo><mods:dateIssued encoding="iso8601">1869-01-01</mods:dateIssued></mods:originInfo>
</mods:mods></xmlData></mdWrap></dmdSec>
<dmdSec ID="pageModsBib1"><mdWrap MDTYPE="MODS"><xmlData><mods:mods><mods:part>
<mods:extent unit="pages"><mods:start>1</mods:start></mods:extent>
<mods:detail type="page number"><mods:number>3</mods:number></mods:detail></mods:part></mods:mods></xmlData></mdWrap>
</dmdSec><fileSec><fileGrp ID="pageFileGrp1">
<file ID="masterFile1" USE="master"><FLocat LOCTYPE="OTHER" OTHERLOCTYPE="file" xlink:href="0001.tif"/></file>
<file ID="serviceFile1" USE="service"><FLocat LOCTYPE="OTHER" OTHERLOCTYPE="file" xlink:href="0001.jp2"/></file>
<file ID="ocrFile1" USE="ocr"><FLocat LOCTYPE="OTHER" OTHERLOCTYPE="file" xlink:href="0001.xml"/></file>
</fileGrp></fileSec>
<structMap><div TYPE="np:issue" DMDID="issueModsBib"><div TYPE="np:page" DMDID="pageModsBib1">
<fptr FILEID="masterFile1"/><fptr FILEID="serviceFile1"/><fptr FILEID="ocrFile1"/></div></div></structMap></mets>"""


def drawn(kind: str, **options: str) -> bytes:
    target = BytesIO()
    words = printed_page.drawn(*printed_page.BLOCKS)
    Image.open(BytesIO(printed_page.png(words))).convert("1" if options else "L").save(target, kind, **options)
    return target.getvalue()


def shown_of(data: bytes, frame: int = 0) -> bytes:
    made = rendering.Frames(data).jpeg(frame)
    assert made is not None
    return made


@cases("name, kind, options", [
    ("0001.jp2", "JPEG2000", {}), ("0001.tif", "TIFF", {}), ("0001.tif", "TIFF", {"compression": "group4"})
])  # fmt: skip
def test_a_page_has_its_title_day_number_and_picture(
    name: str, kind: str, options: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("ndnp")
    words = printed_page.drawn(*printed_page.BLOCKS)
    (folder / "1869010101.xml").write_text(METS, "utf-8")
    (folder / "0001.xml").write_text(printed_page.alto(words, "inch1200", 4), "utf-8")
    (folder / name).write_bytes(drawn(kind, **options))
    (page,) = read(folder, "1869010101.xml")

    assert (page.source, page.published) == ("The Gazette (Harbour Town, Tex.)", "1869-01-01")
    assert (page.scan[0].label, page.scan[0].note) == ("3", "")
    shown = Image.open(BytesIO(shown_of((folder / name).read_bytes()))).convert("L")
    assert shown.size == (printed_page.WIDTH, printed_page.HEIGHT)
    assert pictures.digest(BytesIO(shown_of((folder / name).read_bytes()))) == page.scan[0].picture[:64]
    for word in printed.unpack(page.scan[0].text):
        x, y = (word.x + word.width // 2) // 4, (word.y + word.height // 2) // 4
        assert max(shown.crop((x, y, x + 1, y + 1)).tobytes()) < 60


@pytest.mark.parametrize(("across", "down"), [pytest.param(5_000, 6_000, marks=pytest.mark.check), (9_000, 1_500)])
def test_a_large_jpeg_2000_is_shown_smaller(across: int, down: int) -> None:
    target = BytesIO()
    Image.new("L", (across, down), 255).save(target, "JPEG2000")
    shown = Image.open(BytesIO(shown_of(target.getvalue())))

    assert rendering.MAX_SHOWN / 5 < shown.width * shown.height <= rendering.MAX_SHOWN
    assert shown.width / shown.height == pytest.approx(across / down, rel=0.01)


def test_what_was_erased_is_not_made_again_by_another_version(tmp_path: Path) -> None:
    source = drawn("JPEG2000")
    made = shown_of(source)
    name = pictures.keep(tmp_path, BytesIO(made), ".jpg")
    assert pictures.may_be_made(tmp_path, pictures.source(source))

    pictures.erase(tmp_path, name, "blocked")
    assert not pictures.may_be_made(tmp_path, pictures.source(source))
    assert pictures.may_be_made(tmp_path, rendering.Frames(source).source(1))
    pictures.forgive(tmp_path, ["other", "blocked"])
    assert pictures.may_be_made(tmp_path, pictures.source(source))


def test_many_articles_are_allowed_again_at_once(tmp_path: Path) -> None:
    for number in range(100):
        pictures.erase(tmp_path, f"{number:064x}.jpg", f"blocked {number}")
    ids = [f"blocked {number}" for number in range(3_000)]

    assert cpu_seconds(lambda: pictures.forgive(tmp_path, ids), runs=1) < 1.5
    assert not [one for one in pictures.marks(tmp_path) if (tmp_path / pictures.FOLDER / one).read_bytes()]
