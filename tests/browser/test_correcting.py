"""Correcting an article as a person does it: signing in, a wrong country, and back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service import keys
from tests.browser.running import served
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
    expect(page.locator("#correct .made li").first).to_contain_text("country removed: FR by night desk")
    expect(page.locator("dl")).not_to_contain_text("France")

    page.get_by_role("button", name="Undo: country FR").click()
    expect(page.locator("dl")).to_contain_text("France")
    expect(page.locator("#correct .made s").first).to_contain_text("country removed: FR")


def test_the_desk_of_an_article_has_no_violation(open_page: Callable[..., Page], desk: tuple[str, str]) -> None:
    address, secret = desk
    page = open_page(address, viewport={"width": 320, "height": 800})
    page.goto("/sign-in")
    assert found(page) == []
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(WALL)
    page.get_by_text("Correct", exact=True).click()

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
