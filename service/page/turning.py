"""Page turning: which pages come before and after each scanned page of an article, in the issue that it appeared in.

An issue is what one source printed on one day, in the order of the numbers printed on its pages. Pages are known by
the articles on them: one without an article is omitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from search.engine import Engine
from search.text import dates
from search.values.article import Article
from search.values.query import MAX_SIZE, Filter, Query
from service.html import view
from service.html.view import PageState

MOST = 10 * MAX_SIZE
"""The greatest number of articles of an issue that are looked at."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a page turns to: the number printed on that page, and the URL of an article on it."""

    label: str
    url: str


Key = tuple[str, str]
"""A page: the number printed on it, and the name of its picture; blank pages have one picture."""


def turns(engine: Engine, article: Article, state: PageState) -> Mapping[Key, tuple[Turn | None, Turn | None]]:
    """The page before and the page after each page of an article.

    Cost: reading the articles of the issue that have a scan, up to `MOST`; none if no page has a number.
    """
    own = {(page.label, page.picture) for page in article.scan if page.picture and page.label}
    if not own or article.source is None or dates.day_of(article.published) is None:
        return {}
    there: dict[Key, tuple[str, int]] = {}
    for other in (article, *_issue(engine, article)):
        for number, page in enumerate(other.scan, 1):
            if page.picture and page.label:
                there.setdefault((page.label, page.picture), (other.id, number))
    order = sorted(there, key=lambda key: (_natural(key[0]), key[1]))
    pages = [Turn(key[0], _address(*there[key], state)) for key in order]
    around = zip(order, [None, *pages], [*pages[1:], None], strict=False)
    return {key: (before, after) for key, before, after in around if key in own}


def _issue(engine: Engine, article: Article) -> Iterator[Article]:
    assert article.source is not None
    day = dates.day_of(article.published)
    query = Query(
        filters={"source": Filter(any=(article.source,))}, date_from=str(day), date_to=str(day), scan=True,
        size=MAX_SIZE, facets=(), snippets=False, sort="oldest",
    )  # fmt: skip
    for number in range(1, MOST // MAX_SIZE + 1):
        results = engine.search(replace(query, page=number))
        yield from (hit.article for hit in results.hits)
        if number * MAX_SIZE >= results.total:
            return


def _address(article_id: str, number: int, state: PageState) -> str:
    return f"{view.url(f'/article/{article_id}', state)}#page-{number}"


def _natural(label: str) -> list[tuple[int, int, str]]:
    """What sorts the numbers of pages as people do: 2 before 10, 10 before A1."""
    parts = re.findall(r"\d{1,18}|\D+|\d+", label)
    return [(0, int(part), "") if part.isdecimal() and len(part) < 19 else (1, 0, part) for part in parts]
