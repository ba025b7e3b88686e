"""Decides by the first rows of a table what quotes are in it: around values, by which rule, or characters as others.

The rows are read by each rule, and one that only some of the rules fit is a vote for these: between the two rules for a
quote in quotes, and between tabs or bars for quotes around values or as text. What the votes decide holds for all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.readers.tables import escaped, quoted
from indexer.readers.tables.backslashes import NO_VALUE, Meaning
from indexer.readers.tables.lines import Lines
from indexer.readers.tables.quoted import ESCAPE, OFTEN_BARE
from indexer.readers.tables.quoting import DOUBLED, ESCAPED, Quoting


class Sample(NamedTuple):
    """The first rows of a table.

    Attributes:
        header: the line that names the columns.
        ends_in_cr: see `Lines`.
        is_all: True if no line comes after them.
    """

    header: str
    lines: list[str]
    ends_in_cr: bool
    is_all: bool

    def begin(self) -> Lines:
        """Its lines, from the first."""
        lines = Lines(iter([self.lines]))
        lines.ends_in_cr = self.ends_in_cr
        return lines


class _Found(NamedTuple):
    """What a rule makes of the first rows.

    Attributes:
        invalid: the numbers of lines that are no row, or the first of one, and should be.
        until: the number of the line in which a row begins that may go on after the last line; none is read from there.
    """

    invalid: set[int]
    until: int


def decide(sample: Sample, lines: Lines, separator: str, size: int) -> None:
    """Note what quotes are, as far as the first rows show it."""
    if any(ESCAPE in line for line in sample.lines):
        lines.quoting = _rule(sample, separator, size)
    if separator not in OFTEN_BARE or not any('"' in line for line in (sample.header, *sample.lines)):
        return
    rule = lines.quoting or DOUBLED
    votes = _votes(sample, separator, size, rule)
    is_mostly_quoted = (
        _is_quoted(sample.header, separator, rule) or _most_quoted(sample, separator, size, rule) > votes.for_text
    )
    if is_mostly_quoted or votes.for_quotes + votes.doubled >= votes.for_text + (votes.for_quotes == 0):
        lines.quotes = True
        if is_mostly_quoted or votes.for_quotes:
            lines.backslashes.add(Meaning.ITSELF)
    elif votes.for_text:
        lines.quotes = False


def _rule(sample: Sample, separator: str, size: int) -> Quoting | None:
    """The rule for a quote in quotes by which fewer rows are invalid; None if none is."""
    doubled, by_escape = (_by_quotes(sample, separator, size, rule) for rule in (DOUBLED, ESCAPED))
    until = min(doubled.until, by_escape.until)
    invalid = [sum(number < until for number in found.invalid) for found in (doubled, by_escape)]
    return None if invalid[0] == invalid[1] else DOUBLED if invalid[0] < invalid[1] else ESCAPED


def _by_quotes(sample: Sample, separator: str, size: int, rule: Quoting) -> _Found:
    lines, invalid = sample.begin(), set[int]()
    while (line := lines.next_filled()) is not None:
        first = lines.number
        found = quoted.by_rule(line, lines, separator, size, rule)
        if found.is_exact:
            continue
        if lines.have_ended_open and not sample.is_all:
            return _Found(invalid, first)
        lines.give_back(found.further)
        invalid.add(first)
    return _Found(invalid, lines.number + 1)


class _Votes(NamedTuple):
    """How many rows show what quotes are.

    Attributes:
        for_quotes: those that are rows only with quotes around values.
        doubled: those that are rows in any case, and have a quote in quotes as the rule has it.
        for_text: those that are rows only if quotes are text.
    """

    for_quotes: int
    doubled: int
    for_text: int


def _votes(sample: Sample, separator: str, size: int, rule: Quoting) -> _Votes:
    by_text = min(_by_lines(sample, separator, size), _by_escapes(sample, separator, size), key=len)
    lines = sample.begin()
    lines.quoting = rule
    for_quotes = doubled = for_text = 0
    while (line := lines.next_filled()) is not None:
        if '"' not in line:
            continue
        first = lines.number
        lines.have_ended_open = False
        found = quoted.tries(line, lines, separator, size)[-1]
        if found.is_exact:
            lines.take(len(found.further))
            is_text = not any(number in by_text for number in range(first, lines.number + 1))
            for_quotes += not is_text
            doubled += is_text and quoted.shown(line, found, separator, size) is True
        elif lines.have_ended_open and not sample.is_all:
            break
        else:
            for_text += first not in by_text
    return _Votes(for_quotes, doubled, for_text)


def _by_lines(sample: Sample, separator: str, size: int) -> set[int]:
    """The numbers of lines that are no row if each is one, and quotes and backslashes are text."""
    return {
        number
        for number, line in enumerate(sample.lines, 1)
        if line.strip() and quoted.checked(line.rstrip("\r\n").split(separator), [], size).problem is not None
    }


def _by_escapes(sample: Sample, separator: str, size: int) -> set[int]:
    """The numbers of lines that are no row, or the first of one, if backslashes escape."""
    lines, invalid = sample.begin(), set[int]()
    while (line := lines.next_filled()) is not None:
        first = lines.number
        row = escaped.read(line, lines, separator, size)
        if row.problem is not None and (sample.is_all or row.problem != escaped.CUT_OFF):
            lines.give_back(row.further)
            invalid.add(first)
    return invalid


def _most_quoted(sample: Sample, separator: str, size: int, rule: Quoting) -> int:
    """How many values of a column are in quotes, if these are most of it; 0 if there is no such column."""
    filled, in_quotes = [0] * size, [0] * size
    for values in _with_quotes_as_text(sample, separator, size):
        for at, value in enumerate(values):
            if value not in ("", '""', NO_VALUE):
                filled[at] += 1
                in_quotes[at] += _is_in_quotes(value, rule)
    return max((part for part, whole in zip(in_quotes, filled, strict=True) if part * 2 > whole), default=0)


def _with_quotes_as_text(sample: Sample, separator: str, size: int) -> Iterator[Sequence[str]]:
    """The values of the rows if quotes are text: of lines, or of what backslashes make of them if more are rows so."""
    if len(_by_escapes(sample, separator, size)) >= len(_by_lines(sample, separator, size)):
        yield from (values for line in sample.lines if len(values := line.rstrip("\r\n").split(separator)) == size)
        return
    lines = sample.begin()
    while (line := lines.next_filled()) is not None:
        row = escaped.read(line, lines, separator, size)
        if row.problem is None:
            yield row.values
        else:
            lines.give_back(row.further)


def _is_quoted(header: str, separator: str, rule: Quoting) -> bool:
    """True if names of columns are in quotes."""
    return any(_is_in_quotes(name, rule) for name in header.rstrip("\r\n").split(separator))


def _is_in_quotes(value: str, rule: Quoting) -> bool:
    return len(value) > 1 and value.startswith('"') and rule.closing(value, 1) == len(value) - 1
