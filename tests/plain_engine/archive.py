"""What the oracle holds: articles, what was decided about names, what was removed, lists of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from search.errors import ArticleGone, ArticleMissing
from search.names.authority import Authority
from search.values.article import Article
from search.values.lists import no_list
from tests.plain_engine.times import newest_first

T = TypeVar("T")


class Archive:
    """The articles by their ids; whoever changes them increments the generation."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self.held = {article.id: article for article in articles}
        self.generation = 1 if self.held else 0
        self.kept_out: frozenset[str] = frozenset()
        self.decided = Authority()
        self.gone: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        self._known: dict[tuple[object, ...], object] = {}

    def once(self, key: tuple[object, ...], found: Callable[[], T]) -> T:
        """What is found under a key, looked for once in each generation: the tests would take ten times as long."""
        key = (self.generation, *key)
        if key not in self._known:
            self._known[key] = found()
        return cast(T, self._known[key])

    def article(self, article_id: str) -> Article:
        """As it was added."""
        if article_id not in self.held:
            if article_id in self.gone or article_id in self.kept_out:
                raise ArticleGone(article_id, self.gone.get(article_id))
            raise ArticleMissing(article_id)
        return self.held[article_id]

    def newest(self) -> list[Article]:
        return sorted(self.held.values(), key=lambda a: (newest_first(a), a.id))

    def group(self, article: Article) -> list[Article]:
        """The near-duplicates of an article, with itself."""
        return [a for a in self.held.values() if article.group and a.group == article.group]

    def listed(self, name: str) -> list[str]:
        """The ids of a list."""
        if name not in self.lists:
            raise no_list(name, list(self.lists))
        return self.lists[name]

    @property
    def languages(self) -> list[str | None]:
        return sorted({one.language for one in self.held.values()}, key=str)
