from __future__ import annotations

import gzip
import io
import zlib

from indexer.readers.shared.record import Item, Origin
from indexer.readers.web import warc
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers import web_gold

ORIGIN = Origin("news", "archive/a.warc", "a.warc")
PAGE = (
    "<html><head><title>Élysée speaks</title></head><body><p>The president spoke for an hour on Tuesday, and said that "
    "the bridge would be built again before the winter of the following year.</p></body></html>"
)


def record(
    body: bytes, *headers: str, url: str = "http://e.org/a", status: int = 200, block: str = "response"
) -> bytes:
    kinds = (
        "" if any(header.lower().startswith("content-type") for header in headers) else "Content-Type: text/html\r\n"
    )
    lines = "".join(f"{header}\r\n" for header in headers)
    payload = f"HTTP/1.1 {status} OK\r\n{kinds}{lines}\r\n".encode() + body
    return framed(payload, f"WARC-Type: {block}", f"WARC-Target-URI: {url}", "Content-Type: application/http")


def framed(block: bytes, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"WARC/1.1\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def read(*records: bytes) -> list[Item]:
    return web_gold.within_limits(warc.read(io.BytesIO(b"".join(records)), ORIGIN))


def titles(*records: bytes) -> list[str]:
    return [item.title if isinstance(item, Article) else "aside" for item in read(*records)]


GOOD = record(PAGE.encode(), url="http://e.org/good")


def test_pages_are_as_a_person_reads_them() -> None:
    name = "seeds/formats/page.warc"
    web_gold.assert_as_read(name, web_gold.read("web.warc", web_gold.place(name)))


@cases("name", web_gold.files("data/formats/warc"))
def test_pages_of_the_evaluation_are_as_a_person_reads_them(name: str) -> None:
    web_gold.assert_as_read(name, web_gold.read("web.warc", web_gold.place(name)))


def test_the_address_is_kept_and_the_time_of_fetching_is_no_date() -> None:
    (found,) = web_gold.read("web.warc", web_gold.place("seeds/formats/page.warc"))

    assert isinstance(found, Article)
    assert found.url == "https://example.org/archive/2006-01-johnson-sirleaf"
    assert found.extra["fetched"] == "2006-01-17T08:00:01Z"
    assert titles(GOOD) == ["Élysée speaks"]
    assert [item.published for item in read(GOOD) if isinstance(item, Article)] == [None]


@cases("body, headers", [
    (PAGE.encode("cp1252"), ("Content-Type: text/html; charset=ISO-8859-1",)),
    (PAGE.encode("iso-8859-15"), ('Content-Type: text/html; charset="iso-8859-15"',)),
    (gzip.compress(PAGE.encode()), ("Content-Encoding: gzip",)),
    (zlib.compress(PAGE.encode()), ("Content-Encoding: deflate",)),
    (zlib.compress(PAGE.encode())[2:-4], ("Content-Encoding: deflate",)),
    (PAGE.encode(), ("Content-Encoding: gzip",)),
    (b"5\r\n<html\r\n%x;x=y\r\n" % (len(PAGE.encode()) - 5) + PAGE.encode()[5:] + b"\r\n0\r\n\r\n",
     ("Transfer-Encoding: chunked",)),
    (PAGE.encode(), ("Transfer-Encoding: chunked",)),
])  # fmt: skip
def test_what_the_transport_did_is_undone(body: bytes, headers: tuple[str, ...]) -> None:
    assert titles(record(body, *headers)) == ["Élysée speaks"]


def test_what_is_no_page_is_passed_over() -> None:
    others = (
        framed(b"software: x", "WARC-Type: warcinfo", "Content-Type: application/warc-fields"),
        record(b"", block="request"),
        record(PAGE.encode(), status=404),
        record(b"", "Location: /x", status=301),
        record(b"\x89PNG", "Content-Type: image/png"),
        record(b"", block="revisit"),
    )

    assert titles(*others, GOOD) == ["Élysée speaks"]
    assert [item.reason for item in read(*others) if isinstance(item, BadRecord)] == [
        "It is a WARC file without a web page in it."
    ]


def test_a_saved_resource_is_a_page() -> None:
    saved = framed(PAGE.encode(), "WARC-Type: resource", "WARC-Target-URI: <http://e.org/b>", "Content-Type: text/html")

    assert [item.url for item in read(saved) if isinstance(item, Article)] == ["http://e.org/b"]


@cases("broken", [
    record(PAGE.encode())[:-100],
    record(PAGE.encode()[:-20]).replace(b"Content-Length: ", b"Content-Length: 9999"),
    record(gzip.compress(PAGE.encode() * 50)[:150], "Content-Encoding: gzip"),
    record(b"\x1f\x8b\x08garbage", "Content-Encoding: gzip"),
    record(PAGE.encode(), "Content-Encoding: br").replace(b"<html>", b"\x8b\x0a\x80"),
    framed(b"x", "WARC-Type: response").replace(b"Content-Length: 1", b"Content-Length: many"),
    b"garbage\n" * 1000, b"x" * 3_000_000 + b"\n", record(b"<html><p>Menu</p>"),
    record(gzip.compress(b" " * 40_000_000), "Content-Encoding: gzip"),
])  # fmt: skip
def test_a_broken_record_does_not_hide_the_others(broken: bytes) -> None:
    found = titles(GOOD, broken, GOOD)

    assert found.count("Élysée speaks") == 2
    assert "aside" in found


def test_members_are_unpacked_one_by_one() -> None:
    assert titles(gzip.compress(GOOD), gzip.compress(GOOD)) == ["Élysée speaks"] * 2


@cases("broken", [
    gzip.compress(record(b"<html>" + b"\0" * 30_000_000)),
    gzip.compress(GOOD)[:300] + b"\xff" * 300,
    b"\x1f\x8b\x08\x00" + b"\xff" * 1000,
])  # fmt: skip
def test_a_broken_member_does_not_hide_the_others(broken: bytes) -> None:
    found = titles(gzip.compress(GOOD), broken, gzip.compress(GOOD))

    assert found[0] == found[-1] == "Élysée speaks"
    assert "aside" in found


def test_an_end_that_is_missing_is_told() -> None:
    assert titles(gzip.compress(GOOD), gzip.compress(GOOD)[:-200])[0] == "Élysée speaks"
    assert titles(gzip.compress(GOOD), gzip.compress(GOOD)[:-200])[-1] == "aside"


def test_a_page_whose_end_is_there_is_read_though_its_compression_breaks_off() -> None:
    assert titles(record(gzip.compress(PAGE.encode())[:-4], "Content-Encoding: gzip")) == ["Élysée speaks"]


@cases("end, whole", [("", True), ("</html> ", True), ("<p>", False), ("<!-- b", False)])
def test_a_page_that_was_cut_after_its_end_is_read(end: str, whole: bool) -> None:
    page = PAGE.replace("</body></html>", f"</body>{'<!-- a -->' * 200}{end}")
    payload = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}".encode()
    headers = ("WARC-Type: response", "WARC-Target-URI: http://e.org/a", "WARC-Truncated: length")

    (found,) = read(framed(payload, *headers, "Content-Type: application/http"))

    if whole:
        assert isinstance(found, Article)
    else:
        assert isinstance(found, BadRecord)
        assert "cut off" in found.reason


def test_looks_like() -> None:
    assert warc.looks_like(GOOD[:100], "x")
    assert warc.looks_like(gzip.compress(GOOD)[:200], "x.gz")
    assert not warc.looks_like(gzip.compress(b"text"), "x.gz")
