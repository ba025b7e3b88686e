"""Compiling: how every kernel of this package is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import njit


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop for the types it meets, keep it on disk, and let go of the interpreter's lock while it runs.

    Nothing is divided by 0: without a look at each divisor a loop that divides does several numbers at a time.
    """
    compiled = njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")(function)
    return cast(Callable[..., Any], compiled)
