"""Copies of one text beside each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import falcon.testing
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article
from service.api.versions import MAX_WORDS, Change, difference, similarity

Client = falcon.testing.TestClient

BEFORE = "Dockers ended a strike on Friday.\n\nTalks go on <b>today</b>."
AFTER = "Dockers in Rotterdam ended a strike on Monday.\n\nTalks go on <b>today</b>."


@pytest.fixture
def client(tmp_path: Path, serve: Callable[[Path], Client]) -> Client:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", BEFORE, "Strike ends", published="1998-05-01", source="Wire", group="a"))
        writer.add(Article("b", AFTER, "Strike over", published="1998-05-02", source="Gazette", group="a"))
        writer.add(Article("c", "Oil prices rose.", "Oil", published="1998-05-03"))
    return serve(tmp_path / "idx")


def test_likeness_is_the_share_of_runs_of_the_shorter_text() -> None:
    assert similarity("one two three four five", "zero one two three four five six") == 1.0
    assert similarity("one two three four five", "one two three four nine ten") == pytest.approx(2 / 3)
    assert similarity("", "one two three") is None


def test_a_difference_is_told_word_by_word_in_paragraphs() -> None:
    told, whole = difference(BEFORE, AFTER)

    assert whole
    assert told == [
        [
            Change("same", "Dockers"),
            Change("new", "in Rotterdam"),
            Change("same", "ended a strike on"),
            Change("gone", "Friday."),
            Change("new", "Monday."),
        ],
        [Change("same", "Talks go on <b>today</b>.")],
    ]


@given(st.text("ab \n", max_size=40), st.text("ab \n", max_size=40))
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    told, _ = difference(before, after)

    def words(*kinds: str) -> list[str]:
        return [word for part in told for change in part if change.kind in kinds for word in change.text.split()]

    assert words("same", "gone") == before.split()
    assert words("same", "new") == after.split()


def test_a_long_text_is_compared_as_far_as_is_said() -> None:
    words = [f"w{n}" for n in range(2 * MAX_WORDS)]
    told, whole = difference(" ".join(words), " ".join([words[0], *words[2:]]))

    assert not whole
    assert told == [
        [
            Change("same", "w0"),
            Change("gone", "w1"),
            Change("same", " ".join(words[2:MAX_WORDS])),
            Change("new", f"w{MAX_WORDS}"),
        ]
    ]


def test_an_article_tells_how_alike_its_copies_are(client: Client) -> None:
    answer = client.simulate_get("/api/articles/b").json

    assert answer["likeness"] == pytest.approx(6 / 11, abs=0.2)
    assert [(copy["id"], copy["likeness"]) for copy in answer["copies"]] == [("a", 1.0)]
    assert client.simulate_get("/api/articles/c").json["likeness"] is None


def test_the_page_of_an_article_leads_to_what_changed(client: Client) -> None:
    page = client.simulate_get("/article/b").text
    changed = client.simulate_get("/article/b/versions/a").text

    assert '<a href="/article/b/versions/a">what changed</a>' in page
    assert "60 % alike" in page
    assert "<del>Friday.</del>" in changed
    assert "<ins>in Rotterdam</ins>" in changed
    assert "&lt;b&gt;today" in changed
    assert client.simulate_get("/article/b/versions/none").status_code == 404


def test_an_export_may_be_of_stories(client: Client) -> None:
    whole = client.simulate_get("/api/export").text.splitlines()
    stories = client.simulate_get("/api/export", params={"group": "story"}).text.splitlines()

    assert [json.loads(line)["id"] for line in whole] == ["c", "b", "a"]
    assert [json.loads(line)["id"] for line in stories] == ["c", "b"]
    page = client.simulate_get("/", params={"group": "story"}).text
    assert "/api/export?group=story&amp;format=jsonl" in page
    assert "/feed.atom?group=story" in page
