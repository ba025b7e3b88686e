"""Lines that a machine has misread, as people correct them: the right words take their place, what was read follows.

A correction of a line says which words of the text should be which: `the harbonr → the harbour`. The right words stand
where the others stood, so that phrases, sentences and places on the page are as printed; what was read becomes a
paragraph after the text. So both are found, and both are shown. `rewriting` does it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection

ARROW = "→"
_ARROWS = (ARROW, "->")


def parted(value: str) -> tuple[str, str] | None:
    """The words as they were read, and as they should be; None if a value does not say so."""
    for arrow in _ARROWS:
        read, found, right = value.partition(arrow)
        if found:
            read, right = read.strip(), right.strip()
            return (read, right) if read and right and read != right and arrow not in right else None
    return None


def joined(read: str, right: str) -> str:
    """The value of a correction."""
    return f"{read} {ARROW} {right}"


def places(text: str, reads: Collection[str]) -> dict[str, int]:
    """Where words are in a text, each in code points; those that are not, or more than once, are missing.

    They are there where a text has them as whole words. Cost: one pass over the text, whatever their number: where some
    may begin, the last are looked up that are not after the text there, and then those that each of them begins with.
    """
    ordered = sorted({read for read in reads if read})
    begun_with: list[int] = []
    """For each, the number of the longest other that it begins with, or -1."""
    for number, read in enumerate(ordered):
        other = number - 1
        while other >= 0 and not read.startswith(ordered[other]):
            other = begun_with[other]
        begun_with.append(other)
    if not ordered:
        return {}
    longest = max(map(len, ordered))
    begins = "".join(map(re.escape, {read[0] for read in ordered}))
    found: dict[str, int] = {}
    again: set[str] = set()
    for start in re.finditer(rf"(?:(?<![^\W_])|(?=[\W_]))[{begins}]", text):
        at = start.start()
        number = bisect_right(ordered, text[at : at + longest]) - 1
        while number >= 0:
            read = ordered[number]
            if text.startswith(read, at) and _ends(text, at + len(read)) and found.setdefault(read, at) != at:
                again.add(read)
            number = begun_with[number]
    return {read: at for read, at in found.items() if read not in again}


def fitting(text: str, values: Collection[str]) -> frozenset[str]:
    """Those values of corrections whose words are in a text just once. Cost: as of `places`."""
    read = {value: both[0] for value in values if (both := parted(value)) is not None}
    found = places(text, read.values())
    return frozenset([value for value, words in read.items() if words in found])


def _ends(text: str, end: int) -> bool:
    """True if no word of a text goes on at a place."""
    return end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
