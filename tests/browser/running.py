"""A server over an index, and a Chromium to look at it with."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from playwright.sync_api import Browser, Page, expect, sync_playwright

from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests import parts, waiting
from tests.conftest import PATIENT
from tests.service.desk.alerts.receivers import Mailbox

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOTED = """
window.broken = [];
addEventListener("securitypolicyviolation", (event) => broken.push(event.violatedDirective + " " + event.blockedURI));
"""


@contextmanager
def served(index: Path, **settings: str) -> Iterator[str]:
    """Where an index is served, by the command that people use; settings are named as in `service.settings`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", str(index), "--port", str(port), "--workers", "1"]
    chosen = {f"DATELINE_{name.upper()}": value for name, value in settings.items()}
    patient = os.environ | {"DATELINE_TIME_BUDGET_MS": "600000"} | chosen
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=patient) as process:
        ready = f"http://127.0.0.1:{port}/readyz"
        try:
            waiting.answered(lambda: urllib.request.urlopen(ready, timeout=waiting.HANG_S).close(), "it serves")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=waiting.HANG_S)


class Quiet(WSGIRequestHandler):
    """Says nothing of what it is asked."""

    def log_message(self, format: str, *values: object) -> None:
        """Nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


@contextmanager
def hosted(index: Path, settings: Settings = PATIENT) -> Iterator[str]:
    """Where an index is served by this process, which takes a tenth of the time of the command."""
    with Archive(str(index)) as archive, listening(create_app(archive, settings)) as address:
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


@dataclass(frozen=True)
class Desk:
    """An archive that people change.

    Attributes:
        address: where it is served.
        secret: a key of scope `edit`, named “night desk”.
        place: its index.
        box: where its mail arrives.
    """

    address: str
    secret: str
    place: Path
    box: Mailbox

    def remember(self, page: Page) -> None:
        """Have a page signed in from its next request on, without the form."""
        page.request.post(f"{self.address}/sign-in", form={"key": self.secret}, max_redirects=0)

    def sign_in(self, page: Page) -> None:
        """Fill the form that a page shows."""
        page.get_by_label("Your key").fill(self.secret)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium as the system has it; `CHROMIUM` names another."""
    path = parts.chromium()
    assert path, "There is no chromium. Install it (make browser), or name it in CHROMIUM."
    with sync_playwright() as playwright:
        expect.set_options(timeout=waiting.BROWSER_S * 1000)
        deadline_ms = waiting.BROWSER_S * 1000
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS), timeout=deadline_ms)
        yield opened
        opened.close()


def new_page(browser: Browser, base_url: str, **options: object) -> Page:
    """A page in a context of its own. An error names what is awaited in it for longer than `waiting.BROWSER_S`."""
    context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
    context.add_init_script(NOTED)
    context.set_default_timeout(waiting.BROWSER_S * 1000)
    return context.new_page()


def breaches(page: Page) -> list[str]:
    """The breaches of policy that a page has noted.

    Raises:
        TimeoutError: if the page hangs; `evaluate` alone would wait for ever.
    """
    page.locator(":root").wait_for(state="attached")
    noted: list[str] = page.evaluate("window.broken ?? []")
    return noted
