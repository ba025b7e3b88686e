"""A real Chromium, driven by Playwright, before a real server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

import search
from desk.people import keys
from service.commands.cli import main
from tests import printed_page
from tests.browser.pages import Pages
from tests.browser.running import Desk, chromium
from tests.browser.test_names import ARTICLES
from tests.service.desk.alerts.receivers import mailbox
from tests.service.serving import hosted, serving


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `script` runs where the page may run scripts, and in `make check` also where it may not."""
    if "script" in metafunc.fixturenames:
        metafunc.parametrize("script", [True, pytest.param(False, marks=pytest.mark.check)])


@pytest.fixture(scope="package")
def address(seeds_index: Path) -> Iterator[str]:
    """Where `seeds/` is served."""
    with serving(seeds_index) as served:
        yield served.address


@pytest.fixture(scope="package")
def desk(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where `seeds/`, with a few articles about names, is served to those who change it: each test something else."""
    place = tmp_path_factory.mktemp("desk") / "news.idx"
    shutil.copytree(seeds_index, place)
    with search.writer(place) as writer:
        for article in ARTICLES:
            writer.add(article)
    _, secret = keys.add(str(place), ["edit"], "night desk")
    with mailbox() as box, serving(
        place, public_url="http://127.0.0.1", smtp_host="127.0.0.1", smtp_port=str(box.port), smtp_tls="none",
        smtp_from="a@example.org",
    ) as served:  # fmt: skip
        yield Desk(served.address, secret, place, box)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def pages(browser: Browser) -> Pages:
    """The pages of this run."""
    return Pages(browser)


@pytest.fixture
def open_page(pages: Pages) -> Iterator[Callable[..., Page]]:
    """Opens pages that fail the test on an error in them, a dialog, a breach of policy, a request to another host."""
    yield pages.open
    assert pages.given_back() == []


@pytest.fixture
def page(open_page: Callable[..., Page], address: str) -> Page:
    """A page over `seeds/`, 1280 by 720."""
    return open_page(address)


@pytest.fixture(scope="package")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an issue of three pages is served, next to an article that was never printed."""
    folder = tmp_path_factory.mktemp("turned")
    printed_page.issue_of_pages(folder / "archive", "2", "10", "9")
    born = {"id": "born", "title": "Born digital", "text": "The harbour is closed.", "source": "The Gazette"}
    (folder / "archive" / "born.json").write_text(json.dumps(born), "utf-8")
    assert CliRunner().invoke(main, ["index", str(folder / "idx"), str(folder / "archive")]).exit_code == 0
    with hosted(folder / "idx") as place:
        yield place
