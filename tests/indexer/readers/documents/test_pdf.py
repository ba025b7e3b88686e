from __future__ import annotations

import io
import zlib

from indexer.readers.documents import pdf
from indexer.readers.shared.record import Item, Origin
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers import web_gold

ORIGIN = Origin("news", "archive/a.pdf", "a.pdf")


def made(*pages: str, info: str = "", packed: bool = False) -> bytes:
    """A PDF whose pages have these lines."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
               f"<< {info} >>"]  # fmt: skip
    streams: dict[int, bytes] = {}
    kids = []
    for text in pages:
        drawn = "BT /F 10 Tf 14 TL 50 700 Td " + " ".join(f"({line}) Tj T*" for line in text.split("\n")) + " ET"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {number + 1} 0 R "
                       "/Resources << /Font << /F 3 0 R >> >> >>")  # fmt: skip
        content = zlib.compress(drawn.encode("latin-1")) if packed else drawn.encode("latin-1")
        streams[number + 1] = content
        objects.append(f"<< /Length {len(content)}{' /Filter /FlateDecode' if packed else ''} >>")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        stream = b"\nstream\n" + streams[number] + b"\nendstream" if number in streams else b""
        out += f"{number} 0 obj\n{body}".encode("latin-1") + stream + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    size = len(objects) + 1
    return out + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info 4 0 R >>\n"
        f"startxref\n{start}\n%%EOF"
    ).encode("latin-1")


def read(data: bytes) -> Item:
    (found,) = web_gold.within_limits(pdf.read(io.BytesIO(data), ORIGIN))
    return found


def article(data: bytes) -> Article:
    found = read(data)
    assert isinstance(found, Article), found
    return found


LINES = (
    "The council voted on Tuesday to rebuild the bridge that\nthe flood had carried away, and the govern-\nment agreed."
)


def test_pages_are_one_article() -> None:
    found = article(made(LINES, "A second page has more words on it."))

    assert found.text == (
        "The council voted on Tuesday to rebuild the bridge that the flood had carried away, and the government agreed."
        "\n\nA second page has more words on it."
    )
    assert found.extra == {"pages": 2}


def test_title_author_and_date_are_those_of_its_metadata() -> None:
    found = article(made(LINES, info="/Title (Bridge votes) /Author (Ada L.) /CreationDate (D:19980517101500+02'00')"))

    assert (found.title, found.byline) == ("Bridge votes", "Ada L.")
    assert (found.published, found.published_from) == ("1998-05-17T10:15:00+02:00", "file")


@cases("title", ["page3.indd", "Microsoft Word - story", "untitled", "42"])
def test_the_name_of_a_template_is_no_title(title: str) -> None:
    found = article(made(LINES, info=f"/Title ({title})"))

    assert found.title == ""


@cases("data, reason", [
    (made("", ""), "images"),
    (b"%PDF-1.4\n" + b"garbage " * 1000, "cannot be read"),
    (made(LINES)[:200], "cannot be read"),
    (made("x " * 3_000_000, packed=True), "drawing instructions"),
])  # fmt: skip
def test_what_is_refused_says_why_and_soon(data: bytes, reason: str) -> None:
    found = read(data)

    assert isinstance(found, BadRecord)
    assert reason in found.reason


def test_looks_like() -> None:
    assert pdf.looks_like(b"%PDF-1.7", "x")
    assert pdf.looks_like(b"\0\0%PDF-1.7", "x.pdf")
    assert not pdf.looks_like(b"How to write %PDF-1.7", "x.txt")
