"""Alerts as requests: the JSON of a message is posted to an address that the operator has listed, and signed.

The signature is that of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over the id, the time and the
body. The receiver recognizes a delivery that is sent again by its id. Nothing but a listed address is ever asked: a
redirect is a failure, proxies of the environment are not used, and what is answered is not read beyond the status.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import socket
import ssl
import time
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import orjson

from desk.alerts.alert import Alert
from search.errors import BadQuery, BadValue
from service.desk.alerts.channel import WITHIN_S, NotDelivered, deadline, reason
from service.desk.alerts.message import Message, as_json
from service.settings import BadSetting, Settings
from service.wording.messages import mark

MAX_URL = 2_000
SECRET_BYTES = range(24, 65)
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the web, in its parts; `target` is what is asked there, path and query."""

    scheme: str
    host: str
    port: int
    path: str
    target: str


class Post:
    """Posts messages to the addresses that an operator has listed.

    Raises:
        BadSetting: if the list or the secret is not valid.
    """

    WORD: ClassVar[str] = mark("post")
    TARGET: ClassVar[str] = "URL"
    HELP: ClassVar[str] = "Post it to an address that DATELINE_ALERT_URLS lists."
    SETTING: ClassVar[str] = "DATELINE_ALERT_URLS"

    def __init__(self, settings: Settings) -> None:
        self._listed = tuple(map(_listed, filter(None, map(str.strip, settings.alert_urls.split(",")))))
        self._secret = _secret(settings.alert_secret)
        if self._listed and not self._secret:
            raise BadSetting(
                "DATELINE_ALERT_URLS lists addresses, and DATELINE_ALERT_SECRET is not set. Set it to a secret: "
                "whsec_ and 24 to 64 random bytes in Base64, of which the receivers have a copy."
            )

    @property
    def works(self) -> bool:
        """True if there is an address to post to."""
        return bool(self._listed)

    def target(self, text: str) -> str:
        """A listed address. Raises BadQuery if a text is none, or not listed."""
        self.address(text)
        return text

    def receiver(self, alert: Alert) -> str:
        """The address itself."""
        return alert.target

    def address(self, target: str) -> Address:
        """The address of a target. Raises BadQuery if it is none, or not listed."""
        try:
            found = _parsed(target)
        except ValueError as error:
            raise BadQuery([BadValue("target", target[:80], f"{error}", "Write it as it is listed.")]) from None
        if not any(_covers(each, found) for each in self._listed):
            hint = "Ask the operator to list it in DATELINE_ALERT_URLS."
            raise BadQuery([BadValue("target", target[:80], "Alerts are not posted to this address.", hint)])
        return found

    def deliver(self, message: Message) -> None:
        """Post a message; it has arrived if the answer is 2xx. Raises NotDelivered."""
        try:
            address = self.address(message.alert.target)
        except BadQuery as error:  # it was listed when the alert was made
            raise NotDelivered(str(error)) from None
        body, now = orjson.dumps(as_json(message)), int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Dateline",
            "Connection": "close",
            "webhook-id": message.id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self._secret, message.id, now, body),
        }
        status = _ask(address, body, headers)
        if 300 <= status < 400:
            raise NotDelivered(
                f"The receiver answered {status}, to ask elsewhere, which is not done. Enter that address."
            )
        if not 200 <= status < 300:
            raise NotDelivered(f"The receiver answered {status}.")


def signature(secret: bytes, delivery: str, now: int, body: bytes) -> str:
    """The signature of a body, as Standard Webhooks defines it; `now` is in seconds since 1970."""
    signed = hmac.digest(secret, f"{delivery}.{now}.".encode() + body, sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _ask(address: Address, body: bytes, headers: dict[str, str]) -> int:
    """Post a body. Returns the status of the answer. Raises NotDelivered if there is none."""
    host = address.host.strip("[]")
    with closing(HTTPConnection(host, address.port)) as http:
        try:
            with closing(_connected(address.scheme, host, address.port)) as connection, deadline(lambda: connection):
                if isinstance(connection, ssl.SSLSocket):
                    connection.do_handshake()
                http.sock = connection  # it connects by itself otherwise, and would wait in the handshake
                http.request("POST", address.target, body, headers)
                return http.getresponse().status
        except (OSError, HTTPException) as error:
            raise NotDelivered(f"The receiver could not be asked: {reason(error)}.") from None


def _connected(scheme: str, host: str, port: int) -> socket.socket:
    connection = socket.create_connection((host, port), WITHIN_S)
    if scheme == "http":
        return connection
    try:
        trusted = ssl.create_default_context()
        return trusted.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
    except BaseException:
        connection.close()
        raise


def _covers(listed: Address, asked: Address) -> bool:
    """True if a listed address is the one that is asked, or ends with a slash and has it below."""
    if (listed.scheme, listed.host, listed.port) != (asked.scheme, asked.host, asked.port):
        return False
    return asked.target == listed.target or (listed.target.endswith("/") and asked.path.startswith(listed.path))


def _listed(address: str) -> Address:
    try:
        return _parsed(address)
    except ValueError as error:
        raise BadSetting(f"DATELINE_ALERT_URLS has “{address}”. {error}") from None


def _parsed(address: str) -> Address:
    """The parts of an address. Raises ValueError, with a sentence, if programs might differ about what it means."""
    if len(address) > MAX_URL:
        raise ValueError(f"The address has {len(address):,} characters; the maximum is {MAX_URL:,}.")
    if not address.isascii() or not address.isprintable() or set(address) & set(' "<>\\^`{|}'):
        raise ValueError("The address has a character that none may have. Write it in ASCII, escaped.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("This is no address of the web.") from None
    if parts.scheme not in _PORTS or port == 0 or "#" in address:
        raise ValueError("The address does not begin with https:// or http://, or has a # in it.")
    host = parts.netloc.lower().removesuffix(f":{port}") if port is not None else parts.netloc.lower()
    if _HOST.fullmatch(host) is None:
        raise ValueError("The address has something else than a host, such as a user, before its path.")
    path = parts.path or "/"
    try:
        unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("The address has an escape that is not UTF-8.") from None
    if "%" in unquote(path) or any(segment in (".", "..") for segment in re.split(r"[/\\;]", unquote(path))):
        raise ValueError("The address has a path that leads elsewhere.")
    if any(sign in path.lower() for sign in ("%2f", "%5c", "//")):
        raise ValueError("The address has a path that leads elsewhere.")
    target = f"{path}?{parts.query}" if parts.query else path
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], path, target)


def _secret(setting: str) -> bytes:
    """The bytes of a secret. Raises BadSetting, without naming it."""
    if not setting:
        return b""
    try:
        secret = base64.b64decode(setting.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        secret = b""
    if not setting.startswith("whsec_") or len(secret) not in SECRET_BYTES:
        raise BadSetting("DATELINE_ALERT_SECRET is not whsec_ and 24 to 64 bytes in Base64.")
    return secret
