"""An index copied into another: articles as they were added, and the decisions about names of both."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

import search
from search import Article, Query, apart, copying
from search.engine import article_count
from search.errors import BadAuthority, IndexMissing, IndexProblem
from search.files import takedowns
from search.local.safe import backup, restoring
from search.names import authority as authorities
from search.names.authority import Authority, Change, Entry, checked, joined, undo
from search.values.results import ValueFacet
from tests import waiting
from tests.cases import cases
from tests.search.indexes import written

ARTICLES = (
    Article("a", "Talks.", person=("Al Gore", "Barack Obama")),
    Article("b", "Trade.", person=("Ban Ki-moon", "BAN KI-MOON")),
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path / "a.idx", *ARTICLES)


def at(hour: int) -> str:
    return f"2026-11-28T{hour:02}:00:00Z"


def decide(place: Path, *made: tuple[str, str, int]) -> None:
    """Block a name, or list it under another, at an hour."""
    with search.writer(place) as writer:
        for name, under, hour in made:
            authority = writer.authority()
            if under:
                writer.set_authority(authorities.merge(authority, "person", under, [name], "", at(hour)))
            else:
                writer.set_authority(authorities.block(authority, "person", name, at(hour)))


def persons(place: Path) -> dict[str, int]:
    with search.open(place) as engine:
        facet = engine.search(Query()).facets["person"]
    assert isinstance(facet, ValueFacet)
    return {value.value: value.count for value in facet.values}


def test_an_index_is_not_copied_onto_or_into_itself(source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "other").mkdir()
    before = sorted(source.iterdir())

    for name in ("a.idx", "link", "other/../a.idx", "a.idx/inside", "link/inside"):
        for make in (copying.copy, back_up, put_back):
            with pytest.raises(IndexProblem, match=r"are the same index|is inside “"):
                make(str(source), f"{tmp_path}/{name}")
    assert sorted(source.iterdir()) == before


def back_up(source: str, destination: str) -> None:
    backup.create(Path(source), Path(destination))


def put_back(source: str, destination: str) -> None:
    restoring.replace(Path(source), Path(destination), {})


@cases("one, other", [("http://h/news", "http://h:9200/news/"), ("https://h,i/news", "https://i:9200/news")])
def test_an_index_in_a_cluster_is_known_by_another_address(one: str, other: str) -> None:
    with pytest.raises(IndexProblem, match="are the same index"):
        apart.check(f"opensearch+{one}", f"opensearch+{other}")


def test_only_what_is_there_and_in_a_cluster_is_replaced_by_a_copy(source: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"no index at “.*” that could be replaced. Copy to it without --replace"):
        copying.copy(str(source), str(tmp_path / "b.idx"), replace=True)
    copying.copy(str(source), str(tmp_path / "b.idx"))
    with pytest.raises(IndexProblem, match=r"“.*” is not in a cluster.* dateline restore NEW .* --replace"):
        copying.copy(str(source), str(tmp_path / "b.idx"), replace=True)


def test_decisions_about_names_can_be_undone_in_a_copy(source: Path, tmp_path: Path) -> None:
    before = persons(source)
    decide(source, ("Al Gore", "", 8), ("Ban Ki-moon", "Barack Obama", 9))
    copying.copy(str(source), str(tmp_path / "b.idx"))
    copying.copy(str(tmp_path / "b.idx"), str(source))

    assert persons(tmp_path / "b.idx") == persons(source) == {"Barack Obama": 2}
    for place in (tmp_path / "b.idx", source):
        for _ in range(2):
            with search.writer(place) as writer:
                writer.set_authority(authorities.undo(writer.authority(), at(10))[0])
        assert persons(place) == before


def test_articles_are_copied_as_they_were_added(source: Path, tmp_path: Path) -> None:
    copying.copy(str(source), str(tmp_path / "b.idx"))
    with search.open(tmp_path / "b.idx") as engine:
        there = {article.id: article.person for article in engine.export(Query(), as_added=True)}
        assert there == {a.id: a.person for a in ARTICLES}


def test_what_the_source_blocks_while_it_is_copied_is_blocked(source: Path, tmp_path: Path) -> None:
    def change(article: Article) -> Article:
        with search.writer(source) as writer:
            writer.block("a")
        return article

    with search.writer(source):  # a source that is being written can be copied as it was
        copying.copy(str(source), str(tmp_path / "b.idx"))
    done = copying.copy(str(source), str(tmp_path / "b.idx"), change=change)

    assert done == (1, ("a",))
    with search.open(tmp_path / "b.idx") as engine:
        assert [article.id for article in engine.export(Query())] == ["b"]
        assert engine.removals().blocked == {"a"}


@cases("taken", [("a",), ("b",), ("a", "b"), ("c",)])
def test_what_others_block_in_the_copy_meanwhile_is_not_counted(
    source: Path, tmp_path: Path, taken: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_MEMORY_BYTES", 1)  # the ids are in a file
    copy = tmp_path / f"{taken}.idx"

    def change(article: Article) -> Article:
        if article.id == "a":
            takedowns.ask(copy, taken)
        return article

    done = copying.copy(str(source), str(copy), change=change)

    with search.open(copy) as engine:
        assert done == (article_count(engine), ())
        assert article_count(engine) == len({"a", "b"} - {*taken})


def test_copied_ids_are_counted_in_time_in_proportion() -> None:
    def task(count: int) -> Callable[[], object]:
        gone = {f"a{number}" for number in range(0, count, 3)}

        def counted() -> None:
            with copying._Ids() as ids:
                for number in range(count):
                    ids.add(f"a{number}")
                assert ids.among(gone) == len(gone)

        return counted

    assert waiting.grows_less(8, task, 4_000, 16_000)


def test_of_two_decisions_about_a_name_the_later_one_counts(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.idx"
    copying.copy(str(source), str(other))
    decide(source, ("Al Gore", "", 8), ("Ban Ki-moon", "Barack Obama", 9))
    decide(other, ("Ban Ki-moon", "Moon", 10), ("Lee", "Ann Lee", 8))
    copying.copy(str(source), str(other))
    assert persons(other) == {"Barack Obama": 1, "Moon": 1}
    copying.copy(str(other), str(source))
    assert persons(source) == persons(other)
    for place in (source, other):
        with search.writer(place) as writer:
            assert {entry.alias or entry.name for entry in writer.authority().entries} == {
                "Al Gore", "Ban Ki-moon", "Lee",
            }  # fmt: skip


def test_a_decision_that_was_taken_back_is_not_copied_again() -> None:
    ours = authorities.block(Authority(), "person", "Ann", at(8))
    theirs = authorities.take_back(ours, 1, at(9))

    assert joined(ours, theirs, at(10), "copy").entries == ()
    assert joined(theirs, ours, at(10), "copy") == theirs


def test_a_decision_that_was_undone_is_undone_in_copies(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.idx"
    before = persons(source)
    decide(source, ("Ban Ki-moon", "Barack Obama", 8))
    copying.copy(str(source), str(other))
    with search.writer(source) as writer:
        writer.set_authority(authorities.undo(writer.authority(), at(9))[0])
    copying.copy(str(other), str(source))
    copying.copy(str(source), str(other))
    assert persons(source) == persons(other) == before


def test_a_decision_keeps_its_time_in_a_copy() -> None:
    earlier = authorities.merge(Authority(), "person", "Trump", ["Pelosi"], "", at(8))
    later = authorities.merge(Authority(), "person", "Assad", ["Pelosi"], "", at(9))
    third = authorities.split(Authority(), "person", "Day", at(7))
    for copies in itertools.permutations((earlier, later)):
        found = third
        for number, each in enumerate(copies):
            found = joined(found, each, at(10 + number), "copy")
        assert {entry.name for entry in found.entries} == {"", "Assad"}
        assert joined(later, found, at(12), "copy").names("person").listed["pelosi"] == "Assad"


def exact(micros: int, hour: int = 8) -> str:
    return f"{at(hour)[:-1]}.{micros:06}Z"


@cases("times", [(at(8), at(8)), (exact(1), exact(2)), (exact(2), exact(1)), (exact(1), at(8))])
def test_decisions_of_one_second_are_the_same_in_copies_both_ways(times: tuple[str, str]) -> None:
    """The later one, if that is known."""
    one = authorities.merge(Authority(), "person", "Ann", ["Lee"], "", times[0])
    other = authorities.merge(Authority(), "person", "Bob", ["Lee"], "", times[1])

    both = joined(one, other, at(9), "copy")
    assert both.entries == joined(other, one, at(9), "copy").entries
    assert joined(both, other, at(10), "copy") == joined(both, one, at(10), "copy") == both
    if times == (exact(1), exact(2)):
        assert both.entries == other.entries
    elif times == (exact(2), exact(1)):
        assert both.entries == one.entries


def test_a_decision_is_later_than_those_about_the_name_before_it() -> None:
    ahead = authorities.merge(Authority(), "person", "Ann", ["Lee"], "", exact(5, 12))
    ours = authorities.merge(ahead, "person", "Bob", ["Lee"], "", exact(7, 11))
    undone = authorities.undo(ours, exact(7, 11))[0]

    assert [change.time for change in undone.journal] == [(at(12), 5), (at(12), 6), (at(12), 7)]
    assert joined(ahead, ours, at(13), "copy").entries == ours.entries
    assert (
        joined(ours, undone, at(13), "copy").entries == joined(ahead, undone, at(13), "copy").entries == ahead.entries
    )
    assert authorities.block(ours, "person", "Eve", exact(7, 11)).journal[-1].time == (at(11), 7)


def test_decisions_are_joined_in_time_in_proportion_to_their_number() -> None:
    def task(size: int) -> Callable[[], object]:
        ours = authorities.block(Authority(), "person", "Ann", at(8))
        entries = tuple(Entry("person", f"Name {n}", f"Alias {n}") for n in range(size))
        theirs = Authority(
            checked(entries), tuple(Change(f"{at(9)}{n:06}", "merge", (e,)) for n, e in enumerate(entries))
        )
        return lambda: undo(joined(ours, theirs, at(10), "copy"), at(11))

    assert waiting.grows_less(8, task, 1_000, 4_000)


def test_decisions_that_contradict_each_other_are_named_before_anything_is_copied(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.idx"
    decide(source, ("Al Gore", "Barack Obama", 8))
    decide(other, ("Barack Obama", "Al Gore", 9))
    with pytest.raises(BadAuthority, match="merged into each other"):
        copying.copy(str(source), str(other))
    with search.open(other) as engine:
        assert list(engine.export(Query())) == []
