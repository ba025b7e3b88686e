"""Mirador, a viewer of IIIF, as `make mirador` fetches it, on a page of another site than the archive's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

SCRIPT = Path(__file__).parents[2] / ".venv" / "mirador" / "mirador-4.0.0" / "package" / "dist" / "mirador.min.js"
SITE = "https://viewer.test"


@contextmanager
def on_another_site(browser: Browser) -> Iterator[Page]:
    """A page of a site that may ask servers of this machine."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.grant_permissions(["local-network-access"], origin=SITE)
        yield context.new_page()


def search(page: Page, manifest: str, words: str) -> None:
    """Open a manifest, and search in it for some words, as people do."""

    def answer(route: Route) -> None:
        if route.request.url.endswith("/mirador.js"):
            route.fulfill(path=SCRIPT, content_type="text/javascript; charset=utf-8")
        else:
            html = (
                '<!doctype html><title>Mirador</title><div id="m" style="position:absolute;inset:0"></div>'
                '<script src="/mirador.js"></script><script>Mirador.viewer({id: "m", windows: [{manifestId: '
                f'"{manifest}", sideBarOpen: true, thumbnailNavigationPosition: "far-bottom"}}], '
                "workspaceControlPanel: "
                "{enabled: false}})</script>"
            )
            route.fulfill(body=html, content_type="text/html")

    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/")
    page.get_by_role("tab", name="Search").click()
    page.get_by_role("combobox", name="search terms").fill(words)
    page.get_by_role("button", name="Submit search").click()
