"""A desk in a file, and one on a server of PostgreSQL: what is tested here is true of both."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from desk.store import connecting, where
from search import Article
from tests.desk.store import postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        with postgresql.running(Path(folder)) as running:
            yield running


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """No connection to a server outlives a test."""
    yield
    connecting.forget()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of two articles."""
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "Oil falls.", "Oil"))
        writer.add(Article("b", "A wall.", "Wall"))
    return place


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index whose desk is beside it, or on a server."""
    if request.param == "server":
        monkeypatch.setenv(where.SETTING, request.getfixturevalue("server").new())
    return index
