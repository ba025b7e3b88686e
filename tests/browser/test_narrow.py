"""No page is wider than a phone of 320 pixels: not with an error, nor with words that cannot be broken, nor opened.

On a phone no table of what people have made scrolls sideways, or breaks a date into three lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from search import Article
from tests.browser.looking import NARROW, sideways
from tests.browser.managed import manage
from tests.browser.running import Desk
from tests.browser.test_accessibility import VIEWS
from tests.search.indexes import written
from tests.service.desk.alerts.receivers import Mailbox
from tests.service.serving import hosted

pytestmark = pytest.mark.browser

WORD = "x" * 90
WRONG = (
    f"/?q={WORD}&from={WORD}&to=17/13/1998&country=Chima{WORD}&person.all={WORD}&page=9999&{WORD}=1",
    f"/?more=person&find={WORD}",
    f"/?view=map&from={WORD}",
    f"/?view=people&min={WORD}",
    f"/?view=special&by={WORD}&from=x",
    f"/?view=over-time&interval={WORD}",
    f"/compare?q={WORD}&q=b&to={WORD}&interval={WORD}",
    f"/advanced?from={WORD}&any={WORD}&country=Atlantis",
    f"/draft?{WORD}=1",
    f"/article/1961-08-berlin-wall?from={WORD}&{WORD}=1",
    f"/article/1961-08-berlin-wall/event?{WORD}=1",
    f"/article/{WORD}",
    f"/entity/person/{WORD}",
    f"/entity/person/Richard%20Nixon?{WORD}=1",
    f"/lists?{WORD}=1",
    f"/lists/{WORD}",
    f"/searches?q={WORD}&{WORD}=1",
    f"/alerts?q={WORD}&{WORD}=1",
    f"/names?kind=person&name={WORD}&page={WORD}",
    f"/cite?q={WORD}&{WORD}=1",
    f"/cite/{WORD}",
    f"/sign-in?{WORD}=1",
    f"/feeds?{WORD}=1",
    f"/docs?{WORD}=1",
    f"/{WORD}",
)
"""A request to each page with what it cannot read."""
OPENED = """() => [...document.querySelectorAll("summary")].filter((one) => one.checkVisibility()).flatMap((one) => {
  one.parentElement.open = true;
  const found = document.documentElement.scrollWidth > innerWidth ? [one.innerText] : [];
  if (one.closest(".menu")) one.parentElement.open = false;
  return found;
})"""
"""What makes a page wider than its window when it is opened."""
CRAMPED = """() => [
  ...[...document.querySelectorAll(".scroll:not(:has(.preview))")].filter((one) => one.scrollWidth > one.clientWidth),
  ...[...document.querySelectorAll("tbody :is(th, td, span, time)")].filter((one) => {
    const dated = [...one.childNodes].find((part) => part.nodeType === 3 && /\\d [A-Z][a-z]+ \\d{4}/.test(part.data));
    if (!dated) return false;
    const range = document.createRange();
    range.setStart(dated, dated.data.search(/\\d+ [A-Z]/));
    range.setEnd(dated, dated.data.search(/ \\d{4}/) + 5);
    return new Set([...range.getClientRects()].map((line) => line.top)).size > 2;
  }),
].map((one) => one.outerHTML.slice(0, 300))"""
"""Tables that scroll sideways, but for that of a file's columns, and dates in three lines."""
UNNAMED = """() => [...document.querySelectorAll(".stacked td")].filter((one) => {
  const head = one.closest("table").tHead.rows[0].cells[one.cellIndex];
  return !head.querySelector(".hidden") && one.dataset.head !== head.innerText;
}).map((one) => one.outerHTML.slice(0, 300))"""
"""Cells that would not say what they are where the head of their table is not shown."""
FORMS = (
    ("/searches?q=moon", "Its name", "a/b" + WORD[:80], "Save the search"),
    ("/alerts?q=moon", "Its name", "a/b" + WORD[:80], "Make the alert"),
    ("/lists", "Its name", "a/b" + WORD[:80], "Make the list"),
    ("/names?kind=person&name=Richard+Nixon", "Same as", "Richard Nixon", "List it here"),
    ("/article/1961-08-berlin-wall#correct", "Name or title", "\u200b" + WORD, "Save"),
)
"""Page, label of a field, a value that is refused, the button that sends it."""


def test_nothing_is_wider_than_the_narrowest_phone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, refused=True, width=NARROW)
    for path in (*VIEWS.values(), *WRONG):
        page.goto(path)

        assert (path, sideways(page, NARROW)) == (path, [])
        assert (path, page.evaluate(OPENED)) == (path, [])


def test_a_refused_form_says_why_where_the_eye_is(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, refused=True, width=NARROW)
    desk.remember(page)
    for path, label, value, button in FORMS:
        page.goto(path)
        if path.endswith("#correct") and not page.get_by_label(label).is_visible():
            page.get_by_text("Correct", exact=True).click()
        page.get_by_label(label).first.fill(value)
        page.get_by_role("button", name=button, exact=True).first.click()
        expect(page.locator("#refused")).to_be_focused()

        expect(page.locator("#refused")).to_be_in_viewport()
        assert (path, sideways(page, NARROW)) == (path, [])


def test_no_list_of_the_desk_is_wider_than_the_narrowest_phone(open_page: Callable[..., Page], desk: Desk) -> None:
    page = open_page(desk.address, width=NARROW)
    desk.remember(page)
    for path, label, _, button in FORMS[:3]:
        page.goto(path)
        page.get_by_label(label).first.fill(f"Narrow {WORD[:60]}")
        page.get_by_role("button", name=button, exact=True).first.click()
        expect(page.locator("main").get_by_text("Narrow x").first).to_be_visible()

        assert (path, sideways(page, NARROW)) == (path, [])
        assert (path, page.evaluate(OPENED)) == (path, [])


@pytest.fixture(scope="module")
def managed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where an archive is served in which much is named by words that cannot be broken, to its administrator."""
    place = tmp_path_factory.mktemp("managed") / "news.idx"
    written(place, Article("a", "Oil.", "Oil"))
    secret = manage(place, [f"{number}{WORD}" for number in range(9)])
    with hosted(place) as address:
        yield Desk(address, secret, place, Mailbox())


def test_no_table_of_what_people_have_made_is_cramped_on_a_phone(open_page: Callable[..., Page], managed: Desk) -> None:
    page = open_page(managed.address, width=360)
    managed.remember(page)
    page.goto("/upload")
    job = str(page.locator("#jobs tbody a").last.get_attribute("href"))
    for path in ("/admin", "/rights", "/upload", job, "/lists", "/searches", "/alerts"):
        for width in (360, 900):
            page.set_viewport_size({"width": width, "height": 740})
            page.goto(path)
            assert (path, page.evaluate(OPENED)) == (path, [])
            assert (path, sideways(page, width)) == (path, [])
            assert (path, page.evaluate(UNNAMED)) == (path, []) or width == 360
            assert (path, page.evaluate(CRAMPED)) == (path, []) or width != 360
