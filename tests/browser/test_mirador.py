"""An issue in Mirador, on a page of another site."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from service.commands.cli import main
from tests import printed_page
from tests.browser import mirador
from tests.conftest import PATIENT
from tests.service.serving import hosted

pytestmark = pytest.mark.browser


@pytest.mark.costs("loads a viewer of two megabytes of scripts")
def test_mirador_shows_an_issue_with_what_was_found(browser: Browser, tmp_path: Path) -> None:
    printed_page.issue(tmp_path / "archive")
    assert CliRunner().invoke(main, ["index", str(tmp_path / "idx"), str(tmp_path / "archive")]).exit_code == 0
    with (
        hosted(tmp_path / "idx", replace(PATIENT, cors_origins="*")) as place,
        mirador.on_another_site(browser) as page,
    ):
        refused: list[str] = []
        page.on("requestfailed", lambda request: refused.append(request.url))
        mirador.search(page, f"{place}/iiif/1899-02-03%20The%20Gazette/manifest", "harbour")

        expect(page.get_by_role("heading", name="The Gazette, 1899-02-03").first).to_be_visible()
        hits = page.get_by_role("complementary", name="Search")  # the pages are counted in these words, too
        expect(hits.get_by_text("1 of 1", exact=True)).to_be_visible()
        expect(page.get_by_text("sank in the harbour").first).to_be_visible()
        expect(page.locator(".openseadragon-canvas canvas").first).to_be_visible()
        assert refused == []
