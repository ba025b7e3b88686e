r"""The rows of a table, by the rules that they show: for quotes (see `quoted`) and for backslashes (see `escaped`).

Some rows ahead are read by each rule, and one that fits only some of the rules speaks for these: between the two rules
for a quote in quotes; between tabs or bars, for quotes around values or as text, and for backslashes as escapes or
text. What they decide holds for all rows after them; if they decide nothing, the next ones are looked at in turn. A
row that fits two rules, and says something else by each, is rejected, unless there are hints: `\N` and `\'` are hardly
written where backslashes are text, nor doubled quotes in quotes where they are escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from indexer.readers.tables import escaped, quoted
from indexer.readers.tables.escaped import NO_VALUE
from indexer.readers.tables.lines import Lines
from indexer.readers.tables.quoted import ESCAPE, Form, Row
from indexer.readers.tables.quoting import DOUBLED, ESCAPED, Quoting

SHOWING = 1024 * 1024
"""Characters of the rows that are looked at together."""
_SHOWN = re.compile(r"\\[ntrbfv0]")
_Read = Callable[[str, Lines], Row]


class _Found(NamedTuple):
    """What a rule makes of some rows; those that may go on after the last line, and all after them, do not count.

    Attributes:
        rows: those that fit, each with the number of its first line.
        invalid: the numbers of lines that are no row, or the first of one, and should be.
        until: the number of the first line that does not count.
    """

    rows: list[tuple[int, Row]]
    invalid: set[int]
    until: int


class Table:
    """The rows of a table, in order.

    Args:
        header: the line that names the columns.
        lines: those after it.
    """

    def __init__(self, header: str, lines: Lines, form: Form) -> None:
        self._header, self._lines, self._form = header, lines, form
        self._rule: Quoting | None = None
        self._are_quotes: bool | None = None if form.is_often_bare else True
        self._escapes: set[bool] = set()
        """What backslashes are in rows that fit one rule only: escapes (True) or text; both if rows contradict each
        other."""
        self._hints: set[bool] = set()
        self._looked_until = 0

    def __iter__(self) -> Iterator[tuple[int, str, list[str] | str]]:
        """The number of each row's first line, this line, and the values; or the reason why the row is rejected."""
        lines = self._lines
        while True:
            if lines.number >= self._looked_until:
                self._look_ahead()
            if (line := lines.next_filled()) is None:
                return
            yield lines.number, line, self._read(line)

    # -- one row -----------------------------------------------------------------------------

    def _read(self, line: str) -> list[str] | str:
        lines = self._lines
        if line == "\0":
            return escaped.TOO_LONG
        if self._escapes == {True}:
            row = escaped.read(line, lines, self._form)
            if row.problem == escaped.UNENDING:
                escaped.take_rest([line, *row.further][-1], lines)
            return row.values if row.problem is None else row.problem
        row = self._as_text(line, lines)
        if NO_VALUE in row.values:
            row = row._replace(values=["" if value == NO_VALUE else value for value in row.values])
        if self._may_escape and ("\\" in line or escaped.ends_in_value(line, lines)):
            row = self._decided(line, row)
        for _ in row.further:
            lines.next()
        if row.open_by is not None:
            quoted.pass_rest(lines, self._form.separator, row.open_by)
        return row.values if row.problem is None else row.problem

    @property
    def _may_escape(self) -> bool:
        return self._form.is_often_bare and self._are_quotes is not True and self._escapes != {False}

    def _as_text(self, line: str, lines: Lines) -> Row:
        return quoted.read(line, lines, self._form, self._rule, self._are_quotes)

    def _decided(self, line: str, row: Row) -> Row:
        """A row as read with backslashes as text, or else as escapes, or rejected."""
        other = escaped.read(line, self._lines, self._form)
        self._lines.give_back(other.further)
        if other.problem is not None or not any("\\" in one for one in (line, *other.further)):
            return row
        if row.problem is not None or not self._form.has_rows(other.further[len(row.further) :]):
            return other
        if self._hints == {True} and not self._escapes and _quotes(row) == _quotes(other):
            return other  # who writes that there is no value as \N writes \\N for those two characters
        if len(row.further) == len(other.further) and escaped.are_alike(row.values, other.values):
            return row
        return Row([], max(row.further, other.further, key=len), _unclear(line))

    # -- all rows ----------------------------------------------------------------------------

    def _look_ahead(self) -> None:
        """Find the rules that the next rows show, none of which is taken."""
        lines, form = self._lines, self._form
        ahead: list[str] = []
        length = 0
        line: str | None = self._header
        while length < SHOWING and (line := lines.next()) is not None:
            ahead.append(line)
            length += len(line)
        lines.give_back(ahead)
        self._looked_until = lines.number + len(ahead)
        has_quotes = any('"' in one for one in (self._header, *ahead))

        def found(read: _Read) -> _Found:
            return _found(Lines(iter([ahead]), lines.ends_in_cr), line is None, read)

        if self._rule is None and any(ESCAPE in one for one in ahead):
            doubled, by_escape = (found(_by_quotes(form, rule)) for rule in (DOUBLED, ESCAPED))
            until = min(doubled.until, by_escape.until)
            fewer = sum(at < until for at in doubled.invalid) - sum(at < until for at in by_escape.invalid)
            self._rule = DOUBLED if fewer < 0 else ESCAPED if fewer else None
        by_quotes = self._are_quotes is None and has_quotes
        by_backslashes = self._may_escape and not self._escapes and any("\\" in one for one in ahead)
        if by_quotes or by_backslashes:
            by_escapes = found(lambda one, sample: escaped.read(one, sample, form))
        if by_quotes:
            as_text = min(found(lambda one, _: form.plain(one)), by_escapes, key=lambda one: len(one.invalid))
            self._are_quotes = self._quotes_of(ahead, found(_by_quotes(form, self._rule or DOUBLED)), as_text)
        if by_backslashes and self._are_quotes is not True:
            self._see_backslashes(ahead, found(self._as_text_taken), by_escapes)
            if by_quotes and self._are_quotes is None and self._escapes | self._hints == {True}:
                self._are_quotes = False

    def _see_backslashes(self, ahead: list[str], as_text: _Found, by_escapes: _Found) -> None:
        """Note what rows show or hint that backslashes are."""
        until = min(as_text.until, by_escapes.until)
        self._escapes = {at in as_text.invalid for at in as_text.invalid ^ by_escapes.invalid if at < until}
        for at, row in as_text.rows:
            line = ahead[at - 1]
            written = line.rstrip("\r\n").split(self._form.separator)
            if "\\" not in line and any(self._form.separator in value for value in row.values):
                self._escapes.add(False)  # there are quotes around it
            is_doubled = '""' in line and not row.further
            if is_doubled and any('"' in value != one for value, one in zip(row.values, written, strict=False)):
                self._hints.add(False)
        if any(escaped.seem_escaped(one.rstrip("\r\n").split(self._form.separator)) for one in ahead):
            self._hints.add(True)

    def _as_text_taken(self, line: str, lines: Lines) -> Row:
        row = self._as_text(line, lines)
        for _ in row.further:
            lines.next()
        return row

    def _quotes_of(self, ahead: list[str], in_quotes: _Found, as_text: _Found) -> bool | None:
        """True if most values of a column are in quotes, or rows need it; False if rows are only such without it."""
        rule = self._rule or DOUBLED
        for_text = sum('"' in ahead[at - 1] and at not in as_text.invalid for at in in_quotes.invalid)
        for_quotes = sum(
            '"' in ahead[at - 1] and not as_text.invalid.isdisjoint(range(at, at + len(row.further) + 1))
            for at, row in in_quotes.rows
        )
        names = self._header.rstrip("\r\n").split(self._form.separator)
        filled, quoted_in = [0] * self._form.size, [0] * self._form.size
        for _, row in as_text.rows:
            for at, value in enumerate(row.values):
                filled[at] += value not in ("", '""', NO_VALUE)
                quoted_in[at] += value != '""' and _is_in_quotes(value, rule)
        most = max((part for part, whole in zip(quoted_in, filled, strict=True) if part * 2 > whole), default=0)
        if any(_is_in_quotes(name, rule) for name in names) or most > for_text or 0 < for_quotes >= for_text:
            return True
        return False if for_text else None


def _by_quotes(form: Form, rule: Quoting) -> _Read:
    return lambda line, lines: quoted.by_rule(line, lines, form, rule)


def _found(lines: Lines, are_all: bool, read: _Read) -> _Found:
    """What a rule makes of lines.

    Args:
        are_all: True if no line comes after them.
        read: takes the further lines of a row.
    """
    found = _Found([], set(), 0)
    while (line := lines.next_filled()) is not None:
        first = lines.number
        row = read(line, lines)
        if row.is_open and (not are_all or row.problem in (escaped.CUT_OFF, escaped.UNENDING)):
            return found._replace(until=first)
        if row.fits:
            found.rows.append((first, row))
        else:
            lines.give_back(row.further)
            found.invalid.add(first)
    return found._replace(until=lines.number + 1)


def _is_in_quotes(value: str, rule: Quoting) -> bool:
    return len(value) > 1 and value.startswith('"') and rule.closing(value, 1) == len(value) - 1


def _unclear(line: str) -> str:
    found = _SHOWN.search(line)
    shown = f"“{found[0]}”" if found else "“\\” before the end of its line"
    return f"{shown} may be an escape or text, and no row shows which; export the table with quotes around its values."


def _quotes(row: Row) -> int:
    return sum(value.count('"') for value in row.values)
