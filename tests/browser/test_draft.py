"""The draft check as a person uses it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TEXT = "President Richard Nixon met Willy Brandt in Germany. John F. Kenedy had met him before."


def test_a_pasted_text_is_checked_and_is_in_no_address(
    open_page: Callable[..., Page], address: str, script: bool
) -> None:
    page = open_page(address, java_script_enabled=script)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/?q=")
    page.get_by_role("link", name="Check a draft").click()
    page.get_by_label(re.compile("The text")).fill(TEXT)
    page.get_by_role("button", name="Check").click()

    expect(page.get_by_role("heading", name="Persons")).to_be_visible()
    expect(page.get_by_role("link", name="Richard Nixon")).to_be_visible()
    expect(page.locator(".meant").first).to_contain_text("John F. Kennedy")
    assert page.get_by_label(re.compile("The text")).input_value() == TEXT
    assert not [url for url in asked if "Nixon" in url]

    page.get_by_role("link", name="Richard Nixon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Richard Nixon")
