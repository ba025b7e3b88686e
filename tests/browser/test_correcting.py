"""Correcting an article as a person does it: signing in, a wrong country, and back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service import keys
from tests.browser.running import new_page, served
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser

WALL = "/article/1961-08-berlin-wall"


@pytest.fixture(scope="module")
def desk(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where an index of its own is served, and a key that may correct it."""
    place = tmp_path_factory.mktemp("desk") / "news.idx"
    shutil.copytree(seeds_index, place)
    _, secret = keys.add(str(place), ["edit"], "night desk")
    with served(place) as address:
        yield address, secret


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_wrong_country_is_corrected_and_the_correction_undone(
    open_page: Callable[..., Page], desk: tuple[str, str], script: bool
) -> None:
    address, secret = desk
    page = open_page(address, java_script_enabled=script)
    page.goto(WALL)
    page.get_by_role("link", name="Sign in to correct it").click()
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    wrong = page.get_by_role("button", name="Not this country: France")
    if not wrong.is_visible():  # it is open once there are corrections
        page.get_by_text("Correct", exact=True).click()
    wrong.click()
    expect(page.locator("#correct .made li").first).to_contain_text("country removed: France by night desk")
    expect(page.locator("dl")).not_to_contain_text("France")

    page.get_by_role("button", name="Undo: country France").click()
    expect(page.locator("dl")).to_contain_text("France")
    expect(page.locator("#correct .made s").first).to_contain_text("country removed: France")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_what_was_typed_is_kept_beside_the_article_until_it_is_right(
    browser: Browser, desk: tuple[str, str], script: bool
) -> None:
    address, secret = desk
    page = new_page(browser, address, java_script_enabled=script)
    sign_in(page, secret)
    page.goto(f"{WALL}?q=berlin")
    unfold(page)
    page.get_by_label("Add or set").select_option("a country")
    page.get_by_label("Name, or date").fill("Atlantis")
    page.get_by_label("Why (optional)", exact=True).fill("a legend")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("No country “Atlantis”.")
    expect(page.get_by_label("Add or set")).to_have_value("country")
    expect(page.get_by_label("Why (optional)", exact=True)).to_have_value("a legend")
    page.get_by_label("Name, or date").fill("Russia")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#correct .made li").first).to_contain_text("country added: Russia")
    expect(page.locator("#correct .made li").first).to_contain_text("a legend")
    assert page.url.endswith(f"{WALL}?q=berlin#correct")
    page.get_by_role("button", name="Undo: country Russia").first.click()
    page.context.close()


def test_enter_in_a_note_removes_nothing(open_page: Callable[..., Page], desk: tuple[str, str]) -> None:
    address, secret = desk
    page = open_page(address)
    sign_in(page, secret)
    page.goto(WALL)
    unfold(page)
    before = page.locator("#correct .made li").count()
    page.get_by_label("Why something is wrong").fill("a legend")
    page.get_by_label("Why something is wrong").press("Enter")
    page.wait_for_timeout(300)

    expect(page.get_by_label("Why something is wrong")).to_have_value("a legend")
    expect(page.locator("#correct .made li")).to_have_count(before)


def test_every_page_offers_to_sign_out_and_comes_back(open_page: Callable[..., Page], desk: tuple[str, str]) -> None:
    address, secret = desk
    page = open_page(address)
    sign_in(page, secret)
    page.goto("/?q=berlin")
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert page.url == f"{address}/?q=berlin"


def sign_in(page: Page, secret: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").first.wait_for()


def unfold(page: Page) -> None:
    """Open the corrections, which are open once there are some."""
    if not page.get_by_label("Add or set").is_visible():
        page.get_by_text("Correct", exact=True).click()


def test_the_desk_of_an_article_has_no_violation(browser: Browser, desk: tuple[str, str]) -> None:
    address, secret = desk
    page = new_page(browser, address, viewport={"width": 320, "height": 800})
    page.goto("/sign-in")
    assert found(page) == []
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(WALL)
    unfold(page)

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_label("Name, or date").fill("17/05/1998")
    page.get_by_label("Add or set").select_option("the date")
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.get_by_role("alert").wait_for()
    assert found(page) == []
    page.context.close()
