"""Reads a row of a table by the rule that quotes are text and backslashes escape what follows (see `backslashes`)."""

from __future__ import annotations

from indexer.readers.tables import backslashes
from indexer.readers.tables.backslashes import Meaning
from indexer.readers.tables.lines import MAX_LINE, MAX_ROW, Lines
from indexer.readers.tables.quoted import Row, checked

TOO_LONG = f"The line is longer than {MAX_LINE // 2**20} MB."
UNENDING = f"Backslashes before its line ends make it longer than {MAX_ROW // 2**20} MB."
CUT_OFF = "It ends with a backslash before the last line end, as if it were cut off."


def read(line: str, lines: Lines, separator: str, size: int) -> Row:
    """The row that begins with a line, by the rule that backslashes escape; its lines are taken."""
    further: list[str] = []
    length = len(line)
    last = line
    while _goes_on(last, lines):
        if not lines.may_go_on(Meaning.ESCAPE):
            return Row([], further, UNENDING)
        if length > MAX_ROW:
            return _ended(further, lines, UNENDING)
        more = lines.next()
        if more is None and backslashes.is_escaped(last):
            return _ended(further, lines, CUT_OFF)
        if more is None:
            break
        further.append(more)
        length += len(more)
        last = more
    if last == "\0":
        return Row([], further, TOO_LONG)
    values, wrong = backslashes.split("".join([line, *further]), separator)
    if wrong is not None:
        return Row([], further, f"It has “{wrong}”, which is no escape; a backslash is written as “\\\\”.")
    return checked(values, further, size)


def _ended(further: list[str], lines: Lines, problem: str) -> Row:
    lines.ends_open(Meaning.ESCAPE, lines.number - len(further))
    return Row([], further, problem)


def _goes_on(line: str, lines: Lines) -> bool:
    return backslashes.is_escaped(line) or ends_in_value(line, lines)


def take_rest(line: str, lines: Lines) -> None:
    """Take the lines up to the end of the row that a line is in."""
    last: str | None = line
    while last is not None and _goes_on(last, lines):
        last = lines.next()


def ends_in_value(line: str, lines: Lines) -> bool:
    """True if the CR at the end of a line is no line end where backslashes escape those."""
    return line.endswith("\r") and not lines.ends_in_cr
