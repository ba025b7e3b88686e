"""Reads the rows of a table by the rules that rows of it show, for quotes (see `quoted`) and for `backslashes`.

A row shows a rule if it fits that one and no other. The first rows are looked at before any is taken. A row that fits
two rules, and says something else by each, is rejected unless others have shown which it is, or have hints that agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.readers.tables import backslashes, quoted
from indexer.readers.tables.backslashes import NO_VALUE, Meaning
from indexer.readers.tables.lines import MAX_LINE, MAX_ROW, Lines
from indexer.readers.tables.quoted import ESCAPE, OFTEN_BARE, Row, checked
from indexer.readers.tables.quoting import Quoting

SHOWING = 1024 * 1024
"""Characters of the first rows that show the rules of a table; later ones show them to those after them."""
_TOO_LONG = f"The line is longer than {MAX_LINE // 2**20} MB."
_UNENDING = f"Backslashes before its line ends make it longer than {MAX_ROW // 2**20} MB."
_CUT_OFF = "It ends with a backslash before the last line end, as if it were cut off."
_SHOWN = re.compile(r"\\[ntrbfv0]")


def look_ahead(lines: Lines, separator: str, size: int) -> None:
    """Find the rules that the first rows show, none of which is taken."""
    ahead: list[str] = []
    length = 0
    while length < SHOWING and (line := lines.next()) is not None:
        ahead.append(line)
        length += len(line)
    lines.give_back(ahead)
    if any(ESCAPE in line for line in ahead):
        lines.quoting = _quoting(_sample(ahead, lines), separator, size)
    if separator in OFTEN_BARE and any("\\" in line for line in ahead):
        _see_backslashes(_sample(ahead, lines), lines, separator, size)


def _sample(ahead: list[str], lines: Lines) -> Lines:
    sample = Lines(iter([ahead]))
    sample.ends_in_cr = lines.ends_in_cr
    return sample


def _quoting(sample: Lines, separator: str, size: int) -> Quoting | None:
    """The rule for quotes that the first rows show; None if they show none, or a row may go on after them."""
    while sample.quoting is None and (line := sample.next_filled()) is not None:
        sample.take(len(quoted.read(line, sample, separator, size).further))
        if sample.have_ended_open:
            return None
    return sample.quoting


def _see_backslashes(sample: Lines, lines: Lines, separator: str, size: int) -> None:
    """Note what backslashes are in the first rows, each by itself; a row that may go on after them shows nothing."""
    while (line := sample.next_filled()) is not None:
        read(line, sample, separator, size)
        lines.backslashes |= sample.backslashes
        sample.backslashes.clear()
    lines.hints |= sample.hints


def read(line: str, lines: Lines, separator: str, size: int) -> list[str] | str:
    """The values of the row that begins with a line and may go on in the next ones, which are taken.

    If the row is invalid, the result is the reason why it is rejected.
    """
    if line == "\0":
        return _TOO_LONG
    if separator in OFTEN_BARE and lines.backslashes == {Meaning.ESCAPE}:
        row = _escaped(line, lines, separator, size)
        if row.problem == _UNENDING:
            _take_rest([line, *row.further][-1], lines)
    else:
        row = quoted.read(line, lines, separator, size)
        if separator in OFTEN_BARE and lines.backslashes != {Meaning.ITSELF}:
            _note_quotes(line, row, lines, separator)
            lines.hints |= {Meaning.ESCAPE} if backslashes.seem_to_escape(row.values) else set()
        if NO_VALUE in row.values:
            row = row._replace(values=["" if value == NO_VALUE else value for value in row.values])
        if separator in OFTEN_BARE and lines.backslashes != {Meaning.ITSELF} and _may_escape(line, lines):
            row = _decided(line, row, lines, separator, size)
        lines.take(len(row.further))
    return row.values if row.problem is None else row.problem


def _note_quotes(line: str, row: Row, lines: Lines, separator: str) -> None:
    """Note that backslashes are text if quotes are around a separator or line end; doubled quotes are a hint of it."""
    if not row.is_exact:
        return
    if row.further or any(separator in value for value in row.values):
        if not any("\\" in one for one in (line, *row.further)):
            lines.backslashes.add(Meaning.ITSELF)
    elif '""' in line:
        written = line.rstrip("\r\n").split(separator)
        if any('"' in value != one for value, one in zip(row.values, written, strict=False)):
            lines.hints.add(Meaning.ITSELF)


def _may_escape(line: str, lines: Lines) -> bool:
    return "\\" in line or _ends_in_value(line, lines)


def _ends_in_value(line: str, lines: Lines) -> bool:
    """True if the CR at the end of a line is no line end where backslashes escape those."""
    return line.endswith("\r") and not lines.ends_in_cr


def _decided(line: str, row: Row, lines: Lines, separator: str, size: int) -> Row:
    """A row as read with backslashes as text, or else as escapes, or rejected; what shows the rule is noted."""
    escaped = _escaped(line, lines, separator, size)
    lines.give_back(escaped.further)
    if escaped.problem in (_CUT_OFF, _UNENDING) or not any("\\" in one for one in (line, *escaped.further)):
        return row

    def fits(found: Row, read_next: Callable[[str], Row]) -> bool:
        until = max(len(row.further), len(escaped.further))
        return found.problem is None and _is_followed(found.further, until, lines, read_next)

    as_text = fits(row, lambda more: quoted.read(more, lines, separator, size))
    as_escapes = fits(escaped, lambda more: _given_back(more, lines, separator, size))
    if as_text is not as_escapes:
        lines.backslashes.add(Meaning.ESCAPE if as_escapes else Meaning.ITSELF)
    if not as_escapes:
        return row
    if not as_text:
        return escaped
    if lines.hints == {Meaning.ESCAPE} and not lines.backslashes and _quotes(row) == _quotes(escaped):
        return escaped  # who writes that there is no value as \N writes \\N for those two characters
    if len(row.further) == len(escaped.further) and backslashes.are_alike(row.values, escaped.values):
        return row
    return Row([], max(row.further, escaped.further, key=len), _unclear(line))


def _unclear(line: str) -> str:
    found = _SHOWN.search(line)
    shown = f"“{found[0]}”" if found else "“\\” before the end of its line"
    return f"{shown} may be an escape or text, and no row shows which; export the table with quotes around its values."


def _quotes(row: Row) -> int:
    return sum(value.count('"') for value in row.values)


def _is_followed(further: list[str], until: int, lines: Lines, read_next: Callable[[str], Row]) -> bool:
    """True if all rows that begin in so many lines after a row's first are valid; none is taken."""
    lines.take(len(further))
    taken = list(further)
    is_valid = True
    while is_valid and len(taken) < until and (line := lines.next()) is not None:
        taken.append(line)
        if line.strip():
            row = read_next(line)
            is_valid = row.problem is None
            lines.take(len(row.further))
            taken += row.further
    lines.give_back(taken)
    return is_valid


def _given_back(line: str, lines: Lines, separator: str, size: int) -> Row:
    row = _escaped(line, lines, separator, size)
    lines.give_back(row.further)
    return row


def _escaped(line: str, lines: Lines, separator: str, size: int) -> Row:
    """The row that begins with a line, by the rule that backslashes escape; its lines are taken."""
    further: list[str] = []
    length = len(line)
    last = line
    while _goes_on(last, lines):
        if not lines.may_go_on(Meaning.ESCAPE):
            return Row([], further, _UNENDING)
        if length > MAX_ROW:
            return _ended(further, lines, _UNENDING)
        more = lines.next()
        if more is None and backslashes.is_escaped(last):
            return _ended(further, lines, _CUT_OFF)
        if more is None:
            break
        further.append(more)
        length += len(more)
        last = more
    if last == "\0":
        return Row([], further, _TOO_LONG)
    values, wrong = backslashes.split("".join([line, *further]), separator)
    if wrong is not None:
        return Row([], further, f"It has “{wrong}”, which is no escape; a backslash is written as “\\\\”.")
    return checked(values, further, size)


def _ended(further: list[str], lines: Lines, problem: str) -> Row:
    lines.ends_open(Meaning.ESCAPE, lines.number - len(further))
    return Row([], further, problem)


def _goes_on(line: str, lines: Lines) -> bool:
    return backslashes.is_escaped(line) or _ends_in_value(line, lines)


def _take_rest(line: str, lines: Lines) -> None:
    """Take the lines up to the end of the row that a line is in."""
    last: str | None = line
    while last is not None and _goes_on(last, lines):
        last = lines.next()
