"""Why a filter found an article: the sentence that is evidence of a value, marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from search.analyses.entity import evidence_of
from search.fields import ENRICHED
from search.snippets import passages
from search.values.article import Article, Evidence
from search.values.query import Query
from search.values.results import Mark, Snippet

MOST = 2
"""The number of sentences next to a hit."""


def snippets(article: Article, query: Query, found: Sequence[Snippet]) -> list[Snippet]:
    """The snippets of a hit, and sentences with the values it was filtered by; only these if the query has no words.

    A value that a snippet names already is marked there.
    """
    shown = list(found) if query.text.strip() else []
    for proof in islice(_proofs(article, query), MOST):
        if proof.within != "text":
            continue
        assert proof.start is not None
        assert proof.end is not None
        at = next((number for number, snippet in enumerate(shown) if proof.text in snippet.text), None)
        if at is None:
            shown.append(passages.around(article.text, proof.start, proof.end, article.language))
        else:
            shown[at] = _also(shown[at], proof.text)
    return shown or list(found)


def _also(snippet: Snippet, words: str) -> Snippet:
    """A snippet in which some words of it are marked too."""
    start = snippet.text.index(words)
    return Snippet(snippet.text, passages.merge([*map(list, snippet.marks), [start, start + len(words)]]))


def title_marks(article: Article, query: Query, found: Sequence[Mark]) -> Sequence[Mark]:
    """The marks of a title, with evidence of the values it was filtered by."""
    own = [
        [proof.start, proof.end]
        for proof in _all_proofs(article, query)
        if proof.within == "title" and proof.start is not None and proof.end is not None
    ]
    return passages.merge(sorted([*map(list, found), *own])) if own else found


def chosen(query: Query, name: str) -> tuple[str, ...]:
    """The values that a filter asks for."""
    wanted = query.filter(name)
    return (*wanted.any, *wanted.all)


def _proofs(article: Article, query: Query) -> Iterator[Evidence]:
    """The first passage that is evidence of each value, in the text if there is one."""
    for name in ENRICHED:
        for value in chosen(query, name):
            yield from evidence_of(article, name, value)[:1]


def _all_proofs(article: Article, query: Query) -> Iterator[Evidence]:
    return (proof for name in ENRICHED for value in chosen(query, name) for proof in evidence_of(article, name, value))
