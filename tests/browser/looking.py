"""What is wrong with how a page looks and reads: for axe-core (WCAG 2.2 AA), at a width, in a scheme."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
ASKED = """async ([within, rules]) => (await axe.run(within, rules)).violations.flatMap((each) =>
    each.nodes.map((node) => `${each.id} (${each.impact}): ${node.html.slice(0, 160)}`))"""
LOOKS = ((360, "light"), (1440, "dark"), (1440, "light"))
"""Widths and schemes, of which `make test` takes the first."""
NARROW = 320


def found(page: Page, contrast: bool = True, within: str = "html") -> list[str]:
    """The violations of a page as it is; axe is put into it once. To measure the contrast is half of the work."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations: list[str] = page.evaluate(
        ASKED, [within, {**RULES, "rules": {"color-contrast": {"enabled": contrast}}}]
    )
    return violations


def flaws(page: Page, width: int = NARROW, scheme: str = "light", contrast: bool = True) -> list[str]:
    """The violations of a page in a window of a width and in a scheme, and whether it scrolls sideways there."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    return sideways(page, width) + [f"{width}, {scheme}: {violation}" for violation in found(page, contrast)]


def check_looks(page: Page) -> None:
    """Nothing is wrong with a page on the narrowest phone, in light, nor in a wide window, in the dark."""
    assert flaws(page) + flaws(page, 1440, "dark") == []


def sideways(page: Page, *widths: int) -> list[str]:
    """The widths of windows in which a page scrolls sideways; the last one stays."""
    wide = []
    page.wait_for_load_state()  # or its stylesheets may be missing
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(f"{width}: it scrolls sideways")
    return wide
