"""The ledger: `ingest.sqlite` in the directory of an index, with what was read so far.

    files       each file as it was read: its stamp, and the neighbouring files that it depends on
    records     its records in order: ids and digests of articles, the problems of others
    embargoed   whole articles until the end of their embargo
    withdrawn   withdrawn ids, up to a version
    parts       the articles of which an item consists, and the last version with each
    sketches    articles as `dedupe` represents them, and the group of each
    keys        the hashes by which sketches are looked up
    pictures    which articles are on which pictures (`search.files.pictures`)
    renewed     the digests of articles whose facts are by newer rules what they were: as stored, and by those rules

It is one SQLite file because these change together: a run makes them durable after the index has committed their
articles, sketches just before. After a crash a file may be read again, and its articles are then found unchanged; an
article is never assumed to be indexed if it is not. Losing the file loses embargoed articles and withdrawals that are
no longer in the archive, and costs one reading of everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

import orjson

from search.errors import IndexProblem
from search.files import databases
from search.system import database
from search.system.closeable import Closeable

T = TypeVar("T", str, int)

NAME = "ingest.sqlite"
_SCHEMA = """
PRAGMA user_version = 3;
CREATE TABLE files (
    number INTEGER PRIMARY KEY, collection TEXT, name TEXT, size INTEGER, changed_ns INTEGER, inode INTEGER,
    reading TEXT, beside TEXT, UNIQUE (collection, name)
);
CREATE TABLE records (
    file INTEGER, number INTEGER, kind TEXT, id TEXT, digest BLOB, path TEXT, line INTEGER, reason TEXT,
    times INTEGER DEFAULT 1, PRIMARY KEY (file, number)
) WITHOUT ROWID;
CREATE TABLE embargoed (id TEXT PRIMARY KEY, until TEXT, article BLOB);
CREATE TABLE withdrawn (id TEXT PRIMARY KEY, version INTEGER, reason TEXT);
CREATE TABLE sketches (number INTEGER PRIMARY KEY, id TEXT UNIQUE, team TEXT, sketch BLOB);
CREATE INDEX teams ON sketches (team) WHERE team IS NOT NULL;
CREATE TABLE keys (key INTEGER, day INTEGER, sketch INTEGER, PRIMARY KEY (key, day, sketch)) WITHOUT ROWID;
"""
_VERSION = 3
_PARTS = """
CREATE TABLE IF NOT EXISTS parts (whole TEXT, id TEXT, version INTEGER, PRIMARY KEY (whole, id)) WITHOUT ROWID
"""
"""A table added later, which earlier versions of Dateline do not need."""
_PICTURES = """
CREATE TABLE IF NOT EXISTS pictures (id TEXT, picture TEXT, live INTEGER, PRIMARY KEY (id, picture)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shown ON pictures (picture)
"""
"""Added later, like `parts`."""
_RENEWED = "CREATE TABLE IF NOT EXISTS renewed (was TEXT PRIMARY KEY, now BLOB) WITHOUT ROWID"
"""Added later, like `parts`."""
_KEY = 32
"""Hexadecimal digits of a digest that is looked up there."""
_HASH = re.compile(r"(?P<version>v-?\d+:)?(?P<hash>[0-9a-f]{64})")
_TIMES = "ALTER TABLE records ADD COLUMN times INTEGER DEFAULT 1"
"""A column added later."""


class FileStamp(NamedTuple):
    """Identifies a version of a file, and the way in which it is read.

    Attributes:
        reading: the version of readers and enrichment, and their options.
    """

    size: int
    changed_ns: int
    inode: int
    reading: str


class Remembered(NamedTuple):
    """A record of a file, as stored.

    Attributes:
        kind: `article`, `embargoed`, `withdrawal`, `clash` for an article that has the id of another one, `problem`,
            or `none` for a record that is not an article.
        id: of the article, withdrawal or clash; "" for the others.
        digest: the first eight bytes of the digest.
        path, line, reason: for `clash`, `problem` and `none`, where it is and why.
        times: the number of records of the same kind that it represents.
    """

    kind: str
    id: str
    digest: bytes
    path: str = ""
    line: int | None = None
    reason: str = ""
    times: int = 1


class Ledger(Closeable):
    """The ledger of one index; without a folder, one in memory.

    Nothing is durable before `commit`.

    Attributes:
        path: its file, if it has one.
        new: True if it is empty.
        lasts: True if it persists until the next run.

    Raises:
        IndexDamaged: if the file exists and cannot be read.
        CannotWrite: if it cannot be written.
    """

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / NAME if folder is not None else None
        self.lasts = self.path is not None
        self._db = database.connect(self.path, "Remove it, and index the archive again.", any_thread=True)
        try:
            self.new = self._begun()
        except BaseException:  # also an interrupt: nobody else would close it
            self._db.close()
            raise

    def _begun(self) -> bool:
        """Create the tables if there are none, and begin a transaction. Returns True if they were created."""
        databases.refuse_foreign(self._db)
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        self._db.execute("PRAGMA temp_store = FILE")
        if version == 0:
            self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            if self.path is not None:
                databases.seal(self.path)
        elif version != _VERSION:
            raise IndexProblem(f"“{self.path}” was made by another version of Dateline. Remove it, and index again.")
        for statement in (_PARTS, _RENEWED, *_PICTURES.split(";")):
            self._db.execute(statement)
        if "times" not in {row[1] for row in self._db.execute("PRAGMA table_info(records)")}:
            self._db.execute(_TIMES)
        self._db.execute("PRAGMA cache_size = -65536")
        self._db.execute("BEGIN")
        return bool(version == 0)

    @staticmethod
    def glance(folder: Path, statement: str, *values: str) -> frozenset[str]:
        """What the ledger of an index has now, the first column of an answer; does not wait for a run.

        Nothing if that is unknown: the ledger is lost or damaged, which `dateline verify` reports, or a run is writing
        to it.
        """
        if not Ledger.is_in(folder):
            return frozenset()
        try:
            with closing(database.connect(folder / NAME, make=False, timeout_s=0, any_thread=True)) as ledger:
                databases.refuse_foreign(ledger)
                return frozenset(row[0] for row in ledger.execute(statement, values))
        except IndexProblem:
            return frozenset()

    @staticmethod
    def is_in(folder: Path) -> bool:
        """True if a directory has a ledger."""
        return (folder / NAME).exists()

    @classmethod
    def change(cls, folder: Path, ids: Iterable[str], how: Callable[[Ledger, str], bool]) -> frozenset[str]:
        """Change the entries of some ids in the ledger of a directory. Returns the ids that had an entry."""
        if not cls.is_in(folder):
            return frozenset()
        with cls(folder) as ledger:
            changed = frozenset([article_id for article_id in ids if how(ledger, article_id)])
            ledger.commit()
        return changed

    def execute(self, statement: str, values: Sequence[object] = ()) -> database.Cursor:
        """Run a statement in the current transaction."""
        cursor: database.Cursor = self._db.execute(statement, values)
        return cursor

    def execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row."""
        self._db.executemany(statement, rows)

    def among(self, table: str, column: str, values: Iterable[T]) -> set[T]:
        """Those of some values that are in an indexed column."""
        found = self.execute(
            f"SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} = value)",
            (orjson.dumps(list(values)).decode(),),
        )
        return {value for (value,) in found.fetchall()}

    def commit(self) -> None:
        """Make the changes durable."""
        self.execute("COMMIT")
        self.execute("BEGIN")

    def vacuum(self) -> None:
        """Make the changes durable, and rewrite the file, so that nothing removed is left in it."""
        self.execute("COMMIT")
        self.execute("VACUUM")
        self.execute("BEGIN")

    def rollback(self) -> None:
        """Undo the changes since the last commit."""
        if self._db.in_transaction:  # if the disk is full, SQLite ends it
            self.execute("ROLLBACK")
        self.execute("BEGIN")

    def close(self) -> None:
        """Close the file, and write its checksum; uncommitted changes are lost."""
        self._db.close()
        if self.path is not None:
            try:
                databases.seal(self.path)
            except OSError as error:
                raise IndexProblem(f"“{self.path}” cannot be written: {error.strerror or error}.") from error

    def renewed(self, digests: Iterable[str]) -> dict[str, str]:
        """Those of some digests of stored articles that by newer rules are others, with these."""
        keyed = {match["hash"][:_KEY]: match for match in map(_HASH.fullmatch, digests) if match}
        listed = orjson.dumps([*keyed]).decode()
        rows = self.execute("SELECT was, now FROM renewed WHERE was IN (SELECT value FROM json_each(?))", (listed,))
        return {keyed[was][0]: f"{keyed[was]['version'] or ''}{now.hex()}" for was, now in rows}

    def renew(self, digests: Mapping[str, str]) -> None:
        """Remember the digests by newer rules of articles that are stored with others, and whose facts are the same."""
        rows = ((_hash(was)[:_KEY], bytes.fromhex(_hash(now))) for was, now in digests.items())
        self.execute_many("INSERT OR REPLACE INTO renewed VALUES (?, ?)", rows)

    def reading(self, number: int) -> str:
        """In which way a file was read."""
        (reading,) = self.execute("SELECT reading FROM files WHERE number = ?", (number,)).fetchone()
        return str(reading)

    def readings(self) -> Iterator[str]:
        """In which ways the files were read that were read whole, each once."""
        for (reading,) in self.execute("SELECT DISTINCT reading FROM files WHERE size >= 0").fetchall():
            yield reading

    def reread(self, before: str, now: str) -> None:
        """Have files that were read in one way count as read in another."""
        self.execute("UPDATE files SET reading = ? WHERE reading = ?", (now, before))

    def unread(self, ids: Iterable[str]) -> None:
        """Have the next run read the files again that have one of some articles. Cost: looks through all records."""
        listed = (orjson.dumps(list(ids)).decode(),)
        self.execute(
            "UPDATE files SET size = -1 WHERE number IN "
            "(SELECT file FROM records WHERE id IN (SELECT value FROM json_each(?)))",
            listed,
        )

    def forget_digests(self, ids: Iterable[str]) -> None:
        """Have the records of some articles count as others than before. Cost: looks through all records."""
        listed = (orjson.dumps(list(ids)).decode(),)
        self.execute("UPDATE records SET digest = x'' WHERE id IN (SELECT value FROM json_each(?))", listed)

    def unchanged_file(
        self,
        collection: str,
        name: str,
        stamp: FileStamp,
        still: Callable[[str, tuple[int, int]], bool],
        counts_as: Callable[[str], str] = lambda reading: reading,
    ) -> int | None:
        """The number of a file that is unchanged since it was read whole; None if it has to be read.

        Args:
            still: returns True if a neighbouring file, by name and stamp, is unchanged.
            counts_as: gives the way of reading which the one counts as in which a file was read.
        """
        row = self.execute(
            "SELECT number, size, changed_ns, inode, reading, beside FROM files WHERE collection = ? AND name = ?",
            (collection, name),
        ).fetchone()
        if row is None or FileStamp(row[1], row[2], row[3], counts_as(row[4])) != stamp:
            return None
        if any(not still(other, (size, changed)) for other, (size, changed) in orjson.loads(row[5]).items()):
            return None
        return int(row[0])

    def number(self, collection: str, name: str) -> int:
        """The number of a file that is about to be read; it counts as unread until `stamp`."""
        self.execute(
            "INSERT INTO files (collection, name, size, reading) VALUES (?, ?, -1, '') "
            "ON CONFLICT (collection, name) DO UPDATE SET size = -1",
            (collection, name),
        )
        (number,) = self.execute(
            "SELECT number FROM files WHERE collection = ? AND name = ?", (collection, name)
        ).fetchone()
        return int(number)

    def stamp(self, number: int, stamp: FileStamp, neighbours: dict[str, tuple[int, int]], records: int) -> None:
        """Mark a file as read whole, with its number of records and the neighbours that it depends on."""
        self.execute(
            "UPDATE files SET size = ?, changed_ns = ?, inode = ?, reading = ?, beside = ? WHERE number = ?",
            (*stamp, orjson.dumps(neighbours).decode(), number),
        )
        self.execute("DELETE FROM records WHERE file = ? AND number >= ?", (number, records))

    def records(self, number: int, first: int = 0, count: int = -1) -> list[Remembered]:
        """The records of a file, from one on."""
        rows = self.execute(
            "SELECT kind, id, digest, path, line, reason, times FROM records WHERE file = ? AND number >= ? "
            "ORDER BY number LIMIT ?",
            (number, first, count),
        )
        return [Remembered(*row) for row in rows]

    def remember(self, records: Iterable[tuple[int, int, Remembered]]) -> None:
        """Store records: the number of the file, the number of the record in it, and the record."""
        rows = ((file, number, *record) for file, number, record in records)
        self.execute_many("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def forget_missing(self, collection: str, present: Callable[[str], bool]) -> None:
        """Remove the missing files of a collection; other files with an article of theirs are to be read again."""
        gone = [
            number
            for number, name in self.execute("SELECT number, name FROM files WHERE collection = ?", (collection,))
            if not present(name)
        ]
        if not gone:
            return
        self.execute("CREATE TEMP TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY)")
        for number in gone:
            self.execute("INSERT OR IGNORE INTO gone SELECT id FROM records WHERE file = ? AND id != ''", (number,))
            self.execute("DELETE FROM records WHERE file = ?", (number,))
            self.execute("DELETE FROM files WHERE number = ?", (number,))
        shared = "SELECT file FROM records WHERE id IN (SELECT id FROM gone)"
        self.execute(f"UPDATE files SET size = -1 WHERE number IN ({shared})")
        self.execute("UPDATE records SET digest = x'' WHERE id IN (SELECT id FROM gone)")
        self.execute("DROP TABLE gone")


def _hash(digest: str) -> str:
    return digest.rpartition(":")[2]
