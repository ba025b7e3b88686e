"""A real server that tests of several modules ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from search import Article
from tests.service.serving import Served, serving


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of an article about a zebra, whose log is beside its index."""
    place: Path = tmp_path_factory.mktemp("served") / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("first", "zebra"))
    with (place.parent / "log").open("wb") as stderr, serving(place, stderr=stderr) as one:
        yield one
