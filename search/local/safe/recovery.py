"""Removes files that an interrupted writer left behind, which no generation names, when the next writer starts.

A generation that is retained for cursors (see `leases`) retains the files of its segments. Only names that a writer
assigns are considered. Files that a reader has open stay readable until it closes them.
gives are looked at. Files that a reader still has open stay readable until it closes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from search.errors import CannotWrite
from search.local.format import authority_file, blocked, manifest, removed
from search.local.format.layout import ENDINGS
from search.local.format.manifest import NAME, Manifest
from search.local.safe import leases
from search.system import disk

_ENDINGS = "|".join(re.escape(ending) for ending in ENDINGS)
_SUFFIX = re.escape(disk.TEMPORARY_SUFFIX)
_OURS = re.compile(
    rf"generation_\d+\.sum|(generation_\d+\.sum|_{NAME}_\d+\.toc){_SUFFIX}"
    rf"|segment_[0-9a-z]+({_ENDINGS})({_SUFFIX})?"
    rf"|({re.escape(blocked.NAME)}|{re.escape(authority_file.NAME)}|{re.escape(removed.NAME)}){_SUFFIX}"
)
_WHOOSHS = re.compile(rf"_{NAME}_\d+\.toc(\.[\d.]+)?|{NAME}_[0-9a-z]+\.[A-Za-z0-9_.]+")
"""Tables of contents, which we write for plain Whoosh, and files that plain Whoosh writes if it is made to."""


def left_over(folder: Path, current: Manifest) -> Iterator[Path]:
    """Files of writers that neither the last nor a retained generation names; manifests and leases first."""
    formers, dropped = leases.retained(folder, current)
    yield from dropped
    still_needed = {
        manifest.table_path(folder, current.generation).name,
        manifest.path_of(folder, current.generation).name,
        *current.files,
        *(name for former in formers for name in former.files),
    }
    ours = (path.name for path in folder.iterdir() if path.is_file())
    names = sorted(name for name in ours if _OURS.fullmatch(name) or _WHOOSHS.fullmatch(name))
    for name in sorted(names, key=lambda name: manifest.generation_of(name) is None):
        if name not in still_needed:
            yield folder / name


def tidy(folder: Path, current: Manifest) -> None:
    """Remove left-over files while no lease can be created; does nothing if that cannot be ensured."""
    with suppress(CannotWrite), leases.exclusive(folder):
        sweep(left_over(folder, current))


def sweep(paths: Iterable[Path]) -> None:
    """Remove unneeded files; one that cannot be removed now is left to the next sweep."""
    for path in paths:
        with suppress(CannotWrite):
            disk.remove(path)
