"""A provider of OpenID Connect, at which people sign in: where a browser is sent, and who comes back from there.

By the authorization code with PKCE. What binds an answer to the browser that asked is a secret in its cookie, of which
state, nonce and verifier are made: the service stores nothing. The ID token is checked by Authlib: its signature, by
the keys of the provider, which are asked for again every hour and when a new one is used; its issuer, audience, times
and nonce. Authlib is an extra, and imported when somebody signs in.
"""

from __future__ import annotations

import hmac
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from desk.people.holder import Person
from desk.rights.rule import is_name
from desk.rights.store import USER
from search.errors import DatelineError
from service.http import log
from service.settings import BadSetting, Settings, is_confidential
from service.wording.messages import gettext

if TYPE_CHECKING:
    from service.desk.people.client import Client

WITHIN_S = 10
"""How long the provider may take to answer."""
KNOWN_S = 3600
"""How long its description and its keys are believed."""
PAUSE_S = 10
"""After it has not answered, nobody waits for it so long."""
LEEWAY_S = 120
"""How much its clock and ours may differ."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures that only the provider can make; those with a shared secret, and none at all, are not accepted."""


class NotSignedIn(DatelineError):
    """Somebody could not be signed in; the message is for him.

    Attributes:
        is_ours: True if it is the provider or a setting that is wrong, and not what the browser brings.
    """

    def __init__(self, message: str, is_ours: bool = True) -> None:
        super().__init__(message)
        self.is_ours = is_ours


def check(settings: Settings) -> None:
    """Raises BadSetting if people are to sign in at a provider and what it takes is not installed."""
    if settings.oidc_issuer and not (find_spec("authlib") and find_spec("requests")):
        raise BadSetting("Sign-in by OpenID Connect needs Authlib. Install it: pip install 'dateline[oidc]'")


class Provider:
    """The provider of the settings; safe to share between threads.

    Raises:
        NotSignedIn: from every call, if it does not answer, or is not what it should be.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._known: tuple[float, Client] | None = None
        self._failed: tuple[float, NotSignedIn] | None = None

    @property
    def name(self) -> str:
        """Its host."""
        return urlsplit(self._settings.oidc_issuer).netloc

    def address(self, secret: str, here: str) -> str:
        """Where to send a browser with a secret.

        Args:
            here: the address at which it comes back.
        """
        with self._asked() as client:
            made = client.create_authorization_url(
                here,
                state=_made(secret, b"state"),
                nonce=_made(secret, b"nonce"),
                code_verifier=_made(secret, b"verifier"),
            )
        return str(made["url"])

    def person(self, secret: str, here: str, given: Mapping[str, str]) -> Person:
        """Who a browser with a secret is, by what it brings from the provider. Raises NotSignedIn."""
        if not hmac.compare_digest(_made(secret, b"state").encode(), given.get("state", "").encode("utf-8", "replace")):
            if "error" in given:  # without the state nobody knows who wrote the reason
                told = gettext("{provider} has not signed you in. Begin again.").format(provider=self.name)
                raise NotSignedIn(told, is_ours=False)
            raise NotSignedIn(gettext("This sign-in was begun elsewhere, or long ago. Begin again."), is_ours=False)
        if (issuer := given.get("iss")) is not None and issuer != self._settings.oidc_issuer:
            raise NotSignedIn(gettext("Another provider has answered. Begin again."), is_ours=False)
        if "code" not in given:
            reason = (given.get("error_description") or given.get("error") or "")[:200]
            refused = gettext("{provider} has not signed you in: {reason}").format(provider=self.name, reason=reason)
            raise NotSignedIn(refused, is_ours=False)
        with self._asked() as client:
            token = client.fetch_access_token(here, code=given["code"], code_verifier=_made(secret, b"verifier"))
            expected = {"iss": self._settings.oidc_issuer, "aud": self._settings.oidc_client_id}
            claims = client.parse_id_token(
                token,
                nonce=_made(secret, b"nonce"),
                claims_options={name: {"essential": True, "value": value} for name, value in expected.items()},
                leeway=LEEWAY_S,
            )
            if claims is None:
                raise NotSignedIn(gettext("{provider} has sent no ID token.").format(provider=self.name))
            wanted = (self._settings.oidc_name_claim, self._settings.oidc_groups_claim)
            if None in (_at(claims, name) for name in wanted) and client.server_metadata.get("userinfo_endpoint"):
                more = client.userinfo(token=token)
                if more.get("sub") == claims["sub"]:
                    claims = {**more, **claims}
        return self._named(claims)

    def sign_out(self, onward: str) -> str | None:
        """Where to send a browser to be signed out at the provider, too; None if it has no such address."""
        with self._asked() as client:
            there = client.server_metadata.get("end_session_endpoint")
        if not there:
            return None
        asked = urlencode({"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": onward})
        return f"{there}{'&' if '?' in there else '?'}{asked}"

    def _named(self, claims: Mapping[str, Any]) -> Person:
        claim = self._settings.oidc_name_claim
        name = _at(claims, claim)
        if not isinstance(name, str) or not is_name(name):
            reason = gettext("{provider} does not say who you are: its claim “{claim}” is missing, or no name.")
            raise NotSignedIn(reason.format(provider=self.name, claim=claim))
        if claim == "email" and claims.get("email_verified") is not True:
            reason = gettext("{provider} has not verified your e-mail address.").format(provider=self.name)
            raise NotSignedIn(reason, is_ours=False)
        told = _at(claims, self._settings.oidc_groups_claim)
        groups = told if isinstance(told, list) else [told]
        return Person(
            USER + name, name, ("read",), frozenset(one for one in groups if isinstance(one, str) and is_name(one))
        )

    @contextmanager
    def _asked(self) -> Iterator[Client]:
        """The provider's client; what goes wrong with it is told in a sentence."""
        from service.desk.people import client

        try:
            with self._lock:
                yielded = self._client(client)
            yield yielded
        except client.ERRORS as error:
            log.line(problem="sign-in", error=client.detail(error))
            raise NotSignedIn(self._sentence(client.kind(error))) from error

    def _client(self, module: Any) -> Client:
        now = time.monotonic()
        if self._failed is not None and now - self._failed[0] < PAUSE_S:
            raise self._failed[1]
        if self._known is not None and now - self._known[0] < KNOWN_S:
            return self._known[1]
        try:
            made: Client = module.made(self._settings, WITHIN_S)
            self._check(made.load_server_metadata())
        except (*module.ERRORS, NotSignedIn) as error:
            told = error if isinstance(error, NotSignedIn) else NotSignedIn(self._sentence(module.kind(error)))
            log.line(problem="sign-in", error=module.detail(error))
            self._failed = now, told
            raise told from error
        self._known, self._failed = (now, made), None
        return made

    def _check(self, described: dict[str, Any]) -> None:
        """Check what a provider says of itself, and leave only signatures that are accepted."""
        if described.get("issuer") != self._settings.oidc_issuer:
            reason = gettext("{provider} calls itself “{issuer}”, which is not what DATELINE_OIDC_ISSUER says.")
            raise NotSignedIn(reason.format(provider=self.name, issuer=str(described.get("issuer"))[:200]))
        wrong = [name for name in _ENDPOINTS if not is_confidential(str(described.get(name, "")))]
        wrong += [name for name in _OPTIONAL if described.get(name) and not is_confidential(str(described[name]))]
        if wrong:
            reason = gettext("{provider} has no address over HTTPS for: {names}.")
            raise NotSignedIn(reason.format(provider=self.name, names=", ".join(wrong)))
        offered = described.get("id_token_signing_alg_values_supported") or ["RS256"]
        described["id_token_signing_alg_values_supported"] = [one for one in offered if one in _ALGORITHMS]

    def _sentence(self, kind: str) -> str:
        """What has gone wrong, for who signs in."""
        if kind == "clock":
            told = gettext("The ID token of {provider} is not valid now. Do the clocks of both servers agree?")
        elif kind == "token":
            told = gettext("The ID token of {provider} is not one that it has made for this service.")
        elif kind == "refused":
            told = gettext("{provider} has refused the code. Begin again; the server’s log says why.")
        else:
            told = gettext("{provider} does not answer as it should. Try again later; the server’s log says why.")
        return told.format(provider=self.name)


@lru_cache(maxsize=8)
def provider_of(settings: Settings) -> Provider | None:
    """The provider of some settings, the same one for each; None if people do not sign in at one."""
    return Provider(settings) if settings.oidc_issuer else None


def _made(secret: str, what: bytes) -> str:
    """What is made of the secret of a browser; it tells nothing of it."""
    made = hmac.digest(secret.encode("utf-8", "surrogatepass"), what, sha256)
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by the names on the way to it; None if there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
