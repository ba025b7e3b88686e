"""Shells complete commands and options, by what `dateline completion` prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting

DATELINE = f'#!/bin/sh\nexec "{sys.executable}" -m service "$@"\n'
TYPED = """
source <("$1" completion bash 2>/dev/null)
COMP_WORDS=(dateline $2) COMP_CWORD=$3
_dateline_completion "$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("sna", 1, ["snapshot"]),
        ("se", 1, ["search", "serve", "searches"]),
        ("search x --country-", 3, ["--country-main"]),
        ("export x --format r", 4, ["ris"]),
        ("completion z", 2, ["zsh"]),
    ],
)
def test_bash_offers_what_can_follow(tmp_path: Path, words: str, at: int, offered: list[str]) -> None:
    command = tmp_path / "dateline"
    command.write_text(DATELINE, "utf-8")
    command.chmod(0o755)
    run = subprocess.run(
        ["bash", "-c", TYPED, "bash", str(command), words, str(at)],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True, text=True,
        timeout=waiting.HANG_S, check=True,
    )  # fmt: skip

    assert run.stdout.split() == offered
