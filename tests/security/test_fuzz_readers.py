"""Files that somebody made up or damaged, given to each reader: articles or reasons, within the limits."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.archive.walk import walk
from indexer.safe import limits
from indexer.workers import work
from indexer.workers.found import ArticleRead, EmbargoedRead, FileEnd, Found, Unreadable
from tests import waiting
from tests.cases import cases
from tests.security.samples import SAMPLES

TOKENS = re.compile(rb"<[^<>]*>|[\w-]+|\s+|[^\w\s]")
EVIL = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"&#0;", b"&x;", b"<![CDATA[", b"]]>", b"<!--", b"\\ud800", b"1e999",
    b"[" * 50, b"{" * 50, b'"', b"\r", b"\xed\xa0\x80", b"-1", b"9" * 400, b"0000-00-00", b"T25:61:61Z",
    b"=?utf-8?b?//8=?=", b"<!DOCTYPE x [", b"\xf0\x9f\x98\x80", "\u202e".encode(), b"../" * 9, b"a" * 5000,
)  # fmt: skip


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A file with a few things done to it."""
    whole = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(whole) + 1)
        length = dice.choice((1, 1, 2, 8, 64, 500))
        what = dice.randrange(6)
        if what == 0 and at < len(whole):
            whole[at] ^= 1 << dice.randrange(8)
        elif what == 1:
            del whole[at : at + length]
        elif what == 2:
            whole[at:at] = whole[at : at + length] * dice.randint(1, 4)
        elif what == 3:
            whole[at:at] = dice.choice(EVIL)
        elif what == 4:
            whole[at:at] = dice.randbytes(length)
        else:
            del whole[at + length :]
    return bytes(whole)


def made_up(data: bytes, dice: random.Random) -> bytes:
    """A file of the words and tags of another, in any order."""
    tokens = [*TOKENS.findall(data), *EVIL]
    return data[: dice.randrange(60)] + b"".join(dice.choices(tokens, k=dice.randint(0, 200)))


def read(path: Path) -> Iterator[Found]:
    (file,) = walk([path], "c")
    for batch in work.read(work.Unit(((0, file),), {})):
        yield from batch


def give(name: str, folder: Path, cases: int, make: Callable[[bytes, random.Random], bytes]) -> float:
    """Give a reader so many files; the longest that one took, in seconds of the processor."""
    dice = random.Random(name)
    path = folder / name
    longest = 0.0
    for number in range(cases):
        path.write_bytes(make(SAMPLES[name], dice))
        found: list[Found] = []
        longest = max(longest, waiting.cpu_once(lambda: found.extend(read(path))))  # noqa: B023 – called at once
        assert isinstance(found[-1], FileEnd), number
        assert all(one.reason for one in found if isinstance(one, Unreadable)), number
    return longest


@cases("name", SAMPLES)
def test_a_sample_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])

    assert {type(found) for found in read(tmp_path / name)} <= {ArticleRead, EmbargoedRead, FileEnd}


@cases("name", SAMPLES)
def test_what_is_damaged_or_made_up_is_read_or_refused(name: str, tmp_path: Path, amount: Callable[..., int]) -> None:
    assert give(name, tmp_path, amount(25, few=8), damaged) < limits.seconds(0) + 1
    assert give(name, tmp_path, amount(5, few=2), made_up) < limits.seconds(0) + 1


@pytest.mark.soak
@pytest.mark.parametrize("name", SAMPLES)
def test_ten_thousand_damaged_files_are_read_or_refused(name: str, tmp_path: Path) -> None:
    longest = max(give(name, tmp_path, 10_000, damaged), give(name, tmp_path, 2_000, made_up))

    assert longest < limits.seconds(0) + 1
    print(f"{name}: 12,000 files, the longest {longest:.2f} s")
