"""Authlib, as `provider` uses it: the one module that imports it."""

from __future__ import annotations

from authlib.integrations.base_client import OAuthError
from authlib.integrations.base_client.sync_app import BaseApp, OAuth2Mixin
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from requests import RequestException

from service.settings import Settings

ERRORS = (OAuthError, JoseError, RequestException, ValueError, TypeError, KeyError, RuntimeError, AttributeError)
"""What a call raises if the provider does not answer, refuses, or answers with something else than it should."""
_TIMES = ("iat", "nbf", "exp")


class Client(OAuth2Mixin, OpenIDMixin, BaseApp):
    """A client of one provider."""

    client_cls = OAuth2Session


def made(settings: Settings, within_s: float) -> Client:
    """A client of the provider of some settings, which has asked nothing yet."""
    chosen = {"scope": settings.oidc_scopes, "code_challenge_method": "S256", "default_timeout": within_s}
    return Client(
        framework=None,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs=chosen,
    )


def kind(error: BaseException) -> str:
    """What kind of error it is: `clock`, `token`, `refused` or `answer`."""
    if isinstance(error, ExpiredTokenError) or (isinstance(error, InvalidClaimError) and error.claim in _TIMES):
        return "clock"
    if isinstance(error, JoseError):
        return "token"
    return "refused" if isinstance(error, OAuthError) else "answer"


def detail(error: BaseException) -> str:
    """An error, for the log: it has no token and no secret."""
    return f"{type(error).__name__}: {error}"[:500]
