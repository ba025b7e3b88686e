"""Countries in languages without a gazetteer, by their names in these (`native_names`).

Peoples, cities and most inflected forms of a name are not found; what is found is reliable. A given name counts unless
a word with a capital follows: *Israel*, but not *Israel Gutiérrez*. What follows a given name is a surname, there and
elsewhere in the article: *François Hollande*, *Hollande*. Nothing is found in a language for which CLDR has no names.
Not for English, whose gazetteer has more (see `countries`).

Cost: some milliseconds for a language at first use, then a pass over the text.
"""

from __future__ import annotations

import re
from functools import cache

import ahocorasick

from indexer import languages
from indexer.enrich.countries.native_names import is_ideographic, names_in
from indexer.enrich.countries.senses import Said
from search.text.tokens import APOSTROPHES
from search.values.article import Article

CONFIDENCE = 0.85
LOUD = 4
"""The length from which a name is also found in capitals."""

_NEXT = re.compile(r" [^\W\d_]+")
_BEFORE = re.compile(r"(?<!\w)[^\W\d_][\w-]{0,30} $")
_REACH = 32
_PLAIN = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))

Place = tuple[int, int, str]
"""Start, end and code of a name."""


def find(article: Article) -> tuple[list[Said], int]:
    """The names of countries in title and text, in order, and the number of those in the title."""
    names = _automaton(article.language or "")
    if names is None:
        return [], 0
    title, text = _stand(names, article.title), _stand(names, article.text)
    surnames = {article.title[a:b] for a, b, _ in title if _is_surname(article.title, a)}
    surnames |= {article.text[a:b] for a, b, _ in text if _is_surname(article.text, a)}
    in_title = [place for place in title if article.title[place[0] : place[1]] not in surnames]
    in_text = [place for place in text if article.text[place[0] : place[1]] not in surnames]
    said = [Said(code, start, end, "name", CONFIDENCE, 1.0, "", 1.0) for start, end, code in (*in_title, *in_text)]
    return said, len(in_title)


def _stand(names: ahocorasick.Automaton, text: str) -> list[Place]:
    """The names that occur as whole words, but for given names of persons; the longest at each place."""
    hits = []
    for last, (size, code, given) in names.iter(text):
        start, end = last - size + 1, last + 1
        whole = is_ideographic(text[last]) or not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        if whole and not (given and _is_given(text, end)):
            hits.append((start, -end, code))
    found: list[Place] = []
    for start, negative, code in sorted(hits):
        if not found or start >= found[-1][1]:
            found.append((start, -negative, code))
    return found


def _is_given(text: str, end: int) -> bool:
    """True if a word with a capital follows a given name, as a surname does."""
    following = _NEXT.match(text, end)
    return following is not None and following[0][1:].istitle()


def _is_surname(text: str, start: int) -> bool:
    """True if a name follows a given name, as a surname does."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    return before is not None and before[0][:-1] in _given_names()


@cache
def _given_names() -> frozenset[str]:
    """The given names of persons in all languages that English news has."""
    return frozenset(languages.default().table("given"))


@cache
def _automaton(language: str) -> ahocorasick.Automaton | None:
    """The names of a language, each with its length, its code, and True if it may be a given name; None if CLDR has
    none.
    """
    names = names_in(language)
    if not names:
        return None
    persons = frozenset() if language.partition("-")[0] in languages.CAPITAL_NOUNS else _given_names()
    automaton = ahocorasick.Automaton()
    for name, code in names.items():
        loud = {name.upper()} if len(name) >= LOUD else set()
        plain = name.translate(_PLAIN)
        printed = {plain.replace("'", apostrophe) for apostrophe in APOSTROPHES}
        for written in {name, name[:1].upper() + name[1:], *printed, *loud}:
            if not automaton.exists(written) or written == name:
                automaton.add_word(written, (len(written), code, name in persons))
    automaton.make_automaton()
    return automaton
