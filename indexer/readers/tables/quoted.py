"""Reads a row of a table by either rule for a quote in quotes (see `quoting`), or as one in which quotes are text.

Which of these a table follows is decided by many rows (see `rows`); until then each is read by the rules that it fits.
A row of several lines in which something follows a closing quote is none if one of the further lines may be a row by
itself, or if that quote is after a separator: the quote before was not closed, and this one belongs to a later row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from indexer.readers.tables.lines import MAX_ROW, Lines
from indexer.readers.tables.quoting import DOUBLED, ESCAPED, Quoting, open_after, split

ESCAPE = '\\"'
_OPEN = "It opens a quote and does not close it."
_LARGE = f"It opens a quote that is not closed within {MAX_ROW // 2**20} MB."
_SKIPPED = f"{_LARGE[:-1]}, and is left out up to where that is."
_ANOTHER = "It opens a quote that another row closes, or has a quote that is not doubled inside quotes."
_EITHER = 'It has \\" in quotes, which may be a quote in a value or the end of one.'
_NEITHER = 'It has \\" in quotes, which fits neither as a quote in a value nor as the end of one.'


class Row(NamedTuple):
    """A row as it is read by a rule.

    Attributes:
        further: its lines after the first.
        problem: why it is invalid, or None.
        is_exact: False if something but a separator follows a closing quote.
        is_open: True if its end was not found.
        open_by: the rule for quotes by which it goes on after its further lines, since it is too large; or None.
    """

    values: list[str]
    further: list[str]
    problem: str | None = None
    is_exact: bool = True
    is_open: bool = False
    open_by: Quoting | None = None

    @property
    def fits(self) -> bool:
        """True if it is a row by the rule."""
        return self.problem is None and self.is_exact


class Form(NamedTuple):
    """What all rows of a table have alike.

    Attributes:
        size: the number of columns.
    """

    separator: str
    size: int

    @property
    def is_often_bare(self) -> bool:
        """True if tables with this separator often have no quotes around values."""
        return self.separator in "\t|"

    def row(self, values: list[str], further: list[str]) -> Row:
        """A row of values, of which there have to be as many as the header has, but for empty ones at the end."""
        while len(values) > self.size and not values[-1].strip():
            values.pop()
        few = "few" if len(values) < self.size else "many"
        problem = f"It has too {few} columns, {len(values):,} instead of {self.size:,}."
        return Row(values, further, None if len(values) == self.size else problem)

    def plain(self, line: str) -> Row:
        """A line as a row in which quotes and backslashes are text."""
        return self.row(line.rstrip("\r\n").split(self.separator), [])

    def has_rows(self, lines: list[str]) -> bool:
        """True if each line that is not blank is a row in which quotes are text."""
        return all(self.plain(line).problem is None for line in lines if line.strip())


def read(line: str, lines: Lines, form: Form, rule: Quoting | None, are_quotes: bool | None) -> Row:
    """The row that begins with a line and may go on in the next ones, which are not taken.

    If the row is invalid, the next line after its further ones starts the next row.

    Args:
        rule: that of the table for quotes in quotes, or None if it is not known.
        are_quotes: True if quotes are around values; False if they are text; None if it is not known.
    """
    if '"' not in line or are_quotes is False:
        return form.plain(line)
    found_by = _tries(line, lines, form, rule)
    exact = [one for one in found_by if one.fits]
    if len(exact) > 1 and not _are_alike(*exact):
        return Row([], [], _EITHER)
    found = exact[0] if exact else found_by[0]
    if found.open_by and not _are_rows(found.further, form, found.open_by):
        return found._replace(problem=_SKIPPED)
    if are_quotes is None and form.size > 1 and (not exact or found.further):
        taken = [line, *found.further] if exact else [line]
        if form.has_rows(taken):
            return form.plain(line)
    if found.problem is not None:
        return Row([], [], found.problem, is_open=found.is_open)
    if not exact and len(found_by) > 1:
        return Row([], [], _NEITHER)
    return found


def pass_rest(lines: Lines, separator: str, quoting: Quoting) -> None:
    """Pass the lines up to the end of a row that is open in quotes, or up to a line that is too long."""
    is_open = True
    while is_open and (line := lines.next()) is not None:
        if line == "\0":
            lines.give_back([line])
            return
        is_open = open_after(line, True, separator, quoting)


def _tries(line: str, lines: Lines, form: Form, rule: Quoting | None) -> list[Row]:
    """The row that begins with a line by each rule that it may follow, that of the table first; none takes a line."""
    found_by: list[Row] = []
    for quoting in (ESCAPED, DOUBLED) if rule is ESCAPED else (DOUBLED, ESCAPED):
        found = by_rule(line, lines, form, quoting)
        lines.give_back(found.further)
        found_by.append(found)
        has_escape = ESCAPE in line or any(ESCAPE in more for more in found.further)
        if (found.fits and rule is not None) or (quoting is DOUBLED and not has_escape):
            break
    return found_by


def by_rule(line: str, lines: Lines, form: Form, quoting: Quoting) -> Row:
    """The row that begins with a line by a rule for quotes; its further lines are taken."""
    first, separator = lines.number, form.separator
    taken = [line]
    length = len(line)
    is_open = open_after(line, False, separator, quoting)
    if is_open and not lines.may_go_on(quoting):
        return Row([], [], _OPEN)
    opened = 0
    while is_open:
        more = lines.next()
        if more is None or more == "\0" or length > MAX_ROW:
            lines.refuse(quoting, first, lines.number)
            further = taken[1:] + ([more] if more is not None else [])
            open_by = quoting if length > MAX_ROW and more is not None and more != "\0" else None
            return Row([], further, _LARGE if length > MAX_ROW else _OPEN, is_open=True, open_by=open_by)
        taken.append(more)
        length += len(more)
        is_open = open_after(more, True, separator, quoting)
        opened = opened or (len(taken) - 1) * _opens_value(more, separator, quoting)
    values, is_exact = split("".join(taken), separator, quoting, as_written=form.is_often_bare)
    if not opened and not is_exact and (whole := _last(taken, lambda one: _is_whole(one, form, quoting))):
        opened = min(whole, _last(taken, lambda one: not split('"' + one, separator, quoting)[1]))
    if opened or (not is_exact and whole):
        lines.refuse(quoting, first, first + opened)
        return Row([], taken[1:], _OPEN)
    row = form.row(values, taken[1:])
    return row._replace(is_exact=is_exact, problem=_ANOTHER if row.problem and len(taken) > 1 else row.problem)


def _opens_value(line: str, separator: str, quoting: Quoting) -> bool:
    """True if the quote that closes a value at a line is between a separator and text, as one that opens the next."""
    at = quoting.closing(line, 0)
    after = line[at + 1 : at + 2]
    return line[at - 1 : at] == separator and bool(after.strip()) and after != separator


def _last(taken: list[str], is_one: Callable[[str], bool]) -> int:
    """The index of the last line that is one, after the first; 0 if none is."""
    return next((at for at in range(len(taken) - 1, 0, -1) if is_one(taken[at])), 0)


def _is_whole(line: str, form: Form, quoting: Quoting) -> bool:
    """True if a line has as many values as the header, and so may be a row by itself."""
    return bool(line.strip()) and form.row(split(line, form.separator, quoting)[0], []).problem is None


def _are_rows(further: list[str], form: Form, quoting: Quoting) -> bool:
    """True if most lines may be rows by themselves, and are hardly the text of one value."""
    filled = [line for line in further if line.strip()]
    return sum(_is_whole(line, form, quoting) for line in filled) * 2 > len(filled)


def _are_alike(doubled: Row, escaped: Row) -> bool:
    """True if two readings differ in backslashes at most."""
    return len(doubled.further) == len(escaped.further) and all(
        one == other or ESCAPED.plain(one) == other for one, other in zip(doubled.values, escaped.values, strict=True)
    )
