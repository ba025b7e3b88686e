"""Small JSON files that vouch for themselves: `{"crc32": …, "content": …}`, each byte of which is checked.

A checksum tells bytes that were written from bytes that were not; it does not tell who wrote them.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import orjson

from search import disk
from search.errors import IndexDamaged

_BEGIN = b'{"crc32":"%08x","content":'
_END = b"}\n"


def write(path: Path, content: object) -> None:
    """Replace a file, whole or not at all, durably."""
    data = orjson.dumps(content)
    disk.put(path, _BEGIN % zlib.crc32(data) + data + _END)
    disk.sync_folder(path.parent)


def read(path: Path) -> object:
    """What `write` wrote there.

    Raises:
        FileNotFoundError: when there is no such file.
        IndexDamaged: when it is not what `write` leaves.
    """
    with disk.read_only(path) as file:
        whole = file.read()
    begin = len(_BEGIN % 0)
    data = whole[begin : -len(_END)]
    if whole != _BEGIN % zlib.crc32(data) + data + _END:
        raise _damaged(path)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:  # somebody took the trouble of a checksum
        raise _damaged(path) from None


def _damaged(path: Path) -> IndexDamaged:
    return IndexDamaged(
        f"“{path}” cannot be read: it is not as it was written. Restore it, or index the archive again."
    )
