"""The citations of an index, and the secret that signs addresses.

The articles of a citation are a row of their own. Their ids are compressed together, the hashes of their contents are
not, since nothing compresses them: some 40 bytes for each article. A citation is on disk when `add` returns, and is
never changed, except by `erase`.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, replace
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, func, select, tuple_

from desk.citations.citation import Citation
from desk.citations.result import Entry
from desk.store.base import Desk
from desk.store.tables import CITATIONS, CITED, GONE, SECRETS
from desk.traces import Values, ids_in, tells
from search.errors import DatelineError, IndexDamaged
from search.system.inflating import inflated
from search.text import dates

_ID_BYTES = 8
_SECRET_BYTES = 32
_CONTENT_BYTES = 32
_MOST_BYTES = 32 << 20
"""Of the ids or versions of a citation: 100,000 articles have 20 MB at most."""


class CitationMissing(DatelineError):
    """There is no citation with this id."""

    def __init__(self, citation_id: str) -> None:
        super().__init__(f"There is no citation “{citation_id[:40]}”. Its address may have been copied incompletely.")


class CitationGone(CitationMissing):
    """There was a citation with this id."""

    def __init__(self, citation_id: str) -> None:
        super().__init__(citation_id)
        self.args = (f"Citation “{citation_id}” was removed: its question named an article that was taken down.",)


class Store(Desk):
    """The citations of one index."""

    TABLES = (CITATIONS, CITED, GONE, SECRETS)
    WHAT = "citations"

    def add(self, citation: Citation, is_current: Callable[[], bool]) -> Citation | None:
        """Store a citation, whose articles are known.

        Args:
            is_current: called when nobody can erase anything until the citation is stored; False if the index has
                changed, and an article of it may have been purged.

        Returns:
            It with its id; one of the same question and result in the same generation, if that is stored already; None
            if it is not current.
        """
        with self.transaction():
            if not is_current():
                return None
            c, same = CITATIONS.c, citation
            for known in self._read(c.hash == same.hash, c.question == same.question, c.generation == same.generation):
                return known
            new = replace(citation, id=secrets.token_hex(_ID_BYTES))
            self._store(new)
        return new

    @property
    def count(self) -> int:
        """How many citations are stored."""
        return int(self._value(select(func.count()).select_from(CITATIONS)))

    def get(self, citation_id: str) -> Citation:
        """A citation. Raises CitationMissing if there is none with this id, CitationGone if there was one."""
        with self.snapshot():
            for found in self._read(CITATIONS.c.id == citation_id):
                return found
            for _ in self._rows(select(GONE).where(GONE.c.id == citation_id)):
                raise CitationGone(citation_id)
        raise CitationMissing(citation_id)

    def listed(self, after: str = "", most: int | None = None) -> tuple[Citation, ...]:
        """Citations without their articles, the last ones first.

        Args:
            after: continues behind the citation with this id.
            most: the greatest number of them; None for all.
        """
        c = CITATIONS.c
        with self.snapshot():
            last = self._first(select(CITATIONS).where(c.id == after)) if after else None
            if after and last is None:
                return ()
            older = () if last is None else (tuple_(c.made, c.id) < tuple_(last.made, last.id),)
            those = select(CITATIONS).where(*older).order_by(c.made.desc(), c.id.desc()).limit(most)
            return tuple(map(_bare, self._rows(those)))

    def secrets(self) -> tuple[bytes, ...]:
        """The secrets of this index, the one to sign with first; one is made if there is none."""
        known = self._secrets()
        if not known:
            with self.transaction():
                if not self._secrets():  # otherwise another process was first
                    self._add_secret(secrets.token_bytes(_SECRET_BYTES), dates.now())
            known = self._secrets()
        return tuple(secret for secret, _ in known)

    def merge(self, other: Store) -> None:
        """Add what another store has and this one neither has nor had."""
        with other.snapshot(), self.transaction():
            had = {*self._run(select(CITATIONS.c.id)).scalars(), *self._run(select(GONE.c.id)).scalars()}
            for citation in other.all():
                if citation.id not in had:
                    self._store(citation)
            for secret, made in other._secrets():
                self._add_secret(secret, made)

    def all(self) -> Iterator[Citation]:
        """All citations with their articles, one after another."""
        for name in self._run(select(CITATIONS.c.id).order_by(CITATIONS.c.made, CITATIONS.c.id)).scalars().all():
            yield from self._read(CITATIONS.c.id == name)

    def erase(self, ids: Collection[str], values: Values = ()) -> frozenset[str]:
        """Erase articles from all citations, without a trace but their number. Returns the ids that were in one.

        A citation whose question tells of one of them (see `traces`) is removed. Cost: reads all citations.
        """
        wanted, found, changed = frozenset(ids), set[str](), False
        for citation in self.all():
            if _wanted(citation, wanted) or tells(citation.question, wanted, values):
                with self.transaction():  # others may have erased some of it since it was read
                    for now in self._read(CITATIONS.c.id == citation.id):
                        found |= self._erase(now, wanted, values)
                        changed = True
        if changed:
            self.vacuum()
        return frozenset(found)

    def _erase(self, citation: Citation, ids: frozenset[str], values: Values) -> set[str]:
        """Erase articles from a citation, or all of it if its question tells of one. Returns the ids that it had."""
        if tells(citation.question, ids, values):
            self._drop(CITATIONS, CITATIONS.c.id == citation.id)
            self._drop(CITED, CITED.c.citation == citation.id)
            self._write(GONE, {"id": citation.id})
        else:
            left = tuple(each for each in citation.entries or () if each.id not in ids)
            lost = len(citation.entries or ()) - len(left)
            self._store(replace(citation, entries=left, purged=citation.purged + lost))
        return _wanted(citation, ids)

    def _secrets(self) -> list[tuple[bytes, str]]:
        those = select(SECRETS).order_by(SECRETS.c.made, SECRETS.c.secret)
        return [(row.secret, row.made) for row in self._rows(those)]

    def _add_secret(self, secret: bytes, made: str) -> None:
        if self._first(select(SECRETS).where(SECRETS.c.secret == secret)) is None:
            self._write(SECRETS, {"secret": secret, "made": made})

    def _store(self, one: Citation) -> None:
        entries = one.entries or ()
        versions = {str(number): each.version for number, each in enumerate(entries) if each.version is not None}
        self._write(CITATIONS, {**asdict(replace(one, entries=None)), "made_by": one.by})
        self._write(
            CITED,
            {
                "citation": one.id,
                "ids": zlib.compress("\n".join(each.id for each in entries).encode()),
                "contents": b"".join(each.content for each in entries),
                "versions": zlib.compress(orjson.dumps(versions)),
            },
        )

    def _read(self, *which: ColumnElement[bool]) -> list[Citation]:
        """Citations with their articles."""
        with self.snapshot():
            return [
                replace(_bare(row), entries=tuple(_entries(of.ids, of.contents, of.versions)))
                for row in self._rows(select(CITATIONS).where(*which))
                for of in self._rows(select(CITED).where(CITED.c.citation == row.id))
            ]


def _bare(row: Row[Any]) -> Citation:
    """A citation without its articles."""
    return Citation(
        row.id, row.question, row.generation, row.made, row.total, row.hash, row.made_by, None, row.purged
    )  # fmt: skip


def _entries(ids: bytes, contents: bytes, versions: bytes) -> Iterator[Entry]:
    try:
        known, names = orjson.loads(inflated(versions, _MOST_BYTES)), inflated(ids, _MOST_BYTES).decode()
    except (zlib.error, ValueError) as error:
        raise IndexDamaged(f"A stored citation cannot be read: {error}.") from error
    for number, name in enumerate(names.split("\n") if names else ()):
        at = number * _CONTENT_BYTES
        yield Entry(name, contents[at : at + _CONTENT_BYTES], known.get(str(number)))


def _wanted(citation: Citation, ids: frozenset[str]) -> set[str]:
    """Those of some ids that a citation has: among its articles, or in its question."""
    asked = {name for name in ids if name.lower() in ids_in(citation.question)}
    return asked | {each.id for each in citation.entries or () if each.id in ids}
