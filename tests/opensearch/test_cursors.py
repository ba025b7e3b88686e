"""Lists that are followed in a cluster while the archive changes."""

from __future__ import annotations

import base64
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import orjson
import pytest

from search import Article, BadQuery, CursorExpired, Query
from search.opensearch import points, state
from search.opensearch.points import Points
from search.opensearch.state import State
from search.values.query import Sort
from tests import waiting
from tests.cases import cases
from tests.opensearch.conftest import Remote
from tests.waiting import HANG_S

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


def article(number: int, text: str = "trade talks") -> Article:
    return Article(f"a{number:03}", f"{text} number{number}", published=f"199{number % 10}-01-{number % 28 + 1:02}")


def filled(remote: Remote, count: int = 20) -> None:
    remote.add(*map(article, range(count)))


def test_lists_are_followed_while_the_archive_changes(remote: Remote) -> None:
    filled(remote)
    with remote.engine() as engine:
        lists = {sort: Query("trade", sort=sort, size=3) for sort in SORTS}
        expected = {s: [h.article.id for h in engine.search(replace(q, size=100)).hits] for s, q in lists.items()}
        seen: dict[str, list[str]] = {sort: [] for sort in SORTS}
        turn = 0
        while lists:
            for sort, query in list(lists.items()):
                with remote.engine() as other:  # as another worker, or after a restart
                    answer = other.search(query)
                seen[sort] += [hit.article.id for hit in answer.hits]
                assert answer.total == 20
                if answer.cursor is None:
                    del lists[sort]
                else:
                    lists[sort] = replace(query, cursor=answer.cursor)
            turn += 1
            with remote.writer() as writer:
                writer.add(article(turn * 3 % 20, "trade trade trade"))
                writer.add(article(100 + turn, "trade"))
                writer.delete(article(turn * 7 % 20).id)

        assert seen == expected


@cases("how", ["block", "purge", "take_down", "authority"])
@pytest.mark.check
def test_a_takedown_ends_all_lists(make_remote: Callable[[], Remote], how: str) -> None:
    remote = make_remote()
    filled(remote)
    with remote.engine() as engine:
        asked = Query("trade", size=3, cursor=engine.search(Query("trade", size=3)).cursor)
        remote.add(article(50))
        assert engine.search(asked).hits
        with remote.writer() as writer:
            if how == "purge":
                writer.purge({"a001"})
            elif how == "authority":
                writer.set_authority(writer.authority())
            else:
                getattr(writer, how)("a001")

        with pytest.raises(CursorExpired, match="first page, or export"):
            engine.search(asked)


def test_points_are_bounded_and_those_used_last_stay(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "MOST", 3)
    filled(remote)
    with remote.engine() as engine:
        asked = []
        for number in range(5):
            asked.append(Query("trade", size=3, cursor=engine.search(Query("trade", size=3)).cursor))
            engine.search(asked[0])
            remote.add(article(50 + number))

        assert engine.search(asked[0]).hits
        with pytest.raises(CursorExpired):
            engine.search(asked[1])


def test_what_is_no_cursor_is_refused(remote: Remote) -> None:
    filled(remote, 3)
    made = [[], [1, "relevance", 1.0], ["1", "relevance", 1.0, "a"], [True, "relevance", 1.0, "a"],
            [99, "relevance", 1.0, "a"], [1, "relevance", 1e300, "a"], [1, "relevance", True, "a"]]  # fmt: skip
    cursors = [base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=") for values in made]
    with remote.engine() as engine:
        for cursor in ("x", "é", *cursors):
            with pytest.raises(BadQuery) as refused:
                engine.search(Query("trade", size=1, cursor=cursor))
            assert not isinstance(refused.value, CursorExpired)


@contextmanager
def showing(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A commit that is visible and has no number yet, until the event is set."""
    visible, go_on, bump = threading.Event(), threading.Event(), State.bump

    def slowly(state: State, by: str) -> int:
        visible.set()
        go_on.wait(HANG_S)
        return bump(state, by)

    monkeypatch.setattr(State, "bump", slowly)
    thread = threading.Thread(target=remote.add, args=map(article, range(100, 110)))
    thread.start()
    try:
        assert visible.wait(HANG_S)
        yield go_on
    finally:
        go_on.set()
        thread.join()


def test_a_list_goes_on_as_it_was_while_a_commit_becomes_visible(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(remote)
    query = Query("trade", size=15, sort="newest")
    with remote.engine() as engine:
        first = engine.search(query)
        with showing(remote, monkeypatch):
            second = engine.search(replace(query, cursor=first.cursor))

    assert (first.total, second.total) == (20, 20)
    assert (len(second.hits), second.cursor) == (5, None)


def test_a_list_that_begins_while_a_commit_becomes_visible_has_all_of_it(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(remote)
    query = Query("trade", size=15, sort="newest")
    monkeypatch.setattr("search.opensearch.engine.SHOWING_S", HANG_S)
    with remote.engine() as engine, showing(remote, monkeypatch) as go_on:
        waiting.put_clocks(monkeypatch, "search.opensearch.engine", sleep=lambda _: go_on.set())  # for the commit
        first = engine.search(query)
        second = engine.search(replace(query, cursor=first.cursor))

    assert first.generation == second.generation == 2
    assert (first.total, second.total) == (30, 30)
    assert len(first.hits) + len(second.hits) == 30


def interrupted(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupt a commit that is visible and has no number yet."""
    with remote.writer() as writer, monkeypatch.context() as killed:
        killed.setattr(State, "bump", lambda *_: 1 / 0)
        writer.add(article(100))
        with pytest.raises(ZeroDivisionError):
            writer.commit()
        writer.rollback()


def test_a_commit_that_was_interrupted_while_it_became_visible_is_not_waited_for(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(remote)
    interrupted(remote, monkeypatch)
    monkeypatch.setattr(state, "INTERRUPTED_S", 0.0)
    query = Query("trade", size=15, sort="newest")
    with remote.engine() as engine:
        with monkeypatch.context() as patch:
            waiting.put_clocks(patch, "search.opensearch.engine", sleep=lambda _: pytest.fail("It waited."))
            first = engine.search(query)
        remote.add(article(101))
        second = engine.search(replace(query, cursor=first.cursor))

    assert (first.total, second.total) == (21, 21)


@pytest.mark.parametrize("patience", [1.0, 0.0])
def test_a_list_that_begins_beside_a_commit_can_be_followed(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """As one that comes between its first page and the point in time that the next page needs, however slow."""
    monkeypatch.setattr("search.opensearch.engine.SHOWING_S", patience)
    filled(remote)
    query = Query("trade", sort="newest", size=5)
    keep, commits = Points.keep, iter(range(100, 103))

    def kept(points: Points, generation: int) -> None:
        for number in itertools.islice(commits, 1):
            remote.add(article(number))
        keep(points, generation)

    with remote.engine() as engine:
        engine.search(query)
        monkeypatch.setattr(Points, "keep", kept)
        found = [engine.search(query)]
        monkeypatch.setattr(Points, "keep", keep)
        remote.add(article(200))
        while found[-1].cursor is not None:
            found.append(engine.search(replace(query, cursor=found[-1].cursor)))

    assert len({results.generation for results in found}) == 1
    ids = [hit.article.id for results in found for hit in results.hits]
    assert len(ids) == len({*ids}) == found[0].total > 20


def test_a_point_that_another_commit_prevents_is_opened_later(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(remote)
    interrupted(remote, monkeypatch)
    query = Query("trade", size=15, sort="newest")
    with remote.engine() as engine:
        with monkeypatch.context() as patch:
            patch.setattr("search.opensearch.engine.SHOWING_S", 0.0)
            engine.search(query)
        monkeypatch.setattr(state, "INTERRUPTED_S", 0.0)
        first = engine.search(query)
        remote.add(article(101))
        second = engine.search(replace(query, cursor=first.cursor))

    assert (first.total, second.total) == (21, 21)
