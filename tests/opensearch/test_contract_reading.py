"""The engines' contract on a cluster: the cases that ask and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from search.engine import Engine
from tests.opensearch import cases
from tests.opensearch.conftest import Remote
from tests.search.contract.archive import ARTICLES, COPIES

globals().update(cases.asking_for(cases.CONTRACT, "engine", "copied", never="backend"))


@pytest.fixture(scope="module")
def filled(make_remote: Callable[[], Remote]) -> tuple[Remote, Remote]:
    """Two archives; each batch of articles is a commit."""
    articles, copies = make_remote(), make_remote()
    for remote, batches in (
        (articles, [ARTICLES]),
        (copies, [COPIES[:2], COPIES[2:]]),
    ):
        for batch in batches:
            with remote.writer() as writer:
                for article in batch:
                    writer.add(article)
    return articles, copies


@pytest.fixture
def engine(filled: tuple[Remote, Remote]) -> Iterator[Engine]:
    opened = filled[0].engine()
    yield opened
    opened.close()


@pytest.fixture
def copied(filled: tuple[Remote, Remote]) -> Iterator[Engine]:
    opened = filled[1].engine()
    yield opened
    opened.close()
