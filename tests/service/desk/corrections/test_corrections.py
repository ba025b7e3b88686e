"""`/api/corrections` and `dateline corrections`: made, listed, applied and undone, as their users see it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import falcon.testing
import pytest

import search
from desk.corrections.correction import checked
from desk.corrections.overlay import applied
from desk.people import keys
from search import Article, Evidence
from search.errors import DiskFull
from service.archive import Archive
from service.desk.corrections.resource import MAX_BYTES
from service.http.conditional import DONE
from service.server.indexing import Indexing
from service.spool import Spool
from service.values.correction_values import MOST_CORRECTIONS
from tests import waiting
from tests.cases import cases
from tests.service.commands.running import dateline
from tests.service.desk.editor import FORM, Editor
from tests.service.serving import Answer, serving

Result = falcon.testing.Result
EVIDENCE = {"person": (Evidence("Brandenburg Gate", 0, 16, "Brandenburg Gate", "crf", 0.6),)}


class Desk(Editor):
    """Somebody with a key of scope `edit`."""

    def correct(self, *rows: Any, **row: str) -> Result:
        body = {"corrections": rows} if rows else row
        return self.client.simulate_post("/api/corrections", json=body, headers=self.headers)

    def undo(self, number: object) -> Result:
        return self.client.simulate_delete(f"/api/corrections/{number}", headers=self.headers)

    def listed(self, query: str = "") -> Any:
        return self.client.simulate_get("/api/corrections", query_string=query, headers=self.headers).json

    def done(self, accepted: Result) -> Any:
        assert accepted.status_code == 202, accepted.text
        Indexing(str(self.place), 1, lambda: False).once()
        return self.client.simulate_get(accepted.json["links"]["self"], headers=self.headers).json

    def article(self, article_id: str = "wall") -> Any:
        return self.client.simulate_get(f"/api/articles/{article_id}").json


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("wall", "Brandenburg Gate was closed.", person=("Brandenburg Gate",), evidence=EVIDENCE))
        writer.add(Article("other", "A zebra."))
    with Archive(str(place)) as archive:
        yield Desk(place, archive)


def test_a_wrong_person_is_removed_and_the_evidence_says_so(desk: Desk) -> None:
    accepted = desk.correct(article="wall", field="person", action="remove", value="brandenburg gate", note="a gate")
    job = desk.done(accepted)

    assert (job["kind"], job["state"], job["updated"]) == ("correct", "done", 1)
    assert desk.article()["person"] == []
    (one,) = accepted.json["corrections"]
    assert (one["number"], one["value"], one["by"], one["note"]) == (1, "Brandenburg Gate", "night desk", "a gate")
    assert desk.listed()["corrections"] == accepted.json["corrections"]


def test_a_misread_line_is_shown_as_people_have_corrected_it(desk: Desk) -> None:
    desk.done(desk.correct(article="wall", field="line", action="add", value="was closed → was opened"))

    page = desk.client.simulate_get("/article/wall").text
    assert re.search(
        "was opened.*<h2>As it was read, before people corrected it</h2>.*>was closed</p>", page, re.DOTALL
    )
    exported = csv.DictReader(io.StringIO(desk.client.simulate_get("/api/export?format=csv").text))
    assert {row["id"]: row["corrected_lines"] for row in exported} == {"wall": "true", "other": ""}


def test_words_of_a_line_that_are_not_in_the_text_once_are_refused(desk: Desk) -> None:
    refused = desk.correct(article="wall", field="line", action="add", value="a → b")

    assert refused.status_code == 400
    assert "“a” is not in its text, or more than once." in refused.text


def test_many_lines_of_one_article_take_as_long_as_they_are(desk: Desk) -> None:
    with search.writer(desk.place) as writer:
        for count in (250, 1_000):
            writer.add(Article(f"of-{count}", " ".join(f"was{n}" for n in range(count))))
        writer.commit()

    def refused(count: int) -> Callable[[], object]:
        row = {"article": f"of-{count}", "field": "line", "action": "add"}
        rows = [{**row, "value": f"was{n} → were{n}"} for n in range(count - 1)]

        def task() -> None:
            errors = desk.correct(*rows, {"article": "wall"}).json["errors"]
            assert {error["parameter"].partition(".")[0] for error in errors} == {f"corrections[{count - 1}]"}

        return task

    assert waiting.grows_less(8, refused, 250, 1_000)


def test_an_undone_correction_is_as_if_it_had_not_been_made(desk: Desk) -> None:
    before = desk.article()
    (made,) = desk.correct(article="wall", field="country", action="add", value="Germany").json["corrections"]
    desk.done(desk.undo(made["number"]))

    assert desk.article() == before
    (undone,) = desk.listed()["corrections"]
    assert (undone["undone_by"], undone["undone"] is None) == ("night desk", False)
    assert desk.undo(made["number"]).status_code == 404


def test_what_was_added_can_be_searched_for(desk: Desk) -> None:
    desk.done(desk.correct(article="other", field="person", action="add", value="Zoe Xu"))

    assert desk.client.simulate_get("/api/search", query_string="person=Zoe+Xu").json["total"] == 1
    (entry,) = desk.article("other")["evidence"]["person"]
    assert (entry["rule"], entry["text"].split(" on ")[0]) == ("corrected", "corrected by night desk")


def test_articles_of_a_search_are_corrected_at_once_and_stay_so(desk: Desk) -> None:
    """A second person of one name: told apart by what articles are about, and again when they are enriched again."""
    with search.writer(desk.place) as writer:
        for number, topic in enumerate(("15000000", "15000000", "11000000")):
            writer.add(Article(f"s{number}", "John Smith won.", person=("John Smith",), topic=(f"medtop:{topic}",)))
    asked = {"query": "person=john+smith&topic=sport", "field": "person"}
    other = "John Smith (footballer)"
    accepted = desk.correct(
        {**asked, "action": "remove", "value": "John Smith"}, {**asked, "action": "add", "value": other}
    )
    desk.done(accepted)

    assert {each["article"] for each in accepted.json["corrections"]} == {"s0", "s1"}
    assert [desk.article(f"s{number}")["person"] for number in range(3)] == [[other], [other], ["John Smith"]]
    for person, total in ((other, 2), ("John Smith", 1)):
        assert desk.client.simulate_get("/api/search", params={"person": person}).json["total"] == total
    none = desk.correct({**asked, "action": "remove", "value": "John Smith"})
    assert (none.status_code, "This search finds 0 articles." in none.text) == (400, True)
    both = desk.correct({**asked, "article": "s0", "action": "add", "value": "Ann"})
    assert (both.status_code, "There is an article, too." in both.text) == (400, True)


def test_a_name_is_removed_in_the_form_in_which_the_article_has_it(desk: Desk) -> None:
    with search.writer(desk.place) as writer:
        writer.add(Article("m", "x", person=("Moammar Gadhafi",)))
        authority = search.names.authority.merge(
            writer.authority(), "person", "Muammar Gaddafi", ("Moammar Gadhafi",), "", "2026-11-26"
        )
        writer.set_authority(authority)
    accepted = desk.correct(article="m", field="person", action="remove", value="Muammar Gaddafi")

    (one,) = accepted.json["corrections"]
    assert (one["value"], one["names"]) == ("Muammar Gaddafi", ["Moammar Gadhafi"])
    desk.done(accepted)
    assert desk.article("m")["person"] == []


@cases("row, status, said", [
    ({"article": "wall", "field": "person", "action": "remove", "value": "Ann"}, 400, "It has: Brandenburg Gate."),
    ({"article": "wall", "field": "date", "action": "set", "value": "17/13/1998"}, 400, "is not in the calendar"),
    ({"article": "none", "field": "person", "action": "add", "value": "Ann"}, 404, "none"),
    ({"article": "wall", "colour": "red"}, 400, "No field “colour”"),
    ({"article": 1}, 400, "A field is not text: “article”."),
    ({"article": "wall", "note": ["a"]}, 400, "A field is not text: “note”."),
])  # fmt: skip
def test_one_bad_correction_refuses_all_of_a_request(desk: Desk, row: Any, status: int, said: str) -> None:
    good = {"article": "wall", "field": "title", "action": "set", "value": "New"}
    answer = desk.correct(good, row)

    assert (answer.status_code, desk.listed()["corrections"]) == (status, [])
    assert said in answer.text


def test_what_is_wrong_is_named_with_its_place(desk: Desk) -> None:
    good = {"article": "wall", "field": "title", "action": "set", "value": "New"}
    bad = {**good, "field": "date"}
    absent = {**good, "field": "person", "action": "remove", "value": "Ann"}

    several = desk.correct(good, bad, {"colour": "red"}, absent).json["errors"]
    assert [each["parameter"] for each in several] == [
        "corrections[1].value", "corrections[2]", "corrections[3].value",
    ]  # fmt: skip
    assert [each["parameter"] for each in desk.correct(bad).json["errors"]] == ["corrections[0].value"]
    assert [each["parameter"] for each in desk.correct(**bad).json["errors"]] == ["value"]


@cases("body, status", [
    (b"[]", 400), (b"{", 400), (b'"x"', 400), (b'{"corrections": 1}', 400), (b"x" * (MAX_BYTES + 1), 413),
    (json.dumps([{}] * (MOST_CORRECTIONS + 1)).encode(), 413),
])  # fmt: skip
def test_a_body_of_another_shape_is_refused(desk: Desk, body: bytes, status: int) -> None:
    headers = {**desk.headers, "Content-Type": "application/json"}

    assert desk.client.simulate_post("/api/corrections", body=body, headers=headers).status_code == status


def test_corrections_are_listed_in_parts(desk: Desk) -> None:
    assert desk.listed() == {"corrections": [], "links": {"next": None}}
    titles = [{"article": "wall", "field": "title", "action": "set", "value": str(n)} for n in range(5)]
    desk.correct(*titles)
    found, path = [], "/api/corrections?limit=2&article=wall"
    while path:
        answer = desk.client.simulate_get(path).json
        found += [each["value"] for each in answer["corrections"]]
        path = answer["links"]["next"]

    assert found == list("01234")
    assert desk.listed("article=other")["corrections"] == []


@cases("query", ["limit=0", "limit=1001", "after=x", "article=a/b", "color=red"])
def test_a_bad_parameter_of_the_list_is_named(desk: Desk, query: str) -> None:
    (error,) = desk.listed(query)["errors"]

    assert error["parameter"] == query.partition("=")[0]


@cases("there_is_another", [False, True])
@cases("number", ["7", "x", "0", "-1", "9" * 40, "²"])
def test_undoing_what_there_is_not_is_a_404_with_the_way_out(desk: Desk, number: str, there_is_another: bool) -> None:
    if there_is_another:
        desk.correct(article="wall", field="title", action="set", value="New")
    answer = desk.undo(number)

    assert answer.status_code == 404
    assert answer.json["detail"] == f"No correction “{number[:20]}” is in force. GET /api/corrections lists them all."


def test_a_correction_without_a_job_is_applied_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr("service.spool.Spool.put", full)
        refused = desk.correct(article="wall", field="title", action="set", value="New")
    indexing = Indexing(str(desk.place), 1, lambda: False)
    Spool(str(desk.place)).make()
    for _ in range(2):
        indexing._looked_round = float("-inf")
        indexing.once()

    assert refused.status_code >= 500
    assert desk.article()["title"] == "New"


def test_the_same_correction_again_is_the_same_correction(desk: Desk) -> None:
    row = {"article": "wall", "field": "person", "action": "add", "value": "Ann Lee"}
    first, again = (desk.correct(**row).json["corrections"] for _ in range(2))

    assert first == again
    assert len(desk.listed()["corrections"]) == 1


def test_what_was_removed_since_can_be_added_again(desk: Desk) -> None:
    child, parent = "medtop:20000574", "medtop:11000000"
    rows = [
        {"article": "wall", "field": "topic", "action": "add", "value": child},
        {"article": "wall", "field": "topic", "action": "add", "value": parent},
        {"article": "wall", "field": "topic", "action": "remove", "value": parent},
        {"article": "wall", "field": "topic", "action": "add", "value": child},
    ]
    desk.done(desk.correct(*rows))

    assert len(desk.listed()["corrections"]) == 4
    assert desk.article()["topic"] == [child]


def test_a_correction_can_be_corrected_before_it_is_applied(desk: Desk) -> None:
    desk.correct(article="wall", field="person", action="add", value="Ann Lee")
    desk.done(desk.correct(article="wall", field="person", action="remove", value="Ann Lee"))

    assert desk.article()["person"] == ["Brandenburg Gate"]


def test_the_command_corrects_exports_imports_and_undoes(desk: Desk, tmp_path: Path) -> None:
    index = desk.place
    added = dateline("corrections", index, "add", "wall", "person", "remove", "Brandenburg Gate", "--note", "a gate")
    assert (added.returncode, added.stderr) == (0, "1 correction added.\n1 article changed.\n")
    exported = dateline("corrections", index, "export").stdout
    assert exported.splitlines()[1].startswith("1,wall,person,remove,Brandenburg Gate,")
    gold = json.loads(dateline("corrections", index, "export", "--gold").stdout)
    assert gold == {"id": "wall", "person": {"right": [], "wrong": ["Brandenburg Gate"]}}

    again = dateline("corrections", index, "import", "-", stdin=exported.encode())
    assert again.stderr == "0 corrections added.\n"
    undone = dateline("corrections", index, "undo", 1)
    assert undone.stderr == "Correction 1 of “wall” is undone.\n1 article changed.\n"
    assert desk.article()["person"] == ["Brandenburg Gate"]
    again = dateline("corrections", index, "import", "-", stdin=exported.encode())
    assert again.stderr.startswith("1 correction added.")
    assert desk.article()["person"] == []
    listed = json.loads(dateline("corrections", index, "list", "--json").stdout)
    assert [(each["number"], each["undone"] is None) for each in listed] == [(1, False), (2, True)]
    rows = dateline("corrections", index, "list").stdout.splitlines()
    days = [re.findall(r"\d{4}-\d\d-\d\d", row) for row in rows]
    assert days == [[], [listed[0]["at"][:10], listed[0]["undone"][:10]], [listed[1]["at"][:10]]]

    lines = (
        "article,field,action,value\nwall,line,add,a → b\nwall,line,add,was closed → was opened\nnone,line,add,a → b\n"
    )
    unfit = dateline("corrections", index, "import", "-", stdin=lines.encode())
    assert unfit.returncode == 2
    assert unfit.stderr.startswith("2 corrections added.\n1 article changed.\n")
    assert "“wall”: “a” is not in its text, or more than once." in unfit.stderr
    assert "was opened" in desk.article()["text"]
    for number in (3, 4):
        dateline("corrections", index, "undo", number)

    copied = dateline("copy", index, tmp_path / "copy.idx")
    assert copied.returncode == 0, copied.stderr
    assert len(json.loads(dateline("corrections", tmp_path / "copy.idx", "list", "--json").stdout)) == 4


def test_copied_articles_get_the_corrections_of_both_indexes(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.idx"
    with search.open(desk.place) as engine, search.writer(other) as writer:
        for each in engine.export(search.Query()):
            writer.add(each)
    dateline("corrections", desk.place, "add", "wall", "person", "add", "Ann Lee")
    dateline("corrections", other, "add", "wall", "person", "remove", "Brandenburg Gate")
    copied = dateline("copy", other, desk.place)

    assert copied.returncode == 0, copied.stderr
    assert desk.article()["person"] == ["Ann Lee"]
    assert [each["value"] for each in desk.listed()["corrections"]] == ["Ann Lee", "Brandenburg Gate"]


def test_a_correction_beside_another_writer_is_recorded_and_applied_later(desk: Desk, tmp_path: Path) -> None:
    with search.writer(desk.place):
        added = dateline("corrections", desk.place, "add", "wall", "person", "add", "Ann Lee")
    assert added.returncode == 0
    assert "1 correction added.\nAnother process is writing to “" in added.stderr
    assert desk.article()["person"] == ["Brandenburg Gate"]

    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.txt").write_text("A quagga.")
    assert dateline("index", desk.place, tmp_path / "archive").returncode == 0
    assert desk.article()["person"] == ["Brandenburg Gate", "Ann Lee"]


def test_an_undone_correction_without_effect_says_why(desk: Desk) -> None:
    for value in ("Ann Lee", "Ann  Lee", "Ann LEE"):
        dateline("corrections", desk.place, "add", "wall", "person", "add", value)
    said = dateline("corrections", desk.place, "undo", 2).stderr

    assert len(desk.listed()["corrections"]) == 2
    assert said.endswith("No article changed: it is not in the index, or another correction says the same.\n")


def test_the_command_refuses_what_cannot_be_corrected(desk: Desk) -> None:
    wrong = dateline("corrections", desk.place, "add", "wall", "country", "add", "Germny")
    missing = dateline("corrections", desk.place, "add", "none", "country", "add", "FR")

    assert (wrong.returncode, "Did you mean Germany?" in wrong.stderr) == (2, True)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert dateline("corrections", desk.place, "list").returncode == 1
    assert "No correction 1 is in force" in dateline("corrections", desk.place, "undo", 1).stderr


@pytest.mark.check
def test_corrections_sent_at_once_are_all_kept_and_applied(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        for number in range(12):
            writer.add(Article(f"a{number}", "A zebra."))
    key = keys.add(str(place), ["edit"], "night desk")[1]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    with serving(place, workers=2) as served:

        def send(number: int) -> list[Answer]:
            rows = [
                {"article": f"a{number % 12}", "field": "person", "action": "add", "value": f"Ann {number}x{each}"}
                for each in range(5)
            ]
            return [served.ask("POST", "/api/corrections", json.dumps(row).encode(), **headers) for row in rows]

        with ThreadPoolExecutor(20) as threads:
            answers = [answer for each in threads.map(send, range(24)) for answer in each]
        for answer in answers:
            assert answer.status == 202, answer.body
        for link in {answer.json["links"]["self"] for answer in answers}:
            assert served.job(link, key)["state"] == "done"
        made = [answer.json["corrections"][0] for answer in answers]
        listed = served.ask("GET", "/api/corrections?limit=1000", Authorization=f"Bearer {key}").json["corrections"]
        persons = [served.ask("GET", f"/api/articles/a{number}").json["person"] for number in range(12)]

    assert sorted(made, key=lambda each: each["number"]) == listed
    assert [each["number"] for each in listed] == [*range(1, 121)]
    assert {name for each in persons for name in each} == {each["value"] for each in made}


@cases("field, mine, theirs", [("title", "The wall", "A wall"), ("date", "1961-08-13", "1961-08")])
def test_who_comes_second_to_a_title_or_date_is_told_of_the_first(
    desk: Desk, field: str, mine: str, theirs: str
) -> None:
    first = desk.correct(article="other", field=field, action="set", value=theirs, before="")
    second = desk.correct(article="other", field=field, action="set", value=mine, before="")

    assert (first.status_code, second.status_code) == (202, 409)
    assert second.json["detail"] == (
        f"Somebody has changed the {field} of “other” meanwhile. It is now: “{theirs}”. Yours was not stored: “{mine}”."
    )
    assert desk.correct(article="other", field=field, action="set", value=theirs, before="").status_code == 202
    assert desk.correct(article="other", field=field, action="set", value=mine, before=theirs).status_code == 202
    assert desk.correct(article="other", field=field, action="set", value=theirs).status_code == 202


def test_of_many_at_the_same_time_one_sets_a_title(desk: Desk) -> None:
    def at_once(number: int) -> int:
        sent = {"article": "other", "field": "title", "action": "set", "value": f"Title {number}", "before": ""}
        return desk.correct(**sent).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(at_once, range(8)))

    assert statuses == [202, *[409] * 7]


def test_a_title_that_was_undone_is_another_one_by_then(desk: Desk) -> None:
    made = desk.correct(article="other", field="title", action="set", value="A zebra").json["corrections"]
    desk.undo(made[0]["number"])

    assert desk.correct(article="other", field="title", action="set", value="Z", before="A zebra").status_code == 409


def test_the_form_of_an_article_shows_the_title_that_somebody_else_has_set(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.desk.corrections.page.WAITS_S", 0.0)
    desk.sign_in()

    def fields(page: str) -> dict[str, str]:
        names = ("token", "before-title", "before-date")
        return {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in names}

    def send(**sent: str) -> Result:
        return desk.client.simulate_post(
            "/article/other/corrections", body=urlencode(sent), headers=FORM, cookies=desk.cookies
        )

    opened = fields(desk.client.simulate_get("/article/other", cookies=desk.cookies).text)
    desk.done(desk.correct(article="other", field="title", action="set", value="A zebra"))
    refused = send(**opened, field="title", value="Zebras")
    again = fields(refused.text)

    assert refused.status_code == 409
    assert "It is now: “A zebra”. Yours was not stored: “Zebras”." in refused.text
    assert 'value="Zebras"' in refused.text
    assert again["before-title"] == "A zebra"
    assert send(**opened, field="date", value="1998").status_code == 303
    assert send(**again, field="title", value="Zebras").status_code == 303
    waits = desk.client.simulate_get("/article/other", cookies={**desk.cookies, DONE: "waits"})
    assert waits.headers["refresh"] == "2; url=/article/other"
    assert "It is kept, and will be applied in a moment." in waits.text
    Indexing(str(desk.place), 1, lambda: False).once()
    applied_now = desk.client.simulate_get("/article/other", cookies=desk.cookies)
    assert "refresh" not in applied_now.headers
    assert "<h1>Zebras</h1>" in applied_now.text


def test_the_page_says_what_was_removed_by_whom_and_why_it_was_there(desk: Desk) -> None:
    desk.done(desk.correct(article="wall", field="person", action="remove", value="Brandenburg Gate"))

    def why() -> str:
        page = desk.client.simulate_get("/article/wall").text
        return page.partition("Why these labels?")[2].partition("</details>")[0]

    shown = " ".join(re.sub("<[^>]*>", " ", why()).split())
    assert "Person Brandenburg Gate removed by night desk on 20" in shown
    assert "“Brandenburg Gate”, recognised as a name 60 % sure" in shown
    desk.done(desk.undo(1))
    assert "removed" not in why()
    assert "Brandenburg Gate" in why()


def test_evidence_in_another_spelling_goes_with_its_value() -> None:
    stated = (Evidence("ANN LEE", 0, 7, "Ann Lee", "crf", 0.9),)
    article = Article("a", "Ann Lee.", person=("Ann Lee",), evidence={"person": stated})
    removal = checked("a", "person", "remove", "Ann Lee", "desk", "2026-11-26T21:04:11Z")

    assert applied(article, [removal]).evidence["person"] == ()
