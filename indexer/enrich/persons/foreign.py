"""Sentences of other languages in an article: a quotation, a motto, the rest of a page.

Capitals there begin nouns in German and titles in Spanish, and the tagger was not trained on them. `is_foreign` counts
function words. Not for the language of an article: see `indexer.enrich.language`.

Cost: some microseconds a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from indexer import languages
from indexer.enrich.persons.tagger.sentences import Sentence
from search.text import tables

LEAST = 3
"""The fewest function words of the other language."""


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """Language → its function words, of the table or of its folder."""
    rows = tables.rows("indexer.enrich", "data", "function_words.tsv")
    found = {row["language"]: frozenset(row["words"].split("|")) for row in rows}
    return found | {language.code: language.words("frequent") for language in languages.installed()}


@cache
def _others(language: str) -> tuple[tuple[frozenset[str], ...], frozenset[str]]:
    """The function words of each other language, and of all of them."""
    others = tuple(words for code, words in _words().items() if code != language)
    return others, frozenset[str]().union(*others)


def is_foreign(sentence: Sentence) -> bool:
    """True if a sentence has several function words of another language, and more of them than of its own."""
    language = sentence.language
    others, in_any = _others(language.code)
    if in_any.isdisjoint(sentence.words):
        return False
    words = [word for word in sentence.words if word in in_any]
    if len(words) < LEAST:
        return False
    own = language.words("frequent") | language.words("frequent-too")
    least = max(LEAST, sum(map(own.__contains__, sentence.words)) + 1)
    return any(sum(word in other for word in words) >= least and len(other.intersection(words)) > 1 for other in others)
