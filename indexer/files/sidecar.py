"""The metadata next to a text: `story.txt.json` or `story.json` for `story.txt`, an object without a `text`.

A scanned page is such a text. What is true of all pages of a folder, and of those below it, is in `issue.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO

from indexer.files.neighbours import Neighbours
from indexer.safe import json_values
from search.errors import BadRecord
from search.said import said

MAX_BYTES = 16 * 1024 * 1024
OF_ISSUE = "issue.json"
_TEXT_SUFFIXES = (".txt", ".text", ".md", ".hocr", ".alto")
_SEVERAL = ".xml"
"""The ending of pages and of much else, so that only `0001.xml.json` is metadata of `0001.xml`."""


def names_of(name: str) -> tuple[str, ...]:
    """The possible names of a text's metadata."""
    own = PurePosixPath(name)
    if own.suffix.lower() == _SEVERAL:
        return (own.name + ".json",)
    return tuple(dict.fromkeys((own.name + ".json", own.with_suffix(".json").name))) if own.name else ()


def metadata(name: str, neighbours: Neighbours) -> Mapping[str, object]:
    """The metadata of a text; empty if there is none next to it. Raises BadRecord if it cannot be read."""
    for candidate in names_of(name):
        if candidate != PurePosixPath(name).name and (file := neighbours.open(candidate)) is not None:
            with file:
                found = load(file, candidate)
            if found is not None:
                return found
    return {}


def belongs_to_a_text(name: str, names: Collection[str], opened: Callable[[], BinaryIO]) -> bool:
    """True if a file is the metadata next to a text, not an article.

    Args:
        name: the file's name.
        names: the names of all files in its folder.
        opened: opens the file; its exceptions are passed on.
    """
    own = PurePosixPath(name)
    if own.suffix.lower() != ".json":
        return False
    texts = (own.stem, *(own.stem + suffix for suffix in _TEXT_SUFFIXES))
    if not any(own.name in names_of(text) for text in texts if text in names):
        return False
    with opened() as file:
        return _is_metadata(file, own.name)


def _is_metadata(file: BinaryIO, name: str) -> bool:
    try:
        return load(file, name) is not None
    except BadRecord:
        return True  # the reader of the text reports the problem


def load(file: BinaryIO, name: str) -> Mapping[str, object] | None:
    """The metadata in a file next to a text; None if the file is an article, or empty.

    Raises:
        BadRecord: if it is not JSON.
    """
    value = parsed(file, name)
    return value if isinstance(value, dict) and "text" not in value else None


def parsed(file: BinaryIO, name: str) -> object:
    """What is in a file next to a text; None if it is too large. Raises BadRecord if it is not JSON."""
    try:
        data = file.read(MAX_BYTES + 1)
        return json_values.parse(data) if len(data) <= MAX_BYTES else None
    except (OSError, BadRecord) as error:
        raise BadRecord(
            said("Its metadata, {name}, cannot be read: {reason}.", name=name, reason=str(error).rstrip("."))
        ) from None
