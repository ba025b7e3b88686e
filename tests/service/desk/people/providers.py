"""A real provider of OpenID Connect in a process of its own, and a browser that signs in at it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import falcon.testing
import requests

from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests.waiting import HANG_S, answered


@dataclass(frozen=True)
class Provider:
    """A provider: `issuer` is its address; what it says of people is what `names` was told."""

    issuer: str

    def register(self, here: str) -> dict[str, Any]:
        """Register a service that is at an address. Returns its settings."""
        sent = {"redirect_uris": [f"{here}/sign-in/done"]}
        answer = requests.post(f"{self.issuer}/oauth2/clients", json=sent, timeout=HANG_S).json()
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": answer["client_id"],
            "oidc_client_secret": answer["client_secret"],
        }

    def names(self, person: str, **claims: Any) -> None:
        """Have it know a person, with some claims besides the name."""
        sent: dict[str, Any] = {"preferred_username": person, **claims}
        requests.put(f"{self.issuer}/users/{person}", json=sent, timeout=HANG_S).raise_for_status()


@contextmanager
def providing(host: str = "127.0.0.1") -> Iterator[Provider]:
    """A provider, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as at:
        port, number = at.getsockname()[1], at.fileno()
        program = "tests.service.desk.people.strict_provider"
        command = [sys.executable, "-m", program, str(number), "-r", "true", "-n", "true"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stderr=quiet, stdout=quiet, pass_fds=[number])
    with process:
        try:
            issuer = f"http://{host}:{port}"
            answered(lambda: requests.get(f"{issuer}/jwks", timeout=HANG_S), "it provides")
            yield Provider(issuer)
        finally:
            process.terminate()
            process.wait(timeout=HANG_S)


class Browser:
    """A browser at a service: it has cookies, and follows where it is sent."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self.client = falcon.testing.TestClient(create_app(archive, settings))
        self.root = urlsplit(settings.public_url).path
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> falcon.testing.Result:
        """Ask for a path of the service, or an address of it."""
        parts = urlsplit(address)
        path = parts.path.removeprefix(self.root) if parts.netloc else parts.path
        return self._noted(self.client.simulate_get(path, query_string=parts.query, cookies=self.cookies))

    def post(self, path: str, **fields: str) -> falcon.testing.Result:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields)
        return self._noted(self.client.simulate_post(path, body=body, headers=headers, cookies=self.cookies))

    def leave(self, onward: str = "/") -> str:
        """Begin to sign in. Returns the address at the provider."""
        answer = self.get(f"/sign-in/provider?next={onward}")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def sign_in(self, person: str, onward: str = "/") -> falcon.testing.Result:
        """Sign in at the provider as somebody, and come back."""
        return self.get(came_back(self.leave(onward), sub=person))

    @property
    def me(self) -> dict[str, object]:
        return dict(self.get("/api/me").json)

    def _noted(self, answer: falcon.testing.Result) -> falcon.testing.Result:
        for name, cookie in answer.cookies.items():
            self.cookies[name] = cookie.value
        return answer


def came_back(address: str, **fields: str) -> str:
    """Fill the form of the provider. Returns the address to which it leads back."""
    answer = requests.post(address, data=fields, allow_redirects=False, timeout=HANG_S)
    assert answer.is_redirect, answer.text
    return answer.headers["Location"]


def onward(answer: falcon.testing.Result) -> str:
    """Where a page goes on to by itself."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
    return found[1].replace("&amp;", "&") if found else ""


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def tampered(answer: bytes) -> bytes:
    """An answer with a token, of whose signature one character is another."""
    token = json.loads(answer)
    head, sign, rest = token["id_token"][:-20], token["id_token"][-20], token["id_token"][-19:]
    return json.dumps(token | {"id_token": head + ("A" if sign != "A" else "B") + rest}).encode()
