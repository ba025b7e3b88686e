"""What a person mistypes: the page stays, says what it could not read, and keeps what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import flaws
from tests.browser.test_search_page import parameters, total

pytestmark = pytest.mark.browser


def test_a_bad_date_stays_in_its_field_and_is_mended_there(
    open_page: Callable[..., Page], address: str, script: bool
) -> None:
    page = open_page(address, refused=True, java_script_enabled=script)
    page.goto("/?q=president&country=US")
    before = total(page)
    page.locator(".opens").click()
    field = page.get_by_label("From")
    field.fill("31/31/1998")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("this date couldn’t be read")

    expect(field).to_have_value("31/31/1998")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("^“31/31/1998” is not in the calendar"))
    expect(page.locator("#wrong-from")).to_be_in_viewport()
    assert total(page) == before
    assert page.title().startswith("Error: president")
    field.fill("1961")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)

    assert parameters(page) == {"q": ["president"], "country": ["US"], "from": ["1961"]}
    assert 0 < total(page) < before


def test_an_error_leads_to_its_field(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, refused=True)
    page.goto("/?q=president&to=soon&country=Chima")
    page.get_by_role("alert").get_by_role("link", name="“soon” is not a date").click()
    expect(page.get_by_label("to", exact=True)).to_be_focused()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("#facet-country")).to_be_hidden()
    page.get_by_role("alert").get_by_role("link", name="No country “Chima”").click()

    expect(page.locator("#facet-country")).to_be_focused()
    expect(page.locator("#facet-country")).to_be_in_viewport()


@pytest.mark.check
def test_axe_finds_nothing_in_an_error(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, refused=True)
    for path in ("/?q=president&from=x&country=Chima&page=9999", "/compare?q=a&q=b&to=x"):
        page.goto(path)
        assert flaws(page, 360) + flaws(page, 1440, "dark") == [], path
