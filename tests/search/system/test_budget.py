"""What is answered when there is little time: the page whole, the rest named; or a refusal."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from search import OutOfTime, Query
from search.engine import Engine
from search.system import budget
from search.values.query import Listing
from tests import waiting
from tests.cases import cases

FACETS = ("person", "country", "topic", "source", "date")
TEXTS = [
    "berlin wall", "president OR minister -moon", "the", '"soviet union"', "", "presidnt berlin", "mar* tal~",
    "land~ocr OR berlin~ocr",
]  # fmt: skip


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which each look takes a millisecond; the budget's alone, since other threads look at theirs, too."""
    ticks = itertools.count()
    waiting.put_clocks(monkeypatch, "search.system.budget", perf_counter=lambda: next(ticks) / 1000)


@pytest.mark.usefixtures("looks")
@cases("text", TEXTS)
def test_what_there_is_no_time_for_is_left_out_and_named(engine: Engine, amount: Callable[..., int], text: str) -> None:
    query = Query(text, facets=FACETS)
    whole = engine.search(query)
    refused = 0
    lengths: list[int] = []
    for milliseconds in (*range(1, 100), *range(100, 400, 300 // amount(300, few=10))):
        try:
            with budget.within(milliseconds):
                answer = engine.search(query)
        except OutOfTime:
            assert not lengths  # with more time there is no less of an answer
            refused += 1
            continue
        assert (answer.total, [hit.article.id for hit in answer.hits]) == (
            whole.total, [hit.article.id for hit in whole.hits],
        )  # fmt: skip
        assert answer.query.canonical == whole.query.canonical
        assert answer.query == whole.query or "query.forms" in answer.incomplete
        left_out = {name.removeprefix("facets.") for name in answer.incomplete if name.startswith("facets.")}
        assert answer.facets == {name: whole.facets[name] for name in FACETS if name not in left_out}
        if "hits.snippets" not in answer.incomplete:
            assert answer.hits == whole.hits
        if "did_you_mean" not in answer.incomplete:
            assert answer.did_you_mean == whole.did_you_mean
        lengths.append(len(answer.incomplete))
    assert refused or not text
    assert lengths[0] >= len(FACETS)
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == 0


@pytest.mark.usefixtures("looks")
def test_a_facet_a_trend_an_export_and_a_likeness_are_whole_or_refused(engine: Engine) -> None:
    query = Query("president OR minister")
    for ask in (
        lambda: engine.facet(query, "person", Listing()),
        lambda: engine.trend(query, "archive"),
        lambda: [article.id for article in engine.export(query)],
    ):
        whole = ask()
        with budget.within(1), pytest.raises(OutOfTime):
            ask()
        with budget.within(1000):
            assert ask() == whole


@pytest.mark.usefixtures("looks")
def test_all_questions_of_one_request_have_one_time(engine: Engine) -> None:
    def ask_often() -> None:
        for _ in range(40):
            engine.search(Query("the", facets=FACETS))

    with budget.within(200), pytest.raises(OutOfTime, match="longer than 200 ms"):
        ask_often()
    with budget.within(200):
        assert engine.search(Query("the", facets=FACETS)).incomplete == ()


def test_without_a_budget_there_is_no_end(engine: Engine) -> None:
    assert not budget.current().spent
    assert engine.search(Query("the")).incomplete == ()


class Clock:
    """Two clocks that are set by hand: work of this thread, and time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.worked, self.now = 1000.0, 5000.0
        clocks = {"thread_time": lambda: self.worked, "monotonic": lambda: self.now}
        waiting.put_clocks(monkeypatch, "search.system.budget", **clocks)

    def pass_by(self, worked: float, waited: float) -> None:
        self.worked += worked
        self.now += worked + waited


@cases(
    "periods, spent",
    [
        ([(0.0, 0.0)], False), ([(0.29, 0.0)], False), ([(0.31, 0.0)], True),
        ([(0.1, 0.0), (0.1, 0.0), (0.05, 0.0)], False), ([(0.1, 0.0), (0.1, 0.0), (0.11, 0.0)], True),
        ([(0.0, 1.19)], False), ([(0.0, 1.21)], True), ([(0.1, 0.5), (0.1, 0.45)], False),
        ([(0.1, 0.5), (0.1, 0.55)], True),
    ],
)  # fmt: skip
def test_suggestions_share_one_allowance_and_what_is_between_is_not_theirs(
    periods: list[tuple[float, float]], spent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    offers = budget.Offers(budget.Budget(None), 300)
    for worked, waited in periods:
        clock.pass_by(50.0, 0.0)
        offers.started()
        clock.pass_by(worked, waited)
        offers.stopped()
        offers.stopped()

    assert offers.spent is spent
