"""People and rights in a browser: an administrator makes rules for strangers and a group, and they are in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from desk.people import keys
from search import Article
from tests.browser.looking import check_looks
from tests.browser.running import Desk
from tests.browser.test_upload import batch, index
from tests.search.indexes import written
from tests.service.desk.alerts.receivers import Mailbox
from tests.service.serving import hosted

pytestmark = pytest.mark.browser

GAZETTE = "The Harbour Gazette and " + "Evening Advertiser " * 8


@pytest.fixture(scope="module")
def chief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where an archive of two papers is served, with the key of its administrator."""
    place = tmp_path_factory.mktemp("rights") / "news.idx"
    papers = (GAZETTE, GAZETTE, "The Post")
    written(place, *(Article(f"a{n}", "Harbours.", f"Harbour {n}", source=name) for n, name in enumerate(papers)))
    _, secret = keys.add(str(place), ["admin"], "the chief of the whole " + "archive" * 6)
    with hosted(place) as address:
        yield Desk(address, secret, place, Mailbox())


def test_a_rule_is_made_tried_and_in_force(open_page: Callable[..., Page], chief: Desk) -> None:
    page, stranger = open_page(chief.address), open_page(chief.address)
    chief.remember(page)
    page.goto("/")
    page.get_by_role("link", name="People and rights").click()
    page.get_by_label("Sees", exact=True).select_option(label="metadata only")
    page.get_by_label("Sources", exact=True).fill(GAZETTE)
    page.get_by_role("button", name="Add the rule").click()
    expect(page.locator("#rules tbody th")).to_have_count(1)
    page.locator("#seen").get_by_role("button", name="Show it").click()
    expect(page.locator("#seen tbody tr", has_text="metadata")).to_contain_text("2")

    check_looks(page)
    stranger.goto("/?q=harbours")
    expect(stranger.locator(".hits h2")).to_have_text(["Harbour 2"])
    stranger.goto("/article/a0")
    expect(stranger.locator("main")).not_to_contain_text("Harbours.")


def test_an_article_is_erased_once_its_title_was_shown(open_page: Callable[..., Page], chief: Desk) -> None:
    page = open_page(chief.address)
    chief.remember(page)
    page.goto("/admin")
    page.get_by_label("Ids of articles, one a line").fill("a1\nnobody-" + "has-this" * 20)
    page.get_by_label("Remove, block and erase every byte").check()
    page.get_by_role("button", name="Show what this would do").click()
    expect(page.locator("#asked")).to_contain_text("Harbour 1")
    check_looks(page)
    page.get_by_role("button", name="Yes, erase 1 article for good").click()
    index(chief)
    expect(page.locator("#watched")).to_contain_text("Articles removed: 1")  # the page comes again by itself
    page.goto("/?q=harbours")
    expect(page.locator(".hits h2", has_text="Harbour 1")).to_have_count(0)


def test_a_reader_of_a_group_finds_by_its_rule_adds_articles_and_undoes_it(
    open_page: Callable[..., Page], chief: Desk
) -> None:
    page, reader = open_page(chief.address), open_page(chief.address)
    chief.remember(page)
    page.goto("/admin")
    page.get_by_role("textbox", name="Name").fill("Night desk")
    page.get_by_label("index: add articles").check()
    page.get_by_role("button", name="Make a key").click()
    secret = page.locator("#made code").inner_text()
    page.get_by_role("link", name="People and rights").first.click()
    page.get_by_label("Groups of Night desk").fill("night")
    page.locator("#people tr", has_text="Night desk").get_by_role("button", name="Store").click()
    for who, group, sees in (("Everyone", "", "nothing"), ("A group", "night", "everything, with scans and exports")):
        page.locator("#kind").select_option(label=who)
        page.get_by_label("Name of the group", exact=True).fill(group)
        page.get_by_label("Sees", exact=True).select_option(label=sees)
        page.get_by_label("Sources", exact=True).fill("The Post")
        page.get_by_role("button", name="Add the rule").click()
        expect(page.locator("#rules")).to_contain_text(sees.split(",")[0] if who == "Everyone" else "may export")

    reader.goto("/?q=harbours")
    expect(reader.locator(".hits h2", has_text="Harbour 2")).to_have_count(0)
    replace(chief, secret=secret).remember(reader)
    reader.goto("/?q=harbours")
    expect(reader.locator(".hits h2", has_text="Harbour 2")).to_have_count(1)
    reader.get_by_role("link", name="Add articles").click()
    reader.get_by_label("Files").set_input_files(batch())
    reader.get_by_role("button", name="Upload").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text(".zip")
    index(chief)
    expect(reader.locator("#rejected tbody tr")).to_have_count(3)
    job = reader.url
    reader.goto("/?q=quay")
    expect(reader.locator(".hits h2")).to_have_count(9)
    page.goto("/admin")
    expect(page.locator("#audit")).to_contain_text("Night desk")
    check_looks(page)
    reader.goto(job)
    reader.get_by_role("button", name="Undo").click()
    index(chief)
    expect(reader.locator("main")).to_contain_text("is removed")
    reader.goto("/?q=quay")
    expect(reader.locator(".hits h2")).to_have_count(0)
