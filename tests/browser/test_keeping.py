"""Keeping articles as a person does it: a star, a list of a result, a note, a search in it, its export."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import flaws
from tests.browser.running import Desk

pytestmark = pytest.mark.browser


def test_articles_are_starred_listed_searched_and_exported(
    open_page: Callable[..., Page], desk: Desk, script: bool
) -> None:
    name = f"The wall <{script}>"
    page = open_page(desk.address, java_script_enabled=script)
    desk.remember(page)

    page.goto("/?q=berlin")
    page.get_by_role("button", name=re.compile("^Star ")).first.click()
    taken_off = page.get_by_role("button", name=re.compile("^Take the star off "))
    expect(taken_off).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/\?q=berlin#-"))
    taken_off.click()
    expect(taken_off).to_have_count(0)

    boxes = page.get_by_role("checkbox", name=re.compile("^Choose "))
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_label("Keep on a list").fill(name)
    page.get_by_role("button", name="the chosen ones").click()
    expect(page.get_by_role("status").last).to_contain_text("2 articles kept on this list")
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(re.compile(r"/\?q=berlin$"))

    page.get_by_label("Keep on a list").fill(name)
    page.get_by_role("button", name=re.compile("^all ")).click()
    expect(page.get_by_role("status").last).to_contain_text("2 were on it before")
    page.get_by_text("Add a note, or take it off the list").first.click()
    page.get_by_label("Note", exact=True).first.fill("The first report.")
    page.get_by_role("button", name="Store the note").first.click()
    expect(page.locator(".kept li").first).to_contain_text("The first report.")
    expect(page.locator(".kept li").first).to_contain_text("Kept by night desk")
    kept = page.locator(".kept li").count()

    exported = page.get_by_role("link", name="RIS").get_attribute("href")
    assert page.context.request.get(f"{desk.address}{exported}").text().count("TI  - ") == kept

    page.get_by_role("link", name="Search in this list").click()
    expect(page.locator(".chips")).to_contain_text(name)
    expect(page.locator("#total")).to_contain_text(f"{kept} articles")
    page.get_by_role("link", name=f"Remove List {name}").click()
    expect(page.locator(".chips")).to_have_count(0)


def test_nothing_chosen_is_said_and_leads_back(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, refused=True)
    desk.remember(page)
    page.goto("/?q=moon")
    page.get_by_role("button", name="the chosen ones").click()

    expect(page.get_by_role("alert")).to_contain_text("No article is chosen")
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(re.compile(r"/\?q=moon$"))


@pytest.mark.check
def test_pages_with_lists_have_no_violation(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, width=320)
    desk.remember(page)
    page.goto("/?q=moon")
    page.get_by_label("Keep on a list").fill("Moon")
    page.get_by_role("button", name="this page").click()

    for path in ("/lists", "/lists/Moon", "/?q=moon&list=Moon", "/?q=moon", "/article/1961-08-berlin-wall"):
        page.goto(path)
        assert flaws(page) + flaws(page, scheme="dark") == [], path
