"""Pauses the garbage collector, which would scan long-lived objects again and again and find nothing to free.

Code that creates many of them (opening a generation, the facts of a long text) would otherwise take time that grows
faster than their number, as each full collection visits all of them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Run a block without the collector, and restore it afterwards."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
