"""The provider of the tests: it gives no code without a proof by S256 and a nonce, no token without the verifier.

`python -m tests.service.desk.people.strict_provider NUMBER` listens at the socket that has this number, which whoever
starts it has opened, so that nobody else takes the port. It takes the options of `oidc_provider_mock`, whose server is
that of Authlib, and so is the check of proofs; the program itself asks for none.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge
from oidc_provider_mock import __main__, _app  # type: ignore[import-untyped]

_proofs: dict[str, str] = {}
"""The challenge of each code."""


class Proof(CodeChallenge):  # type: ignore[misc]
    """The check of Authlib, for clients with a secret as well."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without a challenge."""
        if "code_challenge" not in grant.request.payload.data:
            raise InvalidRequestError("Missing 'code_challenge'", redirect_uri=redirect_uri)
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge(self, authorization_code: Any) -> str:
        """That with which the code was asked for."""
        return _proofs[authorization_code.code]

    def get_authorization_code_challenge_method(self, _authorization_code: Any) -> str:
        """The only one."""
        return "S256"


class OpenIDCode(_app.OpenIDCode):  # type: ignore[misc]
    """OpenID Connect with a proof."""

    def __call__(self, grant: Any) -> None:
        """Add both to a grant."""
        super().__call__(grant)
        Proof(required=True)(grant)


class AuthorizationCodeGrant(_app.AuthorizationCodeGrant):  # type: ignore[misc]
    """One that stores the challenge of each code."""

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Store both."""
        _proofs[code] = request.payload.data["code_challenge"]
        super().save_authorization_code(code, request)


if __name__ == "__main__":
    _app.OpenIDCode, _app.AuthorizationCodeGrant = OpenIDCode, AuthorizationCodeGrant
    __main__.uvicorn.run = partial(__main__.uvicorn.run, fd=int(sys.argv.pop(1)))
    __main__.run()
