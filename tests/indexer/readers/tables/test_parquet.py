from __future__ import annotations

import base64
import io
import random
from datetime import UTC, date, datetime
from typing import Any

import pyarrow
from pyarrow import parquet as writer

from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import parquet
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers import web_gold

ORIGIN = Origin("news", "archive/a.parquet", "a.parquet")


def written(**options: Any) -> bytes:
    file = io.BytesIO()
    writer.write_table(pyarrow.table(options), file)
    return file.getvalue()


def read(data: bytes, **names: str) -> list[Item]:
    return web_gold.within_limits(parquet.read(io.BytesIO(data), ORIGIN, names))


def articles(data: bytes, **names: str) -> list[Article]:
    found = read(data, **names)
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def test_rows_are_articles() -> None:
    moment = datetime(1998, 5, 17, 10, tzinfo=UTC)
    data = written(headline=["A"], body=["One."], published=[moment], person=[["B C"]], pages=[[1, 2]], id=[7])
    (found,) = articles(data)

    assert (found.id, found.title, found.text, found.person) == ("7", "A", "One.", ("B C",))
    assert (found.published, found.extra) == ("1998-05-17T10:00:00+00:00", {"pages": [1, 2]})


def test_days_bytes_and_nothing_are_read() -> None:
    one, two = articles(written(text=[b"One.", b"Two."], date=[date(1998, 5, 17), None], share=[0.5, float("nan")]))

    assert (one.published, one.extra, two.published, two.extra) == ("1998-05-17", {"share": 0.5}, None, {})


def test_bytes_in_another_encoding_are_text() -> None:
    cut = "Élysée, à Genève. ".encode() * 9 + b"\xc3"
    one, two = articles(
        written(title=["Zürich".encode("cp1252"), b"B"], text=["Größe. ".encode("cp1252") * 9 + b"\x1a", cut])
    )

    assert (one.title, one.text[:6], two.text[:17], two.text[-1]) == ("Zürich", "Größe.", "Élysée, à Genève.", "Ã")


def test_bytes_that_are_no_text_are_kept_in_base64() -> None:
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    (found,) = articles(written(text=["One."], picture=[picture]))

    assert base64.b64decode(found.extra["picture"]) == picture


def test_keys_are_kept_in_base64() -> None:
    dice = random.Random(1)
    keys = [dice.randbytes(16) for _ in range(2_000)]
    fixed = pyarrow.array(keys, pyarrow.binary(16))

    found = read(written(text=["One."] * len(keys), fixed=fixed, key=pyarrow.array(keys, pyarrow.binary())))
    kept = [item.extra for item in found if isinstance(item, Article)]

    assert [extra["fixed"] for extra in kept] == [base64.b64encode(key).decode() for key in keys]
    assert sum(extra["key"] != extra["fixed"] for extra in kept) < len(keys) / 100


@cases("text", [
    "Zürich", "Größe", "À", "Élysée, à Genève", "¿Qué?", "«Où êtes-vous?»", "Ærø Øl på Åen", "<Köln – 5 €>",
])  # fmt: skip
def test_short_texts_in_windows_1252_are_texts(text: str) -> None:
    (found,) = articles(written(text=["One."], title=[text.encode("cp1252")]))

    assert found.title == text


def test_a_row_without_text_is_set_aside() -> None:
    found = read(written(text=["One.", None, "Three."]))

    assert [isinstance(item, BadRecord) for item in found] == [False, True, False]
    assert isinstance(found[1], BadRecord)
    assert found[1].reason == "Row 2: It has no text."


NOT_UTF_8 = pyarrow.Array.from_buffers(
    pyarrow.string(), 3, [None, pyarrow.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), pyarrow.py_buffer(b"a\xffc")]
)


@cases("column", [
    NOT_UTF_8,
    pyarrow.array([0, 253402300800_000_000, 0], pyarrow.timestamp("us")),
    pyarrow.array([0, 253402300800_000, 0], pyarrow.timestamp("ms", "UTC")),
    pyarrow.array([0, 2932897, 0], pyarrow.date32()),
    pyarrow.array([0, 2**62, 0], pyarrow.duration("s")),
])  # fmt: skip
def test_a_value_that_cannot_be_read_costs_its_row_alone(column: Any) -> None:
    found = read(written(text=["One.", "Two.", "Three."], odd=column))

    assert [isinstance(item, BadRecord) for item in found] == [False, True, False]
    assert isinstance(found[1], BadRecord)
    assert found[1].reason.startswith("Row 2: a value in it cannot be read: ")


def test_moments_are_read_to_the_microsecond() -> None:
    first, second = articles(
        written(text=["One.", "Two."], published=pyarrow.array([1, 1001], pyarrow.timestamp("ns")))
    )

    assert (first.published, second.published) == ("1970-01-01T00:00:00", "1970-01-01T00:00:00.000001")


def test_columns_are_mapped() -> None:
    (found,) = articles(written(story=["One."], title=["A"]), text="story")

    assert found.text == "One."


@cases("data, reason", [
    (b"PAR1" + b"\0" * 1000 + b"PAR1", "cannot be read"),
    (written(text=["One."])[:-20], "cannot be read"),
    (written(a=["One."]), "--map text=COLUMN"),
    (written(text=pyarrow.array([], pyarrow.string())), "no rows"),
])  # fmt: skip
def test_what_is_refused_says_why(data: bytes, reason: str) -> None:
    (found,) = read(data)

    assert isinstance(found, BadRecord)
    assert reason in found.reason


def test_a_small_file_of_large_rows_is_read_no_further() -> None:
    large = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 2000, pyarrow.int32()), ["x" * 2_000_000])
    found = read(written(text=large))

    assert len(found) < 20
    assert isinstance(found[-1], BadRecord)
    assert "more than 200 times its size" in found[-1].reason
