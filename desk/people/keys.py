"""API keys of an index, in its desk, which has only their hashes.

A key has 256 random bits, so its plain SHA-256 reveals nothing and no slow hash is needed. Keys are read for each
request: a revoked key is refused from the next one on, in every process.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, select

import search
from desk.named import key_of, spelled
from desk.people.holder import SCOPES, Holder, Scope
from desk.store.base import Desk
from desk.store.tables import KEYS
from search.errors import BadQuery, BadValue, DatelineError
from search.said import said

_PREFIX = "dl_"
_SECRET_BYTES = 32


class KeyMissing(DatelineError):
    """There is no key with this id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            said("No key “{id}” in this index, or it was revoked before. The list of keys has all of them.", id=key_id)
        )


class LastAdministrator(DatelineError):
    """Nobody could administer an index after a change."""

    def __init__(self, who: str) -> None:
        super().__init__(
            said(
                "Nobody could administer this index without “{who}”. Make another key of scope admin before."
                " On the machine of the index, dateline keys INDEX revoke ID --last revokes the last one.",
                who=who,
            )
        )


@dataclass(frozen=True, slots=True)
class Key(Holder):
    """A key without its secret.

    Attributes:
        hash: hexadecimal SHA-256 of the secret.
        created: the time, ISO 8601 in UTC.
    """

    hash: str
    created: str


class Keys:
    """The current keys of one index; safe to share between threads.

    Raises:
        IndexProblem: from every call, if the keys cannot be read.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    def find(self, secret: str) -> Key | None:
        """The key with this secret; None if there is none."""
        given = _hash(secret)
        found = None
        for key in self._all():  # all of them, so that the time reveals nothing
            if hmac.compare_digest(key.hash, given):
                found = key
        return found

    def with_id(self, key_id: str) -> Key | None:
        """The key with this id; None if there is none."""
        return next((key for key in self._all() if key.id == key_id), None)

    @property
    def some(self) -> bool:
        """True if there are any."""
        return bool(self._all())

    def _all(self) -> tuple[Key, ...]:
        if not KeyStore.is_in(self._place):
            return ()
        with KeyStore(self._place) as store:
            return store.listed()


class KeyStore(Desk):
    """The keys of one index, to change them."""

    TABLES = (KEYS,)
    WHAT = "keys"

    def listed(self) -> tuple[Key, ...]:
        """The keys, oldest first."""
        return tuple(map(_key, self._rows(select(KEYS).order_by(KEYS.c.number))))

    def add(self, key: Key) -> None:
        """Store a new key. Raises BadQuery if another one has its name, by which others call what its owner shares."""
        with self.transaction():
            same = next(
                (one for one in self.listed() if key_of(spelled(one.called)) == key_of(spelled(key.called))), None
            )
            if same is not None:
                reason = said("There is a key “{name}” already, {id}.", name=same.called, id=same.id)
                raise BadQuery([BadValue("name", key.name[:80], reason, said("Choose another name."))])
            self._write(KEYS, {**asdict(key), "scopes": " ".join(key.scopes), "number": self._next(KEYS)})

    def revoke(self, key_id: str, last: bool) -> Key:
        """Remove a key. Raises KeyMissing, LastAdministrator."""
        with self.transaction():
            row = self._first(select(KEYS).where(KEYS.c.id == key_id))
            if row is None:
                raise KeyMissing(key_id)
            others = (one for one in self.listed() if one.id != key_id)
            if not last and (key := _key(row)).permits("admin") and not any(one.permits("admin") for one in others):
                raise LastAdministrator(key.called)
            self._drop(KEYS, KEYS.c.id == key_id)
        return _key(row)


def listed(place: str) -> tuple[Key, ...]:
    """The keys of an index, oldest first. Raises IndexMissing if there is no index."""
    with KeyStore(place) as store:
        return store.listed()


def add(place: str, scopes: Sequence[Scope], name: str = "") -> tuple[Key, str]:
    """Create a key.

    Returns:
        The key as stored, and its secret, which cannot be recovered later.

    Raises:
        IndexMissing: if the index does not exist.
        CannotWrite: if it cannot be written.
        BadQuery: if there is a key with this name.
    """
    secret = _PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    key = Key(secrets.token_hex(4), name, tuple(s for s in SCOPES if s in scopes), _hash(secret), created)
    with KeyStore(place) as store:
        store.add(key)
    return key, secret


def revoke(place: str, key_id: str, last: bool = False) -> Key:
    """Revoke a key.

    Args:
        last: also if no other key permits to administer the index.

    Raises:
        KeyMissing: if there is none with this id.
        LastAdministrator: if it is the last one that permits to administer.
        IndexMissing: if there is no index.
    """
    if KeyStore.is_in(place):
        with KeyStore(place) as store:
            return store.revoke(key_id, last)
    search.open(place).close()
    raise KeyMissing(key_id)


def _key(row: Row[Any]) -> Key:
    scopes = row.scopes.split()
    return Key(row.id, row.name, tuple(scope for scope in SCOPES if scope in scopes), row.hash, row.created)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
