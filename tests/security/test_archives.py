"""Containers and XML that mean harm, given to the command: refused with a reason, and the rest is indexed."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import search
from search import Query
from tests import tiers
from tests.service.commands.running import dateline

pytestmark = pytest.mark.usefixtures("amount")  # of containers

EVIL = b"---\nid: evil\n---\nEvil\n\nIt should not be here."
SECRET = "the-secret-of-this-machine"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def zipped(names: dict[str, bytes], attributes: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in names.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = attributes if name != "good.txt" else 0
            packed.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(good: bytes, name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for entry_name, entry_kind, content in ((name, kind, EVIL), ("good.txt", tarfile.REGTYPE, good)):
            entry = tarfile.TarInfo(entry_name)
            entry.type, entry.linkname = entry_kind, link
            entry.size = len(content) if entry_kind == tarfile.REGTYPE else 0
            packed.addfile(entry, io.BytesIO(content) if entry.size else None)
    return out.getvalue()


def zeros() -> bytes:
    return b"0" * (80 * 1024 * 1024)


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "up.zip": lambda good: zipped({"../evil.txt": EVIL, "good.txt": good}),
    "deep-up.zip": lambda good: zipped({"a/../../evil.txt": EVIL, "good.txt": good}),
    "absolute.zip": lambda good: zipped({"/evil.txt": EVIL, "good.txt": good}),
    "windows.zip": lambda good: zipped({"C:\\evil.txt": EVIL, "good.txt": good}),
    "backslash.zip": lambda good: zipped({"..\\evil.txt": EVIL, "good.txt": good}),
    "link.zip": lambda good: zipped({"evil.txt": b"/etc/passwd", "good.txt": good}, 0o120777 << 16),
    "up.tar": lambda good: tarred(good, "../evil.txt"),
    "absolute.tar": lambda good: tarred(good, "/evil.txt"),
    "symbolic.tar": lambda good: tarred(good, "evil.txt", tarfile.SYMTYPE, "/etc/passwd"),
    "hard.tar": lambda good: tarred(good, "evil.txt", tarfile.LNKTYPE, "../../etc/passwd"),
    "device.tar": lambda good: tarred(good, "evil.txt", tarfile.CHRTYPE),
    "pipe.tar": lambda good: tarred(good, "evil.txt", tarfile.FIFOTYPE),
    "bomb.zip": lambda good: zipped({"good.txt": good, "evil.jsonl": zeros()}),
    "nested.zip": lambda good: zipped({"good.txt": good, "evil.jsonl.gz": gzip.compress(zeros(), 1)}),
}
BOMBS = ("bomb.zip", "nested.zip")

DOCUMENTS = {
    "laughs": f'<!DOCTYPE nitf [<!ENTITY l0 "lol">{LAUGHS}]>'
    "<nitf><body><body.content><p>&l9;</p></body.content></body></nitf>",
    "external": '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file://{secret}">]>'
    "<nitf><body><body.content><p>&x; and more.</p></body.content></body></nitf>",
    "parameter": '<!DOCTYPE nitf [<!ENTITY % x SYSTEM "file://{secret}"> %x;]>'
    "<nitf><body><body.content><p>Words.</p></body.content></body></nitf>",
    "definition": '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/x.dtd">'
    "<nitf><body><body.content><p>&y;</p></body.content></body></nitf>",
    "include": '<nitf xmlns:xi="http://www.w3.org/2001/XInclude"><body><body.content>'
    '<p><xi:include href="file://{secret}" parse="text"/>Words.</p></body.content></body></nitf>',
    "deep": "<nitf><body><body.content>" + "<p>" * 100_000 + "deep",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a run over the files of this module gave: the articles by id, and reasons by the name of the file."""

    containers: list[str]
    articles: dict[str, search.Article]
    refused: dict[str, list[str]]
    touched: list[Path]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command, run over all of them in one folder."""
    top = tmp_path_factory.mktemp("harm")
    folder = top / "in" / "within"
    folder.mkdir(parents=True)
    (top / "secret.txt").write_text(SECRET, "utf-8")
    containers = [name for name in CONTAINERS if name not in BOMBS[tiers.amount(2) :]]
    for name in containers:
        make = CONTAINERS[name]
        (folder / name).write_bytes(make(f"---\nid: good-{name}\n---\nGood\n\nThe good report of the day.".encode()))
    for name, document in DOCUMENTS.items():
        (folder / f"{name}.xml").write_text(document.replace("{secret}", str(top / "secret.txt")), "utf-8")
    before = set(top.rglob("*"))
    done = dateline("index", top / "news.idx", folder, "--json", "--workers", 1)
    assert done.returncode == 0
    with search.open(top / "news.idx") as engine:
        articles = {article.id: article for article in engine.export(Query())}
    refused: dict[str, list[str]] = {}
    for entry in json.loads(done.stdout)["skipped"]:
        refused.setdefault(Path(entry["path"]).relative_to(folder).parts[0], []).append(entry["reason"])
    touched = [path for path in top.rglob("*") if path not in before and "news.idx" not in path.parts]
    return Run(containers, articles, refused, touched)


def test_a_container_that_means_harm_gives_its_good_member_and_a_reason(run: Run) -> None:
    assert [name for name in run.containers if f"good-{name}" not in run.articles or not run.refused.get(name)] == []


def test_nothing_that_means_harm_is_indexed_and_no_file_is_made(run: Run) -> None:
    texts = [f"{article.title} {article.text}" for article in run.articles.values()]

    assert not any("should not be here" in text or SECRET in text or "root:" in text for text in texts)
    assert run.touched == []


def test_xml_that_means_harm_is_an_article_or_a_reason(run: Run) -> None:
    refused = [name for name in DOCUMENTS if f"{name}.xml" in run.refused]

    assert "laughs" in refused
    assert len(run.articles) == len(run.containers) + len(DOCUMENTS) - len(refused)
