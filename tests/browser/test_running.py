from __future__ import annotations

import pytest
from playwright.sync_api import Browser, TimeoutError

from tests import waiting
from tests.browser.pages import Pages
from tests.browser.running import breaches, new_page


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "BROWSER_S", 0.5)


@pytest.mark.usefixtures("_soon")
def test_what_never_appears_is_named(browser: Browser) -> None:
    page = new_page(browser, "about:blank")

    with pytest.raises(TimeoutError, match=r"waiting for locator.*#nowhere"):
        page.locator("#nowhere").click()

    page.context.close()


@pytest.mark.usefixtures("_soon")
def test_a_page_that_hangs_ends_the_test(browser: Browser) -> None:
    page = new_page(browser, "about:blank")
    page.evaluate("() => { setTimeout(() => { for (;;); }); }")

    with pytest.raises(TimeoutError, match=":root"):
        breaches(page)

    page.context.close()


def test_a_page_that_is_used_again_is_as_new(browser: Browser, address: str) -> None:
    pages = Pages(browser)
    page = pages.open(address, width=320)
    page.goto("/feeds")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("localStorage.setItem('kept', '1'); document.cookie = 'kept=1'; console.error('seen')")
    page.evaluate(
        "() => new Promise((done) => { addEventListener('securitypolicyviolation', () => done());"
        " new Image().src = 'http://example.invalid/'; })"
    )

    troubles = pages.given_back()
    assert "seen" in troubles
    assert "asked for http://example.invalid/" in troubles
    assert any(trouble.startswith("img-src") for trouble in troubles)
    assert pages.open(address) is page
    page.goto("/feeds")
    assert page.evaluate("[localStorage.length, document.cookie, innerWidth]") == [0, "", 1280]
    assert not page.evaluate("matchMedia('print').matches || matchMedia('(prefers-color-scheme: dark)').matches")
    assert pages.given_back() == []
    page.context.close()
