"""Deciding about names as a person does it: two names are one, and are two again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import search
from search import Article
from service import keys
from tests.browser.running import new_page, served
from tests.browser.test_accessibility import found
from tests.browser.test_correcting import sign_in

pytestmark = pytest.mark.browser

SADR, OTHER = "Muqtada al-Sadr", "Moqtada al-Sadr"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    place: Path = tmp_path_factory.mktemp("names") / "news.idx"
    with search.writer(place) as writer:
        for number in range(3):
            writer.add(Article(f"a{number}", f"The cleric {SADR} spoke.", person=(SADR,), published="2004-08-26"))
        writer.add(Article("other", f"The cleric {OTHER} spoke.", person=(OTHER, "Ann Lee"), published="2004-08-27"))
    _, secret = keys.add(str(place), ["edit"], "night desk")
    with served(place) as address:
        yield address, secret


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_two_names_are_merged_and_split_again(
    open_page: Callable[..., Page], desk: tuple[str, str], script: bool
) -> None:
    address, secret = desk
    page = open_page(address, java_script_enabled=script)
    page.goto("/names")
    page.get_by_role("link", name="Sign in to decide").click()
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    row = page.get_by_role("row").filter(has_text=OTHER)
    expect(row).to_contain_text("4")
    row.get_by_role("button", name=f"List {OTHER} under {SADR}").click()
    expect(row).to_have_count(0)
    page.goto(f"/?person={OTHER}")
    expect(page.locator("#total")).to_contain_text("4")

    page.goto(f"/names?name={OTHER}")
    expect(page.get_by_role("heading", level=1)).to_have_text(SADR)
    page.get_by_role("button", name=f"Split off {OTHER}: 1 article there, 3 here").click()
    page.goto(f"/?person={OTHER}")
    expect(page.locator("#total")).to_contain_text("1")

    page.goto("/names")
    for what in (f"split person {OTHER}", f"merge person {SADR}: {OTHER}"):
        page.get_by_role("button", name=f"Undo: {what}", exact=True).last.click()
    expect(page.get_by_role("row").filter(has_text=OTHER)).to_have_count(1)


def test_the_pages_of_names_have_no_violation(browser: Browser, desk: tuple[str, str]) -> None:
    address, secret = desk
    page = new_page(browser, address, viewport={"width": 320, "height": 800})
    sign_in(page, secret)
    for path in ("/names", f"/names?name={SADR}", "/names?kind=topic&name=medtop:15000000"):
        page.goto(path)
        assert found(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.close()
