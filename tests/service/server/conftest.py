"""A real server that tests of several modules ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from search import Article
from tests.service.serving import Served, serving

ELSEWHERE = "https://desk.example.org"


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of two workers, whose log is beside its index."""
    place: Path = tmp_path_factory.mktemp("server") / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("first", "quagga"))
    log = (place.parent / "log").open("wb")
    with log, serving(place, workers=2, stderr=log, cors_origins=ELSEWHERE) as one:
        yield one
    assert one.process.returncode == 0, "it stops when it is asked to"
