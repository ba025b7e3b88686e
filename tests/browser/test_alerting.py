"""Being told as a person is: a search is saved, an alert made of it, an article indexed, and the mail arrives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import search
from search import Article
from tests import waiting
from tests.browser.looking import flaws
from tests.browser.running import Desk

pytestmark = pytest.mark.browser


def test_a_search_is_saved_and_the_mail_arrives(open_page: Callable[..., Page], desk: Desk, script: bool) -> None:
    word = "zebrafish" if script else "aardvark"
    page = open_page(desk.address, java_script_enabled=script)
    desk.remember(page)
    page.goto(f"/searches?q={word}")
    page.get_by_label("Its name").fill(f"About {word}")
    page.get_by_role("button", name="Save the search").click()
    page.get_by_role("link", name=f"Alert me of About {word}").click()

    expect(page.get_by_label("Its name")).to_have_value(f"About {word}")
    tick = page.locator("#make").get_by_label("Share it").bounding_box()
    assert tick
    assert tick["width"] < 30  # next to its words, not above their middle
    page.locator("#make select[name=channel]").select_option("mail")
    page.locator("#make").get_by_label("Address, if needed").fill("desk@example.org")
    page.get_by_role("button", name="Make the alert").click()
    expect(page.get_by_role("row", name=f"About {word}")).to_contain_text("nothing yet")

    with search.writer(desk.place) as writer:
        writer.add(Article(f"new-{word}", f"A {word} was seen.", title=f"The {word} is back"))
    mail = waiting.until(lambda: [one for one in desk.box.mails if word in str(one["Subject"])], "the mail arrives")[0]
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"The {word} is back" in body.get_content()

    def told() -> bool:
        page.goto("/alerts")
        return "1 new" in page.get_by_role("row", name=f"About {word}").inner_text()

    waiting.until(told, "the page says so", waiting.BROWSER_S)
    page.get_by_role("row", name=f"About {word}").get_by_text("Change").click()
    page.get_by_role("button", name=f"Delete About {word}").click()
    expect(page.get_by_role("row", name=f"About {word}")).to_have_count(0)


@pytest.mark.check
def test_a_wrong_address_is_said_and_is_mended_on_the_page(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, refused=True)
    desk.remember(page)
    page.goto("/alerts?q=moon")
    page.locator("#make select[name=channel]").select_option("mail")
    page.locator("#make").get_by_label("Address, if needed").fill("desk@example.org, all@example.org")
    page.get_by_role("button", name="Make the alert").click()

    expect(page.get_by_role("alert")).to_contain_text("is not one mail address")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#make").get_by_label("Address, if needed")).to_have_value("desk@example.org, all@example.org")
    page.locator("#make").get_by_label("Address, if needed").fill("desk@example.org")
    page.locator("#make").get_by_label("Its name").fill("The moon")
    page.get_by_role("button", name="Make the alert").click()

    expect(page.get_by_text("The alert was made.")).to_be_focused()


@pytest.mark.check
def test_pages_with_alerts_have_no_violation(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, width=320)
    desk.remember(page)
    page.goto("/alerts?q=moon")
    page.locator("#make").get_by_label("Its name").fill("Moon again")
    page.get_by_role("button", name="Make the alert").click()
    page.get_by_role("row", name="Moon again").get_by_text("Change").click()

    assert flaws(page) == []
    page.goto("/alerts?q=moon")
    assert flaws(page) + flaws(page, scheme="dark") == []
