"""Reads a row of a table by either rule for a quote in quotes (see `quoting`), or as one in which quotes are text.

A row of several lines in which something follows a closing quote is none if one of the further lines may be a row by
itself: the quote was not closed, and what closes it belongs to a later row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from indexer.readers.tables.lines import MAX_ROW, Lines
from indexer.readers.tables.quoting import DOUBLED, ESCAPED, Quoting, open_after, split

OFTEN_BARE = "\t|"
"""Separators of tables that often have no quotes around values."""
ESCAPE = '\\"'
_OPEN = "It opens a quote and does not close it."
_ANOTHER = "It opens a quote that another row closes, or has a quote that is not doubled inside quotes."
_EITHER = 'It has \\" in quotes, which may be a quote in a value or the end of one.'
_NEITHER = 'It has \\" in quotes, which fits neither as a quote in a value nor as the end of one.'


class Row(NamedTuple):
    """A row as it is read by a rule; its lines after the first are not taken.

    Attributes:
        further: its lines after the first.
        problem: why it is invalid, or None.
        is_exact: True if its quotes are read as such, and nothing but a separator follows a closing one.
    """

    values: list[str]
    further: list[str]
    problem: str | None = None
    is_exact: bool = False


def read(line: str, lines: Lines, separator: str, size: int) -> Row:
    """The row that begins with a line and may go on in the next ones, which are not taken.

    If the row is invalid, the next line starts the next row.
    """
    if '"' not in line:
        return checked(line.rstrip("\r\n").split(separator), [], size)
    tries = _tries(line, lines, separator, size)
    exact = [one for one in tries if one.is_exact]
    if len(exact) > 1 and not _are_alike(*exact):
        return Row([], [], _EITHER)
    if len(exact) == 1 and len(tries) > 1:
        lines.quoting = exact[0].quoting
    found = exact[0] if exact else tries[0]
    if separator in OFTEN_BARE and _is_bare(line, found, separator, size):
        return Row(_trimmed(line.rstrip("\r\n").split(separator), size), [])
    if found.problem is not None:
        return Row([], [], found.problem)
    if not exact and len(tries) > 1:
        return Row([], [], _NEITHER)
    return Row(found.values, found.further, is_exact=found.is_exact)


def checked(values: list[str], further: list[str], size: int) -> Row:
    """A row of values, of which there have to be as many as the header has."""
    values = _trimmed(values, size)
    return Row(values, further, None if len(values) == size else _wrong(values, size))


class _Try(NamedTuple):
    """A row as it is read by a rule for quotes.

    Attributes:
        further: its lines after the first.
        problem: why it is invalid, or None.
        is_exact: True if it is valid, and nothing but a separator follows a closing quote.
    """

    quoting: Quoting
    values: list[str]
    further: list[str]
    problem: str | None
    is_exact: bool = False


def _tries(line: str, lines: Lines, separator: str, size: int) -> list[_Try]:
    """The row that begins with a line by each rule that it may follow; none has taken a line."""
    tries: list[_Try] = []
    for quoting in (ESCAPED, DOUBLED) if lines.quoting is ESCAPED else (DOUBLED, ESCAPED):
        found = _try(line, lines, separator, size, quoting)
        lines.give_back(found.further)
        tries.append(found)
        has_escape = ESCAPE in line or any(ESCAPE in more for more in found.further)
        if (found.is_exact and lines.quoting is not None) or (quoting is DOUBLED and not has_escape):
            break
    return tries


def _try(line: str, lines: Lines, separator: str, size: int, quoting: Quoting) -> _Try:
    first = lines.number
    taken = [line]
    length = len(line)
    is_open = open_after(line, False, separator, quoting)
    if is_open and not lines.may_go_on(quoting):
        return _Try(quoting, [], [], _OPEN)
    while is_open:
        more = lines.next()
        if more is None or more == "\0" or length > MAX_ROW:
            lines.ends_open(quoting, first)
            is_long = length > MAX_ROW
            reason = f"It opens a quote that is not closed within {MAX_ROW // 2**20} MB." if is_long else _OPEN
            return _Try(quoting, [], taken[1:] + ([more] if more is not None else []), reason)
        taken.append(more)
        length += len(more)
        is_open = open_after(more, True, separator, quoting)
    values, is_exact = split("".join(taken), separator, quoting)
    if not is_exact and (whole := _last(taken, lambda one: _is_whole(one, separator, size, quoting))):
        inexact = _last(taken, lambda one: not split('"' + one, separator, quoting)[1])
        lines.refuse(quoting, first, first + min(whole, inexact))
        return _Try(quoting, [], taken[1:], _OPEN)
    values = _trimmed(values, size)
    if len(values) != size:
        return _Try(quoting, [], taken[1:], _wrong(values, size) if len(taken) == 1 else _ANOTHER)
    return _Try(quoting, values, taken[1:], None, is_exact)


def _last(taken: list[str], is_one: Callable[[str], bool]) -> int:
    """The index of the last line that is one, after the first; 0 if none is."""
    return next((at for at in range(len(taken) - 1, 0, -1) if is_one(taken[at])), 0)


def _is_whole(line: str, separator: str, size: int, quoting: Quoting) -> bool:
    """True if a line has as many values as the header, and so may be a row by itself."""
    return bool(line.strip()) and len(_trimmed(split(line, separator, quoting)[0], size)) == size


def _are_alike(doubled: _Try, escaped: _Try) -> bool:
    """True if two readings differ in backslashes at most."""
    return len(doubled.further) == len(escaped.further) and all(
        one == other or ESCAPED.plain(one) == other for one, other in zip(doubled.values, escaped.values, strict=True)
    )


def _is_bare(line: str, found: _Try, separator: str, size: int) -> bool:
    """True if a quote in a row does not quote: each of its lines is a row without it, or it fits no rule."""
    lines = [line, *found.further] if found.is_exact else [line]
    return (
        size > 1
        and not (found.is_exact and len(lines) == 1)
        and all(len(_trimmed(one.rstrip("\r\n").split(separator), size)) == size for one in lines if one.strip())
    )


def _trimmed(values: list[str], size: int) -> list[str]:
    """Values without empty ones that are more than the header has."""
    while len(values) > size and not values[-1].strip():
        values.pop()
    return values


def _wrong(values: list[str], size: int) -> str:
    return f"It has too {'few' if len(values) < size else 'many'} columns, {len(values):,} instead of {size:,}."
