"""The JSON values of a file, one at a time: one per line, the elements of a list, or one after another.

A file may have any size, since only the value that is being read is in memory. The parser is that of the standard
library: where there is no memory it says so, while faster ones crash, and it takes no more than in proportion to the
text. `NaN` and infinities, which other programs write where there is no value, are null; half of a surrogate pair is
U+FFFD.

UTF-8, or UTF-16 with a byte order mark; bytes that are not UTF-8 are Windows-1252.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from indexer.safe.limits import TooMuch
from indexer.safe.stray_bytes import AS_WINDOWS
from search.errors import BadRecord

MAX_CHARACTERS = 32 * 1024 * 1024
"""Of a value."""
MAX_VALUES = 500_000
"""In a value, counted by the commas and brackets before them. Each takes up to 250 bytes."""
MAX_DIGITS = 4_300
"""Of an integer; a longer one is a string (Python converts none, as that takes quadratic time)."""

_BYTES = 1 << 16
"""Bytes that are read at a time."""
_PIECE = 1 << 20
"""Characters that are read at a time."""
_UNCOUNTED = 4 * _PIECE
"""Characters that cannot have so many values that they meet the limit of memory."""
_CUT = 12
"""Characters at the end of a piece that may be invalid only without the next ones: `-Infinity`, `\\u12`."""
_CLOSING = '}]"'
"""The last characters of values that do not go on; a number may."""
_LINES = (".jsonl", ".ndjson")
_SPACE = " \t\r\n\ufeff"
_SPACES = re.compile(f"[{_SPACE}]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_OBJECT_IN_A_LINE = re.compile(r"^[, ]{0,2}\{.+\},?\]?\r?$", re.MULTILINE)
_DEEP = "It is nested too deeply"
_UNREAD = "The file is read up to there."
_TOO_LARGE = f"It is larger than {MAX_CHARACTERS // 2**20} MB."


class Value(NamedTuple):
    """A value of a file.

    Attributes:
        number: of the record, from 1, or of its line where there is one per line. None: it is the only one.
        line: its line, where there is one value per line.
    """

    value: object
    number: int | None
    line: int | None = None


def values(file: BinaryIO, name: str) -> Iterator[Value | BadRecord]:
    """Read the values of a file, and a BadRecord for each that cannot be read.

    If the first line is an object by itself, there is one value per line. Otherwise the file is a list of values, or
    values one after another. After an invalid one of these, what follows is read if it has an object in a line.

    Args:
        file: remains open.
        name: of the file; with `.jsonl` or `.ndjson` at its end it has one value per line.
    """
    return _Values(_Text(file), name.lower().endswith(_LINES)).read()


def parse(data: bytes) -> object:
    """Parse one value.

    Raises:
        BadRecord: if it is invalid or too large.
    """
    return _parsed(decoded(data).strip(_SPACE))


def decoded(data: bytes) -> str:
    """The text of a file, or of its beginning."""
    return data.decode(*_encoding(data[:2]))


class _Text:
    """The text of a file, with all that comes before a place where the file cannot be read."""

    def __init__(self, file: BinaryIO) -> None:
        encoding, errors = _encoding(file.read(2))
        file.seek(0)
        self._read: Callable[[int], bytes] = getattr(file, "read1", file.read)
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._problem: Exception | None = None
        self._held = ""
        """A carriage return, which a line feed may follow."""

    def read(self, size: int) -> str:
        """As many characters or some more; fewer only before the end. Raises what reading the file raises."""
        if self._problem is not None:
            raise self._problem
        pieces, length, data = [self._held], 0, b"begun"
        self._held = ""
        try:
            while data and length < size:
                data = self._read(_BYTES)
                pieces.append(self._decoder.decode(data, final=not data))
                length += len(pieces[-1])
        except TooMuch:
            raise
        except Exception as problem:  # raised when this has been used
            if not length:
                raise
            self._problem = problem
        text = "".join(pieces)
        if data and text.endswith("\r"):
            text, self._held = text[:-1], "\r"
        return text or (self.read(size) if self._held else "")


class _Values:
    """Reads the values of a text.

    `_text` has been read; what is after `_at`, which is in line `_line`, is to be done.
    """

    def __init__(self, file: _Text, in_lines: bool) -> None:
        self._file = file
        self._in_lines = in_lines
        self._text = ""
        self._at = 0
        self._feed = -1
        """The place of a line feed, before which there is none from where one was looked for last."""
        self._line = 1
        self._before = 0
        """Characters of its first line that are no longer in the text."""

    def read(self) -> Iterator[Value | BadRecord]:
        """Yield them all."""
        first = self._next_character()
        if first == "[":
            yield from self._elements()
        elif first == "{":
            yield from self._objects()
        elif first:
            yield from self._by_line()
        else:
            yield BadRecord("It is empty.")

    def _objects(self) -> Iterator[Value | BadRecord]:
        """Objects: in a line each, one after another, or only one."""
        number: int | None = None
        while self._next_character():
            line = self._line
            try:
                value = self._next_value()
            except BadRecord as problem:
                yield from self._after(problem, number)
                return
            if number is None:
                is_in_a_line = self._line == line
                follows = self._next_character()
                if is_in_a_line and (not follows or self._line > line):
                    yield Value(value, line, line)
                    yield from self._by_line()
                    return
                if not follows:
                    yield Value(value, None)
                    return
            number = (number or 0) + 1
            yield Value(value, number)

    def _elements(self) -> Iterator[Value | BadRecord]:
        """The elements of a list, of those after it, and what follows them."""
        number = 0
        while self._next_character() == "[":
            self._at += 1
            try:
                while self._next_character() != "]":
                    value = self._next_value()
                    number += 1
                    yield Value(value, number)
                    if self._next_character() == ",":
                        self._at += 1
                    elif self._next_character() != "]":
                        raise self._invalid("Expecting ',' or ']'", self._at)
            except BadRecord as problem:
                yield from self._after(problem, number)
                return
            self._at += 1
        yield from self._by_line(number)

    def _after(self, problem: BadRecord, number: int | None) -> Iterator[Value | BadRecord]:
        """A problem, and what follows if that has objects in lines.

        Args:
            number: of records before it. None: it began the file, in which each line may be a record.
        """
        if self._in_lines or self._has_object_in_a_line():
            if number is not None:
                yield problem
                while self._line <= (problem.line or 0) and self._next_line():
                    pass
            yield from self._by_line(number + 1 if number is not None else None)
        elif number:
            yield problem.with_reason(f"{problem.reason} {_UNREAD}", problem.line)
        else:
            yield problem

    def _by_line(self, before: int | None = None) -> Iterator[Value | BadRecord]:
        """A value per line.

        Args:
            before: the number of records before these, which are numbered on, and may be the rest of a list.
        """
        number = before or 0
        while line := self._next_line():
            at = self._line - 1
            line = line.strip(_SPACE)
            if before is not None:
                line = line.removeprefix(",").removesuffix("]").rstrip(_SPACE).removesuffix(",")
            if not line:
                continue
            number = at if before is None else number + 1
            try:
                yield Value(_parsed(line), number, at)
            except BadRecord as problem:
                yield problem.with_reason(problem.reason, at)

    def _next_character(self) -> str:
        """The next character that is not blank, to which it moves on; "" at the end."""
        while True:
            self._move(_SPACES.match(self._text, self._at).end())  # type: ignore[union-attr]  # it matches anything
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _next_value(self) -> object:
        """The value that begins here. Raises BadRecord, and stays, if it is invalid or too large."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                if self._text.find("\\u", self._at, end) >= 0 and _SURROGATE.search(self._text, self._at, end):
                    value = _without_surrogates(value)
            except json.JSONDecodeError as error:
                is_cut = error.pos + _CUT > len(self._text) or error.msg.startswith("Unterminated string")
                if not is_cut or not self._more():
                    raise self._invalid(error.msg, error.pos) from None
                _check_count(self._text, self._at, self._line)
            except RecursionError:
                raise self._invalid(_DEEP, self._at) from None
            else:
                if self._text[end - 1] in _CLOSING or end < len(self._text) or not self._more():
                    self._move(end)
                    return value

    def _next_line(self) -> str:
        """The next line with its end; of one that is too long only the beginning; "" after the last."""
        searched = self._at
        while (end := self._line_end(searched)) < 0:
            searched = len(self._text) - self._at  # where it is when more has been read
            if searched > MAX_CHARACTERS:
                return self._pass_line()
            if not self._more():
                end = len(self._text)
                break
        line, self._at = self._text[self._at : end], end
        self._line += bool(line)
        return line

    def _pass_line(self) -> str:
        """Pass a line that is too long, and return its beginning."""
        line = self._text[self._at :]
        end = -1
        while end < 0 and (piece := self._file.read(_PIECE)):
            self._text, self._feed = piece, -1
            end = self._line_end(0)
        self._at = end if end >= 0 else len(self._text)
        self._line += 1
        return line

    def _line_end(self, at: int) -> int:
        """The end of the line with a place, after its line feed, carriage return, or both; -1 if it is not read yet."""
        if self._feed < at:
            self._feed = self._text.find("\n", at)
            self._feed = len(self._text) if self._feed < 0 else self._feed
        end = self._feed if self._feed < len(self._text) else -1
        alone = self._text.find("\r", at, end - 1 if end > at else None if end < 0 else end)
        return alone + 1 if alone >= 0 else end + 1 if end >= 0 else -1

    def _has_object_in_a_line(self) -> bool:
        if len(self._text) - self._at < _PIECE:
            self._more()
        return _OBJECT_IN_A_LINE.search(self._text, self._at) is not None

    def _more(self) -> bool:
        """Read more. Returns False, and changes nothing, at the end of the file."""
        left = len(self._text) - self._at
        if left > MAX_CHARACTERS:
            raise BadRecord(_TOO_LARGE, self._line)
        piece = self._file.read(max(_PIECE, left))
        if not piece:
            return False
        self._before = self._column(self._at) - 1
        self._text = self._text[self._at :] + piece
        self._at, self._feed = 0, -1
        return True

    def _move(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to

    def _column(self, at: int) -> int:
        """The column of a place in the text, from 1."""
        begins = self._text.rfind("\n", 0, at)
        return at - begins if begins >= 0 else self._before + at + 1

    def _invalid(self, reason: str, at: int) -> BadRecord:
        line = self._line + self._text.count("\n", self._at, at)
        return BadRecord(
            f"It is not JSON: {reason.removesuffix(' at')} at line {line}, column {self._column(at)}.", line
        )


def _parsed(text: str) -> object:
    """Parse one value. Raises BadRecord."""
    if len(text) > MAX_CHARACTERS:
        raise BadRecord(_TOO_LARGE)
    _check_count(text)
    try:
        value, end = _DECODER.raw_decode(text)
        if end < len(text):
            raise json.JSONDecodeError("Extra data", text, _SPACES.match(text, end).end())  # type: ignore[union-attr]
        return _without_surrogates(value) if "\\u" in text and _SURROGATE.search(text) else value
    except RecursionError:
        raise BadRecord(f"It is not JSON: {_DEEP}.") from None
    except json.JSONDecodeError as error:
        where = f"character {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        raise BadRecord(f"It is not JSON: {error.msg.removesuffix(' at')} at {where}.") from None


def _check_count(text: str, at: int = 0, line: int | None = None) -> None:
    """Raise BadRecord if a text that begins there has too many values."""
    if len(text) - at > _UNCOUNTED and sum(text.count(mark, at) for mark in ",[{") > MAX_VALUES:
        raise BadRecord(f"It has more than {MAX_VALUES:,} values.", line)


def _without_surrogates(value: object) -> object:
    """A value with U+FFFD for lone surrogates."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_surrogates(name): _without_surrogates(one) for name, one in value.items()}
    return value


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MAX_DIGITS else text


def _encoding(begins: bytes) -> tuple[str, str]:
    """The encoding of a file by its first two bytes, and what is done where it is invalid."""
    return ("utf-16", "replace") if begins in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8", AS_WINDOWS)


_DECODER = json.JSONDecoder(parse_constant=lambda _: None, parse_int=_integer)
