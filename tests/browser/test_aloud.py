"""What a screen reader says: the accessibility tree of Chromium, as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.cases import cases

pytestmark = pytest.mark.browser


def aloud(page: Page, part: str) -> str:
    """What is said of a part of a page: roles, names and states, a line each, without addresses."""
    lines = page.locator(part).first.aria_snapshot().splitlines()
    return "\n".join(line.strip().removeprefix("- ").rstrip(":") for line in lines if "/url:" not in line)


def test_a_value_is_ticked_or_excluded_by_its_name(page: Page) -> None:
    page.goto("/?q=president&person=Richard+Nixon")

    assert aloud(page, "#facet-person li.chosen").startswith('listitem\ncheckbox "Richard Nixon 4" [checked]')
    first = aloud(page, "#facet-person li")
    said = r'listitem\ncheckbox "(.+) or \+(\d+)"\ntext: \1 or \+\2\n\'link "with: \d+"\'\nbutton "exclude \1": exclude'
    assert re.fullmatch(said, first)


def test_a_filter_in_force_is_said_with_what_can_be_done(page: Page) -> None:
    page.goto("/?person=Richard+Nixon")

    assert aloud(page, ".chips") == "\n".join(
        [
            'list "Active filters"',
            "listitem",
            "text: Person Richard Nixon",
            'link "About Richard Nixon"',
            "text: about",
            'link "Exclude Richard Nixon instead"',
            "text: exclude",
            'link "Remove Person Richard Nixon"',
            "text: ×",
            "listitem",
            'link "clear all"',
        ]
    )


def test_a_mistake_is_said_first_and_at_its_field(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, refused=True)
    page.goto("/?q=president&from=soon")
    said = aloud(page, "main").splitlines()

    assert said[1:5] == [
        'heading "61 articles for president" [level=1]',
        "alert",
        'heading "Sorry, this date couldn’t be read" [level=2]',
        "list",
    ]
    field = page.get_by_role("textbox", name="From")
    expect(field).to_have_accessible_description(re.compile("“soon” is not a date"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("soon")


@cases(
    "path", ["/?q=president", "/?view=people", "/?view=special", "/article/1961-08-berlin-wall", "/feeds", "/?q=zzzz"]
)
def test_headings_go_down_a_level_at_a_time(page: Page, path: str) -> None:
    page.goto(path)
    levels = [int(level) for level in re.findall(r"\[level=(\d)\]", page.locator("main").first.aria_snapshot())]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_pages_are_said_with_the_one_shown(page: Page) -> None:
    page.goto("/?q=president&page=2")
    said = aloud(page, ".pages").splitlines()

    assert said[0] == 'navigation "Pages"'
    assert 'link "Page 1"' in said
    assert 'link "Next →"' in said
    expect(page.locator(".pages [aria-current=page]")).to_have_text("2")
