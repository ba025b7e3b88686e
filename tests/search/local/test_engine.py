"""An engine and the directory that it reads."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import search
from search import Article, Query
from tests import waiting
from tests.processes import descriptors
from tests.search.contract.archive import ARTICLES, ids
from tests.search.indexes import written

SWEEP = """
import itertools, pathlib
for number in itertools.count():
    file = pathlib.Path(f"swept-{number % 50}")
    file.unlink() if file.exists() else file.touch()
"""


def test_stats_are_given_while_files_come_and_go(tmp_path: Path) -> None:
    written(tmp_path / "idx", ARTICLES[0])

    with (
        search.open(tmp_path / "idx") as engine,
        subprocess.Popen([sys.executable, "-c", SWEEP], cwd=tmp_path / "idx") as sweeping,
    ):
        try:
            waiting.until(lambda: [*(tmp_path / "idx").glob("swept-*")], "files come")
            for _ in range(2000):
                assert engine.stats().articles == 1
            assert sweeping.poll() is None
        finally:
            sweeping.kill()


def test_an_index_made_anew_is_seen(tmp_path: Path) -> None:
    place = written(tmp_path / "idx", Article("old", "zebra"))
    with search.open(place) as opened:
        assert ids(opened, "zebra") == ["old"]
        shutil.rmtree(place)
        with pytest.raises(search.IndexMissing, match="has been removed"):
            opened.search(Query())
        written(place, Article("new", "zebra"))

        assert ids(opened, "zebra") == ["new"]


def test_too_fine_a_histogram_is_refused(tmp_path: Path) -> None:
    old, new = Article("old", "ancient", published="0001-01-01"), Article("new", "recent", published="2024-01-01")
    with search.open(written(tmp_path / "idx", old, new)) as opened:
        with pytest.raises(search.BadQuery, match="wider interval"):
            opened.search(Query(interval="day"))

        assert opened.search(Query(interval="year")).total == 2


def test_an_engine_closes_itself_at_the_end_of_its_block(tmp_path: Path) -> None:
    written(tmp_path / "idx", Article("a", "Text."))
    before = descriptors()
    with search.open(tmp_path / "idx") as engine:
        assert engine.search(Query()).total == 1
        assert descriptors() > before

    assert descriptors() == before


def test_rare_words_of_a_large_archive_are_looked_up_for_a_page(tmp_path: Path) -> None:
    rare = {7: "Zebra and okapi.", 1500: "Zebra.", 2999: "An okapi met a quagga near a zebra."}
    articles = (Article(f"a{number:04}", f"Report {number}. {rare.get(number, '')}") for number in range(3000))
    with search.open(written(tmp_path / "news.idx", *articles)) as engine:
        hits = engine.search(Query("zebra okapi quagga narwhal", match="any", explain=True)).hits

    assert {hit.id: hit.missing for hit in hits} == {
        "a0007": ("quagga", "narwhal"), "a1500": ("okapi", "quagga", "narwhal"), "a2999": ("narwhal",),
    }  # fmt: skip
    for hit in hits:
        assert hit.score == pytest.approx(sum(one.score for one in hit.scored), abs=1e-5)
