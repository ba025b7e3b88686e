"""The server: gunicorn workers with threads and one application each, and the processes that index and deliver.

Workers check for a newer generation before each query, so a commit is visible without a restart; each opens the index
itself, after the fork. The master checks every second that the processes next to the workers are running.
"""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from prometheus_client.multiprocess import mark_process_dead

from search.errors import DatelineError
from service.archive import Archive
from service.http.hosts import Hosts
from service.http.log import Quiet
from service.http.own_desk import OwnDesk
from service.http.rates import Rates
from service.server.app import create_app, lanes_of
from service.server.draining import drop_new_connections
from service.server.loads import Loads
from service.server.raw_answers import HEADER_BYTES, HEADERS, REQUEST_LINE_BYTES
from service.server.turns import Turns
from service.server.worker import Worker
from service.settings import Settings

_PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES)
RESTART_S = 2.0
"""The minimum time before a process next to the workers is restarted."""
SOON_S = 10.0
LONGEST_S = 60.0
"""The greatest, to which it doubles while the process ends within `SOON_S` of each start."""
STOP_S = 20.0
"""The time to finish what they do when stopped; then they are killed, and it starts again next time."""


_ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


class PortTaken(DatelineError):
    """The address to listen on is not available."""


class Companion:
    """A process next to the workers, which is started again when it ends.

    Args:
        command: it gets the id of the master as another argument.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._seen = 0.0
        self.pause_s = RESTART_S

    def keep(self, master: int) -> None:
        """Start it if it is not running."""
        # gunicorn's own wait for children may have reaped it, and poll() then returns 0
        now = time.monotonic()
        if self._process is not None:
            if self._process.poll() is None:
                self._seen = now
                return
            if now - self._started < self.pause_s:
                return
            self.pause_s = min(2 * self.pause_s, LONGEST_S) if self._seen - self._started < SOON_S else RESTART_S
        self._started = self._seen = now
        self._process = subprocess.Popen([*self._command, str(master)])

    def tell(self) -> None:
        """Tell it to stop."""
        if self._process is not None:
            self._process.terminate()

    def stop(self, until: float) -> None:
        """Wait until it has stopped, and kill it at a time of the monotonic clock."""
        if self._process is not None:
            try:
                self._process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Master(Arbiter):
    """gunicorn's master, which also keeps the processes running that index articles and deliver alerts."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._companions = [Companion(command) for command in server.companions]
        self._stopping = False

    def manage_workers(self) -> None:
        """Manage the workers and the processes next to them; gunicorn calls it once a second."""
        super().manage_workers()
        if not self._stopping:
            for each in self._companions:
                each.keep(self.pid)

    def wait_for_signals(self, timeout: float | None = 1.0) -> list[int]:
        """The pending signals: stopping comes first, and repeated reloads count once."""
        received: list[int] = super().wait_for_signals(timeout)
        ends = [number for number in received if number in _ENDS]
        again = [signal.SIGHUP] if signal.SIGHUP in received else []
        return [*ends, *again, *(number for number in received if number not in (*_ENDS, signal.SIGHUP))]

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers, then the processes next to them, so that the last accepted job is still started."""
        again = self._stopping
        self._stopping = True
        if graceful:
            for listener in self.LISTENERS:
                drop_new_connections(listener)
        super().stop(graceful)
        if again:
            return
        for each in self._companions:
            each.tell()
        until = time.monotonic() + (STOP_S if graceful else 1.0)
        for each in self._companions:
            each.stop(until)


class Server(BaseApplication):
    """gunicorn, configured from arguments; `run()` serves until received to stop."""

    def __init__(
        self, place: str, host: str, port: int, workers: int, settings: Settings, desk: OwnDesk | None = None
    ) -> None:
        self._place = place
        self.settings = settings
        self.rates = Rates()
        self.loads = Loads()
        self._hosts = Hosts(host, settings)
        self._desk = desk
        numbers = (settings.index_workers, settings.copies_hours)
        python = [sys.executable, "-P", "-m"]
        self.companions = [[*python, "service.server.indexing", place, *map(str, numbers)]]
        self.companions.append([*python, "service.desk.alerts.runner", place])
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": Worker,
            "threads": settings.threads,
            "timeout": settings.timeout_s,
            "limit_request_line": REQUEST_LINE_BYTES,
            "limit_request_fields": HEADERS,
            "limit_request_field_size": HEADER_BYTES,
            "forwarder_headers": "",  # or gunicorn would accept SCRIPT_NAME and PATH_INFO from this machine
            "loglevel": "warning",
            "logger_class": Quiet,
            "proc_name": "dateline",
            "control_socket_disable": True,
            "child_exit": _forget,
        }
        super().__init__()

    def load_config(self) -> None:
        """Set our options; gunicorn calls it."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Create the application; gunicorn calls it in each worker."""
        archive = Archive(self._place, 60.0 * self.settings.cursor_minutes)
        self.lanes = lanes_of(archive)
        app = create_app(archive, self.settings, self.rates, self._hosts, self._desk, self.lanes)
        self.turns = Turns(app, taken=archive.folder is not None)
        return self.turns

    def run(self) -> None:
        """Serve until received to stop."""
        Master(self).run()


def _forget(_server: Arbiter, worker: Worker) -> None:
    """Remove a worker that has ended from the live metrics, and from those that share the connections."""
    worker.app.loads.leave(worker.place)
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def check_port(host: str, port: int) -> None:
    """Check that the address is available, before anything is started.

    Raises:
        PortTaken: with the address and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            hint = "Choose another with --port." if error.errno in _PORT_ERRORS else "Choose another with --host."
            raise PortTaken(f"Port {port} on {host} cannot be used: {reason}. {hint}") from None
        except OverflowError:
            raise PortTaken(f"{port} is not a port. Choose one from 1 to 65535 with --port.") from None
