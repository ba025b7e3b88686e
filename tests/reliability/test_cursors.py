"""Lists that are followed while the archive changes, and what is kept on disk for that."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, BadQuery, CursorExpired, Query
from search.cursor import write
from search.local.ask.cursor import read
from search.local.engine import LocalEngine
from search.local.format import manifest
from search.local.safe import backup, leases, recovery
from search.local.safe.catalog import Catalog
from search.local.safe.verify import verify
from search.values.query import Sort
from tests import waiting
from tests.cases import cases
from tests.tiers import examples

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


def article(number: int, text: str = "trade talks") -> Article:
    return Article(f"a{number:05}", f"{text} number{number}", published=f"199{number % 10}-01-{number % 28 + 1:02}")


def filled(place: Path, count: int = 6, commits: int = 1) -> None:
    numbers = iter(range(count))
    for _ in range(commits):
        with search.writer(place) as writer:
            for number in itertools.islice(numbers, count // commits):
                writer.add(article(number))


def commit(place: Path, *numbers: int) -> int:
    with search.writer(place) as writer:
        for number in numbers:
            writer.add(article(number, "trade talks again and again"))
        return writer.commit()


def merge(place: Path, number: int = 1) -> None:
    """Commit an article, and make one segment of all."""
    with search.writer(place) as writer:
        writer.add(article(number))
        writer.compact(1000)


def assert_expired(engine: search.Engine, cursor: str | None) -> None:
    with pytest.raises(CursorExpired):
        engine.search(Query("trade", size=2, cursor=cursor))


def leased(place: Path) -> set[int]:
    names = (path.name for path in (place / leases.FOLDER).glob("*"))
    return {number for name in names if (number := manifest.generation_of(name)) is not None}


def segments(place: Path) -> set[str]:
    return {path.name for path in place.glob("segment_*")}


def expire(place: Path) -> None:
    for path in (place / leases.FOLDER).glob("*"):
        os.utime(path, (1, 1))


def walk(engine: search.Engine, query: Query) -> Iterator[list[str]]:
    """The ids of one page after the other."""
    while True:
        answer = engine.search(query)
        yield [hit.article.id for hit in answer.hits]
        if answer.cursor is None:
            return
        query = replace(query, cursor=answer.cursor)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    filled(tmp_path / "news.idx")
    return tmp_path / "news.idx"


changes = st.lists(
    st.tuples(st.sampled_from(["add", "update", "delete"]), st.integers(0, 15)), max_size=4
)  # of one commit


@examples(25, few=6)
@given(st.lists(changes, min_size=1, max_size=12), st.sampled_from(SORTS), st.booleans(), st.booleans())
def test_a_walk_is_of_the_articles_that_were_there(
    commits: list[list[tuple[str, int]]], sort: Sort, reopened: bool, merged: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "news.idx"
        filled(place, 8, 2)
        engine, query = search.open(place), Query("trade", sort=sort, size=2, facets=())
        expected = [hit.article.id for hit in engine.search(replace(query, size=100)).hits]
        seen: list[str] = []
        turns = itertools.chain(commits, itertools.repeat([]))
        while True:
            answer = engine.search(query)
            seen += [hit.article.id for hit in answer.hits]
            assert answer.total == len(expected)
            if answer.cursor is None:
                break
            query = replace(query, cursor=answer.cursor)
            with search.writer(place) as writer:
                for what, number in next(turns):
                    if what == "delete":
                        writer.delete(article(number).id)
                    else:
                        writer.add(article(number, "trade " * (number + 1 if what == "update" else 1)))
                if merged:
                    writer.compact(1000)
            if reopened:
                engine.close()
                engine = search.open(place)
        engine.close()
    assert seen == expected


def test_another_process_follows_a_list_after_the_one_that_began_it_has_ended(place: Path) -> None:
    queries = [Query("trade", sort=sort, size=4, facets=()) for sort in SORTS]
    with search.open(place) as first:
        everything = [[hit.article.id for hit in first.search(replace(query, size=100)).hits] for query in queries]
        asked = [{"sort": query.sort, "size": 4, "cursor": first.search(query).cursor} for query in queries]
    commit(place, 1, 2, 3, 10, 11)
    code = (
        "import json, sys, search; engine = search.open(sys.argv[1]);"
        "some = [engine.search(search.Query('trade', facets=(), **q)) for q in json.loads(sys.argv[2])];"
        "print(json.dumps([[h.article.id for h in r.hits] for r in some]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, place, json.dumps(asked)], capture_output=True, text=True, timeout=waiting.HANG_S
    )

    assert json.loads(told.stdout) == [ids[4:] for ids in everything], told.stderr


def test_the_answer_says_which_generation_it_is_of(place: Path) -> None:
    engine = search.open(place)
    first = engine.search(Query("trade", size=2))
    later = commit(place, 20)

    assert engine.search(Query("trade", size=2, cursor=first.cursor)).generation == first.generation < later
    assert engine.search(Query("trade", size=2)).generation == later
    assert engine.search(Query("trade", size=2, page=2)).generation == later


def test_what_is_kept_goes_when_its_time_has_come(place: Path) -> None:
    engine = search.open(place)
    cursor = engine.search(Query("trade", size=2)).cursor
    before = segments(place)
    merge(place)
    assert before < segments(place)

    expire(place)
    with pytest.raises(CursorExpired, match="first page, or export"):
        engine.search(Query("trade", size=2, cursor=cursor))
    commit(place, 30)

    assert not before & segments(place)
    assert leased(place) == set()


def test_a_use_puts_the_end_off(place: Path) -> None:
    engine = LocalEngine(place, 10 * waiting.HANG_S)
    cursor = engine.search(Query("trade", size=2)).cursor
    commit(place, 20)
    (path,) = (place / leases.FOLDER).glob("*")
    until = path.stat().st_mtime
    os.utime(path, (until - 9 * waiting.HANG_S,) * 2)
    engine.search(Query("trade", size=2, cursor=cursor))

    assert path.stat().st_mtime >= until


def test_a_list_of_one_page_keeps_nothing(place: Path) -> None:
    engine = search.open(place)
    engine.search(Query("trade", size=100))
    engine.search(Query("trade", size=0))

    assert leased(place) == set()


def test_no_more_generations_are_kept_than_may_be(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "MOST", 3)
    engine = search.open(place)
    cursors = []
    for number in range(6):
        cursors.append(engine.search(Query("trade", size=2)).cursor)
        engine.search(Query("trade", size=2, cursor=cursors[0]))  # the one that is used stays
        commit(place, 20 + number)

    assert len(leased(place)) == 3
    assert engine.search(Query("trade", size=2, cursor=cursors[0])).hits
    assert_expired(engine, cursors[1])


def test_the_bytes_of_all_former_generations_count_together(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        with search.open(place) as engine:
            assert engine.search(Query("trade", size=2)).cursor
        merge(place, number)
    current = manifest.read(place, Catalog(place).generation)
    kept, _ = leases.retained(place, current)
    known, sizes = set(current.files), []
    for former in kept:
        sizes.append(sum(size for name, (size, _) in former.files.items() if name not in known))
        known.update(former.files)

    assert len(sizes) == 3
    assert all(sizes)
    for count in (1, 2, 3):
        monkeypatch.setattr(leases, "MOST_BYTES", sum(sizes[:count]))
        assert leases.retained(place, current)[0] == kept[:count]


def test_a_takedown_ends_lists_also_where_nothing_could_be_swept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with search.open(place) as engine:
        cursor = engine.search(Query("trade", size=2)).cursor
        monkeypatch.setattr(recovery, "tidy", lambda *_: None)
        with search.writer(place) as writer:
            writer.block("a00001")
        assert leased(place)
        with pytest.raises(CursorExpired), search.open(place) as other:
            other.search(Query("trade", size=2, cursor=cursor))
        assert_expired(engine, cursor)


def test_no_more_bytes_are_kept_than_may_be(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = search.open(place)
    kept = engine.search(Query("trade", size=2))
    commit(place, 20)  # the generation before needs no file that this one does not
    monkeypatch.setattr(leases, "MOST_BYTES", 0)
    commit(place, 21)
    assert engine.search(Query("trade", size=2, cursor=kept.cursor)).hits

    merge(place)

    assert leased(place) == set()
    assert_expired(engine, kept.cursor)


@cases("how", ["block", "purge", "take_down", "authority"])
def test_a_takedown_ends_all_lists(tmp_path: Path, how: str) -> None:
    place = tmp_path / f"{how}.idx"
    filled(place)
    engine, other = search.open(place), search.open(place)
    cursor = engine.search(Query("trade", size=2)).cursor
    commit(place, 20)
    engine.search(Query("trade", size=2, cursor=cursor))
    with search.writer(place) as writer:
        if how == "purge":
            writer.purge({"a00001"})
        elif how == "authority":
            writer.set_authority(writer.authority())
        else:
            getattr(writer, how)("a00001")

    for one in (engine, other, search.open(place)):
        assert_expired(one, cursor)
    assert leased(place) == set()
    assert verify(place).left_over == ()


def test_a_purge_reaches_what_only_a_former_generation_has(place: Path) -> None:
    engine = search.open(place)
    cursor = engine.search(Query("trade", size=2)).cursor
    with search.writer(place) as writer:
        writer.delete("a00001")
        writer.compact(1000)
        writer.commit()
        assert any(b"a00001" in path.read_bytes() for path in place.glob("segment_*.col"))
        assert writer.purge({"a00001"}).found == {"a00001"}

    assert not any(b"a00001" in path.read_bytes() for path in place.glob("segment_*.col"))
    assert_expired(engine, cursor)


def test_a_writer_that_was_stopped_leaves_what_is_kept(place: Path) -> None:
    engine = search.open(place)
    cursor = engine.search(Query("trade", size=2)).cursor
    expected = [hit.article.id for hit in engine.search(Query("trade", size=2, cursor=cursor)).hits]
    merge(place)
    orphan = place / "segment_0orphan.col"
    orphan.write_bytes(b"of a writer that was stopped")
    (place / leases.FOLDER / "generation_1.sum.new").write_bytes(b"of a reader that was stopped")
    assert set(verify(place).left_over) == {orphan.name, "generation_1.sum.new"}
    search.writer(place).close()

    assert verify(place).left_over == ()
    assert [h.article.id for h in search.open(place).search(Query("trade", size=2, cursor=cursor)).hits] == expected
    expire(place)
    assert verify(place).left_over
    search.writer(place).close()
    assert verify(place).left_over == ()
    assert segments(place) == set(manifest.read(place, Catalog(place).generation).files)


def test_a_lease_that_is_torn_is_none(place: Path) -> None:
    engine = search.open(place)
    cursor = engine.search(Query("trade", size=2)).cursor
    commit(place, 20)
    (path,) = (place / leases.FOLDER).glob("*")
    path.write_bytes(path.read_bytes()[:40])

    assert_expired(search.open(place), cursor)
    commit(place, 21)
    assert leased(place) == set()


def test_snapshots_and_restores_have_no_former_generations(place: Path, tmp_path: Path) -> None:
    engine = search.open(place)
    cursor = engine.search(Query("trade", size=2)).cursor
    merge(place)
    backup.create(place, tmp_path / "copy.idx")
    backup.restore(tmp_path / "copy.idx", tmp_path / "back.idx")

    for copy in (tmp_path / "copy.idx", tmp_path / "back.idx"):
        assert segments(copy) == set(manifest.read(copy, Catalog(copy).generation).files)
        assert verify(copy).whole
        assert_expired(search.open(copy), cursor)


def test_a_cursor_of_an_index_that_was_made_anew_has_expired(place: Path) -> None:
    cursor = search.open(place).search(Query("trade", size=2)).cursor
    shutil.rmtree(place)
    filled(place, 9)

    assert_expired(search.open(place), cursor)


def test_similar_articles_are_followed_in_the_generation_of_their_cursor_alone(place: Path) -> None:
    with search.open(place) as engine:
        first = engine.similar("a00000", Query(size=2, facets=()))
        assert first.cursor
        second = engine.similar("a00000", Query(size=2, facets=(), cursor=first.cursor))
        assert len({hit.article.id for hit in (*first.hits, *second.hits)} - {"a00000"}) == 4
        asked = read(first.cursor)
        for other in (asked._replace(generation=asked.generation + 1), asked._replace(mark=asked.mark ^ 1)):
            with pytest.raises(CursorExpired):
                engine.similar("a00000", Query(size=2, facets=(), cursor=write(other)))
        commit(place, 20)
        with pytest.raises(CursorExpired):
            engine.similar("a00000", Query(size=2, facets=(), cursor=first.cursor))


def _made(*values: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


@cases("cursor", [
    "x", "", "é", "a" * 5000, _made(), _made(1, 2, "relevance", 3, "a", 4), _made("1", 2, "relevance", 3, "a"),
    _made(-1, 2, "relevance", 3, "a"), _made(True, 2, "relevance", 3, "a"), _made(1, 2, "relevance", 1 << 63, "a"),
    _made(1, 2, "relevance", 1.5, "a"), _made(99, 2, "relevance", 3, "a"), _made(1, 2, "relevance", 3, None),
    _made([1], 2, "relevance", 3, "a"),
])  # fmt: skip
def test_what_is_no_cursor_is_refused(place: Path, cursor: str) -> None:
    with pytest.raises(BadQuery) as refused:
        search.open(place).search(Query("trade", size=2, cursor=cursor))

    assert not isinstance(refused.value, CursorExpired)


def test_a_directory_that_cannot_be_written_is_followed_by_the_process_that_began(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / leases.FOLDER).write_bytes(b"")  # no lease can be made where this is no directory
    engine = search.open(place)
    query = Query("trade", size=4, facets=())
    everything = [hit.article.id for hit in engine.search(replace(query, size=100)).hits]
    answer = engine.search(query)
    with search.writer(place) as writer:
        writer.add(article(1))
        writer.add(article(17))
        writer.compact(1000)
    query = replace(query, cursor=answer.cursor)

    assert [hit.article.id for hit in engine.search(query).hits] == everything[4:]
    with pytest.raises(CursorExpired):
        search.open(place).search(query)
    with search.writer(place) as writer:
        writer.block("a00002")
    with pytest.raises(CursorExpired):
        engine.search(query)


WRITER = """
import sys
import search
from search import Article
number = 0
while sys.stdin.readline():
    with search.writer(sys.argv[1]) as writer:
        for n in range(number, number + 5):
            writer.add(Article(f"a{n * 37 % 1000:05}", "trade talks again", published="1999-12-31"))
            writer.add(Article(f"new{n:05}", "trade talks of today " * 5, published="2001-01-01"))
        writer.delete(f"a{number * 11 % 1000:05}")
        if number % 4 == 0:
            writer.compact(100_000)
    number += 5
    print(number, flush=True)
"""
"""A commit for each line that it is sent."""


def followed_under_commits(place: Path, count: int, size: int, pages: int) -> int:
    """Follow three lists and an export under a writer that commits every so many pages; how many commits it made."""
    filled(place, count)
    engine = search.open(place)
    lists = {sort: Query("trade", sort=sort, size=size, facets=()) for sort in SORTS}
    expected = {sort: list(itertools.chain(*walk(engine, query))) for sort, query in lists.items()}
    assert {len(set(ids)) for ids in expected.values()} == {count}
    first_generation = engine.generation
    begun = {sort: engine.search(query) for sort, query in lists.items()}
    exported = engine.export(Query("trade"))
    first = next(exported)
    command = [sys.executable, "-c", WRITER, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as writing:
        assert writing.stdin is not None
        assert writing.stdout is not None
        try:
            writing.stdin.write("\n")
            for sort, query in lists.items():
                found = [hit.article.id for hit in begun[sort].hits]
                for number, page in enumerate(walk(engine, replace(query, cursor=begun[sort].cursor))):
                    if number % pages == 0:
                        assert writing.stdout.readline()  # the commit before has been made
                        writing.stdin.write("\n")
                    found += page
                assert found == expected[sort], sort
            assert [one.id for one in (first, *exported)] == expected["newest"]
            commits = engine.generation - first_generation
        finally:
            writing.kill()
    search.writer(place).close()
    assert verify(place).whole
    engine.close()
    return commits


def test_lists_and_an_export_are_followed_under_a_writer(tmp_path: Path, amount: Callable[..., int]) -> None:
    assert followed_under_commits(tmp_path / "news.idx", amount(2_000, few=500), 50, 4) > 1


@pytest.mark.soak
def test_twenty_thousand_hits_are_followed_under_a_commit_every_fifty_pages(tmp_path: Path) -> None:
    commits = followed_under_commits(tmp_path / "news.idx", 20_000, 20, 50)

    assert commits > 20
    print(f"{commits} commits")
