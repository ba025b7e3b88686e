"""The server: gunicorn with threads, over one application a worker, and beside them the process that indexes.

Workers look for a newer generation before each question, so a commit is seen without a restart; each opens the index
for itself, after the fork. The master looks every second whether the indexing process is there.
"""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from prometheus_client.multiprocess import mark_process_dead

from search.errors import DatelineError
from service.app import create_app
from service.archive import Archive
from service.draining import drop_new_connections
from service.hosts import Hosts
from service.lanes import Lanes
from service.log import Quiet
from service.rates import Rates
from service.raw_answers import HEADER_BYTES, HEADERS, REQUEST_LINE_BYTES
from service.settings import Settings
from service.worker import Worker

_PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES)
RESTART_S = 2.0
"""The indexing process is started again no sooner."""
STOP_S = 20.0
"""How long it may take to finish what it has begun; then it is killed, and its job is begun again next time."""


_ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


class PortTaken(DatelineError):
    """The address to serve at cannot be had."""


class Master(Arbiter):
    """gunicorn's master, which also keeps the indexing process alive."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._command = server.indexing
        self._indexes = server.indexes
        self._indexing: subprocess.Popen[bytes] | None = None
        self._started = -RESTART_S
        self._stopping = False

    def manage_workers(self) -> None:
        """See to the workers, and to the other; gunicorn calls it once a second."""
        super().manage_workers()
        # gunicorn's own waiting for children may have taken note of its end, which poll() then gives as 0
        gone = self._indexing is None or self._indexing.poll() is not None
        if self._indexes and gone and not self._stopping and time.monotonic() - self._started >= RESTART_S:
            self._started = time.monotonic()
            self._indexing = subprocess.Popen([*self._command, str(self.pid)])

    def wait_for_signals(self, timeout: float | None = 1.0) -> list[int]:
        """What it was told meanwhile: to stop first of all, and to begin anew once, however often that was said."""
        told: list[int] = super().wait_for_signals(timeout)
        ends = [number for number in told if number in _ENDS]
        again = [signal.SIGHUP] if signal.SIGHUP in told else []
        return [*ends, *again, *(number for number in told if number not in (*_ENDS, signal.SIGHUP))]

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers, and the other after them: what they took in last is still begun."""
        again = self._stopping
        self._stopping = True
        if graceful:
            for listener in self.LISTENERS:
                drop_new_connections(listener)
        super().stop(graceful)
        if self._indexing is None or again:
            return
        self._indexing.terminate()
        try:
            self._indexing.wait(STOP_S if graceful else 1.0)
        except subprocess.TimeoutExpired:
            self._indexing.kill()
            self._indexing.wait()


class Server(BaseApplication):
    """gunicorn, configured from arguments; `run()` serves until it is told to stop."""

    def __init__(self, place: str, host: str, port: int, workers: int, settings: Settings) -> None:
        self._place = place
        self.settings = settings
        self.rates = Rates()
        self._hosts = Hosts(host, settings)
        numbers = (settings.index_workers, settings.copies_hours)
        self.indexing = [sys.executable, "-P", "-m", "service.indexing", place, *map(str, numbers)]
        self.indexes = "://" not in place  # what is posted is spooled beside the index, in its directory
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": Worker,
            "threads": settings.threads,
            "timeout": settings.timeout_s,
            "limit_request_line": REQUEST_LINE_BYTES,
            "limit_request_fields": HEADERS,
            "limit_request_field_size": HEADER_BYTES,
            "forwarder_headers": "",  # SCRIPT_NAME and PATH_INFO, which gunicorn would take from this machine
            "loglevel": "warning",
            "logger_class": Quiet,
            "proc_name": "dateline",
            "control_socket_disable": True,
            "child_exit": _forget,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our options; gunicorn calls it."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application; gunicorn calls it in each worker."""
        archive = Archive(self._place, 60.0 * self.settings.cursor_minutes)
        self.lanes = Lanes(archive)
        return create_app(archive, self.settings, self.rates, self._hosts)

    def run(self) -> None:
        """Serve until told to stop."""
        Master(self).run()


def _forget(_server: Arbiter, worker: Worker) -> None:
    """Take a worker that has ended out of what is true at the moment."""
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def check_port(host: str, port: int) -> None:
    """Make sure that the address can be had, before anything is started.

    Raises:
        PortTaken: naming the address and the way out.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            hint = "Choose another with --port." if error.errno in _PORT_ERRORS else "Name another with --host."
            raise PortTaken(f"Port {port} on {host} cannot be used: {reason}. {hint}") from None
        except OverflowError:
            raise PortTaken(f"{port} is no port. Choose one from 1 to 65535 with --port.") from None
