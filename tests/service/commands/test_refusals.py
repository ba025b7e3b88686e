"""What a command cannot do is a sentence, and exit code 2."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from tests.cases import cases
from tests.service.commands.running import dateline, refused, started


def test_a_sentence_stands_alone_on_stderr_of_a_process(tmp_path: Path) -> None:
    run = started("serve", tmp_path / "none.idx")

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == dateline("search", tmp_path / "none.idx", "x").stderr
    assert re.fullmatch(r"Error: There is no index at [^\n]+\n", run.stderr)


@cases("command", ["search", "show", "export", "delete", "stats"])
def test_a_missing_index_is_a_sentence(command: str, tmp_path: Path) -> None:
    rest = {"show": ["x"], "delete": ["x"]}.get(command, [])

    assert "There is no index at" in refused(command, tmp_path / "none.idx", *rest)
    assert not (tmp_path / "none.idx").exists()


@cases(
    "arguments, said",
    [
        (["search", "INDEX", "x", "--country", "Chima"], "Nearest: China."),
        (["search", "INDEX", "x", "--from", "1998-13"], "not in the calendar"),
        (["search", "INDEX", "x", "--size", "1000"], "from 0 to 100"),
        (["search", "INDEX", "x", "--missing", "sauce"], "no such field"),
        (["index", "INDEX", "nowhere"], "There is nothing at “nowhere”"),
        (["index", "INDEX", ".", "--map", "titel=headline"], "does not map a field"),
        (["export", "INDEX", "--format", "xml"], "xml"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(arguments: list[str], said: str, made: Path) -> None:
    assert said in refused(*[made if argument == "INDEX" else argument for argument in arguments])


@cases(
    "arguments, said",
    [
        (["search"], "Missing argument 'INDEX'"),
        (["serch", "x"], "'search'"),
        (["search", "x", "--contry", "DE"], "'--country'"),
        (["index", "x", "y", "--workers", "many"], "'many'"),
        (["lists", "x"], "Missing command"),
    ],
)
def test_arguments_that_are_not_understood_are_named_in_one_line(arguments: list[str], said: str) -> None:
    sentence = refused(*arguments)

    assert said in sentence
    assert re.fullmatch(r"Error: [^\n]+ See `dateline[a-z ]* --help`\.\n", sentence)


def test_what_is_no_index_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")

    assert "is not an index" in refused("search", tmp_path, "x")
    assert "is not an index" in refused("index", tmp_path, tmp_path / "photo.jpg")
    assert "is a file" in refused("search", tmp_path / "photo.jpg", "x")
    for command, rest in (("index", tmp_path), ("search", "x")):
        assert "cannot be reached" in refused(command, "opensearch+http://127.0.0.1:9/news", rest)


def test_a_torn_index_is_a_sentence(index: Path) -> None:
    (manifest,) = index.glob("generation_*.sum")
    manifest.write_bytes(manifest.read_bytes()[:50])

    assert "cannot be read" in refused("search", index, "x")


def test_a_port_in_use_is_a_sentence(made: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("serve", made, "--port", port)

    assert f"Port {port} on 127.0.0.1 cannot be used" in said
    assert "--port" in said
