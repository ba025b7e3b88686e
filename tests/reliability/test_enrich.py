"""Renewing facts is killed at any moment, and the disk fails at any call: the next run does the rest."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import search
from indexer import pipeline, renewing
from search import Article, CannotWrite, Query
from search.local.safe.verify import verify
from tests import waiting
from tests.indexer import new_rules
from tests.indexer.articles import unstamped
from tests.reliability.test_faults_everywhere import ERRORS, each

COUNT = 24


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    animals = ("zebra", "lion", "zebra")
    lines = [
        {"id": f"a{n}", "text": f"Number {n} is a {animals[n % 3]}.", "published": f"20{n:02}"} for n in range(COUNT)
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return folder


def index(place: Path, archive: Path) -> pipeline.Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, [archive], pipeline.Options(collection="wire", place=place))


def articles(place: Path) -> list[Article]:
    with search.open(place) as engine:
        return [replace(article, digest="") for article in unstamped(engine)]


def without_topics(article: Article) -> Article:
    return replace(article, topic=(), evidence={**article.evidence, "topic": ()})


def zebras(place: Path) -> int:
    with search.open(place) as engine:
        return engine.totals([Query("topic:15000000")])[0]


def finished(place: Path, archive: Path) -> None:
    """Do the rest, and see that all is as if the archive was read by the newer rules."""
    with pytest.MonkeyPatch.context() as patch:
        new_rules.install(patch)
        report = renewing.renew(place, lambda: search.writer(place))
        assert (report.complete, report.untold, report.failed, report.passed) == (True, 0, 0, 0)
        assert zebras(place) == COUNT * 2 // 3
        again = index(place, archive)
        assert (again.unchanged, again.outdated) == (COUNT, 0)
    found = verify(place)
    assert (found.faults, found.left_over) == ((), ())


def test_a_run_that_is_killed_goes_on_where_it_was(archive: Path, tmp_path: Path, amount: Callable[..., int]) -> None:
    place, moments = tmp_path / "news.idx", random.Random(44)
    index(place, archive)
    before = articles(place)
    done = [0]
    for _ in range(amount(8, few=1)):
        command = [sys.executable, "-m", "tests.indexer.new_rules", str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(moments.randint(1, 6)):
                process.stdout.readline()
            waiting.random_while(moments, 0.05)
            process.kill()
        done.append(zebras(place))
    assert done == sorted(done)
    assert done[-1] > 0

    finished(place, archive)

    assert list(map(without_topics, articles(place))) == list(map(without_topics, before))


@pytest.mark.check
def test_a_run_that_is_stopped_by_the_disk_goes_on_when_it_may(archive: Path, tmp_path: Path) -> None:
    def stopped(place: Path) -> None:
        with suppress(CannotWrite), pytest.MonkeyPatch.context() as patch:
            new_rules.install(patch)
            patch.setattr(renewing.run, "COMMIT_SECONDS", -1.0)
            patch.setattr(renewing.run, "BATCH", 5)
            renewing.renew(place, lambda: search.writer(place))

    def after(place: Path) -> None:
        finished(place, archive)

    def before(place: Path) -> None:
        index(place, archive)

    assert each(tmp_path, ERRORS, 23, stopped, after, before) > 50
