"""Kernels compiled by Numba where there is a library of them, as where there is none."""

from __future__ import annotations

import os
from pathlib import Path

NO_LIBRARY = """
import sys
sys.modules["search.jit._kernels"] = None
"""
"""What a program begins with that loads no library of kernels."""


def by_numba(folder: Path) -> dict[str, str]:
    """The environment in which processes, and those that they start, compile kernels, and load no library of them.

    Args:
        folder: where what each process imports as it begins is put, and the cache of what it compiles.
    """
    (folder / "sitecustomize.py").write_text(NO_LIBRARY, "utf-8")
    cache = str(folder / "kernels")
    ours = {"DATELINE_KERNEL_CACHE": cache, "NUMBA_CACHE_DIR": cache}  # for our commands, and for what imports kernels
    return {**os.environ, "PYTHONPATH": str(folder), **ours}
