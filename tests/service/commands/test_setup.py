"""`dateline warm` compiles all that other commands use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import waiting
from tests.service.commands.running import SEED

ROOT = Path(__file__).parents[3]


def test_warm_compiles_all_that_is_used(tmp_path: Path, seeds_index: Path) -> None:
    cache = tmp_path / "kernels"
    environment = {**os.environ, "DATELINE_KERNEL_CACHE": str(cache)}
    command = [sys.executable, "-m", "service"]
    subprocess.run([*command, "warm"], env=environment, check=True, timeout=waiting.HANG_S)
    compiled = sorted(cache.rglob("*.nbc"))
    (tmp_path / "wall.txt").write_text(SEED, "utf-8")
    text = (ROOT / "seeds" / "1945-1969" / "berlin-wall.txt").read_text("utf-8")
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(f"{text}\n\nAs told by the {name}.", "utf-8")
    for rest in (
        ["index", tmp_path / "idx", tmp_path / "wall.txt"],
        ["index", tmp_path / "idx", tmp_path / "first.txt", tmp_path / "second.txt"],
        ["search", seeds_index, '"berlin wall" OR mandela -zebra', "--country", "DE", "--all-country", "US"],
        ["search", seeds_index, "title:ber*", "--not-person", "Nobody", "--missing", "section", "--from", "1961"],
        ["search", seeds_index, "--sort", "oldest", "--missing", "date"],
        ["search", seeds_index, "war", "--group", "story"],
        ["search", seeds_index, "--group", "story", "--country", "DE"],
        ["search", seeds_index, "mandella"],
        ["similar", seeds_index, "1961-08-berlin-wall"],
        ["export", seeds_index, "berlin"],
        ["stats", seeds_index],
    ):
        subprocess.run(
            [*command, *map(str, rest)], env=environment, check=False, capture_output=True, timeout=waiting.HANG_S
        )

    assert compiled
    assert sorted(cache.rglob("*.nbc")) == compiled
