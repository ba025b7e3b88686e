"""Lines that a machine has misread, as people correct them: the right words take their place, what was read follows.

A correction of a line says which words of the text should be which: `the harbonr → the harbour`. The right words stand
where the others stood, so that phrases, sentences and places on the page are as printed; what was read becomes a
paragraph after the text. So both are found, and both are shown. `rewriting` does it.
"""

from __future__ import annotations

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


def place(text: str, read: str) -> int | None:
    """Where words are in a text, in code points; None if they are not, or more than once, or are parts of words."""
    at = text.find(read)
    if at < 0 or text.find(read, at + 1) >= 0:
        return None
    end = at + len(read)
    begins = at == 0 or not (text[at - 1].isalnum() and text[at].isalnum())
    ends = end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    return at if begins and ends else None
