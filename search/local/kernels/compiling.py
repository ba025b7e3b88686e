"""Compiling: how every kernel of this package is made."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from numba import njit
from numba.core import config

from search.errors import IndexProblem
from search.fields import TITLE_WEIGHT

config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]
"""Steps beside each other become one: without it the lanes of a block are unpacked one by one, in twice the time."""

_HOW: Any = {"nogil": True, "boundscheck": False, "error_model": "numpy"}


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop for the types it meets, keep it on disk, and let go of the interpreter's lock while it runs.

    Nothing is divided by 0: without a look at each divisor a loop that divides does several numbers at a time. What is
    kept is taken for what it was made of: Numba looks at the kernel's own file, and not at what is compiled into it.
    """
    compiled: Any = njit(cache=True, **_HOW)(function)
    kept: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(kept, "_source_stamp"):  # not where Numba is told to compile nothing
        kept._source_stamp = _stamp()
        only_ours(Path(kept._cache_path))
    return cast(Callable[..., Any], compiled)


@cache
def only_ours(folder: Path) -> None:
    """Make sure that nobody else can write to where kernels are kept: they are pickles and machine code, and are run.

    Beside the sources of the kernels, who can write can change these too; there it is no question.

    Raises:
        IndexProblem: when somebody can.
    """
    if folder.parent == Path(__file__).parent or not folder.is_dir():
        return
    found = folder.stat()
    others = stat.S_IWOTH if found.st_gid == os.getegid() else stat.S_IWOTH | stat.S_IWGRP
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & others:
        raise IndexProblem(
            f"Others can write to “{folder}”, from where compiled code is run. Take that right from them "
            "(chmod go-w), or name a directory of your own: DATELINE_KERNEL_CACHE."
        )


@cache
def _stamp() -> bytes:
    """What all kernels are made of: their sources, and the one number that they take from elsewhere."""
    sources = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return sha256(b"".join([*sources, str(TITLE_WEIGHT).encode()])).digest()


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a step into each kernel that takes it: called for every block, it would cost as much as the block."""
    return cast(Callable[..., Any], njit(inline="always", **_HOW)(function))
