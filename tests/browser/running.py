"""A server over an index, and a Chromium to look at it with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import parts, waiting
from tests.service.desk.alerts.receivers import Mailbox

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
