"""Citing as a person does it: an article in a style, and a result that is opened again later."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import search
from search import Article, Query
from service import keys
from tests.browser.running import served
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser

WALL = "/article/1961-08-berlin-wall"


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


def test_without_a_script_citations_are_text(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()

    expect(page.locator("[data-copy=APA]")).to_contain_text("(1961, August 13)")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_citations_fit_a_phone(open_page: Callable[..., Page], address: str, scheme: str) -> None:
    page = open_page(address, viewport={"width": 320, "height": 800}, color_scheme=scheme)
    page.goto(WALL)
    page.get_by_text("Cite", exact=True).click()

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.fixture
def desk(seeds_index: Path, tmp_path: Path) -> Iterator[tuple[str, Path, str]]:
    """Where an index of its own is served, its directory, and a key of scope `edit`."""
    place = tmp_path / "news.idx"
    shutil.copytree(seeds_index, place)
    _, secret = keys.add(str(place), ["edit"], "night desk")
    with served(place) as address:
        yield address, place, secret


def change(place: Path) -> None:
    """One report goes, one changes, and one comes."""
    with search.writer(place) as writer:
        assert writer.delete("1961-08-berlin-wall")
        with search.open(place) as engine:
            ids = sorted(article.id for article in engine.export(Query("berlin")))
            other = engine.article(next(name for name in ids if name != "1961-08-berlin-wall"))
        writer.add(replace(other, title=f"{other.title}, corrected"))
        writer.add(
            Article("new", "Berlin, later.", "Berlin again", published="2026-11-27", added="2999-01-01T00:00:00Z")
        )


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_result_is_cited_changed_and_opened_again(
    open_page: Callable[..., Page], desk: tuple[str, Path, str], script: bool
) -> None:
    address, place, secret = desk
    page = open_page(address, java_script_enabled=script)
    page.goto("/?q=berlin")
    page.locator("#export summary").click()
    page.get_by_role("link", name="Cite this result").click()
    page.get_by_role("link", name="sign in", exact=True).click()
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Cite this result")).to_be_visible()
    page.get_by_role("button", name="Make the citation").click()
    expect(page.locator("#verdict")).to_have_text("Nothing came, went or changed: the result is the same.")
    cited = page.url
    change(place)

    page.goto("/")
    page.goto(cited)
    expect(page.locator("#verdict")).to_contain_text("1 article came, 1 went, 1 changed")
    expect(page.get_by_role("region", name="Came")).to_contain_text("Berlin again")
    expect(page.get_by_role("region", name="Went")).to_contain_text("Article “1961-08-berlin-wall” was removed on")
    expect(page.get_by_role("region", name="Changed")).to_contain_text(", corrected")
    page.get_by_role("link", name="Berlin again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berlin again")


def test_a_reader_without_a_key_gets_an_address(open_page: Callable[..., Page], desk: tuple[str, Path, str]) -> None:
    address, place, _ = desk
    page = open_page(address)
    page.goto("/cite?q=berlin")
    page.get_by_role("button", name="Make the citation").click()
    expect(page.locator("#verdict")).to_contain_text("the result is the same")
    cited = page.url
    change(place)

    other = open_page(address)  # another browser
    other.goto(cited)
    expect(other.locator("#verdict")).to_contain_text("The result has changed. Of the articles that match now, 1 was")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cited_result_fits_a_phone(open_page: Callable[..., Page], desk: tuple[str, Path, str], scheme: str) -> None:
    address, place, secret = desk
    page = open_page(address, viewport={"width": 320, "height": 800}, color_scheme=scheme)
    page.goto("/sign-in?next=/cite?q=berlin")
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Make the citation").click()
    page.locator("#verdict").wait_for()
    change(place)
    page.reload()
    page.get_by_role("region", name="Went").wait_for()

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
