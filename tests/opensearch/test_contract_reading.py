"""The engines' contract on a cluster: the cases that ask and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from search import Article
from search.engine import Engine
from tests.opensearch import cases, test_contract_archives, test_contract_writing
from tests.opensearch.conftest import Remote
from tests.search.contract.archive import ARTICLES, COPIES

globals().update(cases.asking_for(cases.CONTRACT, "engine", "copied", never="backend"))


def test_no_case_of_the_contract_is_left_out() -> None:
    here = [*globals(), *dir(test_contract_archives), *dir(test_contract_writing)]
    every = {name for module in cases.CONTRACT for name in dir(module) if name.startswith("test_")}
    assert every.difference(here) == {
        "test_articles_of_one_day_come_by_their_instant_and_those_without_a_time_after_them",
        "test_cursors_go_through_the_articles_of_one_day_in_order",
        "test_the_calendar_day_of_an_article_is_the_one_printed",
    }  # they have an archive of their own


@pytest.fixture(scope="module")
def engine(make_remote: Callable[[], Remote]) -> Iterator[Engine]:
    yield from asked(make_remote(), ARTICLES)


@pytest.fixture(scope="module")
def copied(make_remote: Callable[[], Remote]) -> Iterator[Engine]:
    yield from asked(make_remote(), COPIES[:2], COPIES[2:])


def asked(remote: Remote, *commits: tuple[Article, ...]) -> Iterator[Engine]:
    """An engine for all cases."""
    for articles in commits:
        remote.add(*articles)
    with remote.engine() as opened:
        yield opened
