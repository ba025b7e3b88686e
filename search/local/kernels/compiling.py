"""Compiling: how every kernel of this package is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a loop for the types it meets, keep it on disk, and let go of the interpreter's lock while it runs."""
    return cast(F, njit(cache=True, nogil=True, boundscheck=False)(function))
