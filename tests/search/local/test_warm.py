"""What `dateline warm` compiles: all that there is, so that nobody waits for it later."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = r"""
import importlib, re, sys
sys.modules["search.jit._kernels"] = None
from pathlib import Path
from search.local import warm
warm.warm(lambda done, steps: print(done, steps))
local = Path(warm.__file__).parent
callers = "".join(path.read_text("utf-8") for path in local.rglob("*.py"))
made = {}
for path in (local.parent / "kernels").glob("[a-z]*.py"):
    module = importlib.import_module(f"search.kernels.{path.stem}")
    for name, kernel in vars(module).items():
        own = hasattr(kernel, "__wrapped__") and kernel.__module__ == module.__name__
        if own and re.search(rf"\b({path.stem}|kernels)\.{name}\b", callers):
            made[name] = kernel
assert len(made) > 50
print(*[name for name, kernel in made.items() if not getattr(kernel, "signatures", None)])
from numba.core.types import BaseNamedTuple
taken = {name: {type_ for takes in getattr(made[name], "signatures", ()) for type_ in takes} for name in made}
print(*[name for name, types in taken.items() if any(isinstance(type_, BaseNamedTuple) for type_ in types)])
"""


@pytest.mark.check
def test_warming_compiles_every_kernel_step_by_step_and_without_classes_that_may_be_renamed() -> None:
    *steps, not_compiled, of_classes = subprocess.check_output([sys.executable, "-c", ASK], text=True).splitlines()

    assert steps == [f"{done} {len(steps)}" for done in range(1, len(steps) + 1)]
    assert not_compiled == ""
    assert of_classes == ""
