"""Places that may be read but not written, by whoever runs the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder that every user may enter, unlike those of `tmp_path`."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def unwritable(*places: Path) -> Iterator[None]:
    """Indexes that this process may read and not write; run by root, it is another user until the block ends."""
    paths = [path for place in places for path in (place, *place.rglob("*"))]
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    user = os.geteuid()
    if user == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for path in paths:
            path.chmod(0o700 if path.is_dir() else 0o600)
