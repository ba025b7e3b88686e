"""Every case on each engine, and on a list that is scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from search.engine import Engine
from tests.search.contract.archive import ARTICLES, COPIES, Backend, Local, Plain, beginning


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the archives that many cases begin with."""
    return tmp_path_factory.mktemp("originals")


@pytest.fixture(params=["local", "plain"])
def new_backend(request: pytest.FixtureRequest, tmp_path: Path, originals: Path) -> Callable[[], Backend]:
    """Makes an archive without articles, as often as it is called."""
    numbers = count()
    return lambda: Local(tmp_path / str(next(numbers)), originals) if request.param == "local" else Plain()


@pytest.fixture
def backend(new_backend: Callable[[], Backend]) -> Backend:
    return new_backend()


@pytest.fixture
def engine(backend: Backend) -> Iterator[Engine]:
    with beginning(backend, "articles", ARTICLES) as opened:
        yield opened


@pytest.fixture
def copied(backend: Backend) -> Iterator[Engine]:
    with beginning(backend, "copies", COPIES[:2], COPIES[2:]) as opened:
        yield opened
