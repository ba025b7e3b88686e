"""An index of one article, made by the command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.service.commands.running import SEED, dateline


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be read only, beside the file that it was made of."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "wall.txt").write_text(SEED, "utf-8")
    assert dateline("index", folder / "news.idx", folder / "wall.txt", "--workers", 1).returncode == 0
    return folder / "news.idx"


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    """To be written to."""
    shutil.copy(made.parent / "wall.txt", tmp_path)
    return Path(shutil.copytree(made, tmp_path / "news.idx"))
