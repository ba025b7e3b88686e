"""The tables that come with the program: `.tsv` files with tabs between columns, and lines of comments (`#`).

Not for tables of an archive, which `indexer.readers.tables` reads, nor for the large ones of a language, which
`indexer.languages` reads by words.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from itertools import zip_longest


def rows(package: str, *path: str) -> Iterator[dict[str, str]]:
    """The rows of a file in a package, each {column: cell}; its first row names the columns."""
    return named(resources.files(package).joinpath(*path).read_text("utf-8"))


def named(text: str) -> Iterator[dict[str, str]]:
    """The rows of a table, each {column: cell}; none if it is empty. Cells that a row lacks are empty."""
    lines = cells(text)
    names = next(lines, [])
    return (dict(zip_longest(names, line, fillvalue="")) for line in lines)


def cells(text: str) -> Iterator[list[str]]:
    """The cells of each row of a table, its first one included."""
    return (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
