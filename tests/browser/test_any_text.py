"""Texts of any language and shape: words without an end, lines from right to left, other languages than the page's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

import search
from search import Article
from search.values.article import Evidence
from tests.browser.looking import sideways
from tests.service.serving import hosted

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrt" * 20
ARABIC = "وصل الرئيس إلى القاهرة اليوم. قال إن المحادثات كانت مفيدة."
HEBREW = "הנשיא הגיע לירושלים"
PAGES = (
    f"/?q={LONG}+x", "/", f"/?person={LONG[:190]}&source.not={LONG[:190]}&list=", f"/?q=zzz+{LONG}", f"/?from={LONG}",
    "/?view=people", "/?view=over-time&field=source", "/?view=special&field=person", "/article/long?mark=person",
    "/article/long/versions/copy", "/article/long/event",
    f"/entity/person/{LONG[:190]}", "/names", f"/names?name={LONG[:190]}",
    f"/compare?q={LONG}&q={LONG[:99]}&source={LONG[:190]}", f"/cite?q={LONG}", f"/searches?q={LONG}", "/lists",
    "/draft", "/sign-in", f"/nowhere/{LONG}",
)  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an archive of such texts is served."""
    place = tmp_path_factory.mktemp("mixed") / "idx"
    name = LONG[:190]
    with search.writer(place) as writer:
        for each in ("long", "copy"):
            writer.add(
                Article(
                    each, f"{name} {LONG} x", f"{LONG} title", published="1998-05-17", language="de", source=name,
                    section=name, url=f"https://example.org/{LONG}", byline=name, author=(name,),
                    person=(name, f"{name}2"), group="g",
                    evidence={"person": (Evidence(name, 0, 190, name, "crf", 1.0),)},
                )
            )  # fmt: skip
        writer.add(
            Article("arabic", ARABIC, "الرئيس في القاهرة", published="2020-01-01", language="ar", source="الأهرام")
        )
        writer.add(Article("hebrew", f"{HEBREW}.", HEBREW, published="2021-01-01"))
        writer.add(Article("german", "Der Präsident kam an.", "Präsident in Bonn", language="de", published="1990"))
        writer.add(Article("english", "The president arrived.", "President in London", language="en", published="1991"))
    with hosted(place) as address:
        yield address


def test_no_word_is_wider_than_the_page(open_page: Callable[..., Page], mixed: str) -> None:
    page = open_page(mixed, refused=True)
    for path in PAGES:
        page.goto(path)

        assert sideways(page, 320, 768, 1440) == [], path


def test_what_is_written_from_right_to_left_is_laid_out_so(open_page: Callable[..., Page], mixed: str) -> None:
    page = open_page(mixed)
    page.goto(f"/?q={quote('الرئيس')}")
    for part in (".hits h2", ".hits .snippet"):
        expect(page.locator(part)).to_have_css("direction", "rtl")
        expect(page.locator(part)).to_have_attribute("lang", "ar")
    expect(page.locator(".hits .meta")).to_have_css("direction", "ltr")
    page.locator(".hits h2 a").click()
    for part in ("article h1", "article p:not(.meta)"):
        expect(page.locator(part).first).to_have_css("direction", "rtl")
        expect(page.locator(part).first).to_have_attribute("lang", "ar")
    expect(page.locator("article .meta")).to_have_css("direction", "ltr")
    page.goto("/article/hebrew")  # whose language nobody said
    expect(page.locator("article h1")).to_have_css("direction", "rtl")


def test_a_text_in_another_language_is_marked_wherever_it_stands(open_page: Callable[..., Page], mixed: str) -> None:
    page = open_page(mixed)
    page.goto("/?q=president+OR+präsident")
    expect(page.locator(".hits h2", has_text="Bonn")).to_have_attribute("lang", "de")
    expect(page.locator(".snippet", has_text="Präsident")).to_have_attribute("lang", "de")
    assert page.locator(".hits h2", has_text="London").get_attribute("lang") is None
    page.goto("/article/long")

    expect(page.locator("#copies bdi").first).to_have_attribute("lang", "de")
    expect(page.locator("article h1")).to_have_attribute("lang", "de")
    assert page.locator("article .meta").get_attribute("lang") is None


def test_where_an_article_was_found_is_a_link(open_page: Callable[..., Page], mixed: str) -> None:
    page = open_page(mixed)
    page.goto("/article/long")
    found = page.locator(".address a")

    expect(found).to_have_attribute("href", f"https://example.org/{LONG}")
    expect(found).to_have_attribute("rel", "noreferrer noopener")
