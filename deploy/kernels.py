"""Compile the kernels ahead, into a library that is loaded in place of a compiler: `python deploy/kernels.py`."""

from __future__ import annotations

import search
from indexer import pipeline
from search.jit import building


def _use() -> None:
    pipeline.warm()
    search.warm()


print(f"{building.build(_use)} kernels in {building.PLACE.name}.")
