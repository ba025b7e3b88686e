"""Functions of a running process exchanged for those of a changed source."""

from __future__ import annotations

import gc
import inspect
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, FunctionType

Change = tuple[CodeType, CodeType]


def changed(path: str, before: str, after: str) -> list[Change] | None:
    """The functions that differ, as they were and as they are; None where what runs at import differs."""
    name = str(Path(path).absolute())
    one, other = (compile(source, name, "exec", dont_inherit=True) for source in (before, after))
    return _changed(one, other)


def _changed(one: CodeType, other: CodeType) -> list[Change] | None:
    if one.co_flags & inspect.CO_OPTIMIZED:
        return [(one, other)] if one != other else []
    ours, theirs = _inner(one), _inner(other)
    same = one.co_code == other.co_code and one.co_names == other.co_names and _plain(one) == _plain(other)
    if not same or len(ours) != len(theirs):
        return None
    found: list[Change] = []
    for inner, its in zip(ours, theirs, strict=True):
        changes = _changed(inner, its)
        if changes is None:
            return None
        found += changes
    return found


def _inner(code: CodeType) -> Sequence[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def _plain(code: CodeType) -> Sequence[str]:
    return [repr(const) for const in code.co_consts if not isinstance(const, CodeType)]


class Functions:
    """The functions that are in memory, by the file that defines them."""

    def __init__(self) -> None:
        self._of: dict[str, list[FunctionType]] = defaultdict(list)
        for found in gc.get_objects():
            if isinstance(found, FunctionType):
                self._of[found.__code__.co_filename].append(found)

    def swap(self, path: str, before: str, after: str) -> None:
        """Give every function of a file the code of the changed source."""
        changes = changed(path, before, after)
        assert changes is not None
        for old, new in changes:
            for function in [one for one in self._of[old.co_filename] if one.__code__ == old]:
                function.__code__ = new
