"""Data that was deflated, and may come from elsewhere: inflated up to a size, so that little cannot become much."""

from __future__ import annotations

import zlib


def inflated(data: bytes, most: int) -> bytes:
    """The bytes that were deflated by `zlib.compress`.

    Args:
        most: how many there may be.

    Raises:
        zlib.error: if there are more, or others around them, or they were not deflated so.
    """
    inflating = zlib.decompressobj()
    found = inflating.decompress(data, most + 1)
    if len(found) > most or not inflating.eof or inflating.unused_data:
        raise zlib.error(f"more than {most:,} bytes, or not the whole")
    return found
