"""The engines' contract on a cluster: the cases that change an index, each in one of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import search
from search import Article
from search.engine import Engine, Writer
from tests.opensearch import cases
from tests.opensearch.conftest import Remote
from tests.search.contract.conftest import copied, engine
from tests.search.names import test_authority

__all__ = ["copied", "engine"]

globals().update(cases.asking_for(cases.CHANGING, "backend"))
globals().update(cases.asking_for([test_authority], "place"))


@pytest.fixture
def backend(remote: Remote) -> Remote:
    return remote


class Place:
    """An index that is written to and asked in turns."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        remote.writer().close()
        self.engine: Engine = remote.engine()

    def writer(self) -> Writer:
        return self._remote.writer()


@pytest.fixture
def place(remote: Remote) -> Iterator[Place]:
    made = Place(remote)
    yield made
    made.engine.close()


def test_too_fine_a_histogram_is_refused(remote: Remote) -> None:
    remote.add(Article("old", "ancient", published="0001-01-01"), Article("new", "recent", published="2024-01-01"))
    with remote.engine() as engine:
        with pytest.raises(search.BadQuery, match="wider interval"):
            engine.search(search.Query(interval="day"))
        assert engine.search(search.Query(interval="year")).total == 2
