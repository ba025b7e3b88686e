"""Correcting an article as a person does it: signing in, a wrong country, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import flaws, found
from tests.browser.running import Desk

pytestmark = pytest.mark.browser

AIRLIFT = "/article/1948-06-berlin-airlift"


def test_a_wrong_country_is_corrected_and_the_correction_undone(
    open_page: Callable[..., Page], desk: Desk, script: bool
) -> None:
    page = open_page(desk.address, java_script_enabled=script)
    page.goto(AIRLIFT)
    page.get_by_role("link", name="Sign in to correct it").click()
    desk.sign_in(page)

    wrong = page.get_by_role("button", name="Not this country: France")
    if not wrong.is_visible():  # it is open once there are corrections
        page.get_by_text("Correct", exact=True).click()
    wrong.click()
    expect(page.locator("#correct .made li").first).to_contain_text("country removed: France by night desk")
    expect(page.locator("dl")).not_to_contain_text("France")

    page.get_by_role("button", name="Undo: country France").click()
    expect(page.locator("dl")).to_contain_text("France")
    expect(page.locator("#correct .made s").first).to_contain_text("country removed: France")


@pytest.mark.check
def test_what_was_typed_is_kept_beside_the_article_until_it_is_right(
    open_page: Callable[..., Page], desk: Desk, script: bool
) -> None:
    page = open_page(desk.address, refused=True, java_script_enabled=script)
    desk.remember(page)
    page.goto(f"{AIRLIFT}?q=berlin")
    unfold(page)
    page.get_by_label("Add or set").select_option("a country")
    page.get_by_label("Name or title").fill("Atlantis")
    page.get_by_label("Why (optional)", exact=True).fill("a legend")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("No country “Atlantis”.")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.get_by_label("Add or set")).to_have_value("country")
    expect(page.get_by_label("Why (optional)", exact=True)).to_have_value("a legend")
    page.get_by_label("Name or title").fill("Russia")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#correct .made li").first).to_contain_text("country added: Russia")
    expect(page.locator("#correct .made li").first).to_contain_text("a legend")
    assert page.url.endswith(f"{AIRLIFT}?q=berlin#done")
    expect(page.get_by_text("Corrected. It can be undone below.")).to_be_focused()
    expect(page.get_by_text("Corrected. It can be undone below.")).to_be_in_viewport()
    page.get_by_role("button", name="Undo: country Russia").first.click()


def test_enter_in_a_note_removes_nothing(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address)
    desk.remember(page)
    page.goto(AIRLIFT)
    unfold(page)
    before = page.locator("#correct .made li").count()
    page.get_by_label("Why something is wrong").fill("a legend")
    page.get_by_label("Why something is wrong").press("Enter")
    page.wait_for_timeout(300)

    expect(page.get_by_label("Why something is wrong")).to_have_value("a legend")
    expect(page.locator("#correct .made li")).to_have_count(before)


def test_every_page_offers_to_sign_out_and_comes_back(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address)
    desk.remember(page)
    page.goto("/?q=berlin")
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert page.url == f"{desk.address}/?q=berlin"


def unfold(page: Page) -> None:
    """Open the corrections, which are open once there are some."""
    if not page.get_by_label("Add or set").is_visible():
        page.get_by_text("Correct", exact=True).click()


@pytest.mark.check
def test_the_desk_of_an_article_has_no_violation(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, refused=True, width=320)
    page.goto("/sign-in")
    assert flaws(page) == []
    desk.sign_in(page)
    page.goto(AIRLIFT)
    unfold(page)

    assert flaws(page) == []
    page.get_by_label("Name or title").fill("17/13/1998")
    page.get_by_label("Add or set").select_option("the date")
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.get_by_role("alert").wait_for()
    assert found(page) == []
