"""The JSON values of a file, one at a time: one per line, the elements of a list, or one after another.

A file may have any size, since only the value that is being read is in memory. Of an object that is too large for
that, or that ends early, a list may be chosen by its outline, and is read element by element. The parser is that of the
standard library: where there is no memory it says so, while faster ones crash, and it takes no more than in proportion
to the text. `NaN` and infinities, which other programs write where there is no value, are null; half of a surrogate
pair is U+FFFD. Of a name that an object states twice, the last value counts; `json_objects` renames the former.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from indexer.safe import json_objects
from indexer.safe.json_text import Again, Readable, Text, decoded
from indexer.safe.limits import TooMuch
from indexer.safe.stray_bytes import Strays
from search.errors import BadRecord
from search.said import said

MAX_CHARACTERS = 32 * 1024 * 1024
"""Of a value."""
MAX_VALUES = 500_000
"""In a value, counted by the commas and brackets before them. Each takes up to 250 bytes."""
MAX_DIGITS = 4_300
"""Of an integer; a longer one is a string (Python converts none, as that takes quadratic time)."""
MAX_OUTER = 20
"""Objects around a list that may be chosen."""
OUTLINED = 10
"""Objects of a list that its outline has, at least."""
CUT = "…"
"""A string in an outline that is not closed."""

_PIECE = 1 << 20
"""Characters that are read at a time."""
_MOST_OUTLINED = 100_000
"""Names and elements of lists in an outline, which ends there."""
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
_UNREAD = said("The file is read up to there.")
_TOO_LARGE = said("It is larger than {mb} MB.", mb=MAX_CHARACTERS // 2**20)


class Value(NamedTuple):
    """A value of a file.

    Attributes:
        number: of the record, from 1, or of its line where there is one per line. None: it is the only one.
        line: its line, where there is one value per line.
        is_inner: True if it is of a list that was chosen.
    """

    value: object
    number: int | None
    line: int | None = None
    is_inner: bool = False


class Undecided(BadRecord):
    """Several lists of an object could be chosen; `one` is one of them."""

    def __init__(self, reason: str, one: list[object]) -> None:
        self.one = one
        super().__init__(reason)


Choose = Callable[[dict[str, object], bool], list[object] | Undecided | None]
"""Chooses one of the lists in the outline of an object, or None.

The outline has the object's values up to where it ends early (True) or is too large; of a list, also one in an object
in it, only the first elements and the first objects, `OUTLINED` of each.
"""


def values(
    file: BinaryIO, name: str, choose: Choose | None = None, strays: Strays | None = None
) -> Iterator[Value | BadRecord]:
    """Read the values of a file, and a BadRecord for each that cannot be read.

    If the first line is an object by itself, there is one value per line. Otherwise the file is a list of values, or
    values one after another. After an invalid one of these, what follows is read if it has an object in a line.

    Args:
        file: remains open.
        name: of the file; with `.jsonl` or `.ndjson` at its end it has one value per line.
        choose: the list to be read of an object that cannot be read as a whole.
        strays: is told of bytes that are not UTF-8.
    """
    return _Values(Text(file, strays), choose, name.lower().endswith(_LINES)).read()


def parse(data: bytes) -> object:
    """Parse one value.

    Raises:
        BadRecord: if it is invalid or too large.
    """
    return _parsed(decoded(data).strip(_SPACE))


class _TooLarge(BadRecord):
    """A value is too large."""


class _Values:
    """Reads the values of a text.

    `_text` has been read; what is after `_at`, which is in line `_line`, is to be done.
    """

    def __init__(
        self, file: Readable, choose: Choose | None = None, in_lines: bool = False, text: str = "", line: int = 1
    ) -> None:
        self._file = file
        self._choose = choose
        self._in_lines = in_lines
        self._text = text
        self._at = 0
        self._feed = -1
        """The place of a line feed, before which there is none from where one was looked for last."""
        self._line = line
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
            yield BadRecord(said("It is empty."))

    def _objects(self) -> Iterator[Value | BadRecord]:
        """Objects: in a line each, one after another, or only one."""
        number: int | None = None
        while self._next_character():
            line = self._line
            try:
                value = self._next_value()
            except BadRecord as problem:
                try:
                    for inner in self.chosen(problem, number or 0):
                        number = inner.number if isinstance(inner, Value) else number
                        yield inner
                except BadRecord as end:
                    yield from self._after(end, number, end is not problem)
                    return
                continue
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
            is_inner = False
            try:
                self._at += 1
                while self._next_character() != "]":
                    is_inner = False
                    for found in self._whole_or_chosen(number):
                        if isinstance(found, Value):
                            number, is_inner = found.number or number, found.is_inner
                        yield found
                    self._pass_comma("]")
                self._at += 1
            except BadRecord as problem:
                yield from self._after(problem, number, is_inner)
                return
        yield from self._by_line(number)

    def _whole_or_chosen(self, number: int) -> Iterator[Value | BadRecord]:
        """The value that begins here, or what `chosen` reads of it. Raises BadRecord where it ends."""
        try:
            value = self._next_value()
        except BadRecord as problem:
            yield from self.chosen(problem, number)
        else:
            yield Value(value, number + 1)

    def _list(self) -> Iterator[object]:
        """The elements of the list that begins here. Raises BadRecord where it is invalid."""
        self._at += 1
        while self._next_character() != "]":
            yield self._next_value()
            self._pass_comma("]")
        self._at += 1

    def _names(self) -> Iterator[str]:
        """The names in the rest of an object, each when its value is next. Raises BadRecord where it is invalid."""
        while self._next_character() != "}":
            name = self._next_value()
            if not isinstance(name, str) or self._next_character() != ":":
                raise self._invalid("Expecting a name and ':'", self._at)
            self._at += 1
            self._next_character()
            yield name
            self._pass_comma("}")
        self._at += 1

    def _pass_comma(self, end: str) -> None:
        if self._next_character() == ",":
            self._at += 1
        elif self._next_character() != end:
            raise self._invalid(f"Expecting ',' or '{end}'", self._at)

    def chosen(self, problem: BadRecord, number: int) -> Iterator[Value | BadRecord]:
        """The elements of the list that is chosen of the object that begins here, which cannot be read as a whole.

        If that is undecided, this is said, and the object is passed.

        Raises:
            BadRecord: what ends the list or the object, and `problem` if no list is chosen.
        """
        if self._choose is None or isinstance(problem, TooMuch) or not self._text.startswith("{", self._at):
            raise problem
        outline = _Outline(Again(self._text, self._at))
        chosen = self._choose(outline.value, not isinstance(problem, _TooLarge))
        if chosen is None:
            raise problem
        undecided = chosen if isinstance(chosen, Undecided) else None
        if isinstance(chosen, Undecided):
            yield chosen.with_reason(chosen.reason, self._line)
            chosen = chosen.one
        at, depth = next(place for listed, *place in outline.lists if listed is chosen)
        self._before = self._column(at) - 1
        self._move(at)
        self._file, self._text, self._at, self._feed = Again(self._text, at, self._file), "", 0, -1
        self._next_character()
        for place, value in enumerate(self._list(), number + 1):
            if undecided is None:
                yield Value(value, place, is_inner=True)
        before: object = chosen
        for _ in range(depth):
            self._pass_comma("}")
            for name in self._names():
                line, value = self._line, self._next_value()
                has_lists = undecided is None and isinstance(value, dict | list)
                if has_lists and self._choose({"": before, name: value}, False) is not chosen:
                    yield BadRecord(
                        said("“{name}” is not read, since it comes after a list of records.", name=name[:60]), line
                    )
            before = {"": before}

    def _after(self, problem: BadRecord, number: int | None, is_inner: bool = False) -> Iterator[Value | BadRecord]:
        """A problem, and what follows if that has objects in lines.

        Args:
            number: of records before it. None: it began the file, in which each line may be a record.
            is_inner: True if they are of a list in an object, the rest of which is of no interest.
        """
        if self._in_lines or self._has_object_in_a_line():
            if number is not None:
                yield problem
                while self._line <= (problem.line or 0) and self._next_line():
                    pass
            yield from self._by_line(number + 1 if number is not None else None, is_inner)
        elif number:
            yield problem.with_reason(f"{problem.reason} {_UNREAD}", problem.line)
        else:
            yield problem

    def _by_line(self, before: int | None = None, is_inner: bool = False) -> Iterator[Value | BadRecord]:
        """A value per line.

        Args:
            before: the number of records before these, which are numbered on, and may be the rest of a list.
            is_inner: True if that list is in an object.
        """
        number = before or 0
        has_ended = False
        while line := self._next_line():
            at = self._line - 1
            line = line.strip(_SPACE)
            if is_inner:
                line, ends = _until_end(line)
                has_ended = has_ended or ends
            if before is not None:
                line = line.removeprefix(",").removesuffix("]").rstrip(_SPACE).removesuffix(",")
            if not line or (has_ended and not line.startswith("{")):
                continue
            number = at if before is None else number + 1
            try:
                yield Value(_parsed(line), number, at)
            except BadRecord as problem:
                try:
                    yield from _Values(Again(""), self._choose, text=line, line=at).chosen(problem, number - 1)
                except BadRecord:
                    yield problem.with_reason(problem.reason, at)

    def _next_character(self) -> str:
        """The next character that is not blank, to which it moves on; "" at the end."""
        while True:
            self._move(_after_spaces(self._text, self._at))
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
            raise _TooLarge(_TOO_LARGE, self._line)
        piece = self._file.read(min(max(_PIECE, left), MAX_CHARACTERS + 1 - left))
        if not piece:
            return False
        self._before = self._column(self._at) - 1
        self._text = self._text[self._at :]  # by itself, so that there are never three copies
        self._text += piece
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
        where = {"line": str(line), "column": str(self._column(at))}
        told = said("It is not JSON: {reason} at line {line}, column {column}.", reason=_bare(reason), **where)
        return BadRecord(told, line)


class _Outline(_Values):
    """The outline of the object that begins a text, up to where the text ends or is invalid.

    Attributes:
        value: the object.
        lists: each list in it, its place in the text, and the number of objects around it.
    """

    def __init__(self, text: Again) -> None:
        super().__init__(text)
        self._given = text
        self._left = _MOST_OUTLINED
        self.value: dict[str, object] = {}
        self.lists: list[tuple[list[object], int, int]] = []
        self._next_character()
        try:
            self._fill(self.value, 1)
        except TooMuch:
            raise
        except BadRecord:
            return

    def _fill(self, found: dict[str, object], depth: int) -> None:
        """Fill in the object that begins here."""
        self._at += 1
        again: Counter[str] = Counter()
        for name in self._names():
            self._count()
            if name in found:
                json_objects.store_earlier(found, name, again)
            first = self._next_character()
            if first == "{" and depth < MAX_OUTER:
                inner: dict[str, object] = {}
                found[name] = inner
                self._fill(inner, depth + 1)
            elif first == "[":
                listed: list[object] = []
                found[name] = listed
                self.lists.append((listed, self._given.at - len(self._text) + self._at, depth))
                self._shorten(listed)
            else:
                found[name] = CUT if first == '"' else None
                found[name] = self._next_value()

    def _shorten(self, found: list[object]) -> None:
        """Fill in the list that begins here."""
        objects = 0
        for value in self._list():
            self._count()
            is_object = isinstance(value, dict)
            if len(found) < OUTLINED or (is_object and objects < OUTLINED):
                found.append(value)
            objects += is_object

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise BadRecord(said("The outline ends here."))


def _until_end(line: str) -> tuple[str, bool]:
    """A line of a list up to the end of the list, and True if that is in the line."""
    if line.startswith("]"):
        return "", True
    begins = 1 if line.startswith(",") else 0
    try:
        end = _DECODER.raw_decode(line, begins)[1] if len(line) < _UNCOUNTED else len(line)
    except (json.JSONDecodeError, RecursionError):
        return line, False
    return (line[:end], True) if line.startswith("]", _after_spaces(line, end)) else (line, False)


def _after_spaces(text: str, at: int) -> int:
    return _SPACES.match(text, at).end()  # type: ignore[union-attr]  # it matches anything


def _parsed(text: str) -> object:
    """Parse one value. Raises BadRecord."""
    if len(text) > MAX_CHARACTERS:
        raise _TooLarge(_TOO_LARGE)
    _check_count(text)
    try:
        value, end = _DECODER.raw_decode(text)
        if end < len(text):
            raise json.JSONDecodeError("Extra data", text, _after_spaces(text, end))
        return _without_surrogates(value) if "\\u" in text and _SURROGATE.search(text) else value
    except RecursionError:
        raise BadRecord(said("It is not JSON: {reason}.", reason=_DEEP)) from None
    except json.JSONDecodeError as error:
        reason, column = _bare(error.msg), str(error.colno)
        if error.lineno == 1:
            told = said("It is not JSON: {reason} at character {column}.", reason=reason, column=column)
        else:
            place = {"line": str(error.lineno), "column": column}
            told = said("It is not JSON: {reason} at line {line}, column {column}.", reason=reason, **place)
        raise BadRecord(told) from None


def _check_count(text: str, at: int = 0, line: int | None = None) -> None:
    """Raise BadRecord if a text that begins there has too many values."""
    if len(text) - at > _UNCOUNTED and sum(text.count(mark, at) for mark in ",[{") > MAX_VALUES:
        raise _TooLarge(f"It has more than {MAX_VALUES:,} values.", line)


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


_DECODER = json.JSONDecoder(parse_constant=lambda _: None, parse_int=_integer, object_pairs_hook=json_objects.made)


def _bare(reason: str) -> str:
    """What a decoder says, without the beginning of where."""
    return reason.removesuffix(" at")
