"""A directory that somebody made to harm who opens it as an index: nothing runs, nothing outside is read, no crash."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import orjson
import pytest

import search
from search.errors import IndexProblem
from search.files import sealed
from search.files.array_file import _TAIL, identity
from search.jit.places import only_ours
from search.local.format import manifest
from search.local.safe import backup, restoring
from search.local.safe.verify import verify
from search.values.query import Query
from tests.cases import cases
from tests.search.jit.numba_alone import by_numba
from tests.service.commands.running import dateline, not_served

COMMANDS: dict[str, Callable[[Path, Path], list[object]]] = {
    "verify": lambda place, _: ["verify", place],
    "stats": lambda place, _: ["stats", place],
    "search": lambda place, _: ["search", place, "oil"],
    "show": lambda place, _: ["show", place, "a1"],
    "export": lambda place, _: ["export", place],
    "delete": lambda place, _: ["delete", place, "a1"],
    "index": lambda place, other: ["index", place, other / "more.jsonl"],
    "snapshot": lambda place, other: ["snapshot", place, other / "snapshot"],
    "restore": lambda place, other: ["restore", place, other / "restored"],
    "replace": lambda place, other: ["restore", place, other / "there.idx", "--replace"],
    "copy": lambda place, other: ["copy", place, other / "copied"],
    "serve": lambda place, _: ["serve", place, "--port", "PORT"],  # which is taken; the index is opened before
}


class Payload:
    """Makes a directory when it is unpickled."""

    def __init__(self, made: Path) -> None:
        self.made = str(made)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (self.made,)


def make(place: Path, articles: int = 3) -> Path:
    with search.writer(place) as writer:
        for number in range(articles):
            writer.add(search.Article(f"a{number}", f"Oil number {number}.", "Oil"))
    with search.writer(place) as writer:
        writer.delete("a0")
        writer.block("z")
    return place


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("hostile") / "good.idx")


@pytest.fixture
def place(good: Path, tmp_path: Path) -> Path:
    return shutil.copytree(good, tmp_path / "news.idx")


def table_with(payload: bytes, generation: int) -> bytes:
    """A table of contents as Whoosh reads one, both of whose pickles are this one."""
    numbers = b"".join(number.to_bytes(4, "big", signed=True) for number in (-12345, -111))
    schema = bytes([len(payload) & 127 | 128, len(payload) >> 7]) if len(payload) > 127 else bytes([len(payload)])
    rest = b"".join(number.to_bytes(4, "big") for number in (generation, 0))
    return bytes((4, 8, 4)) + numbers + bytes((2, 7, 4)) + schema + payload + rest + payload


@cases("command", COMMANDS)
def test_no_command_runs_what_is_in_a_table_of_contents(good: Path, tmp_path: Path, command: str) -> None:
    folder = tmp_path / command
    made, place = folder / "made", shutil.copytree(good, folder / "news.idx")
    (folder / "more.jsonl").write_text('{"id": "more", "text": "More oil."}\n')
    make(folder / "there.idx", 1)
    (current,) = place.glob("generation_*.sum")
    generation = manifest.generation_of(current.name)
    assert generation is not None
    payload = pickle.dumps(Payload(made))
    entries = manifest.read(place, generation).segments
    for number in (generation, generation + 1):
        table = table_with(payload, number)
        manifest.table_path(place, number).write_bytes(table)
    manifest.write(place, generation, entries, table_with(payload, generation))  # which vouches for it
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = [str(word).replace("PORT", str(taken.getsockname()[1])) for word in COMMANDS[command](place, folder)]
        run = not_served(*words[1:]) if command == "serve" else dateline(*words)

    assert not made.exists()
    assert run.returncode in (0, 2)
    pickle.loads(payload)
    assert made.exists()


def content_of(place: Path) -> tuple[str, dict[str, Any]]:
    """The name of the manifest, and what is in it."""
    (path,) = place.glob("generation_*.sum")
    content: Any = sealed.read(path)
    return path.name, content


def put(content: Any, where: tuple[str | int, ...], value: object) -> None:
    """Have another value in a place of what a file says."""
    for step in where[:-1]:
        content = content[step]
    content[where[-1]] = value


Places = dict[tuple[str | int, ...], tuple[object, ...]]
HUGE = 1 << 62
OF_MANIFESTS: Places = {
    ("format",): ("8", 3, True),
    ("segments", 0, "format"): (None, "15", 99, 3, True),
    ("generation",): (77, True, "1"),
    ("segments",): (None, 7, "abc", {"id": "a"}),
    ("segments", 0): (None,),
    ("segments", 0, "id"): (3,),
    ("segments", 0, "size"): (-1, HUGE, (1 << 32) - 1, 4, 2, 0, 3.0, True),
    ("segments", 0, "deleted"): (None, [0, 1], [["0", "1"]], [[0, 1, 2]], [[2, 3]], [[0, HUGE]], [[-1, 0]], [[1, 0]]),
    ("table",): (None, "00"),
    ("files",): (None, [], {}),
    ("files", "../../etc/passwd"): ([1, 1],),
    ("beside",): (None, ["../../../../etc/passwd"], ["/etc/passwd"], ["authority.json"], [["blocked.json"]]),
    ("since",): (None, 99, -1, True),
}
"""What no writer puts there."""
OF_ARRAYS: Places = {
    ("day",): (None,),
    ("day", "type"): ("|O", "<i4,<i4", None, "|V0"),
    ("day", "place"): (-64, 1 << 60, 1),
    ("day", "bytes"): (-4, 1 << 60, 3, True),
}
SEGMENTS = ("../../../tmp/x", "/etc/passwd", "", "a" * 5000, "a\0b", "0123456789abcdef")
"""Names of segments that are none, or of another."""


def each(places: Places) -> list[tuple[tuple[str | int, ...], object]]:
    return [(where, value) for where, values in places.items() for value in values]


def assert_refused(place: Path, tmp_path: Path) -> None:
    """That everything that opens an index refuses it, with a typed error."""
    uses: list[Callable[[], object]] = [
        lambda: list(search.open(place).export(Query())),
        lambda: search.writer(place),
        lambda: backup.restore(place, tmp_path / "restored"),
        lambda: restoring.replace(place, place, {}),
    ]
    for use in uses:
        with pytest.raises(IndexProblem):
            use()
    assert not verify(place).whole
    assert not (tmp_path / "restored").exists()


@cases("where, value", each(OF_MANIFESTS))
def test_a_hostile_manifest_is_refused(
    good: Path, place: Path, tmp_path: Path, where: tuple[str | int, ...], value: object
) -> None:
    file, content = content_of(good)
    put(content, where, value)
    sealed.write(place / file, content)

    assert_refused(place, tmp_path)


@cases("name", SEGMENTS)
def test_a_segment_of_another_name_is_refused(good: Path, place: Path, tmp_path: Path, name: str) -> None:
    file, content = content_of(good)
    old = content["segments"][0]["id"]
    content["segments"][0]["id"] = name
    content["files"] = {key.replace(f"segment_{old}", f"segment_{name}"): v for key, v in content["files"].items()}
    sealed.write(place / file, content)

    assert_refused(place, tmp_path)


def test_what_a_manifest_says_twice_is_refused(good: Path, place: Path, tmp_path: Path) -> None:
    file, content = content_of(good)
    sealed.write(place / file, content | {"segments": content["segments"] * 2})
    assert_refused(place, tmp_path)

    put(content, ("segments", 0, "deleted"), [[0, 0], [0, 0]])
    sealed.write(place / file, content)
    assert_refused(place, tmp_path)


@cases("whole", [b"", b"{}", b"[" * 100_000, b"\xff\xfe", b'"' + b"a" * 1_000_000 + b'"', b"1e999"])
def test_a_manifest_that_is_none_is_refused(good: Path, place: Path, tmp_path: Path, whole: bytes) -> None:
    (place / content_of(good)[0]).write_bytes(b'{"crc32":"%08x","content":' % zlib.crc32(whole) + whole + b"}\n")

    assert_refused(place, tmp_path)


@cases("pattern", ["segment_*.lex", "segment_*.pst", "segment_*.pos", "segment_*.col", "segment_*.sto", "gen*.sum"])
@cases("kind", ["pipe", "link", "folder"])
def test_only_regular_files_are_opened(good: Path, tmp_path: Path, kind: str, pattern: str) -> None:
    place = shutil.copytree(good, tmp_path / kind / pattern[-3:])
    path = next(place.glob(pattern))
    outside = path.rename(tmp_path / kind / f"outside.{pattern[-3:]}")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(outside)
    else:
        path.mkdir()

    assert_refused(place, tmp_path)


@cases("where, value", [*each(OF_ARRAYS), (("lost",), None)])
def test_a_hostile_table_of_arrays_is_refused(
    good: Path, place: Path, tmp_path: Path, where: tuple[str | int, ...], value: object
) -> None:
    path = place / next(good.glob("segment_*.col")).name
    data = (good / path.name).read_bytes()
    at, length, _, version, magic = _TAIL.unpack(data[-_TAIL.size :])
    table = json.loads(data[at : at + length])
    if where == ("lost",):
        del table["day"]
    else:
        put(table, where, value)
    packed = orjson.dumps(table)
    path.write_bytes(data[:at] + packed + _TAIL.pack(at, len(packed), zlib.crc32(packed), version, magic))
    file, content = content_of(good)
    content["files"][path.name] = identity(path)
    sealed.write(place / file, content)

    assert_refused(place, tmp_path)


@cases("rights, refused", [(0o755, False), (0o700, False), (0o777, True), (0o757, True)])
def test_no_cache_of_kernels_is_used_in_which_anybody_may_write(tmp_path: Path, rights: int, refused: bool) -> None:
    (cache := tmp_path / f"{rights:o}").mkdir()
    cache.chmod(rights)

    with pytest.raises(IndexProblem, match=r"chmod go-w.*DATELINE_KERNEL_CACHE") if refused else nullcontext():
        only_ours(cache, Path(search.__file__).parent)


@pytest.mark.check
def test_kernels_are_not_run_from_where_anybody_may_put_them(place: Path, tmp_path: Path) -> None:
    environment = by_numba(tmp_path)
    cache = Path(environment["DATELINE_KERNEL_CACHE"])
    command = [sys.executable, "-m", "service", "search", str(place), ""]  # which calls kernels
    subprocess.run(command, env=environment, check=True, capture_output=True)
    for rights, code in ((0o755, 0), (0o777, 2)):
        for kept in cache.iterdir():
            kept.chmod(rights)
        run = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

        assert run.returncode == code
        assert ("DATELINE_KERNEL_CACHE" in run.stderr) == bool(code)
        assert "Traceback" not in run.stderr
