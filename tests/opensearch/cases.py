"""The cases of the engines' contract, to be run again on a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from tests.search.contract import (
    test_articles,
    test_facets,
    test_filters,
    test_matching,
    test_order,
    test_removal,
    test_similar,
    test_stories,
    test_suggestions,
    test_writing,
)

CONTRACT = (
    test_articles,
    test_facets,
    test_filters,
    test_matching,
    test_order,
    test_removal,
    test_similar,
    test_stories,
    test_suggestions,
    test_writing,
)
"""The modules of the contract, but for the one that makes an archive of its own."""


def asking_for(modules: Iterable[ModuleType], *fixtures: str, never: str = "") -> Iterator[tuple[str, Any]]:
    """The tests of some modules that ask for one of some fixtures, and not for another."""
    for module in modules:
        for name, test in vars(module).items():
            if name.startswith("test_") and hasattr(test, "__code__"):
                asked = set(test.__code__.co_varnames[: test.__code__.co_argcount])
                if asked & set(fixtures) and never not in asked:
                    yield name, test
