"""The group of an article, by what is in the ledger."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.copies import dedupe, near
from indexer.copies.near import Membership, Near
from indexer.ledger import Ledger
from search import Article
from tests.cases import cases
from tests.tiers import examples

TEXT, OTHER = (
    " ".join(f"{word}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)) for word in ("word", "other")
)
NOON = "1998-05-17T12:00"


def sketched(text: str = TEXT, published: str | None = NOON) -> dedupe.Sketch:
    return dedupe.sketch(Article("x", text, published=published))


def none(_: str) -> None:
    """Of an index without articles."""


def test_the_second_of_a_text_makes_the_first_one_a_member() -> None:
    found = Near(Ledger(None), frozenset, none)

    assert found.place("a", sketched()) == Membership(None)
    assert found.place("b", sketched()) == Membership("a", "a")
    assert found.place("c", sketched()) == Membership("a")
    assert found.place("d", sketched(OTHER)) == Membership(None)


def test_what_is_not_there_is_passed_over() -> None:
    gone = {"a", "b"}
    found = Near(Ledger(None), lambda names: set(names) - gone, none)
    for name in ("a", "b", "c"):
        found.place(name, sketched(TEXT if name != "c" else f"{TEXT} and three more"))

    assert found.place("d", sketched()) == Membership("c", "c")


def test_a_group_is_compared_by_its_first_that_is_left() -> None:
    ledger = Ledger(None)
    found = Near(ledger, frozenset, none)
    for name in ("a", "b", "c"):
        found.place(name, sketched())
    found.forget("a")

    assert found.place("d", sketched()) == Membership("a")
    assert found.place("e", sketched(OTHER)) == Membership(None)


def test_an_article_that_is_forgotten_has_no_copies() -> None:
    ledger = Ledger(None)
    found = Near(ledger, frozenset, none)
    found.place("a", sketched())
    found.forget("a")
    found.forget("a")

    assert found.place("b", sketched()) == Membership(None)
    found.settle()
    assert ledger.execute("SELECT count(*) FROM keys").fetchone() == (len(dedupe.keys(sketched())),)


def test_an_article_that_is_placed_again_is_no_copy_of_itself() -> None:
    found = Near(Ledger(None), frozenset, none)

    assert found.place("a", sketched()) == Membership(None)
    assert found.place("a", sketched()) == Membership(None)
    assert found.place("b", sketched()) == Membership("a", "a")
    assert found.place("a", sketched()) == Membership("a")
    assert found.place("a", sketched("too short")) == Membership(None)


def test_the_most_alike_is_the_group() -> None:
    found = Near(Ledger(None), frozenset, none)
    half = " ".join(TEXT.split()[:45])
    found.place("half", sketched(f"{half} {' '.join(OTHER.split()[:15])}"))
    found.place("whole", sketched(" ".join(TEXT.split()[10:])))

    assert found.place("a", sketched()) == Membership("whole", "whole")


@cases("published, hours, is_copy", [
    (NOON, 96.0, True), ("1998-05-21T12:00", 96.0, True), ("1998-05-13T12:00", 96.0, True),
    ("1998-05-21T12:01", 96.0, False), ("1998-05-13T11:59", 96.0, False), ("1998-05-21T12:01", 97.0, True),
    ("1998-05-17T13:00", 0.5, False), ("1998-05-17T12:30", 0.5, True), ("1998-05-18T00:30", 24.0, True),
    (None, 96.0, True), ("1998", 96.0, True),
])  # fmt: skip
def test_copies_are_looked_for_in_the_days_around(published: str | None, hours: float, is_copy: bool) -> None:
    found = Near(Ledger(None), frozenset, none, window_hours=hours)
    found.place("a", sketched())

    assert (found.place("b", sketched(published=published)).group == "a") is is_copy
    again = Near(Ledger(None), frozenset, none, window_hours=hours)
    again.place("a", sketched(published=published))
    assert (again.place("b", sketched()).group == "a") is is_copy


def test_a_lost_ledger_is_filled_from_the_index_at_the_first_article() -> None:
    read: list[str] = []

    def earlier() -> list[Article]:
        read.append("all")
        return [
            Article("a", TEXT, published=NOON, group="a"),
            Article("b", TEXT, published=NOON, group="a"),
            Article("short", "Too short.", published=NOON),
        ]

    ledger = Ledger(None)
    found = Near(ledger, frozenset, none, earlier)
    assert read == []
    assert found.place("c", sketched()) == Membership("a")
    assert found.place("d", sketched(OTHER)) == Membership(None)
    assert read == ["all"]
    found.settle()
    assert [row[0] for row in ledger.execute("SELECT id FROM sketches ORDER BY id")] == ["a", "b", "c", "d"]


@cases("others, is_copy", [(near.COMPARED - 1, True), (near.COMPARED, False)])
def test_so_many_are_compared(others: int, is_copy: bool) -> None:
    """The latest of those that share as much: one that is not there hides those before it."""
    found = Near(Ledger(None), lambda names: {"first"} & set(names), none)
    found.place("first", sketched())
    for number in range(others):
        found.place(f"gone{number}", sketched())

    assert (found.place("last", sketched()).group == "first") is is_copy


STEPS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 3), st.integers(0, 40), st.sampled_from([NOON, None])),
    max_size=12,
)


@given(st.lists(STEPS, max_size=5), st.sampled_from("abcdef"))
@examples(100, few=30)
def test_articles_placed_together_are_where_they_are_one_by_one(
    parts: list[list[tuple[str, int, int, str | None]]], gone: str
) -> None:
    """Whatever waits to be stored, wherever an article is placed again or removed, and whether a ledger has sketches
    whole, or, as one that lasts, brief ones that are made again from what was committed.
    """
    one, together = Ledger(None), Ledger(None)
    together.lasts = True
    committed: dict[str, Article] = {}
    alone, several = (
        Near(ledger, lambda names: set(names) - {gone}, stored)
        for ledger, stored in ((one, none), (together, committed.get))
    )
    for part in parts:
        articles = [
            Article(name, " ".join([*(f"of{text}x{n}" for n in range(40 - own)), *(f"{name}{n}" for n in range(own))]),
                    published=day)
            for name, text, own, day in part
        ]  # fmt: skip
        sketches = [(article.id, dedupe.sketch(article)) for article in articles]
        found = []
        for name, sketch in sketches:
            found.append(alone.place(name, sketch))
            alone.settle()
        assert several.place_all(sketches) == found
        alone.forget(gone)
        several.forget(gone)
        several.settle()
        committed |= {article.id: article for article in articles}
        several.committed()

    assert all(not len(dedupe.decode(data).sequence) for (data,) in together.execute("SELECT sketch FROM sketches"))
    for rows in (
        "SELECT id, team FROM sketches ORDER BY number",
        "SELECT key, day, id FROM keys JOIN sketches ON number = keys.sketch ORDER BY 1, 2, 3",
    ):
        assert together.execute(rows).fetchall() == one.execute(rows).fetchall()
