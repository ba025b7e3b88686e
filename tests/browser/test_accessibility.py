"""axe-core finds nothing against WCAG 2.2 AA, light and dark, narrow and wide; nothing scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import LOOKS, flaws, found, sideways

pytestmark = pytest.mark.browser

VIEWS = {
    "front": "/",
    "result": "/?q=president&person=Richard+Nixon&person=Al+Gore&country.not=FR&from=1960&scale=archive",
    "facet": "/?more=person&person.all=Richard+Nixon",
    "map": "/?view=map&country=FR",
    "tiles": "/?view=map&country=FR&draw=tiles",
    "people": "/?view=people&q=president",
    "special": "/?view=special&q=president",
    "concordance": "/?view=concordance&q=president",
    "batch": "/batch?country=US",
    "special by decade": "/?view=special&q=president&by=decade",
    "over-time": "/?view=over-time&q=president",
    "compare": "/compare?q=president&q=minister&q=moon+OR+space&country.not=FR&from=1950",
    "compare-nothing": "/compare",
    "entity": "/entity/person/Richard%20Nixon",
    "event": "/article/1961-08-berlin-wall/event",
    "draft": "/draft",
    "advanced": "/advanced?q=oil+-gas+%28a+OR+%3Db%29&country=DE",
    "advanced-nothing": "/advanced",
    "cite": "/cite?q=berlin&country=DE",
    "sign-in": "/sign-in",
    "feeds": "/feeds",
    "empty": "/?q=berlin+zebrafish&country=DE",
    "partial": "/?q=berlin+wall+east+zebra",
    "most": "/?q=berlin+wall+east+zebra&match=most",
    "mistake": "/?q=berlin&from=17/05/1998",
    "facet-nothing": "/?more=person&find=zzz",
    "page-past-the-end": "/?q=berlin&page=99",
    "docs": "/docs",
    "lists": "/lists",
    "searches": "/searches?q=moon",
    "alerts": "/alerts?q=moon",
    "names": "/names",
    "article": "/article/1961-08-berlin-wall?q=berlin&mark=person&mark=country&mark=topic",
}
MAIN = {"result", "article"}
"""Views of which `make test` also measures the contrast. What the page of the API says is for `make check` alone."""
NAMES = """
() => [...document.querySelectorAll("[aria-label]")].filter((e) => {
  const said = (text) => text.toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, " ").trim();
  const seen = said(e.innerText ?? "");
  return e.matches("a, button, input, select, summary") && /\\p{L}{2}/u.test(seen) && !said(e.ariaLabel).includes(seen);
}).map((e) => e.outerHTML)
"""
"""The controls whose names lack what is written on them."""


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits_is_named_and_has_no_violation(page: Page, amount: Callable[..., int], view: str) -> None:
    page.goto(VIEWS[view])

    assert page.evaluate(NAMES) == []
    assert sideways(page, 320, 768, 2200) == []
    for width, scheme in LOOKS[: amount(len(LOOKS), few=view != "docs")]:
        assert flaws(page, width, scheme, contrast=view in MAIN or amount(1, few=0) == 1) == []


@pytest.mark.check
def test_axe_finds_nothing_in_what_opens(page: Page) -> None:
    page.goto("/?q=")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert found(page) == []
    page.keyboard.press("Escape")
    page.locator(".opens").click()
    page.get_by_text("As a table").click()
    page.locator("#q").type("kenn")
    expect(page.get_by_role("option").first).to_be_visible()

    assert found(page) == []


@pytest.mark.check
def test_axe_finds_nothing_in_a_menu(page: Page) -> None:
    page.goto("/?q=president")
    for menu in ("Order", "View", "Download", "Save"):
        page.locator(".menu summary", has_text=menu).click()
        expect(page.locator("details[open]", has_text=menu)).to_be_visible()

        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)

            assert found(page, within=".tools") == [], menu


@pytest.mark.check
def test_axe_finds_nothing_in_the_filters_of_a_phone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, width=360, height=740, has_touch=True)
    page.goto("/?q=president&person=Richard+Nixon")
    page.locator(".fold", has_text="Filters").tap()
    page.locator(".opens").tap()
    expect(page.locator("#facet-country")).to_be_visible()

    assert found(page) == []


def test_filters_are_one_tap_away_on_a_phone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, width=360, height=740, has_touch=True)
    page.goto("/?q=president")
    expect(page.locator("#facet-country")).to_be_hidden()
    page.locator(".fold", has_text="Filters").tap()
    page.locator("#facet-country li").first.get_by_role("checkbox").tap()
    expect(page.locator(".chips li").first).to_be_attached()

    expect(page.locator("#facet-country")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Filters 1 in force")).to_be_checked()
    page.get_by_role("link", name=re.compile(r"^Show \d+ articles$")).tap()
    expect(page.locator("#facet-country")).to_be_hidden()
    expect(page.locator(".hits h2").first).to_be_in_viewport()


def test_a_hit_is_on_the_first_screen_of_a_phone_under_two_filters(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(address, width=360, height=640, has_touch=True)
    page.goto("/?q=president&person=Richard+Nixon&country=US")

    expect(page.locator(".hits h2").first).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("From")).to_be_hidden()
    page.locator(".opens").tap()
    expect(page.get_by_label("From")).to_be_visible()


CONTRAST = """
() => {
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.documentElement).backgroundColor);
  const ratio = (colour) => {
    const [more, less] = [light(colour), paper].sort((x, y) => y - x);
    return (more + 0.05) / (less + 0.05);
  };
  const bars = ".bars rect:last-of-type";
  const parts = { ".behind": "stroke", [bars]: "fill", ".map .none": "stroke", ".map rect": "stroke" };
  return Object.fromEntries(Object.entries(parts).map(([part, property]) => [
    part,
    Math.min(...[...document.querySelectorAll(part)].map((one) => ratio(getComputedStyle(one)[property]))),
  ]));
}
"""


def test_what_is_drawn_stands_out(page: Page) -> None:
    drawn = {
        "/?view=map&q=president&draw=tiles": CONTRAST,
        "/?view=map&q=president": CONTRAST.replace(".map .none", ".world .land").replace(".map rect", ".world a"),
    }
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        ratios: dict[str, float] = {}
        for path, asked in drawn.items():
            page.goto(path)
            ratios |= page.evaluate(asked)

        assert len(ratios) == 6
        assert 3 <= min(ratios.values()) <= max(ratios.values()) <= 21, scheme


def test_a_print_of_a_result_says_what_was_asked_where_and_when(page: Page) -> None:
    page.goto("/?q=president&country=US")
    expect(page.locator(".printed")).to_be_hidden()
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_have_text("42 articles for president")
    assert page.get_by_role("heading", level=1).evaluate("e => e.getBoundingClientRect().height") > 10
    expect(page.locator(".chips li").first).to_contain_text("United States")
    expect(page.locator(".printed")).to_be_visible()
    expect(page.locator(".printed")).to_contain_text(
        re.compile(r"^http://127.0.0.1:\d+/\?q=president&country=US · \d+ \w+ \d{4}$")
    )


def test_a_print_has_the_text_and_no_controls(page: Page) -> None:
    page.goto("/article/1961-08-berlin-wall")
    page.emulate_media(media="print")

    expect(page.locator("article")).to_be_visible()
    for control in ("#q", ".back", ".marks", "footer"):
        expect(page.locator(control).first).to_be_hidden()
