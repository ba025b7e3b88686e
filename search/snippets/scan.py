"""Finds the words of a text that may match a query, by their first letters, before any are folded.

Every result is a word of the text as `text.runs` splits it. A word is skipped only if it cannot fold to one with a
given beginning: ASCII letters at the beginning of a word fold to themselves, unless an elided article precedes it
(l'État). Cost: some 5 ns a character, and a third of a microsecond for each word returned; linear for any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from search.text import fold_word, runs

WORD = next(runs("a")).re
"""The pattern of a word, to match at a position."""

_APOSTROPHE = "'"
_APOSTROPHES = "'’ʼ＇"
_FIRST_IDEOGRAPH = "\u3000"
"""Below it no character is a word by itself."""


def words(text: str, beginnings: frozenset[str] | None) -> Iterator[tuple[str, int, int]]:
    """Words as written with start and end, in order: all that may have these beginnings when folded, and some others.

    Args:
        beginnings: one or two folded letters each; None if any word may match.
    """
    if beginnings is None:
        return ((run[0], run.start(), run.end()) for run in runs(text))
    return _candidates(text, _pattern(beginnings))


def count_between(text: str, start: int, end: int, most: int) -> int:
    """The number of words between the end of one and the start of another; at most `most`."""
    if end - start == 1 and not text[start].isalnum():
        return 0
    count = 0
    for run in WORD.finditer(text, start, end):
        count += bool(fold_word(run[0]))
        if count >= most:
            break
    return count


@lru_cache(maxsize=1024)
def _pattern(beginnings: frozenset[str]) -> re.Pattern[str]:
    """Matches a word that may have such a beginning, or may contain one; group 1 is a word all in ASCII that surely
    has.
    """
    begun = {beginning[0] for beginning in beginnings if beginning[0].isascii()}
    own = "|".join(
        rf"(?<={_any(letter)})" + (f"(?={_any(seconds + _APOSTROPHE, others=True)})" if seconds else "")
        for letter in sorted(begun)
        for seconds in [_seconds(letter, beginnings)]
    )
    own = f"(?:{own})" if own else "(?!)"
    return re.compile(
        rf"{_any(''.join(sorted(begun)) + _APOSTROPHE, others=True)}(?:"
        rf"{own}(?:(?<![^\x00-&(-/:-@\[-`{{-\x7f].)([A-Za-z0-9]*+)(?![^\x00-&(-\x7f])|(?<![A-Za-z0-9].))"
        r"|(?<=[^\x00-\x7f])"
        r"|(?<=')(?=[^\W\d_](?:[^\W\d_]|[^\x00-\x7f])|[^\x00-\x7f]))"
    )


def _seconds(letter: str, beginnings: frozenset[str]) -> str:
    """The letters that may follow a first one; "" if any may, or one that is not ASCII."""
    seconds = {beginning[1:] for beginning in beginnings if beginning[0] == letter}
    return "".join(sorted(seconds)) if all(second.isascii() and second for second in seconds) else ""


def _any(letters: str, others: bool = False) -> str:
    """A character class of these letters in either case, optionally with all non-ASCII characters.

    The latter is written as the ranges it excludes, which compiles ten times as fast as the range it includes.
    """
    wanted = letters + letters.upper()
    if not others:
        return f"[{wanted}]"
    ends = sorted(map(ord, {*wanted, "\x80"}))
    gaps = (rf"\x{low + 1:02x}-\x{high - 1:02x}" for low, high in pairwise([-1, *ends]) if high > low + 1)
    return f"[^{''.join(gaps)}]"


def _candidates(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    done = 0
    for match in pattern.finditer(text):
        at = match.start()
        if at < done:
            continue
        if match.lastindex:
            done = match.end()
            yield match[0], at, done
        elif _may_hide(text, at):
            run = _around(text, at, done)
            if run is None:
                return
            done = run.end()
            yield run[0], run.start(), done


def _may_hide(text: str, at: int) -> bool:
    """True if a word begins at this character, or continues after it as if it began there: after an elided article."""
    sign = text[at]
    if sign in _APOSTROPHES:
        one, two = text[at + 1 : at + 2], text[at + 2 : at + 3]
        return one > "\x7f" or (one.isalpha() and (two.isalpha() or two > "\x7f"))
    if sign.isascii():
        return True
    if not sign.isalnum():
        return False
    before = text[at - 1] if at else " "
    return not (before.isascii() and before.isalnum()) or sign >= _FIRST_IDEOGRAPH


def _around(text: str, at: int, done: int) -> re.Match[str] | None:
    """The word at a position, or the next one, or None; `done` is the end of the previous word."""
    start = at
    while start > done and _may_join(text[start - 1]):
        start -= 1
    return next((run for run in WORD.finditer(text, start) if run.end() > at), None)


def _may_join(sign: str) -> bool:
    """True if a character can be inside a word."""
    return sign.isalnum() or sign in _APOSTROPHES or unicodedata.category(sign).startswith("M")
