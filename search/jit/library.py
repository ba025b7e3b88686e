"""The library of kernels, if there is one of these sources for this Python and processor."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from search.jit.sources import named

PLACE = Path(__file__).with_name(f"_kernels{sysconfig.get_config_var('EXT_SUFFIX')}")
"""The library: for one version of Python on one kind of machine."""


def kernel(function: Any, otherwise: Callable[..., Any]) -> Callable[..., Any] | None:
    """The function that runs a kernel of the library; None if the library has none that was made of this source.

    Args:
        function: the loop.
        otherwise: called instead, with the same arguments, if the kernel was not compiled for their types.
    """
    library, _ = _library()
    if library is None or _named(function) not in library.stamps:
        return None
    found: Callable[..., Any] | None = library.bind(f"{function.__module__}.{function.__name__}", otherwise)
    return found


def lacking(function: Any) -> str:
    """Why there is no kernel in the library for what a loop was called with, as the rest of a sentence about it."""
    library, problem = _library()
    if library is None:
        return problem
    return "is not compiled for these arguments" if _named(function) in library.stamps else "is of other sources"


def _named(function: Any) -> str:
    return named(function.__module__.rpartition(".")[0], Path(function.__code__.co_filename).parent)


@cache
def _library() -> tuple[Any, str]:
    """The library; if there is none, None and why."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return None, "is not to be used compiled"
    try:
        return import_module("search.jit._kernels"), ""
    except ModuleNotFoundError:
        return None, "is not compiled"
    except ImportError as error:
        return None, f"cannot be used as compiled ({error})"
