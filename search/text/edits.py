"""Bounded edit distance of two words, as `nodes.Fuzzy` counts it.

Cost: a microsecond or two; it branches where the words first differ, and needs no table.
"""

from __future__ import annotations


def within(a: str, b: str, edits: int) -> bool:
    """True if at most this many edits turn one word into the other: a code point added, dropped
    or changed, or two swapped.

    No code point is edited twice (optimal string alignment). Cost grows as 4 to the power of `edits`, which is at most
    2 in a query.
    """
    while True:
        if abs(len(a) - len(b)) > edits:
            return False
        same = 0
        for x, y in zip(a, b, strict=False):
            if x != y:
                break
            same += 1
        a, b = a[same:], b[same:]
        if not (a and b):
            return len(a) + len(b) <= edits
        if not edits:
            return False
        edits -= 1
        if within(a[1:], b, edits) or within(a, b[1:], edits):
            return True
        if a[:2] == b[1::-1] and len(a) > 1 and within(a[2:], b[2:], edits):
            return True
        a, b = a[1:], b[1:]
