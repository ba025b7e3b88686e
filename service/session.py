"""Sessions of people who have signed in on a page with a key: a cookie that says which key, signed by that key's hash.

Nothing is stored. The hash of a key is known to the service alone; a cookie that was made with it cannot be forged, and
is worth nothing once the key is revoked or the time is over. A form carries a token made in the same way, so that no
other site can send one, even from a browser that would send the cookie along.

    dateline=3f2a91c0.1796000000.mZ0Jt…     id of the key . when it ends, in seconds since 1970 . signature
"""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from falcon import Request, Response

from service.keys import Key, Keys

COOKIE = "dateline"
LASTS_S = 14 * 24 * 3600
"""How long a session lasts: a fortnight."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in.

    Attributes:
        ends: in seconds since 1970; 0 for that of the user who serves (`own_desk`), which nobody began.
    """

    key: Key
    ends: int

    @property
    def token(self) -> str:
        """What a form of this session carries."""
        return _signature(self.key, f"form {self.key.id} {self.ends}")

    @property
    def cookie(self) -> str:
        """The value of its cookie."""
        return f"{self.key.id}.{self.ends}.{_signature(self.key, f'session {self.key.id} {self.ends}')}"


def of_editor(req: Request) -> Session | None:
    """The session of a request whose sender may edit; None if there is none, or it may only read."""
    session: Session | None = req.context.get("session")
    return session if session is not None and session.key.permits("edit") else None


def begin(key: Key) -> Session:
    """A new session of a key."""
    return Session(key, int(time.time()) + LASTS_S)


def of(req: Request, keys: Keys) -> Session | None:
    """The session of a request; None if it has none that is valid."""
    for value in req.get_cookie_values(COOKIE) or ():
        key_id, _, rest = value.partition(".")
        ends = rest.partition(".")[0]
        if not (ends.isascii() and ends.isdigit() and len(ends) < 13 and int(ends) > time.time()):
            continue
        key = keys.with_id(key_id)
        if key is not None and hmac.compare_digest(Session(key, int(ends)).cookie.encode(), value.encode()):
            return Session(key, int(ends))
    return None


def remember(req: Request, resp: Response, session: Session) -> None:
    """Send the cookie of a session: only to this site, never to a script, over HTTPS only if that is how it came."""
    resp.set_cookie(
        COOKIE,
        session.cookie,
        max_age=LASTS_S,
        path=req.root_path or "/",
        secure=req.scheme == "https",
        http_only=True,
        same_site="Strict",
    )


def forget(req: Request, resp: Response) -> None:
    """Remove the cookie."""
    resp.unset_cookie(COOKIE, path=req.root_path or "/", same_site="Strict")


def is_its_own(session: Session, sent: str) -> bool:
    """True if a form comes from a page of this session: it has its token."""
    return hmac.compare_digest(session.token.encode(), sent.encode("utf-8", "surrogatepass"))


def _signature(key: Key, text: str) -> str:
    made = hmac.digest(key.hash.encode(), text.encode(), sha256)
    return urlsafe_b64encode(made).rstrip(b"=").decode()
