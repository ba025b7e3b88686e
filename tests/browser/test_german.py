"""A reader whose browser prefers German: a search, a mistake mended, an article, a list of nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import flaws

pytestmark = pytest.mark.browser


@pytest.fixture
def german(open_page: Callable[..., Page], address: str) -> Page:
    return open_page(address, refused=True, locale="de-AT")


def test_a_journey_in_german(german: Page) -> None:
    german.goto("/?q=")
    expect(german.locator("html")).to_have_attribute("lang", "de")
    german.get_by_role("searchbox", name="Im Archiv suchen").or_(german.get_by_label("Im Archiv suchen")).fill("berlin")
    german.get_by_role("button", name="Suchen", exact=True).click()
    expect(german.locator("#total")).to_have_text(re.compile(r"^(Treffer 1–10, insgesamt )?\d+ Artikel$"))
    german.get_by_role("checkbox", name=re.compile("^Deutschland")).check()
    expect(german.get_by_role("list", name="Aktive Filter")).to_contain_text("Deutschland")

    german.get_by_text("Zeitraum", exact=True).click()
    german.get_by_label("Von", exact=True).fill("31.31.1998")
    german.get_by_label("Von", exact=True).press("Enter")
    expect(german.get_by_role("alert")).to_contain_text("Dieses Datum war leider nicht lesbar")
    expect(german.get_by_label("Von", exact=True)).to_have_accessible_description(
        re.compile("^„31.31.1998“ steht nicht im Kalender. Geben Sie an: einen Tag")
    )
    german.get_by_label("Von", exact=True).fill("13. August 1961")
    german.get_by_label("Von", exact=True).press("Enter")
    expect(german.get_by_role("alert")).to_have_count(0)

    german.locator(".hits h2 a").first.click()
    expect(german.locator("article .meta")).to_contain_text(re.compile(r"\d\d?\. \w+ \d{4} · .* · von "))
    expect(german.locator("article h1")).to_have_attribute("lang", "en")
    german.get_by_text("Zitieren", exact=True).click()
    german.get_by_role("button", name="BibTeX kopieren").click()
    expect(german.locator("#live")).to_have_text("BibTeX kopiert.")


def test_names_are_completed_with_german_kinds(german: Page) -> None:
    german.goto("/?q=")
    german.get_by_label("Im Archiv suchen").press_sequentially("-nix")

    expect(german.get_by_role("option").first).to_contain_text("nicht Person")


def test_nothing_found_is_said_in_german(german: Page) -> None:
    german.goto("/?q=berlin+zebrafisch&country=DE")

    expect(german.locator(".empty")).to_contain_text("Keine Artikel gefunden")
    expect(german.locator(".empty")).to_contain_text("Lassen Sie probeweise weg")


@pytest.mark.check
def test_german_fits_and_has_no_violation(german: Page) -> None:
    for path in ("/?q=berlin&country=DE", "/article/1961-08-berlin-wall?mark=country", "/?view=map"):
        german.goto(path)
        assert flaws(german, 320) + flaws(german, 1440, "dark") == [], path
