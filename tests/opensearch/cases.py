"""The cases of the engines' contract, to be run again on a cluster."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any


def _modules(*names: str) -> tuple[ModuleType, ...]:
    return tuple(import_module(f"tests.search.contract.test_{name}") for name in names)


ASKING = _modules(
    "articles", "contractions", "event", "facets", "filters", "matching", "meaning", "order", "partial", "rank",
    "similar", "stories", "suggestions",
)  # fmt: skip
CHANGING = _modules("removal", "writing")
CONTRACT = ASKING + CHANGING
"""The modules of the contract, but for the one that makes an archive of its own."""


def asking_for(modules: Iterable[ModuleType], *fixtures: str, never: str = "") -> Iterator[tuple[str, Any]]:
    """The tests of some modules that ask for one of some fixtures, and not for another."""
    for module in modules:
        for name, test in vars(module).items():
            if name.startswith("test_"):
                asked = inspect.signature(test).parameters.keys()
                if asked & set(fixtures) and never not in asked:
                    yield name, test
