"""Corrections have one order, that in which they were made, in every index that has them."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import search
from desk.corrections import exchange
from desk.corrections.correction import Correction, checked, made
from desk.corrections.store import Store
from desk.store import rows
from desk.store.where import FILE
from search import Article
from search.files import databases
from search.local.safe import backup, restoring
from search.local.safe.verify import verify
from search.text import dates
from service.commands import side_files
from service.commands.cli import main
from tests import waiting
from tests.cases import cases
from tests.desk import former
from tests.tiers import examples

AT = "2026-11-26T21:04:11Z"


def title(value: str, micros: int = 0, at: str = AT) -> Correction:
    return checked("a", "title", "set", value, "night desk", f"{at[:-1]}.{micros:06}Z" if micros else at)


@contextmanager
def stores(folder: Path, count: int) -> Iterator[list[Store]]:
    with ExitStack() as opened:
        for number in range(count):
            (folder / str(number)).mkdir()
        yield [opened.enter_context(Store(folder / str(number))) for number in range(count)]


def values(store: Store) -> list[str]:
    return [each.value for each in store.of("a")]


@cases("order", [*itertools.product([(0, 1), (1, 0)], repeat=2)])
def test_corrections_of_one_second_have_the_same_order_on_both_sides(
    order: Sequence[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with stores(tmp_path_factory.mktemp("both"), 2) as both:
        both[0].add([title("first", 100)])
        both[1].add([title("second", 200)])
        both[0].add([title("third", 300)])
        for source, target in ((0, 1), (1, 0), *order):
            there = both[source].listed()
            assert [each.value for each in both[target].merged("a", there)][-1] == "third"
            both[target].merge(there)

        assert values(both[0]) == values(both[1]) == ["first", "second", "third"]


MADE = st.tuples(st.integers(0, 2), st.sampled_from(["x", "y", "z"]), st.integers(0, 3))
COPIED = st.tuples(st.integers(0, 2), st.integers(0, 2))


@given(st.lists(MADE | COPIED, max_size=12))
@examples(50, few=10)
def test_the_order_is_the_same_wherever_corrections_were_made(steps: list[tuple[int, ...]]) -> None:
    """Within a store it is also that in which they were added."""
    added: list[list[str]] = [[], [], []]
    numbers = itertools.count()
    with TemporaryDirectory() as folder, stores(Path(folder), 3) as three:
        for step in steps:
            if len(step) == 3:
                value = f"{step[1]} {next(numbers)}"
                three[step[0]].add([title(value, step[2])])
                added[step[0]].append(value)
            else:
                three[step[1]].merge(three[step[0]].listed())
        for _ in range(2):
            for source, target in itertools.permutations(three, 2):
                target.merge(source.listed())

        found = [values(store) for store in three]
        assert found[0] == found[1] == found[2]
        for own in added:
            assert [value for value in found[0] if value in own] == own


def test_a_correction_at_the_same_time_is_later_than_those_before(tmp_path: Path) -> None:
    with stores(tmp_path, 1) as (store,):
        store.add([title("1"), title("2"), title("3", at="2020-01-01T00:00:00Z")])

        assert [(each.at, each.micros) for each in store.of("a")] == [(AT, 0), (AT, 1), (AT, 2)]


def test_a_time_is_read_to_the_microsecond() -> None:
    before, at, after = dates.now(), dates.exactly(), dates.exactly()

    assert dates.apart(at) < dates.apart(after) or at == after
    assert dates.is_moment(dates.apart(at)[0])
    assert before <= dates.apart(at)[0]
    assert dates.apart(f"{AT[:-1]}.000120Z") == (AT, 120)
    assert dates.apart(AT) == (AT, 0)
    assert dates.apart("yesterday") == ("yesterday", 0)


LEGACY = (
    title("1"),
    title("2"),
    replace(title("3"), undone=AT, undone_by="Ann"),
    title("4"),
    title("0", at="2020-01-01T00:00:00Z"),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index with an article, and a store of an earlier version."""
    made = tmp_path / "news.idx"
    with search.writer(made) as writer:
        writer.add(Article("a", "Talks."))
    former.make_corrections(made, LEGACY)
    return made


def test_an_earlier_store_opens_with_its_order_and_numbers(place: Path) -> None:
    for _ in range(2):
        with Store(place) as store:
            assert values(store) == ["0", "1", "2", "4"]
            assert [replace(each, number=0, micros=0) for each in store.listed()] == list(LEGACY)
            assert (store.last, store.pending()[0]) == (6, ["a"])
        assert not list(databases.faults(place / FILE))
    with Store(place) as store:
        (new,) = store.add([title("5")])
        assert (new.number, values(store)[-1]) == (7, "5")
    assert verify(place).whole


def test_an_earlier_store_without_corrections_opens(tmp_path: Path) -> None:
    former.make_corrections(tmp_path, ())
    with Store(tmp_path) as store:
        assert store.listed() == ()
        assert store.add([title("1")])[0].number == 1


def test_an_earlier_store_that_is_not_taken_over_is_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put, before = rows.put, {path.name: path.read_bytes() for path in place.glob("corrections*")}

    def interrupt(number: int) -> None:
        left = iter(range(number))

        def failing(*given: Any) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            put(*given)

        with monkeypatch.context() as patch:
            patch.setattr(rows, "put", failing)
            with pytest.raises(KeyboardInterrupt):
                Store(place)

    for number in range(3):
        interrupt(number)
        assert {path.name: path.read_bytes() for path in place.glob("corrections*")} == before
        assert not list(place.glob(f"{FILE}*"))
    with Store(place) as store:
        assert values(store) == ["0", "1", "2", "4"]


def test_a_backup_with_an_earlier_store_is_not_changed_by_a_restore(place: Path, tmp_path: Path) -> None:
    backup.create(place, tmp_path / "backup")
    with Store(place) as store:
        store.add([title("5")])
    restoring.replace(tmp_path / "backup", place, side_files.RULES)

    with Store(place) as store:
        assert values(store) == ["0", "1", "2", "4", "5"]
    assert not (tmp_path / "backup" / FILE).exists()
    with Store(tmp_path / "backup", is_backup=True) as before:
        assert len(before.listed()) == 5


def test_earlier_stores_agree_once_they_were_copied_both_ways(tmp_path: Path) -> None:
    for name, own in (("x", ("1", "2")), ("y", ("3", "1", "2"))):
        (tmp_path / name).mkdir()
        former.make_corrections(tmp_path / name, [title(value) for value in own])
    with Store(tmp_path / "x") as x, Store(tmp_path / "y") as y:
        for one, other in ((x, y), (y, x)):
            assert [each.value for each in one.merged("a", other.listed("a"))].index("1") < 2
            one.merge(other.listed())

        assert values(x) == values(y)
        assert len(x.listed()) == len(y.listed()) == 3


@pytest.mark.check
def test_an_earlier_store_opens_in_time_in_proportion(tmp_path: Path) -> None:
    def opening(count: int) -> Callable[[], object]:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        former.make_corrections(folder, [title(f"Title {number}") for number in range(count)])
        return lambda: Store(folder).close()

    numbers = itertools.count()
    assert waiting.grows_less(8, opening, 1_000, 4_000)


def test_an_earlier_store_that_stays_one_is_read_as_this_one_would_be(place: Path) -> None:
    with Store(place, is_backup=True) as seen:
        found = (seen.listed(), seen.of("a"), seen.pending(), seen.articles(), seen.last, seen.since(AT))
    with Store(place) as store:
        assert found == (store.listed(), store.of("a"), store.pending(), store.articles(), store.last, store.since(AT))


def test_a_damaged_row_of_an_earlier_store_is_not_taken_over(place: Path) -> None:
    path = place / "corrections.sqlite"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("UPDATE corrections SET value = 'x' WHERE number = 1")
    for is_backup in (True, False):
        with pytest.raises(search.IndexDamaged, match=r"corrections\.sqlite” is damaged, and is not taken over"):
            Store(place, is_backup=is_backup)
    assert path.exists()
    assert not (place / FILE).exists()


def test_an_exported_file_is_read_in_the_order_in_which_corrections_were_made(tmp_path: Path) -> None:
    with stores(tmp_path, 3) as (one, other, third):
        one.add([title("later", 200)])
        other.add([title("earlier", 100)])
        one.merge(other.listed())
        lines = b"".join(exchange.csv_lines(sorted(one.listed(), key=made)))
        third.add(exchange.read(lines, "x", AT))

        assert values(one) == values(third) == ["earlier", "later"]
        (line,) = exchange.gold(one.listed())
        assert json.loads(line)["title"]["right"] == ["later"]


@pytest.mark.parametrize("first", ["x", "y"])
def test_articles_copied_both_ways_have_the_later_correction(first: str, tmp_path: Path) -> None:
    places = {name: tmp_path / f"{name}.idx" for name in ("x", "y")}
    for name, place in places.items():
        with search.writer(place) as writer:
            writer.add(Article("a", "Talks.", title="Talks"))
        with Store(place) as store:
            store.add([title(name, 100 if name == first else 200)])
    for source, target in (("x", "y"), ("y", "x")):
        done = CliRunner().invoke(main, ["copy", str(places[source]), str(places[target])])
        assert done.exit_code == 0, done.output

    for place in places.values():
        with search.open(place) as engine:
            assert engine.article("a").title == ({"x", "y"} - {first}).pop()
