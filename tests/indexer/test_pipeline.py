from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import search
from indexer import pipeline, readers
from indexer.archive.walk import PathMissing, walk
from indexer.pipeline import Options, Report
from indexer.readers.shared.record import Origin
from search import Article, Query
from tests import waiting
from tests.cases import cases
from tests.indexer.articles import unstamped
from tests.processes import alive, children, killed_at_the_end


def run(place: Path, *paths: Path, **options: object) -> Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, list(paths), Options(place=place, **options))  # type: ignore[arg-type]


def ids(place: Path) -> set[str]:
    with search.open(place) as engine:
        found = {article.id for article in engine.export(Query())}
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\nnonsense\n', "utf-8")
    (folder / "deep" / "er" / "c.txt").write_text("---\nid: c\n---\nTitle\n\nThree.", "utf-8")
    (folder / "README.md").write_text("Not an article.", "utf-8")
    (folder / ".hidden.txt").write_text("Not an article.", "utf-8")
    (folder / "deep" / "picture.pdf").write_bytes(b"%PDF-1.7 ...")
    return folder


def test_a_folder_is_read_and_bad_records_set_aside(archive: Path, tmp_path: Path) -> None:
    report = run(tmp_path / "idx", archive)

    assert (report.read, report.added, report.generation) == (3, 3, 1)
    assert ids(tmp_path / "idx") == {"a", "b", "c"}
    assert [(Path(s.path).name, s.line) for s in report.skipped] == [("a.jsonl", 3), ("picture.pdf", None)]
    assert "PDF" in report.skipped[1].reason


def test_running_again_changes_nothing(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "idx", archive)
    report = run(tmp_path / "idx", archive)

    assert (report.read, report.added, report.updated, report.unchanged) == (3, 0, 0, 3)
    assert report.generation == 1


def test_running_for_nothing_leaves_no_file_behind(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "idx", archive)
    before = sorted((tmp_path / "idx").iterdir())
    run(tmp_path / "idx", archive)
    run(tmp_path / "idx", archive, dry_run=True)

    assert sorted((tmp_path / "idx").iterdir()) == before


def test_an_archive_that_vanished_removes_nothing(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "idx", archive, collection="news")
    (tmp_path / "unmounted").mkdir()
    report = run(tmp_path / "idx", tmp_path / "unmounted", collection="news", delete_missing=True)

    assert report.removed == 0
    assert "nothing was found" in report.skipped[0].reason


def test_another_index_in_the_archive_is_not_read(archive: Path, tmp_path: Path) -> None:
    run(archive / "one.idx", archive)

    assert run(tmp_path / "two.idx", archive).read == 3


def test_a_changed_article_is_updated(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "idx", archive)
    (archive / "deep" / "er" / "c.txt").write_text("---\nid: c\n---\nTitle\n\nThree and a half.", "utf-8")
    report = run(tmp_path / "idx", archive)

    assert (report.added, report.updated, report.unchanged) == (0, 1, 2)
    assert ids(tmp_path / "idx") == {"a", "b", "c"}


def test_delete_missing_removes_what_the_folder_lost(archive: Path, tmp_path: Path) -> None:
    (archive / "a.jsonl").write_text('{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n', "utf-8")
    (archive / "deep" / "picture.pdf").unlink()
    (tmp_path / "other.txt").write_text("Other\n\nArchive.", "utf-8")
    run(tmp_path / "idx", archive, tmp_path / "other.txt")
    (archive / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    report = run(tmp_path / "idx", archive, delete_missing=True)

    assert report.removed == 1
    assert {"a", "c"} < ids(tmp_path / "idx")
    assert len(ids(tmp_path / "idx")) == 3


def test_delete_missing_spares_an_archive_that_could_not_be_read_whole(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "idx", archive)
    (archive / "a.jsonl").write_text('{"id": "a", "text": "One."}\nnonsense\n', "utf-8")
    report = run(tmp_path / "idx", archive, delete_missing=True)

    assert report.removed == 0
    assert "b" in ids(tmp_path / "idx")
    assert "none was removed" in report.skipped[-1].reason


def test_delete_missing_spares_an_archive_of_which_nothing_is_there(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "d.txt").write_text("---\nid: d\n---\nTitle\n\nFour.", "utf-8")
    run(tmp_path / "idx", archive, tmp_path / "b")
    (tmp_path / "b" / "d.txt").unlink()
    report = run(tmp_path / "idx", archive, tmp_path / "b", delete_missing=True)

    assert report.removed == 0
    assert "d" in ids(tmp_path / "idx")
    assert "nothing was found" in report.skipped[-1].reason


@cases("name, aside, whole", [
    ("z.json", '{"uri": "urn:z", "type": "picture", "headline": "H", "versioncreated": "2020-01-01"}', True),
    ("z.jsonl", '{"id": "z", "text": ""}', True),
    ("z.csv", "id,title,text\nz,A,\n", True),
    ("z.csv", "id,title,text\nz,A,B,C,D\n", False),
    ("z.jsonl", '{"id": "z", "text"', False),
    ("z.jsonl", '{"id": "z", "main": "Five."}', False),
    ("z.zip", "PK\3\4 nothing", False),
    ("z.html", "<html><body><p>Menu</p>", False),
])  # fmt: skip
def test_delete_missing_goes_on_beside_what_is_no_article(
    name: str, aside: str, whole: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp_path = tmp_path_factory.mktemp("beside")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}', "utf-8")
    (tmp_path / "in" / name).write_text(aside, "utf-8")
    first = run(tmp_path / "idx", tmp_path / "in")
    (tmp_path / "in" / "a.jsonl").write_text('{"id": "a", "text": "One."}', "utf-8")
    again = run(tmp_path / "idx", tmp_path / "in", delete_missing=True)

    assert (first.added, len(first.skipped)) == (2, 1)
    assert ids(tmp_path / "idx") == ({"a"} if whole else {"a", "b"})
    assert again.skipped[0] == first.skipped[0]


def test_dry_run_counts_and_changes_nothing(archive: Path, tmp_path: Path) -> None:
    report = pipeline.index(None, [archive], Options(dry_run=True))

    assert (report.added, report.generation) == (3, 0)
    run(tmp_path / "idx", archive)
    (archive / "a.jsonl").write_text('{"id": "a", "text": "Changed."}', "utf-8")
    assert run(tmp_path / "idx", archive, dry_run=True).updated == 1
    assert run(tmp_path / "idx", archive).updated == 1


def test_the_index_inside_its_archive_is_not_read(archive: Path) -> None:
    run(archive / "news.idx", archive)

    assert run(archive / "news.idx", archive).unchanged == 3


def test_a_sidecar_is_metadata_and_no_article(archive: Path, tmp_path: Path) -> None:
    (archive / "s.txt").write_text("Title\n\nText.", "utf-8")
    (archive / "s.json").write_text('{"id": "side", "published": "1999"}', "utf-8")
    (archive / "t.txt").write_text("Title\n\nText.", "utf-8")
    (archive / "t.txt.json").write_text('{"id": "tide"}', "utf-8")
    report = run(tmp_path / "idx", archive)

    assert {"side", "tide"} < ids(tmp_path / "idx")
    assert (report.read, len(report.skipped)) == (5, 2)


def test_a_broken_sidecar_sets_its_text_aside(archive: Path, tmp_path: Path) -> None:
    (archive / "s.txt").write_text("Title\n\nText.", "utf-8")
    (archive / "s.json").write_text("{broken", "utf-8")
    report = run(tmp_path / "idx", archive)

    assert [Path(s.path).name for s in report.skipped if "s.json" in s.reason] == ["s.txt"]


def test_a_json_article_beside_a_text_is_an_article(archive: Path, tmp_path: Path) -> None:
    (archive / "s.txt").write_text("Title\n\nText.", "utf-8")
    (archive / "s.json").write_text('{"id": "own", "text": "Mine."}', "utf-8")

    assert run(tmp_path / "idx", archive).read == 5
    assert "own" in ids(tmp_path / "idx")


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PathMissing, match="nowhere"):
        list(walk([tmp_path / "nowhere"], None))


def test_blocked_articles_are_set_aside(archive: Path, tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.block("a")
    report = run(tmp_path / "idx", archive)

    assert ids(tmp_path / "idx") == {"b", "c"}
    assert any("blocked" in entry.reason for entry in report.skipped)


@pytest.mark.check
def test_enriching_processes_end_with_their_parent(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Report {n}. " + "Angela Merkel spoke in Paris. " * 40}) for n in range(3000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "service", "index", str(tmp_path / "idx"), str(tmp_path / "many.jsonl")]
    command += ["--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process, killed_at_the_end(process):
        waiting.until(lambda: len(children(process.pid)) >= 2, "two processes enrich")
        enriching = children(process.pid)

    waiting.until(lambda: not any(map(alive, enriching)), "they have ended")


def test_one_id_twice_is_one_article_the_last(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n', "utf-8")
    report = run(tmp_path / "idx", tmp_path / "a.jsonl")
    engine = search.open(tmp_path / "idx")

    assert (report.read, report.added, report.updated) == (2, 1, 1)
    assert engine.article("a").text == "Two."
    engine.close()


def test_workers_change_nothing(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"a{n}", "text": f"Angela Merkel met number {n} in Paris."}) for n in range(400)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    for workers in (1, 3):
        run(tmp_path / f"idx{workers}", tmp_path / "many.jsonl", workers=workers)
    one, three = (search.open(tmp_path / f"idx{workers}") for workers in (1, 3))

    assert unstamped(one) == unstamped(three)
    one.close()
    three.close()


EXPORTED = ("id", "title", "text", "published", "published_from", "person", "country", "topic", "evidence", "extra")


def test_an_exported_article_reads_back_the_same(tmp_path: Path, engine: search.Engine) -> None:
    from service.formats import export

    before = list(engine.export(Query()))
    (tmp_path / "seeds.jsonl").write_bytes(
        b"".join(export.jsonl(before, export.Provenance("", 1, "2024-05-06T07:08:09Z")))
    )
    after = list(readers.read(tmp_path / "seeds.jsonl", Origin("seeds", "seeds.jsonl", "seeds.jsonl")))

    for old, new in zip(before, after, strict=True):
        assert isinstance(new, Article)
        for name in EXPORTED:
            assert getattr(new, name) == getattr(old, name), (old.id, name)
