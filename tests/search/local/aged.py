"""An index as a version of before would have left it: without what later formats added."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from search.files import sealed
from search.files.array_file import ArrayFile, ArrayFileWriter, identity
from search.local.format import manifest
from search.local.format.layout import ENDINGS
from search.local.safe.catalog import Catalog
from search.system import disk
from search.system.json import Json

ADDED = {12: ("landmark.",), 13: ("title.bytes", "title.ends"), 16: ("has.",), 17: ("legible.",), 18: ("known_words.",)}
"""The beginnings of the names of arrays that formats added."""
OF_EACH = 15
"""The first format whose manifest has those of segments."""


def aged(place: Path, version: int, segments: slice = slice(None)) -> Path:
    """Make an index one of an earlier format; of a later one if only some of its segments are of the earlier."""
    current = Catalog(place).manifest()
    path = manifest.path_of(place, current.generation)
    content = cast(Json, sealed.read(path))
    gone = tuple(name for later, names in ADDED.items() if later > version for name in names)
    for entry in current.segments[segments]:
        for ending in ENDINGS:
            name = f"{manifest.segment_name(entry.id)}{ending}"
            _without(place / name, gone)
            content["files"][name] = identity(place / name)
    for found in content["segments"][segments]:
        found["format"] = version
    if segments == slice(None):
        content["format"] = version
        for found in content["segments"] if version < OF_EACH else ():
            del found["format"]
    sealed.write(path, content)
    return place


def _without(path: Path, gone: tuple[str, ...]) -> None:
    file = ArrayFile(path)
    if any(name.startswith(gone) for name in file.names):
        with disk.create(path.with_suffix(".new")) as made:
            writer = ArrayFileWriter(made)
            for name in file.names:
                if not name.startswith(gone):
                    writer.add(name, file[name])
            writer.close()
        path.with_suffix(".new").replace(path)
