"""The page at a path of another application, whose scripts, forms and links stay below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.util import shift_path_info

import pytest
from playwright.sync_api import Page, expect

from service.archive import Archive
from service.server.app import create_app
from tests.conftest import PATIENT
from tests.service.serving import listening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mounted(seeds_index: Path) -> Iterator[str]:
    """Where the archive is a part of another site."""
    with Archive(str(seeds_index)) as archive:
        application = create_app(archive, PATIENT)

        def site(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            assert shift_path_info(environ) == "archive"
            return application(environ, start_response)

        with listening(site) as address:
            yield f"{address}/archive/"


@pytest.fixture
def page(mounted: str, open_page: Callable[..., Page]) -> Page:
    """A page that fails the test if it asks for anything outside the mount."""
    return open_page(mounted)


@pytest.mark.check
def test_names_are_completed_and_filter_in_place(page: Page) -> None:
    page.goto("")
    page.locator("#q").type("kenn")
    page.get_by_role("option").first.click()
    expect(page.locator(".chips li").first).to_be_visible()

    assert page.url.partition("/archive/")[2].startswith("?person")


def test_the_form_an_article_and_the_way_back_stay_there(page: Page) -> None:
    page.goto("")
    page.locator("#q").fill("berlin")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/archive/\?q=berlin$"))
    page.locator(".hits h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/archive/article/[^/]+\?q=berlin$"))
    page.get_by_role("link", name="Back to the results").click()

    expect(page).to_have_url(re.compile(r"/archive/\?q=berlin$"))
