"""Shells complete commands and options, by what `dateline completion` prints."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from service.commands.cli import main
from tests import waiting
from tests.cases import cases

TYPED = """
source <("$1" completion bash 2>/dev/null)
shift
while (($#)); do
    COMPREPLY=()
    mapfile -t COMP_WORDS <<< "dateline"$'\\n'"$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _dateline_completion dateline
    printf '%s\\n' "${COMPREPLY[@]}" --
    shift
done
"""
"""Prints what bash offers for the last word of each of some lines, of words that are separated by ends of lines."""


def offered(*words: str) -> list[str]:
    """What the command offers the script of bash for the last of some words, but for the kind of each."""
    asked = {
        "_DATELINE_COMPLETE": "bash_complete", "COMP_WORDS": "\n".join(("dateline", *words)),
        "COMP_CWORD": str(len(words)),
    }  # fmt: skip
    run = CliRunner().invoke(main, env=asked, prog_name="dateline")
    assert (run.exit_code, run.stderr) == (0, "")
    return [line.removeprefix("plain,") for line in run.stdout.split("\n") if line]


@cases("words, found", [
    ("sna", ["snapshot"]),
    ("se", ["search", "serve", "searches"]),
    ("search x --country-", ["--country-main"]),
    ("export x --format r", ["ris"]),
    ("completion z", ["zsh"]),
])  # fmt: skip
def test_what_can_follow_is_offered(words: str, found: list[str]) -> None:
    assert offered(*words.split()) == found


@cases("option, typed, found", [
    ("--country", "Ir", ["Iran", "Iraq", "Ireland"]),
    ("--not-country", '"united k', ["United Kingdom"]),
    ("--country", '"United S', ["United States"]),
    ("--country", r"United\ S", [r"United\\ States"]),
    ("--all-person", "ronald", [r"Ronald\\ McNair", r"Ronald\\ Reagan"]),
    ("--person", "Khrush", [r"Nikita\\ Khrushchev"]),
    ("--person", "Mandela", [r"Nelson\\ Mandela", r"Winnie\\ Mandela"]),
    ("--source", "The", [r"The\\ Harbour\\ Gazette"]),
    ("--topic", "pol", ["politics"]),
    ("--person", "zzz", []),
])  # fmt: skip
def test_the_values_of_the_index_are_offered(seeds_index: Path, option: str, typed: str, found: list[str]) -> None:
    assert sorted(offered("search", str(seeds_index), "berlin", option, typed)) == found


def test_nothing_is_offered_of_an_index_that_is_not_there(tmp_path: Path) -> None:
    assert offered("search", str(tmp_path / "no.idx"), "--country", "Ir") == []


def test_bash_inserts_what_is_offered(tmp_path: Path, seeds_index: Path, amount: Callable[..., int]) -> None:
    command = tmp_path / "dateline"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m service "$@"\n', "utf-8")
    command.chmod(0o755)
    index = str(seeds_index)
    typed = [
        ("--all-person", "ronald", [r"Ronald\ McNair", r"Ronald\ Reagan"]),
        ("--not-country", '"united k', ["United Kingdom"]),
    ][: amount(2, few=1)]  # fmt: skip
    lines = [["search", index, "berlin", option, word] for option, word, _ in typed]
    run = subprocess.run(
        ["bash", "-c", TYPED, "bash", "dateline", *map("\n".join, lines)],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True, text=True,
        timeout=waiting.HANG_S, check=True,
    )  # fmt: skip

    assert run.stderr == ""
    found = [sorted(part.split("\n")[:-1]) for part in run.stdout.removesuffix("--\n").split("--\n")]
    assert found == [inserted for *_, inserted in typed]
