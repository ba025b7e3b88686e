"""The advanced form, filled and sent as a reader does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import found
from tests.browser.test_search_page import parameters, total

pytestmark = pytest.mark.browser


def test_a_form_is_filled_from_a_search_and_leads_to_another(
    open_page: Callable[..., Page], address: str, script: bool
) -> None:
    page = open_page(address, java_script_enabled=script)
    page.goto("/?q=president&country=US")
    before = total(page)
    page.get_by_role("link", name="Advanced search").click()
    expect(page.get_by_label("All of these words")).to_have_value("president")
    expect(page.get_by_role("list", name="Filters that stay")).to_contain_text("United States")
    page.get_by_label("None of these words").fill('"soviet" (NOT')
    page.get_by_label("Words near each other").fill("president house")
    page.get_by_label("How near").select_option("in one paragraph")
    page.get_by_label("All of these words").fill("")
    page.get_by_label("Published from").fill("1960")
    page.get_by_label("Published from").press("Enter")
    expect(page.locator("#total")).to_be_visible()

    line = 'president /p house AND NOT soviet AND NOT "NOT"'
    assert parameters(page) == {"q": [line], "country": ["US"], "from": ["1960"]}
    assert 0 < total(page) < before
    page.get_by_role("link", name="Advanced search").click()
    expect(page.get_by_label("Words near each other")).to_have_value("president house")
    expect(page.get_by_label("How near")).to_have_value("p")
    expect(page.get_by_label("Published from")).to_have_value("1960")


@pytest.mark.check
def test_a_bad_date_stays_in_its_field(open_page: Callable[..., Page], address: str, script: bool) -> None:
    page = open_page(address, refused=True, java_script_enabled=script)
    page.goto("/advanced?q=president")
    field = page.get_by_label("Published from")
    field.fill("31/31/1998")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("this date couldn’t be read")

    expect(field).to_have_value("31/31/1998")
    expect(field).to_have_accessible_description(re.compile("^“31/31/1998” is not in the calendar"))
    expect(page.get_by_label("All of these words")).to_have_value("president")
    assert not script or found(page) == []
    field.fill("1961")
    field.press("Enter")
    expect(page.locator("#total")).to_be_visible()
    assert parameters(page) == {"q": ["president"], "from": ["1961"]}


def test_the_form_is_operated_by_keys(page: Page) -> None:
    page.goto("/advanced")
    page.get_by_label("All of these words").focus()
    order = []
    for _ in range(15):
        order.append(page.evaluate("document.activeElement.name || document.activeElement.textContent"))
        page.keyboard.press("Tab")

    fields = ["words", "phrase", "any", "none", "title", "near", "within", "misread", "match", "by", "in"]
    assert order == [*fields, "from", "to", "and", "Search"]
