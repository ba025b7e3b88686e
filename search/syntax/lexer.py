"""Splits a query into operators, fields, quotations and words, each with its position; does not interpret them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from search.fields import FACET_NAMES

TEXT_FIELDS = ("title", "text")
"""Fields that words are searched in."""
DATE_FIELDS = ("published", "mentioned", "added")
FIELDS = (*TEXT_FIELDS, *FACET_NAMES, *DATE_FIELDS, "id", "url")
"""Names that are recognized before a colon."""

Kind = Literal["(", ")", "-", "and", "or", "not", "near", "field", "quoted", "unclosed", "boost", "least", "word"]


class Lexeme(NamedTuple):
    """One piece of a query.

    Attributes:
        text: as typed; of a quotation the content, of a field its name.
        at: its position in the query, from 1.
        start: the position of `text`, from 1; after the opening quote of a quotation.
        exact: true if an equals sign precedes a quotation.
        tilde: the suffix of a quotation, such as `~5`.
        value: true for the value of a facet, which is not a word to search for.
        closed: false for a quotation that ends with the query, without a quote.
    """

    kind: Kind
    text: str
    at: int
    start: int
    exact: bool = False
    tilde: str = ""
    closed: bool = True
    value: bool = False


_CLOSING = {'"': '"”', "“": '”"', "„": '“”"', "”": '”"', "«": "»"}
"""Opening quote → the quotes that may close it."""
_QUOTE = re.compile(f"=*([{''.join(_CLOSING)}])")
_VALUE = re.compile(rf"[^\s(){''.join(_CLOSING)}]+")
_BOOST = r"\^[0-9]+(?:\.[0-9]+)?(?![^\s)])"
"""The weight of a word in other query languages."""
_WORD = re.compile(rf"(?:(?!\|\||&&|{_BOOST}){_VALUE.pattern[:-1]})+")
_NEAR = rf"(?<![^\s(){''.join(_CLOSING)}])/(?:[sSpP]|[0-9]{{1,9}})(?![^\s(){''.join(_CLOSING)}])"
"""In one sentence, in one paragraph, or within some words."""
_LEAST = r"(?<=\))@[^\s()^]*"
"""How many of the parts in parentheses are required."""
_LEXEME = re.compile(
    rf"""(?P<space>\s+)
       | (?P<paren>[()])
       | (?P<quote>{_QUOTE.pattern})
       | (?P<minus>(?<![^\s(])[-−](?=[^\s)]))
       | (?P<sign>\|\||&&)
       | (?P<boost>{_BOOST})
       | (?P<least>{_LEAST})
       | (?P<near>{_NEAR})
       | (?P<field>(?i:{"|".join(FIELDS)})):(?=[^\s)])
       | (?P<word>{_WORD.pattern})""",
    re.VERBOSE,
)
_DOUBLED = re.compile("(?:[^»]|»»)*+»(?!»)")
"""A name inside guillemets, with the last of them."""
_TILDE = re.compile(r"~(?:[0-9]+|[^\W\d_]\w*)?")
_MINUS = re.compile(r"[-−](?=[^\s)])")
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}
_PARENS: dict[str, Kind] = {"(": "(", ")": ")"}


def lex(text: str) -> Iterator[Lexeme]:
    """The lexemes of a query in order, without spaces.

    A quote that is not closed becomes an `unclosed`, and the text after it is read as if the quote were not there. Only
    the
    value of a facet extends to the end of the query: the words of a name are not words to search for.
    """
    at = 0
    named = False
    while match := _LEXEME.match(text, at):
        start, at = at + 1, match.end()
        valued, named = named, False
        match match.lastgroup:
            case "paren":
                yield Lexeme(_PARENS[match[0]], match[0], start, start)
            case "minus":
                yield Lexeme("-", match[0], start, start)
            case "field":
                name = match["field"].lower()
                # title:-oil excludes as -title:oil does; in a date the sign is part of the value: published:-7d
                if name not in DATE_FIELDS and (minus := _MINUS.match(text, at)):
                    yield Lexeme("-", minus[0], at + 1, at + 1)
                    at = minus.end()
                yield Lexeme("field", name, start, start)
                # The value of a condition may contain operators: topic:medtop:11000000, published:-7d..
                if name not in TEXT_FIELDS:
                    named = _QUOTE.match(text, at) is not None
                    if not named and (value := _VALUE.match(text, at)):
                        yield Lexeme("word", value[0], at + 1, at + 1, value=True)
                        at = value.end()
            case "word" | "sign":
                yield Lexeme(_OPERATORS.get(match[0], "word"), match[0], start, start)
            case "boost":
                yield Lexeme("boost", match[0], start, start)
            case "least":
                yield Lexeme("least", match[0], start, start)
            case "near":
                yield Lexeme("near", match[0].lower(), start, start)
            case "space":
                pass
            case _:
                end = _end_of_value(text, match[0][-1], at) if valued else _end(text, match[0][-1], at)
                if end is None and valued:
                    yield Lexeme("quoted", text[at:], start, at + 1, closed=False)
                    return
                if end is None:
                    yield Lexeme("unclosed", match[0], start, start)
                    continue
                tilde = _TILDE.match(text, end + 1)
                found = tilde[0] if tilde else ""
                inside = text[at:end].replace("»»", "»") if valued and match[0][-1] == "«" else text[at:end]
                yield Lexeme("quoted", inside, start, at + 1, match[0].startswith("="), found)
                at = end + 1 + len(found)


def _end(text: str, opening: str, at: int) -> int | None:
    """The end of the quotation that begins here."""
    ends = (text.find(mark, at) for mark in _CLOSING[opening])
    return min((end for end in ends if end >= 0), default=None)


def _end_of_value(text: str, opening: str, at: int) -> int | None:
    """The same of a quoted name, in which a doubled » is part of the name, so that any name can be quoted."""
    end = _DOUBLED.match(text, at) if opening == "«" else None
    return end.end() - 1 if end else _end(text, opening, at)
