"""Records what a program changes in a cluster, and does the same again in another: so an index of an earlier version is
had from its own requests, byte for byte, without the program that sent them.

Between the program and the node is a server that passes everything on. What was answered with success and is no
question is a line: method, path and body, with the name of the index as it was.
"""

from __future__ import annotations

import http.client
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson

from tests.waiting import HANG_S

NAME = "dateline-released"
"""The name of the index while it is recorded; nothing else in its requests is called so."""
_QUESTIONS = frozenset({"_search", "_mget", "_msearch", "_count", "_analyze", "_mtermvectors", "point_in_time"})


@contextmanager
def recorded(node: str, to: Path) -> Iterator[str]:
    """Passes what is sent to a host and port on to a node, and notes the changes in a file."""
    turn = threading.Lock()

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_change = self.command not in ("GET", "HEAD") and not _QUESTIONS & {*_path(self.path)}
            if not is_change:
                self._answer(*sent(node, self.command, self.path, body))
                return
            with turn, to.open("ab") as file:
                status, answer = sent(node, self.command, self.path, body)
                if status < 300:
                    told = {"method": self.command, "path": self.path, "body": b64encode(body).decode()}
                    file.write(orjson.dumps(told) + b"\n")
            self._answer(status, answer)

        def _answer(self, status: int, answer: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def replay(node: str, requests: Iterable[bytes], name: str) -> None:
    """Send recorded requests to a node, for an index of another name."""
    for line in requests:
        told = orjson.loads(line)
        path = told["path"].replace(NAME, name)
        body = b64decode(told["body"]).replace(NAME.encode(), name.encode())
        status, answer = sent(node, told["method"], path, body)
        assert status < 300, (told["method"], path, status, answer[:500])


def sent(node: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """The status and body of an answer."""
    connection = http.client.HTTPConnection(node, timeout=HANG_S)
    try:
        kind = "application/x-ndjson" if "_bulk" in path else "application/json"
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _path(path: str) -> list[str]:
    return path.partition("?")[0].split("/")
