"""The table of contents with which plain Whoosh opens a generation; a pickle, which nothing here reads."""

from __future__ import annotations

from collections.abc import Sequence

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from search.local.format.manifest import NAME
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.plain_whoosh.schema import schema


def of(generation: int, segments: Sequence[ColumnarSegment], languages: tuple[str, ...]) -> bytes:
    """The table of contents of a generation.

    Args:
        languages: codes of the languages whose stems a word is searched with.
    """
    storage = RamStorage()
    toc = TOC(schema(languages), segments, generation)
    toc.write(storage, NAME)
    (data,) = storage.files.values()
    return bytes(data)
