"""The citations of an index: `citations.sqlite` in its directory, and the secret that signs addresses.

The articles of a citation are a row of their own. Their ids are compressed together, the hashes of their contents are
not, since nothing compresses them: some 40 bytes for each article. A citation is on disk when `add` returns, and is
never changed, except by `erase`.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from desk.citations.citation import Citation
from desk.citations.result import Entry
from desk.traces import Values, ids_in, tells
from search.errors import DatelineError, IndexDamaged
from search.files import databases
from search.files.reconciling import Incoming, counted
from search.files.row_sums import summed
from search.local.safe.kept import Kept
from search.system.inflating import inflated
from search.text import dates

FILE = "citations.sqlite"
_ID_BYTES = 8
_SECRET_BYTES = 32
_CONTENT_BYTES = 32
_MOST_BYTES = 32 << 20
"""Of the ids or versions of a citation: 100,000 articles have 20 MB at most."""
_COLUMNS = "id, question, generation, made, made_by, total, hash, purged, sum"
_OF_ARTICLES = "citation, ids, contents, versions, sum"


class CitationMissing(DatelineError):
    """There is no citation with this id."""

    def __init__(self, citation_id: str) -> None:
        super().__init__(f"There is no citation “{citation_id[:40]}”. Its address may have been copied incompletely.")


class CitationGone(CitationMissing):
    """There was a citation with this id."""

    def __init__(self, citation_id: str) -> None:
        super().__init__(citation_id)
        self.args = (f"Citation “{citation_id}” was removed: its question named an article that was taken down.",)


class Store(Kept):
    """The citations of one index."""

    FILE = FILE
    VERSION = 1
    WHAT = "citations"
    SCHEMA = """
        CREATE TABLE citations (
            id TEXT PRIMARY KEY, question TEXT NOT NULL, generation INTEGER NOT NULL, made TEXT NOT NULL,
            made_by TEXT NOT NULL, total INTEGER NOT NULL, hash TEXT NOT NULL, purged INTEGER NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE INDEX of_result ON citations (hash, question, generation);
        CREATE INDEX by_time ON citations (made, id);
        CREATE TABLE articles (
            citation TEXT PRIMARY KEY, ids BLOB NOT NULL, contents BLOB NOT NULL, versions BLOB NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE TABLE gone (id TEXT PRIMARY KEY, sum INTEGER NOT NULL);
        CREATE TABLE secrets (secret BLOB PRIMARY KEY, made TEXT NOT NULL, sum INTEGER NOT NULL);
    """

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
            where = "WHERE hash = ? AND question = ? AND generation = ?"
            for known in self._read(where, (citation.hash, citation.question, citation.generation)):
                return known
            new = replace(citation, id=secrets.token_hex(_ID_BYTES))
            self._write(new)
        return new

    @property
    def count(self) -> int:
        """How many citations are stored."""
        (count,) = self.db.execute("SELECT count(*) FROM citations").fetchone()
        return int(count)

    def get(self, citation_id: str) -> Citation:
        """A citation. Raises CitationMissing if there is none with this id, CitationGone if there was one."""
        with self.snapshot():
            for found in self._read("WHERE id = ?", (citation_id,)):
                return found
            for _ in self.rows("SELECT id, sum FROM gone WHERE id = ?", (citation_id,)):
                raise CitationGone(citation_id)
        raise CitationMissing(citation_id)

    def listed(self, after: str = "", most: int = -1) -> tuple[Citation, ...]:
        """Citations without their articles, the last ones first.

        Args:
            after: continues behind the citation with this id.
            most: the greatest number of them; negative for all.
        """
        where = "WHERE ? = '' OR (made, id) < (SELECT made, id FROM citations WHERE id = ?)"
        return tuple(self._bare(f"{where} ORDER BY made DESC, id DESC LIMIT ?", (after, after, most)))

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
            had = {row[0] for row in self.db.execute("SELECT id FROM citations UNION SELECT id FROM gone")}
            for citation in other.all():
                if citation.id not in had:
                    self._write(citation)
            for secret, made in other._secrets():
                self._add_secret(secret, made)

    def all(self) -> Iterator[Citation]:
        """All citations with their articles, one after another."""
        for (name,) in self.db.execute("SELECT id FROM citations ORDER BY made, id").fetchall():
            yield from self._read("WHERE id = ?", (name,))

    def erase(self, ids: Collection[str], values: Values = ()) -> frozenset[str]:
        """Erase articles from all citations, without a trace but their number. Returns the ids that were in one.

        A citation whose question tells of one of them (see `traces`) is removed. Cost: reads all citations.
        """
        wanted, found, changed = frozenset(ids), set[str](), False
        for citation in self.all():
            if _wanted(citation, wanted) or tells(citation.question, wanted, values):
                with self.transaction():  # others may have erased some of it since it was read
                    for now in self._read("WHERE id = ?", (citation.id,)):
                        found |= self._erase(now, wanted, values)
                        changed = True
        if changed:
            self.vacuum()
        return frozenset(found)

    def _erase(self, citation: Citation, ids: frozenset[str], values: Values) -> set[str]:
        """Erase articles from a citation, or all of it if its question tells of one. Returns the ids that it had."""
        if tells(citation.question, ids, values):
            self.db.execute("DELETE FROM citations WHERE id = ?", (citation.id,))
            self.db.execute("DELETE FROM articles WHERE citation = ?", (citation.id,))
            self.db.execute("INSERT OR REPLACE INTO gone (id, sum) VALUES (?, ?)", summed((citation.id,)))
        else:
            left = tuple(each for each in citation.entries or () if each.id not in ids)
            lost = len(citation.entries or ()) - len(left)
            self._write(replace(citation, entries=left, purged=citation.purged + lost))
        return _wanted(citation, ids)

    def _secrets(self) -> list[tuple[bytes, str]]:
        return [(row[0], row[1]) for row in self.rows("SELECT secret, made, sum FROM secrets ORDER BY made, secret")]

    def _add_secret(self, secret: bytes, made: str) -> None:
        self.db.execute("INSERT OR IGNORE INTO secrets (secret, made, sum) VALUES (?, ?, ?)", summed((secret, made)))

    def _write(self, one: Citation) -> None:
        entries = one.entries or ()
        versions = {str(number): each.version for number, each in enumerate(entries) if each.version is not None}
        row = (one.id, one.question, one.generation, one.made, one.by, one.total, one.hash, one.purged)
        of_articles = (
            one.id,
            zlib.compress("\n".join(each.id for each in entries).encode()),
            b"".join(each.content for each in entries),
            zlib.compress(orjson.dumps(versions)),
        )
        self.db.execute(f"INSERT OR REPLACE INTO citations ({_COLUMNS}) VALUES ({_marks(_COLUMNS)})", summed(row))
        self.db.execute(
            f"INSERT OR REPLACE INTO articles ({_OF_ARTICLES}) VALUES ({_marks(_OF_ARTICLES)})", summed(of_articles)
        )

    def _bare(self, where: str, values: tuple[Any, ...]) -> list[Citation]:
        """Citations without their articles."""
        return [
            Citation(name, question, generation, made, total, whole, by, None, purged)
            for name, question, generation, made, by, total, whole, purged in self.rows(
                f"SELECT {_COLUMNS} FROM citations {where}", values
            )
        ]

    def _read(self, where: str, values: tuple[Any, ...]) -> list[Citation]:
        """Citations with their articles."""
        of_one = f"SELECT {_OF_ARTICLES} FROM articles WHERE citation = ?"
        with self.snapshot():
            return [
                replace(bare, entries=tuple(_entries(ids, contents, versions)))
                for bare in self._bare(where, values)
                for _, ids, contents, versions in self.rows(of_one, (bare.id,))
            ]


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the citations of an index when a backup replaces it, and add those that only the backup has.

    What was erased since stays erased; addresses that either has signed stay valid.
    """
    if not Store.is_in(source):
        return []
    if not Store.is_in(folder):
        databases.copy(source / FILE, folder / FILE)
        return []
    with Store(source) as before, Store(folder) as now:
        then, since = {each.id for each in before.listed()}, {each.id for each in now.listed()}
        now.merge(before)
    return counted(len(since - then), "newer citation")


def _marks(columns: str) -> str:
    return ", ".join("?" for _ in columns.split(","))


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
