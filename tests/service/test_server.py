"""gunicorn, as it is started by `dateline serve`: real processes, real sockets."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import search
from search import Article, Query
from tests import waiting

WORKERS = 2


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=waiting.HANG_S) as answer:
        return json.load(answer)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path, subprocess.Popen[bytes]]]:
    """A server over an index of one article: its address, the index, the process."""
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("first", "zebra"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", str(place), "--port", str(port), "--workers", str(WORKERS)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        address = f"http://127.0.0.1:{port}"
        waiting.answered(lambda: get(f"{address}/readyz"), "it serves")
        yield address, place, process
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=waiting.HANG_S)


def test_the_page_and_the_api_answer(server: tuple[str, Path, subprocess.Popen[bytes]]) -> None:
    address, _, _ = server
    with urllib.request.urlopen(address + "/", timeout=waiting.HANG_S) as page:
        assert b"zebra" in page.read()

    assert get(address + "/api/search?q=zebra")["total"] == 1


def test_every_worker_sees_a_commit_without_restart(server: tuple[str, Path, subprocess.Popen[bytes]]) -> None:
    address, place, _ = server
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(get, [address + "/api/search"] * 64))  # every worker has opened the old generation
        with search.writer(place) as writer:
            writer.add(Article("second", "zebra"))
        answers = list(threads.map(get, [address + "/api/search?q=zebra"] * 64))

    assert {(answer["total"], answer["generation"]) for answer in answers} == {(2, 2)}


def test_counts_are_those_of_some_commit_while_it_is_written(
    server: tuple[str, Path, subprocess.Popen[bytes]],
) -> None:
    address, place, _ = server
    commits = 15

    def ask(_: int) -> list[tuple[int, int, int]]:
        seen = []
        for _ in range(30):
            answer = get(address + "/api/search?q=zebra&facets=source")
            seen.append((answer["generation"], answer["total"], answer["facets"]["source"]["missing"]))
        return seen

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask, n) for n in range(4)]
        for n in range(commits):
            with search.writer(place) as writer:
                writer.add(Article(f"more-{n}", "zebra"))
        seen = [answer for future in asked for answer in future.result()]

    assert all(total == missing == generation for generation, total, missing in seen)


def test_stops_when_asked(server: tuple[str, Path, subprocess.Popen[bytes]]) -> None:
    address, _, process = server
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=waiting.HANG_S) == 0
    with pytest.raises(urllib.error.URLError):
        get(address + "/healthz")


def test_threads_of_one_engine_get_right_answers(seeds_index: Path) -> None:
    with search.open(seeds_index) as engine:
        texts = ["berlin wall", '"soviet union"', "president OR minister", "south africa", "mar* -moon", "the"] * 20
        expected = {text: engine.search(Query(text)).total for text in texts}
        fresh = search.open(seeds_index)
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda text: (text, fresh.search(Query(text)).total), texts))
    fresh.close()

    assert all(expected[text] == total for text, total in answers)
