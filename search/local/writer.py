"""Articles in, one commit out.

Changes wait in memory until `commit`, by id, so that the last of two articles of one id stays; Whoosh itself would
keep both. A commit takes out what is replaced, adds what is new and renames the table of contents: all or nothing.

Cost: some 400 articles of 400 words a second, nearly all of it in Whoosh's own codec. The pipeline keeps memory
bounded by committing in batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import whoosh.index
from whoosh.index import FileIndex, LockError
from whoosh.reading import IndexReader, TermNotFound
from whoosh.writing import IndexWriter

from search.article import Article
from search.errors import ArticleBlocked, IndexLocked, IndexProblem, NotAnIndex
from search.local import blocked
from search.local.schema import document, schema

_MEMORY_MB = 256


class LocalWriter:
    """The one process that changes an index; it holds Whoosh's lock while it is open.

    Raises:
        IndexLocked: when another process is writing.
        NotAnIndex: when the directory holds something else.
        IndexProblem: when it cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pending: dict[str, Article | None] = {}
        self._index = _open_or_create(path)
        self._blocked = blocked.read(path)
        self._writer: IndexWriter | None = None
        self._reader: IndexReader | None = None
        self._begin()

    def _begin(self) -> None:
        try:
            self._writer = self._index.writer(compound=False, limitmb=_MEMORY_MB)
        except LockError:
            raise IndexLocked(f"Another process is writing to “{self._path}”. Wait until it has finished.") from None
        except OSError as error:
            raise IndexProblem(f"The index “{self._path}” cannot be written: {error.strerror or error}.") from error
        self._reader = self._index.reader()

    def _end(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._writer = None

    def _open(self) -> tuple[IndexWriter, IndexReader]:
        if self._writer is None or self._reader is None:
            self._begin()
        assert self._writer is not None
        assert self._reader is not None
        return self._writer, self._reader

    def digests(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The digests under which these ids are committed; an id that is not there is left out."""
        _, reader = self._open()
        found = ((article_id, _number(reader, article_id)) for article_id in ids)
        return {
            article_id: str(reader.stored_fields(number).get("digest", ""))
            for article_id, number in found
            if number is not None
        }

    def ids(self, collection: str) -> Iterator[str]:
        """The committed ids of one collection."""
        _, reader = self._open()
        try:
            matcher = reader.postings("collection", collection)
        except TermNotFound:
            return
        names = [name for leaf, _ in reader.leaf_readers() for name in leaf.column_reader("id")]
        for number in matcher.all_ids():
            yield names[number]

    def add(self, article: Article) -> None:
        """Add an article, in place of the one of this id if there is one; the last one of a transaction stays."""
        if article.id in self._blocked:
            raise ArticleBlocked(article.id)
        self._pending[article.id] = article

    def delete(self, article_id: str) -> bool:
        """Remove an article; whether it was there."""
        _, reader = self._open()
        committed = _number(reader, article_id) is not None
        there = self._pending.get(article_id) is not None if article_id in self._pending else committed
        if committed:
            self._pending[article_id] = None
        else:
            self._pending.pop(article_id, None)
        return there

    def blocked(self) -> frozenset[str]:
        """The ids that are kept out."""
        return self._blocked

    def block(self, article_id: str) -> None:
        """Keep an id out from the next commit on, whether or not it is there now."""
        self._blocked |= {article_id}
        self.delete(article_id)

    def unblock(self, article_id: str) -> bool:
        """Let an id in again from the next commit on; whether it was kept out."""
        was = article_id in self._blocked
        self._blocked -= {article_id}
        return was

    def commit(self) -> int:
        """Make all changes since the last commit visible at once; the generation that has them."""
        if self._blocked != blocked.read(self._path):
            blocked.write(self._path, self._blocked)
        if not self._pending:
            return int(self._index.latest_generation())
        writer, reader = self._open()
        for article_id, article in self._pending.items():
            number = _number(reader, article_id)
            if number is not None:
                writer.delete_document(number)
            if article is not None:
                writer.add_document(**document(article))
        try:
            writer.commit()
        except OSError as error:
            raise IndexProblem(f"The index “{self._path}” cannot be written: {error.strerror or error}.") from error
        finally:
            self._end()
        self._pending.clear()
        return int(self._index.latest_generation())

    def rollback(self) -> None:
        """Forget all changes since the last commit."""
        self._pending.clear()
        self._blocked = blocked.read(self._path)

    def close(self) -> None:
        """Let another process write. What was not committed is forgotten."""
        self._pending.clear()
        if self._writer is not None:
            self._writer.cancel()
        self._end()
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()


def _number(reader: IndexReader, article_id: str) -> int | None:
    try:
        matcher = reader.postings("id", article_id)
    except TermNotFound:
        return None
    return int(matcher.id()) if matcher.is_active() else None


def _open_or_create(path: Path) -> FileIndex:
    try:
        if path.is_dir() and whoosh.index.exists_in(str(path)):
            return whoosh.index.open_dir(str(path))
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise NotAnIndex(f"“{path}” is not an index. Name a new directory, or one that an index is in.")
        path.mkdir(parents=True, exist_ok=True)
        return whoosh.index.create_in(str(path), schema())
    except OSError as error:
        raise IndexProblem(f"No index can be made at “{path}”: {error.strerror or error}.") from error
