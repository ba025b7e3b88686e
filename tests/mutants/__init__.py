"""Mutation tests: would the tests notice if the code were slightly wrong?

`make mutants` draws lines of the three packages, changes one thing in each, runs the tests that execute the line, and
lists the changes that no test noticed. The operators are mutmut's. Its own runner is not used: it changes undecorated
functions only, through a trampoline that Numba cannot compile, and no constants.

    mutations   the changes that can be made to a file
    recorder    a pytest plugin: which lines each test executes, and how long it takes
    tree        the copy of the project that all of it happens in
    selection   the tests to run for a line
    trial       one mutant, in a process forked for it; `swap` has the changed functions in place of its own
    report      what came of them

Everything they write is in `.mutants/`.
"""

from __future__ import annotations

import os

PACKAGES = ("search", "desk", "indexer", "service")
COVERAGE = "coverage.sqlite"
COSTS = "costs.json"
SHARED = "shared.json"
JOBS = min(4, os.cpu_count() or 1)
"""Folders recorded, and mutants tried, at once; each takes a gigabyte."""


def seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    return sum(os.times()[:4])
