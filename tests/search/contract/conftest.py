"""Every case on each engine, and on a list that is scanned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import Engine
from tests.search.contract.archive import ARTICLES, COPIES, Backend, Local, Plain


@pytest.fixture(params=["local", "plain"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    return Local(tmp_path) if request.param == "local" else Plain()


@pytest.fixture
def engine(backend: Backend) -> Iterator[Engine]:
    with backend.writer() as writer:
        for article in ARTICLES:
            writer.add(article)
    with backend.engine() as opened:
        yield opened


@pytest.fixture
def copied(backend: Backend) -> Iterator[Engine]:
    for batch in (COPIES[:2], COPIES[2:]):
        with backend.writer() as writer:
            for article in batch:
                writer.add(article)
    with backend.engine() as opened:
        yield opened
