"""The limit of what is read of an article to enrich it, and the evidence of an article that exceeds it.

The first `CHARACTERS` of the text and `IN_TITLE` of the title are read: numbers of characters, so that an article has
the same facts on every machine. A time limit is the last resort (see `indexer.workers.work`): an article that exceeds
it keeps the facts found until then. Either way the whole article is indexed, and its evidence says so, under `text`,
with the rule `limit`.
"""

from __future__ import annotations

from search.said import said
from search.values.article import Article, Evidence, changed

CHARACTERS = 500_000
"""Of a text: some 160 printed pages. The longest text of 40,000 saved news articles has a fifth of that."""

IN_TITLE = 1_000
"""Of a title."""

RULE = "limit"


def beginning(article: Article, characters: int) -> Article:
    """Cut the text, at the end of a word, and the title to what is read."""
    if len(article.text) <= characters and len(article.title) <= IN_TITLE:
        return article
    return changed(article, text=_cut(article.text, characters), title=_cut(article.title, IN_TITLE))


def _cut(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    end = max(text.rfind(" ", 0, characters + 1), text.rfind("\n", 0, characters + 1))
    return text[: end if end > characters // 2 else characters]


def whole(read: Article, article: Article) -> Article:
    """Restore the whole text and title of a cut article that was enriched, with the limit as evidence."""
    if read.text is article.text and read.title is article.title:
        return read
    if read.text is not article.text:
        number, of = len(read.text), len(article.text)
        why = said("Facts are those of the first {number} of {of} characters.", number=number, of=of)
    else:
        number, of = len(read.title), len(article.title)
        why = said("Facts are those of the first {number} of {of} characters of its title.", number=number, of=of)
    return _said(changed(read, text=article.text, title=article.title), str(why))


def stopped(article: Article, reason: str) -> Article:
    """Return an article whose enrichment was stopped, with the limit as evidence."""
    return _said(article, reason)


def _said(article: Article, value: str) -> Article:
    entry = Evidence(value, None, None, "", RULE, 1.0)
    return changed(article, evidence={**article.evidence, "text": (*article.evidence.get("text", ()), entry)})


def met(article: Article) -> str:
    """The evidence of an article that was not read whole; "" if it was."""
    return " ".join(entry.value for entry in article.evidence.get("text", ()) if entry.rule == RULE)
