"""Finds files that still have other names after the index has removed its own, such as those of backups."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


class Watched:
    """Some files, held open until it has been checked once whether they still have names."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._descriptors = [os.open(path, os.O_RDONLY) for path in paths]

    def left(self) -> frozenset[object]:
        """The files that still have a name somewhere; all are closed."""
        descriptors, self._descriptors = self._descriptors, []
        left: set[object] = set()
        for descriptor in descriptors:
            found = os.fstat(descriptor)
            if found.st_nlink:
                left.add((found.st_dev, found.st_ino))
            os.close(descriptor)
        return frozenset(left)

    def __del__(self) -> None:
        self.left()
