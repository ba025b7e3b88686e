"""The words of dates: names and abbreviations of months and days of the week, in the languages of CLDR.

`words` gives those of a language; if it is unknown, those that mean the same month in every language of the news. In
Croatian, listopad is October, in Polish November: such a name is read only if the language is known. Names are keys
(see `key`), so case, accents and full stops do not matter. A name may have several words: `tháng 8`.

Made by `training/dates.py`. Cost: the table is read at first use, in a few milliseconds, and a language at its first
use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from search.text.tokens import fold

TABLE = "date_words.tsv"
"""In `search/data`: language, twelve columns of months, days of the week, words between, morning, afternoon."""
ANY = "*"
"""The row for an unknown language."""
TOKEN = re.compile(
    r"\d+|[^\s\d!-/:-@\[-`{-~\u00a0-\u00bf\u05f3\u05f4\u060c\u061b\u1361-\u1368\u2000-\u200a\u200e-\u206f\u3000-\u303f]+"
)
"""A number, or a word. Vowel signs of Indian scripts belong to a word, unlike `\\w`."""
LONGEST = 6
"""The greatest number of tokens of a name."""


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of dates in a language.

    Attributes:
        own: months by the language's own names, key → number.
        months: months by all names that are read in this language; `begin`: the first tokens of these.
        weekdays: keys of the words in the names of the days of the week.
        between: keys of words that stand between the parts of a date, such as `de` and `г`.
        afternoon: keys of the words for the two halves of a day → True for the second one.
    """

    own: Mapping[str, int]
    months: Mapping[str, int]
    begin: frozenset[str]
    weekdays: frozenset[str]
    between: frozenset[str]
    afternoon: Mapping[str, bool]


@lru_cache(maxsize=1 << 14)
def token_key(token: str) -> str:
    """The key of a token: lower case, without accents and leading zeros."""
    if token[:1].isdigit():
        return str(int(token)) if len(token) <= 4 else token
    return fold(token)


def key(name: str) -> str:
    """The key of a name: the keys of its tokens, with single spaces."""
    return " ".join(filter(None, map(token_key, TOKEN.findall(name))))


@lru_cache(maxsize=1 << 8)
def words(language: str | None = None) -> DateWords:
    """The words of a language, by its code or a tag such as `pt-BR`; of an unknown one if it is None or not listed."""
    return _words((language or ANY).replace("_", "-").split("-")[0].lower())


@cache
def _words(language: str) -> DateWords:
    rows = {name: row for name in (ANY, "en", language) if (row := _row(name))}
    shared, english = _months(rows[ANY]), _months(rows["en"])
    own = _months(rows[language]) if language in rows else shared
    months = own if own is shared else {**shared, **english, **own}
    return DateWords(
        own,
        months,
        frozenset(name.split()[0] for name in months),
        frozenset(token for row in rows.values() for name in row[12] for token in name.split()),
        frozenset(name for row in rows.values() for name in row[13]),
        {name: later for row in rows.values() for at, later in ((14, False), (15, True)) for name in row[at]},
    )


def _months(row: list[list[str]]) -> dict[str, int]:
    return {name: month for month in range(1, 13) for name in row[month - 1]}


def _row(language: str) -> list[list[str]]:
    """The columns of a language; empty if it is not listed."""
    table = _table()
    start = table.find(f"\n{language}\t")
    if start < 0:
        return []
    line = table[start + 1 : table.index("\n", start + 1)]
    return [[name for name in column.split("|") if name] for column in line.split("\t")[1:]]


@cache
def _table() -> str:
    return resources.files("search").joinpath("data", TABLE).read_text("utf-8")
