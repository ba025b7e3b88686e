"""All of the page by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_search_page import parameters, total

pytestmark = pytest.mark.browser


def test_slash_goes_to_the_box(page: Page) -> None:
    page.goto("/?q=")
    page.keyboard.press("/")

    expect(page.locator("#q")).to_be_focused()


def test_j_and_k_go_from_article_to_article_and_o_opens(page: Page) -> None:
    page.goto("/?q=president")
    titles = page.locator(".hits h2 a")
    for key, number in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(titles.nth(number)).to_be_focused()
    opened = titles.nth(1).inner_text()
    page.keyboard.press("o")

    expect(page.locator("article h1")).to_have_text(opened)


def test_j_and_k_go_through_the_result_from_an_article(page: Page) -> None:
    page.goto("/?q=president")
    names = page.locator(".hits h2 a").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("article h1")).to_have_text(names[0])
    page.wait_for_load_state()  # the keys work once the scripts have run
    page.keyboard.press("j")
    expect(page.locator("article h1")).to_have_text(names[1])
    page.wait_for_load_state()
    page.keyboard.press("k")

    expect(page.locator("article h1")).to_have_text(names[0])


def test_a_question_mark_helps(page: Page) -> None:
    page.goto("/?q=")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#help")).to_be_hidden()


@pytest.mark.check
def test_the_help_takes_the_focus_and_gives_it_back(page: Page) -> None:
    page.goto("/?q=president")
    page.keyboard.press("j")
    title = page.locator(".hits h2 a").first
    expect(title).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_focused()
    page.keyboard.press("Escape")

    expect(title).to_be_focused()


@pytest.mark.check
def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.goto("/?q=president")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Use keys without a modifier").uncheck()
    page.get_by_role("button", name="Close").click()
    for address in ("/?q=president", "/article/1961-08-berlin-wall"):
        page.goto(address)
        for key in "/jo?":
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement === document.body")
        expect(page.locator("#help")).to_be_hidden()
    page.get_by_role("button", name="Help and shortcuts").click()
    page.get_by_role("checkbox", name="Use keys without a modifier").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")

    expect(page.locator("#q")).to_be_focused()


@pytest.mark.check
def test_j_goes_on_to_the_next_page_and_k_back(page: Page) -> None:
    page.goto("/?q=president")
    titles = page.locator(".hits h2 a")
    names = titles.all_inner_texts()
    for _ in names:
        page.keyboard.press("j")
    expect(titles.last).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#total")).to_contain_text("Results 11–20 of")
    expect(titles.first).to_be_focused()
    assert titles.first.inner_text() not in names
    page.keyboard.press("k")
    expect(page.locator("#total")).to_contain_text("Results 1–10 of")

    expect(titles.last).to_be_focused()
    expect(titles.last).to_have_text(names[-1])


@pytest.mark.check
def test_the_focus_is_on_the_results_of_the_next_page(page: Page) -> None:
    page.goto("/?q=president")
    page.get_by_role("link", name="Next →").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_contain_text("Results 11–20 of")
    page.keyboard.press("Tab")

    expect(page.locator(".hits h2 a").first).to_be_focused()


@pytest.mark.check
def test_the_focus_stays_on_what_was_pressed(page: Page) -> None:
    page.goto("/?q=president")
    for name, then in (("Map of countries", ".map"), ("Articles", ".hits")):
        page.locator(".menu summary", has_text="View").press("Enter")
        page.get_by_role("link", name=name, exact=True).press("Enter")
        expect(page.locator(then)).to_be_visible()
        expect(page.locator(".menu summary", has_text=f"View {name}")).to_be_focused()
    page.locator(".menu summary", has_text="Order").press("Enter")
    page.get_by_role("link", name="newest").press("Enter")
    expect(page.locator(".menu summary", has_text="Order newest")).to_be_focused()


@pytest.mark.check
def test_escape_closes_a_menu_and_leads_back_to_its_button(page: Page) -> None:
    page.goto("/?q=president")
    export = page.locator("#export summary")
    export.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="CSV", exact=True).and_(page.locator(".menu a"))).to_be_focused()
    page.keyboard.press("Escape")

    expect(export).to_be_focused()
    expect(page.locator(".menu[open]")).to_have_count(0)


@pytest.mark.check
def test_keys_are_letters_in_the_box(page: Page) -> None:
    page.goto("/?q=")
    page.locator("#q").type("j/k?o")

    expect(page.locator("#q")).to_have_value("j/k?o")


@pytest.mark.check
def test_arrows_go_along_the_timeline_and_shift_takes_a_range(page: Page) -> None:
    page.goto("/?q=")
    bars = page.locator(".bars a")
    counts = [int((t or "").split(": ")[1].split()[0]) for t in bars.locator("title").all_text_contents()]
    bars.first.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(bars.nth(4)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chips li").first).to_be_visible()

    assert total(page) == sum(counts[1:5])
    assert page.evaluate("document.activeElement.closest('.bars') !== null")


@pytest.mark.check
def test_a_search_is_narrowed_excluded_and_exported_without_a_mouse(page: Page) -> None:
    page.goto("/?q=")
    page.keyboard.press("/")
    page.keyboard.type("president")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=president"))
    tab_to(page, "checkbox", "country")
    page.keyboard.press("Space")
    expect(page.locator(".chips li").first).to_be_visible()
    tab_to(page, "submit", "person.not")
    page.keyboard.press("Enter")
    expect(page.locator(".chips .not")).to_be_visible()

    assert set(parameters(page)) == {"q", "country", "person.not"}
    tab_to_link(page, "Download")
    page.keyboard.press("Enter")
    tab_to_link(page, "CSV")
    with page.expect_download():
        page.keyboard.press("Enter")


@pytest.mark.check
def test_focus_is_always_seen(page: Page) -> None:
    page.goto("/?q=")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        tag, outline, width = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.tagName, s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        seen.add(tag)
        assert (outline, width) != ("none", 0)
        assert outline != "none"

    assert {"A", "INPUT", "BUTTON"} <= seen


def test_the_first_stop_leads_past_everything(page: Page) -> None:
    page.goto("/?q=")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the articles")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator(".hits h2 a").first).to_be_focused()


def tab_to(page: Page, kind: str, name: str) -> None:
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("[document.activeElement.type, document.activeElement.name]") == [kind, name]:
            return
    raise AssertionError(f"no {kind} {name} is reached by Tab")


def tab_to_link(page: Page, text: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == text:
            return
    raise AssertionError(f"no link {text} is reached by Tab")
