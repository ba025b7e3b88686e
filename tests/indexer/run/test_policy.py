"""What is decided about a record, as tables of what is known of its id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from indexer.run import policy
from indexer.run.policy import GONE, Holding, Outcome, Standing
from indexer.withheld.withdrawn import Withdrawn
from search.values.article import Article
from tests.cases import cases

NOW = datetime(2030, 1, 1, tzinfo=UTC)
FOR_GOOD = Withdrawn(None, "It was wrong")
A_SENTENCE = Withdrawn(None, "Its publication status is “canceled”.")
UP_TO_2 = Withdrawn(2, "")
OUTCOMES = [
    # known, digest, repeated → outcome
    (GONE, "a", False, Outcome.ADDED),
    (GONE, "a", True, Outcome.ADDED),
    ("a", "a", False, Outcome.UNCHANGED),
    ("a", "b", False, Outcome.UPDATED),
    ("a", "b", True, Outcome.UNCHANGED),
    ("v2:a", "v1:b", False, Outcome.UNCHANGED),
    ("v2:a", "v2:b", False, Outcome.UPDATED),
    ("v2:a", "v3:b", False, Outcome.UPDATED),
    ("v2:a", "b", False, Outcome.UPDATED),
    ("a", "v1:b", False, Outcome.UPDATED),
]
REFUSALS = [
    # what is known, version → why it stays out
    (Standing("x"), None, ""),
    (Standing("x", "a"), 1, ""),
    (Standing("x", blocked=True), 9, "block"),
    (Standing("x", withdrawn=FOR_GOOD), None, "“x” was withdrawn."),
    (Standing("x", withdrawn=FOR_GOOD), 9, "“x” was withdrawn."),
    (Standing("x", withdrawn=A_SENTENCE), 1, "“x” was withdrawn."),
    (Standing("x", withdrawn=UP_TO_2), 1, "“x” was withdrawn."),
    (Standing("x", withdrawn=UP_TO_2), 2, "“x” was withdrawn."),
    (Standing("x", withdrawn=UP_TO_2), 3, ""),
    (Standing("x", withdrawn=UP_TO_2), None, "“x” was withdrawn."),
    (Standing("x", "v3:a", withdrawn=UP_TO_2), None, ""),
]
HOLDINGS = [
    # known, digest, what is kept aside, repeated → what becomes of it
    (GONE, "a", None, False, Holding.HELD),
    (GONE, "a", None, True, Holding.HELD),
    ("a", "a", None, True, Holding.RELEASED),
    ("a", "b", None, False, Holding.HELD),
    ("a", "b", "a", True, Holding.HELD),
    (GONE, "v1:a", "v2:b", False, Holding.EARLIER),
    (GONE, "v2:a", "v2:b", False, Holding.HELD),
    (GONE, "v3:a", "v2:b", False, Holding.HELD),
    (GONE, "a", "v2:b", False, Holding.HELD),
]
REMOVALS = [
    # known, version of the withdrawal → whether it is removed
    (GONE, None, False),
    ("a", None, True),
    ("a", 1, True),
    ("v2:a", None, True),
    ("v2:a", 1, False),
    ("v2:a", 2, True),
    ("v2:a", 3, True),
]


@cases("known, digest, repeated, outcome", OUTCOMES)
def test_outcome_of_an_article(known: str, digest: str, repeated: bool, outcome: Outcome) -> None:
    assert policy.outcome(known, digest, repeated) is outcome


@cases("standing, version, why", REFUSALS)
def test_refusal(standing: Standing, version: int | None, why: str) -> None:
    said = policy.refusal(standing, version)

    assert said == why or (why == "block" and "block" in said)


@cases("known, digest, held, repeated, holding", HOLDINGS)
def test_an_article_under_embargo(known: str, digest: str, held: str | None, repeated: bool, holding: Holding) -> None:
    assert policy.holding(known, digest, held, repeated) is holding


@cases("known, version, removed", REMOVALS)
def test_a_withdrawal_removes_up_to_its_version(known: str, version: int | None, removed: bool) -> None:
    assert policy.removes(known, version) is removed


@cases("ends, holds", [
    (None, True), (NOW, False), (NOW + timedelta(microseconds=1), True), (NOW - timedelta(microseconds=1), False),
])  # fmt: skip
def test_an_embargo_holds_before_its_end_and_where_that_is_unknown(ends: datetime | None, holds: bool) -> None:
    assert policy.embargoed(ends, NOW) is holds


@cases("found, damaged, why", [
    (True, False, ""), (False, False, "nothing"), (True, True, "not all"), (False, True, "not all"),
])  # fmt: skip
def test_nothing_is_removed_from_a_collection_that_may_hide_it(found: bool, damaged: bool, why: str) -> None:
    said = policy.why_none_is_removed(found, damaged)

    assert said.startswith(why)
    assert bool(said) is bool(why)


@cases("article, before, added, changed", [
    (Article("x", "New."), None, "now", "now"),
    (Article("x", "New.", added="exported", changed="then"), None, "exported", "then"),
    (Article("x", "Same."), Article("x", "Same.", added="first", changed="second"), "first", "second"),
    (Article("x", "New."), Article("x", "Old.", added="first", changed="second"), "first", "now"),
    (Article("x", "Same.", title="T"), Article("x", "Same.", added="first", changed="second"), "first", "now"),
    (Article("x", "Same.", language="en"), Article("x", "Same.", added="a", changed="b"), "a", "b"),
    (Article("x", "Same."), Article("x", "Same."), "now", "now"),
])  # fmt: skip
def test_an_article_keeps_when_it_came_in(article: Article, before: Article | None, added: str, changed: str) -> None:
    dated = policy.dated(article, before, "now")

    assert (dated.added, dated.changed) == (added, changed)
