"""Kernels as Numba's dispatchers, and the cache of what it compiled. Imports Numba: see `compiling`.

The cache is keyed by the sources of all kernels in the same folder: Numba itself checks only the kernel's own file, not
the functions compiled into it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import BuiltinFunctionType
from typing import Any, ParamSpec, TypeVar, cast

from numba import config, njit, types
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys
from numba.extending import typeof_impl

import search.jit.prefetch  # noqa: F401 - what `fetch` compiles to
from search.errors import IndexProblem
from search.jit.places import only_ours
from search.jit.sources import stamp

config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]
"""Vectorizes adjacent operations: without it the lanes of a block are unpacked one by one, in twice the time."""

P = ParamSpec("P")
R = TypeVar("R")
_HOW: Any = {"nogil": True, "boundscheck": False, "error_model": "numpy", "no_cfunc_wrapper": True}
"""No C function of a kernel is made, which nothing calls."""


class _Cache(FunctionCache):
    """Loads compiled code without first loading all that Numba can compile, which takes a quarter of a second.

    Args:
        function: the kernel.
        before_compiling: called before it is compiled.
    """

    def __init__(self, function: Callable[..., Any], before_compiling: Callable[[], None]) -> None:
        super().__init__(function)
        self._before_compiling = before_compiling

    def save_overload(self, sig: Any, data: Any) -> None:
        """Cache a compiled kernel, one process at a time: each reads the types it is compiled for, and adds one."""
        self._impl.locator.ensure_cache_path()
        folder = os.open(self._cache_path, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            super().save_overload(sig, data)
        finally:
            os.close(folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled kernel for some types; None if it has to be compiled, for which Numba loads the rest itself."""
        rtsys.initialize(target_context)
        loaded = self._load_overload(sig, target_context)
        if loaded is None:
            self._before_compiling()
        return loaded


def kernel(function: Callable[P, R], before_compiling: Callable[[], None]) -> Callable[P, R]:
    """A dispatcher that compiles a loop for the types it is called with, and caches it on disk.

    Args:
        function: the loop.
        before_compiling: called before a loop is compiled: makes dispatchers of the functions that it calls.

    Raises:
        IndexProblem: if others can write to the cache, or it has no place.
    """
    compiled: Any = njit(**_HOW)(function)
    if compiled is not function:  # unless Numba's compiler is disabled
        try:
            compiled._cache = _Cache(function, before_compiling)
        except RuntimeError:  # Numba found no folder
            raise IndexProblem(
                f"Compiled code can be stored neither next to “{function.__code__.co_filename}” nor in a home "
                "directory. Name a folder for it that you can write to: DATELINE_KERNEL_CACHE."
            ) from None
        cache_file = compiled._cache._cache_file
        sources = Path(function.__code__.co_filename).parent
        cache_file._source_stamp = stamp(sources)
        only_ours(Path(cache_file._cache_path), sources)
    return cast(Callable[P, R], compiled)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A function that is inlined into each kernel that uses it."""
    return cast(Callable[P, R], njit(inline="always", **_HOW)(function))


@typeof_impl.register(BuiltinFunctionType)  # type: ignore[untyped-decorator]
def _in_the_library(function: BuiltinFunctionType, _context: Any) -> Any:
    """Numba's type of a kernel that is called by its function in the library."""
    owner = getattr(function.__self__, "__self__", None)  # of the method that the function calls for other types
    return types.Dispatcher(owner.made()) if hasattr(owner, "made") else None
