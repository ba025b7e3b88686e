"""Sessions of people who have signed in on a page: a cookie with a random secret, and what it represents.

The server records each session: of the secret only its hash, its key or person, when it began, and when it ends. So
nobody makes a session who has not signed in, whatever else of the index he reads, and it ends when the server says:
after `DATELINE_SESSION_HOURS`, when its browser signs out, when it is closed, or with its key. Each request looks that
up, so that what is closed is refused from the next one on, in every process. The records are `spool/spool.sqlite` in
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

from desk.people.holder import Holder, Person
from desk.people.keys import Keys
from desk.people.sessions import Record, Records, SessionMissing
from desk.rights.store import KEY, USER, Known
from search.errors import IndexDamaged
from search.system.acting import known_as
from service import seeing
from service.settings import Settings

COOKIE = "dateline"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in.

    Attributes:
        key: with which the session was begun, or the person who signed in without one.
        secret: what the cookie has, and nobody else.
        can_end: False for that of the user who serves (`own_desk`), which nobody began.
    """

    key: Holder
    secret: str
    can_end: bool = True

    @property
    def is_of_person(self) -> bool:
        """True if it was begun without a key."""
        return isinstance(self.key, Person)

    @property
    def token(self) -> str:
        """What a form of this session carries."""
        made = hmac.digest(self.secret.encode(), b"form", sha256)
        return urlsafe_b64encode(made).rstrip(b"=").decode()


class Sessions:
    """The sessions of one index; safe to share between threads.

    Args:
        settings: say how long sessions last, and which scopes the members of groups have.

    Raises:
        IndexProblem: from every call, if the records cannot be read or written.
    """

    def __init__(self, place: str, settings: Settings | None = None) -> None:
        self._keys = Keys(place)
        self._known = Known(place)
        self._place = place
        self._settings = settings or Settings()

    def begin(self, holder: Holder) -> Session:
        """Begin a session of a key, or of a person, whose groups are now these in his other sessions, too."""
        session, now = Session(holder, secrets.token_urlsafe(_SECRET_BYTES)), int(time.time())
        record = Record(secrets.token_hex(4), holder.id, now, now + self._settings.session_s)
        with known_as(holder.called), Records(self._place) as records:
            records.add(record, _hash(session.secret), holder.groups if isinstance(holder, Person) else None)
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
                    holder = self._holder(records, record) if records is not None and record is not None else None
                    if holder is not None and (self._settings.oidc_issuer or not isinstance(holder, Person)):
                        found.append(Session(holder, value))
        return found[0] if len(found) == 1 else None

    def end(self, session: Session) -> None:
        """End a session."""
        with known_as(session.key.called), self._existing() as records:
            if records is not None:
                records.end(_hash(session.secret))

    def listed(self) -> list[tuple[Record, Holder]]:
        """The sessions that are valid now and the keys or people they are of, in the order in which they began."""
        with self._existing() as records:
            if records is None:
                return []
            known = [(each, self._holder(records, each)) for each in records.all()]
        return [(each, holder) for each, holder in known if holder is not None]

    def _holder(self, records: Records, record: Record) -> Holder | None:
        """The key or the person of a session; None if it has ended, or its key was revoked."""
        if record.ends <= time.time():
            return None
        if not record.key.startswith(USER):
            return self._keys.with_id(record.key)
        told = records.groups_of(record.key)
        if told is None:
            return None
        scopes = self._settings.scopes_of(told | self._known.groups_of([record.key]))
        return Person(record.key, record.key.removeprefix(USER), scopes, told)

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


def member_of(holder: Holder) -> str:
    """The member of groups that a key or a person is."""
    return holder.id if isinstance(holder, Person) else KEY + holder.id


def who(req: Request) -> str:
    """Who makes a request: the name of its key, or its id; "" without a key."""
    key = req.context.get("key")
    return str(key.called) if key is not None else ""


def of_editor(req: Request) -> Session | None:
    """The session of a request whose sender may edit; None if there is none, or it may only read, or not everything."""
    session: Session | None = req.context.get("session")
    return session if session is not None and session.key.permits("edit") and not seeing.has_limits() else None


def of_signed_in(req: Request) -> Session | None:
    """The session of a request, whose sender may have lists and searches of his own; None if there is none."""
    session: Session | None = req.context.get("session")
    return session


def remember(req: Request, resp: Response, session: Session, lasts_s: int) -> None:
    """Send the cookie of a session: only to this site, never to a script, and where people use HTTPS only over it.

    That is what the public URL says, whatever is between: a proxy that ends TLS asks the service over HTTP.
    """
    resp.set_cookie(
        COOKIE,
        session.secret,
        max_age=lasts_s,
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
