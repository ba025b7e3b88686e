"""The versions of the format: what each changed, and for which a segment is rebuilt from its articles.

A manifest is of a version, and so is each of its segments: one that was written earlier is read as it is until a writer
has converted it (see `search.local.converting`). A reader reads everything from `OLDEST` on. A new version needs a line
here, and, if it changes bytes, that `format` reads segments without them; never a way to change bytes into others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from search.errors import IndexDamaged, IndexProblem


class Step(NamedTuple):
    """What a version changed.

    Attributes:
        change: for people, as the rest of a sentence that begins with an index.
        rebuilds: segments of earlier versions are rebuilt for it.
    """

    change: str
    rebuilds: bool


STEPS: Mapping[int, Step] = {
    12: Step("knows where sentences begin and names stand (/s, /p)", rebuilds=True),
    13: Step("has titles in a column", rebuilds=True),
    14: Step("finds a contraction as its word (“we'll” as “we”)", rebuilds=True),
    15: Step("says of each segment of which format it is", rebuilds=False),
    16: Step("knows which articles have a scan", rebuilds=True),
    17: Step("knows the quality of text that was read from scans", rebuilds=True),
    18: Step("knows how many words of a text are words of its language", rebuilds=True),
    19: Step("knows where sentences end in languages other than English (/s)", rebuilds=True),
}
OLDEST = min(STEPS) - 1
"""The first version that is read."""
FORMAT = max(STEPS)
"""The version that is written."""
_REBUILT = max(version for version, step in STEPS.items() if step.rebuilds)


def is_former(version: int) -> bool:
    """True if a segment of this version is not as one that is written now."""
    return version < _REBUILT


def changes_since(version: int) -> tuple[str, ...]:
    """What versions after this one changed."""
    return tuple(step.change for later, step in sorted(STEPS.items()) if later > version)


def check(place: object, version: object) -> None:
    """Make sure that a version is read.

    Args:
        place: what is of this version.

    Raises:
        IndexProblem: if it is of a later version of Dateline.
        IndexDamaged: if it is too old, or no version at all.
    """
    if type(version) is int and version > FORMAT:
        raise IndexProblem(
            f"“{place}” is of format {version}, of a later version of Dateline; this one reads up to {FORMAT}. "
            "Use that version, or a newer one."
        )
    if type(version) is not int or version < OLDEST:
        raise IndexDamaged(
            f"“{place}” is of format {str(version)[:40]}; this program reads {OLDEST} to {FORMAT}. "
            "Rebuild the index: dateline index NEW FOLDER."
        )
