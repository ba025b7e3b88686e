"""Citing as a person does it: an article in a style, and a result that is opened again later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser

WALL = "/article/1961-08-berlin-wall"


def test_a_citation_is_copied_with_its_italics(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()
    page.get_by_role("button", name="Copy MLA").click()

    expect(page.locator("#live")).to_have_text("MLA copied.")
    copied = page.evaluate("""async () => {
        const [item] = await navigator.clipboard.read();
        return Promise.all(["text/plain", "text/html"].map(async (kind) => (await item.getType(kind)).text()));
    }""")
    assert copied[0].strip() == page.locator("[data-copy=MLA]").inner_text()
    assert "<i" in copied[1]


def test_without_a_script_citations_are_text(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()

    expect(page.locator("[data-copy=APA]")).to_contain_text("(1961, August 13)")
    assert page.get_by_role("button", name="Copy").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_citations_fit_a_phone(open_page: Callable[..., Page], address: str, scheme: str) -> None:
    page = open_page(address, viewport={"width": 320, "height": 800}, color_scheme=scheme)
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
