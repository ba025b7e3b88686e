"""Loading by several processes gives what one gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from search import Article, Query, loading
from tests.cases import cases

Part = tuple[int, int]


def read(part: Part) -> Iterator[Article]:
    """Some made-up articles; sent to other processes by its name."""
    return (Article(f"a{number}", f"word{number % 17} of {number}", person=("Ann",)) for number in range(*part))


def broken(part: Part) -> Iterator[Article]:
    raise ValueError(f"part {part[0]} is broken")


@cases("parts", [1, 2 * loading.FEW])
def test_every_article_comes_in_its_order(parts: int, tmp_path: Path) -> None:
    spans = [(2 * part, 2 * part + 3) for part in range(parts)]  # the last of each comes again in the next
    answers = []
    for processes in (1, 2):
        place = tmp_path / f"{parts}-{processes}.idx"
        with search.writer(place) as writer:
            assert search.load(writer, spans, read, processes) == 3 * parts
        with search.open(place) as engine:
            found = engine.search(Query("word3 OR word5", size=50))
            answers.append((list(engine.export(Query())), found.total, found.facets))
    assert answers[0] == answers[1]
    assert len(answers[0][0]) == 2 * parts + 1


@pytest.mark.check
def test_a_program_with_other_threads_loads_by_processes_that_are_no_forks(tmp_path: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with search.writer(tmp_path / "idx") as writer:
            spans = [(part, part + 1) for part in range(2 * loading.FEW)]
            assert search.load(writer, spans, read, 2) == 2 * loading.FEW
    finally:
        stop.set()
        thread.join()


def test_what_goes_wrong_in_a_process_is_told(tmp_path: Path) -> None:
    spans = [(part, part + 1) for part in range(2 * loading.FEW)]
    with search.writer(tmp_path / "idx") as writer, pytest.raises(ValueError, match="is broken"):
        search.load(writer, spans, broken, 2)
