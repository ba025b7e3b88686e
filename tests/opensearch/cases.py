"""The cases of the engines' contract, to be run again on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

DIRECTORIES = {"test_an_index_made_anew_is_seen"}
"""Cases that are about a directory."""


def asking_for(module: ModuleType, *fixtures: str, never: str = "") -> Iterator[tuple[str, Any]]:
    """The tests of a module that ask for one of some fixtures, and not for another."""
    for name, test in vars(module).items():
        if name.startswith("test_") and name not in DIRECTORIES and hasattr(test, "__code__"):
            asked = set(test.__code__.co_varnames[: test.__code__.co_argcount])
            if asked & set(fixtures) and never not in asked:
                yield name, test
