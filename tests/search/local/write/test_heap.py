"""Memory that is freed is given back, however much around it is still used."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = """
from pathlib import Path
from search.local.write import heap
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])
texts = [str(number) * 300 for number in range(100_000, 150_000)]  # allocated by the C library, not by Python
whole = resident()
del texts[:-1]
freed = resident()
heap.trim()
print(whole, freed, resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of the GNU C library")
def test_freed_memory_below_what_is_used_is_given_back() -> None:
    whole, freed, after = map(int, subprocess.check_output([sys.executable, "-c", ASK], text=True).split())

    assert freed > 0.9 * whole, "nothing to give back"
    assert after < 0.3 * whole
