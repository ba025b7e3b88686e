"""The main jobs without what Linux has and macOS does not (`macos/sitecustomize.py`): inotify, `/proc`, safe forks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting
from tests.released import unpacked
from tests.service.serving import index_key, serving

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.check, pytest.mark.costs("processes that are no forks load Numba for themselves")]


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(Path(__file__).parent / "macos"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))


def run(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, check=True, timeout=waiting.HANG_S, stdout=subprocess.PIPE, text=True).stdout


def dateline(*arguments: object) -> str:
    return run("-m", "service", *arguments)


def archive(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"Zebra {number}\n\nNAIROBI, May 3 - A zebra ran to Kenya.\n", "utf-8")
    return folder


def test_there_is_nothing_of_linux_to_use() -> None:
    said = run(
        "-c",
        "import resource\n"
        "from pathlib import Path\n"
        "from indexer.safe import limits\n"
        "from search.local.watch import Watch\n"
        "from search.system import forks\n"
        "from service.http.own_desk import OwnDesk\n"
        "watch = Watch(Path('/tmp'))\n"
        "watch.checked(watch.events())\n"
        "print(forks.may_fork(), watch.quiet(watch.events()), OwnDesk.tells_users_apart.fget(None))\n"
        "print(limits._allowed() == resource.RLIM_INFINITY)\n",
    )

    assert said.split() == ["False", "False", "False", "True"]


def test_an_archive_is_indexed_by_processes_and_searched(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    report = json.loads(dateline("index", place, archive(tmp_path / "archive", 3), "--workers", 2, "--json"))
    found = json.loads(dateline("search", place, "zebra", "--json"))

    assert (report["added"], report["skipped"]) == (3, [])
    assert found["total"] == 3
    assert "NAIROBI" in json.dumps(found["hits"])


def test_an_index_is_upgraded(tmp_path: Path) -> None:
    place = unpacked("format-14", tmp_path)
    dateline("upgrade", place)
    dateline("upgrade", place, "--check")
    dateline("verify", place)

    assert json.loads(dateline("search", place, "", "--json"))["total"] > 0


def test_a_service_takes_articles_and_stops(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    dateline("index", place, archive(tmp_path / "archive", 1), "--workers", 1)
    key = index_key(place)
    with serving(place, workers=2) as served:
        body = json.dumps({"id": "new", "title": "New", "text": "Another zebra."}).encode()
        posted = served.ask(
            "POST", "/api/articles", body, Authorization=f"Bearer {key}", Content_Type="application/json"
        )
        assert served.job(posted.headers["location"], key)["state"] == "done"
        assert served.ask("GET", "/api/search?q=zebra").json["total"] == 2

    assert served.process.returncode == 0
