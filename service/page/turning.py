"""Page turning: which pages come before and after each scanned page of an article, in the issue that it appeared in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.analyses import issues
from search.analyses.issues import PrintedPage
from search.engine import Engine
from search.values.article import Article
from service.html import view
from service.html.view import PageState
from service.params import entity_path


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a page turns to: the number printed on that page, and the URL of an article on it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is in its issue: the pages next to it, and its own URL."""

    before: Turn | None
    after: Turn | None
    url: str


def turns(engine: Engine, article: Article, state: PageState) -> Mapping[int, Place]:
    """The place of each page of an article, by its number among those, from 1.

    Cost: that of reading the issue; none for an article without pages.
    """
    if not any(page.picture and page.width for page in article.scan):
        return {}
    issue = issues.issue_of(engine, article)
    if issue is None:
        return {}
    pages = issue.pages
    around = [None, *(_turn(page, state) for page in pages), None]
    here = entity_path.issue(issue.source, issue.itself.name, state.root)
    return {
        piece.number: Place(around[number - 1], around[number + 1], f"{here}?page={number}")
        for number, page in enumerate(pages, 1)
        for piece in page.pieces
        if piece.article.id == article.id
    }


def _turn(page: PrintedPage, state: PageState) -> Turn | None:
    """None for a page without a number: what comes next is not known."""
    first = page.pieces[0]
    url = view.url(f"/article/{first.article.id}", state)
    return Turn(page.label, f"{url}#page-{first.number}") if page.label else None
