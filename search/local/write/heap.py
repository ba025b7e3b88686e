"""Gives memory that was freed back to the system.

Writing and merging a segment allocates large arrays and millions of short strings. The C library keeps what is freed
for later, in a heap with holes: after some commits as much again as the writer uses.
"""

from __future__ import annotations

import ctypes

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Of the GNU C library; others give back more by themselves."""


def trim() -> None:
    """Give freed memory back to the system. Takes some milliseconds."""
    if _TRIM is not None:
        _TRIM(ctypes.c_size_t(0))
