"""API keys of an index: `keys.json` in its directory, or a database in its cluster; they contain only hashes.

A key has 256 random bits, so its plain SHA-256 reveals nothing and no slow hash is needed. Keys are read again when
they have changed: a revoked key is refused from the next request on, in every process.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

import orjson

import search
from search.errors import DatelineError, IndexDamaged, IndexMissing, IndexProblem
from search.files.reconciling import Incoming, counted
from search.files.row_sums import summed
from search.local.safe.kept import Kept
from search.system import disk

Scope = Literal["read", "index", "edit", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
FILE = "keys.json"
_PREFIX = "dl_"
_SECRET_BYTES = 32


class KeyMissing(DatelineError):
    """There is no key with this id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"No key “{key_id}” in this index. List them: dateline keys INDEX list.")


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret.

    Attributes:
        id: identifies it, to list and revoke it.
        name: its user or purpose.
        scopes: what it permits, besides reading; `admin` permits everything.
        hash: hexadecimal SHA-256 of the secret.
        created: the time, ISO 8601 in UTC.
    """

    id: str
    name: str
    scopes: tuple[Scope, ...]
    hash: str
    created: str

    @property
    def called(self) -> str:
        """Its name, or its id if it has none."""
        return self.name or self.id

    def permits(self, scope: Scope) -> bool:
        """True if it permits a scope; every key permits reading."""
        return scope == "read" or scope in self.scopes or "admin" in self.scopes


class Keys:
    """The current keys of one index; safe to share between threads."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._file = Path(place) / FILE
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    def find(self, secret: str) -> Key | None:
        """The key with this secret; None if there is none. Raises IndexProblem if the keys cannot be read."""
        given = _hash(secret)
        found = None
        for key in self._current():  # all of them, so that the time reveals nothing
            if hmac.compare_digest(key.hash, given):
                found = key
        return found

    def with_id(self, key_id: str) -> Key | None:
        """The key with this id; None if there is none. Raises IndexProblem if the keys cannot be read."""
        return next((key for key in self._current() if key.id == key_id), None)

    @property
    def some(self) -> bool:
        """True if there are any. Raises IndexProblem if the keys cannot be read."""
        return bool(self._current())

    def _current(self) -> tuple[Key, ...]:
        if search.is_address(self._place):
            return listed(self._place)
        try:
            about = self._file.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise _unreadable(self._file, error) from error
        stamp = (about.st_ino, about.st_mtime_ns, about.st_size)
        with self._lock:
            if stamp != self._stamp:
                self._keys = _read(self._file)
                self._stamp = stamp
            return self._keys


class _Shared(Kept):
    """The keys of an index in a cluster."""

    FILE = "keys.sqlite"
    VERSION = 1
    WHAT = "keys"
    SCHEMA = """
        CREATE TABLE keys (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL,
            hash TEXT NOT NULL, created TEXT NOT NULL, sum INTEGER NOT NULL
        );
    """

    def all(self) -> tuple[Key, ...]:
        rows = self.rows("SELECT * FROM keys ORDER BY number")
        return tuple(
            Key(key_id, name, tuple(scope for scope in SCOPES if scope in scopes.split()), told, created)
            for _, key_id, name, scopes, told, created in rows
        )

    def store(self, keys: Sequence[Key]) -> None:
        self.db.execute("DELETE FROM keys")
        rows = [(number, k.id, k.name, " ".join(k.scopes), k.hash, k.created) for number, k in enumerate(keys, 1)]
        self.db.executemany("INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?)", map(summed, rows))


def listed(place: str) -> tuple[Key, ...]:
    """The keys of an index, oldest first."""
    if not search.is_address(place):
        return _read(_folder(place) / FILE)
    if not _Shared.is_in(place):
        return ()
    with _Shared(place) as shared:
        return shared.all()


def add(place: str, scopes: Sequence[Scope], name: str = "") -> tuple[Key, str]:
    """Create a key.

    Returns:
        The key as stored, and its secret, which cannot be recovered later.

    Raises:
        IndexMissing: if the index does not exist.
        CannotWrite: if it cannot be written.
    """
    secret = _PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    key = Key(secrets.token_hex(4), name, tuple(s for s in SCOPES if s in scopes), _hash(secret), created)
    _change(place, lambda keys: [*keys, key])
    return key, secret


def revoke(place: str, key_id: str) -> Key:
    """Revoke a key. Raises KeyMissing if there is none with this id."""

    def without(keys: Sequence[Key]) -> list[Key]:
        gone.extend(key for key in keys if key.id == key_id)
        if not gone:
            raise KeyMissing(key_id)
        return [key for key in keys if key.id != key_id]

    gone: list[Key] = []
    _change(place, without)
    return gone[0]


def _change(place: str, change: Callable[[Sequence[Key]], Sequence[Key]]) -> None:
    """Change the keys of an index, while nobody else does."""
    if search.is_address(place):
        with _Shared(place) as shared, shared.transaction():
            shared.store(change(shared.all()))
    else:
        with _changing(place) as folder:
            _write(folder, change(_read(folder / FILE)))


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the keys of an index when a backup replaces it, and describe how the backup's differ.

    A key revoked since stays revoked, and a key created since stays valid. An index without a file of keys gets the
    backup's.
    """
    with _changing(str(folder)):
        before = _read(source / FILE)
        if not (folder / FILE).exists():
            if before:
                _write(folder, before)
            return []
        now = _read(folder / FILE)
    known, valid = {key.id for key in before}, {key.id for key in now}
    return [*counted(len(known - valid), "revoked key"), *counted(len(valid - known), "newer key")]


@contextmanager
def _changing(place: str) -> Iterator[Path]:
    """The directory of an index, locked against other changes of its keys."""
    folder = _folder(place)
    with disk.locked(folder):
        yield folder


def _folder(place: str) -> Path:
    folder = Path(place)
    if not folder.is_dir():
        raise IndexMissing.at(place)
    return folder


def _read(file: Path) -> tuple[Key, ...]:
    try:
        entries = orjson.loads(file.read_bytes())
        return tuple(Key(**{**entry, "scopes": tuple(entry["scopes"])}) for entry in entries)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unreadable(file, error) from error
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise IndexDamaged(f"“{file}” cannot be read: {error}. Remove it and create the keys again.") from error


def _write(folder: Path, keys: Sequence[Key]) -> None:
    disk.put(folder / FILE, orjson.dumps([asdict(key) for key in keys], option=orjson.OPT_INDENT_2) + b"\n")
    disk.sync_folder(folder)


def _unreadable(file: Path, error: OSError) -> IndexProblem:
    return IndexProblem(f"“{file}” cannot be read: {error.strerror or error}. Let the service's user read it.")


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
