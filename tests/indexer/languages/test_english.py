"""What the rules ask of a language is in its folder, and nothing else."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from indexer import languages
from indexer.languages import MONTH
from tests.cases import cases

ENGLISH = languages.default()
CODE = Path(languages.__file__).parents[1] / "enrich"


@cache
def trees() -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8")) for path in sorted(CODE.rglob("*.py"))]


def strings() -> set[str]:
    """All strings in the code of enrichment."""
    nodes = (node for tree in trees() for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def asked(method: str) -> set[str]:
    """The names with which a method of a language is called."""
    calls = (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Attribute | ast.Name))
    found = (call.args for call in named if getattr(call.func, "attr", getattr(call.func, "id", "")) == method)
    return {str(args[0].value) for args in found if args and isinstance(args[0], ast.Constant)}


def in_patterns() -> set[str]:
    """The kinds and patterns of which patterns are made."""
    written = "\n".join(pattern for (pattern,) in ENGLISH.table("patterns").values())
    return set(re.findall(r"\{([a-z][a-z-]*)\}", written)) - {MONTH}


@cases("method", ["words", "listed"])
def test_every_kind_that_is_asked_for_has_words(method: str) -> None:
    assert sorted(kind for kind in asked(method) if not ENGLISH.words(kind)) == []


def test_every_pattern_that_is_asked_for_is_written() -> None:
    assert sorted(name for name in asked("pattern") if not ENGLISH.has_pattern(name)) == []
    assert sorted(name for name in in_patterns() if not (ENGLISH.has_pattern(name) or ENGLISH.listed(name))) == []


@cases("table", ["kinds", "patterns"])
def test_nothing_is_written_that_nobody_asks_for(table: str) -> None:
    assert sorted(ENGLISH.table(table).keys() - strings() - in_patterns() - {*languages.EMPTY}) == []


def test_no_kind_is_in_two_tables() -> None:
    of_words = {kind for kinds in ENGLISH.table("words").values() for kind in kinds}

    assert of_words & ENGLISH.table("kinds").keys() == set()


def test_a_pattern_may_be_made_of_kinds_and_of_patterns() -> None:
    assert ENGLISH.pattern("street-after").match(" Avenue,")
    assert ENGLISH.pattern("firm-goes-on").match(" Hanover Trust Co")
    assert ENGLISH.pattern("day").fullmatch("18 June 2023")


def test_what_a_language_lacks_is_empty() -> None:
    assert (ENGLISH.table("missing"), ENGLISH.words("missing"), ENGLISH.listed("missing")) == ({}, frozenset(), ())
    assert ENGLISH.pattern("missing").search("anything") is None
    assert languages.named("zz") is None
