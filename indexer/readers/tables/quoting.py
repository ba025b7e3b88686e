"""Splits the rows of a table into values, by either of two rules for a quote in a value that is in quotes.

It is doubled, as RFC 4180 wants it, or it has a backslash before it, as MySQL, Spark and others write it. A quote opens
a value only at its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

_QUOTES = re.compile('"+')
_ODD_QUOTES = re.compile('(?<!")"(?:"")*+(?!")')
_UP_TO_QUOTE = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\]|\r?\n|\r)')


class Quoting(NamedTuple):
    """A rule for quotes in quotes.

    Attributes:
        closing: the position of the quote that closes the value around a place; the end of the row if none does.
        plain: the value that is written so between quotes.
    """

    closing: Callable[[str, int], int]
    plain: Callable[[str], str]


def split(row: str, separator: str, quoting: Quoting, *, as_written: bool = False) -> tuple[list[str], bool]:
    """The values of a row, and True if a separator follows each closing quote; what else follows is part of the value.

    A row may be a whole file long: memory is in proportion to it.

    Args:
        as_written: whether a value of which something follows the closing quote keeps its quotes.
    """
    row = row.rstrip("\r\n")
    if '"' not in row:
        return row.split(separator), True
    values = []
    at = 0
    is_exact = True
    while True:
        quoted, begin = "", at
        if is_quoted := row.startswith('"', at):
            end = quoting.closing(row, at + 1)
            quoted = quoting.plain(row[at + 1 : end])
            at = end + 1
        end = row.find(separator, at)
        rest = row[at : end if end >= 0 else None]
        has_more = is_quoted and bool(rest.strip())
        is_exact = is_exact and not has_more
        values.append(row[begin:at] + rest if has_more and as_written else quoted + rest)
        if end < 0:
            return values, is_exact
        at = end + 1


def open_after(line: str, is_open: bool, separator: str, quoting: Quoting) -> bool:
    """True if a line ends inside quotes."""
    at = 0
    while True:
        if is_open:
            at = quoting.closing(line, at) + 1
            if at > len(line):
                return True
        opening = _opening(separator).search(line, at)
        if opening is None:
            return False
        at, is_open = opening.end(), True


@lru_cache
def _opening(separator: str) -> re.Pattern[str]:
    return re.compile(rf'(?:\A|{re.escape(separator)})"')


def _after_doubled(row: str, at: int) -> int:
    """The closing quote is the last of an odd number of quotes, of which two each are one in the value."""
    at = row.find('"', at)
    if at < 0:
        return len(row)
    ends = _QUOTES.match(row, at).end()  # type: ignore[union-attr]  # there is one
    if (ends - at) % 2:
        return ends - 1
    found = _ODD_QUOTES.search(row, ends)
    return found.end() - 1 if found else len(row)


def _after_escaped(row: str, at: int) -> int:
    """The closing quote is the first without a backslash before it that is not after one itself."""
    found = _UP_TO_QUOTE.match(row, at)
    return found.end() - 1 if found else len(row)


DOUBLED = Quoting(_after_doubled, lambda quoted: quoted.replace('""', '"'))
ESCAPED = Quoting(_after_escaped, lambda quoted: _ESCAPED.sub(r"\1", quoted) if "\\" in quoted else quoted)
