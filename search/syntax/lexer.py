"""Splits a query into operators, fields, quotations and words, each with its position; does not interpret them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from search.fields import ELSEWHERE, FACET_NAMES
from search.text.tokens import fold, plain_spellings

TEXT_FIELDS = ("title", "text")
"""Fields that words are searched in."""
DATE_FIELDS = ("published", "mentioned", "added")
FIELDS = (*TEXT_FIELDS, *FACET_NAMES, *DATE_FIELDS, "id", "url")
"""Names that are recognized before a colon."""
NAMED = {name: name for name in FIELDS} | {
    name: field
    for field, words in ELSEWHERE.items()
    for word in words.split()
    for name in (word, *plain_spellings(word))
}
"""Name before a colon, in lower case, and without accents → field."""
_IN_ANY = " ".join(ELSEWHERE.values()).split()
ACCENTED = {plain: word for word in _IN_ANY for plain in plain_spellings(word)} | {word: word for word in _IN_ANY}
"""Name of a field in another language than English, in lower case, and without accents → with its accents."""


Kind = Literal[
    "(", ")", "-", "and", "or", "not", "near", "field", "quoted", "unclosed", "boost", "least", "misread", "word"
]


class Lexeme(NamedTuple):
    """One piece of a query.

    Attributes:
        text: as typed; of a quotation the content, without the backslashes of escapes, of a field its name.
        at: its position in the query, from 1.
        start: the position of `text`, from 1; after the opening quote of a quotation.
        exact: true if an equals sign precedes a quotation.
        tilde: the suffix of a quotation, such as `~5`.
        value: true for the value of a facet, which is not a word to search for.
        written: the content of a quotation as it is typed, with the backslashes; the name of a field, if it was typed
            as another than its own.
        before: the word that directly follows a quotation.
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
    written: str = ""
    before: str = ""

    @property
    def end(self) -> int:
        """The position of the quote that closes a quotation, from 1."""
        return self.start + len(self.written)


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
_MISREAD = r"~(?i:ocr)(?:[-=][^\s()~^=-]+)*"
"""Also what a scanner may have read, without some of it, or with words of their own."""
_LEXEME = re.compile(
    rf"""(?P<space>\s+)
       | (?P<paren>[()])
       | (?P<quote>{_QUOTE.pattern})
       | (?P<minus>(?<![^\s(])[-−](?=[^\s)]))
       | (?P<sign>\|\||&&)
       | (?P<boost>{_BOOST})
       | (?P<least>{_LEAST})
       | (?P<misread>(?<=\)){_MISREAD})
       | (?P<near>{_NEAR})
       | (?P<field>(?i:{"|".join(NAMED)})):(?=[^\s)])
       | (?P<word>{_WORD.pattern})""",
    re.VERBOSE,
)
_DOUBLED = re.compile("(?:[^»]|»»)*+»(?!»)")
"""A name inside guillemets, with the last of them."""
_ESCAPED = re.compile(r'\\(["“”„\\])')
"""A quote or a backslash as it is written inside quotes."""
_PAIRS = {'"': '“[^"“”\\\\]*”|'}
"""What stands as a whole inside quotes that its end could close: “…” inside straight ones."""
_UP_TO_CLOSING = {
    opening: re.compile(rf'(?:{_PAIRS.get(opening, "")}[^\\{closing}]|\\["“”„\\]|\\)*+(?=[{closing}])')
    for opening, closing in _CLOSING.items()
}
_ADJACENT = re.compile(r"\w+")
_TILDE = re.compile(rf"{_MISREAD}|~(?:[0-9]+|[^\W\d_]\w*)?")
_MINUS = re.compile(r"[-−](?=[^\s)])")
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}
_PARENS: dict[str, Kind] = {"(": "(", ")": ")"}


def lex(text: str) -> Iterator[Lexeme]:
    """The lexemes of a query in order, without spaces.

    A quote that is not closed becomes an `unclosed`, and the text after it is read as if the quote were not there. Only
    the
    value of a facet extends to the end of the query: the words of a name are not words to search for.
    """
    quotations = _Quotations(text)
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
                name, named_as = NAMED[fold(match["field"])], match["field"]
                # title:-oil excludes as -title:oil does; in a date the sign is part of the value: published:-7d
                if name not in DATE_FIELDS and (minus := _MINUS.match(text, at)):
                    yield Lexeme("-", minus[0], at + 1, at + 1)
                    at = minus.end()
                yield Lexeme("field", name, start, start, written=named_as if fold(named_as) != name else "")
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
            case "misread":
                yield Lexeme("misread", match[0], start, start)
            case "near":
                yield Lexeme("near", match[0].lower(), start, start)
            case "space":
                pass
            case _:
                found = quotations.from_(match[0][-1], at, valued)
                if found is None and valued:
                    yield Lexeme("quoted", text[at:], start, at + 1, closed=False, written=text[at:])
                    return
                if found is None:
                    yield Lexeme("unclosed", match[0], start, start)
                    continue
                inside, end = found
                tilde = _TILDE.match(text, end + 1)
                suffix = tilde[0] if tilde else ""
                adjacent = _ADJACENT.match(text, end + 1 + len(suffix))
                yield Lexeme(
                    "quoted",
                    inside,
                    start,
                    at + 1,
                    exact=match[0].startswith("="),
                    tilde=suffix,
                    written=text[at:end],
                    before=adjacent[0] if adjacent else "",
                )
                at = end + 1 + len(suffix)


class _Quotations:
    """The quotations of a query."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._unclosed: set[str] = set()
        """Opening quotes of which one was found that only an escaped quote closes, as it does any after it."""

    def from_(self, opening: str, at: int, is_value: bool) -> tuple[str, int] | None:
        """The content of the quotation that begins here, and where it ends; None if no quote closes it.

        A backslash before a quote is itself if that quote alone can close the quotation. A doubled » is part of a name.
        """
        text = self._text
        if opening == "«":
            doubled = _DOUBLED.match(text, at) if is_value else None
            end = doubled.end() - 1 if doubled else text.find("»", at)
            return None if end < 0 else (text[at:end].replace("»»", "»") if is_value else text[at:end], end)
        if opening not in self._unclosed:
            if found := _UP_TO_CLOSING[opening].match(text, at):
                return _ESCAPED.sub(r"\1", found[0]), found.end()
            self._unclosed.add(opening)
        end = min((place for mark in _CLOSING[opening] if (place := text.find(mark, at)) >= 0), default=-1)
        return None if end < 0 else (text[at:end], end)
