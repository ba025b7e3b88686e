"""Where alerts arrive: a mail server and a receiver of posts, both real, each on a port of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests import waiting


class Mailbox:
    """Takes mail, or refuses it as long as `answer` is not 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answer = "250 Taken"
        self.to = "250 OK"
        self.port = 0

    async def handle_RCPT(
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=SMTP)
            assert isinstance(mail, EmailMessage)
            self.envelopes.append(envelope)
            self.mails.append(mail)
        return self.answer


class Listening(Controller):
    """A mail server at a socket that listens already: nobody takes its port before it begins."""

    def __init__(self, box: Mailbox, at: socket.socket, **options: Any) -> None:
        super().__init__(box, "127.0.0.1", at.getsockname()[1], ready_timeout=waiting.HANG_S, **options)
        self._at = at

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._at, ssl=self.ssl_context)


@contextmanager
def mailbox(password: str = "", encryption: ssl.SSLContext | None = None, whole: bool = False) -> Iterator[Mailbox]:
    """A mail server; with a password for the user `dateline`; with encryption on request, or for the whole of it."""
    box = Mailbox()

    def known(_server: Server, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (b"dateline", password.encode())
        return AuthResult(success=right, handled=False)

    options: dict[str, Any] = (
        {"authenticator": known, "auth_required": not whole, "auth_require_tls": not whole} if password else {}
    )
    if encryption is not None and not whole:
        options |= {"tls_context": encryption, "require_starttls": True}
    with socket.create_server(("127.0.0.1", 0)) as at:
        box.port = at.getsockname()[1]
        controller = Listening(
            box, at, ssl_context=encryption if whole else None, server_hostname="localhost", **options
        )
        controller.start()
        try:
            yield box
        finally:
            controller.stop()


class Posted:
    """What was posted: path, headers, body; answered by the function `answer`."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda request: request.send_response(204)
        self.address = ""


@contextmanager
def receiver() -> Iterator[Posted]:
    """A server that posts are sent to."""
    posted = Posted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            posted.answer(self)
            self.end_headers()

        def do_GET(self) -> None:
            posted.requests.append((f"GET {self.path}", {}, b""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        posted.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield posted
        finally:
            server.shutdown()  # or it would accept from a closed socket for ever
            thread.join()
