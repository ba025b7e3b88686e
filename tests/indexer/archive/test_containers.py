from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pyarrow
import pytest
import zstandard
from pyarrow import parquet

from indexer.archive import containers
from indexer.archive.opening import Opened
from indexer.archive.walk import walk
from search import Article, BadRecord
from tests import printed_page, waiting
from tests.cases import cases

LINES = b"".join(b'{"id": "a%d", "text": "Report number %d."}\n' % (n, n) for n in range(20))


def read(path: Path) -> tuple[list[Article], list[tuple[str, str]]]:
    """The articles of a file, and where and why something was refused."""
    (source,) = walk([path], "c")
    found = list(Opened(source, {}).items())
    articles = [item for _, item in found if isinstance(item, Article)]
    return articles, [(origin.name, item.reason) for origin, item in found if isinstance(item, BadRecord)]


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda _entry: None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            archive.writestr(entry, data)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


@cases("name", ["a.parquet", "a.parquet.gz", "a.zip", "a.tar", "a.tar.gz"])
def test_a_file_that_needs_random_access_is_read_in_a_container(name: str, tmp_path: Path) -> None:
    table = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": ["a0", "a1"], "text": ["One.", "Two."]}), table)
    data = table.getvalue()
    packed = {
        "a.parquet": data,
        "a.parquet.gz": gzip.compress(data),
        "a.zip": zipped({"deep/a.parquet": data}),
        "a.tar": tarred({"a.parquet": data}),
        "a.tar.gz": tarred({"a.parquet": data}, "w:gz"),
    }
    articles, refused = read(written(tmp_path / name, packed[name]))

    assert [(article.id, article.text) for article in articles] == [("a0", "One."), ("a1", "Two.")]
    assert refused == []


@cases("name, packed", [
    ("a.jsonl.gz", gzip.compress(LINES)), ("a.jsonl.bz2", bz2.compress(LINES)), ("a.jsonl.xz", lzma.compress(LINES)),
    ("a.jsonl.zst", zstandard.ZstdCompressor().compress(LINES)),
    ("a.zip", zipped({"deep/a.jsonl": LINES})), ("a.tar", tarred({"deep/a.jsonl": LINES})),
    ("a.tar.gz", tarred({"deep/a.jsonl": LINES}, "w:gz")),
    ("a.tgz", tarred({"deep/a.jsonl": LINES}, "w:gz")),
    ("a.tar.xz", tarred({"deep/a.jsonl": LINES}, "w:xz")),
    ("nested.zip", zipped({"a.jsonl.gz": gzip.compress(LINES)})),
    ("nested.tar.gz", tarred({"a.zip": zipped({"a.jsonl": LINES})}, "w:gz")),
    ("told-by-content", gzip.compress(LINES)),
    ("two-streams.gz", gzip.compress(LINES[: LINES.index(b"\n") + 1]) + gzip.compress(LINES)),
])  # fmt: skip
def test_containers_are_opened(name: str, packed: bytes, tmp_path: Path) -> None:
    articles, refused = read(written(tmp_path / name, packed))

    assert {article.id for article in articles} == {f"a{n}" for n in range(20)}
    assert refused == []


def test_articles_are_named_after_archive_and_member(tmp_path: Path) -> None:
    ((article,), _) = read(written(tmp_path / "a.zip", zipped({"deep/1961-08-13-wall.txt": b"Title\n\nText."})))

    assert article.id.startswith("c-a.zip-deep-1961-08-13-wall.txt-")
    assert article.published == "1961-08-13"


def test_nesting_ends_at_the_second_level(tmp_path: Path) -> None:
    inner = zipped({"c.zip": zipped({"a.jsonl": LINES}), "good.txt": b"Title\n\nText."})
    articles, refused = read(written(tmp_path / "a.zip", zipped({"b.zip": inner})))

    assert len(articles) == 1
    assert refused[0][0] == "a.zip/b.zip/c.zip"
    assert "in an archive in an archive" in refused[0][1]


@cases("name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "..\\evil.txt", "C:/evil.txt"])
@cases("pack", [zipped, tarred])
def test_names_that_lead_out_are_refused(name: str, pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path) -> None:
    articles, refused = read(written(tmp_path / "a", pack({name: b"Evil\n\nText.", "good.txt": b"Good\n\nText."})))

    assert [article.title for article in articles] == ["Good"]
    assert [reason for _, reason in refused] == ["Its name leads out of the archive."]


def test_links_are_refused(tmp_path: Path) -> None:
    def link(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    (tmp_path / "a.zip").write_bytes(zipped({"link.txt": b"/etc/passwd"}, link))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("soft.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("pipe.txt", tarfile.FIFOTYPE),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    (tmp_path / "a.tar").write_bytes(out.getvalue())

    assert read(tmp_path / "a.zip") == ([], [("a.zip/link.txt", "It is a link, which is not followed.")])
    assert [reason for _, reason in read(tmp_path / "a.tar")[1]] == [
        "It is a link, which is not followed.",
        "It is a link, which is not followed.",
        "It is not a file but a device or a pipe.",
    ]


def test_a_link_out_of_a_folder_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret\n\nText.", "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "own.txt").write_text("Own\n\nText.", "utf-8")
    (tmp_path / "in" / "out.txt").symlink_to("../secret.txt")
    (tmp_path / "in" / "folder").symlink_to("..")
    (tmp_path / "in" / "again.txt").symlink_to("own.txt")
    files = {file.origin.name: file.problem for file in walk([tmp_path / "in"], "c")}

    assert files.keys() == {"own.txt", "out.txt", "folder", "again.txt"}
    assert files["own.txt"] is files["again.txt"] is None
    assert "leads out" in (files["out.txt"] or "")
    assert "leads out" in (files["folder"] or "")


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"Title\n\nText.", "b.txt": b"Good\n\nText."}))
    data[6] |= 1  # in the first local header, and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    articles, refused = read(written(tmp_path / "a.zip", bytes(data)))

    assert [article.title for article in articles] == ["Good"]
    assert "encrypted" in refused[0][1]


@cases("name", ["bomb.txt.gz", "bomb.zip", "bomb.tar.gz", "bomb.txt.zst", "nested.zip"])
def test_bombs_are_refused_and_the_rest_is_read(name: str, tmp_path: Path) -> None:
    zeros = b"0" * (66 * 1024 * 1024)
    packed = {
        "bomb.txt.gz": lambda: gzip.compress(zeros, 1),
        "bomb.zip": lambda: zipped({"a.txt": b"Title\n\nText.", "bomb.jsonl": zeros}),
        "bomb.tar.gz": lambda: gzip.compress(tarred({"a.txt": b"Title\n\nText.", "bomb.jsonl": zeros}), 1),
        "bomb.txt.zst": lambda: zstandard.ZstdCompressor().compress(zeros),
        "nested.zip": lambda: zipped({"a.txt": b"Title\n\nText.", "bomb.jsonl.gz": gzip.compress(zeros, 1)}),
    }
    articles, refused = read(written(tmp_path / name, packed[name]()))

    assert len(articles) == name.count("zip") + name.count("tar")
    assert any("unpacks to more than" in reason or "larger than" in reason for _, reason in refused)


def test_what_is_whole_before_a_break_is_read(tmp_path: Path) -> None:
    many = b"".join(b'{"id": "a%d", "text": "Report %d."}\n' % (n, n * 7919) for n in range(5_000))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(many)[:-10_000])
    (tmp_path / "a.tar").write_bytes(tarred({"a.jsonl": LINES, "b.jsonl": LINES})[:2300])
    (tmp_path / "a.zip").write_bytes(zipped({"a.jsonl": LINES})[:-30])

    articles, refused = read(tmp_path / "a.jsonl.gz")
    assert len(articles) > 1000
    assert "cannot be unpacked to its end" in refused[-1][1]
    articles, refused = read(tmp_path / "a.tar")
    assert len(articles) == 20
    assert "cannot be unpacked to its end" in refused[-1][1]
    assert "cannot be unpacked" in read(tmp_path / "a.zip")[1][0][1]


@cases("size", [512 * 5, 512 * 4 + 100])
def test_a_damaged_header_within_a_tar_is_not_its_end(size: int, tmp_path: Path) -> None:
    whole = tarred({f"{n}.txt": b"Report number %d." % n for n in range(6)})
    at = 1024 * 3
    (tmp_path / "a.tar").write_bytes(whole[:at] + b"\xff" * 200 + whole[at + 200 :])
    (tmp_path / "b.tar").write_bytes(whole[:size])

    articles, refused = read(tmp_path / "a.tar")
    assert [article.text for article in articles] == [f"Report number {n}." for n in range(3)]
    assert ["the header of a member is damaged" in reason for _, reason in refused] == [True]
    articles, refused = read(tmp_path / "b.tar")
    assert len(articles) == 2
    assert len(refused) == 1


def test_the_checksum_of_a_compressed_tar_is_checked(tmp_path: Path) -> None:
    packed = gzip.compress(tarred({"a.txt": b"One report."}))
    articles, refused = read(written(tmp_path / "a.tar.gz", packed[:-8] + bytes(4) + packed[-4:]))

    assert [article.text for article in articles] == ["One report."]
    assert ["CRC check failed" in reason for _, reason in refused] == [True]


def test_a_zip_without_its_end_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": b"One report."})[:-22])

    assert read(tmp_path / "a.zip")[1][0][1].startswith("It cannot be unpacked: its end is missing")


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))

    assert read(tmp_path / "a.docx") == ([], [("a.docx", "It is an Office document, which is not supported.")])


@cases("name", ["../page1.png", "page1.png"])
def test_a_picture_that_is_refused_is_reported_by_its_zip_and_by_its_article(tmp_path: Path, name: str) -> None:
    words = printed_page.drawn("The ferry sank")
    with zipfile.ZipFile(tmp_path / "issue.zip", "w") as packed:
        packed.writestr("page1.xml", printed_page.alto(words))
        packed.writestr("fine.jpg", b"\xff\xd8\xff")
        linked = zipfile.ZipInfo(name)
        linked.external_attr = (stat.S_IFLNK | 0o777) << 16 if name == "page1.png" else 0
        packed.writestr(linked, "/etc/hosts")

    (article,), refused = read(tmp_path / "issue.zip")
    why = "It is a link, which is not followed." if name == "page1.png" else "Its name leads out of the archive."
    assert refused == [(f"issue.zip/{name}", why)]
    note = f"Its picture “page1.png” is not opened. {why}" if name == "page1.png" else ""
    assert article.scan[0].note == note


def test_a_picture_that_is_refused_is_reported_by_its_tar(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"../page1.png": b"x", "page2.png": b"x", "a.txt": b"Title\n\nText."}))

    assert read(tmp_path / "a.tar")[1] == [("a.tar/../page1.png", "Its name leads out of the archive.")]


def test_hidden_members_are_passed_over_and_metadata_beside_a_text_is_used(tmp_path: Path) -> None:
    members = {
        ".hidden.txt": b"No\n\nText.",
        "__MACOSX/a.txt": b"No\n\nText.",
        "README.md": b"No\n\nText.",
        "a.txt": b"Title\n\nText.",
        "a.json": b'{"id": "own"}',
        "b.jsonl": b'{"id": "other", "text": "Text."}',
    }
    articles, refused = read(written(tmp_path / "a.zip", zipped(members)))

    assert [article.id for article in articles] == ["own", "other"]
    assert refused == []


@cases("length", [1, 3, 30, 300])
def test_broken_containers_give_only_reasons(length: int, tmp_path: Path) -> None:
    for packed in (zipped({"a.jsonl": LINES}), tarred({"a.jsonl": LINES}), gzip.compress(LINES), bz2.compress(LINES)):
        for broken in (packed[:length], packed[:length] + bytes(range(256)) + packed[length + 256 :]):
            articles, refused = read(written(tmp_path / "a", broken))
            assert articles or refused


def over_one_member(count: int, data: bytes) -> bytes:
    """A zip with so many entries for one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", data)
        (first,) = archive.filelist
        for number in range(1, count):
            entry = copy(first)
            entry.filename = f"{number}.txt"
            archive.filelist.append(entry)
        archive.writestr("last.txt", b"Title\n\nThe last.")
    return out.getvalue()


def test_entries_that_lie_over_one_member_are_refused_at_once(tmp_path: Path) -> None:
    articles, refused = read(written(tmp_path / "a.zip", over_one_member(10_000, b"Title\n\n" + b"word " * 20_000)))

    assert [article.text[:8] for article in articles] == ["word wor", "The last"]
    assert [reason for _, reason in refused] == [
        "9,999 of its members overlap others, which no program writes: rejected."
    ]
    assert waiting.cpu_seconds(lambda: read(tmp_path / "a.zip"), runs=1) < 10  # 78 s before


def test_an_entry_within_another_is_refused(tmp_path: Path) -> None:
    inner = zipped({"inner.txt": b"Title\n\nInner."})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("outer.zip", inner)
        entry = copy(zipfile.ZipFile(io.BytesIO(inner)).filelist[0])
        entry.header_offset = archive.filelist[0].header_offset + 30 + len("outer.zip")
        archive.filelist.append(entry)
    articles, refused = read(tmp_path / "a.zip")

    assert [article.text for article in articles] == ["Inner."]
    assert [reason for _, reason in refused] == ["It overlaps others, which no program writes: rejected."]


@cases("kind", ["zip", "tar", "tar.gz", "nested.zip"])
def test_time_is_linear_in_the_number_of_members(kind: str, tmp_path: Path, amount: Callable[..., int]) -> None:
    def packed(count: int) -> Path:
        members = dict.fromkeys((f"{number}.txt" for number in range(count)), b"")
        data = tarred(members, "w:gz" if kind == "tar.gz" else "w") if "tar" in kind else zipped(members)
        path = tmp_path / f"{count}.{kind}"
        path.write_bytes(zipped({"a.zip": data}) if kind == "nested.zip" else data)
        return path

    def reading(count: int) -> Callable[[], object]:
        path = packed(count)
        return lambda: read(path)

    few = amount(400, few=40)
    assert len(read(packed(8 * few))[1]) == 8 * few
    assert waiting.grows_less(16, reading, few, 8 * few)


@cases("kind", ["zip", "tar", "tar.gz", "nested.tar.gz"])
@cases("name", ["{}.txt", ".{}", "{}/"])
def test_a_container_ends_when_it_has_too_many_members(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "LEAST_MEMBERS", 50)
    monkeypatch.setattr(containers, "BYTES_PER_MEMBER", 10_000_000)
    members = dict.fromkeys((name.format(number) for number in range(200)), b"")
    data = zipped(members) if kind == "zip" else tarred(members, "w:gz" if "gz" in kind else "w")
    (tmp_path / f"a.{kind}").write_bytes(zipped({"a.tar.gz": data, "b.txt": b"B"}) if kind[0] == "n" else data)

    articles, refused = read(tmp_path / f"a.{kind}")

    assert articles == []
    assert refused[-1][1] == "It has more than 50 members: the rest is not read. Split it."
    assert len(refused) <= 51


def test_a_container_ends_when_it_has_unpacked_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(containers, "RATIO", 1)
    members = {f"{number}.txt": b"word " * 100_000 for number in range(20)}
    articles, refused = read(written(tmp_path / "a.zip", zipped(members)))

    assert len(articles) == 2
    assert [(where, "unpacks to more" in why) for where, why in refused] == [("a.zip/2.txt", True)]


@cases("name", ["a.zip", "a.jsonl", "a.tar.gz"])
def test_what_gives_no_article_ends_when_its_time_is_spent(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "LEAST_SECONDS", 0.001)
    monkeypatch.setattr(containers, "BYTES_PER_SECOND", 1e12)
    lines = {f"{number}.html": b"<!doctype html><p>No" for number in range(2_000)}
    packed = {
        "a.zip": zipped(lines),
        "a.jsonl": b"{}\n" * 100_000,
        "a.tar.gz": tarred(lines, "w:gz"),
    }
    _, refused = read(written(tmp_path / name, packed[name]))

    assert len(refused) < 1_900
    assert "the rest is not read" in refused[-1][1]


def test_time_that_gives_articles_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LEAST_SECONDS", 0.001)
    monkeypatch.setattr(containers, "BYTES_PER_SECOND", 1e12)
    (tmp_path / "a.zip").write_bytes(zipped({f"{number}.txt": b"Title\n\nText." for number in range(500)}))

    articles, refused = read(tmp_path / "a.zip")

    assert (len(articles), refused) == (500, [])


def test_records_of_a_web_archive_that_are_none_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LEAST_SECONDS", 0.05)
    _, refused = read(written(tmp_path / "a.warc.gz", gzip.compress(b"WARC/1.0\r\n\r\n" * 300_000)))

    assert "the rest is not read" in refused[-1][1]
    assert len(refused) < 300_000
