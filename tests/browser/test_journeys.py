"""What a reader of an archive does daily, and the number of actions it takes: a click, a typed value, a key.

The table in `docs/page.md` comes from here: each journey must take exactly the number of actions that it states.
"""

from __future__ import annotations

import csv
import functools
import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import search
from indexer import pipeline
from tests.browser.running import Desk
from tests.browser.test_search_page import parameters, total
from tests.service.serving import hosted

pytestmark = pytest.mark.browser

JOURNEYS: list[tuple[str, str, int]] = []
"""What is done, the page it begins on, and how many actions it takes."""
OIL = re.compile(r"oil\s+price", re.IGNORECASE)


class Reader:
    """Acts on a page, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def click(self, place: Locator) -> None:
        """A click."""
        self.actions += 1
        place.click()

    def type(self, place: Locator, value: str, key: str | None = None) -> None:
        """A value typed into a field, with the Enter that ends it."""
        self.actions += 1
        place.fill(value)
        if key:
            place.press(key)

    def choose(self, place: Locator, value: str) -> None:
        """An entry of a menu."""
        self.actions += 1
        place.select_option(value)


def journey(what: str, begins: str, actions: int) -> Callable[[Callable[..., Reader]], Callable[..., None]]:
    """A journey that takes this many actions; its test returns the reader who has made it."""
    JOURNEYS.append((what, begins, actions))

    def counted(test: Callable[..., Reader]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(**fixtures: object) -> None:
            assert test(**fixtures).actions == actions

        return run

    return counted


@pytest.fixture(scope="module")
def newswire(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the reports of Reuters of 1987 that speak of oil prices are served."""
    folder = tmp_path_factory.mktemp("newswire")
    with gzip.open(shared / "data" / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as records:
        spoken = [record for record in map(json.loads, records) if OIL.search(record["body"])]
    lines = []
    for record in spoken:
        text = re.sub(r"\n(?! )", " ", record["body"]).replace("\n", "\n\n")
        values = {"id": record["id"], "title": record["title"], "text": text, "published": record["date"][:10]}
        lines.append(json.dumps({**values, "source": "Reuters"}))
    (folder / "reports.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with search.writer(folder / "idx") as writer:
        pipeline.index(writer, [folder / "reports.jsonl"], pipeline.Options(workers=2))
    with hosted(folder / "idx") as address:
        yield address


@pytest.fixture
def editor(open_page: Callable[..., Page], desk: Desk) -> Page:
    """The page of somebody who has signed in."""
    page = open_page(desk.address)
    desk.remember(page)
    return page


@pytest.mark.check
@journey("the persons most named with “oil prices” in March 1987, without Reagan", "first page", 4)
def test_the_persons_of_a_month_without_one(open_page: Callable[..., Page], newswire: str) -> Reader:
    reader = Reader(page := open_page(newswire))
    page.goto("/?q=")
    reader.type(page.locator("#q"), '"oil prices" -person:"Ronald Reagan"', "Enter")
    expect(page).to_have_url(re.compile("Reagan"))
    reader.click(page.locator(".opens"))
    reader.type(page.get_by_label("From"), "March 1987")
    reader.type(page.get_by_label("to", exact=True), "March 1987", "Enter")
    expect(page.locator(".chips")).to_contain_text("March 1987")

    expect(page.locator("#facet-person li .count").nth(1)).to_be_visible()
    expect(page.locator("#facet-person")).not_to_contain_text("Ronald Reagan")
    without = total(page)
    page.goto("/?q=%22oil+prices%22&from=1987-03&to=1987-03")
    assert 0 < without < total(page)
    return reader


@journey("the first mention of a person, with the sentence", "first page", 2)
def test_the_first_mention_of_a_person(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=")
    reader.click(page.locator("#facet-person").get_by_role("checkbox", name=re.compile("^Ronald Reagan")))
    reader.click(page.get_by_role("link", name="About Ronald Reagan"))
    expect(page.get_by_role("heading", name="First article")).to_be_visible()

    expect(page.locator("blockquote").first).to_contain_text("Reagan")
    return reader


@journey("leaving out a person named below a hit", "a result", 1)
def test_an_exclusion_from_a_hit(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=liberia")
    name = page.locator(".hits .who a").first.inner_text()
    page.locator(".hits .who").first.hover()
    reader.click(page.locator(".hits").get_by_role("button", name=f"exclude {name}").first)

    expect(page.locator(".chips .not")).to_contain_text(name)
    expect(page.locator(".hits .who a", has_text=name)).to_have_count(0)
    return reader


@journey("what is seen as a file for a spreadsheet", "a result", 2)
def test_an_export_of_what_is_seen(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=berlin&country=DE&size=100")
    seen = page.locator(".hits h2").count()
    reader.click(page.locator("#export summary"))
    with page.expect_download() as waiting:
        reader.click(page.locator("#export").get_by_role("link", name="CSV", exact=True))

    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == seen > 1
    return reader


@journey("a date that could not be read, corrected", "a result with the mistake", 1)
def test_a_bad_date_is_mended(open_page: Callable[..., Page], address: str) -> Reader:
    reader = Reader(page := open_page(address, refused=True))
    page.goto("/?q=president&from=31/31/1961")
    expect(page.get_by_role("alert")).to_be_visible()
    reader.type(page.get_by_label("From"), "31/3/1961", "Enter")

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".chips")).to_contain_text("31 March 1961")
    return reader


@journey("a search under a name, to be asked again", "a result, signed in", 3)
def test_a_search_is_saved(editor: Page) -> Reader:
    reader = Reader(editor)
    editor.goto("/?q=berlin&from=1945&to=1989")
    reader.click(editor.locator("#save summary"))
    reader.click(editor.get_by_role("link", name="Save this search"))
    reader.type(editor.get_by_label("Its name"), "Berlin divided", "Enter")

    expect(editor.get_by_role("row", name=re.compile("Berlin divided"))).to_be_visible()
    return reader


@journey("a citation of an article on the clipboard", "an article", 2)
def test_a_citation_is_copied(page: Page) -> Reader:
    reader = Reader(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/article/1961-08-berlin-wall?q=berlin")
    reader.click(page.get_by_text("Cite", exact=True))
    reader.click(page.get_by_role("button", name="Copy MLA"))

    expect(page.locator("#live")).to_have_text("MLA copied.")
    assert "Berlin" in page.evaluate("navigator.clipboard.readText()")
    return reader


@journey("a wrong country taken off an article", "an article, signed in", 2)
def test_a_wrong_country_is_corrected(editor: Page) -> Reader:
    reader = Reader(editor)
    editor.goto("/article/1961-08-berlin-wall")
    reader.click(editor.get_by_text("Correct", exact=True))
    reader.click(editor.get_by_role("button", name="Not this country: France"))

    expect(editor.locator("#correct .made li").first).to_contain_text("country removed: France")
    return reader


@journey("two persons compared over time", "first page", 3)
def test_two_persons_are_compared(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=")
    persons = page.locator("#facet-person li:has(input) label > span:not(.count)")
    names = [persons.nth(number).inner_text() for number in range(2)]
    for name in names:
        reader.click(page.locator("#facet-person").get_by_role("checkbox", name=re.compile(f"^{name}")))
        expect(page.locator(".chips")).to_contain_text(name)
    reader.click(page.get_by_role("link", name="Compare", exact=True))

    expect(page.locator("#qA")).to_have_value(f'person:"{names[0]}"')
    expect(page.locator("svg.lines path.line")).to_have_count(2)
    return reader


@journey("words near each other, none of others, since a year", "a result", 5)
def test_an_advanced_search(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?country=US")
    reader.click(page.get_by_role("link", name="Advanced search"))
    reader.type(page.get_by_label("Words near each other"), "president house")
    reader.choose(page.get_by_label("How near"), "p")
    reader.type(page.get_by_label("None of these words"), "soviet")
    reader.type(page.get_by_label("Published from"), "1960", "Enter")
    expect(page.locator("#total")).to_be_visible()

    expect(page.locator("#q")).to_have_value("president /p house AND NOT soviet")
    expect(page.locator(".chips")).to_contain_text("United States")
    return reader


@journey("a country, a topic and a person, without another country", "first page", 4)
def test_three_filters_and_an_exclusion(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=")
    for name in ("country", "topic", "person"):
        reader.click(page.locator(f"#facet-{name} li").first.get_by_role("checkbox"))
        expect(page.locator(".chips li", has_text=re.compile(f"^{name}", re.IGNORECASE)).first).to_be_attached()
    other = page.locator("#facet-country li").nth(1)
    other.hover()
    reader.click(other.get_by_role("button", name=re.compile("^exclude")))

    expect(page.locator(".chips .not")).to_have_count(1)
    assert {*parameters(page)} - {"q"} == {"country", "topic", "person", "country.not"}
    return reader


@journey("who is most named together with a person", "first page", 2)
def test_most_named_with_a_person(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=")
    reader.click(page.locator("#facet-person").get_by_role("checkbox", name=re.compile("^Ronald Reagan")))
    reader.click(page.get_by_role("link", name="About Ronald Reagan"))

    expect(page.locator("#with-person li").first).to_be_visible()
    return reader


@journey("the date of an article set to 17 May 2004, as typed", "an article, signed in", 3)
def test_a_date_is_corrected(editor: Page) -> Reader:
    reader = Reader(editor)
    editor.goto("/article/1989-11-berlin-wall")
    reader.click(editor.get_by_text("Correct", exact=True))
    reader.choose(editor.get_by_label("Add or set"), "date")
    reader.type(editor.get_by_label("Name or title, or a date"), "17 May 2004", "Enter")

    expect(editor.get_by_text("Corrected. It can be undone below.")).to_be_focused()
    expect(editor.locator("#correct .made li").first).to_contain_text("2004")
    return reader


@journey("the draft check", "any page", 1)
def test_the_draft_check_is_found(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/article/1961-08-berlin-wall")
    reader.click(page.get_by_role("link", name="Check a draft"))

    expect(page.locator("#text")).to_be_visible()
    return reader


@journey("the words distinctive of one time against another", "first page", 3)
def test_the_words_of_two_months(open_page: Callable[..., Page], address: str) -> Reader:
    reader = Reader(page := open_page(address))
    page.goto("/")
    reader.click(page.get_by_role("link", name="Compare", exact=True))
    reader.type(page.locator("#qA"), "published:1963..1969")
    reader.type(page.locator("#qB"), "published:1970..1979", "Enter")

    expect(page.get_by_role("heading", name="Distinctive words")).to_be_visible()
    expect(page.get_by_role("group", name="Distinctive words of A").locator("tbody th").first).to_be_visible()
    return reader


@journey("a result on the map", "a result", 2)
def test_a_map_of_a_result(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=president")
    reader.click(page.locator("#view summary"))
    reader.click(page.locator("#view").get_by_role("link", name="Map of countries"))

    expect(page.locator(".map svg").first).to_be_visible()
    return reader


@journey("the oldest article of a result", "a result", 3)
def test_the_oldest_article(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=president")
    reader.click(page.locator("#order summary"))
    reader.click(page.locator("#order").get_by_role("link", name="oldest"))
    expect(page).to_have_url(re.compile("sort=oldest"))
    reader.click(page.locator(".hits h2 a").first)

    expect(page.get_by_role("article")).to_be_visible()
    return reader


@journey("the articles of one decade of a result", "a result", 3)
def test_a_decade_of_a_result(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=president")
    reader.click(page.locator(".opens"))
    reader.click(page.locator(".timeline .by").get_by_role("link", name="decade"))
    expect(page).to_have_url(re.compile("interval=decade"))
    reader.click(page.locator(".plot .bars a").nth(-2))

    expect(page.locator(".chips")).to_contain_text(re.compile("Date", re.IGNORECASE))
    return reader


@journey("duplicates as one story", "a result", 2)
def test_duplicates_are_grouped(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=berlin")
    reader.click(page.locator("#view summary"))
    reader.click(page.locator("#view").get_by_role("link", name="group"))

    expect(page).to_have_url(re.compile("group=story"))
    return reader


@journey("the next article of a result", "a result", 2)
def test_the_next_article(page: Page) -> Reader:
    reader = Reader(page)
    page.goto("/?q=president")
    second = page.locator(".hits h2").nth(1).inner_text()
    reader.click(page.locator(".hits h2 a").first)
    reader.click(page.locator("nav.back").get_by_role("link", name="Next"))

    expect(page.get_by_role("heading", level=1)).to_have_text(second)
    return reader


@journey("only the articles with a scan", "a result", 1)
def test_articles_with_a_scan(open_page: Callable[..., Page], turned: str) -> Reader:
    reader = Reader(page := open_page(turned))
    page.goto("/?q=harbour")
    expect(page.locator("#total")).to_have_text("4 articles")
    reader.click(page.get_by_label("with a scan 3"))

    expect(page.locator("#total")).to_have_text("3 articles")
    page.get_by_role("link", name="Remove Scan").click()
    expect(page.locator("#total")).to_have_text("4 articles")
    return reader


@journey("an article as it was printed, at its place on the page", "a result", 1)
def test_an_article_as_it_was_printed(open_page: Callable[..., Page], turned: str) -> Reader:
    reader = Reader(page := open_page(turned))
    page.goto("/?q=harbour")
    reader.click(page.locator(".cutout").first)

    expect(page.locator("#place-1")).to_be_in_viewport()
    return reader
