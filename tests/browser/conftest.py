"""A real Chromium, driven by Playwright, before a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from tests.browser.running import breaches, chromium, new_page, served


@pytest.fixture(scope="session")
def address(seeds_index: Path) -> Iterator[str]:
    """Where `seeds/` is served."""
    with served(seeds_index) as place:
        yield place


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages that fail the test on an error in them, a dialog, a breach of policy, a request to another host."""
    troubles: list[str] = []
    opened: list[Page] = []

    def dismissed(dialog: Dialog) -> None:
        troubles.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def noted(message: ConsoleMessage, refused: bool) -> None:
        """With `refused`, a page may be answered 4xx, which Chromium reports."""
        if message.type == "error" and not (refused and "status of 4" in message.text):
            troubles.append(message.text)

    def make(base_url: str, refused: bool = False, **options: object) -> Page:
        page = new_page(browser, base_url, **options)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: noted(message, refused))
        page.on("request", lambda r: None if r.url.startswith(base_url) else troubles.append(f"asked for {r.url}"))
        page.on("dialog", dismissed)
        opened.append(page)
        return page

    with ExitStack() as stack:
        yield make
        for page in opened:
            stack.callback(page.context.close)
            if page.url != "about:blank":
                troubles += breaches(page)
    assert troubles == []


@pytest.fixture
def page(open_page: Callable[..., Page], address: str) -> Page:
    """A page over `seeds/`, 1280 by 720."""
    return open_page(address)
