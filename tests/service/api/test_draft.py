"""The draft check."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import falcon.testing
import pytest

import search
from search import Article
from search.analyses.entity import having
from search.engine import Engine
from search.names.authority import Authority, Entry
from search.values.query import Query
from service.api.draft import check
from service.values.article_values import MAX_CHARACTERS
from tests.cases import cases
from tests.service.commands.running import dateline

Client = falcon.testing.TestClient
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

TEXT = (
    "President Richard Nixon met Chancelor Wily Brandt in Germany on 21 July 1969, and spoke with John F. Kenedy. "
    "Nixon left for France."
)


@pytest.fixture(scope="module")
def copied(engine: Engine) -> tuple[str, str]:
    """The id of an article, and a draft that has two sentences of it."""
    article = next(iter(engine.export(Query("berlin wall"))))
    words = article.text.split()
    return article.id, f"Something else entirely. {' '.join(words[5:45])} And so on."


def test_each_value_has_the_count_of_its_search(engine: Engine) -> None:
    found = check(engine, TEXT)

    assert found.of("person")[0].value == "Richard Nixon"
    for one in found.known:
        assert one.count == engine.search(one.query).total
        if one.field != "date":
            assert one.count == engine.search(having(Query(), one.field, one.value)).total
    assert {one.value for one in found.of("country")} >= {"DE", "FR"}
    assert [one.value for one in found.of("date")] == ["1969-07-21"]


def test_first_and_last_are_those_by_date(engine: Engine) -> None:
    nixon = check(engine, TEXT).of("person")[0]
    dated = sorted(a.published for a in engine.export(nixon.query) if a.published)

    assert nixon.first is not None
    assert nixon.last is not None
    assert (nixon.first.published, nixon.last.published) == (dated[0], dated[-1])


def test_a_blocked_person_is_told(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    place = tmp_path / "idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "President Richard Nixon spoke.", person=("Richard Nixon", "Dick Nixon")))
        writer.set_authority(Authority((Entry("person", "Richard Nixon", action="block"),)))
    client = serve(place)
    text = "President Richard Nixon met Chancellor Willy Brandt."
    told = {
        one["value"]: one
        for one in client.simulate_post("/api/draft", body=text, content_type="text/plain").json["persons"]
    }
    page = client.simulate_post("/draft", body=urlencode({"text": text}), headers={"Content-Type": FORM}).text
    (tmp_path / "draft").write_text(text)
    printed = dateline("draft", place, tmp_path / "draft")

    assert {name: one["blocked"] for name, one in told.items()} == {"Richard Nixon": True, "Willy Brandt": False}
    assert (told["Richard Nixon"]["count"], told["Richard Nixon"]["did_you_mean"]) == (0, None)
    assert page.count('<td class="n">blocked</td>') == 1
    assert re.search(r"Richard Nixon +person +blocked", printed.stdout)


def test_a_misspelled_name_is_offered_as_the_archive_has_it(engine: Engine) -> None:
    kennedy = next(one for one in check(engine, TEXT).of("person") if "Kenedy" in one.value)

    assert kennedy.count == 0
    assert kennedy.meant is not None
    assert kennedy.meant.name == "John F. Kennedy"
    assert kennedy.meant.count == engine.search(having(Query(), "person", "John F. Kennedy")).total > 0


def test_copied_passages_are_shown_with_their_article(engine: Engine, copied: tuple[str, str]) -> None:
    article_id, text = copied
    first = check(engine, text).earlier[0]

    assert first.article.id == article_id
    assert first.share > 0.7
    passage = first.passages[0]
    assert passage.words >= 35
    assert (
        first.article.text[passage.other_start : passage.other_end].split() == text[passage.start : passage.end].split()
    )


def test_the_api_takes_text_and_json(client: Client, copied: tuple[str, str]) -> None:
    plain = client.simulate_post("/api/draft", body=TEXT, content_type="text/plain; charset=utf-8")
    as_json = client.simulate_post("/api/draft", json={"text": TEXT})

    assert plain.status_code == as_json.status_code == 200
    assert plain.json == as_json.json
    assert plain.headers["Cache-Control"] == "no-store"
    assert plain.json["persons"][0]["label"] == "Richard Nixon"
    assert client.simulate_post("/api/draft", body=copied[1]).json["earlier"][0]["id"] == copied[0]


@cases("body, kind, status, told", [
    ("", "text/plain", 400, "empty"),
    (" \n", "text/plain", 400, "empty"),
    ("a " * MAX_CHARACTERS, "text/plain", 413, "40,000 characters; the maximum is 20,000"),
    ("{", "application/json", 400, "not JSON"),
    ('{"text": 1}', "application/json", 400, "Send an object with a text"),
    ("[]", "application/json", 400, "Send an object with a text"),
    ("a", "image/png", 415, "Send text/plain or application/json"),
    ("a" * 1_000_000, "text/plain", 413, "more than"),
])  # fmt: skip
def test_what_is_no_draft_is_refused_in_a_sentence(
    client: Client, body: str, kind: str, status: int, told: str
) -> None:
    answer = client.simulate_post("/api/draft", body=body, content_type=kind)

    assert answer.status_code == status
    assert told in answer.json["detail"]


@cases("body, headers, status, told", [
    ("Reagan met Thatcher.".encode("utf-16"), {"Content-Type": "text/plain; charset=utf-16"}, 415, "Send UTF-8"),
    (gzip.compress(b"Reagan met Thatcher.", mtime=0), {"Content-Encoding": "gzip"}, 415, "uncompressed"),
    (b"Reagan \xff\xfe", {}, 400, "not UTF-8: see byte 8"),
    ('{"text": "a"}'.encode("utf-16"), {"Content-Type": JSON}, 400, "in UTF-16 or UTF-32. Send UTF-8."),
    ('{"text": "a"}'.encode("utf-16-le"), {"Content-Type": JSON}, 400, "in UTF-16 or UTF-32. Send UTF-8."),
    ('{"text": "a"}'.encode("utf-32-be"), {"Content-Type": JSON}, 400, "in UTF-16 or UTF-32. Send UTF-8."),
    ('{"text": "a"}'.encode("utf-16"), {"Content-Type": f"{JSON}; charset=utf-16"}, 415, "“utf-16”. Send UTF-8."),
    (b"Reagan\x00", {}, 400, "bytes of value 0"),
])  # fmt: skip
def test_what_cannot_be_read_is_not_called_empty_of_names(
    client: Client, tmp_path: Path, seeds_index: Path, body: bytes, headers: dict[str, str], status: int, told: str
) -> None:
    answer = client.simulate_post("/api/draft", body=body, headers={"Content-Type": "text/plain", **headers})

    assert answer.status_code == status
    assert told in answer.json["detail"]
    (tmp_path / "draft").write_bytes(body)
    assert dateline("draft", seeds_index, tmp_path / "draft").returncode == 2


def test_another_form_than_a_pages_is_refused_for_what_it_is(client: Client) -> None:
    answer = client.simulate_post("/draft", json={"text": TEXT})

    assert answer.status_code == 415
    assert "Content-Type is “application/json”" in unescape(answer.text)


def post(client: Client, text: str) -> falcon.testing.Result:
    return client.simulate_post(
        "/draft", body=urlencode({"text": text}), content_type="application/x-www-form-urlencoded"
    )


def test_the_page_shows_the_values_and_both_sides_of_a_passage(client: Client, copied: tuple[str, str]) -> None:
    assert 'method="post"' in client.simulate_get("/draft").text
    answer = post(client, TEXT)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'href="/entity/person/Richard%20Nixon"' in answer.text
    assert "Did you mean" in answer.text
    assert f"/article/{copied[0]}" in post(client, copied[1]).text


def test_the_page_escapes_the_draft_and_names_a_problem(client: Client) -> None:
    assert "<script>alert" not in post(client, "<script>alert(1)</script> said Richard Nixon.").text
    long = post(client, "x" * (MAX_CHARACTERS + 1))
    assert long.status_code == 413
    assert "The draft has 20,001 characters; the maximum is 20,000." in unescape(long.text)
    assert post(client, "").status_code == 400


def test_the_command_prints_the_same(seeds_index: Path, tmp_path: Path, copied: tuple[str, str]) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f"{TEXT}\n\n{copied[1]}", "utf-8")

    shown = dateline("draft", seeds_index, draft)
    found = json.loads(dateline("draft", seeds_index, draft, "--json").stdout)

    assert shown.returncode == 0
    assert "Richard Nixon" in shown.stdout
    assert "Did you mean John F. Kennedy, " in shown.stdout
    assert found["earlier"][0]["id"] == copied[0]
    assert not any(b"Something else entirely" in file.read_bytes() for file in seeds_index.rglob("*") if file.is_file())
    assert dateline("draft", seeds_index, "-").returncode == 2


@cases("name, said", [("none", "No such file or directory"), (".", "is a folder")])
def test_a_file_that_cannot_be_read_is_a_sentence(seeds_index: Path, tmp_path: Path, name: str, said: str) -> None:
    answer = dateline("draft", seeds_index, tmp_path / name)

    assert answer.returncode == 2
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1
