"""What was wrong with a query, where, and how it was read: sentences for the reader."""

from __future__ import annotations

from search.said import said

MAX_NOTES = 20
"""Maximum number of sentences; of the others only the number is given."""


class Notes:
    """Collects sentences by position."""

    def __init__(self) -> None:
        self._notes: list[tuple[int, str]] = []
        self._asides: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._notes) + len(self._asides)

    def about(self, at: int, message: str, **values: str) -> None:
        """Add a sentence about a position, counted from 1, where something was repaired.

        Args:
            message: the words, which name the position as `{at}`; see `search.said`.
        """
        self._notes.append((at, said(message, at=str(at), **values)))

    def aside(self, at: int, message: str, **values: str) -> None:
        """The same where everything is read as it stands: common words, a name that nothing has, an empty range."""
        self._asides.append((at, said(message, at=str(at), **values)))

    def sentences(self) -> tuple[str, ...]:
        """The sentences in order of position."""
        return _first([*self._notes, *self._asides])

    def repairs(self) -> tuple[str, ...]:
        """Those about repairs."""
        return _first(self._notes)


def _first(notes: list[tuple[int, str]]) -> tuple[str, ...]:
    """Sentences in order of position; of those that are too many, how many they are."""
    ordered = sorted(notes, key=lambda note: note[0])
    given = tuple(sentence for _, sentence in ordered[:MAX_NOTES])
    if len(ordered) > MAX_NOTES:
        at = ordered[MAX_NOTES][0]
        given += (said("{count} more repairs at {at} and after.", count=len(ordered) - MAX_NOTES, at=str(at)),)
    return given
