"""Indexes that earlier versions made, which every later one opens and converts; see `README.md` here."""

from __future__ import annotations

import tarfile
from pathlib import Path

HERE = Path(__file__).parent
_ALL = sorted(path.name.removesuffix(".tar.xz") for path in HERE.glob("*.tar.xz"))
CLUSTERS = {int(name.partition("-")[2]): name for name in _ALL if name.startswith("mapping-")}
"""Version of the fields → an index in a cluster, as what was sent to it (see `recording`)."""
RELEASES = [name for name in _ALL if name not in CLUSTERS.values()]


def unpacked(release: str, folder: Path) -> Path:
    """Unpack an index, next to what its version exported; returns its place."""
    with tarfile.open(HERE / f"{release}.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    return folder / "news.idx"
