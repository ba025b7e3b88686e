"""Reads the rows of a table by the rules that rows of it show, for quotes (see `dialect`) and for `backslashes`.

A row shows a rule if it fits that one and no other. The first rows are looked at before any is taken. A row that fits
two rules, and says something else by each, is rejected unless others have shown which it is, or have hints that agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.readers.tables import backslashes, dialect, escaped, quoted
from indexer.readers.tables.backslashes import NO_VALUE, Meaning
from indexer.readers.tables.dialect import Sample
from indexer.readers.tables.lines import Lines
from indexer.readers.tables.quoted import OFTEN_BARE, Row

SHOWING = 1024 * 1024
"""Characters of the first rows that show the rules of a table; later ones show them to those after them."""
_SHOWN = re.compile(r"\\[ntrbfv0]")


def look_ahead(header: str, lines: Lines, separator: str, size: int) -> None:
    """Find the rules that the first rows after a header show, none of which is taken."""
    ahead: list[str] = []
    length = 0
    line: str | None = header
    while length < SHOWING and (line := lines.next()) is not None:
        ahead.append(line)
        length += len(line)
    lines.give_back(ahead)
    sample = Sample(header, ahead, lines.ends_in_cr, line is None)
    dialect.decide(sample, lines, separator, size)
    if separator in OFTEN_BARE and lines.backslashes != {Meaning.ITSELF} and any("\\" in line for line in ahead):
        _see_backslashes(sample.begin(), lines, separator, size)
        has_quotes = any('"' in line for line in ahead)
        if lines.quotes is None and has_quotes and lines.backslashes | lines.hints == {Meaning.ESCAPE}:
            lines.quotes = False


def _see_backslashes(sample: Lines, lines: Lines, separator: str, size: int) -> None:
    """Note what backslashes are in the first rows, each by itself; a row that may go on after them shows nothing."""
    sample.quotes, sample.quoting = lines.quotes, lines.quoting
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
        return escaped.TOO_LONG
    if separator in OFTEN_BARE and lines.backslashes == {Meaning.ESCAPE}:
        row = escaped.read(line, lines, separator, size)
        if row.problem == escaped.UNENDING:
            escaped.take_rest([line, *row.further][-1], lines)
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
        lines.quoting = lines.quoting or row.quoting
        lines.quotes = row.quotes if lines.quotes is None else lines.quotes
        if row.open_by is not None:
            quoted.pass_rest(lines, separator, row.open_by)
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
    return "\\" in line or escaped.ends_in_value(line, lines)


def _decided(line: str, row: Row, lines: Lines, separator: str, size: int) -> Row:
    """A row as read with backslashes as text, or else as escapes, or rejected; what shows the rule is noted."""
    other = _given_back(line, lines, separator, size)
    if other.problem in (escaped.CUT_OFF, escaped.UNENDING) or not any("\\" in one for one in (line, *other.further)):
        return row

    def fits(found: Row, read_next: Callable[[str], Row]) -> bool:
        until = max(len(row.further), len(other.further))
        return found.problem is None and _is_followed(found.further, until, lines, read_next)

    as_text = fits(row, lambda more: quoted.read(more, lines, separator, size))
    as_escapes = fits(other, lambda more: _given_back(more, lines, separator, size))
    if as_text is not as_escapes:
        lines.backslashes.add(Meaning.ESCAPE if as_escapes else Meaning.ITSELF)
    if not as_escapes:
        return row
    if not as_text:
        return other
    if lines.hints == {Meaning.ESCAPE} and not lines.backslashes and _quotes(row) == _quotes(other):
        return other  # who writes that there is no value as \N writes \\N for those two characters
    if len(row.further) == len(other.further) and backslashes.are_alike(row.values, other.values):
        return row
    return Row([], max(row.further, other.further, key=len), _unclear(line))


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
    row = escaped.read(line, lines, separator, size)
    lines.give_back(row.further)
    return row
