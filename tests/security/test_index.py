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
from click.testing import CliRunner

import search
from search.errors import IndexProblem
from search.local.format import manifest, sealed
from search.local.format.array_file import _TAIL, identity
from search.local.kernels.dispatching import only_ours
from search.local.safe import backup, restoring
from search.local.safe.verify import verify
from search.query import Query
from service.cli import main
from tests import waiting
from tests.cases import cases

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
        if command == "serve":  # which changes the environment of its process
            code = subprocess.run(
                [sys.executable, "-m", "service", *words], check=False, timeout=waiting.HANG_S
            ).returncode
        else:
            code = CliRunner().invoke(main, words).exit_code

    assert not made.exists()
    assert code in (0, 2)
    pickle.loads(payload)
    assert made.exists()


def content_of(place: Path) -> tuple[str, dict[str, Any]]:
    """The name of the manifest, and what is in it."""
    (path,) = place.glob("generation_*.sum")
    content: Any = sealed.read(path)
    return path.name, content


def change(*steps: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def changed(content: Any) -> None:
        for step in steps[:-1]:
            content = content[step]
        content[steps[-1]] = to

    return changed


def rename_segment(name: str) -> Callable[[dict[str, Any]], None]:
    """A manifest whose first segment, and all of its files, have another name."""

    def changed(content: dict[str, Any]) -> None:
        old = content["segments"][0]["id"]
        content["segments"][0]["id"] = name
        content["files"] = {key.replace(f"segment_{old}", f"segment_{name}"): v for key, v in content["files"].items()}

    return changed


def twice(content: dict[str, Any]) -> None:
    content["segments"] *= 2


def another_file(content: dict[str, Any]) -> None:
    content["files"]["../../etc/passwd"] = [1, 1]


def no_files(content: dict[str, Any]) -> None:
    content["files"] = {}


HUGE = 1 << 62
HOSTILE: dict[str, Callable[[dict[str, Any]], None]] = {
    "format as text": change("format", to="8"),
    "format of later": change("format", to=99),
    "other generation": change("generation", to=77),
    "generation true": change("generation", to=True),
    "generation text": change("generation", to="1"),
    "segments null": change("segments", to=None),
    "segments number": change("segments", to=7),
    "segments text": change("segments", to="abc"),
    "segments object": change("segments", to={"id": "a"}),
    "segment null": change("segments", 0, to=None),
    "segment twice": twice,
    "id up": rename_segment("../../../tmp/x"),
    "id absolute": rename_segment("/etc/passwd"),
    "id empty": rename_segment(""),
    "id long": rename_segment("a" * 5000),
    "id with nul": rename_segment("a\0b"),
    "id of another": rename_segment("0123456789abcdef"),
    "id number": change("segments", 0, "id", to=3),
    "size negative": change("segments", 0, "size", to=-1),
    "size huge": change("segments", 0, "size", to=HUGE),
    "size of many": change("segments", 0, "size", to=(1 << 32) - 1),
    "size of one more": change("segments", 0, "size", to=4),
    "size of fewer": change("segments", 0, "size", to=2),
    "size of nothing": change("segments", 0, "size", to=0),
    "size float": change("segments", 0, "size", to=3.0),
    "size true": change("segments", 0, "size", to=True),
    "deleted null": change("segments", 0, "deleted", to=None),
    "deleted numbers": change("segments", 0, "deleted", to=[0, 1]),
    "deleted text": change("segments", 0, "deleted", to=[["0", "1"]]),
    "deleted three": change("segments", 0, "deleted", to=[[0, 1, 2]]),
    "deleted beyond": change("segments", 0, "deleted", to=[[2, 3]]),
    "deleted huge": change("segments", 0, "deleted", to=[[0, HUGE]]),
    "deleted negative": change("segments", 0, "deleted", to=[[-1, 0]]),
    "deleted backwards": change("segments", 0, "deleted", to=[[1, 0]]),
    "deleted twice": change("segments", 0, "deleted", to=[[0, 0], [0, 0]]),
    "table null": change("table", to=None),
    "table short": change("table", to="00"),
    "files null": change("files", to=None),
    "files list": change("files", to=[]),
    "files none": no_files,
    "files another": another_file,
    "beside null": change("beside", to=None),
    "beside up": change("beside", to=["../../../../etc/passwd"]),
    "beside absolute": change("beside", to=["/etc/passwd"]),
    "beside lost": change("beside", to=["authority.json"]),
    "beside list": change("beside", to=[["blocked.json"]]),
    "since null": change("since", to=None),
    "since later": change("since", to=99),
    "since negative": change("since", to=-1),
    "since true": change("since", to=True),
}


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


@cases("name", HOSTILE)
def test_a_hostile_manifest_is_refused(good: Path, place: Path, tmp_path: Path, name: str) -> None:
    file, content = content_of(good)
    HOSTILE[name](content)
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


TABLES: dict[str, Callable[[dict[str, Any]], None]] = {
    "type object": change("day", "type", to="|O"),
    "type of records": change("day", "type", to="<i4,<i4"),
    "type null": change("day", "type", to=None),
    "type empty": change("day", "type", to="|V0"),
    "place negative": change("day", "place", to=-64),
    "place huge": change("day", "place", to=1 << 60),
    "place odd": change("day", "place", to=1),
    "bytes negative": change("day", "bytes", to=-4),
    "bytes huge": change("day", "bytes", to=1 << 60),
    "bytes odd": change("day", "bytes", to=3),
    "bytes true": change("day", "bytes", to=True),
    "an array null": change("day", to=None),
    "an array lost": lambda table: table.pop("day") and None,
}


@cases("name", TABLES)
def test_a_hostile_table_of_arrays_is_refused(good: Path, place: Path, tmp_path: Path, name: str) -> None:
    path = place / next(good.glob("segment_*.col")).name
    data = (good / path.name).read_bytes()
    at, length, _, version, magic = _TAIL.unpack(data[-_TAIL.size :])
    table = json.loads(data[at : at + length])
    TABLES[name](table)
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
    cache = tmp_path / "kernels"
    environment = {**os.environ, "DATELINE_KERNEL_CACHE": str(cache)}
    command = [sys.executable, "-m", "service", "search", str(place), ""]  # which calls kernels
    subprocess.run(command, env=environment, check=True, capture_output=True)
    for rights, code in ((0o755, 0), (0o777, 2)):
        for kept in cache.iterdir():
            kept.chmod(rights)
        run = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

        assert run.returncode == code
        assert ("DATELINE_KERNEL_CACHE" in run.stderr) == bool(code)
        assert "Traceback" not in run.stderr
