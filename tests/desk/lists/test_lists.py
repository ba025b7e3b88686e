"""Lists of articles: what is put on one is on it, whoever else changes it at the same time."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import desk
import search
from desk.lists import store
from desk.lists.store import ListConflict, ListMissing, Lists
from desk.named import MAX_NAME, MAX_NOTE, MOST_ARTICLES
from desk.replaced import ChangedMeanwhile
from search import Article, Query
from search.engine import present_among
from search.errors import BadQuery
from search.local.safe import restoring
from service.commands.side_files import RULES
from tests.cases import cases
from tests.search.indexes import written

AT = "2026-11-27T02:00:00Z"


@pytest.fixture
def lists(tmp_path: Path) -> Iterator[Lists]:
    with Lists(tmp_path) as opened:
        yield opened


def put(lists: Lists, name: str, *ids: str, by: str = "Ann") -> int:
    return lists.put(name, dict.fromkeys(ids, ""), by, AT, make=True)


def on(lists: Lists, name: str) -> list[str]:
    return [entry.article for entry in lists.entries(name)]


def test_articles_stay_in_the_order_in_which_they_were_put_on(lists: Lists) -> None:
    assert put(lists, "Oil", "b", "a") == 2
    assert put(lists, "Oil", "a", "c", by="Bo") == 1

    assert [(one.article, one.by) for one in lists.entries("Oil")] == [("b", "Ann"), ("a", "Ann"), ("c", "Bo")]
    found = lists.named("Oil")
    assert (found.articles, found.made_by, found.changed_by) == (3, "Ann", "Bo")


def test_names_that_differ_in_case_or_space_only_are_one(lists: Lists) -> None:
    put(lists, "Ölkrise  1973 ", "a")

    assert lists.named("ÖLKRISE 1973").name == "Ölkrise 1973"
    assert lists.named("o\u0308lkrise 1973").name == "Ölkrise 1973"
    with pytest.raises(ListConflict, match="There is a list “Ölkrise 1973” already, made by Ann"):
        lists.make("ölkrise 1973", "Bo", AT)


def test_a_list_may_change_the_case_of_its_name(lists: Lists) -> None:
    put(lists, "oil", "a")

    assert lists.change("oil", "Bo", AT, "OIL").name == "OIL"
    assert on(lists, "Oil") == ["a"]


def test_a_list_takes_no_name_of_another(lists: Lists) -> None:
    put(lists, "oil", "a")
    put(lists, "gas", "b")

    with pytest.raises(ListConflict, match="Choose another name"):
        lists.change("gas", "Bo", AT, "Oil")
    assert (on(lists, "oil"), on(lists, "gas")) == (["a"], ["b"])


@cases("name, said",
    [
        ("", "There is no name"), (" \t", "There is no name"), (".", "address"), ("..", "address"), ("a/b", "“/”"),
        ("a\\b", "separates"), ("a\u202eb", r"U\+202E"), ("a\x00b", r"U\+0000"), ("a\ud800", r"U\+D800"),
        ("x" * (MAX_NAME + 1), "101 characters"),
    ],
)  # fmt: skip
def test_a_name_that_no_list_can_have_is_refused(lists: Lists, name: str, said: str) -> None:
    with pytest.raises(BadQuery, match=said):
        lists.make(name, "Ann", AT)
    assert lists.listed() == ()


@cases("name", ["<b>", "x" * MAX_NAME, "50 %?#&=+", "中国", "می\u200cخواهم", "'; DROP TABLE lists; --"])
def test_any_other_name_is_a_name(lists: Lists, name: str) -> None:
    put(lists, name, "a")

    assert lists.named(name).name == name


def test_a_full_list_takes_no_more_and_says_so(lists: Lists) -> None:
    put(lists, "Oil", *(f"a{number}" for number in range(MOST_ARTICLES)))

    assert put(lists, "Oil", "a0") == 0
    with pytest.raises(ListConflict, match=r"“Oil” has 10,000 articles, and these are 2 more; a list has up to 10,000"):
        put(lists, "Oil", "b", "c", "a1")
    assert lists.named("Oil").articles == MOST_ARTICLES


def test_there_are_only_so_many_lists(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_LISTS", 3)
    for number in range(3):
        lists.make(f"list {number}", "Ann", AT)

    with pytest.raises(ListConflict, match="There are 3 lists already"):
        lists.make("one more", "Ann", AT)


def test_a_note_that_somebody_else_has_changed_is_not_overwritten(lists: Lists) -> None:
    put(lists, "Oil", "a")
    lists.note("Oil", "a", "first", "Ann", AT, before="")

    with pytest.raises(ChangedMeanwhile, match=r"It is now: “first”\. Yours was not stored: “second”"):
        lists.note("Oil", "a", "second", "Bo", AT, before="")
    assert lists.entries("Oil")[0].note == "first"


def test_a_note_of_lines_comes_back_unchanged_from_a_form(lists: Lists) -> None:
    put(lists, "Oil", "a")
    lists.note("Oil", "a", "one\r\n\r\ntwo ", "Ann", AT)

    assert lists.entries("Oil")[0].note == "one\n\ntwo"
    lists.note("Oil", "a", "three", "Ann", AT, before="one\r\n\r\ntwo")
    assert lists.entries("Oil")[0].note == "three"


def test_a_long_note_is_refused(lists: Lists) -> None:
    put(lists, "Oil", "a")

    with pytest.raises(BadQuery, match=r"2,001 characters; the maximum is 2,000"):
        lists.note("Oil", "a", "x" * (MAX_NOTE + 1), "Ann", AT)


def test_what_is_removed_is_not_there(lists: Lists) -> None:
    put(lists, "Oil", "a", "b")
    assert lists.take("Oil", ["a", "c"], "Bo", AT) == 1
    assert on(lists, "Oil") == ["b"]

    lists.remove("Oil")
    with pytest.raises(ListMissing, match="There is no list “Oil”"):
        lists.entries("Oil")
    assert lists.of("b") == ()
    put(lists, "Oil", "c")
    assert on(lists, "Oil") == ["c"]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    def keep(by: int) -> None:
        for number in range(10):
            with Lists(tmp_path) as lists:
                put(lists, "Oil", f"a{by}-{number}", f"shared{number}", by=f"key {by}")

    threads = [threading.Thread(target=keep, args=(by,)) for by in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Lists(tmp_path) as lists:
        entries = lists.entries("Oil")
        assert len(entries) == lists.named("Oil").articles == 50
        assert [one.number for one in entries] == sorted({one.number for one in entries})


def test_a_list_follows_what_is_put_on_it_and_what_is_indexed(tmp_path: Path) -> None:
    place = written(tmp_path / "idx", Article("a", "oil"), Article("b", "oil"))
    with desk.open(place) as engine, Lists(place) as lists:
        put(lists, "Oil", "a", "later")
        assert [hit.article.id for hit in engine.search(Query("oil", list="OIL")).hits] == ["a"]
        put(lists, "Oil", "b")
        assert engine.totals([Query(list="oil")]) == (2,)
        with search.writer(place) as writer:
            writer.add(Article("later", "oil"))
            writer.delete("a")
        assert {article.id for article in engine.export(Query(list="oil"))} == {"b", "later"}
        assert present_among(engine, ["a", "b", "later", "never"]) == {"b", "later"}
        lists.remove("Oil")
        with pytest.raises(BadQuery, match="There is no list “oil”"):
            engine.search(Query(list="oil"))


def test_the_lists_of_an_index_outlive_a_backup(tmp_path: Path) -> None:
    place, backup, other = tmp_path / "idx", tmp_path / "backup", tmp_path / "other"
    written(place, Article("a", "oil"))
    with Lists(place) as lists:
        put(lists, "Oil", "a")
    shutil.copytree(place, backup)
    with Lists(place) as lists:
        lists.remove("Oil")
        put(lists, "Gas", "a")
    restoring.replace(backup, place, RULES)
    with Lists(place) as lists:
        assert [one.name for one in lists.listed()] == ["Gas"]

    written(other, Article("x", "oil"))
    restoring.replace(backup, other, RULES)
    with Lists(other) as lists:
        assert on(lists, "Oil") == ["a"]
