"""Corrections have one order, that in which they were made, in every index that has them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import search
from desk.corrections import exchange
from desk.corrections.correction import Correction, checked, made
from desk.corrections.store import Store
from search import Article
from search.files import databases
from search.local.safe import backup, restoring
from search.local.safe.verify import verify
from search.text import dates
from service.commands import side_files
from service.commands.cli import main
from tests import waiting
from tests.cases import cases
from tests.desk.corrections import earlier
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
@examples(100, few=25)
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
    earlier.make(made, LEGACY)
    return made


def test_an_earlier_store_opens_with_its_order_and_numbers(place: Path) -> None:
    for _ in range(2):
        with Store(place) as store:
            assert values(store) == ["0", "1", "2", "4"]
            assert [replace(each, number=0, micros=0) for each in store.listed()] == list(LEGACY)
            assert (store.last, store.pending()[0]) == (6, ["a"])
            assert not list(databases.contradictions(store.db))
    with Store(place) as store:
        (new,) = store.add([title("5")])
        assert (new.number, values(store)[-1]) == (7, "5")
    assert verify(place).whole


def test_an_earlier_store_without_corrections_opens(tmp_path: Path) -> None:
    earlier.make(tmp_path, ())
    with Store(tmp_path) as store:
        assert store.listed() == ()
        assert store.add([title("1")])[0].number == 1


def test_an_earlier_store_whose_upgrade_fails_is_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, left = Store._write, iter(range(3))

    def failing(store: Store, row: Sequence[object]) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        write(store, row)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_write", failing)
        with pytest.raises(KeyboardInterrupt):
            Store(place)
    with earlier.Earlier(place) as before:
        assert before.db.execute("SELECT count(*) FROM corrections").fetchone() == (5,)
    with Store(place) as store:
        assert values(store) == ["0", "1", "2", "4"]


def test_a_backup_with_an_earlier_store_is_not_changed_by_a_restore(place: Path, tmp_path: Path) -> None:
    backup.create(place, tmp_path / "backup")
    with Store(place) as store:
        store.add([title("5")])
    restoring.replace(tmp_path / "backup", place, side_files.RULES)

    with Store(place) as store:
        assert values(store) == ["0", "1", "2", "4", "5"]
    with earlier.Earlier(tmp_path / "backup") as before:
        assert before.db.execute("SELECT count(*) FROM corrections").fetchone() == (5,)


def test_earlier_stores_agree_once_they_were_copied_both_ways(tmp_path: Path) -> None:
    for name, own in (("x", ("1", "2")), ("y", ("3", "1", "2"))):
        (tmp_path / name).mkdir()
        earlier.make(tmp_path / name, [title(value) for value in own])
    with Store(tmp_path / "x") as x, Store(tmp_path / "y") as y:
        for one, other in ((x, y), (y, x)):
            assert [each.value for each in one.merged("a", other.listed("a"))].index("1") < 2
            one.merge(other.listed())

        assert values(x) == values(y)
        assert len(x.listed()) == len(y.listed()) == 3


def test_an_earlier_store_opens_in_time_in_proportion(tmp_path: Path) -> None:
    def opening(count: int) -> Callable[[], object]:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        earlier.make(folder, [title(f"Title {number}") for number in range(count)])
        return lambda: Store(folder).close()

    numbers = itertools.count()
    assert waiting.grows_less(8, opening, 1_000, 4_000)


def test_an_earlier_store_that_stays_one_is_read_as_this_one_would_be(place: Path) -> None:
    with Store(place, is_backup=True) as seen:
        found = (seen.listed(), seen.of("a"), seen.pending(), seen.articles(), seen.last, seen.since(AT))
    with Store(place) as store:
        assert found == (store.listed(), store.of("a"), store.pending(), store.articles(), store.last, store.since(AT))


def test_an_earlier_store_that_stays_one_costs_what_is_read_of_it(tmp_path: Path) -> None:
    earlier.make(tmp_path, [replace(title("Title"), article=f"a{number}") for number in range(20_000)])

    def reading() -> None:
        with Store(tmp_path, is_backup=True) as store:
            assert len(store.of("a77")) == 1

    assert waiting.cpu_seconds(reading) < 0.1


def test_a_damaged_row_of_an_earlier_store_that_stays_one_is_noticed(place: Path) -> None:
    with earlier.Earlier(place) as before, before.transaction():
        before.db.execute("UPDATE corrections SET value = 'x' WHERE number = 1")
    with Store(place, is_backup=True) as store, pytest.raises(search.IndexDamaged, match="not as written"):
        store.listed()


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
