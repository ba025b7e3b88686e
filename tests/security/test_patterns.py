"""No pattern of the code takes time that doubles with each character: none repeats what can be divided in two ways."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as signs
from re import _parser as parser
from typing import Any

import pytest

import desk
import indexer
import search
import service
from tests.cases import cases

CHARACTERS = [*map(chr, range(9, 127)), "é", "ß", "中", "’", "\u200d"]
REPEATS = (signs.MAX_REPEAT, signs.MIN_REPEAT)
MANY = 20
"""What may be repeated more often than that can take for ever."""
OWN = frozenset({"service.api.schema"})
"""Modules whose patterns read the docstrings of Dateline, and nothing else."""


def first(items: Any) -> tuple[set[str], bool]:
    """The characters with which a part of a pattern begins, and whether it may be nothing."""
    found: set[str] = set()
    for item in items:
        begins, empty = _first(*item)
        found |= begins
        if not empty:
            return found, False
    return found, True


def _first(sign: Any, what: Any) -> tuple[set[str], bool]:
    if sign in (signs.LITERAL, signs.NOT_LITERAL, signs.ANY, signs.IN):
        one = re.compile(_written(sign, what), re.DOTALL)
        return {character for character in CHARACTERS if one.fullmatch(character)}, False
    if sign in (*REPEATS, signs.POSSESSIVE_REPEAT):
        begins, empty = first(what[2])
        return begins, empty or what[0] == 0
    if sign in (signs.SUBPATTERN, signs.ATOMIC_GROUP):
        return first(what[3] if sign is signs.SUBPATTERN else what)
    if sign is signs.BRANCH:
        branches = list(map(first, what[1]))
        return set().union(*(begins for begins, _ in branches)), any(empty for _, empty in branches)
    return (set(CHARACTERS), True) if sign in (signs.GROUPREF, signs.GROUPREF_EXISTS) else (set(), True)


def _written(sign: Any, what: Any) -> str:
    """What matches one character, as a pattern."""
    if sign is signs.ANY:
        return "."
    if sign in (signs.LITERAL, signs.NOT_LITERAL):
        return f"[{'^' if sign is signs.NOT_LITERAL else ''}{re.escape(chr(what))}]"
    kinds = {"DIGIT": r"\d", "NOT_DIGIT": r"\D", "SPACE": r"\s", "NOT_SPACE": r"\S", "WORD": r"\w", "NOT_WORD": r"\W"}
    said = ""
    for kind, value in what:
        match kind:
            case signs.NEGATE:
                said += "^"
            case signs.LITERAL:
                said += re.escape(chr(value))
            case signs.RANGE:
                said += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
            case _:
                said += kinds[str(value).removeprefix("CATEGORY_")]
    return f"[{said}]"


def ends(items: Any) -> Iterator[set[str]]:
    """The characters of each part that may be repeated without end at the end of a pattern."""
    for sign, what in reversed(list(items)):
        if sign in REPEATS:
            if what[1] > MANY:
                yield first(what[2])[0]
            yield from ends(what[2])
        elif sign is signs.SUBPATTERN:
            yield from ends(what[3])
        elif sign is signs.BRANCH:
            for branch in what[1]:
                yield from ends(branch)
        if not _first(sign, what)[1]:
            return


def doubles(items: Any) -> bool:
    """Whether a part of a pattern is repeated whose end may as well be the beginning of the next repetition."""
    for sign, what in items:
        if sign in REPEATS:
            begins, _ = first(what[2])
            if what[1] > MANY and any(begins & end for end in ends(what[2])):
                return True
            below = [what[2]]
        else:
            below = _parts(sign, what)
        if any(map(doubles, below)):
            return True
    return False


def _parts(sign: Any, what: Any) -> Any:
    if sign is signs.SUBPATTERN:
        return [what[3]]
    if sign in (signs.ASSERT, signs.ASSERT_NOT):
        return [what[1]]
    if sign is signs.BRANCH:
        return what[1]
    return [what] if sign is signs.ATOMIC_GROUP else []


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of all modules, each with the name of its module."""
    for package in (search, desk, indexer, service):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith((".__main__", ".migrations.env")):
                for value in vars(importlib.import_module(module.name)).values():
                    yield from ((module.name, found) for found in _in(value))


def _in(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from (found for each in value.values() for found in _in(each))
    elif isinstance(value, list | tuple):
        yield from (found for each in value[:100] for found in _in(each))


@cases(
    ("pattern", "doubling"),
    [
        (r"(?:[\w.-]+[,;]*\s*)+", True), (r"(a+)+b", True), (r"(?:a|b+)*", True), (r"(?:\s*\w+\s*)*x", True),
        (r"(?:[\w.-]+[,;]+)+", False), (r"(?:a+b)*", False), (r"\w+(?: \w+)*", False), (r"(?:a++)+", False),
    ],
)  # fmt: skip
def test_a_pattern_that_doubles_is_noticed(pattern: str, doubling: bool) -> None:
    assert doubles(parser.parse(pattern)) == doubling


@pytest.mark.costs("imports every module")
def test_no_pattern_takes_twice_as_long_for_a_character_more() -> None:
    found = dict.fromkeys(patterns())
    assert len(found) > 250
    assert [
        f"{name}: {pattern.pattern}"
        for name, pattern in found
        if name not in OWN and doubles(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    ] == []
