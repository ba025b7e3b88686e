"""A watch notices that its index in a cluster is removed, made again, or replaced, as it does of one in a directory."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import search
from indexer import pipeline
from indexer.report import Report
from indexer.watch import watch
from search import Article, backends, copying
from search.errors import IndexMissing
from search.opensearch import address
from search.opensearch.cluster import Cluster, ClusterUnavailable
from tests.opensearch.conftest import Remote


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    written(made, "a")
    return made


def written(folder: Path, name: str) -> None:
    (folder / f"{name}.jsonl").write_text(f'{{"id": "{name}", "text": "Report {name}."}}\n', "utf-8")


def watched(remote: Remote, folder: Path) -> Iterator[Report]:
    """A watch that looks when the next report is asked for."""
    options = pipeline.Options(place=remote.place, collection="c")
    return watch(lambda: search.writer(remote.place), [folder], options, threading.Event(), 0.1)


def remove(remote: Remote) -> None:
    at = address.read(remote.place)
    with Cluster(at, address.access(os.environ)) as cluster:
        for name in cluster.send("GET", f"/_alias/{at.name}"):
            cluster.send("DELETE", f"/{name}")


def make_again(remote: Remote, _folder: Path) -> None:
    remove(remote)
    remote.writer().close()


def replace(remote: Remote, folder: Path) -> None:
    """Put a copy of an empty index in its place."""
    empty = folder.parent / "empty.idx"
    search.writer(empty).close()
    copying.copy(str(empty), remote.place, replace=True)


@pytest.mark.parametrize("change", [make_again, replace])
def test_an_index_that_takes_its_place_gets_every_file(
    remote: Remote, folder: Path, change: Callable[[Remote, Path], None]
) -> None:
    reports = watched(remote, folder)
    before = next(reports)
    change(remote, folder)
    assert remote.ids() == set()

    assert (before.added, next(reports).added) == (1, 1)
    assert remote.ids() == {"a"}


def test_it_stops_when_the_index_is_removed(remote: Remote, folder: Path) -> None:
    reports = watched(remote, folder)
    next(reports)
    remove(remote)

    with pytest.raises(IndexMissing, match=f"“{re.escape(remote.place)}” has been moved or removed.* make a new one"):
        next(reports)
    assert not backends.exists(remote.place)


def test_what_others_write_is_no_reason_to_read_again(remote: Remote, folder: Path) -> None:
    reports = watched(remote, folder)
    next(reports)
    remote.add(Article("other", "Talks."))
    written(folder, "b")

    assert next(reports).read == 1
    assert remote.ids() == {"a", "b", "other"}


def test_a_cluster_that_does_not_answer_now_is_not_another(
    remote: Remote, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(_cluster: Cluster) -> frozenset[str]:
        raise ClusterUnavailable("It cannot be reached.")

    reports = watched(remote, folder)
    next(reports)
    monkeypatch.setattr(Cluster, "identity", unanswered)
    written(folder, "b")

    assert next(reports).read == 1
