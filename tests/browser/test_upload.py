"""Articles are added in a browser: a ZIP with bad records is sent, searched and undone; a table is looked at first."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from desk.people import keys
from search import Article
from service.server.indexing import Indexing
from tests.browser.looking import check_looks
from tests.browser.running import Desk
from tests.search.indexes import written
from tests.service.desk.alerts.receivers import Mailbox
from tests.service.serving import hosted
from tests.waiting import until

pytestmark = pytest.mark.browser

LONG = "A long name of a file " + "without an end" * 6
BAD = ("{broken", '{"id": "x", "title": "No text"}', "<img src=x onerror=alert(1)>")


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where an archive is served, with the key of somebody who may index."""
    place = tmp_path_factory.mktemp("upload") / "news.idx"
    written(place, Article("old", "Harbours.", "An old harbour"))
    _, secret = keys.add(str(place), ["index"], "night desk")
    with hosted(place) as address:
        yield Desk(address, secret, place, Mailbox())


def batch() -> FilePayload:
    lines = [json.dumps({"id": f"n{n}", "title": f"Berth {n}", "text": "A quay was opened."}) for n in range(9)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"<b>{LONG}.jsonl", "\n".join([*lines, *BAD]))
    return {"name": f"<i>{LONG}.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


def index(editor: Desk) -> None:
    """Do the job that a form has sent, once it is there."""
    until(Indexing(str(editor.place), 1, lambda: False).once, "a job is done")


def test_a_zip_with_three_bad_records_is_sent_searched_and_undone(
    open_page: Callable[..., Page], editor: Desk, script: bool
) -> None:
    page = open_page(editor.address, java_script_enabled=script)
    editor.remember(page)
    page.goto("/")
    page.get_by_role("link", name="Add articles").click()
    page.get_by_label("Files").set_input_files(batch())
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"<i>{LONG}.zip")
    index(editor)
    expect(page.locator("#rejected tbody tr")).to_have_count(3)  # the page comes again by itself
    expect(page.locator("#rejected")).to_contain_text("It is not JSON")
    if script:
        check_looks(page)

    job = page.url
    page.goto("/?q=quay")
    expect(page.locator(".hits h2")).to_have_count(9)
    page.goto(job)
    page.get_by_role("button", name="Undo").click()
    index(editor)
    expect(page.locator("main")).to_contain_text("is removed")
    page.goto("/?q=quay")
    expect(page.locator(".hits h2")).to_have_count(0)
    page.goto("/upload")
    if script:
        check_looks(page)


def test_the_columns_of_a_table_are_chosen_on_its_first_rows(open_page: Callable[..., Page], editor: Desk) -> None:
    page = open_page(editor.address)
    editor.remember(page)
    page.goto("/upload")
    rows = "".join(f"Liegeplatz {n};{LONG} {n};1961-08-13\n" for n in range(12))
    page.get_by_label("Files").set_input_files(
        {"name": "t.csv", "mimeType": "text/csv", "buffer": f"Kopf;Inhalt;date\n{rows}".encode()}
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("Text").select_option("Inhalt")
    page.get_by_label("Title").select_option("Kopf")
    page.get_by_role("button", name="Show it so").click()
    expect(page.locator(".preview").first.locator("tbody tr")).to_have_count(10)
    check_looks(page)
    page.get_by_role("button", name="Index it").click()
    index(editor)
    expect(page.locator(".counts")).to_contain_text("12")


def test_what_is_too_large_is_said_before_it_is_sent(open_page: Callable[..., Page], editor: Desk) -> None:
    page = open_page(editor.address)
    editor.remember(page)
    page.goto("/upload")
    page.locator("#upload").evaluate("form => form.dataset.most = 10")
    page.locator(".drop").evaluate(
        "(at) => { const data = new DataTransfer(); data.items.add(new File(['more than ten'], 'a.txt'));"
        " at.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})); }"
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#upload [role=alert]")).to_contain_text("This is more than 32 MB")
