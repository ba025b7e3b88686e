"""Texts that are hard to enrich, of any length, for `benchmarks.length` and the test of growth.

`SHAPES` is the table: the name of a shape, and a function that generates that many characters of it. A shape repeats
itself or counts, so that only the length changes. None is news; each is the worst case of some step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

from search.names.vocabulary import vocabulary

Shape = Callable[[int], str]


def repeated(unit: str) -> Shape:
    """A repeated passage."""
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def counted(passage: Callable[[int], str]) -> Shape:
    """Passages generated from their numbers."""

    def made(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count():
            if length >= size:
                break
            parts.append(passage(number))
            length += len(parts[-1])
        return "".join(parts)[:size]

    return made


def halves(first: Shape, second: Shape) -> Shape:
    """One shape, then another of the same length."""
    return lambda size: first(size // 2) + second(size - size // 2)


def word(number: int) -> str:
    """A synthetic word, different for each number."""
    letters = ""
    number += 26**2
    while number:
        number, rest = divmod(number, 26)
        letters += "eaiounrtlsdkmgbvpfhjwzcyxq"[rest]
    return letters


def name(number: int) -> str:
    """The same with a capital."""
    return word(number).capitalize()


GIVEN = ("John", "Mary", "Robert", "Anna", "James", "Elena", "William", "Maria", "Bob", "Katherine", "Liz", "Mike")


def given(number: int) -> str:
    """One of a dozen given names."""
    return GIVEN[number % len(GIVEN)]


def country(number: int) -> str:
    """The name of a country."""
    entries = list(vocabulary("country").entries.values())
    return entries[number % len(entries)].label


SENTENCE = """
the government said on Monday that it would not raise taxes this year after talks with unions and employers about wages
in the public sector which had failed last week because neither side was ready to give way
"""
WORDS = SENTENCE.split()

SHAPES: Mapping[str, Shape] = {
    "two names and a city": repeated("Angela Merkel met Barack Obama in Berlin. "),
    "names and dates": repeated("On June 18, 2023 Angela Merkel met Barack Obama in Berlin, and on 3 May 1999 too. "),
    "ever new names": counted(lambda n: f"{given(n)} {name(n)} met {given(n // 12 + n)} {name(n + 7)} in Rome. "),
    "ever new names without given ones": counted(lambda n: f"Minister {name(n)} {name(3 * n)} told reporters so. "),
    "one surname": counted(lambda n: f"President {name(n)} Smith met Mr Smith. "),
    "one surname, many middle names": counted(lambda n: f"President John {name(n)} Smith met J. {name(n + 9)} Smith. "),
    "one surname and initials": counted(
        lambda n: f"President J{word(n)} Smith met J. Smith, said J. {name(n)} Smith. "
    ),
    "one given name": counted(lambda n: f"President John {name(n)} met John. "),
    "one name and its endings": counted(lambda n: f"President {name(n)} John Smith met John Smith. "),
    "full names, then surnames": halves(
        counted(lambda n: f"Minister {given(n)} {name(n)} said so. "), counted(lambda n: f"Mr {name(n)} said so. ")
    ),
    "full names of one surname, then it": halves(
        counted(lambda n: f"Minister {name(n)} Smith said so. "), repeated("Mr Smith said so. Mrs Smith did. ")
    ),
    "surnames alone": counted(lambda n: f"Mr {name(n)} said so to Ms {name(n // 2)}. "),
    "one person's many spellings": counted(lambda n: f"Minister John {'A. ' * (n % 40)}Smith said so. "),
    "an endless list of names": counted(lambda n: f"{given(n)} {name(n)}, "),
    "an endless name": counted(lambda n: f"{given(n)} "),
    "names with particles": repeated("Minister Jan van der Berg and Ali bin Omar al-Amin spoke. "),
    "people known by one name": repeated("Thatcher told Reagan that Gorbachev and Brown met Bush, Kohl and Li there. "),
    "an endless line-up": counted(lambda n: f"{given(n)}, J {name(n)} (capt), {name(n + 1)}, "),
    "names of two spellings": counted(
        lambda n: f"Minister Frederic{'k' * (n % 2)} {name(n)}son met Phil{'l' * (n % 2)}ip Johanson. "
    ),
    "East Asian names": counted(lambda n: f"President Kim {name(n)} met Xi Jinping and Kim Jong Un. "),
    "firms": counted(lambda n: f"Analysts at {name(n)} and {name(n + 1)} Inc <{name(n)[:3].upper()}.N> and Co said. "),
    "nothing but titles": repeated("President Prime Minister Mr Dr Professor Sir General "),
    "credits": repeated("(Reporting by John Smith; Photo credit: Jane Doe/Reuters "),
    "a byline on every line": repeated("By Jane Doe\n"),
    "countries": counted(lambda n: f"{country(n)} and {country(3 * n + 1)}, "),
    "one country": repeated("Germany "),
    "words that need others": repeated("Georgia and Congo, Korea, Guinea and the Union; Washington said. "),
    "towns and their states": repeated(
        "Paris, Texas and Lebanon, Ohio and Athens, Georgia; the sheriff of Kent County. "
    ),
    "towns without a word of local news": repeated("Texas and Ohio and Georgia; Lebanon, Paris, Athens met in Cairo. "),
    "places met and listed in": repeated(
        "shares listed in Rome and Paris and Oslo and London and Bonn, talks in Cairo "
    ),
    "names that are places": repeated("Jordan Henderson met Chad Smith and Paris Hilton in Jordan, Chad and Paris. "),
    "years": repeated("1999%1987%"),
    "dates": repeated("June 18, 2023, 3 May 1999; 2023-06-18 and in March 2001. "),
    "wrong dates": repeated("February 31, 2023 "),
    "digits": repeated("1234567890"),
    "figures": repeated("1,234.5 "),
    "an endless word": repeated("a"),
    "an endless word with a capital": lambda size: "A" + "b" * (size - 1),
    "endless capitals": repeated("ABC"),
    "words joined by underscores": repeated("a_"),
    "words joined by hyphens": repeated("Ab-"),
    "words joined by apostrophes": repeated("o'"),
    "initials": repeated("A."),
    "initials far apart": repeated("A.          "),
    "capitals": repeated("THE PRESIDENT OF FRANCE MET ANGELA MERKEL IN US "),
    "title case": repeated("President Angela Merkel Meets Barack Obama In Berlin Again "),
    "no full stop": counted(lambda n: WORDS[n % len(WORDS)] + " "),
    "ever new words": counted(lambda n: f"{word(n)} "),
    "ever new words with capitals": counted(lambda n: f"{name(n)} "),
    "line feeds": repeated("\n"),
    "line feeds and spaces": repeated("\n \n"),
    "spaces": repeated(" "),
    "full stops": repeated("."),
    "full stops and quotation marks": repeated('."'),
    "brackets": repeated("("),
    "angle brackets": repeated("<A> "),
    "quotation marks": repeated("“"),
    "apostrophes": repeated("'"),
    "accents": repeated("e\u0301"),
    "lone accents": repeated("\u0301"),
    "strokes": repeated("Ab/Cd "),
    "addresses": counted(lambda n: f"https://example.org/{word(n)}/2023/06/18/?q={n} "),
    "German": repeated("Die Bundeskanzlerin Angela Merkel traf in Berlin den Präsidenten von Frankreich und Italien. "),
    "Chinese": repeated("中国国家主席习近平在北京会见了德国总理。"),
    "unknown letters": repeated("ሀለሐመሠ ረሰሸቀ "),
    "emoji": repeated("😀👍🏽 "),
}
