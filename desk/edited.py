"""CSV files that people export, edit in a spreadsheet or an editor, and import again.

Cells are written with commas between them, and read with commas, semicolons (as spreadsheets of much of Europe save
them) or tabs: with what stands between the names of the columns, or what a line before them names, as `sep=;`.

A cell that a spreadsheet would run as a formula is written with an apostrophe before it, which is taken off when it is
read: what was exported is imported as it was.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from desk.separator import named_separator
from search.errors import DatelineError

MOST_BYTES = 64 * 1024 * 1024
"""The greatest size of a file; a line takes some hundred bytes."""

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_FORMULA = ("=", "+", "-", "@")
_CELL_MARKS = ("\t", "\r")
_END = "\r\n"
_PIECES = re.compile(r"(?<=[;|\t\r\n])")


def rows(
    text: str, columns: Sequence[str], needed: Sequence[str], wrong: Callable[[str], DatelineError]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The records of a file that are not empty: the line in which each begins, and its cells by column, or "".

    Args:
        columns: those that a file may have; `needed`, those that it must have.
        wrong: makes the error of a sentence.

    Raises:
        DatelineError: made by `wrong`, with the number of the invalid line.
    """
    lines = io.StringIO(text, newline="")
    between = named_separator(lines.readline())
    before = 0 if between is None else 1
    if between is None:
        lines.seek(0)
        between = _separator(lines.readline(), columns)
        lines.seek(0)
    found = _records(lines, between, before, wrong)
    _, names = next(found, (0, list[str]()))
    unknown = [name for name in names if name not in columns]
    missing = [name for name in needed if name not in names]
    if unknown or missing:
        what = f"“{unknown[0]}” is not a column" if unknown else f"There is no column “{missing[0]}”"
        raise wrong(f"{what}. The first line is: {','.join(columns)}.")
    for at, cells in found:
        if len(cells) > len(names):
            sign = _SEPARATORS.get(between, f"“{between}”")
            raise wrong(f"Line {at} has more cells than columns. Quote cells that have a {sign}.")
        given = dict.fromkeys(columns, "") | dict(zip(names, map(_read, cells), strict=False))
        if any(given.values()):
            yield at, given


def _records(
    lines: io.StringIO, separator: str, before: int, wrong: Callable[[str], DatelineError]
) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record that is not empty, and the line in which it begins: a quoted cell may have several.

    Args:
        before: how many lines of the file precede these.
    """
    reader = csv.reader(lines, strict=True, delimiter=separator)
    while True:
        at = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise wrong(f"Line {at} is not CSV: {error}. Quote cells that have a quotation mark.") from None
        if cells is None:
            return
        if cells:
            yield at, cells


def _separator(first: str, columns: Sequence[str]) -> str:
    """What separates the cells: that by which the first line has most names of columns, the comma if none has more."""
    first = first.rstrip("\r\n")

    def named(separator: str) -> int:
        return len({cell.strip('"') for cell in first.split(separator)} & {*columns})

    return max(_SEPARATORS, key=named)  # of equals, the first


def decoded(content: bytes, wrong: Callable[[str], DatelineError]) -> str:
    """The text of a file. Raises the error that `wrong` makes if it is too large, or not UTF-8."""
    if len(content) > MOST_BYTES:
        raise wrong(f"The file has {len(content):,} bytes; the limit is {MOST_BYTES:,}. Remove lines, or split it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(f"The file is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None


def line(cells: Iterable[str]) -> str:
    """A line of a file, without its end."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=_END)  # with none, a cell that has a line end would get no quotes
    writer.writerow(inert(cell.strip(" ")) for cell in cells)
    return out.getvalue().removesuffix(_END)


def is_formula(text: str) -> bool:
    """True if a spreadsheet may evaluate it: its first visible character begins a formula, in any width."""
    for character in text:
        if character in _CELL_MARKS:
            return True
        if not (character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me")):
            return unicodedata.normalize("NFKC", character).startswith(_FORMULA)
    return False


def inert(cell: str) -> str:
    """A cell as it is written: an apostrophe is put before all of it that a spreadsheet might evaluate.

    That is the cell, and each piece of it: where a country writes semicolons between columns, its spreadsheets take a
    file with commas apart at semicolons, tabs and line ends, and so a cell.
    """
    pieces = _PIECES.split(cell)
    written = "".join(f"'{piece}" if _is_marked(piece) else piece for piece in pieces)
    return f"'{written}" if _is_marked(cell) and not _is_marked(pieces[0]) else written


def _read(cell: str) -> str:
    """A cell as it was before it was written."""
    pieces = _PIECES.split(cell.strip(" "))
    found = "".join(piece[1:] if piece.startswith("'") and _is_marked(piece) else piece for piece in pieces)
    if found.startswith("'") and _is_marked(found) and not _is_marked(pieces[0]):
        found = found[1:]
    return found.strip()


def _is_marked(piece: str) -> bool:
    """True if a piece is written with an apostrophe before it: a formula, also behind quotes of its own."""
    return is_formula(piece.lstrip("'\""))
