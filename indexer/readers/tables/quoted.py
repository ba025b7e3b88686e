"""Reads a row of a table by either rule for a quote in quotes (see `quoting`), or as one in which quotes are text.

Which of these a table follows is decided once (see `dialect`); until then each row is read by the rules that it fits,
and says what it shows. A row of several lines in which something follows a closing quote is none if one of the further
lines may be a row by itself, or if that quote is after a separator: the quote before was not closed, and this one
belongs to a later row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from indexer.readers.tables.backslashes import is_escaped
from indexer.readers.tables.lines import MAX_ROW, Lines
from indexer.readers.tables.quoting import DOUBLED, ESCAPED, Quoting, open_after, split

OFTEN_BARE = "\t|"
"""Separators of tables that often have no quotes around values."""
ESCAPE = '\\"'
_OPEN = "It opens a quote and does not close it."
_LARGE = f"It opens a quote that is not closed within {MAX_ROW // 2**20} MB."
_LEFT_OUT = f"{_LARGE[:-1]}, and is left out up to where that is."
_ANOTHER = "It opens a quote that another row closes, or has a quote that is not doubled inside quotes."
_EITHER = 'It has \\" in quotes, which may be a quote in a value or the end of one.'
_NEITHER = 'It has \\" in quotes, which fits neither as a quote in a value nor as the end of one.'


class Row(NamedTuple):
    """A row as it is read by a rule; its lines after the first are not taken.

    Attributes:
        further: its lines after the first.
        problem: why it is invalid, or None.
        is_exact: True if its quotes are read as such, and nothing but a separator follows a closing one.
        quoting: the rule for quotes in quotes that it shows, or None.
        quotes: what it shows quotes to be: around values, or text; None if it shows neither.
        open_by: the rule by which it goes on after its further lines, since it is too large to be read; or None.
    """

    values: list[str]
    further: list[str]
    problem: str | None = None
    is_exact: bool = False
    quoting: Quoting | None = None
    quotes: bool | None = None
    open_by: Quoting | None = None


def read(line: str, lines: Lines, separator: str, size: int) -> Row:
    """The row that begins with a line and may go on in the next ones, which are not taken.

    If the row is invalid, the next line after its further ones starts the next row.
    """
    if '"' not in line or (separator in OFTEN_BARE and lines.quotes is False):
        return checked(line.rstrip("\r\n").split(separator), [], size)
    found_by = tries(line, lines, separator, size)
    exact = [one for one in found_by if one.is_exact]
    if len(exact) > 1 and not _are_alike(*exact):
        return Row([], [], _EITHER)
    found = exact[0] if exact else found_by[0]
    if found.is_large and not _are_rows(found.further, separator, size, found.quoting):
        return Row([], found.further, _LEFT_OUT, open_by=found.quoting)
    is_unknown = separator in OFTEN_BARE and lines.quotes is None
    quotes = shown(line, found, separator, size) if is_unknown else None
    if is_unknown and quotes is not True and _is_bare(line, found, separator, size):
        return Row(_trimmed(line.rstrip("\r\n").split(separator), size), [], quotes=quotes)
    if found.problem is not None:
        return Row([], [], found.problem)
    if not exact and len(found_by) > 1:
        return Row([], [], _NEITHER)
    quoting = found.quoting if len(exact) == 1 and len(found_by) > 1 else None
    return Row(found.values, found.further, is_exact=found.is_exact, quoting=quoting, quotes=quotes)


def pass_rest(lines: Lines, separator: str, quoting: Quoting) -> None:
    """Pass the lines up to the end of a row that is open in quotes, or up to a line that is too long."""
    is_open = True
    while is_open and (line := lines.next()) is not None:
        if line == "\0":
            lines.give_back([line])
            return
        is_open = open_after(line, True, separator, quoting)


def checked(values: list[str], further: list[str], size: int) -> Row:
    """A row of values, of which there have to be as many as the header has."""
    values = _trimmed(values, size)
    return Row(values, further, None if len(values) == size else _wrong(values, size))


def shown(line: str, found: Try, separator: str, size: int) -> bool | None:
    """Whether quotes are around values, if a row is one only with them or only without them, or doubles one in them."""
    if size == 1:
        return None
    if not found.is_exact:
        return False if _is_plain(line, separator, size) else None
    lines = [line, *found.further]
    if not all(_is_plain(one, separator, size) for one in lines if one.strip()):
        return None if any(is_escaped(one) for one in lines[:-1]) or f"\\{separator}" in line else True
    written = line.rstrip("\r\n").split(separator)
    has_quote = any('"' in value and value != one for value, one in zip(found.values, written, strict=False))
    return True if has_quote and len(lines) == 1 else None


class Try(NamedTuple):
    """A row as it is read by a rule for quotes.

    Attributes:
        further: its lines after the first.
        problem: why it is invalid, or None.
        is_exact: True if it is valid, and nothing but a separator follows a closing quote.
        is_large: True if it is too large to be read.
    """

    quoting: Quoting
    values: list[str]
    further: list[str]
    problem: str | None
    is_exact: bool = False
    is_large: bool = False


def tries(line: str, lines: Lines, separator: str, size: int) -> list[Try]:
    """The row that begins with a line by each rule that it may follow, that of the table first; none takes a line."""
    found_by: list[Try] = []
    for quoting in (ESCAPED, DOUBLED) if lines.quoting is ESCAPED else (DOUBLED, ESCAPED):
        found = by_rule(line, lines, separator, size, quoting)
        lines.give_back(found.further)
        found_by.append(found)
        has_escape = ESCAPE in line or any(ESCAPE in more for more in found.further)
        if (found.is_exact and lines.quoting is not None) or (quoting is DOUBLED and not has_escape):
            break
    return found_by


def by_rule(line: str, lines: Lines, separator: str, size: int, quoting: Quoting) -> Try:
    """The row that begins with a line by a rule for quotes; its further lines are taken."""
    first = lines.number
    taken = [line]
    length = len(line)
    is_open = open_after(line, False, separator, quoting)
    if is_open and not lines.may_go_on(quoting):
        return Try(quoting, [], [], _OPEN)
    opened = 0
    while is_open:
        more = lines.next()
        if more is None or more == "\0" or length > MAX_ROW:
            lines.ends_open(quoting, first)
            further = taken[1:] + ([more] if more is not None else [])
            is_large = length > MAX_ROW and more is not None and more != "\0"
            return Try(quoting, [], further, _LARGE if length > MAX_ROW else _OPEN, is_large=is_large)
        taken.append(more)
        length += len(more)
        is_open = open_after(more, True, separator, quoting)
        opened = opened or (len(taken) - 1) * _opens_value(more, separator, quoting)
    values, is_exact = split("".join(taken), separator, quoting, as_written=separator in OFTEN_BARE)
    if opened:
        lines.refuse(quoting, first, first + opened)
        return Try(quoting, [], taken[1:], _OPEN)
    if not is_exact and (whole := _last(taken, lambda one: _is_whole(one, separator, size, quoting))):
        inexact = _last(taken, lambda one: not split('"' + one, separator, quoting)[1])
        lines.refuse(quoting, first, first + min(whole, inexact))
        return Try(quoting, [], taken[1:], _OPEN)
    values = _trimmed(values, size)
    if len(values) != size:
        return Try(quoting, [], taken[1:], _wrong(values, size) if len(taken) == 1 else _ANOTHER)
    return Try(quoting, values, taken[1:], None, is_exact)


def _opens_value(line: str, separator: str, quoting: Quoting) -> bool:
    """True if the quote that closes a value at a line is between a separator and text, as one that opens the next."""
    at = quoting.closing(line, 0)
    after = line[at + 1 : at + 2]
    return line[at - 1 : at] == separator and bool(after.strip()) and after != separator


def _last(taken: list[str], is_one: Callable[[str], bool]) -> int:
    """The index of the last line that is one, after the first; 0 if none is."""
    return next((at for at in range(len(taken) - 1, 0, -1) if is_one(taken[at])), 0)


def _is_whole(line: str, separator: str, size: int, quoting: Quoting) -> bool:
    """True if a line has as many values as the header, and so may be a row by itself."""
    return bool(line.strip()) and len(_trimmed(split(line, separator, quoting)[0], size)) == size


def _are_rows(further: list[str], separator: str, size: int, quoting: Quoting) -> bool:
    """True if most lines may be rows by themselves, and are hardly the text of one value."""
    filled = [line for line in further if line.strip()]
    return sum(_is_whole(line, separator, size, quoting) for line in filled) * 2 > len(filled)


def _are_alike(doubled: Try, escaped: Try) -> bool:
    """True if two readings differ in backslashes at most."""
    return len(doubled.further) == len(escaped.further) and all(
        one == other or ESCAPED.plain(one) == other for one, other in zip(doubled.values, escaped.values, strict=True)
    )


def _is_bare(line: str, found: Try, separator: str, size: int) -> bool:
    """True if a quote in a row does not quote: each of its lines is a row without it, or it fits no rule."""
    lines = [line, *found.further] if found.is_exact else [line]
    return (
        size > 1
        and not (found.is_exact and len(lines) == 1)
        and all(_is_plain(one, separator, size) for one in lines if one.strip())
    )


def _is_plain(line: str, separator: str, size: int) -> bool:
    """True if a line is a row where quotes are text."""
    return len(_trimmed(line.rstrip("\r\n").split(separator), size)) == size


def _trimmed(values: list[str], size: int) -> list[str]:
    """Values without empty ones that are more than the header has."""
    while len(values) > size and not values[-1].strip():
        values.pop()
    return values


def _wrong(values: list[str], size: int) -> str:
    return f"It has too {'few' if len(values) < size else 'many'} columns, {len(values):,} instead of {size:,}."
