"""The notebooks of `examples/notebooks` run from top to bottom, over `seeds/`, against a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests import waiting
from tests.cases import cases
from tests.conftest import ROOT
from tests.service.commands.running import dateline
from tests.service.serving import hosted

NOTEBOOKS = sorted((ROOT / "examples/notebooks").glob("*.ipynb"))
WRITTEN = {"coverage": None, "graph": "persons.graphml", "corpus": "corpus.jsonl"}
pytestmark = pytest.mark.check


def cells(notebook: Path, kind: str) -> list[str]:
    return ["".join(one["source"]) for one in json.loads(notebook.read_bytes())["cells"] if one["cell_type"] == kind]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("notebooks") / "seeds.idx"
    assert dateline("index", place, ROOT / "seeds", "--collection", "seeds").returncode == 0
    with hosted(place) as address:
        yield address


@pytest.mark.costs("each is a process that imports pandas or asks for every article")
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(address: str, notebook: Path, tmp_path: Path) -> None:
    program = "\n".join(cells(notebook, "code"))
    environment = {**os.environ, "DATELINE_URL": address, "PYTHONPATH": str(ROOT / "client")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True,
        timeout=waiting.HANG_S,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout
    written = WRITTEN[notebook.stem]
    assert written is None or (tmp_path / written).stat().st_size > 1_000
    if written == "persons.graphml":
        assert len(ET.parse(tmp_path / written).findall(".//{*}edge")) > 10


@cases("notebook", NOTEBOOKS)
def test_a_notebook_has_no_output_and_says_what_it_is_for(notebook: Path) -> None:
    content = json.loads(notebook.read_bytes())

    assert cells(notebook, "markdown")[0].startswith("# ")
    assert all(not one["outputs"] for one in content["cells"] if one["cell_type"] == "code")
