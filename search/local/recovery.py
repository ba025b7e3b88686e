"""What a writer that was stopped has left behind: files that no generation names, removed when the next one starts.

Only names that a writer gives are looked at. Files that a reader still has open stay readable until it closes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from search.local import authority, blocked, disk, manifest
from search.local.manifest import NAME, Manifest
from search.local.segment import ENDINGS

_ENDINGS = "|".join(re.escape(ending) for ending in ENDINGS)
_OURS = re.compile(
    rf"_{NAME}_\d+\.toc(\.[\d.]+)?|_{NAME}_\d+\.sum|_{NAME}_\d+\.(toc|sum){re.escape(disk.ASIDE)}"
    rf"|{NAME}_[0-9a-z]+({_ENDINGS})({re.escape(disk.ASIDE)})?"
    rf"|({re.escape(blocked.NAME)}|{re.escape(authority.NAME)}){re.escape(disk.ASIDE)}"
)


def left_over(folder: Path, current: Manifest) -> Iterator[Path]:
    """The files of writers that the last generation does not name, tables of contents first."""
    kept = {
        manifest.table_path(folder, current.generation).name,
        manifest.path_of(folder, current.generation).name,
        *current.files,
    }
    names = sorted(path.name for path in folder.iterdir() if _OURS.fullmatch(path.name))
    for name in sorted(names, key=lambda name: manifest.generation_of(name) is None):
        if name not in kept:
            yield folder / name


def sweep(paths: Iterable[Path]) -> None:
    """Remove files that nobody needs; one that cannot be removed now is for the next sweep."""
    for path in paths:
        with suppress(OSError):
            disk.remove(path)
