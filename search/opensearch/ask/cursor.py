"""What a cursor of a cluster contains (see `search.cursor`); `points` retains its generation."""

from __future__ import annotations

from typing import NamedTuple

from search import cursor

Key = list[float | int | str]
"""The sort key of a hit; its last value is the id."""
_MOST = 1 << 63


class Position(NamedTuple):
    """A position in a list: its generation, its name, and the key of the last hit seen."""

    generation: int
    list: str
    key: Key


def read(text: str, name: str | None = None) -> Position:
    """The position whose values `search.cursor.write` encoded. Raises BadQuery."""
    return cursor.read(text, _checked, name)


def _checked(data: list[object]) -> Position | None:
    match data:
        case [int(generation), str(name), int(number) | float(number), str(article_id)] if generation >= 0:
            fits = -_MOST <= number < _MOST and not any(isinstance(value, bool) for value in data)
            return Position(generation, name, [number, article_id]) if fits else None
    return None
