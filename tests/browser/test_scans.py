"""Scanned pages as people see them: found words are boxed where they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from service.commands.cli import main
from tests import printed_page
from tests.browser.looking import flaws, sideways
from tests.printed_page import HEIGHT, WIDTH, Drawn
from tests.service.serving import hosted

pytestmark = pytest.mark.browser

BOXES = """() => {
    const page = document.querySelector("#scans img").getBoundingClientRect();
    return [...document.querySelectorAll("#scans rect:not(.all, .rest)")].map((box) => {
        const at = box.getBoundingClientRect();
        const sides = [at.x - page.x, at.y - page.y, at.width, at.height];
        return sides.map((side, i) => side / (i % 2 ? page.height : page.width));
    });
}"""


INSIDE = """(link) => {
    const shown = link.querySelector("svg").getBoundingClientRect();
    return [...link.querySelectorAll("rect")].map((box) => {
        const at = box.getBoundingClientRect();
        return at.left >= shown.left && at.right <= shown.right && at.top >= shown.top && at.bottom <= shown.bottom;
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


def test_a_cut_out_shows_the_found_word_and_opens_the_page_there(open_page: Callable[..., Page], turned: str) -> None:
    page = open_page(turned)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/?q=ship&scan=true")
        cutout = page.get_by_role("link", name="Harbour news 2, as it was printed")
        cutout.scroll_into_view_if_needed()
        expect(cutout.locator("img")).to_have_js_property("complete", True)
        assert cutout.locator("img").evaluate("image => image.naturalWidth") == WIDTH
        (inside,) = cutout.evaluate(INSIDE)
        assert inside
        cutout.click()
        expect(page.locator("#place-1")).to_be_in_viewport()
        expect(page.get_by_label("Enlarge page 2")).to_be_checked()


def test_pages_turn_through_the_issue_in_the_order_of_their_numbers(
    open_page: Callable[..., Page], turned: str
) -> None:
    page = open_page(turned)
    page.goto("/article/on-2?q=ship")
    for label in ("9", "10"):
        page.get_by_role("link", name=f"Page {label} →").click()
        expect(page.locator("#page-1")).to_be_in_viewport()
        expect(page.get_by_role("heading", name=f"Harbour news {label}", level=1)).to_be_attached()
    expect(page.locator("figcaption [rel=next]")).to_have_count(0)
    page.get_by_role("link", name="← Page 9").click()
    expect(page.get_by_role("link", name="← Page 2")).to_be_attached()


@pytest.mark.check
def test_cut_outs_far_below_are_not_loaded(open_page: Callable[..., Page], tmp_path: Path) -> None:
    printed_page.issue_of_pages(tmp_path / "archive", *(f"{10**number}" for number in range(40)))
    assert CliRunner().invoke(main, ["index", str(tmp_path / "idx"), str(tmp_path / "archive")]).exit_code == 0
    with hosted(tmp_path / "idx") as place:
        page = open_page(place, width=1280, height=600)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/scan/" in request.url else None)
        page.goto("/?scan=true&size=50", wait_until="networkidle")

        assert 0 < len(asked) < 40


@pytest.mark.check
def test_a_result_with_cut_outs_is_accessible(open_page: Callable[..., Page], turned: str) -> None:
    page = open_page(turned)
    page.goto("/?q=harbour")

    assert flaws(page, 360) + flaws(page, 1440, "dark") == []


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
