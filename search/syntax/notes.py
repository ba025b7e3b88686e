"""What was wrong with a query, where, and how it was read: sentences for the reader."""

from __future__ import annotations

MAX_NOTES = 20
"""Sentences that are given; of more, only how many."""


class Notes:
    """Collects sentences by the place they are about."""

    def __init__(self) -> None:
        self._notes: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._notes)

    def add(self, at: int, sentence: str) -> None:
        """Say something about a place, counted from 1; the sentence names it."""
        self._notes.append((at, sentence))

    def sentences(self) -> tuple[str, ...]:
        """The sentences in the order of their places."""
        ordered = sorted(self._notes, key=lambda note: note[0])
        given = tuple(sentence for _, sentence in ordered[:MAX_NOTES])
        if len(ordered) > MAX_NOTES:
            at = ordered[MAX_NOTES][0]
            given += (f"{len(ordered) - MAX_NOTES} more repairs at {at} and after.",)
        return given
