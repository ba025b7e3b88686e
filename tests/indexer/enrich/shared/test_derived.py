"""Derived arrays are stored once, and derived again for another key, or if the file is damaged."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import numpy as np
import pytest

from indexer import languages
from indexer.enrich.shared import derived
from indexer.enrich.shared.derived import Arrays

NUMBERS = [3, 1, 4, 1, 5]


class Counted:
    """Derives some arrays, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Arrays:
        self.times += 1
        return {"numbers": np.array(NUMBERS, np.int32), "empty": np.zeros(0, np.uint8)}


@pytest.fixture
def derive() -> Counted:
    return Counted()


def test_arrays_are_derived_once(tmp_path: Path, derive: Counted) -> None:
    for _ in range(2):
        found = derived.stored(tmp_path, "some", "a", derive)

        assert {name: array.tolist() for name, array in found.items()} == {"numbers": NUMBERS, "empty": []}
    assert derive.times == 1


def test_another_key_derives_again_and_removes_the_file_of_the_first(tmp_path: Path, derive: Counted) -> None:
    for name, key in (("some", "a"), ("others", "a"), ("some", "b")):
        derived.stored(tmp_path, name, key, derive)

    assert derive.times == 3
    names = [path.name.split("-") for path in tmp_path.glob(f"*{derived.SUFFIX}")]
    assert sorted((name, key) for name, _, key in names) == [
        ("others", f"a{derived.SUFFIX}"),
        ("some", f"b{derived.SUFFIX}"),
    ]


def test_a_damaged_file_is_replaced(tmp_path: Path, derive: Counted) -> None:
    derived.stored(tmp_path, "some", "a", derive)
    (place,) = tmp_path.glob(f"*{derived.SUFFIX}")
    whole = place.read_bytes()
    for times, damaged in enumerate((whole[: len(whole) // 2], b"", whole[::-1]), 2):
        place.write_bytes(damaged)

        for _ in range(2):
            assert derived.stored(tmp_path, "some", "a", derive)["numbers"].tolist() == NUMBERS
        assert derive.times == times


def test_a_directory_that_cannot_be_written_costs_only_time(tmp_path: Path, derive: Counted) -> None:
    missing = tmp_path / "missing"

    assert derived.stored(missing, "some", "a", derive)["numbers"].tolist() == NUMBERS
    assert not missing.exists()


def test_kernels_can_be_compiled_to_derive(tmp_path: Path, derive: Counted) -> None:
    def compiling() -> Arrays:
        folder = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as what is compiled is stored
        finally:
            os.close(folder)
        return derive()

    assert derived.stored(tmp_path, "some", "a", compiling)["numbers"].tolist() == NUMBERS


def test_arrays_can_never_be_written(tmp_path: Path, derive: Counted) -> None:
    for folder in (tmp_path, tmp_path, tmp_path / "missing"):
        found = derived.stored(folder, "some", "a", derive)

        assert not any(array.flags.writeable for array in found.values())


def test_a_key_names_all_code_tables_and_models(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)

    derived.version.__wrapped__(languages.default())

    assert {"gazetteer.py", "country_towns.tsv", "persons.npz", "tokens.py", "countries.tsv", "sums.py"} <= set(read)
