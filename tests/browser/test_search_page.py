from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def total(page: Page) -> int:
    text = page.get_by_role("status").inner_text()
    return int(text.split()[0].replace(",", ""))


def test_a_person_searches_and_reads(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("berlin wall")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("heading", level=2).first.get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("article mark").first).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    assert parameters(page) == {"q": ["berlin wall"]}


def test_a_tick_narrows_to_the_number_it_showed(page: Page) -> None:
    page.goto("/")
    row = page.locator("fieldset", has_text="Country").locator("li").first
    promised = int(row.locator(".count").inner_text())
    row.get_by_role("checkbox").check()
    expect(page.locator(".chips li").first).to_be_visible()

    assert total(page) == promised
    assert list(parameters(page)) == ["country"]


def test_a_checkbox_is_named_with_its_count(page: Page) -> None:
    page.goto("/")

    expect(page.get_by_role("checkbox", name="politics")).to_have_accessible_name(
        f"politics {page.locator('fieldset', has_text='Topic').locator('.count').first.inner_text()}"
    )


def test_the_back_button_brings_the_filters_back(page: Page) -> None:
    page.goto("/?q=president")
    before = total(page)
    page.locator("fieldset", has_text="Country").get_by_role("checkbox").first.check()
    expect(page.locator(".chips li").first).to_be_visible()
    page.go_back()

    assert total(page) == before
    assert parameters(page) == {"q": ["president"]}
    page.get_by_role("searchbox").fill("minister")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=minister")


def test_a_bar_of_the_timeline_narrows_to_its_articles(page: Page) -> None:
    page.goto("/")
    bar = page.locator(".timeline svg a").first
    label, count = bar.locator("title").text_content().split(": ")  # type: ignore[union-attr]
    page.goto(bar.get_attribute("href") or "")

    assert total(page) == int(count.split()[0])
    assert parameters(page)["from"] == [label]


def test_exclude_takes_a_value_away(page: Page) -> None:
    page.goto("/")
    everything = total(page)
    row = page.locator("fieldset", has_text="Country").locator("li").first
    promised = int(row.locator(".count").inner_text())
    row.hover()
    row.get_by_role("link").click()
    expect(page.locator(".chips li").first).to_be_visible()

    assert total(page) == everything - promised


def test_slash_goes_to_the_box(page: Page) -> None:
    page.goto("/")
    page.locator("h2").first.click(position={"x": 500, "y": 2})
    page.keyboard.press("/")

    expect(page.get_by_role("searchbox")).to_be_focused()


def test_everything_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("berlin")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("checkbox", name="United States").check()
    page.get_by_role("button", name="Apply").click()

    assert parameters(page)["country"] == ["US"]
    assert parameters(page)["q"] == ["berlin"]
    assert total(page) > 0
    page.locator("input[name=from]").fill("1961")
    page.get_by_role("button", name="Set dates").click()
    assert parameters(page)["from"] == ["1961"]
    assert parameters(page)["country"] == ["US"]
    context.close()


def test_a_phone_does_not_scroll_sideways(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, base_url=address)
    for path in ("/?q=the", "/article/1961-08-berlin-wall"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_keyboard_reaches_every_control_with_a_visible_focus(page: Page) -> None:
    page.goto("/")
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"

    assert {"A", "INPUT", "BUTTON"} <= seen
