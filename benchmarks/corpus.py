"""The synthetic corpus of the benchmarks, the queries on it, and its articles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

import search
from search.fields import LISTS
from search.names.vocabulary import vocabulary
from search.system.json import Json

VOCABULARY = 200_000
WORDS = 306
FACETS = ("person", "country", "topic")
PART_BYTES = 1 << 20
"""Bytes of the corpus that a process reads at a time."""


@dataclass(frozen=True)
class Case:
    """One query of a class, in parts that each engine combines in its own way."""

    words: tuple[str, ...] = ()
    kind: str = "and"
    without: str = ""
    person: str = ""
    country: str = ""
    years: tuple[int, int] | None = None


def corpus(size: int) -> Iterator[Json]:
    """The articles as the contract's records; the same for every size and run."""
    rng = np.random.default_rng(1815)
    weights = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.07
    weights /= weights.sum()
    cumulated = np.cumsum(weights)
    names = np.array([_word(number) for number in range(VOCABULARY)], object)
    persons = [f"Person {number:05d}" for number in range(30_000)]
    countries = [code for code in vocabulary("country").entries if len(code) == 2][:220]
    topics = list(vocabulary("topic").tops)
    chance = random.Random(1815)
    for number in range(size):
        length = max(40, int(rng.normal(WORDS, 80)))
        drawn = names[np.minimum(np.searchsorted(cumulated, rng.random(length + 8)), VOCABULARY - 1)]
        day = f"{1945 + chance.randrange(80)}-{1 + chance.randrange(12):02d}-{1 + chance.randrange(28):02d}"
        yield {
            "id": f"a{number:07d}",
            "title": " ".join(drawn[:8]),
            "text": " ".join(drawn[8:]),
            "published": day,
            "language": "en",
            "person": list(dict.fromkeys(persons[int(30_000 * chance.random() ** 2)] for _ in range(3))),
            "country": list(dict.fromkeys(countries[int(220 * chance.random() ** 2)] for _ in range(2))),
            "topic": list(dict.fromkeys(chance.choice(topics) for _ in range(chance.choice((1, 2))))),
        }


def _word(number: int) -> str:
    """A word that no stemmer changes, different for each number."""
    letters = ""
    while True:
        number, digit = divmod(number, 20)
        letters = "bcdfghjklmnpqrtvwxzk"[digit] + ("o" if digit == 19 else "a") + letters
        if not number:
            return letters + "q"


def cases(count: int) -> dict[str, list[Case]]:
    """Queries by class; word numbers are ranks of frequency."""
    chance = random.Random(7)

    def some(low: int, high: int, words: int = 1) -> list[tuple[str, ...]]:
        return [tuple(_word(n) for n in chance.sample(range(low, high), words)) for _ in range(count)]

    high, medium, low = some(3, 40), some(200, 800), some(20_000, 60_000)
    years = [(1945 + n, 1960 + n) for n in range(count)]
    return {
        "term high": [Case(words) for words in high],
        "term medium": [Case(words) for words in medium],
        "term low": [Case(words) for words in low],
        "AND of two": [Case(words) for words in some(5, 120, 2)],
        "AND of three": [Case(words) for words in some(5, 60, 3)],
        "OR of two": [Case(words, "or") for words in some(5, 120, 2)],
        "OR of three": [Case(words, "or") for words in some(5, 120, 3)],
        "phrase": [Case(words, "phrase") for words in some(0, 12, 2)],
        "NOT": [Case(a, without=b[0]) for a, b in zip(some(5, 60), some(5, 60), strict=True)],
        "prefix": [Case((words[0][:4],), "prefix") for words in some(500, 4000)],
        "range + term": [Case(words, years=span) for words, span in zip(some(5, 60), years, strict=True)],
        "person + term": [Case(words, person=f"Person {n:05d}") for n, words in enumerate(some(3, 20))],
        "country + term": [
            Case(words, country=code)
            for code, words in zip(
                ("AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AR", "AT") * 10, high, strict=False
            )
        ],
        "everything": [Case() for _ in range(count)],
    }


Lines = tuple[Path, int, int]
"""Some lines of a file: the path, their offset, and their bytes."""


def lines_of(source: Path) -> Iterator[Lines]:
    """Split a file into pieces of whole lines."""
    begin, size = 0, source.stat().st_size
    with source.open("rb") as file:
        while begin < size:
            file.seek(min(size, begin + PART_BYTES))
            file.readline()
            end = file.tell()
            yield source, begin, end - begin
            begin = end


def articles_of(lines: Lines) -> Iterator[search.Article]:
    """The articles of some lines, made by who has their facts, not by a reader that looks for them."""
    source, begin, size = lines
    with source.open("rb") as file:
        file.seek(begin)
        rows = map(orjson.loads, file.read(size).splitlines())
    for row in rows:
        named = {name: tuple(row[name]) for name in LISTS if name in row}
        yield search.Article(**{**row, **named}, published_from="metadata", given=_GIVEN)


_GIVEN = frozenset(FACETS)
