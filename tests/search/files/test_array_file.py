from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search import IndexDamaged
from search.files import array_file
from search.files.array_file import ArrayFile, ArrayFileWriter
from search.system import disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of two arrays, one of them written in pieces."""
    place = tmp_path / "arrays"
    writer = ArrayFileWriter(disk.create(place))
    writer.add("one", np.arange(1000, dtype=np.uint32))
    writer.begin("two", np.dtype(np.uint8))
    writer.append(np.arange(5, dtype=np.uint8))
    writer.append(np.arange(7, dtype=np.uint8))
    writer.close()
    return place


def test_arrays_come_back_as_they_went_in(path: Path) -> None:
    file = ArrayFile(path)

    assert file["one"].tolist() == list(range(1000))
    assert file["two"].tolist() == [*range(5), *range(7)]
    assert file.damaged() == []
    assert "three" not in file


def resident(path: Path) -> int:
    """Bytes of a mapped file that are in the memory of this process."""
    size, here = 0, False
    for line in Path("/proc/self/smaps").read_text("utf-8", "replace").splitlines():
        if line.endswith(str(path)):
            here = True
        elif here and line.startswith("Rss:"):
            size, here = size + 1024 * int(line.split()[1]), False
    return size


def test_a_file_that_is_checked_and_released_stays_readable(tmp_path: Path) -> None:
    place, numbers = tmp_path / "large", np.arange(1 << 20, dtype=np.uint32)
    writer = ArrayFileWriter(disk.create(place))
    writer.add("one", numbers)
    writer.close()
    file = ArrayFile(place)
    assert (file["one"] == numbers).all()
    assert resident(place) > numbers.nbytes // 2

    array_file.check([file])

    assert resident(place) < numbers.nbytes // 10
    assert (file["one"] == numbers).all()


def test_every_flipped_byte_is_found(path: Path) -> None:
    whole = path.read_bytes()
    padding = range(4000, 4032)  # between the arrays, aligned to 64
    for place in range(0, len(whole), 7):
        if place not in padding:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
            try:
                assert ArrayFile(path).damaged(), place
            except IndexDamaged:
                continue


def test_a_file_of_another_format_is_refused_with_both(path: Path) -> None:
    whole = path.read_bytes()
    *tail, version, magic = array_file._TAIL.unpack(whole[-array_file._TAIL.size :])
    path.write_bytes(whole[: -array_file._TAIL.size] + array_file._TAIL.pack(*tail, version + 1, magic))

    with pytest.raises(IndexDamaged, match=f"arrays” is of format {version + 1}; this program reads {version}. "):
        ArrayFile(path)


def test_a_file_cut_short_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    for kept in (-1, 4000, 10, 0):
        path.write_bytes(whole[:kept])

        with pytest.raises(IndexDamaged, match="arrays"):
            ArrayFile(path)
