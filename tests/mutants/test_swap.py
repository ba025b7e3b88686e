"""Changed functions in place of those in memory."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from tests.cases import cases
from tests.mutants import swap

BEFORE = """
LIMIT = 3

def small(number, limit=LIMIT):
    return number < limit

class Box:
    sizes = {"a": 1}

    def __init__(self, size):
        super().__init__()
        self.size = size

    @property
    def large(self):
        return any(self.size > size for size in self.sizes.values())

double = lambda number: number * 2
"""


def imported(path: Path) -> ModuleType:
    spec = spec_from_file_location("swapped", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cases(
    "old, new, what, was, now",
    [
        ("number < limit", "number <= limit", "small(3)", False, True),
        ("self.size > size", "self.size < size", "Box(5).large", True, False),
        ("self.size = size", "self.size = None", "Box(5).size", 5, None),
        ("number * 2", "number / 2", "double(4)", 8, 2),
    ],
)
def test_what_is_in_memory_does_what_the_changed_source_does(
    old: str, new: str, what: str, was: object, now: object, tmp_path: Path
) -> None:
    path = tmp_path / "swapped.py"
    path.write_text(BEFORE)
    module = imported(path)
    assert eval(what, vars(module)) == was

    swap.Functions().swap(str(path), BEFORE, BEFORE.replace(old, new))

    assert eval(what, vars(module)) == now


@cases(
    "old, new",
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("limit=LIMIT", "limit=None"),
        ('{"a": 1}', '{"a": 2}'),
        ("@property", "@staticmethod"),
    ],
)
def test_what_runs_at_import_cannot_be_swapped(old: str, new: str) -> None:
    assert swap.changed("a.py", BEFORE, BEFORE.replace(old, new)) is None


def test_what_is_the_same_changes_nothing() -> None:
    assert swap.changed("a.py", BEFORE, BEFORE) == []
