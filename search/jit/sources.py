"""What compiled kernels were made of, so that none is taken for another. Needs Python only, to build wheels."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_CONSTANT = re.compile(rb"^TITLE_WEIGHT = .*$", re.MULTILINE)
"""What kernels take from elsewhere: of `search.fields`."""


@cache
def stamp(folder: Path) -> bytes:
    """The key of the kernels in a folder: a hash of their sources, of this package, and the constant from elsewhere."""
    ours = Path(__file__).parent
    found = (*sorted(folder.glob("*.py")), *sorted(ours.glob("*.py")), *sorted(ours.glob("*.h")))
    constant = _CONSTANT.findall((_ROOT / "search" / "fields.py").read_bytes())
    return sha256(b"".join([*(path.read_bytes() for path in found), *constant])).digest()


def named(package: str, folder: Path) -> str:
    """The key of the kernels of a package, with its name, as a library has it."""
    return f"{package}={stamp(folder).hex()}"


def folders() -> dict[str, Path]:
    """Package → folder, of all kernels."""
    found = (path for part in ("search", "indexer") for path in (_ROOT / part).rglob("kernels") if path.is_dir())
    return {".".join(path.relative_to(_ROOT).parts): path for path in sorted(found)}


def outdated(library: Path) -> list[str]:
    """The packages whose kernels a library has not, or of other sources: all, if there is no such file."""
    made = library.read_bytes() if library.exists() else b""
    return [package for package, folder in folders().items() if named(package, folder).encode() not in made]
