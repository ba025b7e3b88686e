"""Sessions of people who have signed in on a page with a key: a cookie with a random secret, and what it represents.

The server records each session: of the secret only its hash, its key, when it began, and when it ends. So nobody makes
a session who has not signed in, whatever else of the index he reads, and it ends when the server says: after a
fortnight, when its browser signs out, when it is closed, or with its key. The records are `spool/spool.sqlite` in
the index's directory, which no snapshot contains, or in the desk's PostgreSQL.

A form carries a token made of the secret, so that no other site can send one, even from a browser that would send the
cookie along.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256

from falcon import Request, Response

from desk.people.keys import Key, Keys
from desk.people.sessions import Record, Records
from search.errors import DatelineError, IndexDamaged

COOKIE = "dateline"
LASTS_S = 14 * 24 * 3600
"""How long a session lasts: a fortnight."""
_SECRET_BYTES = 32


class SessionMissing(DatelineError):
    """There is no session with this id."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"No session “{session_id[:80]}” of this index. List them: dateline keys INDEX sessions.")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in.

    Attributes:
        secret: what the cookie has, and nobody else.
        can_end: False for that of the user who serves (`own_desk`), which nobody began.
    """

    key: Key
    secret: str
    can_end: bool = True

    @property
    def token(self) -> str:
        """What a form of this session carries."""
        made = hmac.digest(self.secret.encode(), b"form", sha256)
        return urlsafe_b64encode(made).rstrip(b"=").decode()


class Sessions:
    """The sessions of one index; safe to share between threads.

    Raises:
        IndexProblem: from every call, if the records cannot be read or written.
    """

    def __init__(self, place: str) -> None:
        self._keys = Keys(place)
        self._place = place

    def begin(self, key: Key) -> Session:
        """Begin a session of a key."""
        session, now = Session(key, secrets.token_urlsafe(_SECRET_BYTES)), int(time.time())
        record = Record(secrets.token_hex(4), key.id, now, now + LASTS_S)
        with Records(self._place) as records:
            records.add(record, _hash(session.secret))
        return session

    def of(self, req: Request) -> Session | None:
        """The session of a request; None if none of its cookies is of a valid one, or several are: one is planted.

        Of what is damaged nobody is signed in.
        """
        values = req.get_cookie_values(COOKIE)
        if not values:
            return None
        found = []
        with self._existing() as records:
            for value in dict.fromkeys(values) if records is not None else ():
                with suppress(IndexDamaged):
                    record = records.with_hash(_hash(value)) if records is not None else None
                    key = self._keys.with_id(record.key) if record is not None and record.ends > time.time() else None
                    if key is not None:
                        found.append(Session(key, value))
        return found[0] if len(found) == 1 else None

    def end(self, session: Session) -> None:
        """End a session."""
        with self._existing() as records:
            if records is not None:
                records.end(_hash(session.secret))

    def listed(self) -> list[tuple[Record, Key]]:
        """The sessions that are valid now and the keys they were begun with, in the order in which they began."""
        with self._existing() as records:
            found = records.all() if records is not None else []
        known = ((each, self._keys.with_id(each.key)) for each in found if each.ends > time.time())
        return [(each, key) for each, key in known if key is not None]

    def close(self, session_id: str) -> None:
        """End the session with an id. Raises SessionMissing."""
        with self._existing() as records:
            if records is None or not records.close_session(session_id):
                raise SessionMissing(session_id)

    @contextmanager
    def _existing(self) -> Iterator[Records | None]:
        """The records; None if nobody has signed in yet, or they are damaged: then nobody is signed in."""
        with ExitStack() as stack:
            records = None
            if Records.is_in(self._place):
                with suppress(IndexDamaged):
                    records = stack.enter_context(Records(self._place))
            yield records


def who(req: Request) -> str:
    """Who makes a request: the name of its key, or its id; "" without a key."""
    key = req.context.get("key")
    return str(key.called) if key is not None else ""


def of_editor(req: Request) -> Session | None:
    """The session of a request whose sender may edit; None if there is none, or it may only read."""
    session: Session | None = req.context.get("session")
    return session if session is not None and session.key.permits("edit") else None


def remember(req: Request, resp: Response, session: Session) -> None:
    """Send the cookie of a session: only to this site, never to a script, and where people use HTTPS only over it.

    That is what the public URL says, whatever is between: a proxy that ends TLS asks the service over HTTP.
    """
    resp.set_cookie(
        COOKIE,
        session.secret,
        max_age=LASTS_S,
        path=req.root_path or "/",
        secure=over_https(req),
        http_only=True,
        same_site="Strict",
    )


def over_https(req: Request) -> bool:
    """True if people use HTTPS, also where it ends before this service."""
    return req.scheme == "https" or str(req.context.get("base") or "").startswith("https:")


def forget(req: Request, resp: Response) -> None:
    """Remove the cookie."""
    resp.unset_cookie(COOKIE, path=req.root_path or "/", same_site="Strict")


def is_its_own(session: Session, sent: str) -> bool:
    """True if a form comes from a page of this session: it has its token."""
    return hmac.compare_digest(session.token.encode(), sent.encode("utf-8", "surrogatepass"))


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
