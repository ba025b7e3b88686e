"""What is special about a result, by definition: each value of the reference is counted and measured."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from search.measures.keyness import WORDS, Contrast, Special, key, measured
from search.values.article import Article
from search.values.query import Query
from tests.plain_engine.finding import Finding
from tests.plain_engine.values import Values
from tests.plain_engine.words import words_of


def special(finding: Finding, query: Query, contrast: Contrast) -> Special:
    query = replace(query, group=None)
    base = Query(country_main=query.country_main) if contrast.against == "archive" else replace(query, text="")
    kept, of = finding.kept(query), finding.kept(base)
    if contrast.than is not None:
        other = finding.kept(replace(query, text=contrast.than))
        of = list({article.id: article for article in (*kept, *other)}.values())

    def having(some: Sequence[Article]) -> Counter[str]:
        return Counter(value for a in some for value in _special_of(finding.values, a, query, contrast.field))

    def label(value: str) -> str:
        return value if contrast.field == WORDS else finding.values.label(contrast.field, value)

    counts, totals = having(kept), having(of)
    total, whole = len(kept), len(of)
    found = [
        measured(value, label(value), counts[value], n, total, whole)
        for value, n in (totals.items() if 0 < total < whole else ())
        if (counts[value] * whole > total * n if contrast.sort == "over" else counts[value] * whole < total * n)
    ]
    found.sort(key=lambda one: (-key(one.count, one.of, total, whole), one.label, one.value))
    return Special(contrast, total, whole, tuple(found[: contrast.limit]))


def _special_of(values: Values, article: Article, query: Query, field: str) -> set[str]:
    if field == WORDS:
        there = {*words_of(article.title), *words_of(article.text)}
        return {word for word in there if len(word) > 1 or "CJK" in unicodedata.name(word, "")}
    return values.spelled_of(article, query.counted(field))
