from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from search.files.array_file import ArrayFile, ArrayFileWriter
from search.local.format.store import SAMPLES, Store, StoreWriter
from search.system import disk
from tests.cases import cases


def stored(path: Path, records: Sequence[bytes]) -> tuple[ArrayFile, Store]:
    file = ArrayFileWriter(disk.create(path))
    writer = StoreWriter(file)
    for record in records:
        writer.add(record)
    writer.finish()
    file.close()
    opened = ArrayFile(path)
    return opened, Store(opened)


def made(count: int) -> list[bytes]:
    chance = random.Random(3)
    words = [f"word{number}" for number in range(500)]
    return [f'{{"text":"{" ".join(chance.choices(words, k=60))}"}}'.encode() for _ in range(count)]


@cases("count", [0, 1, SAMPLES - 1, SAMPLES, SAMPLES + 1, 3 * SAMPLES])
def test_records_come_back_as_they_were_added(tmp_path: Path, count: int) -> None:
    records = made(count)
    file, store = stored(tmp_path / f"{count}.sto", records)

    assert list(store) == records
    assert [store[number] for number in reversed(range(count))] == records[::-1]
    assert bool(len(file["dictionary"])) == (count >= SAMPLES)


def test_records_from_which_nothing_is_learned_come_back_too(tmp_path: Path) -> None:
    for number, records in enumerate(([b""] * 2 * SAMPLES, [b"{}"] * 2 * SAMPLES, [b"x" * 9] * SAMPLES)):
        _, store = stored(tmp_path / f"{number}.sto", records)

        assert list(store) == records


def test_a_dictionary_makes_records_smaller(tmp_path: Path) -> None:
    few, many = made(SAMPLES - 1), made(8 * SAMPLES)
    without, _ = stored(tmp_path / "few.sto", few)
    file, _ = stored(tmp_path / "many.sto", many)

    assert len(file["records"]) / len(many) < 0.8 * len(without["records"]) / len(few)


def test_threads_read_the_same_records(tmp_path: Path) -> None:
    records = made(2 * SAMPLES)
    _, store = stored(tmp_path / "some.sto", records)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(store.__getitem__, [*range(len(records))] * 4))

    assert found == records * 4
