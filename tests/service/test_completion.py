"""Shells complete commands and options, by what `dateline completion` prints."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import waiting

DATELINE = f'#!/bin/sh\nexec "{sys.executable}" -m service "$@"\n'
TYPED = """
source <("$1" completion bash 2>/dev/null)
mapfile -t COMP_WORDS <<< "dateline"$'\\n'"$2"; COMP_CWORD=$3
_dateline_completion "$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def offered(tmp_path: Path) -> Callable[..., list[str]]:
    """What bash offers for the last of some words, as it would insert it."""
    command = tmp_path / "dateline"
    command.write_text(DATELINE, "utf-8")
    command.chmod(0o755)

    def ask(*words: str) -> list[str]:
        run = subprocess.run(
            ["bash", "-c", TYPED, "bash", str(command), "\n".join(words), str(len(words))],
            env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True, text=True,
            timeout=waiting.HANG_S, check=True,
        )  # fmt: skip
        assert run.stderr == ""
        return run.stdout.splitlines()

    return ask


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sna", ["snapshot"]),
        ("se", ["search", "serve", "searches"]),
        ("search x --country-", ["--country-main"]),
        ("export x --format r", ["ris"]),
        ("completion z", ["zsh"]),
    ],
)
def test_bash_offers_what_can_follow(offered: Callable[..., list[str]], words: str, found: list[str]) -> None:
    assert offered(*words.split()) == found


@pytest.mark.parametrize(
    ("option", "typed", "found"),
    [
        ("--country", "Ir", ["Iran", "Iraq", "Ireland"]),
        ("--not-country", '"united k', ["United Kingdom"]),
        ("--country", '"United S', ["United States"]),
        ("--country", r"United\ S", [r"United\ States"]),
        ("--all-person", "ronald", [r"Ronald\ McNair", r"Ronald\ Reagan"]),
        ("--person", "Khrush", [r"Nikita\ Khrushchev"]),
        ("--source", "The", [r"The\ Harbour\ Gazette"]),
        ("--topic", "pol", ["politics"]),
        ("--person", "zzz", [""]),
    ],
)
def test_bash_offers_the_values_of_the_index(
    offered: Callable[..., list[str]], seeds_index: Path, option: str, typed: str, found: list[str]
) -> None:
    assert sorted(offered("search", str(seeds_index), "berlin", option, typed)) == sorted(found)


def test_bash_offers_nothing_of_an_index_that_is_not_there(offered: Callable[..., list[str]], tmp_path: Path) -> None:
    assert offered("search", str(tmp_path / "no.idx"), "--country", "Ir") == [""]
