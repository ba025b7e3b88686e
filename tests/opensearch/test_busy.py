"""A cluster that is busy, wants a password, or speaks TLS: what is sent to it, and what is told of it.

It is played by a server of a few lines, since a real one is not busy when it should be.
"""

from __future__ import annotations

import base64
import json
import logging
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from search.errors import IndexProblem
from search.opensearch import address, cluster
from search.opensearch.cluster import Cluster, ClusterUnavailable
from tests import waiting
from tests.cases import cases

PASSWORD = "correct horse battery"
Answer = tuple[int, object]


class Played:
    """A cluster that answers as it is told, and keeps what it was asked."""

    def __init__(self, answer: Callable[[str, bytes, int], Answer], context: ssl.SSLContext | None = None) -> None:
        self.asked: list[tuple[str, bytes, str | None]] = []
        played = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                played.asked.append((self.path, body, self.headers.get("Authorization")))
                status, said = answer(self.path, body, len(played.asked))
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]

    def reached(self, scheme: str = "http", **access: Any) -> Cluster:
        where = address.read(f"opensearch+{scheme}://127.0.0.1:{self.port}/news")
        return Cluster(where, address.Access(**{"timeout_s": waiting.HANG_S, **access}))


@contextmanager
def running(played: Played) -> Iterator[Played]:
    thread = threading.Thread(target=played.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield played
    finally:
        played.server.shutdown()
        played.server.server_close()
        thread.join()


@pytest.fixture
def play() -> Iterator[Callable[..., Played]]:
    with ExitStack() as stack:
        yield lambda *told: stack.enter_context(running(Played(*told)))


def actions(*ids: str) -> list[tuple[str, bytes]]:
    return [(one, json.dumps({"index": {"_id": one}}).encode() + b"\n{}\n") for one in ids]


def sent(body: bytes) -> list[str]:
    return [entry["index"]["_id"] for line in body.splitlines() if "index" in (entry := json.loads(line))]


def items(**statuses: int) -> object:
    return {"items": [{"index": {"_id": one, "status": status}} for one, status in statuses.items()]}


def test_a_cluster_that_is_busy_is_asked_again_for_what_it_has_not_taken(play: Callable[..., Played]) -> None:
    def answer(_path: str, body: bytes, number: int) -> Answer:
        if number == 1:
            return 429, {"error": {"type": "rejected_execution_exception"}, "status": 429}
        if number == 2:
            return 200, items(a=201, b=429, c=503)
        if number == 3:
            return 200, items(b=429, c=201)
        return 200, items(**dict.fromkeys(sent(body), 200))

    played = play(answer)
    played.reached().bulk("news", actions("a", "b", "c"))

    assert [sent(body) for _, body, _ in played.asked] == [["a", "b", "c"], ["a", "b", "c"], ["b", "c"], ["b"]]


def test_a_cluster_that_stays_busy_is_given_up_with_a_sentence(
    play: Callable[..., Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        assert len(paused) < 1_000  # it would go on for ever

    waiting.put_clocks(  # by which an answer takes no time
        monkeypatch, "search.opensearch.cluster", sleep=pause, monotonic=lambda: sum(paused)
    )
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.3)
    played = play(lambda _path, body, _number: (200, items(**dict.fromkeys(sent(body), 429))))

    with pytest.raises(ClusterUnavailable, match="has not accepted 2 articles"):
        played.reached().bulk("news", actions("a", "b"))
    assert len(played.asked) > 2


def test_what_a_cluster_refuses_for_good_is_not_sent_again(play: Callable[..., Played]) -> None:
    played = play(lambda *_: (200, items(a=400)))

    with pytest.raises(IndexProblem, match="refuses article “a”"):
        played.reached().bulk("news", actions("a"))
    assert len(played.asked) == 1


def test_a_password_is_sent_and_told_to_nobody(
    play: Callable[..., Played], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    played = play(lambda *_: (401, {"error": "Unauthorized"}))
    reached = played.reached(user="anna", password=PASSWORD)

    with pytest.raises(IndexProblem, match="refuses this user") as refused:
        reached.send("GET", "/")
    assert played.asked[0][2] == "Basic " + base64.b64encode(f"anna:{PASSWORD}".encode()).decode()
    told = [str(refused.value), repr(refused.value), repr(reached.access), caplog.text, *capfd.readouterr()]
    assert not any(secret in text for text in told for secret in (PASSWORD, played.asked[0][2][6:]))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1, with its key, that nobody has signed but itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return tmp_path


@cases("status, kind, busy", [
    (400, "circuit_breaking_exception", False), (400, "search_phase_execution_exception", False),
    (429, "circuit_breaking_exception", True), (503, "search_phase_execution_exception", True),
    (500, "search_phase_execution_exception", True), (400, "parsing_exception", False),
])  # fmt: skip
def test_what_is_refused_for_good_is_not_told_as_busy(
    play: Callable[..., Played], status: int, kind: str, busy: bool
) -> None:
    played = play(lambda *_: (status, {"error": {"type": kind, "root_cause": [{"type": kind}]}}))
    with pytest.raises(IndexProblem) as told:
        played.reached().send("POST", "/news/_search", {})

    assert isinstance(told.value, ClusterUnavailable) == busy


def test_a_certificate_is_asked_for_and_looked_at(play: Callable[..., Played], certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    played = play(lambda *_: (200, {"version": {"number": "2.19.6"}}), context)

    with pytest.raises(ClusterUnavailable, match="certificate is not trusted: set DATELINE_OPENSEARCH_CA_FILE"):
        played.reached("https").send("GET", "/")
    assert not played.asked
    assert played.reached("https", ca_file=str(certificate / "cert.pem")).version == (2, 19, 6)


def test_an_unprotected_address_is_not_taken_for_a_protected_one(play: Callable[..., Played]) -> None:
    played = play(lambda *_: (200, {}))

    with pytest.raises(ClusterUnavailable):
        played.reached("https", user="anna", password=PASSWORD).send("GET", "/")
    assert not played.asked
