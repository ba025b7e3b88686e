"""Being told as a person is: a search is saved, an alert made of it, an article indexed, and the mail arrives."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import search
from search import Article
from service import keys
from tests import waiting
from tests.browser.running import new_page, served
from tests.browser.test_accessibility import found
from tests.service.alerts.receivers import Mailbox, mailbox

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path, Mailbox]]:
    """Where an index of its own is served, a key that may edit, the index, and where mail arrives."""
    place = tmp_path_factory.mktemp("alerting") / "news.idx"
    shutil.copytree(seeds_index, place)
    _, secret = keys.add(str(place), ["edit"], "night desk")
    with mailbox() as box:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": str(box.port), "smtp_tls": "none", "smtp_from": "a@example.org"}
        with served(place, public_url="http://127.0.0.1", **smtp) as address:
            yield address, secret, place, box


def sign_in(page: Page, secret: str) -> None:
    page.goto("/sign-in?next=/searches")
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Searches", exact=True)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_search_is_saved_and_the_mail_arrives(
    open_page: Callable[..., Page], desk: tuple[str, str, Path, Mailbox], script: bool
) -> None:
    address, secret, place, box = desk
    word = "zebrafish" if script else "aardvark"
    page = open_page(address, java_script_enabled=script)
    sign_in(page, secret)
    page.goto(f"/searches?q={word}")
    page.get_by_label("Its name").fill(f"About {word}")
    page.get_by_role("button", name="Save the search").click()
    page.get_by_role("link", name=f"Alert me of About {word}").click()

    expect(page.get_by_label("Its name")).to_have_value(f"About {word}")
    page.locator("#make select[name=channel]").select_option("mail")
    page.locator("#make").get_by_label("Address, if mail").fill("desk@example.org")
    page.get_by_role("button", name="Make the alert").click()
    expect(page.get_by_role("row", name=f"About {word}")).to_contain_text("nothing yet")

    with search.writer(place) as writer:
        writer.add(Article(f"new-{word}", f"A {word} was seen.", title=f"The {word} is back"))
    mail = waiting.until(lambda: [one for one in box.mails if word in str(one["Subject"])], "the mail arrives")[0]
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


def test_a_wrong_address_is_said_and_leads_back(browser: Browser, desk: tuple[str, str, Path, Mailbox]) -> None:
    address, secret, _, _ = desk
    page = new_page(browser, address)  # Chromium notes the status of a refusal as an error
    sign_in(page, secret)
    page.goto("/alerts?q=moon")
    page.locator("#make select[name=channel]").select_option("mail")
    page.locator("#make").get_by_label("Address, if mail").fill("desk@example.org, all@example.org")
    page.get_by_role("button", name="Make the alert").click()

    expect(page.get_by_role("alert")).to_contain_text("is not one mail address")
    page.get_by_role("link", name="Back to where you were").click()
    expect(page.get_by_role("button", name="Make the alert")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_with_alerts_have_no_violation(
    open_page: Callable[..., Page], desk: tuple[str, str, Path, Mailbox], scheme: str
) -> None:
    address, secret, _, _ = desk
    page = open_page(address, viewport={"width": 320, "height": 800}, color_scheme=scheme)
    sign_in(page, secret)
    page.goto("/alerts?q=moon")
    page.locator("#make").get_by_label("Its name").fill(f"Moon {scheme}")
    page.get_by_role("button", name="Make the alert").click()
    page.get_by_role("row", name=f"Moon {scheme}").get_by_text("Change").click()

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.goto("/alerts?q=moon")
    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
