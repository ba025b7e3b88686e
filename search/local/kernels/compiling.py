"""The decorators that compile every kernel of this package."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit
from numba.core import config

from search.errors import IndexProblem
from search.fields import TITLE_WEIGHT

config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]
"""Vectorizes adjacent operations: without it the lanes of a block are unpacked one by one, in twice the time."""

P = ParamSpec("P")
R = TypeVar("R")
_HOW: Any = {"nogil": True, "boundscheck": False, "error_model": "numpy"}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop for the types it is called with, cache it on disk, and release the GIL while it runs.

    Nothing is divided by 0: without a check of each divisor, a loop that divides is vectorized. The cache is keyed by
    the sources of all kernels in the same folder: Numba itself checks only the kernel's own file, not the functions
    compiled into it.
    """
    compiled: Any = njit(cache=True, **_HOW)(function)
    kept: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(kept, "_source_stamp"):  # not if Numba's compiler is disabled
        sources = Path(function.__code__.co_filename).parent
        kept._source_stamp = _stamp(sources)
        only_ours(Path(kept._cache_path), sources)
    return cast(Callable[P, R], compiled)


def cache_folder(function: Callable[..., object]) -> Path | None:
    """The directory in which a kernel is cached; None if Numba's compiler is disabled."""
    kept: Any = getattr(getattr(function, "_cache", None), "_cache_file", None)
    return Path(kept._cache_path) if kept is not None else None


@cache
def only_ours(folder: Path, sources: Path) -> None:
    """Make sure that nobody else can write to the kernel cache: it contains pickles and machine code, which are
    executed.

    Next to the sources of the kernels this is not checked: anyone who can write there can change these too.

    Raises:
        IndexProblem: if another user can write there.
    """
    if folder.parent == sources or not folder.is_dir():
        return
    found = folder.stat()
    others = stat.S_IWOTH if found.st_gid == os.getegid() else stat.S_IWOTH | stat.S_IWGRP
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & others:
        raise IndexProblem(
            f"Others can write to “{folder}”, from where compiled code is run. Remove that permission "
            "(chmod go-w), or choose a directory of your own: DATELINE_KERNEL_CACHE."
        )


@cache
def _stamp(folder: Path) -> bytes:
    """The cache key of the kernels in a folder: a hash of their sources, and of the one constant from elsewhere."""
    sources = (path.read_bytes() for path in sorted(folder.glob("*.py")))
    return sha256(b"".join([*sources, str(TITLE_WEIGHT).encode()])).digest()


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Inline a function into each kernel that uses it: called for every block, it would cost as much as the block."""
    return cast(Callable[P, R], njit(inline="always", **_HOW)(function))
