"""Citing as a person does it: an article in a style, and a result that is opened again later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

import search
from search import Article
from tests.browser.looking import flaws
from tests.browser.running import Desk

pytestmark = pytest.mark.browser

WALL = "/article/1961-08-berlin-wall"


@pytest.mark.check
def test_a_citation_is_copied_with_its_italics(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()
    page.get_by_role("button", name="Copy MLA").click()

    expect(page.locator("#live")).to_have_text("MLA copied.")
    copied = page.evaluate("""async () => {
        const [item] = await navigator.clipboard.read();
        return Promise.all(["text/plain", "text/html"].map(async (kind) => (await item.getType(kind)).text()));
    }""")
    assert copied[0].strip() == page.locator("[data-copy=MLA]").inner_text()
    assert "<i" in copied[1]


@pytest.mark.check
def test_without_a_script_citations_are_text(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()

    expect(page.locator("[data-copy=APA]")).to_contain_text("(1961, August 13)")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


@pytest.mark.check
def test_citations_fit_a_phone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, width=320)
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()

    assert flaws(page) + flaws(page, scheme="dark") == []


def begin(desk: Desk, word: str) -> None:
    """Three articles have a word that no other has."""
    with search.writer(desk.place) as writer:
        for name in ("one", "two", "three"):
            writer.add(Article(f"{word}-{name}", f"A {word}.", f"{name.title()} {word}", published="1989-11-09"))


def change(desk: Desk, word: str) -> None:
    """Of these, one goes, one changes, and another comes."""
    with search.writer(desk.place) as writer:
        assert writer.delete(f"{word}-one")
        with search.open(desk.place) as engine:
            other = engine.article(f"{word}-two")
        writer.add(replace(other, title=f"{other.title}, corrected"))
        again = f"{word} again".title()
        writer.add(Article(f"{word}-new", f"A {word}.", again, published="2026-11-27", added="2999-01-01T00:00:00Z"))


def test_a_result_is_cited_changed_and_opened_again(open_page: Callable[..., Page], desk: Desk, script: bool) -> None:
    word = "quokka" if script else "okapi"
    begin(desk, word)
    page = open_page(desk.address, java_script_enabled=script)
    page.goto(f"/?q={word}")
    page.locator("#save summary").click()
    page.get_by_role("link", name="Cite this result").click()
    page.get_by_role("link", name="sign in", exact=True).click()
    desk.sign_in(page)
    expect(page.get_by_role("heading", name="Cite this result")).to_be_visible()
    page.get_by_role("button", name="Make the citation").click()
    expect(page.locator("#verdict")).to_have_text("Nothing came, went or changed: the result is the same.")
    cited = page.url
    change(desk, word)

    page.goto("/?q=")
    page.goto(cited)
    expect(page.locator("#verdict")).to_contain_text("1 article came, 1 went, 1 changed")
    expect(page.get_by_role("region", name="Came")).to_contain_text(f"{word.title()} Again")
    expect(page.get_by_role("region", name="Went")).to_contain_text(f"Article “{word}-one” was removed on")
    expect(page.get_by_role("region", name="Changed")).to_contain_text(", corrected")
    assert not script or flaws(page) == []
    page.get_by_role("link", name=f"{word.title()} Again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{word.title()} Again")


@pytest.mark.check
def test_a_reader_without_a_key_gets_an_address(open_page: Callable[..., Page], desk: Desk) -> None:
    begin(desk, "numbat")
    page = open_page(desk.address)
    page.goto("/cite?q=numbat")
    page.get_by_role("button", name="Make the citation").click()
    expect(page.locator("#verdict")).to_contain_text("the result is the same")
    change(desk, "numbat")

    other = open_page(desk.address)  # another browser
    other.goto(page.url)
    expect(other.locator("#verdict")).to_contain_text("The result has changed. Of the articles that match now, 1 was")
