"""An index of one article, made by the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.commands.running import SEED, dateline


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "wall.txt").write_text(SEED, "utf-8")
    assert dateline("index", tmp_path / "news.idx", tmp_path / "wall.txt").returncode == 0
    return tmp_path / "news.idx"
