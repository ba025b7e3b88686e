"""What was wrong with a query, where, and how it was read: sentences for the reader."""

from __future__ import annotations

MAX_NOTES = 20
"""Maximum number of sentences; of the others only the number is given."""


class Notes:
    """Collects sentences by position."""

    def __init__(self) -> None:
        self._notes: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._notes)

    def add(self, at: int, sentence: str) -> None:
        """Add a sentence about a position, counted from 1, which the sentence names."""
        self._notes.append((at, sentence))

    def sentences(self) -> tuple[str, ...]:
        """The sentences in order of position."""
        ordered = sorted(self._notes, key=lambda note: note[0])
        given = tuple(sentence for _, sentence in ordered[:MAX_NOTES])
        if len(ordered) > MAX_NOTES:
            at = ordered[MAX_NOTES][0]
            given += (f"{len(ordered) - MAX_NOTES} more repairs at {at} and after.",)
        return given
