"""The library of kernels, if there is one of these sources for this Python and processor."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from search.jit.sources import stamp


def kernel(function: Any, otherwise: Callable[..., Any]) -> Callable[..., Any] | None:
    """The function that runs a kernel of the library; None if the library has none that was made of this source.

    Args:
        function: the loop.
        otherwise: called instead, with the same arguments, if the kernel was not compiled for their types.
    """
    library = _library()
    package = function.__module__.rpartition(".")[0]
    if library is None or library.stamps.get(package) != stamp(Path(function.__code__.co_filename).parent).hex():
        return None
    found: Callable[..., Any] | None = library.bind(f"{function.__module__}.{function.__name__}", otherwise)
    return found


@cache
def _library() -> Any:
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return None
    try:
        return import_module("search.jit._kernels")
    except ImportError:
        return None
