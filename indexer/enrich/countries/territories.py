"""Countries in languages without a gazetteer, by their names in Unicode's CLDR.

Peoples, cities and inflected forms of a name are not found, so much is missed in languages that inflect names; what is
found is reliable. Nothing is found in a language for which CLDR has no names. Not for English, whose gazetteer has more
(see `countries`).

Cost: some milliseconds for a language at first use, then a pass over the text.
"""

from __future__ import annotations

from functools import cache

import ahocorasick

from indexer.enrich.countries.gazetteer import is_ideographic, names_in
from indexer.enrich.countries.senses import Said
from search.values.article import Article

CONFIDENCE = 0.85


def find(article: Article) -> tuple[list[Said], int]:
    """The names of countries in title and text, in order, and the number of those in the title."""
    names = _automaton(article.language or "")
    if names is None:
        return [], 0
    in_title, in_text = _stand(names, article.title), _stand(names, article.text)
    said = [Said(code, start, end, "name", CONFIDENCE, 1.0, "", 1.0) for start, end, code in (*in_title, *in_text)]
    return said, len(in_title)


def _stand(names: ahocorasick.Automaton, text: str) -> list[tuple[int, int, str]]:
    """The names that occur as whole words: start, end, code; the longest at each place."""
    hits = []
    for last, (size, code) in names.iter(text):
        start, end = last - size + 1, last + 1
        if is_ideographic(text[last]) or not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            hits.append((start, -end, code))
    found: list[tuple[int, int, str]] = []
    for start, negative, code in sorted(hits):
        if not found or start >= found[-1][1]:
            found.append((start, -negative, code))
    return found


@cache
def _automaton(language: str) -> ahocorasick.Automaton | None:
    """The names of a language; None if CLDR has none."""
    names = names_in(language)
    if not names:
        return None
    automaton = ahocorasick.Automaton()
    for name, code in names.items():
        for written in {name, name[:1].upper() + name[1:], name.replace("’", "'")}:
            automaton.add_word(written, (len(written), code))
    automaton.make_automaton()
    return automaton
