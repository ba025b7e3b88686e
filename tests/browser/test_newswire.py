"""A newcomer's task: of a newswire's reports of March 1987, those naming two persons and not one country, exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.check]


def test_two_persons_without_a_country_in_a_month_are_found_and_exported(
    newswire: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(newswire)
    page.goto("/")
    for letters, name in (("nakas", "Yasuhiro Nakasone"), ("miyaz", "Kiichi Miyazawa")):
        page.locator("#q").press_sequentially(letters)
        page.get_by_role("option", name=name).first.click()
        expect(page.locator(".chips")).to_contain_text(name)
    page.get_by_role("complementary", name="Filters").get_by_role("button", name="Exclude United States").click()
    expect(page.locator(".chips .not")).to_contain_text("United States")
    page.get_by_label("From").fill("1987-03")
    page.get_by_label("to", exact=True).fill("1987-03")
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("1987-03")
    with page.expect_download() as waiting:
        page.locator("#export summary").click()
        page.get_by_role("link", name="JSON Lines").click()
    waiting.value.save_as(tmp_path / "export")

    found = [json.loads(line) for line in (tmp_path / "export").read_text("utf-8").splitlines()]
    assert found
    assert page.locator("#total strong").inner_text().split()[0] == str(len(found))
    for article in found:
        assert {"Yasuhiro Nakasone", "Kiichi Miyazawa"} <= set(article["person"])
        assert "US" not in article["country"]
        assert article["published"].startswith("1987-03")
