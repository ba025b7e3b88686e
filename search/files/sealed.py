"""Small self-checking JSON files: `{"crc32": …, "content": …}`, with every byte checked.

A checksum detects bytes that were not written; it does not authenticate the writer.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import orjson

from search.errors import IndexDamaged
from search.system import disk

_BEGIN = b'{"crc32":"%08x","content":'
_END = b"}\n"


def write(path: Path, content: object) -> None:
    """Replace a file, atomically and durably."""
    data = orjson.dumps(content)
    disk.put(path, _BEGIN % zlib.crc32(data) + data + _END)
    disk.sync_folder(path.parent)


def read(path: Path) -> object:
    """The content of a file.

    Raises:
        FileNotFoundError: if there is no such file.
        IndexDamaged: if it is not as `write` writes it.
    """
    with disk.read_only(path) as file:
        whole = file.read()
    begin = len(_BEGIN % 0)
    data = whole[begin : -len(_END)]
    if whole != _BEGIN % zlib.crc32(data) + data + _END:
        raise _damaged(path)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:  # somebody computed a checksum for it
        raise _damaged(path) from None


def _damaged(path: Path) -> IndexDamaged:
    return IndexDamaged(f"“{path}” cannot be read: it is not as written. Restore it, or index the archive again.")
