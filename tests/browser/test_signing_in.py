"""Signing in at a provider in a browser, to see what the rules give, and signing out there, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from desk.rights import rule
from desk.rights.store import Rights
from search import Article
from service.archive import Archive
from service.server.app import create_app
from tests.browser.looking import check_looks
from tests.conftest import PATIENT
from tests.search.indexes import written
from tests.service.desk.people.providers import providing
from tests.service.serving import listening

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.browser

RULES = [
    {"who": "group:desk", "what": {}, "tier": "export"},
    {"who": "everyone", "what": {"collection": ["wire"]}, "tier": "none"},
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an archive with a secret collection is served to people who sign in at a provider, on another site."""
    place = tmp_path_factory.mktemp("people") / "news.idx"
    written(
        place,
        Article("a", "Harbours.", "Harbour of the wire", collection="wire"),
        Article("b", "Harbours.", "Harbour for all"),
    )
    with Rights(place) as rights:
        rights.set(rule.read(RULES), "tester", "2026-01-01T00:00:00Z")
    made: list[WSGIApplication] = []

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return made[0](environ, start)

    with Archive(str(place)) as archive, providing("localhost") as provider, listening(application) as address:
        provider.names("ann", groups=["desk"])
        made.append(create_app(archive, replace(PATIENT, **provider.register(address))))
        yield address


def test_who_signs_in_at_a_provider_sees_more_until_he_signs_out(open_page: Callable[..., Page], newsroom: str) -> None:
    page = open_page(newsroom, leads="http://localhost:")
    page.goto("/?q=harbours")
    expect(page.locator(".hits h2")).to_have_text(["Harbour for all"])
    page.get_by_role("link", name="Sign in").click()
    check_looks(page)

    page.get_by_role("link", name="Sign in at localhost").click()
    page.get_by_placeholder("sub").fill("ann")
    page.get_by_role("button", name="Authorize").click()
    expect(page).to_have_url(f"{newsroom}/?q=harbours")
    expect(page.locator("body")).to_contain_text("Signed in as ann")
    expect(page.locator(".hits h2")).to_have_count(2)

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("^http://localhost:.*/end_session"))
    page.get_by_role("button", name="End session").click()
    expect(page).to_have_url(f"{newsroom}/")
    page.goto("/?q=harbours")
    expect(page.locator(".hits h2")).to_have_text(["Harbour for all"])
