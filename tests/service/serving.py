"""A server as `dateline serve` starts it, of real processes, or one in this process: both with real sockets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, BinaryIO
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from desk.people import keys
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests import waiting
from tests.conftest import PATIENT
from tests.ports import reserved_port
from tests.processes import alive, children, name_of

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Site:
    """Where an index is served."""

    address: str
    place: Path

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data=body, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=waiting.HANG_S) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def job(self, path: str, key: str) -> Any:
        """A job, when it has come to its end."""

        def ended() -> Any:
            job = self.ask("GET", path, Authorization=f"Bearer {key}").json
            return job if job["state"] in ("done", "failed") else None

        return waiting.until(ended, f"{path} has ended")


@dataclass(frozen=True)
class Served(Site):
    """Where it is served by processes of its own."""

    process: subprocess.Popen[bytes]

    def indexing(self) -> int:
        """The id of the process that indexes, when it is there."""
        return self._beside("dateline-index")

    def telling(self) -> int:
        """The id of the process that delivers alerts, when it is there."""
        return self._beside("dateline-alerts")

    def _beside(self, name: str) -> int:
        def found() -> int | None:
            return next((pid for pid in children(self.process.pid) if alive(pid) and name_of(pid) == name), None)

        return waiting.until(found, f"{name} runs") or 0

    def kill_all(self) -> None:
        """End every process of the server at once, as a power cut would."""
        every = [self.process.pid, *children(self.process.pid)]
        for pid in every:
            with suppress(ProcessLookupError):  # those beside the first end without it
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is told to end with the block, and killed if it does not."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=waiting.HANG_S)
            finally:
                process.kill()  # which has no effect on one that has ended


@contextmanager
def serving(
    place: Path,
    workers: int = 1,
    stderr: int | BinaryIO = subprocess.DEVNULL,
    arguments: Sequence[str] = (),
    program: Sequence[str] = ("-m", "service"),
    **settings: str,
) -> Iterator[Served]:
    command = [sys.executable, *program, "serve", str(place), "--workers", str(workers), *arguments]
    settings = {"time_budget_ms": "600000", "offers_ms": "600000", **settings}  # a busy machine leaves nothing out
    environment = {**os.environ, **{f"DATELINE_{name.upper()}": value for name, value in settings.items()}}
    with (
        reserved_port() as port,
        running([*command, "--port", str(port)], stderr=stderr, env=environment) as process,
    ):
        served = Served(f"http://127.0.0.1:{port}", place, process)
        waiting.answered(lambda: served.ask("GET", "/readyz"), "it serves")
        yield served


class Quiet(WSGIRequestHandler):
    """Says nothing of what it is asked."""

    def log_message(self, format: str, *values: object) -> None:
        """Nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


@contextmanager
def hosted(place: Path, settings: Settings = PATIENT) -> Iterator[str]:
    """Where this process serves an index, for a tenth of what the command costs: no workers, and nothing beside."""
    with Archive(str(place)) as archive, listening(create_app(archive, settings)) as address:
        yield address


@contextmanager
def listening(application: WSGIApplication) -> Iterator[str]:
    """Where an application answers."""
    with make_server("127.0.0.1", 0, application, Threaded, Quiet) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()  # or it would accept from a closed socket for ever


def index_key(place: Path) -> str:
    return keys.add(str(place), ["index"])[1]
