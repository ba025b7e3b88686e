"""Prefetching: tells the processor which memory will be read next."""

from __future__ import annotations


def fetch(array, index):
    """Prefetch an element of an array; has no effect otherwise, and the index may be out of bounds."""
