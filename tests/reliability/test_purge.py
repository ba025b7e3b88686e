"""What was purged is in no file of the index, unpacked or not; what else has it is purged too, or named."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import orjson
import pytest

import search
from desk.lists.store import Lists
from desk.searches.store import Searches
from indexer import ledger
from search import Article, IndexProblem, Query
from search.files import backup_list
from search.files.array_file import ArrayFile
from search.local.format import blocked
from search.local.format.layout import ENDINGS
from search.local.format.store import Store
from search.local.safe.verify import verify
from search.names import authority
from service.jobs import JobRequest
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from tests import facets
from tests.reliability.faulty import fail_at
from tests.reliability.running import run

ID = "case-4711"
TEXT = "The informant Xanthippa Quillby testified in Ouagadougou; quizzical jurors gasped. " * 3
SECRET = {
    "id": ID,
    "title": "Zymurgist unmasked",
    "text": TEXT,
    "url": "https://quillpost.test/zymurgist",
    "source": "Quillpost Gazette",
    "section": "Courtroomery",
    "person": ["Xanthippa Quillby"],
    "byline": "Jocasta Wimple",
    "published": "1987-03-04",
}
NEEDLES = b"xanthippa quillby zymurgist quillpost courtroomery wimple quizzical ouagadougou".split()


def add(place: Path, name: str, record: Mapping[str, object]) -> None:
    """Index another file of the archive, or another version of one."""
    (place.parent / "archive" / f"{name}.json").write_bytes(orjson.dumps(record))
    run("index", place, place.parent / "archive")


def plain(name: str) -> dict[str, object]:
    return {"id": name, "title": f"Talks {name}", "text": f"Ministers met for talks on trade, says report {name}." * 3}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of some commits, in which the article was changed once, with a copy of its text beside it."""
    made = tmp_path_factory.mktemp("made") / "news.idx"
    archive = made.parent / "archive"
    archive.mkdir()
    for number in range(3):
        (archive / f"plain{number}.json").write_bytes(orjson.dumps(plain(f"plain{number}")))
        (archive / "zymurgist.json").write_bytes(orjson.dumps(SECRET | {"text": f"{TEXT} Version {number}."}))
        assert run("index", made, archive).exit_code == 0
    (archive / "zymurgist.json").unlink()
    return made


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it, beside one of its archive."""
    shutil.copytree(made.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made.name


def pieces(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte of a directory, as it lies there and unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path.name, path.name.encode()
        yield path.name, data
        if path.suffix in ENDINGS:
            file = ArrayFile(path)
            for name in file._table:
                yield f"{path.name}/{name}", file[name].tobytes()
            if path.suffix == ".sto":
                for record in Store(file):
                    yield path.name, record
        elif path.suffix == ".json":
            yield path.name, orjson.dumps(orjson.loads(data))
        elif path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as database:
                yield path.name, "\n".join(database.iterdump()).encode()
                for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    for row in database.execute(f"SELECT * FROM {table}"):
                        yield path.name, b"\0".join(v if isinstance(v, bytes) else str(v).encode() for v in row)


def having(folder: Path, *needles: bytes) -> set[str]:
    """The files of a directory that have any of these, whatever their case."""
    return {name for name, data in pieces(folder) for needle in needles if needle in data.lower()}


def erased(folder: Path, blocking: bool = False) -> bool:
    beside = {blocked.NAME} if blocking else set()
    return having(folder, *NEEDLES) == set() and having(folder, ID.encode()) <= beside


def test_the_test_finds_what_is_there(place: Path) -> None:
    for needle in NEEDLES:
        assert having(place, needle), needle
    assert run("delete", place, ID, "--block").exit_code == 0
    assert having(place, *NEEDLES)


@pytest.mark.parametrize("blocking", [True, False], ids=["blocked", "not blocked"])
def test_no_byte_of_a_purged_article_is_left(place: Path, blocking: bool) -> None:
    done = run("delete", place, ID, "--purge", *["--block"] * blocking)

    assert done.exit_code == 0, done.output
    assert "1 article erased." in done.output
    assert erased(place, blocking)
    assert verify(place).whole
    with closing(sqlite3.connect(place / ledger.NAME)) as remembered:
        assert remembered.execute("SELECT count(*) FROM sketches").fetchone() == (3,)
        assert remembered.execute("SELECT count(DISTINCT sketch) FROM keys").fetchone() == (3,)
    engine = search.open(place)
    assert {article.id for article in engine.export(Query())} == {"plain0", "plain1", "plain2"}
    assert engine.search(Query("talks")).total == 3


def test_what_was_deleted_long_before_is_purged_too(place: Path) -> None:
    run("delete", place, ID)
    assert having(place, *NEEDLES)

    assert run("delete", place, ID, "--purge").exit_code == 0
    assert erased(place)
    assert run("delete", place, ID, "--purge").exit_code == 1


def test_an_article_under_embargo_is_purged(place: Path) -> None:
    held = {"uri": "held-1", "type": "text", "body_text": TEXT, "embargoed": "2999-01-01T00:00:00Z"}
    add(place, "held", held)
    run("delete", place, ID, "--purge")
    assert having(place, *NEEDLES) == {ledger.NAME}

    assert run("delete", place, "held-1", "--purge").exit_code == 0
    assert erased(place)


def test_a_withdrawn_article_stays_out_by_its_id_alone(place: Path) -> None:
    add(place, "wire", {"uri": "wire-1", "type": "text", "body_text": TEXT, "version": "1"})
    kill = {"uri": "wire-1", "type": "text", "pubstatus": "canceled", "version": "2", "ednote": "Xanthippa is wrong"}
    add(place, "wire", kill)
    run("delete", place, ID, "wire-1", "--purge")

    assert having(place, *NEEDLES) == set()
    assert having(place, b"wire-1") == {ledger.NAME}


def test_copies_of_a_purged_article_are_named_after_another(place: Path) -> None:
    for name in ("second", "third"):
        add(place, name, {"id": name, "text": TEXT, "title": "Other"})
    engine = search.open(place)
    assert engine.article("second").group == ID

    run("delete", place, ID, "--purge")

    assert having(place, ID.encode()) == set()
    assert engine.article("second").group == engine.article("third").group == "second"
    add(place, "fourth", {"id": "fourth", "text": TEXT, "title": "New"})
    assert engine.article("fourth").group == "second"


def test_snapshots_are_purged_too(place: Path, tmp_path: Path) -> None:
    run("snapshot", place, tmp_path / "linked")
    run("snapshot", place, tmp_path / "copied", "--copy")
    run("snapshot", place, tmp_path / "thrown away")
    shutil.rmtree(tmp_path / "thrown away")
    add(place, "more", plain("more"))

    done = run("delete", place, ID, "--purge", "--block")

    assert done.exit_code == 0
    assert "Also in 2 snapshots" in done.output
    assert "Also held" not in done.output
    for folder in (place, tmp_path / "linked", tmp_path / "copied"):
        assert erased(folder, blocking=True), folder
        assert verify(folder).whole
    assert backup_list.read(place) == (tmp_path / "copied", tmp_path / "linked")
    run("restore", tmp_path / "linked", tmp_path / "new.idx")
    assert search.open(tmp_path / "new.idx").search(Query()).total == 3


def test_what_was_purged_does_not_come_back_with_a_backup_that_no_purge_reached(place: Path, tmp_path: Path) -> None:
    for said in (
        ("corrections", place, "add", ID, "person", "add", "Ann Lee", "--note", "quizzical"),
        ("lists", place, "add", "mine", ID, "--note", "ouagadougou"),
        ("lists", place, "add", "mine", "plain0", "--note", "page 2"),
        ("searches", place, "add", "told", f"q=id:{ID}"),
        ("searches", place, "add", "source", "source=Quillpost+Gazette"),
        ("authority", place, "merge", "person", "Xanthippa Quillby", "X. Quillby"),
    ):
        assert run(*said).exit_code == 0, (said, run(*said).output)
    shutil.copytree(place, tmp_path / "elsewhere")
    assert run("delete", place, ID, "--purge", "--block").exit_code == 0
    for path in place.glob("desk.sqlite*"):  # else what it has of each feature stays, and none comes
        path.unlink()

    done = run("restore", tmp_path / "elsewhere", place, "--replace")

    assert done.exit_code == 0, done.output
    assert "1 blocked id retained. 1 article omitted." in done.output
    assert erased(place, blocking=True)
    assert verify(place).whole
    with Lists(place) as lists, Searches(place) as searches:
        assert [(one.article, one.note) for one in lists.entries("mine")] == [("plain0", "page 2")]
        assert searches.listed("Ann") == ()
    assert having(tmp_path / "elsewhere", *NEEDLES)


def test_what_cannot_be_purged_is_named(place: Path, tmp_path: Path) -> None:
    run("snapshot", place, tmp_path / "monday")
    run("snapshot", place, tmp_path / "tuesday")
    for path in (tmp_path / "monday").glob("generation_*.sum"):
        path.write_bytes(b"damaged")

    done = run("delete", place, ID, "--purge")

    assert f"Also held by {tmp_path / 'monday'}:" in done.output
    assert f"Also in 1 snapshot: {tmp_path / 'tuesday'}." in done.output
    assert erased(place)
    assert erased(tmp_path / "tuesday")


def test_a_copy_by_hard_links_that_is_not_known_is_noticed(place: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    for path in place.glob("*.sto"):
        os.link(path, tmp_path / "copy" / path.name)

    done = run("delete", place, ID, "--purge")

    assert "They have other names on this disk" in done.output
    assert erased(place)


def test_what_was_posted_is_purged(place: Path) -> None:
    spool = JobQueue(str(place))
    spool.keep("failed", [orjson.dumps(SECRET)])
    failed = spool.put("failed", JobRequest("articles", "", "d1", "json", "api"), 10, 1000)
    spool.fail(failed, "It failed.")
    spool.keep("other", [orjson.dumps(plain("other"))])
    spool.fail(spool.put("other", JobRequest("articles", "", "d2", "json", "api"), 10, 1000), "It failed.")
    spool.put("remove", JobRequest("delete", "", "d3", "block purge", target=ID), 0, 1000)

    Indexing(str(place), 1, lambda: False).once()

    job = spool.job("remove")
    assert job is not None
    assert (job.state, job.report and job.report["removed"], job.report and job.report["held"]) == ("done", 1, [])
    assert erased(place, blocking=True)
    assert spool.body("other").exists()
    with search.writer(place) as writer:
        assert writer.blocked() == {ID}


@pytest.mark.check
def test_a_purge_that_finds_no_room_says_so_and_can_be_run_again(place: Path, tmp_path: Path) -> None:
    reached = set()
    for number in range(1, 400, 19):
        index = tmp_path / f"{number}.idx"
        shutil.copytree(place, index)
        with pytest.MonkeyPatch.context() as patched:
            calls = fail_at(patched, number, errno.ENOSPC)
            done = run("delete", index, ID, "--purge")
        if calls() < number:
            break
        said = "erased." in done.output
        assert (done.exit_code == 0) == said
        if said:
            assert erased(index)
        reached.add(said)
        assert run("delete", index, ID, "--purge").exit_code in (0, 1)
        assert erased(index)
        assert verify(index).whole
        shutil.rmtree(index)
    assert False in reached


def test_after_an_ordinary_deletion_a_merge_holds_nothing_of_it(place: Path) -> None:
    run("delete", place, ID)
    with search.writer(place) as writer:
        writer.compact(100)

    assert having(place, *NEEDLES) <= {ledger.NAME, f"{ledger.NAME}.sum"}


def test_other_articles_of_a_segment_answer_as_before(tmp_path: Path) -> None:
    with search.writer(tmp_path / "news.idx") as writer:
        for number in range(30):
            writer.add(Article(f"a{number}", f"talks number{number} trade", person=(f"Person {number % 7}",)))
    engine = search.open(tmp_path / "news.idx")
    with search.writer(tmp_path / "news.idx") as writer:
        assert writer.purge({"a3", "nobody"}).found == {"a3"}

    answer = engine.search(Query("talks", facets=("person",), size=50))
    assert answer.total == 29
    assert engine.search(Query("number3")).total == 0
    assert sum(value.count for value in facets.values(answer.facets["person"])) == 29
    assert verify(tmp_path / "news.idx").whole


def test_a_purge_of_a_disk_that_is_full_is_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with search.writer(place) as writer:
        fail_at(monkeypatch, 5)
        with pytest.raises(IndexProblem, match="No space left"):
            writer.purge({ID})


def test_names_are_erased_that_only_it_had_though_they_are_merged_or_hidden(place: Path) -> None:
    with search.writer(place) as writer:
        writer.add(Article("other", "Trade.", person=("Oda Wren",)))
        writer.add(Article("goes", "Talks.", person=("Murmurina Snagg", "Hidlon Namewell", "Oda Wren")))
        writer.set_authority(
            authority.merge(writer.authority(), "person", "Oda Wren", ("Murmurina Snagg",), "", "2026-11-30")
        )
        writer.set_authority(authority.block(writer.authority(), "person", "Hidlon Namewell", "2026-11-30"))
    with Searches(place) as searches:
        for name in ("Murmurina Snagg", "Hidlon Namewell", "Oda Wren"):
            searches.save(name, urlencode({"person.not": name}), "Ann", "2026-11-30")

    run("delete", place, "goes", "--purge")

    with Searches(place) as searches:
        assert [one.name for one in searches.listed("Ann")] == ["Oda Wren"]
    assert b"Murmurina" not in (place / "authority.json").read_bytes()
