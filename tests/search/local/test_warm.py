"""What `dateline warm` compiles: all that there is, so that nobody waits for it later."""

from __future__ import annotations

import subprocess
import sys

ASK = """
from search.local import kernels, warm
warm.warm()
made = {name: getattr(kernels, name) for name in kernels.__all__}
print(*[name for name, kernel in made.items() if callable(kernel) and not kernel.signatures])
"""
CLASSES = """
from numba.core.types import BaseNamedTuple
taken = {name: {type_ for signature in kernel.signatures for type_ in signature} for name, kernel in made.items()
         if callable(kernel)}
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
