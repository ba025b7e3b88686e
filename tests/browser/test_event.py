"""The thread of an event in a browser: its timeline leads to its days, and every reader can use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

import search
from tests.browser.looking import flaws
from tests.search.contract.test_event import ABOUT, OTHERS
from tests.service.serving import hosted

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("event") / "idx"
    with search.writer(place) as writer:
        for article in (replace(ABOUT[0], group="sunk"), *ABOUT[1:], *OTHERS):
            writer.add(article)
    with hosted(place) as address:
        yield address


def test_a_reader_goes_from_an_article_to_a_day_of_its_event(open_page: Callable[..., Page], ferry: str) -> None:
    page = open_page(ferry)
    page.goto("/article/sunk")
    page.get_by_role("link", name="2 articles by day").click()
    page.locator(".bars a").last.press("Enter")

    expect(page).to_have_url(f"{ferry}/article/sunk/event#day-2001-03-08")
    page.locator("#day-2001-03-08").get_by_role("link").click()
    expect(page).to_have_url(f"{ferry}/article/inquiry")


@pytest.mark.check
def test_axe_finds_nothing_in_an_event(open_page: Callable[..., Page], ferry: str) -> None:
    page = open_page(ferry)
    for path in ("/article/sunk/event", "/article/undated/event", "/article/sunk"):
        page.goto(path)
        assert flaws(page) + flaws(page, 1440, "dark") == [], path
