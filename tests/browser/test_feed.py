"""A feed as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import sideways

pytestmark = pytest.mark.browser


def test_a_feed_can_be_read_and_followed_back(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, refused=True)  # XML names no icon
    page.goto("/?q=berlin")
    page.locator("#save summary").click()
    page.get_by_role("link", name="Feed", exact=True).click()
    entry = page.locator("entry").first

    expect(page.locator("feed > title")).to_have_css("display", "block")
    expect(page.locator("feed > id")).to_be_hidden()
    expect(entry.locator("summary")).to_be_visible()
    assert sideways(page, 360, 1440) == []
    title = entry.locator("a").inner_text()
    entry.locator("a").click()
    expect(page.locator("article h1")).to_have_text(title)
    page.go_back()
    page.get_by_text("What is a feed?").click()

    expect(page).to_have_url(re.compile("/feeds$"))
    expect(page.get_by_role("heading", name="What is a feed?")).to_be_visible()
