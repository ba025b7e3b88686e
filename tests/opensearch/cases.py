"""The cases of the engines' contract, to be run again on a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

_NAMES = (
    "articles", "event", "facets", "filters", "matching", "meaning", "order", "partial", "rank", "removal", "similar",
    "stories", "suggestions", "writing",
)  # fmt: skip
CONTRACT = tuple(import_module(f"tests.search.contract.test_{name}") for name in _NAMES)
"""The modules of the contract, but for the one that makes an archive of its own."""


def asking_for(modules: Iterable[ModuleType], *fixtures: str, never: str = "") -> Iterator[tuple[str, Any]]:
    """The tests of some modules that ask for one of some fixtures, and not for another."""
    for module in modules:
        for name, test in vars(module).items():
            if name.startswith("test_") and hasattr(test, "__code__"):
                asked = set(test.__code__.co_varnames[: test.__code__.co_argcount])
                if asked & set(fixtures) and never not in asked:
                    yield name, test
