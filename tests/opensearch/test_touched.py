"""After a commit only the names that it touched are counted again, and the answer is as if all were."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

import search
from search import Article, Query
from search.names.authority import block, merge
from search.opensearch.cluster import Cluster
from search.opensearch.shown import touched, view
from search.system.json import Json
from search.values.query import Filter, Listing
from tests.opensearch.conftest import Remote

PEOPLE = (
    "Ann Baker", "Ann Q. Baker", "ann baker", "Baker", "Bo Baker", "Cy Dent", "Dent", "Cy-Dent", "Élan Foy", "Foy",
)  # fmt: skip
NAMES = ("person", "source", "country", "author")


@pytest.fixture
def read_all(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The facets of which all names have been read."""
    seen: list[str] = []
    whole = view._counted

    def counted(cluster: Cluster, name: str, found: Json) -> Iterator[tuple[str, int]]:
        seen.append(name)
        yield from whole(cluster, name, found)

    monkeypatch.setattr(view, "_counted", counted)
    return seen


def article(chance: random.Random, number: int) -> Article:
    return Article(
        f"a{number}",
        "oil",
        person=tuple(dict.fromkeys(chance.choice(PEOPLE) for _ in range(chance.randrange(4)))),
        author=tuple(dict.fromkeys(chance.choice(PEOPLE) for _ in range(chance.randrange(2)))),
        country=tuple(dict.fromkeys(chance.choice(("DE", "FR")) for _ in range(chance.randrange(3)))),
        source=chance.choice((None, "Wire", "WIRE", "Post")),
    )


def answers(engine: search.Engine) -> list[object]:
    queries = [Query(facets=NAMES), Query("oil", {"person": Filter(any=("Baker",))}, facets=NAMES)]
    found: list[object] = [(one.total, one.facets) for one in map(engine.search, queries)]
    found += [engine.facet(query, "person", Listing(offset=1, limit=3, sort="name")) for query in queries]
    return [*found, engine.names("person", "Baker"), engine.suggest("ba", 5), engine.stats().distinct]


def new(remote: Remote) -> list[object]:
    """The answers of a new process."""
    with remote.engine() as engine:
        return answers(engine)


def test_names_after_any_commits_are_those_a_new_process_reads(
    make_remote: Callable[[], Remote], read_all: list[str], amount: Callable[..., int]
) -> None:
    for seed in range(amount(3, few=1)):
        check_commits(make_remote(), read_all, random.Random(seed), amount(12, few=7))


def check_commits(remote: Remote, read_all: list[str], chance: random.Random, times: int) -> None:
    """Commit what two writers and the authority file change, and ask an engine that stays open after each."""
    with remote.writer() as one, remote.writer() as other:
        one.add(article(chance, 0))
        one.commit()
        with remote.engine() as engine:
            answers(engine)
            for _ in range(times):
                writer = chance.choice((one, other))
                for _ in range(chance.randrange(1, 4)):
                    number = chance.randrange(8)
                    if chance.random() < 0.3:
                        writer.delete(f"a{number}")
                    else:
                        writer.add(article(chance, number))
                if chance.random() < 0.2:
                    with remote.writer() as deciding:
                        before = deciding.authority()
                        merged = merge(before, "person", "Cyrus Dent", ["Cy Dent", "Foy"], "", "now")
                        blocked = block(before, "person", "Ann Baker", "now")
                        deciding.set_authority(chance.choice((merged, blocked)))
                if chance.random() < 0.7:
                    writer.commit()
                read_all.clear()
                found = answers(engine)
                assert not read_all
                assert found == new(remote)


def test_what_an_interrupted_commit_left_is_counted(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, read_all: list[str]
) -> None:
    monkeypatch.setattr("search.opensearch.engine.SHOWING_S", 0.0)
    remote.add(Article("a", "oil", person=("Ann Baker",)))
    with remote.engine() as engine:
        answers(engine)
        with remote.writer() as lost:
            lost.add(Article("a", "oil", person=("Cy Dent",)))
            with monkeypatch.context() as patch:
                patch.setattr(lost, "_refresh", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
                with pytest.raises(KeyboardInterrupt):
                    lost.commit()
            lost.rollback()
        remote.add(Article("b", "oil"))
        read_all.clear()

        assert [one.value for one in engine.search(Query(facets=("person",))).values("person").values] == ["Cy Dent"]
        assert not read_all
        assert answers(engine) == new(remote)


def test_all_names_are_read_after_a_commit_with_very_many(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, read_all: list[str]
) -> None:
    monkeypatch.setattr(touched, "MOST", 40)
    remote.add(Article("a", "oil", person=("Ann Baker",)))
    with remote.engine() as engine:
        answers(engine)
        read_all.clear()
        remote.add(Article("b", "oil", person=("Cy Dent", "Bo Baker", "Élan Foy", "Foy Foy")))
        assert answers(engine) == new(remote)
        assert "person" in read_all


def test_all_names_are_read_after_the_index_was_replaced(remote: Remote) -> None:
    remote.add(Article("a", "oil", person=("Ann Baker",)))
    with remote.engine() as engine:
        answers(engine)
        with search.replacement(remote.place) as writer:
            writer.add(Article("b", "oil", person=("Cy Dent",)))
        assert answers(engine) == new(remote)


@pytest.mark.check
def test_no_name_of_a_purged_article_stays_in_the_notes(remote: Remote) -> None:
    with remote.writer() as writer:
        writer.add(Article("a", "oil", person=("Ann Baker",)))
        writer.add(Article("b", "oil", person=("Cy Dent",)))
        writer.commit()
        writer.purge(["a"])
        state = writer._state  # type: ignore[attr-defined]
        assert "Baker" not in str(state.touched())


def test_an_article_that_another_commit_replaced_meanwhile_is_counted(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.add(Article("x", "oil", person=("Old Name",)))
    with remote.engine() as engine, remote.writer() as late, remote.writer() as other:
        answers(engine)
        late.add(Article("x", "oil", person=("Ann Baker",)))
        other.add(Article("x", "oil", person=("Bo Baker",)))
        pieces = late._pieces  # type: ignore[attr-defined]

        def after_the_other() -> object:
            other.commit()
            assert engine.search(Query(facets=("person",))).values("person").values[0].value == "Bo Baker"
            return pieces()

        with monkeypatch.context() as patch:
            patch.setattr(late, "_pieces", after_the_other)
            late.commit()

        assert [one.value for one in engine.search(Query(facets=("person",))).values("person").values] == ["Ann Baker"]
        assert answers(engine) == new(remote)


def test_names_that_nobody_has_are_remembered_once(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    remote.add(Article("a", "oil", person=("Ann Baker",)))
    with remote.engine() as engine, remote.writer() as lost:
        lost.add(Article("b", "oil", person=("Cy Dent", "Bo Baker")))
        with monkeypatch.context() as patch:
            patch.setattr(lost, "_pieces", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                lost.commit()
        lost.rollback()
        for number in range(3):
            remote.add(Article(f"c{number}", "oil"))
            answers(engine)
        names = engine._view().names["person"]  # type: ignore[attr-defined]
        assert len(names.relatives) == 3


NOBODY = touched.begun(None, "first", {}, 0.0, 3)
"""A log in which the commit `first` has begun, which becomes generation 4."""
FIRST = touched.ended(NOBODY, "first", 4)


def test_a_note_that_failed_is_joined_with_the_next_attempt() -> None:
    log = touched.begun(FIRST, "x", {"person": ["A"]}, 0.0, 4)
    log = touched.begun(log, "x", {"person": ["B"], "author": []}, 1.0, 4)

    assert touched.after(log, (4, "first"), (4, "first")) == {"person": {"A", "B"}}


def test_a_generation_without_a_note_asks_for_all_names() -> None:
    log = touched.ended(touched.begun(FIRST, "x", {"person": ["A"]}, 0.0, 4), "x", 5)

    assert touched.after(log, (4, "first"), (5, "x")) == {"person": {"A"}}
    assert touched.after(log, (5, "x"), (5, "x")) == {}
    assert touched.after(log, (4, "first"), (6, "y")) is None
    assert touched.after(log, (3, ""), (5, "x")) is None


def test_a_generation_by_another_commit_than_noted_asks_for_all_names() -> None:
    log = touched.ended(touched.begun(FIRST, "x", {"person": ["A"]}, 0.0, 4), "x", 5)

    assert touched.after(log, (4, "before the restore"), (5, "x")) is None


def test_the_note_of_the_last_generation_may_not_have_its_number_yet() -> None:
    log = touched.begun(FIRST, "x", {"person": ["A"]}, 0.0, 4)

    assert touched.after(log, (4, "first"), (5, "x")) == {"person": {"A"}}
    assert touched.after(log, (4, "first"), (5, "y")) is None
    assert touched.after(NOBODY, (4, "first"), (4, "first")) == {}


def test_a_note_that_overlaps_with_a_later_one_is_counted_again() -> None:
    log = touched.begun(FIRST, "late", {"person": ["A"]}, 0.0, 4)
    log = touched.ended(touched.begun(log, "other", {"person": ["B"]}, 0.0, 4), "other", 5)
    log = touched.ended(log, "late", 6)

    assert touched.after(log, (5, "other"), (6, "late")) == {"person": {"A", "B"}}
    assert touched.after(log, (6, "late"), (6, "late")) == {}


def test_a_note_without_a_generation_is_dropped_after_a_day() -> None:
    log = touched.begun(FIRST, "lost", {"person": ["A"]}, 0.0, 4)
    log = touched.ended(touched.begun(log, "x", {"person": ["B"]}, touched.STALE_S + 1, 4), "x", 5)

    assert touched.after(log, (4, "first"), (5, "x")) is None
    assert touched.after(log, (5, "x"), (5, "x")) == {}
    assert touched.after(touched.ended(log, "lost", 6), (5, "x"), (6, "lost")) is None


def test_a_note_of_names_from_before_a_purge_has_none() -> None:
    log = touched.begun(touched.forgotten(FIRST, 5), "x", {"person": ["A"]}, 0.0, 4)

    assert "A" not in str(log)
    assert touched.after(log, (4, "first"), (4, "first")) is None


def test_notes_stay_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "MOST_OF_ALL", 100)
    log = FIRST
    before = "first"
    for number in range(5, 300):
        log = touched.begun(log, f"c{number}", {"person": ["a" * 19]}, 0.0, number - 1)
        log = touched.ended(log, f"c{number}", number)
        assert len(log["notes"]) <= 7
        assert touched.after(log, (number - 1, before), (number, f"c{number}")) == {"person": {"a" * 19}}
        before = f"c{number}"

    assert touched.after(log, (290, "c290"), (299, "c299")) is None


def test_notes_of_many_commits_under_way_stay_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "MOST_OF_ALL", 100)
    log = FIRST
    for number in range(10):
        log = touched.begun(log, f"c{number}", {"person": ["a" * 19]}, float(number), 4)
        assert sum(touched.size(note["names"]) for note in log["notes"]) <= 100
    log = touched.ended(log, "c9", 5)

    assert touched.after(log, (4, "first"), (5, "c9")) is None


def test_notes_of_many_interrupted_commits_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "MOST_NOTES", 5)
    log = FIRST
    for number in range(20):
        log = touched.begun(log, f"c{number}", {"person": ["A"]}, float(number), 4)
        assert len(log["notes"]) <= 5
    log = touched.ended(log, "c19", 5)

    assert touched.after(log, (4, "first"), (5, "c19")) is None
