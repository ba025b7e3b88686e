"""The garbage collector paused: it would look through all that is being made, again and again, and find nothing.

Whatever makes many objects that stay (opening a generation, the facts of a long text) takes time that grows faster than
their number otherwise, as each full collection visits all of them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Without the collector, which is as it was afterwards."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
