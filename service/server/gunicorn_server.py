"""The server: gunicorn workers with threads and one application each, and the processes that index and deliver.

Workers check for a newer generation before each query, so a commit is visible without a restart; each opens the index
itself, after the fork. The master checks every second that the processes next to the workers are running.
"""

from __future__ import annotations

import errno
import signal
import socket
import time
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
from service.server.companion import Companion, Pause, Stop
from service.server.draining import drop_new_connections
from service.server.loads import Loads
from service.server.raw_answers import HEADER_BYTES, HEADERS, REQUEST_LINE_BYTES
from service.server.turns import Turns
from service.server.worker import Worker
from service.settings import Settings

_PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES)
STOP_S = 20.0
"""The time to finish what they do when stopped; then they are killed, and it starts again next time."""


_ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


class PortTaken(DatelineError):
    """The address to listen on is not available."""


class Master(Arbiter):
    """gunicorn's master, which also keeps the processes running that index articles and deliver alerts."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._companions = [Companion("dateline-index", server.index), Companion("dateline-alerts", server.tell)]
        self._stopping = False

    def manage_workers(self) -> None:
        """Manage the workers and the processes next to them; gunicorn calls it once a second."""
        super().manage_workers()
        if not self._stopping:
            for each in self._companions:
                each.keep(self._leave)

    def _leave(self) -> None:
        """Close what only the master and its workers use."""
        for listener in self.LISTENERS:
            listener.close()
        for worker in self.WORKERS.values():
            worker.tmp.close()

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
    """gunicorn, configured from arguments; `run()` serves until told to stop."""

    def __init__(
        self, place: str, host: str, port: int, workers: int, settings: Settings, desk: OwnDesk | None = None
    ) -> None:
        self._place = place
        self.settings = settings
        self.rates = Rates()
        self.loads = Loads()
        self._hosts = Hosts(host, settings)
        self._desk = desk
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

    def index(self, stop: Stop, _pause: Pause) -> None:
        """Index what is posted, in a process of its own."""
        from service.server import indexing  # the workers do without

        indexing.index(self._place, self.settings.index_workers, self.settings.copies_hours, stop)

    def tell(self, stop: Stop, pause: Pause) -> None:
        """Deliver alerts, in a process of its own."""
        from service.desk.alerts import runner

        runner.run(self._place, stop, pause)

    def run(self) -> None:
        """Serve until told to stop."""
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
