"""One name per person, by evidence and by word of the owner, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import search
from search import Article, Evidence, Filter, Query
from search.engine import Engine
from search.errors import BadAuthority, IndexDamaged
from search.names.authority import (
    ACTIONS,
    KINDS,
    Authority,
    Change,
    Entry,
    block,
    changed,
    checked,
    merge,
    split,
    undo,
)
from tests import facets
from tests.cases import cases
from tests.plain_engine import PlainEngine
from tests.tiers import examples

NOW = "2024-01-01T00:00:00+00:00"


class Local:
    """An index in a directory."""

    def __init__(self, place: Path) -> None:
        self.place = place
        search.writer(place).close()
        self.engine: Engine = search.open(place)

    def writer(self) -> search.Writer:
        return search.writer(self.place)


class Plain:
    """The oracle."""

    def __init__(self) -> None:
        self.engine = PlainEngine()

    def writer(self) -> search.Writer:
        return self.engine.writer()


@pytest.fixture(params=["local", "plain"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Local | Plain]:
    made = Local(tmp_path / "news.idx") if request.param == "local" else Plain()
    yield made
    made.engine.close()


def fill(place: Local | Plain, *persons: tuple[str, ...]) -> None:
    """Articles with these persons, instead of those that there were."""
    there = {article.id for article in place.engine.export(Query(), as_added=True)}
    gone = there - {f"a{number}" for number in range(len(persons))}
    with place.writer() as writer:
        for article_id in gone:
            writer.delete(article_id)
        for number, names in enumerate(persons):
            evidence = {"person": tuple(Evidence(name, 0, 1, "X", "name", 1.0) for name in names)}
            writer.add(Article(f"a{number}", "X.", language="en", person=names, evidence=evidence))


def say(place: Local | Plain, said: Authority) -> None:
    with place.writer() as writer:
        writer.set_authority(said)


def persons(place: Local | Plain) -> dict[str, int]:
    facet = place.engine.search(Query(facets=("person",))).facets["person"]
    return {entry.value: entry.count for entry in facets.values(facet)}


def total(place: Local | Plain, *names: str) -> int:
    return place.engine.search(Query(filters={"person": Filter(any=names)}, facets=())).total


GADDAFI = merge(Authority(), "person", "Muammar Gaddafi", ("Moammar Gadhafi", "Qadhafi"), "Q19878", NOW)


def test_merged_spellings_are_one_value_counted_by_article_and_each_finds_it(place: Local | Plain) -> None:
    fill(place, ("Moammar Gadhafi", "Qadhafi"), ("Qadhafi",), ("Bo Ek",))
    say(place, GADDAFI)

    assert persons(place) == {"Muammar Gaddafi": 2, "Bo Ek": 1}
    for name in ("Muammar Gaddafi", "QADHAFI", "moammar gadhafi"):
        assert total(place, name) == 2


def test_an_article_shows_the_name_and_its_evidence_says_what_was_changed(place: Local | Plain) -> None:
    fill(place, ("Qadhafi",))
    say(place, GADDAFI)
    article = place.engine.article("a0")

    assert article.person == ("Muammar Gaddafi",)
    assert article.evidence["person"][0].rule == "name; authority “Qadhafi”"


def test_a_change_is_a_generation_that_an_open_engine_sees(place: Local | Plain) -> None:
    fill(place, ("Qadhafi",))
    before = place.engine.search(Query()).generation
    say(place, GADDAFI)

    assert place.engine.search(Query()).generation > before


def test_undo_takes_back_the_last_change(place: Local | Plain) -> None:
    fill(place, ("Qadhafi",))
    say(place, GADDAFI)
    say(place, undo(GADDAFI, NOW)[0])

    assert persons(place) == {"Qadhafi": 1}


def test_a_blocked_name_is_not_shown_nor_what_is_merged_into_it(place: Local | Plain) -> None:
    fill(place, ("Qadhafi",), ("Qadhafi", "Bo Ek"), ("Muammar Gaddafi",))
    say(place, block(GADDAFI, "person", "Muammar Gaddafi", NOW))

    assert persons(place) == {"Bo Ek": 1}
    assert total(place, "Qadhafi") == 0
    assert place.engine.article("a1").person == ("Bo Ek",)
    assert "Qadhafi" not in {entry.value for entry in place.engine.article("a1").evidence["person"]}


def test_an_article_of_blocked_names_only_has_none(place: Local | Plain) -> None:
    fill(place, ("Qadhafi",), ("Bo Ek",))
    say(place, block(Authority(), "person", "Qadhafi", NOW))

    assert place.engine.search(Query(filters={"person": Filter(missing=True)})).total == 1


def test_a_surname_stands_for_the_one_full_name_that_stands_out(place: Local | Plain) -> None:
    fill(place, *[("Antony Blinken",)] * 5, ("Blinken",), ("Reagan",))

    assert persons(place) == {"Antony Blinken": 6, "Reagan": 1}
    assert place.engine.article("a5").evidence["person"][0].rule == "name; archive “Blinken”"


def test_two_bakers_stay_two(place: Local | Plain) -> None:
    fill(place, *[("James Baker",)] * 5, *[("Howard Baker",)] * 3, ("Baker",))

    assert persons(place) == {"James Baker": 5, "Howard Baker": 3, "Baker": 1}


def test_split_lets_an_alias_stand_by_itself(place: Local | Plain) -> None:
    fill(place, *[("Antony Blinken",)] * 5, ("Blinken",))
    say(place, split(Authority(), "person", "Blinken", NOW))

    assert persons(place) == {"Antony Blinken": 5, "Blinken": 1}
    assert total(place, "blinken") == 1


@cases(
    "names, shown",
    [
        (("Kim Jong-un", "Kim Jong Un", "Kim Jong Un"), {"Kim Jong Un": 3}),
        (("Ronald W. Reagan", "Ronald Reagan", "Ronald Reagan"), {"Ronald Reagan": 3}),
        (("Ann B. Lee", "Ann C. D. Lee", "Ann Lee"), {"Ann B. Lee": 1, "Ann C. D. Lee": 1, "Ann Lee": 1}),
        (("James Baker",) * 8 + ("Howard Baker", "Baker"), {"James Baker": 9, "Howard Baker": 1}),
        (("James Baker",) * 7 + ("Howard Baker",) * 2 + ("Baker",), {"James Baker": 7, "Howard Baker": 2, "Baker": 1}),
        (("Xi Jinping",) * 9 + ("Xi Zhongxun", "Xi"), {"Xi Jinping": 10, "Xi Zhongxun": 1}),
        (("Xi Jinping",) * 8 + ("Xi Zhongxun", "Xi"), {"Xi Jinping": 8, "Xi Zhongxun": 1, "Xi": 1}),
        (("Xi Jinping",) * 5 + ("Xi",), {"Xi Jinping": 6}),
        (("Xi Jinping",) * 4 + ("Xi",), {"Xi Jinping": 4, "Xi": 1}),
        (("Charles de Gaulle",) * 5 + ("de Gaulle", "Gaulle"), {"Charles de Gaulle": 7}),
        (("Helmut Kohl",) * 5 + ("H. Kohl", "K. Kohl"), {"Helmut Kohl": 6, "K. Kohl": 1}),
        (("Helmut Kohl",) * 3 + ("John Helmut",), {"Helmut Kohl": 3, "John Helmut": 1}),
    ],
)  # fmt: skip
def test_the_archive_decides_who_is_one(place: Local | Plain, names: tuple[str, ...], shown: dict[str, int]) -> None:
    fill(place, *[(name,) for name in names])

    assert persons(place) == shown


def test_deleted_articles_are_no_evidence(place: Local | Plain) -> None:
    fill(place, *[("Antony Blinken",)] * 5, ("Blinken",))
    with place.writer() as writer:
        writer.delete("a0")

    assert persons(place) == {"Antony Blinken": 4, "Blinken": 1}


def test_a_new_commit_may_make_a_name_one(place: Local | Plain) -> None:
    fill(place, *[("Antony Blinken",)] * 4, ("Blinken",))
    assert persons(place) == {"Antony Blinken": 4, "Blinken": 1}
    with place.writer() as writer:
        writer.add(Article("new", "X.", person=("Antony Blinken",)))

    assert persons(place) == {"Antony Blinken": 6}


NAMES = st.sampled_from(
    ("Ann Lee", "Ann B. Lee", "Ann C. Lee", "Lee", "ann lee", "A. Lee", "Lee Jong-un", "Lee Jong Un", "Bo Ek", "Ek",
     "de Ek", "Bo Lee")
)  # fmt: skip
ENTRIES = st.builds(
    lambda action, name, alias: Entry(
        "person", "" if action == "split" else name, "" if action == "block" else alias, "", action
    ),
    st.sampled_from(ACTIONS), NAMES, NAMES,
)  # fmt: skip


def _checked(entries: list[Entry]) -> Authority:
    """Those entries that agree with the ones before."""
    kept: list[Entry] = []
    for entry in entries:
        try:
            checked([*kept, entry])
        except BadAuthority:
            continue
        kept.append(entry)
    return changed(Authority(), kept, (), NOW, "import")


@examples(60, few=15, suppress=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(NAMES, max_size=3, unique=True), max_size=14),
    st.lists(st.lists(NAMES, max_size=3, unique=True), max_size=4),
    st.lists(ENTRIES, max_size=4),
    st.sets(st.integers(0, 17), max_size=5),
)
def test_names_are_as_the_oracle_has_them(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[list[str]],
    second: list[list[str]],
    entries: list[Entry],
    gone: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("names") / "news.idx"
    said = _checked(entries)
    local, plain = Local(folder), Plain()
    for place in (local, plain):
        fill(place, *map(tuple, first))
        say(place, said)
        persons(place)
        with place.writer() as writer:
            for number, names in enumerate(second, len(first)):
                writer.add(Article(f"a{number}", "X.", person=tuple(names)))
            for number in sorted(gone):
                writer.delete(f"a{number}")
    with search.open(folder) as anew:
        results = [
            engine.search(Query(facets=("person",), facet_size=50)) for engine in (local.engine, anew, plain.engine)
        ]
        assert results[0].facets == results[2].facets
        assert results[1].facets == results[2].facets
        for name in ("Ann Lee", "Ann B. Lee", "Lee", "Ek", "de Ek", "Bo Lee", "Lee Jong Un"):
            assert total(local, name) == total(plain, name), (name, first, second, entries, gone)
    for number in set(range(len(first) + len(second))) - gone:
        assert local.engine.article(f"a{number}") == plain.engine.article(f"a{number}")
    local.engine.close()


SPELLINGS = {"country": "Germany", "topic": "soccer"}
"""An alias of each kind; of the others any."""


@cases("kind", KINDS)
def test_what_is_said_of_a_name_replaces_nothing_of_another_kind_or_name(kind: str) -> None:
    aliases = {other: SPELLINGS.get(other, "Germany") for other in KINDS}
    said = Authority()
    for other, alias in aliases.items():
        said = merge(said, other, "FR" if other == "country" else "First", (alias, alias), "", NOW)
    said = merge(said, "person", "Ann Lee", ("A. Lee",), "", NOW)
    again = merge(said, kind, "DE" if kind == "country" else "Second", (aliases[kind],), "", NOW)

    assert {e for e in said.entries if e.kind != kind} <= set(again.entries)
    assert len(again.entries) == len(said.entries)
    assert again.names("person").listed["a. lee"] == "Ann Lee"
    assert undo(again, NOW)[0].entries == said.entries
    if kind not in ("topic", "country"):
        assert {e for e in said.entries if e.kind != kind} <= set(split(said, kind, aliases[kind], NOW).entries)


def test_the_time_of_a_change_has_one_form() -> None:
    assert Change("2026-11-28T09:00:00+00:00", "x") == Change("2026-11-28T09:00:00Z", "x")


def test_a_torn_file_is_said_to_be_one(tmp_path: Path) -> None:
    search.writer(tmp_path / "news.idx").close()
    (tmp_path / "news.idx" / "authority.json").write_bytes(b'{"entries": [')

    with pytest.raises(IndexDamaged, match="Restore it"):
        search.open(tmp_path / "news.idx")


@cases(
    "entries, message",
    [
        ([Entry("language", "x", "y")], "is a fixed list"),
        ([Entry("contry", "x", "y")], "There is no"),
        ([Entry("person", "A", "x"), Entry("person", "B", "X")], "both “A” and “B”"),
        ([Entry("person", "A", "B"), Entry("person", "B", "A")], "merged into each other"),
        ([Entry("person", "A", "x"), Entry("person", "", "x", action="split")], "both merged and split"),
        ([Entry("country", "Atlantis", "DE")], "No country “Atlantis”"),
        ([Entry("topic", "x", "qqqqqq")], "No topic “qqqqqq”"),
        ([Entry("topic", "", "soccer", action="split")], "cannot be split"),
        ([Entry("topic", "A", "soccer"), Entry("topic", "B", "football")], "both “A” and “B”"),
        ([Entry("person", "", "x")], "Give a name"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(entries: list[Entry], message: str) -> None:
    with pytest.raises(BadAuthority, match=message):
        checked(entries)
