"""Compiling: how every kernel of this package is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import njit
from numba.core import config

config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]
"""Steps beside each other become one: without it the lanes of a block are unpacked one by one, in twice the time."""

_HOW: Any = {"nogil": True, "boundscheck": False, "error_model": "numpy"}


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop for the types it meets, keep it on disk, and let go of the interpreter's lock while it runs.

    Nothing is divided by 0: without a look at each divisor a loop that divides does several numbers at a time.
    """
    return cast(Callable[..., Any], njit(cache=True, **_HOW)(function))


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a step into each kernel that takes it: called for every block, it would cost as much as the block."""
    return cast(Callable[..., Any], njit(inline="always", **_HOW)(function))
