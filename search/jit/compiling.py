"""The decorators of every kernel of this package.

A kernel is a `_Deferred` in the module that defines it until it is first called. From then on it is the function of the
library that was compiled ahead (see `library`), or else Numba's dispatcher (see `dispatching`). Only for the latter is
Numba imported: it takes a fifth of a second, and a hundred megabytes. Where a library is, it need not be installed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from mmap import mmap
from typing import Any, Generic, ParamSpec, TypeVar

from search.errors import IndexProblem
from search.jit import library
from search.system import collector

P = ParamSpec("P")
R = TypeVar("R")

_COMPILER = ("numba", "llvmlite")
_lock = threading.RLock()
_kernels: list[_Deferred[..., Any]] = []
_settled = 0
"""How many of them Numba has been told of."""


class _Deferred(Generic[P, R]):
    """A function that Numba will compile.

    Attributes:
        function: the function itself.
    """

    def __init__(self, function: Callable[P, R], inline: bool) -> None:
        update_wrapper(self, function)
        self.function: Any = function
        self._inline = inline
        self._ahead: Callable[P, R] | None = None
        self._made: Callable[P, R] | None = None
        _kernels.append(self)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        if self._inline:
            settle()  # it is in no cache of its own
        return self.found()(*arguments, **named)

    def found(self) -> Callable[P, R]:
        """Its function in the library, or else its dispatcher, which from now on is in its module in its place."""
        if self._ahead is None and self._made is None and not self._inline:
            self._ahead = library.kernel(self.function, self._otherwise)
            if self._ahead is not None:
                self.function.__globals__[self.function.__name__] = self._ahead
        return self._ahead or self.made()

    def _otherwise(self, *arguments: P.args, **named: P.kwargs) -> R:
        return self.made()(*arguments, **named)

    def made(self) -> Callable[P, R]:
        """Its dispatcher, which from now on is in its module, unless its function in the library is.

        Raises:
            IndexProblem: if there is no Numba, others can write to the kernel cache, or it has no place.
        """
        if self._made is None:
            with _lock, collector.paused():
                function = self.function
                try:
                    from search.jit import dispatching
                except ModuleNotFoundError as missing:
                    if missing.name not in _COMPILER:
                        raise
                    raise IndexProblem(
                        f"The kernel “{function.__module__}.{function.__name__}” {library.lacking(function)}, and "
                        "Numba, which would compile it now, is not installed. Install it: pip install "
                        "'dateline[numba]'; or, in the folder of these sources, run: make kernels"
                    ) from None
                self._made = dispatching.inlined(function) if self._inline else dispatching.kernel(function, settle)
                if self._ahead is None:
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
    """Put what is called into the modules that name kernels, as Numba's compiler needs it."""
    global _settled
    with _lock:
        for notice in _notices:
            notice.give()
        waiting = _kernels[_settled:]
        for names in {id(one.function.__globals__): one.function.__globals__ for one in waiting}.values():
            names |= {name: value.found() for name, value in list(names.items()) if isinstance(value, _Deferred)}
        _settled += len(waiting)


def dispatchers() -> list[Any]:
    """Numba's dispatchers of the kernels that it has been told of, but for those that are inlined."""
    return [one._made for one in _kernels if one._made is not None and not one._inline]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop for the types it is called with, cache it on disk, and release the GIL while it runs.

    Nothing is divided by 0: without a check of each divisor, a loop that divides is vectorized.
    """
    return _Deferred(function, inline=False)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Inline a function into each kernel that uses it: called for every block, it would cost as much as the block."""
    return _Deferred(function, inline=True)
