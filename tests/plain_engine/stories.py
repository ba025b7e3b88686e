"""Near-duplicates that count as one story."""

from __future__ import annotations

from collections.abc import Iterable

from search.values.article import Article
from search.values.query import Query


def stories_of(articles: Iterable[Article], together: bool) -> list[list[Article]]:
    """Articles by the story they tell: copies together, if they are to count as one."""
    stories: dict[object, list[Article]] = {}
    for article in articles:
        stories.setdefault(article.group if together and article.group else (article.id,), []).append(article)
    return list(stories.values())


def first_of_each(ordered: list[Article], query: Query) -> list[Article]:
    """The first of each story, where one is asked for."""
    return [story[0] for story in stories_of(ordered, bool(query.group))]
