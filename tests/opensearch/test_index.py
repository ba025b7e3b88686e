"""What is a cluster's own: many writers, an index rebuilt, counts that are not exact."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

import search
from search import Article, Query
from search.errors import IndexMissing, IndexProblem, NotAnIndex
from search.fields import FACETS
from search.opensearch import address, rebuild
from search.opensearch.ask import facets
from search.opensearch.cluster import Cluster, ClusterUnavailable
from search.opensearch.mapping import mapping
from service.commands.cli import main
from tests.opensearch.conftest import Remote


def articles(*ids: str, text: str = "A zebra.") -> list[Article]:
    return [Article(name, text, person=(f"Person {name}",), published="2001") for name in ids]


def total(remote: Remote) -> int:
    with remote.engine() as engine:
        return engine.search(Query(size=0, facets=())).total


def test_every_facet_of_the_table_is_mapped() -> None:
    assert {facet.name for facet in FACETS} <= mapping()["properties"].keys()


def test_several_machines_write_at_once(remote: Remote) -> None:
    remote.writer().close()
    batches = [articles(*(f"{name}{n}" for n in range(50))) for name in "abcd"]
    writers = [threading.Thread(target=remote.add, args=batch) for batch in batches]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert total(remote) == 200
    with remote.engine() as engine:
        assert engine.generation == 4


def test_a_rebuild_takes_the_place_of_the_index_when_it_is_filled(remote: Remote) -> None:
    remote.add(*articles("a", "b"))
    where = address.read(remote.place)
    with remote.engine() as engine:
        before = engine.generation
        with rebuild.replacing(where, address.access(os.environ)) as writer:
            for article in articles("c", text="A horse."):
                writer.add(article)
            assert engine.search(Query("zebra")).total == 2

        assert (engine.search(Query()).total, engine.search(Query("horse")).total) == (1, 1)
        assert engine.generation > before


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(remote: Remote) -> None:
    remote.add(*articles("a", "b"))

    def failing() -> None:
        with rebuild.replacing(address.read(remote.place), address.access(os.environ)) as writer:
            writer.add(articles("c")[0])
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        failing()
    assert total(remote) == 2


def test_a_copy_takes_the_place_of_an_index_in_a_cluster(remote: Remote, tmp_path: Path) -> None:
    remote.add(*articles("a", "b"))
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(articles("c")[0])
        writer.block("d")
    with remote.engine() as engine:
        run = CliRunner().invoke(main, ["copy", str(tmp_path / "news.idx"), remote.place, "--replace"])

        assert run.exit_code == 0
        assert run.stderr == (
            f"1 article copied to {remote.place}.\n"
            f"Blocked in {tmp_path / 'news.idx'}, and so from now on in {remote.place}, too: d.\n"
        )
        assert [hit.article.id for hit in engine.search(Query()).hits] == ["c"]
    with remote.writer() as writer:
        assert writer.blocked() == {"d"}


def test_a_copy_takes_the_place_of_no_directory(tmp_path: Path) -> None:
    for name in ("a", "b"):
        search.writer(tmp_path / name).close()
    run = CliRunner().invoke(main, ["copy", str(tmp_path / "a"), str(tmp_path / "b"), "--replace"])

    assert run.exit_code == 2
    assert f"dateline restore NEW {tmp_path / 'b'} --replace" in run.stderr


def test_an_index_of_something_else_is_left_alone(remote: Remote) -> None:
    with Cluster(address.read(remote.place), address.access(os.environ)) as cluster:
        cluster.send("PUT", f"/{remote.name}-other", {"aliases": {remote.name: {}}})

    with pytest.raises(NotAnIndex, match="something else"):
        remote.engine()
    with pytest.raises(NotAnIndex, match="something else"):
        remote.writer()


def test_more_values_than_an_answer_brings_are_not_called_exact(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.add(*articles("a", "b", "c", "d", "e"))
    with remote.engine() as engine:
        assert engine.search(Query("zebra", facets=("person",))).exact
        monkeypatch.setattr(facets, "MAX_VALUES", 3)
        results = engine.search(Query("zebra", facets=("person",), size=0))

    facet = results.facets["person"]
    assert isinstance(facet, search.ValueFacet)
    assert not results.exact
    assert (results.total, facet.distinct, len(facet.values)) == (5, 5, 3)


def test_what_was_given_to_a_directory_comes_back_from_a_cluster(remote: Remote, seeds_index: str) -> None:
    with search.open(seeds_index) as local:
        remote.add(*local.export(Query()))
    with search.open(seeds_index) as local, remote.engine() as engine:
        assert list(engine.export(Query())) == list(local.export(Query()))
        for text in ("nuclear treaty", '"prime minister"', "elect* OR wall", "berlin -wall"):
            mine, theirs = engine.search(Query(text, size=100)), local.search(Query(text, size=100))
            assert {hit.article.id for hit in mine.hits} == {hit.article.id for hit in theirs.hits}
            assert mine.facets == theirs.facets


def run(remote: Remote, folder: Path, *options: str) -> dict[str, int]:
    answer = CliRunner().invoke(main, ["index", remote.place, str(folder), "--json", *options])
    assert answer.exit_code == 0, answer.stderr
    report: dict[str, int] = json.loads(answer.stdout)
    return report


def test_an_archive_is_indexed_again_and_again(remote: Remote, tmp_path: Path) -> None:
    story = " ".join(f"sentence number {number} of a story that is told twice." for number in range(40))
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "text": story, "person": ["Ada"]}))
    (tmp_path / "b.json").write_text(json.dumps({"id": "b", "text": "A zebra."}))
    assert run(remote, tmp_path, "--dry-run")["added"] == 2
    assert run(remote, tmp_path)["added"] == 2
    assert total(remote) == 2
    again = run(remote, tmp_path)
    assert (again["read"], again["unchanged"]) == (2, 2)
    (tmp_path / "c.json").write_text(json.dumps({"id": "c", "text": story[: len(story) // 2]}))
    assert run(remote, tmp_path, "--dry-run")["added"] == 1
    assert run(remote, tmp_path)["added"] == 1
    with remote.engine() as engine:
        assert {article.id: article.group for article in engine.export(Query())} == {"a": "a", "b": None, "c": "a"}
        assert engine.article("a").person == ("Ada",)
    (tmp_path / "c.json").unlink()
    assert run(remote, tmp_path, "--delete-missing")["removed"] == 1


def test_an_index_that_is_not_there_is_missing(remote: Remote) -> None:
    with pytest.raises(IndexMissing, match="dateline index"):
        remote.engine()


def test_what_a_cluster_refuses_for_good_is_not_to_be_tried_again(remote: Remote) -> None:
    remote.add(*articles("a"))
    with (
        Cluster(address.read(remote.place), address.access(os.environ)) as cluster,
        pytest.raises(IndexProblem, match="refuses a request") as refused,
    ):
        cluster.search({"sort": ["no_such_field"]}, remote.name)

    assert not isinstance(refused.value, ClusterUnavailable)
