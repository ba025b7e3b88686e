"""A title of three years as people go through it: from the calendar to an issue, a page and an article on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from service.commands.cli import main
from tests import printed_page
from tests.browser.looking import flaws
from tests.service.serving import hosted

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def title(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a title of three years is served."""
    folder = tmp_path_factory.mktemp("title")
    printed_page.title_of_years(folder / "archive")
    assert CliRunner().invoke(main, ["index", str(folder / "idx"), str(folder / "archive")]).exit_code == 0
    with hosted(folder / "idx") as place:
        yield place


@pytest.mark.costs("indexes 153 issues of three years")
def test_the_calendar_leads_to_an_issue_a_page_and_an_article(open_page: Callable[..., Page], title: str) -> None:
    page = open_page(title, java_script_enabled=False, width=360, height=800)
    page.goto("/entity/source/The%20Gazette")
    page.get_by_role("link", name="Issues by day").click()
    page.get_by_role("link", name="1898", exact=True).click()
    skipped = [printed_page.FIRST + timedelta(weeks=week) for week in printed_page.SKIPPED]
    expect(page.locator("td.missing")).to_have_text([f"{day.day} missing" for day in skipped if day.year == 1898])

    page.get_by_title("12 March 1898: 4 articles").click()
    expect(page.get_by_role("heading", name="12 March 1898", level=1)).to_be_attached()
    expect(page.locator(".leaves h2")).to_have_text(["Page 1", "Page 2"])
    page.get_by_role("link", name="Page 1").click()
    page.get_by_role("link", name="Next page →").click()
    region = page.locator("#scans").get_by_role("link", name="Market prices 162")
    region.focus()
    region.press("Enter")
    expect(page.get_by_role("heading", name="Market prices 162", level=1)).to_be_attached()
    page.get_by_role("link", name="All articles of this page").click()
    page.get_by_role("link", name="Next issue →").click()
    expect(page.get_by_role("heading", name="19 March 1898", level=1)).to_be_attached()


def test_a_click_on_the_print_of_an_article_opens_it(open_page: Callable[..., Page], title: str) -> None:
    page = open_page(title)
    page.goto("/issue/1898-03-12/The%20Gazette?page=2")
    page.locator("#scans").get_by_role("link", name="Ferry report 162").locator("path").click(position={"x": 9, "y": 9})

    expect(page.get_by_role("heading", name="Ferry report 162", level=1)).to_be_attached()


def test_calendars_issues_and_pages_are_accessible(open_page: Callable[..., Page], title: str) -> None:
    page = open_page(title)
    for shown in (
        "title/The%20Gazette?year=1898",
        *(f"issue/1898-03-12/The%20Gazette{one}" for one in ("", "?page=1")),
    ):
        page.goto(f"/{shown}")
        assert flaws(page, 360) + flaws(page, 1440, "dark") == []
