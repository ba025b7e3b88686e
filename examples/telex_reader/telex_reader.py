"""A reader as a plug-in: pip install examples/telex_reader, then `dateline index` reads telex messages.

1. pyproject.toml declares the module as an entry point of the group `dateline.readers`. There is nothing to configure.
2. `looks_like` tells by the first bytes if a file is of the format; `read` yields its articles.
3. A record that cannot be read becomes a BadRecord with a reason and a line. Reading continues after it.

A message begins with ZCZC and ends with NNNN; its first line is the title.
"""

from collections.abc import Iterator
from typing import BinaryIO

from indexer.readers.shared.record import Item, Origin, article
from search.errors import BadRecord

MARKS = (b"zczc",)
SUFFIXES = (".telex",)


def looks_like(head: bytes, name: str) -> bool:
    """True for a file that begins with a message."""
    return head.lstrip().startswith(b"ZCZC")


def read(file: BinaryIO, origin: Origin) -> Iterator[Item]:
    """The messages of a file."""
    lines: list[str] | None = None
    for number, line in enumerate(file.read().decode("ascii", "replace").splitlines(), 1):
        if line.startswith("ZCZC"):
            start, lines = number, []
        elif line.startswith("NNNN") and lines is not None:
            title, text = (lines[0] if lines else ""), "\n".join(lines[1:]).strip()
            try:
                yield article({"title": title, "text": text, "source": "Telex"}, origin, start)
            except BadRecord as problem:
                yield BadRecord(problem.reason, start)
            lines = None
        elif lines is not None:
            lines.append(line)
