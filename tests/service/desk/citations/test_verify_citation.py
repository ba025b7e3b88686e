"""`dateline verify-citation`, as it is run: against exports that are whole, and others."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import search
from search import Article
from service.archive import Archive
from service.desk.citations import citing
from service.desk.citations.resource import reopened
from service.formats.question import asked
from service.settings import Settings
from service.values.shared_values import encode
from tests.cases import cases
from tests.service.commands.running import dateline

NO_HASH = "sha256:" + "0" * 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a citation in `cited.json`, its hash in `hash`, and the export of it in `oil.jsonl`."""
    folder = tmp_path_factory.mktemp("cited")
    with search.writer(folder / "idx") as writer:
        writer.add(Article("a", "Oil “falls” – naïve 油.\n\nSecond.", "One", published="1998-05", extra={"version": 2}))
        writer.add(Article("b", "Oil rises.", source="The Wire", byline="Ann", url="https://e.org/b"))
        writer.add(Article("c", "Tin."))
    with Archive(str(folder / "idx")) as archive:
        cites = citing.Citing(archive, Settings())
        made = cites.make(asked([("q", "oil")]), "desk", has_key=True)
        (folder / "cited.json").write_bytes(encode(reopened(cites.open(made.id), "", articles=True)))
        (folder / "hash").write_text(made.hash)
    exported = dateline("export", folder / "idx", "oil", "--format", "jsonl")
    assert exported.returncode == 0
    (folder / "oil.jsonl").write_text(exported.stdout, "utf-8")
    return folder


def test_a_whole_export_has_the_hash(folder: Path) -> None:
    done = dateline("verify-citation", (folder / "hash").read_text(), folder / "oil.jsonl")

    assert (done.returncode, done.stdout) == (0, "2 articles: the result that was cited.\n")


def test_the_order_of_the_lines_does_not_matter_and_stdin_is_read(folder: Path) -> None:
    lines = (folder / "oil.jsonl").read_bytes().splitlines(keepends=True)
    done = dateline("verify-citation", folder / "cited.json", "-", "--json", stdin=b"".join(reversed(lines)))

    assert done.returncode == 0
    assert json.loads(done.stdout) == {"same": True, "hash": (folder / "hash").read_text(), "total": 2}


def test_a_changed_word_is_noticed_and_named(folder: Path) -> None:
    first, second = sorted(
        (folder / "oil.jsonl").read_text("utf-8").splitlines(), key=lambda line: json.loads(line)["id"]
    )
    more = json.dumps({**json.loads(second), "id": "x"})
    data = "\n".join([first.replace("falls", "fell"), more]).encode()
    done = dateline("verify-citation", folder / "cited.json", "-", stdin=data)

    assert done.returncode == 1
    said = done.stdout
    assert "2 articles: not the result that was cited." in said
    assert "Missing: b\nAdditional: x\nChanged: a\n" in said
    by_hash = dateline("verify-citation", (folder / "hash").read_text(), "-", stdin=data)
    assert by_hash.returncode == 1


@cases(
    "citation, data, said",
    [
        ("sha256:12", b"", "is not a hash"),
        ("none.json", b"", "cannot be read"),
        (NO_HASH, b"{", "Line 1 of - is not JSON"),
        (NO_HASH, b'\n{"id": "a"}', "Line 2 of -: It has no title or no text"),
        (NO_HASH, b'{"id": "a", "title": "", "text": ""}\n' * 2, "Line 2 of - has article “a” a second time"),
    ],
)
def test_what_cannot_be_checked_is_refused(citation: str, data: bytes, said: str) -> None:
    done = dateline("verify-citation", citation, "-", stdin=data)

    assert done.returncode == 2
    assert said in done.stderr


@cases("content", ["", "[]", "{}", '{"then": {}}', '{"then": {"hash": "x", "total": "y"}}', '{"then": 1}'])
def test_a_file_that_is_no_citation_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "cited.json").write_text(content)
    done = dateline("verify-citation", tmp_path / "cited.json", "-")

    assert done.returncode == 2
    assert "is not a citation" in done.stderr


def test_the_program_of_the_document_computes_the_same_hash(folder: Path) -> None:
    document = Path(__file__).parents[4] / "docs" / "desk.md"
    (program,) = re.findall(r"^```python\n(.*?)^```", document.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], input=(folder / "oil.jsonl").read_bytes(), capture_output=True
    )

    assert done.stdout.decode().strip() == (folder / "hash").read_text()
