"""Countries that a report on the economy names but is not about: markets, customers, the location of a branch.

Such a report is about the countries in its title and its lead, and about others that it names repeatedly (`OFTEN`). If
title and lead name none, or if it names many countries (`MANY`), as export figures do, it is about all of them. Reports
on other topics are about every country they name, since a country named once is usually part of the story.

Not for what the words around a mention show: see `passing`. Cost: negligible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indexer.enrich.countries.passing import LEAD
from indexer.enrich.countries.senses import Said
from search.article import Article

ECONOMY = "medtop:04000000"
"""Economy, business and finance, as IPTC Media Topics call it."""

SURE = 0.8
"""The least confidence of the topic, unless the input stated it."""

MANY = 6
"""An article that names this many countries is about all of them."""

OFTEN = 3
"""The mentions that make a country a subject if neither title nor lead names it."""


def subjects(codes: Sequence[str], in_title: Sequence[Said], in_text: Sequence[Said], article: Article) -> list[str]:
    """The countries that an article is about, among those it mentions."""
    if len(codes) >= MANY or not _is_economic(article):
        return list(codes)
    first = {said.evidence.value for said in (*in_title, *filter(_in_lead, in_text))}
    often = Counter(said.evidence.value for said in in_text)
    return [code for code in codes if code in first or often[code] >= OFTEN] or list(codes)


def _in_lead(said: Said) -> bool:
    return said.evidence.start is not None and said.evidence.start < LEAD


def _is_economic(article: Article) -> bool:
    if "topic" in article.given:
        return ECONOMY in article.topic
    marks = article.evidence.get("topic", ())
    return any(mark.value == ECONOMY and mark.rule == "model" and mark.confidence >= SURE for mark in marks)
