from __future__ import annotations

import pytest
from playwright.sync_api import Browser, TimeoutError

from tests import waiting
from tests.browser.running import breaches, new_page


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "BROWSER_S", 0.5)


def test_what_never_appears_is_named(browser: Browser) -> None:
    page = new_page(browser, "about:blank")

    with pytest.raises(TimeoutError, match=r"waiting for locator.*#nowhere"):
        page.locator("#nowhere").click()

    page.context.close()


def test_a_page_that_hangs_ends_the_test(browser: Browser) -> None:
    page = new_page(browser, "about:blank")
    page.evaluate("() => { setTimeout(() => { for (;;); }); }")

    with pytest.raises(TimeoutError, match=":root"):
        breaches(page)

    page.context.close()
