"""The writer of the list: a transaction that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType

from search.engine import Prepare, Purged
from search.errors import ArticleBlocked
from search.names.authority import Authority
from search.system.closeable import Closeable
from search.text import dates
from search.values.article import Article
from tests.plain_engine.archive import Archive


class PlainWriter(Closeable):
    """Changes the list on commit."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._articles = dict(archive.held)
        self._blocked = archive.kept_out
        self._authority = archive.decided

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        return {i: self._archive.held[i].digest for i in ids if i in self._archive.held}

    def stored(self, article_id: str) -> Article | None:
        return self._archive.held.get(article_id)

    def ids(self, collection: str) -> Iterator[str]:
        return (a.id for a in list(self._archive.held.values()) if a.collection == collection)

    def add(self, article: Article) -> None:
        if article.id in self._blocked:
            raise ArticleBlocked(article.id)
        self._articles[article.id] = article

    @contextmanager
    def preparing(self) -> Iterator[Callable[[], Prepare]]:
        yield lambda: list

    def add_prepared(self, prepared: Sequence[Article], groups: Sequence[str | None]) -> None:
        for article, group in zip(prepared, groups or [None] * len(prepared), strict=True):
            self.add(replace(article, group=group))

    def regroup(self, article_id: str, group: str) -> None:
        if article_id in self._articles:
            self.add(replace(self._articles[article_id], group=group))

    def delete(self, article_id: str) -> bool:
        return self._articles.pop(article_id, None) is not None

    take_down = delete

    def blocked(self) -> frozenset[str]:
        return self._blocked

    def block(self, article_id: str) -> None:
        self._blocked |= {article_id}
        self.delete(article_id)

    def unblock(self, article_id: str) -> bool:
        was = article_id in self._blocked
        self._blocked -= {article_id}
        return was

    def has_takedowns(self) -> bool:
        return False

    def authority(self) -> Authority:
        return self._authority

    def set_authority(self, authority: Authority) -> None:
        self._authority = authority

    def commit(self) -> int:
        self._archive.kept_out = self._blocked
        if self._articles != self._archive.held or self._authority != self._archive.decided:
            self._archive.decided = self._authority
            removed = self._archive.held.keys() - self._articles.keys()
            self._archive.gone = {
                name: at
                for name, at in {**self._archive.gone, **dict.fromkeys(removed, dates.now())}.items()
                if name not in self._articles
            }
            self._archive.held = dict(self._articles)
            self._archive.generation += 1
        return self._archive.generation

    def compact(self, most: int) -> int:
        return self.commit()

    def purge(self, ids: Collection[str]) -> Purged:
        self.commit()
        renamed: dict[str, str] = {}
        found = frozenset([article_id for article_id in ids if self.delete(article_id)])
        for article in sorted(self._articles.values(), key=lambda article: article.id):
            if article.group in ids:
                name = renamed.setdefault(str(article.group), article.id)
                self._articles[article.id] = replace(article, group=name)
        self.commit()
        self._archive.gone = {name: at for name, at in self._archive.gone.items() if name not in ids}
        return Purged(found, renamed)

    def rollback(self) -> None:
        self._articles = dict(self._archive.held)
        self._blocked = self._archive.kept_out
        self._authority = self._archive.decided

    def close(self) -> None:
        self.rollback()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        super().__exit__(kind, error, trace)
