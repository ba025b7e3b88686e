"""An archive of all formats, with dirt in it, through the command."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import search
from benchmarks import archive
from service.commands.cli import main
from tests.indexer.articles import unstamped

BROKEN = {
    "text": b"\x00\x01\x02 no text",
    "json": b'{"title": "Broken", "text": ',
    "jsonl": b'{"id": "bad", "text": \n',
    "csv": b'id,title,text\nbad,"Broken\n',
    "tsv": b"id\ttitle\ttext\nbad\tBroken\n",
    "html": b"<!DOCTYPE html><html><body><nav>Home</nav></body></html>",
    "ninjs": b'{"uri": "x", "type": "text", "headline": "Broken", "body_text": ',
    "nitf": b"<nitf><body><body.content><p>Broken",
    "newsml-g2": b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><contentSet>',
    "newsml1": b"<NewsML><NewsItem>",
    "rss": b'<rss version="2.0"><channel><item><title>Broken',
    "atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>',
    "wxr": b'<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item>',
    "warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 200 OK\r\n",
    "warc.gz": gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n")[:-9],
    "alto": b'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout><Page>',
    "reuters": b'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS NEWID="bad"><TEXT><TITLE>Broken',
    "eml": b"From: a@e.org\nTo: b@e.org\nSubject: No text\n\n",
    "mbox": b"From a@e.org Thu Jan  1\nFrom: a@e.org\nTo: b@e.org\nSubject: No text\n\n",
    "parquet": b"PAR1 broken",
    "zip of text": b"PK\x03\x04 broken",
    "tar.gz of html": gzip.compress(b"no tar " * 400)[:-20],
    "jsonl.gz": b"\x1f\x8b\x08 broken",
    "jsonl.bz2": b"BZh9 broken",
    "jsonl.xz": b"\xfd7zXZ\x00 broken",
    "jsonl.zst": b"\x28\xb5\x2f\xfd broken",
}
"""One broken file for each form, which is one in twenty of all files."""


DIRTY = ("d1", "d2", "d3", "d4", "d5")
"""The good records of two files that have bad ones between them."""


def indexed(index: Path, folder: Path, workers: int) -> dict[str, Any]:
    """The report of a run."""
    done = CliRunner().invoke(main, ["index", str(index), str(folder), "--workers", str(workers), "--json"])
    assert done.exit_code == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def write(folder: Path, per_form: int) -> int:
    """Make the archive; returns how many of its records are good."""
    for number, form in enumerate(archive.FORMS):
        slug = form.replace(" ", "-")
        reports = list(archive.reports(per_form, slug, seed=number))
        archive.write(folder / slug, form, reports)
        suffix = next(iter(archive.FORMS[form](reports[:1])))[0].partition(".")[2]
        (folder / slug / f"broken.{suffix}").write_bytes(BROKEN[form])
    assert len(BROKEN) == len(archive.FORMS)
    lines = [f'{{"id": "{name}", "text": "Report {name}."}}' for name in DIRTY[:3]]
    (folder / "dirty.jsonl").write_text("\n".join((lines[0], "{", lines[1], '{"id": "x"}', lines[2])), "utf-8")
    rows = ["id,title,text", "d4,Title,Report d4.", "too,many,cells,here", "d5,Title,Report d5."]
    (folder / "dirty.csv").write_text("\n".join(rows), "utf-8")
    return per_form * len(archive.FORMS) + len(DIRTY)


def test_every_good_record_is_in_and_every_bad_one_is_said_with_any_number_of_workers(
    amount: Callable[..., int], tmp_path: Path
) -> None:
    folder, contents = tmp_path / "in", []
    good = write(folder, amount(20, few=2))
    broken = {str(path) for pattern in ("*/broken.*", "dirty.*") for path in folder.glob(pattern)}
    for workers in (1, 3)[: amount(2, few=1)]:
        first, again = (indexed(tmp_path / f"{workers}.idx", folder, workers) for _ in range(2))
        with search.open(tmp_path / f"{workers}.idx") as engine:
            contents.append(unstamped(engine))

        assert (first["read"], first["added"], first["updated"]) == (good, good, 0)
        assert {next(name for name in broken if entry["path"].startswith(name)) for entry in first["skipped"]} == broken
        assert all(entry["reason"].endswith(".") for entry in first["skipped"])
        lines = [(Path(entry["path"]).name, entry["line"]) for entry in first["skipped"] if "dirty" in entry["path"]]
        assert lines == [("dirty.csv", 3), ("dirty.jsonl", 2), ("dirty.jsonl", 4)]
        assert (again["read"], again["unchanged"], again["skipped"]) == (good, good, first["skipped"])
        assert again["generation"] == first["generation"]
        assert contents[-1] == contents[0]
