"""Dates with the name of a month in a line: `Tue 27 Aug 2019`, `31 de agosto de 2019`, `2019. gada 31. augusts`.

A line is read as numbers and words. From each name of a month, numbers are looked for on both sides, past words that a
date of the language may contain (`de`, `г.`, `th`); their order tells which is the day and which the year. A number
that is part of another one, such as 1.27 or 27:30, is neither.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.text.date_words import LONGEST, TOKEN, DateWords, token_key

_GAP = re.compile(r"[\s.,'’ʼ`´()/،、፣፡፥⹁׳״‑–-]{0,4}")
"""What may stand between the parts of a date."""
_MAX_BETWEEN = 4
"""Words between two parts."""
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_BUDDHIST = 543
"""Years of the Thai calendar before those of the Gregorian one."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a line; the year is None if it is not given."""

    year: int | None
    month: int
    day: int
    start: int
    end: int


def days(line: str, words: DateWords, open_year: bool = False) -> Iterator[Day]:
    """The dates of a line with the name of a month, in order.

    Args:
        open_year: True to give days without a year too.
    """
    tokens = list(TOKEN.finditer(line))
    if len(tokens) < 2 or not any(token[0].isdigit() for token in tokens):
        return
    keys = [token_key(token[0]) for token in tokens]
    number = 0
    while number < len(tokens):
        if keys[number] not in words.begin:
            number += 1
            continue
        length, month = _month(line, tokens, keys, number, words.months)
        if length:
            found = _Around(line, tokens, keys, number, number + length - 1, words).day(month, open_year)
            if found is not None:
                yield found
        number += max(length, 1)


def _month(
    line: str, tokens: Sequence[re.Match[str]], keys: Sequence[str], first: int, months: Mapping[str, int]
) -> tuple[int, int]:
    """The number of tokens of the name of a month that begins at a token, and its number; (0, 0) if there is none."""
    best = (0, 0)
    name = ""
    for last in range(first, min(first + LONGEST, len(tokens))):
        if last > first and not _GAP.fullmatch(line, tokens[last - 1].end(), tokens[last].start()):
            break
        name = f"{name} {keys[last]}" if name else keys[last]
        if name in months:
            best = last - first + 1, months[name]
    return best


_AFTER_YEAR = frozenset(("г", "р", "ш", "ҫ", "год", "года", "року", "аз", "ел", "st", "ж"))
"""Keys of words after the year that belong to it."""


class _Around:
    """The numbers on both sides of the name of a month, which spans the tokens from `first` to `last`."""

    def __init__(
        self, line: str, tokens: Sequence[re.Match[str]], keys: Sequence[str], first: int, last: int, words: DateWords
    ) -> None:
        self._line, self._tokens, self._keys, self._words = line, tokens, keys, words
        self._first, self._last = first, self._other_name(last)

    def day(self, month: int, open_year: bool) -> Day | None:
        left, right = self._next(self._first, -1), self._next(self._last, 1)
        beyond_left = self._next(left, -1) if left is not None else None
        beyond_right = self._next(right, 1) if right is not None else None
        for day, year in ((left, right), (right, beyond_right), (right, left), (left, beyond_left)):
            if year is not None and (found := self._made(month, day, year)) is not None:
                return found
        if open_year:
            for day in (left, right):
                if (found := self._made(month, day, None)) is not None:
                    return found
        return None

    def _made(self, month: int, day: int | None, year: int | None) -> Day | None:
        if day is None or not (number := self._day(day)):
            return None
        full = self._year(year, day) if year is not None else None
        if (year is not None and full is None) or number > monthrange(full or 2000, month)[1]:
            return None
        used = [self._first, self._last, day, *([year] if year is not None else [])]
        return Day(full, month, number, self._tokens[min(used)].start(), self._end(max(used)))

    def _end(self, at: int) -> int:
        """The end of a date's last token, with the letters attached to it and a full stop."""
        end = self._tokens[at].end()
        while at + 1 < len(self._tokens) and self._tokens[at + 1].start() == end and self._between(at + 1):
            at, end = at + 1, self._tokens[at + 1].end()
        following = at + 1
        if (
            following < len(self._tokens)
            and self._keys[following] in _AFTER_YEAR
            and self._between(following)
            and _GAP.fullmatch(self._line, end, self._tokens[following].start())
        ):
            end = self._tokens[following].end()
        return end

    def _other_name(self, last: int) -> int:
        """The last token of a second name of the same month, after a slash: `يونيو/حزيران`."""
        end = self._tokens[last].end()
        following = last + 1
        if following < len(self._tokens) and self._line[end : self._tokens[following].start()] == "/":
            return last if self._keys[following].isdigit() else following
        return last

    def _next(self, at: int, step: int) -> int | None:
        """The next number on one side, past the words between."""
        for _ in range(_MAX_BETWEEN + 1):
            near = at + step
            if not 0 <= near < len(self._tokens):
                return None
            one, two = sorted((at, near))
            if not _GAP.fullmatch(self._line, self._tokens[one].end(), self._tokens[two].start()):
                return None
            if self._keys[near][0].isdigit():
                return near
            if not self._between(near) or (step > 0 and self._keys[near] == "of"):
                return None
            at = near
        return None

    def _between(self, at: int) -> bool:
        return self._keys[at] in self._words.between

    def _day(self, at: int) -> int:
        """The number of a day; 0 if it cannot be one."""
        token = self._tokens[at]
        alone = len(token[0]) <= 2 and not self._is_part(at) and self._attached(at)
        return number if alone and 1 <= (number := int(token[0])) <= 31 else 0

    def _year(self, at: int, day: int) -> int | None:
        token = self._tokens[at][0]
        if self._is_part(at) or not self._attached(at):
            return None
        if len(token) == 4:
            year = int(token)
            if 2400 < year < 2700 and _THAI.match(self._tokens[self._first][0]):
                year -= _BUDDHIST
            return year if 1400 <= year < 3000 else None
        start = self._tokens[at].start()
        if len(token) == 2 and day < self._first and at > self._last:
            before = self._line[self._tokens[at - 1].end() : start]
            if before == "-" or before.strip() in ("'", "’"):
                return 2000 + int(token) if int(token) < 70 else 1900 + int(token)
        return None

    def _is_part(self, at: int) -> bool:
        """True if a number is part of another one: 1.27, 27:30, 10/27."""
        start, end = self._tokens[at].span()
        before, after = self._line[max(0, start - 2) : start], self._line[end : end + 2]
        return (len(before) == 2 and before[1] in ":/.-–" and before[0].isdigit()) or (
            len(after) == 2 and after[0] in ":/.–" and after[1].isdigit()
        )

    def _attached(self, at: int) -> bool:
        """True if only letters of a date are attached to a number: 27th, 31ê."""
        end = self._tokens[at].end()
        if at + 1 >= len(self._tokens) or self._tokens[at + 1].start() != end:
            return True
        return at + 1 == self._first or self._between(at + 1)
