"""gunicorn, as it is started by `dateline serve`: real processes, real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import search
from search import Article, Query
from tests.service.serving import Served, serving

WORKERS = 2


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over an index to which each commit adds an article."""
    place = tmp_path_factory.mktemp("server") / "news.idx"
    add(place, "first")
    with serving(place, workers=WORKERS) as server:
        yield server
    assert server.process.returncode == 0, "it stops when it is asked to"


def add(place: Path, name: str) -> None:
    with search.writer(place) as writer:
        writer.add(Article(name, "zebra"))


def total(served: Served) -> Any:
    return served.ask("GET", "/api/search?q=zebra").json


def test_the_page_and_the_api_answer(served: Served) -> None:
    assert b"zebra" in served.ask("GET", "/?q=").body
    assert total(served)["total"] >= 1


def test_every_worker_sees_a_commit_without_restart(served: Served) -> None:
    with ThreadPoolExecutor(16) as threads:
        before = list(threads.map(lambda _: total(served), range(32)))  # every worker has opened the old generation
        add(served.place, "second")
        after = list(threads.map(lambda _: total(served), range(32)))

    (number,) = {answer["total"] for answer in before}
    assert {(answer["total"], answer["generation"]) for answer in after} == {(number + 1, number + 1)}


def test_counts_are_those_of_some_commit_while_it_is_written(served: Served, amount: Callable[..., int]) -> None:
    def ask(_: int) -> list[tuple[int, int, int]]:
        seen = []
        for _ in range(amount(30, few=10)):
            answer = served.ask("GET", "/api/search?q=zebra&facets=source").json
            seen.append((answer["generation"], answer["total"], answer["facets"]["source"]["missing"]))
        return seen

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask, n) for n in range(4)]
        for n in range(amount(15, few=5)):
            add(served.place, f"more-{n}")
        seen = [answer for future in asked for answer in future.result()]

    assert all(total == missing == generation for generation, total, missing in seen)


def test_threads_of_one_engine_get_right_answers(seeds_index: Path) -> None:
    with search.open(seeds_index) as engine:
        texts = ["berlin wall", '"soviet union"', "president OR minister", "south africa", "mar* -moon", "the"] * 20
        expected = {text: engine.search(Query(text)).total for text in texts}
        fresh = search.open(seeds_index)
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda text: (text, fresh.search(Query(text)).total), texts))
    fresh.close()

    assert all(expected[text] == total for text, total in answers)
