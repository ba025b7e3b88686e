"""What a cursor of a directory contains (see `search.cursor`); `former` opens its generation."""

from __future__ import annotations

from typing import NamedTuple

from search import cursor

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class Cursor(NamedTuple):
    """The last hit seen: its generation (number and mark) and the name of the list, its sort key, its id."""

    generation: int
    mark: int
    list: str
    key: int
    id: str


def read(text: str, name: str | None = None) -> Cursor:
    """The cursor that `search.cursor.write` encoded. Raises BadQuery."""
    return cursor.read(text, _checked, name)


def _checked(data: list[object]) -> Cursor | None:
    match data:
        case [int(generation), int(mark), str(name), int(key), str(article_id)] if generation >= 0:
            fits = _LEAST <= key <= _MOST and not any(isinstance(value, bool) for value in data)
            return Cursor(generation, mark, name, key, article_id) if fits else None
    return None
