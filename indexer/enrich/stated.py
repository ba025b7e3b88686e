"""Evidence for the persons, countries and topics that the input states: the rule `input`, without a passage.

Where a reader says more about a value (its code, its scheme), that is the evidence, and nothing is added. A country
that the input states is a main one, unless its evidence says that it is not.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from search.fields import ENRICHED
from search.values.article import INPUT, Article, Evidence, changed


def enrich(article: Article) -> Article:
    """Return the article with evidence for each stated value that has none."""
    added: dict[str, tuple[Evidence, ...]] = {}
    for name in ENRICHED:
        if name in article.given:
            there = entries = article.evidence.get(name, ())
            main = True if name == "country" else None
            if main:
                entries = tuple(replace(entry, main=entry.main is not False) for entry in there)
            known = {entry.value for entry in there}
            entries += tuple([_entry(value, main) for value in getattr(article, name) if value not in known])
            if entries != there:
                added[name] = entries
    return changed(article, evidence={**article.evidence, **added}) if added else article


@lru_cache(maxsize=1 << 14)
def _entry(value: str, main: bool | None) -> Evidence:
    return Evidence(value, None, None, "", INPUT, 1.0, main=main)
