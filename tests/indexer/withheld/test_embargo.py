from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import search
from indexer import pipeline
from indexer.ledger import Ledger
from indexer.pipeline import Options
from indexer.withheld import embargo
from search import Article
from tests.cases import cases

MIDNIGHT = datetime(2030, 1, 1, tzinfo=UTC)
MOMENTS = [
    (timedelta(seconds=-1), False),
    (timedelta(microseconds=-1), False),
    (timedelta(0), True),
    (timedelta(microseconds=1), True),
    (timedelta(seconds=1), True),
]
"""From the end of an embargo on, and whether it is over then."""


@cases("version, held, ends", [
    (None, "a", True), (1, "a", True), (1, "v2:a", False), (2, "v2:a", True), (3, "v2:a", True),
])  # fmt: skip
def test_what_is_held_yields_to_its_own_version_and_later(version: int | None, held: str, ends: bool) -> None:
    with Ledger(None) as ledger:
        embargo.hold(ledger, Article("a", "Talks.", digest=held), "2990-01-01T00:00:00Z")
        embargo.supersede(ledger, "a", version)
        embargo.supersede(ledger, "nothing", version)

        assert (embargo.held(ledger, "a") is None) is ends


@pytest.fixture
def west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in New York."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@cases("until, moment", [
    ("2030-01-01T12:00:00Z", "2030-01-01T12:00:00"), ("2030-01-01T12:00:00+02:00", "2030-01-01T10:00:00"),
    ("2030-01-01T12:00:00", "2030-01-01T17:00:00"), ("2030-07-01 12:00", "2030-07-01T16:00:00"),
    ("2030-01-01", "2030-01-02T04:59:59"), ("2030-01", "2030-02-01T04:59:59"),
    ("2030-01-01T24:00:00Z", "2030-01-01T23:59:59"), ("2030-01-01T24:00:00", "2030-01-02T04:59:59"),
])  # fmt: skip
@pytest.mark.usefixtures("west")
def test_an_embargo_without_a_zone_ends_by_the_clock_of_the_machine(until: str, moment: str) -> None:
    assert embargo.moment(until).astimezone(UTC).isoformat() == f"{moment}+00:00"


def test_what_is_no_time_is_said() -> None:
    with pytest.raises(ValueError, match="not a date"):
        embargo.moment("soon")


@cases("later, over", MOMENTS)
@cases("until", ["2030-01-01T00:00:00Z", "2030-01-01T00:00:00.000000+00:00", "2030-01-01T02:00+02:00"])
def test_an_article_is_due_from_the_moment_its_embargo_ends(until: str, later: timedelta, over: bool) -> None:
    article = Article("a", "Zebras.")
    with Ledger(None) as ledger:
        embargo.hold(ledger, article, until)

        assert embargo.due(ledger, MIDNIGHT + later) == ([article] if over else [])
        assert embargo.next_due(ledger) == embargo.ends(ledger, "a") == MIDNIGHT


@cases("later, over", MOMENTS)
def test_a_file_is_read_by_the_moment_its_embargo_ends(
    later: timedelta, over: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Read for the first time then; read before, and as it was; and released with no file asked."""
    tmp_path = tmp_path_factory.mktemp("embargo")
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "T", "embargoed": "2030-01-01T00:00:00Z"}\n', "utf-8")
    place = tmp_path / "idx"

    def run(now: datetime, files: bool = True, place: Path = place) -> tuple[int, int]:
        with search.writer(place) as writer:
            options = Options(place=place, now=now)
            report = (
                pipeline.index(writer, [tmp_path / "a.jsonl"], options)
                if files
                else pipeline.release(writer, place, now)
            )
            return report.added, report.embargoed

    first = run(MIDNIGHT + later, place=tmp_path / "first")
    assert first == (1, 0) if over else first == (0, 1)
    assert run(MIDNIGHT - timedelta(days=1)) == (0, 1)
    assert run(MIDNIGHT + later, files=False)[0] == int(over)
    again = run(MIDNIGHT + later)
    assert again == (0, 0) if over else again == (0, 1)


def test_articles_are_due_the_earliest_first() -> None:
    with Ledger(None) as ledger:
        for article_id, hour in (("b", 3), ("d", 1), ("a", 2), ("c", 2), ("e", 4)):
            embargo.hold(ledger, Article(article_id, "Zebras."), f"2030-01-01T0{hour}:00:00Z")

        assert [article.id for article in embargo.due(ledger, MIDNIGHT + timedelta(hours=3))] == ["d", "a", "c", "b"]


def test_what_is_held_is_whole_and_of_one_id_once() -> None:
    article = Article(
        "a", "Zebras.", "Title", published="2030-01-01", person=("A B",), country=("DE",), collection="wire",
        given=frozenset({"person"}), extra={"pages": [1, 2]},
    )  # fmt: skip
    with Ledger(None) as ledger:
        embargo.hold(ledger, Article("a", "Earlier."), "2031-01-01")
        embargo.hold(ledger, article, "2030-01-01")

        assert embargo.held(ledger, "a") == article
        assert embargo.of(ledger, "wire") == ["a"]
        assert embargo.of(ledger, "other") == []
        assert embargo.drop(ledger, "a")
        assert not embargo.drop(ledger, "a")
        assert embargo.held(ledger, "a") is None
        assert embargo.ends(ledger, "a") is None
        assert embargo.next_due(ledger) is None
