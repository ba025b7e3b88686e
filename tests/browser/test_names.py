"""Deciding about names as a person does it: two names are one, and are two again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from search import Article
from tests.browser.looking import flaws
from tests.browser.running import Desk

pytestmark = pytest.mark.browser

SADR, OTHER = "Muqtada al-Sabri", "Moqtada al-Sabri"


ARTICLES = (
    *(Article(f"a{n}", f"The cleric {SADR} spoke.", person=(SADR,), published="2004-08-26") for n in range(3)),
    Article("other", f"The cleric {OTHER} spoke.", person=(OTHER, "Ann Lee"), published="2004-08-27"),
)
"""What `desk` has about them."""


def test_two_names_are_merged_and_split_again(open_page: Callable[..., Page], desk: Desk, script: bool) -> None:
    page = open_page(desk.address, java_script_enabled=script)
    page.goto("/names")
    page.get_by_role("link", name="Sign in to decide").click()
    desk.sign_in(page)

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


@pytest.mark.check
def test_the_pages_of_names_have_no_violation(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, width=320)
    desk.remember(page)
    for path in ("/names", f"/names?name={SADR}", "/names?kind=topic&name=medtop:15000000"):
        page.goto(path)
        assert flaws(page) == [], path
