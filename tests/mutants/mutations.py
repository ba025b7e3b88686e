"""The changes that mutmut's operators make to a source file, one at a time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

from tests.mutants import PACKAGES
from tests.mutants.tree import digest

LEFT_OUT = ("search/opensearch/",)
"""What only tests with nodes of a cluster execute, which are not run here."""
_SAID = ("VERSION", "FORMAT")
"""Names of numbers that only have to be another one."""


@dataclass(frozen=True)
class Mutant:
    """A file with one change.

    Attributes:
        path: the file, as seen from the root of the project.
        line: where the change is, from 1.
        operator: what kind of change it is.
        source: the file, changed.
        diff: the lines that are changed.
    """

    path: str
    line: int
    operator: str
    source: str
    diff: str

    @property
    def name(self) -> str:
        """What tells it from every other mutant of the same tree."""
        return f"{self.path}:{self.line} {self.operator}\n{self.diff}"


@dataclass(frozen=True)
class _Change:
    line: int
    operator: str
    node: cst.CSTNode
    changed: cst.CSTNode


class _Changes(cst.CSTVisitor):
    """Collects every change, but for those to annotations, decorators, docstrings and `__all__`."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Change] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return False
        if isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString):
            return False
        if isinstance(node, cst.Assign | cst.AnnAssign) and self._is_said(node):
            return False
        if isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING":
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                changed = list(operator(node))
                if operator.__name__ == "operator_string":
                    changed = changed[:1]  # not in capitals: SQL, encodings and headers are the same
                line = self.get_metadata(PositionProvider, node).start.line
                self.found += [_Change(line, operator.__name__.removeprefix("operator_"), node, one) for one in changed]
        return True

    @staticmethod
    def _is_said(node: cst.Assign | cst.AnnAssign) -> bool:
        target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
        return isinstance(target, cst.Name) and (target.value in _SAID or target.value == "__all__")


def files(root: Path) -> list[Path]:
    """The files that are mutated, in a fixed order."""
    found = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return [path for path in found if not path.relative_to(root).as_posix().startswith(LEFT_OUT)]


def changes(source: str) -> tuple[cst.Module, Sequence[_Change]]:
    """A file's syntax tree, and every change that can be made to it."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    visitor = _Changes()
    wrapper.visit(visitor)
    return wrapper.module, visitor.found


def drawn(root: Path, count: int, seed: int, cache: Path, within: str = "") -> Iterator[Mutant]:
    """Mutants at random: each line that can be changed is as likely, and then each change of that line.

    The same tree and seed give the same mutants, and more of them with a higher count.

    Args:
        within: of these, those whose path begins so.
        cache: a file that remembers which lines of a file can be changed, which takes a minute to find out.
    """
    dice = random.Random(seed)
    known: dict[str, list[int]] = json.loads(cache.read_text()) if cache.exists() else {}
    lines = [(path, line) for path in files(root) for line in _lines(path, known)]
    cache.write_text(json.dumps(known))
    dice.shuffle(lines)
    for path, line in lines[:count]:
        name = path.relative_to(root).as_posix()
        if not name.startswith(within):
            continue
        source = path.read_text("utf-8")
        module, found = changes(source)
        here = [one for one in found if one.line == line]
        change = random.Random(f"{seed} {name} {line}").choice(here)
        changed = module.deep_replace(change.node, change.changed)
        assert isinstance(changed, cst.Module)
        yield Mutant(name, line, change.operator, changed.code, _diff(source, changed.code))


def _lines(path: Path, known: dict[str, list[int]]) -> list[int]:
    key = digest(path)
    if key not in known:
        known[key] = sorted({change.line for change in changes(path.read_text("utf-8"))[1]})
    return known[key]


def _diff(before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
