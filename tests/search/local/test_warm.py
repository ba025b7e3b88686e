"""What `dateline warm` compiles: all that there is, so that nobody waits for it later."""

from __future__ import annotations

import subprocess
import sys

ASK = r"""
import importlib, re
from pathlib import Path
from search.local import warm
warm.warm()
local = Path(warm.__file__).parent
callers = "".join(path.read_text("utf-8") for path in local.rglob("*.py") if path.parent.name != "kernels")
made = {}
for path in (local / "kernels").glob("[a-z]*.py"):
    module = importlib.import_module(f"search.local.kernels.{path.stem}")
    for name, kernel in vars(module).items():
        own = hasattr(kernel, "__wrapped__") and kernel.__module__ == module.__name__
        if own and re.search(rf"\b({path.stem}|kernels)\.{name}\b", callers):
            made[name] = kernel
assert len(made) > 50
print(*[name for name, kernel in made.items() if not getattr(kernel, "signatures", None)])
"""
CLASSES = """
from numba.core.types import BaseNamedTuple
taken = {name: {type_ for signature in kernel.signatures for type_ in signature} for name, kernel in made.items()}
print(*[name for name, types in taken.items() if any(isinstance(type_, BaseNamedTuple) for type_ in types)])
"""


def test_every_kernel_is_compiled_after_warming() -> None:
    assert subprocess.check_output([sys.executable, "-c", ASK], text=True).split() == []


def test_no_compiled_kernel_names_a_class_that_may_be_renamed() -> None:
    assert subprocess.check_output([sys.executable, "-c", ASK + CLASSES], text=True).split() == []


def test_progress_is_told_step_by_step() -> None:
    ask = "from search.local import warm; warm.warm(lambda done, steps: print(done, steps))"
    told = [line.split() for line in subprocess.check_output([sys.executable, "-c", ask], text=True).splitlines()]

    assert [int(done) for done, _ in told] == list(range(1, len(told) + 1))
    assert {int(steps) for _, steps in told} == {len(told)}
