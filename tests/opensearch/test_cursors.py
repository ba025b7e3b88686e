"""Lists that are followed in a cluster while the archive changes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from search import Article, BadQuery, CursorExpired, Query
from search.opensearch import points
from search.query import Sort
from tests.opensearch.conftest import Remote

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


def article(number: int, text: str = "trade talks") -> Article:
    return Article(f"a{number:03}", f"{text} number{number}", published=f"199{number % 10}-01-{number % 28 + 1:02}")


def filled(remote: Remote, count: int = 20) -> None:
    with remote.writer() as writer:
        for number in range(count):
            writer.add(article(number))


def test_lists_are_followed_while_the_archive_changes(make_remote: Callable[[], Remote]) -> None:
    remote = make_remote()
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


@pytest.mark.parametrize("how", ["block", "purge", "take_down", "authority"])
def test_a_takedown_ends_all_lists(make_remote: Callable[[], Remote], how: str) -> None:
    remote = make_remote()
    filled(remote)
    with remote.engine() as engine:
        asked = Query("trade", size=3, cursor=engine.search(Query("trade", size=3)).cursor)
        with remote.writer() as writer:
            writer.add(article(50))
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


def test_points_are_bounded_and_those_used_last_stay(
    make_remote: Callable[[], Remote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "MOST", 3)
    remote = make_remote()
    filled(remote)
    with remote.engine() as engine:
        asked = []
        for number in range(5):
            asked.append(Query("trade", size=3, cursor=engine.search(Query("trade", size=3)).cursor))
            engine.search(asked[0])
            with remote.writer() as writer:
                writer.add(article(50 + number))

        assert engine.search(asked[0]).hits
        with pytest.raises(CursorExpired):
            engine.search(asked[1])


def test_what_is_no_cursor_is_refused(make_remote: Callable[[], Remote]) -> None:
    remote = make_remote()
    filled(remote, 3)
    made = [[], [1, "relevance", 1.0], ["1", "relevance", 1.0, "a"], [True, "relevance", 1.0, "a"],
            [99, "relevance", 1.0, "a"], [1, "relevance", 1e300, "a"], [1, "relevance", True, "a"]]  # fmt: skip
    cursors = [base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=") for values in made]
    with remote.engine() as engine:
        for cursor in ("x", "é", *cursors):
            with pytest.raises(BadQuery) as refused:
                engine.search(Query("trade", size=1, cursor=cursor))
            assert not isinstance(refused.value, CursorExpired)
