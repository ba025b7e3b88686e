"""Scanned pages as people see them: found words are boxed where they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from service.commands.cli import main
from tests import printed_page
from tests.browser.looking import flaws, sideways
from tests.browser.running import hosted
from tests.printed_page import HEIGHT, WIDTH, Drawn

pytestmark = pytest.mark.browser

BOXES = """() => {
    const page = document.querySelector("#scans img").getBoundingClientRect();
    return [...document.querySelectorAll("#scans rect:not(.all, .rest)")].map((box) => {
        const at = box.getBoundingClientRect();
        const sides = [at.x - page.x, at.y - page.y, at.width, at.height];
        return sides.map((side, i) => side / (i % 2 ? page.height : page.width));
    });
}"""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Drawn]]]:
    """Where an issue of one page is served, and the words drawn on it."""
    folder = tmp_path_factory.mktemp("scanned")
    words = printed_page.issue(folder / "archive")
    assert CliRunner().invoke(main, ["index", str(folder / "idx"), str(folder / "archive")]).exit_code == 0
    with hosted(folder / "idx") as place:
        yield place, words


def test_a_found_word_is_boxed_where_it_is_printed(
    open_page: Callable[..., Page], scanned: tuple[str, list[Drawn]]
) -> None:
    place, words = scanned
    page = open_page(place)
    page.goto("/article/ferry?q=harbour+dawn")
    page.locator("#scans img").scroll_into_view_if_needed()
    expect(page.locator("#scans img")).to_have_js_property("complete", True)

    assert page.locator("#scans img").evaluate("image => image.naturalWidth") == WIDTH
    expected = [word for word in words if word.text in ("har-", "bour", "dawn")]
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = page.evaluate(BOXES)
        assert len(boxes) == len(expected)
        for box, word in zip(boxes, expected, strict=True):
            drawn = (word.x / WIDTH, word.y / HEIGHT, word.width / WIDTH, word.height / HEIGHT)
            assert box == pytest.approx(drawn, abs=0.006)


@pytest.mark.check
def test_an_enlarged_page_keeps_its_boxes_in_place(
    open_page: Callable[..., Page], scanned: tuple[str, list[Drawn]]
) -> None:
    page = open_page(scanned[0])
    page.goto("/article/ferry?q=harbour")
    page.locator("#scans img").scroll_into_view_if_needed()
    before, width = page.evaluate(BOXES), page.locator("#scans img").bounding_box()
    page.get_by_label("Enlarge page 7").check()

    assert width is not None
    assert page.locator("#scans img").bounding_box()["width"] == pytest.approx(3 * width["width"], abs=2)  # type: ignore[index]
    for box, small in zip(page.evaluate(BOXES), before, strict=True):
        assert box == pytest.approx(small, abs=0.006)
    assert sideways(page, 1280) == []


def test_the_count_leads_to_the_first_box(open_page: Callable[..., Page], scanned: tuple[str, list[Drawn]]) -> None:
    page = open_page(scanned[0], width=360, height=640)
    page.goto("/article/bridge?q=river")
    page.get_by_label("Enlarge page 7").check()
    page.get_by_role("link", name="1 word found on it").click()

    expect(page.locator("#box-1")).to_be_in_viewport()


@pytest.mark.check
def test_without_a_script_the_page_is_shown_and_enlarged(
    open_page: Callable[..., Page], scanned: tuple[str, list[Drawn]]
) -> None:
    page = open_page(scanned[0], java_script_enabled=False)
    page.goto("/article/ferry?q=harbour")
    page.get_by_label("Enlarge page 7").check()

    expect(page.locator("#scans rect:not(.all, .rest)")).to_have_count(2)


@pytest.mark.check
def test_a_scanned_page_is_accessible(open_page: Callable[..., Page], scanned: tuple[str, list[Drawn]]) -> None:
    page = open_page(scanned[0])
    page.goto("/article/ferry?q=harbour")

    assert flaws(page, 360) + flaws(page, 1440, "dark") == []
