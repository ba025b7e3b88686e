"""Bits flip, files are cut short or lost: `verify` finds each, and who answers says so or answers as before."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import search
from indexer import pipeline
from search import Filter, IndexProblem, Query
from search.engine import Engine
from search.local.safe import leases
from search.local.safe.lock import FILE as LOCK
from search.local.safe.verify import verify
from tests.cases import cases
from tests.conftest import SEEDS
from tests.reliability import model

QUERIES = (
    Query("berlin wall"),
    Query("trade OR talks", facets=("person", "country", "topic", "date"), sort="oldest", size=50),
    Query('"the government"', filters={"country": Filter(any=("DE", "US"))}),
    Query("gov*", sort="newest"),
    Query(facets=("person", "country", "topic", "source", "language", "date"), size=100),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that has everything an index can have: several segments, deleted articles, names, a ledger."""
    made = tmp_path_factory.mktemp("made") / "news.idx"
    with search.writer(made) as writer:
        pipeline.index(writer, [SEEDS / "1945-1969"], pipeline.Options(collection="seeds", workers=1, place=made))
    model.make(made, 3)
    return made


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "news.idx")


def answers(engine: Engine) -> list[object]:
    """What the engine says to the questions, but for how long it took; and every article."""
    said: list[object] = [replace(engine.search(query), took_ms=0.0) for query in QUERIES]
    return [*said, list(engine.export(Query()))]


def files(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.name not in (LOCK, leases.FOLDER))


def found(place: Path) -> bool:
    """Whether `verify` finds that an index is not whole."""
    try:
        return not verify(place).whole
    except IndexProblem:
        return True


def is_right(engine: Callable[[], Engine], expected: list[object]) -> bool:
    """Whether an engine answers as it should; False where it refuses. Any other answer fails."""
    try:
        assert answers(engine()) == expected
    except IndexProblem:
        return False
    return True


def damage(place: Path, times: int, change: Callable[[Path, random.Random], None], seed: int) -> tuple[int, int]:
    """Damage one file after the other, and mend it; how often one that was answering noticed, and one opened then."""
    dice = random.Random(seed)
    serving = search.open(place)
    expected = answers(serving)
    noticed = refused = 0
    for path in dice.choices(files(place), k=times):
        whole = path.read_bytes()
        change(path, dice)
        assert found(place), path
        noticed += not is_right(lambda: serving, expected)
        refused += not is_right(lambda: search.open(place), expected)
        with path.open("rb+") as file:
            file.truncate(len(whole))
            file.write(whole)
        assert is_right(lambda: serving, expected), path
    assert verify(place).whole
    serving.close()
    return noticed, refused


def flip(path: Path, dice: random.Random) -> None:
    with path.open("rb+") as file:
        at = dice.randrange(path.stat().st_size)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ (1 << dice.randrange(8))]))


def cut(path: Path, dice: random.Random) -> None:
    with path.open("rb+") as file:
        file.truncate(dice.randrange(path.stat().st_size))


def test_every_flipped_bit_is_found(place: Path, amount: Callable[..., int]) -> None:
    assert min(damage(place, amount(40, few=4), flip, 4)) > 0


def test_every_cut_is_found(place: Path, amount: Callable[..., int]) -> None:
    assert min(damage(place, amount(15, few=3), cut, 5)) > 0


@pytest.mark.soak
def test_a_thousand_flipped_bits_are_found(place: Path) -> None:
    noticed, refused = damage(place, 1000, flip, 6)

    assert noticed
    assert refused
    print(f"1000 flips: all found by verify, {noticed} refused by a running engine, {refused} by a new one")


@pytest.mark.soak
def test_a_hundred_cuts_are_found(place: Path) -> None:
    noticed, refused = damage(place, 100, cut, 7)

    assert noticed
    assert refused
    print(f"100 cuts: all found by verify, {noticed} refused by a running engine, {refused} by a new one")


def test_every_file_that_is_lost_is_missed(place: Path, amount: Callable[..., int]) -> None:
    serving = search.open(place)
    expected = answers(serving)
    for path in files(place)[:: amount(1, few=5)]:
        aside = place.with_name(path.name)
        path.rename(aside)
        assert found(place), path
        is_right(lambda: serving, expected)
        is_right(lambda: search.open(place), expected)
        aside.rename(path)
    assert is_right(lambda: serving, expected)
    assert verify(place).whole


@cases("change", [flip, cut, lambda path, _: path.unlink()])
def test_the_table_for_plain_whoosh_is_written_anew(place: Path, change: Callable[[Path, random.Random], None]) -> None:
    expected = answers(search.open(place))
    (table,) = place.glob("*.toc")
    change(table, random.Random(8))

    assert [fault.file for fault in verify(place).faults] == [table.name]
    assert answers(search.open(place)) == expected
    search.writer(place).close()
    assert verify(place).whole


def largest(place: Path) -> Path:
    return max(place.glob("segment_*"), key=lambda path: path.stat().st_size)


def test_what_is_damaged_is_not_copied_into_a_merge_nor_locked_by_who_refused_it(place: Path) -> None:
    flip(largest(place), random.Random(9))
    for _ in range(2):
        with pytest.raises(search.IndexDamaged, match="damaged"):
            search.writer(place)


def test_what_is_mended_answers_again(made: Path, place: Path) -> None:
    engine = search.open(place)
    expected = answers(engine)
    file = largest(place)
    flip(file, random.Random(10))
    with pytest.raises(search.IndexDamaged):
        engine.search(QUERIES[0])
    shutil.copyfile(made / file.name, file.with_name("whole"))
    file.with_name("whole").replace(file)

    assert is_right(lambda: engine, expected)
