"""The decorators of every kernel of this package.

Numba is imported by the first call of a kernel: a command that calls none starts in half the time. Until then a kernel
is a `_Deferred` in the module that defines it, and from then on Numba's dispatcher (see `dispatching`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from mmap import mmap
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

from search.system import collector

P = ParamSpec("P")
R = TypeVar("R")

_lock = threading.RLock()
_deferred: list[_Deferred[..., Any]] = []
"""Those that Numba has not been told of."""


class _Deferred(Generic[P, R]):
    """A function that Numba will compile.

    Attributes:
        function: the function itself.
    """

    def __init__(self, function: Callable[P, R], inline: bool) -> None:
        update_wrapper(self, function)
        self.function: Any = function
        self._inline = inline
        self._made: Callable[P, R] | None = None
        _deferred.append(self)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        if self._inline:
            settle()  # it is in no cache of its own
        return self.made()(*arguments, **named)

    def made(self) -> Callable[P, R]:
        """Its dispatcher, which from now on is in its module in its place.

        Raises:
            IndexProblem: if others can write to the kernel cache, or it has no place.
        """
        if self._made is None:
            with _lock, collector.paused():
                from search.jit import dispatching

                function = self.function
                self._made = dispatching.inlined(function) if self._inline else dispatching.kernel(function, settle)
                self.function.__globals__[self.function.__name__] = self._made
        return self._made


class _Notice:
    """What is to be said before a kernel is compiled: once, by a process or one that was forked from it."""

    def __init__(self, say: Callable[[], None]) -> None:
        self._say = say
        self._said = mmap(-1, 1)

    def give(self) -> None:
        if not self._said[0]:
            self._said[0] = True
            self._say()


_notices: list[_Notice] = []


def notify(say: Callable[[], None]) -> None:
    """Have something said before the first kernel is compiled that is in no cache, which takes a minute for them all.

    Of this process and those that are forked from it, the first says it.
    """
    _notices[:] = [_Notice(say)]


def settle() -> None:
    """Put the dispatchers of all kernels into the modules that name them, as Numba's compiler needs them."""
    with _lock:
        for notice in _notices:
            notice.give()
        waiting = _deferred[:]
        for names in {id(one.function.__globals__): one.function.__globals__ for one in waiting}.values():
            names |= {name: value.made() for name, value in list(names.items()) if isinstance(value, _Deferred)}
        del _deferred[: len(waiting)]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop for the types it is called with, cache it on disk, and release the GIL while it runs.

    Nothing is divided by 0: without a check of each divisor, a loop that divides is vectorized.
    """
    return _Deferred(function, inline=False)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Inline a function into each kernel that uses it: called for every block, it would cost as much as the block."""
    return _Deferred(function, inline=True)


def cache_folder(function: Callable[..., object]) -> Path | None:
    """The directory in which a kernel is cached; None if Numba's compiler is disabled."""
    made = function.made() if isinstance(function, _Deferred) else function
    cache_file: Any = getattr(getattr(made, "_cache", None), "_cache_file", None)
    return Path(cache_file._cache_path) if cache_file is not None else None
