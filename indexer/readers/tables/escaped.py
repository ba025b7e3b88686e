r"""Reads a row of a table whose values are not in quotes, with backslashes before what would end them.

`SELECT … INTO OUTFILE` of MySQL has a backslash before a tab, a line end and a backslash; `COPY … TO` of PostgreSQL and
ClickHouse have letters for them, as `\t` and `\n`, and ClickHouse has one before an apostrophe. `\N` is no value. No
writer has both ways, so one rule reads either.

Source: the manuals of MySQL (`LOAD DATA`), PostgreSQL (`COPY`, Text Format) and ClickHouse (`TabSeparated`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.readers.tables.lines import MAX_LINE, MAX_ROW, Lines
from indexer.readers.tables.quoted import Form, Row

NO_VALUE = "\\N"
"""No value, as databases write it."""
TOO_LONG = f"The line is longer than {MAX_LINE // 2**20} MB."
UNENDING = f"Backslashes before its line ends make it longer than {MAX_ROW // 2**20} MB."
CUT_OFF = "It ends with a backslash before the last line end, as if it were cut off."
_RULE = "\\"
_PLAIN = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "",
    "\\": "\\", '"': '"', "'": "'", "\n": "\n", "\r": "\r", "\r\n": "\r\n",
}  # fmt: skip
"""What may follow a backslash, besides the separator → what both are."""
_ESCAPE = re.compile(r"\\(\r\n|[\s\S]|\Z)")
_LINE_END = re.compile(r"(?:\r{0,2}\n|\r)\Z")
_APOSTROPHE = re.compile(r"[^\W\d_]\\'[^\W\d_]")
_WITHOUT_SIGNS = str.maketrans("", "", '\\"')


def read(line: str, lines: Lines, form: Form) -> Row:
    """The row that begins with a line, whose further lines are taken."""
    further: list[str] = []
    length, last = len(line), line
    while _goes_on(last, lines):
        if not lines.may_go_on(_RULE):
            return Row([], further, UNENDING, is_open=True)
        more = lines.next() if length <= MAX_ROW else None
        if more is None and (length > MAX_ROW or _is_escaped(last)):
            lines.refuse(_RULE, lines.number - len(further), lines.number)
            return Row([], further, UNENDING if length > MAX_ROW else CUT_OFF, is_open=True)
        if more is None:
            break
        further.append(more)
        length += len(more)
        last = more
    if last == "\0":
        return Row([], further, TOO_LONG)
    values, wrong = _split("".join([line, *further]), form.separator)
    if wrong is not None:
        return Row([], further, f"It has “{wrong}”, which is no escape; a backslash is written as “\\\\”.")
    return form.row(values, further)


def take_rest(line: str, lines: Lines) -> None:
    """Take the lines up to the end of the row that a line is in."""
    last: str | None = line
    while last is not None and _goes_on(last, lines):
        last = lines.next()


def _goes_on(line: str, lines: Lines) -> bool:
    return _is_escaped(line) or ends_in_value(line, lines)


def _is_escaped(line: str) -> bool:
    """True if the end of a line is escaped."""
    content = line.rstrip("\r\n")
    return (len(content) - len(content.rstrip("\\"))) % 2 == 1


def ends_in_value(line: str, lines: Lines) -> bool:
    """True if the CR at the end of a line is no line end where backslashes escape those."""
    return line.endswith("\r") and not lines.ends_in_cr


def _split(row: str, separator: str) -> tuple[list[str], str | None]:
    """The values of a row, "" for none, and the first backslash that is no escape, with what follows it."""
    row = _LINE_END.sub("", row, count=1)
    if "\\" not in row:
        return row.split(separator), None
    values, wrong = [], None
    for written in _written(row, separator):
        values.append(_plain(written))
        if wrong is None and "\\" in written and written != NO_VALUE:
            wrong = next((one[0] for one in _ESCAPE.finditer(written) if one[1] not in (separator, *_PLAIN)), None)
    return values, wrong


def _written(row: str, separator: str) -> Iterator[str]:
    """The values of a row as they are written."""
    up_to_separator = _up_to(separator)
    at = 0
    while at <= len(row):
        end = up_to_separator.match(row, at).end()  # type: ignore[union-attr]  # it matches anything
        yield row[at:end]
        at = end + 1


@lru_cache
def _up_to(separator: str) -> re.Pattern[str]:
    other = rf"[^\\{re.escape(separator)}]*+"
    return re.compile(rf"{other}(?:\\(?:[\s\S]|\Z){other})*+")


def _plain(written: str) -> str:
    """The value that is written so."""
    if "\\" not in written:
        return written
    return "" if written == NO_VALUE else _ESCAPE.sub(lambda escape: _PLAIN.get(escape[1], escape[1]), written)


def seem_escaped(values: Sequence[str]) -> bool:
    r"""True if values have what is hardly written where backslashes are text: `\N` alone, or `\'` between letters."""
    return any(value == NO_VALUE or _APOSTROPHE.search(value) for value in values if "\\" in value)


def are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """True if the values of two rows differ in backslashes and quotes at most."""
    return [value.translate(_WITHOUT_SIGNS) for value in one] == [value.translate(_WITHOUT_SIGNS) for value in other]
