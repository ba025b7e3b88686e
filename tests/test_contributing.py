"""The examples of `CONTRIBUTING.md`, applied to a copy of the code as they stand: that is all it takes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting

ROOT = Path(__file__).parent.parent
PACKAGES = ("search", "desk", "indexer", "service", "dateline")
EXAMPLE = re.compile(r"```python\n# (\S+?)(?:, (new|after|before)(?: `(.+?)`)?)?\n(.*?)```", re.DOTALL)
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
EXAMPLES = EXAMPLE.findall(TEXT)

FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Harbour Gazette",
    "items": [
        {
            "id": "1",
            "title": "Strike ends",
            "content_html": "<p>Dockers went back.</p>",
            "date_published": "1998-05-17",
        },
        {"id": "2", "title": "Nothing"},
    ],
}

TRIED = """
import json, sys
from pathlib import Path
import click
from msgspec import to_builtins
from indexer import readers
from indexer.readers.shared.record import Origin
from search import Article
from search.values import record
from search.fields import FACET_NAMES
from search.local.format.layout import NAMES
from search.local.plain_whoosh.schema import schema
from search.opensearch.mapping import mapping
from service.formats import export, render
from service import params
from service.server.app import description
from service.settings import Settings
from service.commands.cli import main
from service.desk.alerts.channels import channels
from service.desk.alerts.command import add

def read(path):
    return list(readers.read(Path(path), Origin("c", path, Path(path).name)))

feed, lines, table = map(read, sys.argv[1:])
(one,) = lines
described = description()
print(json.dumps({
    "field": [one.edition, table[0].edition, record.decode(record.encode(one)).edition,
              to_builtins(render.record(one))["edition"]],
    "facet": ["edition" in place for place in (
        FACET_NAMES, NAMES, schema().names(), mapping()["properties"], export.COLUMNS,
        [p.name for p in params.PARAMETERS], described["components"]["schemas"]["Article"]["properties"],
        [o.name for o in main.commands["search"].params],
    )],
    "route": list(described["paths"]["/api/size"]),
    "channel": [channels(Settings())["syslog"].works, "syslog" in [o.name for o in add.params],
                "syslog" in described["components"]["schemas"]["ChangedAlert"]["properties"]["channel"]["enum"]],
    "feed": [[a.id, a.title, a.text, a.published, a.source] if isinstance(a, Article) else a.reason for a in feed],
}))
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages with every example applied."""
    copy = tmp_path_factory.mktemp("contributed")
    for package in PACKAGES:
        # with what Python has compiled, which is still of most; but not what it writes at this moment
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("*.pyc.*"))
    for path, how, anchor, code in EXAMPLES:
        place = copy / path
        if how == "new":
            assert not place.exists()
            place.write_text(code, "utf-8")
        elif how:
            lines = place.read_text("utf-8").splitlines(keepends=True)
            (at,) = [number for number, line in enumerate(lines) if anchor in line]
            lines.insert(at + (how == "after"), code)
            place.write_text("".join(lines), "utf-8")
        else:
            assert code in place.read_text("utf-8"), f"{path} is not as CONTRIBUTING.md shows it"
    return copy


@pytest.fixture(scope="module")
def said(changed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    archive = tmp_path_factory.mktemp("archive")
    (archive / "feed.json").write_text(json.dumps(FEED), "utf-8")
    (archive / "one.jsonl").write_text('{"text": "Text.", "edition": "evening"}\n', "utf-8")
    (archive / "two.csv").write_text("text,edition\nText.,morning\n", "utf-8")
    files = [str(archive / name) for name in ("feed.json", "one.jsonl", "two.csv")]
    out = subprocess.run(
        [sys.executable, "-W", "error", "-c", TRIED, *files],
        cwd=changed, env=os.environ | {"PYTHONPATH": str(changed)}, check=True, stdout=subprocess.PIPE,
        timeout=waiting.HANG_S,
    ).stdout  # fmt: skip
    found: dict[str, list[object]] = json.loads(out)
    return found


def test_the_examples_are_of_all_that_has_a_recipe() -> None:
    assert [path for path, *_ in EXAMPLES] == [
        "search/fields.py", "search/values/article.py", "service/api/size.py", "service/values/job_values.py",
        "service/server/app.py", "service/server/app.py", "service/page/feeds.py", "service/desk/alerts/syslog.py",
        "desk/alerts/alert.py", "indexer/readers/web/json_feed.py",
        "indexer/readers/__init__.py", "indexer/enrich/authors/bylines.py",
    ]  # fmt: skip


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"`((?:search|indexer|service|tests|benchmarks|seeds)/[\w./-]+)`", TEXT)

    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


def test_a_field_is_read_kept_and_shown(said: dict[str, list[object]]) -> None:
    assert said["field"] == ["evening", "morning", "evening", "evening"]


def test_a_facet_is_everywhere_that_facets_are(said: dict[str, list[object]]) -> None:
    assert said["facet"] == [True] * 8


def test_a_reader_reads_and_tells_what_it_cannot(said: dict[str, list[object]]) -> None:
    assert said["feed"] == [
        ["1", "Strike ends", "Dockers went back.", "1998-05-17", "The Harbour Gazette"],
        "Item 2: It has no text.",
    ]


def test_a_route_is_served_and_described(said: dict[str, list[object]]) -> None:
    assert said["route"] == ["get"]


def test_a_channel_is_in_the_command_and_the_api(said: dict[str, list[object]]) -> None:
    assert said["channel"] == [True] * 3
