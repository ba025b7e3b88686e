"""Many cases of one fact in one test, of which each that fails is named."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence

import pytest

MOST = 10
"""Failures that are shown in full; all are counted."""


def cases(names: str | Sequence[str], table: Iterable[object]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have a test go through a table: all rows are tried, and a failure names its row.

    It is written as `pytest.mark.parametrize` is, and makes one test. What pytest gives to a test (a folder, a patch)
    is given once, for all rows: where each needs its own, parametrize. If a row is skipped the others are tried, and
    the test is told as skipped.

    Args:
        names: of the arguments that the table is for, as a list or separated by commas.
        table: a row for each case: a tuple, or a single value where there is one name.

    Raises:
        ValueError: where a row is not as long as there are names.
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def through(**given: object) -> None:
            failed: list[Exception] = []
            skipped: BaseException | None = None
            number = -1
            for number, row in enumerate(table):
                values = (row,) if len(arguments) == 1 else row
                chosen = dict(zip(arguments, values, strict=True))  # type: ignore[call-overload]
                try:
                    test(**given, **chosen)
                except pytest.skip.Exception as reason:
                    skipped = reason
                except (Exception, pytest.fail.Exception) as problem:
                    error = problem if isinstance(problem, Exception) else AssertionError(str(problem))
                    error.add_note(f"case {number}: {', '.join(f'{name}={value!r}' for name, value in chosen.items())}")
                    failed.append(error)
            assert number >= 0, "the table is empty"
            if len(failed) == 1:
                raise failed[0]
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {number + 1} cases failed", failed[:MOST])
            if skipped is not None:
                raise skipped

        own = inspect.signature(test)
        kept = [parameter for name, parameter in own.parameters.items() if name not in arguments]
        assert len(kept) + len(arguments) == len(own.parameters), f"{test.__name__} does not take all of {names}"
        through.__signature__ = own.replace(parameters=kept)  # type: ignore[attr-defined]
        return through

    return decorate
