"""A hit that a filter found shows why: the value first, and the sentence that names it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_filter_shows_the_sentence_of_its_evidence(page: Page) -> None:
    page.goto("/?person=Richard+Nixon")
    hits = page.locator(".hits > li")

    expect(hits).to_have_count(4)
    for number in range(4):
        expect(hits.nth(number).locator(".who a").first).to_have_text("Richard Nixon")
        expect(hits.nth(number).locator(".snippet mark", has_text="Nixon").first).to_be_visible()


def test_a_filter_beside_words_adds_the_sentence_that_no_snippet_has(page: Page) -> None:
    page.goto("/?q=moon&person=Richard+Nixon")
    hit = page.locator(".hits > li").first

    expect(hit.locator("mark", has_text="moon").first).to_be_visible()
    expect(hit.locator(".snippet mark", has_text="Nixon")).to_have_count(1)


def test_evidence_in_the_headline_is_marked(page: Page) -> None:
    page.goto("/?person=Gerald+Ford&q=pardons")

    expect(page.locator(".hits h2 mark", has_text="Ford").first).to_be_visible()
    page.goto("/article/1974-09-nixon-pardon?mark=person")
    expect(page.locator("h1 .ev.person").first).to_be_visible()
