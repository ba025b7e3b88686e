"""The pictures of pages over HTTP, and what a page says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest
from click.testing import CliRunner

import search
from search.files import pictures
from service.archive import Archive
from service.commands.cli import main
from service.server.app import create_app
from tests import printed_page
from tests.cases import cases
from tests.conftest import PATIENT
from tests.released import unpacked

Client = falcon.testing.TestClient
PICTURE = "/article/ferry/scan/1"


def run(*arguments: object) -> None:
    done = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.stderr


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    printed_page.issue(tmp_path / "archive")
    return tmp_path / "archive"


@pytest.fixture
def place(tmp_path: Path, archive: Path) -> Path:
    run("index", tmp_path / "news.idx", archive, "--workers", "1")
    return tmp_path / "news.idx"


@pytest.fixture
def client(place: Path) -> Iterator[Client]:
    with Archive(str(place)) as opened:
        yield Client(create_app(opened, PATIENT))


def test_a_picture_is_sent_as_what_it_is_and_not_twice(client: Client, archive: Path) -> None:
    answer, head = client.simulate_get(PICTURE), client.simulate_head(PICTURE)
    again = client.simulate_get(PICTURE, headers={"If-None-Match": answer.headers["etag"]})

    assert answer.content == (archive / "page1.png").read_bytes()
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == head.headers["content-length"] == str(len(answer.content))
    assert (head.status_code, head.content) == (200, b"")
    assert again.status_code == 304


def test_a_page_without_a_label_has_its_number(tmp_path: Path) -> None:
    printed_page.issue(tmp_path / "archive")
    (tmp_path / "archive" / "mets.xml").unlink()
    run("index", tmp_path / "alone.idx", tmp_path / "archive", "--workers", "1")
    with search.open(tmp_path / "alone.idx") as engine:
        (page,) = [hit.article for hit in engine.search(search.Query()).hits if hit.article.scan]
    with Archive(str(tmp_path / "alone.idx")) as opened:
        answer = Client(create_app(opened, PATIENT)).simulate_get(f"/article/{page.id}")

    assert answer.status_code == 200
    assert "Enlarge page 1" in answer.text


@cases("asked, first, last", [("bytes=0-9", 0, 9), ("bytes=5-", 5, None), ("bytes=-7", -7, None)])
def test_a_part_of_a_picture_is_sent(client: Client, archive: Path, asked: str, first: int, last: int | None) -> None:
    whole = (archive / "page1.png").read_bytes()
    answer = client.simulate_get(PICTURE, headers={"Range": asked})

    expected = whole[first:] if last is None else whole[first : last + 1]
    start = first if first >= 0 else len(whole) + first
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"
    for name in ("etag", "cache-control", "vary"):
        assert answer.headers[name] == client.simulate_get(PICTURE).headers[name]


@cases("asked", ["bytes=99999999-", "bytes=-0", f"bytes={'9' * 5000}-", "BYTES=99999999-99999999999"])
@cases("address", [PICTURE, "/static/dateline.css"])
def test_a_part_beyond_the_end_is_refused(client: Client, address: str, asked: str) -> None:
    answer = client.simulate_get(address, headers={"Range": asked})

    assert answer.status_code == 416
    assert re.fullmatch(r"bytes \*/[0-9]+", answer.headers["content-range"])


@cases(
    "asked",
    ["bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=9-5", "bytes=1_0-20", "bytes=+1-2", "bytes=--5", "bytes=²-3", "",
     "bytes=0-1,5-6", "bytes=0-0,-1", "lines=1-2", "0-5", "=", "x" * 4000],
)  # fmt: skip
@cases("address", [PICTURE, "/static/dateline.css"])
def test_a_range_that_cannot_be_read_is_ignored(client: Client, address: str, asked: str) -> None:
    whole = client.simulate_get(address)
    answer = client.simulate_get(address, headers={"Range": asked.encode().decode("latin-1")})

    assert (answer.status_code, answer.content) == (200, whole.content)


def test_a_part_of_what_the_client_may_not_have_is_not_sent(client: Client) -> None:
    assert client.simulate_get(PICTURE, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200


@cases("since", ["yesterday", "", "Thu, 99 Foo 2026 00:00:00 GMT", "x" * 4000])
def test_a_time_that_cannot_be_read_is_ignored(client: Client, since: str) -> None:
    answer = client.simulate_get("/static/dateline.css", headers={"If-Modified-Since": since})
    assert answer.status_code == 200


@cases("number", ["0", "2", "-1", "x", "1e3", "²", "9999999999999999999", "..%2F..%2Fkeys.json"])
def test_a_page_that_is_not_there_is_not_found(client: Client, number: str) -> None:
    assert client.simulate_get(f"/article/ferry/scan/{number}").status_code == 404


def test_an_article_that_is_not_there_has_no_picture(client: Client) -> None:
    assert client.simulate_get("/article/no-such/scan/1").status_code == 404


@pytest.mark.parametrize("how", [(), ("--block",), ("--purge",)])
def test_the_picture_of_a_removed_article_is_not_sent(client: Client, place: Path, how: tuple[str, ...]) -> None:
    run("delete", place, "ferry", *how)

    assert client.simulate_get(PICTURE).status_code in (404, 410)
    assert client.simulate_get("/article/bridge/scan/1").status_code == (404 if how == ("--purge",) else 200)


def test_a_picture_that_was_replaced_by_a_link_is_not_followed(client: Client, place: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    path = pictures.path_of(place, pictures.names(place)[0])
    path.unlink()
    path.symlink_to(tmp_path / "secret")

    assert b"secret" not in client.simulate_get(PICTURE).content


def test_words_of_a_query_are_boxed(client: Client) -> None:
    page = client.simulate_get("/article/ferry", query_string="q=harbour").text

    assert len(re.findall(r'<rect(?! class="(?:all|rest)")', page)) == 2  # both parts of the hyphenated word
    assert "1 word found on it" in page
    assert 'src="/article/ferry/scan/1" loading="lazy"' in page
    assert 'alt="Ferry sinks, page 7"' in page


def test_a_page_without_a_query_has_no_boxes(client: Client) -> None:
    page = client.simulate_get("/article/ferry").text

    assert re.findall(r'<rect(?! class="(?:all|rest)")', page) == []
    assert "found on it" not in page


def test_a_page_says_why_it_shows_no_picture(tmp_path: Path, archive: Path) -> None:
    (archive / "page1.png").write_bytes(b"II*\0 a TIFF")
    run("index", tmp_path / "other.idx", archive, "--workers", "1")
    with Archive(str(tmp_path / "other.idx")) as opened:
        page = Client(create_app(opened, PATIENT)).simulate_get("/article/ferry").text

    assert "is a TIFF file, which browsers do not show" in page
    assert "<img" not in page


def test_an_article_without_a_scan_says_nothing_of_one(tmp_path: Path) -> None:
    with search.writer(tmp_path / "plain.idx") as writer:
        writer.add(search.Article("plain", "A report about trade."))
        writer.commit()
    with Archive(str(tmp_path / "plain.idx")) as opened:
        client = Client(create_app(opened, PATIENT))
        assert 'id="scans"' not in client.simulate_get("/article/plain").text
        assert client.simulate_get("/article/plain/scan/1").status_code == 404


def test_a_pdf_is_linked_and_not_shown(tmp_path: Path, archive: Path) -> None:
    (archive / "page1.png").write_bytes(b"%PDF-1.4 a page\n%%EOF")
    run("index", tmp_path / "other.idx", archive, "--workers", "1")
    with Archive(str(tmp_path / "other.idx")) as opened:
        client = Client(create_app(opened, PATIENT))
        page, answer = client.simulate_get("/article/ferry").text, client.simulate_get(PICTURE)

    assert '<a href="/article/ferry/scan/1">Page 7 as PDF</a>' in page
    assert "<img" not in page
    assert answer.headers["content-type"] == "application/pdf"


def test_only_an_archive_with_scans_offers_them(client: Client, seeds_index: Path) -> None:
    assert 'name="scan"' in client.simulate_get("/?q=").text
    with Archive(str(seeds_index)) as opened:
        assert 'name="scan"' not in Client(create_app(opened, PATIENT)).simulate_get("/?q=").text


def test_an_index_that_does_not_know_its_scans_says_what_to_do(tmp_path: Path) -> None:
    with Archive(str(unpacked("format-15", tmp_path))) as opened:
        client = Client(create_app(opened, PATIENT))
        page, refused = client.simulate_get("/?q="), client.simulate_get("/api/search?scan=true")

    assert page.status_code == 200
    assert 'name="scan"' not in page.text
    assert refused.status_code == 503
    assert "Those who run this archive can convert it." in refused.json["detail"]


def test_hits_on_one_page_have_one_address_of_its_picture(client: Client) -> None:
    answer = client.simulate_get("/?q=")

    assert answer.text.count('class="cutout"') == 2
    assert len(set(re.findall(r'/article/[a-z]+/scan/1"', answer.text))) == 1


def test_a_page_turns_within_its_source_and_day(tmp_path: Path) -> None:
    printed_page.issue_of_pages(tmp_path / "archive", "1", "2")
    printed_page.issue_of_pages(tmp_path / "archive" / "later", "3")
    later = tmp_path / "archive" / "later" / "page-3" / "mets.xml"
    later.write_text(later.read_text("utf-8").replace("1899-02-03", "1899-02-04"), "utf-8")
    run("index", tmp_path / "issue.idx", tmp_path / "archive", "--workers", "1")
    with Archive(str(tmp_path / "issue.idx")) as opened:
        client = Client(create_app(opened, PATIENT))
        turns = [turned(client.simulate_get(f"/article/on-{number}").text) for number in (1, 2, 3)]

    assert turns == [[("next", "Page 2 →")], [("prev", "← Page 1")], []]


def turned(page: str) -> list[tuple[str, str]]:
    """The links below a scanned page that lead to others: before or after, and what they say."""
    return re.findall(r'<a rel="(prev|next)" href="[^"]*#page-1">([^<]*)</a>', page)
