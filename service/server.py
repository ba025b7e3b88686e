"""The server: gunicorn with threads, over one application a worker.

Workers look for a newer generation before each question, so a commit is seen without a restart; each opens the index
for itself, after the fork.
"""

from __future__ import annotations

import errno
import socket
from typing import Any

from gunicorn.app.base import BaseApplication

from search.errors import DatelineError
from service.app import create_app
from service.archive import Archive
from service.settings import Settings

_PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES)
REQUEST_LINE_BYTES = 8190
"""The longest address that is read, gunicorn's own bound; a longer one is answered with 414."""


class PortTaken(DatelineError):
    """The address to serve at cannot be had."""


class Server(BaseApplication):
    """gunicorn, configured from arguments; `run()` serves until it is told to stop."""

    def __init__(self, place: str, host: str, port: int, workers: int, settings: Settings) -> None:
        self._place = place
        self._settings = settings
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": settings.threads,
            "timeout": settings.timeout_s,
            "limit_request_line": REQUEST_LINE_BYTES,
            "loglevel": "warning",
            "proc_name": "dateline",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our options; gunicorn calls it."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application; gunicorn calls it in each worker."""
        return create_app(Archive(self._place), self._settings)


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
