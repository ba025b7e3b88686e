"""A fault of the program costs no record in silence, by whichever way the record came.

What fails is a real library call, made to raise in every process of a real command.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import search
from indexer import enrich
from indexer.readers.web import feeds, html
from indexer.safe.faults import InternalError, fault
from search import Query
from service.commands.cli import main
from tests import waiting
from tests.conftest import ROOT
from tests.indexer.articles import unstamped

SITE = """
import indexer.enrich as enrich
import indexer.readers.web.html as html
import indexer.readers.web.feeds as feeds

extract, topics = html.bare_extraction, enrich.topics.enrich

def extraction(tree, **options):
    assert "breaks the reader" not in "".join(tree.itertext()), "an element without a parent"
    return extract(tree, **options)

def labelled(article):
    if "breaks the enricher" in article.title:
        raise KeyError("no such label")
    return topics(article)

def read(file, origin):
    raise IndexError("list index out of range")

html.bare_extraction = extraction
enrich.CHAIN = tuple(labelled if step is topics else step for step in enrich.CHAIN)
feeds.read = read
"""
PAGE = (
    "<html><head><title>Vote in Kenya</title><script>var x;</script></head><body><article><h1>Vote in Kenya</h1>"
    "<p>{}</p>"
    "<p>Kenyans queued before dawn to elect a president, and the count in Nairobi went on through the night.</p>"
    "</article></body></html>"
)
BAD, GOOD = PAGE.format("It breaks the reader."), PAGE.format("It was quiet.")


@contextmanager
def failing() -> Iterator[None]:
    """The same in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((html, "bare_extraction"), (enrich, "CHAIN"), (feeds, "read")):
            patch.setattr(module, name, getattr(module, name))
        exec(SITE, {})
        yield


def index(place: Path, archive: Path, *options: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["index", str(place), str(archive), *options])


def warc(*pages: str) -> bytes:
    records = []
    for number, page in enumerate(pages):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: "
            f"https://e.org/{number}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        records.append(head.encode() + body + b"\r\n\r\n")
    return gzip.compress(b"".join(records))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages that fail and one that does not, alone, in a zip and in a WARC; an article that cannot be enriched."""
    folder = tmp_path_factory.mktemp("in")
    (folder / "bad.html").write_text(BAD, "utf-8")
    (folder / "good.html").write_text(GOOD.replace("var x;", "x" * 300_000), "utf-8")  # so that two work
    with zipfile.ZipFile(folder / "pages.zip", "w") as pages:
        pages.writestr("inner.html", BAD)
    (folder / "crawl.warc.gz").write_bytes(warc(BAD, GOOD))
    (folder / "a.txt").write_text("It breaks the enricher\n\nAngela Merkel met the press in Berlin.", "utf-8")
    (folder / "feed.rss").write_text("<rss><channel></channel></rss>", "utf-8")
    return folder


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> tuple[Path, dict[str, Any]]:
    """An index of the archive, made by the command with two processes, each of which fails, and the report."""
    place, site = tmp_path_factory.mktemp("made") / "idx", tmp_path_factory.mktemp("site")
    (site / "sitecustomize.py").write_text(SITE, "utf-8")
    command = [sys.executable, "-m", "service", "index", str(place), str(archive), "--workers", "2", "--json"]
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=waiting.HANG_S, check=False,
        env={**os.environ, "PYTHONPATH": f"{site}:{ROOT}"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return place, json.loads(run.stdout)


def test_what_a_fault_meets_is_kept_counted_and_named(indexed: tuple[Path, dict[str, Any]]) -> None:
    report = indexed[1]

    assert (report["added"], report["internal_errors"]) == (6, 5)
    failed = {Path(entry["path"]).name: entry for entry in report["skipped"]}
    assert {name: entry["error"] for name, entry in failed.items()} == {
        "bad.html": "AssertionError", "inner.html": "AssertionError", "crawl.warc.gz": "AssertionError",
        "a.txt": "KeyError", "feed.rss": "IndexError",
    }  # fmt: skip
    assert failed["bad.html"]["place"].startswith("indexer.readers.web.html:")
    assert "is indexed" in failed["bad.html"]["reason"]
    assert "is indexed" not in failed["feed.rss"]["reason"]


def test_one_process_keeps_the_same_and_strict_fails_and_people_are_told(
    tmp_path: Path, archive: Path, indexed: tuple[Path, dict[str, Any]]
) -> None:
    with failing():
        run = index(tmp_path / "idx", archive, "--workers", "1", "--strict")

    assert run.exit_code == 2
    assert "5 internal errors" in run.stderr
    with search.open(tmp_path / "idx") as by_one, search.open(indexed[0]) as by_two:
        assert unstamped(by_one) == unstamped(by_two)


def test_the_articles_say_what_they_lack(indexed: tuple[Path, dict[str, Any]]) -> None:
    with search.open(indexed[0]) as engine:
        said = {article.title: article for article in engine.export(Query()) if "internal_errors" in article.extra}

    assert set(said) == {"Vote in Kenya", "It breaks the enricher"}
    assert "Kenyans queued before dawn" in said["Vote in Kenya"].text
    assert "var x" not in said["Vote in Kenya"].text
    assert "AssertionError at indexer.readers.web.html:" in said["Vote in Kenya"].extra["internal_errors"][0]
    assert (said["It breaks the enricher"].person, said["It breaks the enricher"].topic) == (("Angela Merkel",), ())


def test_strict_passes_where_nothing_failed(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text(GOOD, "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")

    run = index(tmp_path / "idx", tmp_path / "good.html", str(tmp_path / "empty.txt"), "--strict", "--json")

    assert run.exit_code == 0
    report = json.loads(run.stdout)
    assert (report["internal_errors"], set(report["skipped"][0])) == (0, {"path", "line", "reason"})


def test_the_next_run_reads_what_failed_once_more(
    tmp_path: Path, archive: Path, indexed: tuple[Path, dict[str, Any]]
) -> None:
    shutil.copytree(indexed[0], tmp_path / "idx")
    with failing():
        again = json.loads(index(tmp_path / "idx", archive, "--workers", "1", "--json").stdout)
    healed = index(tmp_path / "idx", archive, "--workers", "1", "--json")

    assert (again["internal_errors"], again["added"], again["updated"]) == (4, 0, 0)
    assert json.loads(healed.stdout)["internal_errors"] == 0
    assert json.loads(healed.stdout)["updated"] == 3


def test_a_fault_names_our_own_innermost_line() -> None:
    try:
        json.loads("{")
    except ValueError as error:
        met = fault(error)

    assert (met.error, met.place.rpartition(":")[0]) == ("JSONDecodeError", "json.decoder")
    assert "a.html: Dateline failed" in InternalError(met).with_reason(f"a.html: {InternalError(met).reason}").args[0]
