"""Pages of Chromium for many tests: a page that is used again takes a sixth of the time of one in a context of its own.

What a test leaves behind is gone when the next one begins: cookies, what scripts keep, permissions, the window, the
mouse, how media are emulated. Not the history; a test goes back only where it has been.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from tests.browser.running import breaches, new_page

WIDTH, HEIGHT = 1280, 720


@dataclass
class Watched:
    """A page, and what went wrong in it.

    Attributes:
        refused: the page may be answered 4xx, which Chromium reports as an error.
        leads: how the addresses of another site begin that it may lead to; what goes wrong there is not noted.
    """

    page: Page
    base_url: str
    refused: bool = False
    leads: str = ""
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note what goes wrong from now on."""
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("dialog", self._dismissed)
        self.page.on("request", lambda request: self._asked(request.url, request.frame.url))

    def _said(self, message: ConsoleMessage) -> None:
        if self.leads and not message.location.get("url", "").startswith(self.base_url):
            return
        if message.type == "error" and not (self.refused and "status of 4" in message.text):
            self.troubles.append(message.text)

    def _asked(self, url: str, by: str) -> None:
        if self.leads and (url.startswith(self.leads) or by.startswith(self.leads)):
            return
        if not url.startswith(self.base_url):
            self.troubles.append(f"asked for {url}")

    def _dismissed(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog {dialog.message}")
        dialog.dismiss()


class Pages:
    """Gives pages to tests, and takes them back.

    Args:
        browser: where they are opened.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Watched]] = defaultdict(list)
        self._given: list[tuple[str, Watched]] = []

    def open(
        self,
        base_url: str,
        refused: bool = False,
        width: int = WIDTH,
        height: int = HEIGHT,
        leads: str = "",
        **options: object,
    ) -> Page:
        """A page as if nobody had used it.

        Args:
            base_url: of the server, which is all that the page may ask.
            refused: whether it may be answered 4xx.
            width: of the window.
            height: of the window.
            leads: how the addresses of another site begin that it may lead to.
            options: of a context of Playwright.
        """
        kind = f"{base_url} {sorted(options.items())}"
        if self._free[kind]:
            watched = self._free[kind].pop()
        else:
            watched = Watched(new_page(self._browser, base_url, **options), base_url)
            watched.watch()
        watched.refused, watched.leads = refused, leads
        self._given.append((kind, watched))
        watched.page.set_viewport_size({"width": width, "height": height})
        return watched.page

    def given_back(self) -> list[str]:
        """What went wrong in the pages that a test had; one that does not answer is not used again."""
        given, self._given = self._given, []
        troubles: list[str] = []
        for kind, watched in given:
            page = watched.page
            if page.url != "about:blank":
                troubles += breaches(page)
            troubles += watched.troubles
            watched.troubles.clear()
            if page.url.startswith(watched.base_url):
                page.evaluate("localStorage.clear()")
            page.context.clear_cookies()
            page.context.clear_permissions()
            page.emulate_media(media="null", color_scheme="null")
            page.mouse.move(0, 0)
            self._free[kind].append(watched)
        return troubles
