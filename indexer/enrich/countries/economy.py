"""Countries that a report on the economy names beside its subject: markets, customers, where a branch is.

Such a report is about the countries of its title and its lead; another belongs to its subject where it comes back
(`OFTEN`). Where none of all that is named, none is beside another, and where many are (`MANY`), the report sets them
side by side, as figures of exports do: it is about them all. Reports on anything else keep every country, since what
they name once is as a rule a part of the story.

Not for what the words around a mention tell: see `passing`. Cost: nothing to speak of.
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
"""How sure the topic must be where the input did not state it."""

MANY = 6
"""From how many countries on an article is about all that it names."""

OFTEN = 3
"""How many mentions make a country a subject that neither title nor lead names."""


def subjects(codes: Sequence[str], in_title: Sequence[Said], in_text: Sequence[Said], article: Article) -> list[str]:
    """Those of an article's countries that it is about, by its mentions."""
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
    return any(e.value == ECONOMY and e.confidence >= SURE for e in article.evidence.get("topic", ()))
