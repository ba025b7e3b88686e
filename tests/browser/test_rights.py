"""People and rights in a browser: an administrator makes a rule, and sees what a stranger sees by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from desk.people import keys
from search import Article
from tests.browser.looking import NARROW, flaws
from tests.browser.running import Desk, hosted
from tests.search.indexes import written
from tests.service.desk.alerts.receivers import Mailbox

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
    page.get_by_label("Sees").select_option(label="metadata only")
    page.get_by_label("Sources").fill(GAZETTE)
    page.get_by_role("button", name="Add the rule").click()
    expect(page.locator("#rules tbody th")).to_have_count(1)
    page.locator("#seen").get_by_role("button", name="Show it").click()
    expect(page.locator("#seen tbody tr", has_text="metadata")).to_contain_text("2")

    for width, scheme in ((NARROW, "light"), (1440, "dark")):
        assert flaws(page, width, scheme) == []
    stranger.goto("/?q=harbours")
    expect(stranger.locator(".hits h2")).to_have_text(["Harbour 2"])
    stranger.goto("/article/a0")
    expect(stranger.locator("main")).not_to_contain_text("Harbours.")
