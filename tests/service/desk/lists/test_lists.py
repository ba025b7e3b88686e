"""Lists of articles as people and programs use them: `/lists`, `/api/lists`, `dateline lists`, and `list=NAME`."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import falcon.testing
import pytest

import search
from desk.corrections.correction import Correction
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.named import MOST_ARTICLES
from indexer.ledger import Ledger
from indexer.withheld import withdrawn
from indexer.withheld.withdrawn import Withdrawn
from search import Article
from service.archive import Archive
from service.desk.lists import resource as lists
from tests.cases import cases
from tests.desk.damage import damage
from tests.service.commands.running import dateline
from tests.service.desk.editor import Editor
from tests.service.desk.people.test_sign_in import Browser

Result = falcon.testing.Result
FORMATS = {"jsonl": "wall", "csv": "wall", "ris": "TI  - The wall", "bibtex": "title = {{The wall}}"}


class Desk(Editor):
    """Somebody with a key of scope `edit`."""

    def get(self, path: str, **more: Any) -> Result:
        return self.client.simulate_get(path, **more)

    def send(self, method: str, path: str, body: Any = None) -> Result:
        more = {} if body is None else {"json": body}
        return self.client.simulate_request(method, path, headers=self.headers, **more)

    def make(self, name: str = "Oil", **more: Any) -> Result:
        return self.send("POST", "/api/lists", {"name": name, **more})

    def found(self, query: str) -> set[str]:
        return {hit["id"] for hit in self.get(f"/api/search?{query}").json["hits"]}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("wall", "Berlin was divided.", "The wall", published="1961-08-13", country=("DE",)))
        writer.add(Article("oil", "Oil is dear.", "Oil", published="1973-10-17", country=("SA", "US")))
        writer.add(Article("gas", "Oil and gas.", "Gas", published="1974-01-01", country=("SA",)))
    return place


@pytest.fixture
def desk(place: Path) -> Iterator[Desk]:
    with Archive(str(place)) as archive:
        yield Desk(place, archive)


@pytest.fixture
def browser(place: Path) -> Iterator[Browser]:
    with Archive(str(place)) as archive:
        browser = Browser(place, archive)
        browser.sign_in(name="Ann")
        yield browser


def test_a_list_is_made_filled_read_and_removed(desk: Desk) -> None:
    made = desk.make(articles=["oil", {"id": "gas", "note": "See also."}], about="Prices.")

    assert (made.status_code, made.headers["location"]) == (201, "/api/lists/Oil")
    assert (made.json["articles"], made.json["made_by"], made.json["about"]) == (2, "night desk", "Prices.")
    desk.key("morning desk")
    assert desk.send("POST", "/api/lists/oil", {"articles": ["oil", "wall"]}).json["added"] == 1
    found = desk.get("/api/lists/Oil").json
    assert [(one["id"], one["note"], one["by"], one["title"]) for one in found["entries"]] == [
        ("oil", "", "night desk", "Oil"), ("gas", "See also.", "night desk", "Gas"),
        ("wall", "", "morning desk", "The wall"),
    ]  # fmt: skip
    assert (found["present"], found["missing"], found["changed_by"]) == (3, 0, "morning desk")
    assert desk.send("DELETE", "/api/lists/Oil").status_code == 200
    assert desk.get("/api/lists").json == {"lists": []}
    assert desk.get("/api/lists/Oil").status_code == 404


def test_all_that_a_search_finds_is_put_on_a_list(desk: Desk) -> None:
    desk.make()

    assert desk.send("POST", "/api/lists/Oil", {"query": "q=oil&country=SA"}).json["added"] == 2
    assert {one["id"] for one in desk.get("/api/lists/Oil").json["entries"]} == {"oil", "gas"}


def test_a_result_that_is_too_large_for_a_list_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_ARTICLES", 1)
    desk.make()

    answer = desk.send("POST", "/api/lists/Oil", {"query": "q=oil"})

    assert answer.status_code == 409
    assert answer.json["detail"] == "This result has 2 articles, and a list has up to 1. Narrow the search."


def test_a_search_in_a_list_counts_what_is_on_it(desk: Desk) -> None:
    desk.make(articles=["oil", "wall"])

    assert desk.found("list=oil") == {"oil", "wall"}
    assert desk.found("list=Oil&q=oil") == {"oil"}
    facets = desk.get("/api/search?list=Oil&facets=country").json["facets"]["country"]
    assert {value["value"]: value["count"] for value in facets["values"]} == {"DE": 1, "SA": 1, "US": 1}
    trend = desk.get("/api/trend?list=Oil&interval=year").json["buckets"]
    assert sum(bucket["count"] for bucket in trend) == 2
    assert desk.get("/feed.atom?list=Oil").text.count("<entry>") == 2
    for form, said in FORMATS.items():
        answer = desk.get(f"/api/export?list=Oil&format={form}")
        assert said in answer.text, form
        assert "Gas" not in answer.text


def test_an_unknown_list_is_named_with_the_nearest(desk: Desk) -> None:
    desk.make("Berlin wall")

    answer = desk.get("/api/search?list=Berlin+wal")

    assert answer.status_code == 400
    assert answer.json["errors"] == [
        {"parameter": "list", "value": "Berlin wal", "reason": "There is no list “Berlin wal”.",
         "hint": "Nearest: Berlin wall."}
    ]  # fmt: skip


def test_a_changed_list_is_a_changed_answer(desk: Desk) -> None:
    desk.make(articles=["oil"])
    first = desk.get("/api/search?list=Oil")
    again = {"If-None-Match": first.headers["etag"]}
    assert desk.get("/api/search?list=Oil", headers=again).status_code == 304

    desk.send("PUT", "/api/lists/Oil/articles/gas")

    assert desk.get("/api/search?list=Oil", headers=again).json["total"] == 2


def test_what_is_no_longer_in_the_archive_is_counted(desk: Desk) -> None:
    desk.make(articles=["oil", "gas", "wall"])
    with search.writer(desk.place) as writer:
        writer.delete("oil")
        writer.delete("gas")
    with Ledger(desk.place) as ledger:
        withdrawn.withdraw(ledger, "gas", Withdrawn(None, "wrong"))
        ledger.commit()

    found = desk.get("/api/lists/Oil").json

    assert (found["articles"], found["present"], found["missing"]) == (2, 1, 1)
    assert [(one["id"], one["present"]) for one in found["entries"]] == [("oil", False), ("wall", True)]
    page = desk.get("/lists/Oil").text
    assert "1 article, and 1 no longer in the archive" in page
    assert "/article/gas" not in page


def test_a_list_is_read_in_parts(desk: Desk) -> None:
    desk.make(articles=["oil", "gas", "wall"])
    first = desk.get("/api/lists/Oil?limit=2").json

    assert [one["id"] for one in first["entries"]] == ["oil", "gas"]
    second = desk.get(first["links"]["next"]).json
    assert ([one["id"] for one in second["entries"]], second["links"]["next"]) == (["wall"], None)


@cases(
    "method, path, body, status, said",
    [
        ("POST", "/api/lists", {"name": "a/b"}, 400, "separates the parts"),
        ("POST", "/api/lists", {"name": ".."}, 400, "means something else in an address"),
        ("POST", "/api/lists", {"name": "a\u202eb"}, 400, "U+202E"),
        ("POST", "/api/lists", {"name": "x" * 101}, 400, "101 characters"),
        ("POST", "/api/lists", {"name": 7}, 400, "name is not text"),
        ("POST", "/api/lists", {"nam": "x"}, 400, "No field “nam”. There are: name, about, articles, query, shared."),
        ("POST", "/api/lists", [], 400, "Send an object"),
        ("POST", "/api/lists", {"name": "OIL"}, 409, "There is a list “Oil” already, made by night desk"),
        ("POST", "/api/lists", {"name": "x", "articles": ["never"]}, 404, "No article “never”"),
        ("POST", "/api/lists", {"name": "x", "articles": ["../a"]}, 400, "is not an id"),
        ("POST", "/api/lists", {"name": "x", "articles": [7]}, 400, "articles[0] is not text or an object"),
        ("POST", "/api/lists", {"name": "x", "articles": "oil"}, 400, "articles is not a list"),
        ("POST", "/api/lists", {"name": "x", "query": "contry=FR"}, 400, "No parameter “contry”"),
        ("POST", "/api/lists/none", {"articles": ["oil"]}, 404, "There is no list “none”"),
        ("PATCH", "/api/lists/Oil", {"name": ""}, 400, "There is no name"),
        ("PATCH", "/api/lists/none", {"about": "x"}, 404, "There is no list “none”"),
        ("PUT", "/api/lists/Oil/articles/never", {"note": "x"}, 404, "No article “never”"),
        ("PUT", "/api/lists/Oil/articles/oil", {"note": "x" * 2001}, 400, "2,001 characters"),
        ("DELETE", "/api/lists/Oil/articles/wall", None, 404, "is not on this list"),
        ("DELETE", "/api/lists/none", None, 404, "There is no list “none”"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    desk: Desk, method: str, path: str, body: Any, status: int, said: str
) -> None:
    desk.make(articles=["oil"])

    answer = desk.send(method, path, body)

    assert answer.status_code == status, answer.text
    assert said in answer.json["detail"]
    assert [one["name"] for one in desk.get("/api/lists").json["lists"]] == ["Oil"]
    assert [one["id"] for one in desk.get("/api/lists/Oil").json["entries"]] == ["oil"]


@cases("name", ["<script>alert(1)</script>", "50 %?#&=+", "中国", "'\"--", "=cmd|' '!A0"])
def test_a_strange_name_is_only_a_name(desk: Desk, name: str) -> None:
    if "/" in name:
        assert desk.make(name).status_code == 400
        name = name.replace("/", "")
    made = desk.make(name, articles=["oil"], about="<i>x</i>")
    assert made.status_code == 201

    address = made.json["links"]["page"]
    assert unquote(address) == f"/lists/{name}"
    page = desk.get(address).text
    assert "<script>alert" not in page
    assert "<i>x</i>" not in page
    assert html.escape(name, quote=False).split("'")[0] in page
    assert desk.found(f"list={quote(name)}") == {"oil"}
    assert desk.get("/lists").text.count("<i>x") == 0


def test_a_hundred_lists_and_ten_thousand_articles_are_shown(desk: Desk) -> None:
    with Lists(desk.place) as kept:
        ids = [*(f"a{number}" for number in range(MOST_ARTICLES - 1)), "oil"]
        kept.put("long", dict.fromkeys(ids, ""), "Ann", "2026-11-27T00:00:00Z", make=True)
        for number in range(99):
            kept.make(f"list {number}", "Ann", "2026-11-27T00:00:00Z")

    assert len(desk.get("/api/lists").json["lists"]) == 100
    assert desk.get("/lists").text.count('<a href="/lists/') == 100
    assert desk.found("list=long") == {"oil"}
    assert "9,999 no longer in the archive" in desk.get("/lists/long").text


# -- on the page -------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "told"), [("lists", ["/?q=", "/article/oil"]), ("corrections", ["/article/oil"])])
def test_a_damaged_file_hides_nothing_that_is_in_the_index(browser: Browser, what: str, told: list[str]) -> None:
    with Lists(browser.place) as lists, Store(browser.place) as store:
        lists.put("Wall", {"oil": ""}, "Ann", "2026-11-27T06:00:00Z", make=True)
        store.add([Correction("oil", "person", "add", "Ann Lee", "Ann", "2026-11-27T06:00:00Z")])
    damage(browser.place, f"UPDATE {what} SET made_by = 'x'")

    for path in ("/?q=", "/article/oil"):
        shown = browser.get(path)
        assert shown.status_code == 200
        assert "Oil is dear" in shown.text
        assert (f"The {what} cannot be read" in shown.text) == (path in told)


def test_a_star_is_given_and_taken_off_from_a_hit(browser: Browser) -> None:
    page = browser.get("/?q=oil").text
    assert re.search(r'<button class="star" form="keep" name="star" value="oil" aria-label="Star Oil">☆', page)

    answer = browser.post("/lists", token=browser.token("/"), star="oil", next="/?q=oil")

    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=oil#-oil")
    assert '<li id="-oil">' in page
    assert 'name="unstar" value="oil" aria-label="Take the star off Oil">★' in browser.get("/?q=oil").text
    assert "Stars of Ann" in browser.get("/article/oil").text
    browser.post("/lists", token=browser.token("/"), unstar="oil", next="/?q=oil")
    assert 'name="star" value="oil"' in browser.get("/?q=oil").text


def test_chosen_hits_a_page_and_a_result_are_kept(browser: Browser) -> None:
    token = browser.token("/")
    page = browser.get("/?size=2").text
    generation = re.search(r'name="generation" value="(\d+)"', page)
    assert generation is not None

    chosen = browser.post("/lists", token=token, put="chosen", id="wall", list="One", next="/?size=2")
    whole = {"question": "size=2", "generation": generation[1], "token": token}
    browser.post("/lists", {}, put="page", list="Page", **whole)
    browser.post("/lists", {}, put="result", list="All", **whole)

    assert chosen.headers["location"] == "/lists/One?of=1&added=1&next=%2F%3Fsize%3D2#done"
    shown = browser.get(chosen.headers["location"].partition("#")[0]).text
    assert "1 article kept on this list" in shown
    assert 'href="/?size=2"' in shown
    with Lists(browser.place) as kept:
        found = {one.name: [each.article for each in kept.entries(one.name)] for one in kept.listed()}
    assert found == {"One (Ann)": ["wall"], "Page (Ann)": ["gas", "oil"], "All (Ann)": ["gas", "oil", "wall"]}


def test_a_page_that_has_changed_is_not_kept(browser: Browser) -> None:
    token = browser.token("/")

    answer = browser.post("/lists", {}, token=token, put="page", question="size=2", generation="0", next="/?size=2")

    assert answer.status_code == 409
    assert "The archive has changed since this page was shown" in answer.text
    assert '<a href="/?size=2">Back to where you were</a>' in answer.text


@cases(
    "fields, said",
    [
        ({"put": "chosen", "list": "Oil"}, "No article is chosen"),
        ({"put": "chosen", "list": "a/b", "id": "oil"}, "separates the parts of an address"),
        ({"put": "chosen", "list": "Oil", "id": "never"}, "No article “never”"),
        ({"put": "result", "list": "Oil", "question": "from=nonsense"}, "nonsense"),
        ({"star": "never"}, "No article “never”"),
    ],
)
def test_a_refused_form_leads_back(browser: Browser, fields: dict[str, str], said: str) -> None:
    answer = browser.post("/lists", {}, token=browser.token("/"), next="/?q=oil", **fields)

    assert 400 <= answer.status_code < 500
    assert said in answer.text
    assert '<a href="/?q=oil">Back to where you were</a>' in answer.text


def test_a_list_that_cannot_be_made_keeps_what_was_typed_on_its_page(browser: Browser) -> None:
    answer = browser.post("/lists", {}, token=browser.token("/"), do="make", name="a/b", about="the <strikes>")

    assert (answer.status_code, "<h1>Lists</h1>" in answer.text) == (400, True)
    assert "separates the parts of an address" in answer.text
    assert 'name="name" value="a/b" aria-invalid="true"' in answer.text
    assert "the &lt;strikes&gt;</textarea>" in answer.text


def test_a_note_is_written_and_not_over_that_of_another(browser: Browser) -> None:
    token = browser.token("/")
    browser.post("/lists", {}, token=token, put="chosen", list="Oil", id="oil")
    note = {"do": "note", "id": "oil", "token": token, "next": "/lists/Oil"}

    assert browser.post("/lists/Oil", {}, before="", note="<b>First</b>", **note).status_code == 303
    assert "&lt;b&gt;First&lt;/b&gt;" in browser.get("/lists/Oil").text
    refused = browser.post("/lists/Oil", {}, before="", note="Second", **note)

    assert refused.status_code == 409
    assert "Yours was not stored: “Second”" in refused.text


def test_what_a_list_refuses_is_said_in_the_language_of_the_page(browser: Browser) -> None:
    token = browser.token("/")
    browser.post("/lists", {}, token=token, put="chosen", list="Oil", id="oil")
    note = {"do": "note", "id": "oil", "token": token, "note": "Zweite", "before": "Erste"}

    refused = browser.post("/lists/Oil", {"Accept-Language": "de"}, **note)
    taken = browser.post("/lists", {"Accept-Language": "de"}, token=token, do="make", name="oil", about="")

    assert "Jemand hat inzwischen geändert: Notiz zu „oil“. Jetzt steht dort: „“." in refused.text
    assert "Es gibt schon eine Liste „Oil“" in taken.text


def test_a_list_is_renamed_and_removed_on_its_page(browser: Browser) -> None:
    token = browser.token("/")
    browser.post("/lists", {}, token=token, do="make", name="Oil", about="")

    renamed = browser.post("/lists/Oil", {}, token=token, do="change", name="Öl 1973", about="Prices.")
    assert renamed.headers["location"] == f"/lists/{quote('Öl 1973')}#done"
    assert browser.get("/lists/Oil").status_code == 404
    assert "There is no list “Oil”" in browser.get("/lists/Oil").text
    assert browser.post("/lists/Öl 1973", {}, token=token, do="remove").headers["location"] == "/lists#done"
    assert "There are no lists yet" in browser.get("/lists").text


def test_who_may_only_read_sees_what_is_shared_and_no_forms(browser: Browser) -> None:
    browser.post("/lists", {}, token=browser.token("/"), star="oil")
    assert "Only you see this list" in browser.get("/lists/Stars of Ann").text
    cookies = dict(browser.cookies)
    browser.cookies.clear()
    assert "Stars of Ann" not in browser.get("/lists").text + browser.get("/article/oil").text
    browser.cookies |= cookies
    browser.post("/lists/Stars of Ann", {}, token=browser.token("/"), do="share")
    assert "/lists/Stars%20of%20Ann%20%28Ann%29" in browser.get("/lists/Stars of Ann").text
    browser.cookies.clear()

    for path in ("/lists", "/lists/Stars of Ann (Ann)", "/?list=Stars+of+Ann+(Ann)", "/article/oil"):
        page = browser.get(path).text
        assert "Stars of Ann (Ann)" in page
        assert 'action="/lists' not in page
    browser.sign_in("read", "reader")
    assert 'action="/lists' not in browser.get("/lists/Stars of Ann (Ann)").text
    assert browser.post("/lists", {}, token="x", star="oil").status_code == 403


def test_a_list_is_a_chip_that_can_be_removed(browser: Browser) -> None:
    browser.post("/lists", {}, token=browser.token("/"), put="chosen", list="A & B", id="oil")

    page = browser.get("/?list=A+%26+B&q=oil").text

    assert 'href="/?q=oil" aria-label="Remove List A &amp; B"' in page
    assert 'href="/lists/A%20%26%20B"' in page
    assert "/api/export?q=oil&amp;list=A+%26+B&amp;sort=relevance&amp;format=ris" in page


# -- on the command line -----------------------------------------------------------------------


def test_the_command_puts_lists_exports_and_removes(place: Path) -> None:
    assert dateline("lists", place, "list").returncode == 1
    assert dateline("lists", place, "add", "Oil", "oil", "gas", "--note", "=1+1").returncode == 0
    assert "No article “never”" in dateline("lists", place, "add", "Oil", "never").stderr
    listed = json.loads(dateline("lists", place, "list", "--json").stdout)
    assert [(one["name"], one["articles"]) for one in listed] == [("Oil", 2)]
    lines = dateline("lists", place, "export", "Oil").stdout.splitlines()
    assert lines[0] == "article,note,by,at"
    assert lines[1].startswith("oil,'=1+1,")
    rows = dateline("lists", place, "export", "oil", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(row)["article"] for row in rows] == ["oil", "gas"]
    assert dateline("search", place, "", "--list", "Oil", "--json").stdout.count('"title":') == 2
    assert dateline("lists", place, "take", "Oil", "gas").returncode == 0
    assert dateline("lists", place, "remove", "Oil").returncode == 0
    gone = dateline("lists", place, "export", "Oil")
    assert (gone.returncode, gone.stderr) == (2, "Error: There is no list “Oil”.\n")


def test_a_limit_that_is_too_large_is_quoted_as_given(desk: Desk) -> None:
    desk.make()

    for limit in ("1001", "9" * 12, "9" * 13, "9" * 30):
        (error,) = desk.get(f"/api/lists/Oil?limit={limit}").json["errors"]
        assert f"limit is {limit}." in json.dumps(error)


@cases("path, body, field", [
    ("/api/lists/Oil", {"about": "Prices.", "before": ""}, "about"),
    ("/api/lists/Oil/articles/oil", {"note": "Prices.", "before": ""}, "note"),
])  # fmt: skip
def test_who_comes_second_to_a_text_is_told_of_the_first(
    desk: Desk, path: str, body: dict[str, str], field: str
) -> None:
    if field == "about":
        desk.make(articles=["oil"])
    method = "PATCH" if field == "about" else "PUT"
    second = {**body, field: "Other"}

    assert desk.send(method, path, body).status_code == 200
    refused = desk.send(method, path, second)
    assert refused.status_code == 409
    assert "It is now: “Prices.”. Yours was not stored: “Other”." in refused.json["detail"]
    assert desk.send(method, path, body).status_code == 200
    assert desk.send(method, path, {field: "Other"}).status_code == 200


def test_the_form_of_a_list_does_not_write_over_that_of_another(browser: Browser) -> None:
    token = browser.token("/")
    browser.post("/lists", {}, token=token, do="make", name="Oil", about="")
    assert 'name="before" value=""' in browser.get("/lists/Oil").text
    change = {"token": token, "do": "change", "name": "Oil", "before": ""}

    assert browser.post("/lists/Oil", {}, **change, about="Prices.").status_code == 303
    assert browser.post("/lists/Oil", {}, **change, about="Wells.").status_code == 409
