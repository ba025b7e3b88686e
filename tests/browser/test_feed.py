"""A feed as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1440])
def test_a_feed_can_be_read_and_followed_back(open_page: Callable[..., Page], address: str, width: int) -> None:
    page = open_page(address, refused=True, viewport={"width": width, "height": 900})  # XML names no icon
    page.goto("/?q=berlin")
    page.get_by_role("link", name="Feed", exact=True).click()
    entry = page.locator("entry").first

    expect(page.locator("feed > title")).to_have_css("display", "block")
    expect(page.locator("feed > id")).to_be_hidden()
    expect(entry.locator("summary")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    title = entry.locator("a").inner_text()
    entry.locator("a").click()
    expect(page.locator("article h1")).to_have_text(title)
    page.go_back()
    page.get_by_text("What is a feed?").click()

    expect(page).to_have_url(re.compile("/feeds$"))
    expect(page.get_by_role("heading", name="What is a feed?")).to_be_visible()
