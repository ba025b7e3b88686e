"""Decisions about names: read, refused, applied, undone."""

from __future__ import annotations

from typing import Any

import pytest

from desk.names import decision
from desk.names.decision import Decision
from search.errors import BadAuthority
from search.names.authority import Authority, Entry
from tests.cases import cases

AT = "2026-11-27T02:00:00Z"


def after(*made: Decision) -> Authority:
    authority = Authority()
    for one in made:
        authority = decision.applied(one, authority, AT, "somebody")
    return authority


MERGE = Decision("merge", "person", "Ann Lee", ("A. Lee",))


@cases("values, said", [
    ({}, "There is no action"),
    ({"action": "burn"}, "“burn” is not an action"),
    ({"action": "merge", "kind": "colour"}, "no authority file for “colour”"),
    ({"action": "merge", "kind": "language"}, "no authority file"),
    ({"action": "merge", "name": "Ann"}, "nothing to merge into “Ann”"),
    ({"action": "block", "name": " "}, "no name to block"),
    ({"action": "block", "name": "a\u202eb"}, "printable"),
    ({"action": "block", "name": "x" * 301}, "at most 300"),
    ({"action": "block", "name": 3}, "A name is text of at most 300 printable characters; “name” is not."),
    ({"action": "block", "name": "Ann", "wikidata": 1}, "“wikidata” is not."),
    ({"action": "merge", "name": "Ann", "aliases": ["Bob", 1]}, "“aliases” is not."),
    ({"action": "undo"}, "There is no change to undo. Give “change”, its number"),
    ({"action": "merge", "name": "Ann", "aliases": "Bob"}, "is a list"),
    ({"action": "merge", "name": "Ann", "aliases": ["Bob"] * 101}, "at most 100"),
    ({"action": "undo", "change": "1"}, "number of a change"),
    ({"action": "undo", "change": True}, "number of a change"),
])  # fmt: skip
def test_what_is_no_decision_is_refused_with_a_sentence(values: dict[str, Any], said: str) -> None:
    with pytest.raises(BadAuthority, match=said):
        decision.read(values)


def test_a_decision_is_read_as_it_was_written() -> None:
    told = {"action": "merge", "kind": "person", "name": "Ann Lee", "aliases": ["A. Lee"], "wikidata": "q1"}

    assert decision.read(told) == Decision("merge", "person", "Ann Lee", ("A. Lee",), "Q1")
    assert decision.read({"action": "undo", "change": 3}) == Decision("undo", change=3)


def test_the_journal_says_who_and_when() -> None:
    (change,) = after(MERGE).journal

    assert (change.by, change.at, change.what) == ("somebody", AT, "merge person Ann Lee: A. Lee")


def test_any_change_can_be_undone_while_it_has_an_effect() -> None:
    made = after(MERGE, Decision("block", "person", "Lorem Ipsum"))
    undone = decision.applied(Decision("undo", change=1), made, AT, "somebody else")

    assert undone.entries == (Entry("person", "Lorem Ipsum", action="block"),)
    assert undone.journal[-1].what == "undo 1: merge person Ann Lee: A. Lee"
    with pytest.raises(BadAuthority, match="Nothing of change 1 is in force"):
        decision.applied(Decision("undo", change=1), undone, AT, "x")
    again = decision.applied(Decision("undo", change=3), undone, AT, "x")
    assert again.entries == made.entries


ITEM = Decision("item", "person", "Ann Lee", wikidata="Q42")


@cases("made, order, left", [
    ((MERGE, ITEM), (1,), ()),
    ((MERGE, ITEM), (2, 1), ()),
    ((MERGE, ITEM), (2,), (Entry("person", "Ann Lee", "A. Lee"),)),
    ((MERGE, ITEM, Decision("item", "person", "Ann Lee")), (1,), ()),
    ((MERGE, Decision("merge", "person", "ann lee", ("A. Lee",))), (1,), ()),
    ((MERGE, ITEM), (1, 3), (Entry("person", "Ann Lee", "A. Lee", "Q42"),)),
    ((MERGE, Decision("split", "person", "A. Lee"), MERGE), (1,), ()),
])  # fmt: skip
def test_decisions_are_undone_in_any_order(
    made: tuple[Decision, ...], order: tuple[int, ...], left: tuple[Entry, ...]
) -> None:
    authority = after(*made)
    for number in order:
        assert authority.has_effect(authority.journal[number - 1])
        authority = decision.applied(Decision("undo", change=number), authority, AT, "x")
        assert not authority.has_effect(authority.journal[number - 1])

    assert authority.entries == left


def test_an_item_of_a_merge_that_was_undone_brings_it_not_back() -> None:
    undone = decision.applied(Decision("undo", change=1), after(MERGE, ITEM), AT, "x")

    with pytest.raises(BadAuthority, match="Nothing of change 2 is in force"):
        decision.applied(Decision("undo", change=2), undone, AT, "x")


def test_a_change_that_is_another_by_now_is_not_undone() -> None:
    undo = Decision("undo", change=1, made="2026-11-27T01:00:00Z")

    with pytest.raises(BadAuthority, match="has changed since"):
        decision.applied(undo, after(MERGE), AT, "x")
    assert decision.applied(Decision("undo", change=1, made=AT), after(MERGE), AT, "x").entries == ()


@cases("change", [0, -1, 2])
def test_a_change_that_was_not_made_cannot_be_undone(change: int) -> None:
    with pytest.raises(BadAuthority, match=f"no change {change}"):
        decision.applied(Decision("undo", change=change), after(MERGE), AT, "x")


def test_undoing_what_contradicts_a_later_decision_is_refused() -> None:
    merges = (Decision("merge", "person", name, ("A. Lee",)) for name in ("Bob Lee", "C"))
    made = after(MERGE, Decision("split", "person", "A. Lee"), *merges)

    with pytest.raises(BadAuthority, match="both merged and split"):
        decision.applied(Decision("undo", change=3), made, AT, "x")


def test_a_blocked_name_is_shown_again() -> None:
    blocked = after(Decision("block", "person", "Ann Lee"))

    assert decision.applied(Decision("unblock", "person", "ann lee"), blocked, AT, "x").entries == ()
    with pytest.raises(BadAuthority, match="“Bob” is not blocked"):
        decision.applied(Decision("unblock", "person", "Bob"), blocked, AT, "x")


def test_an_item_is_given_to_all_lines_of_a_name_and_taken_away() -> None:
    given = after(MERGE, Decision("item", "person", "Ann Lee", wikidata="Q42"))

    assert given.names("person").items == {"ann lee": "Q42"}
    assert given.names("person").listed["a. lee"] == "Ann Lee"
    taken = decision.applied(Decision("item", "person", "Ann Lee"), given, AT, "x")
    assert taken.names("person").items == {}
    with pytest.raises(BadAuthority, match="not a Wikidata id"):
        decision.applied(Decision("item", "person", "Ann Lee", wikidata="42"), given, AT, "x")
