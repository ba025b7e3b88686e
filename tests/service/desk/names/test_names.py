"""Deciding about names on `/names` and over `/api/authority`: what is shown, who may, and what becomes of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import falcon.testing
import pytest

import search
from desk.names import decision
from desk.people import keys
from desk.people.holder import Scope
from search import Article
from search.errors import BadAuthority
from search.names.authority import Authority
from service.archive import Archive
from service.server.indexing import Indexing
from tests.cases import cases
from tests.service.desk.editor import Editor, doing_jobs

SADR, OTHER = "Muqtada al-Sabri", "Moqtada al-Sabri"
Result = falcon.testing.Result


class Desk(Editor):
    """Somebody at the page, signed in or not, while a process does the jobs."""

    PAGE = "/names"

    def signed_in(self, scope: Scope = "edit") -> str:
        secret = self.secret if scope == "edit" else keys.add(str(self.place), [scope], "reader")[1]
        self.sign_in(secret)
        return secret

    def decide(self, query: str = "", **fields: str) -> Result:
        token = self.token(query)
        with doing_jobs(self.place):
            return self.post(token=token, **fields)

    def total(self, name: str) -> int:
        answer = self.client.simulate_get("/api/search", query_string=urlencode({"person": name}))
        return int(answer.json["total"])

    def rows(self, query: str = "") -> list[str]:
        body = self.page(query).partition('<table class="pairs">')[2].partition("</table>")[0]
        texts = [re.sub(r"<[^>]+>", " ", row) for row in body.split("<tr>")[2:]]
        return [" ".join(text.split()) for text in texts]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        for number in range(3):
            writer.add(Article(f"a{number}", "A cleric.", person=(SADR,)))
        writer.add(Article("both", "A cleric.", person=(SADR, OTHER)))
        writer.add(Article("other", "A cleric.", person=(OTHER, "Ann Lee", "Bob Lee")))
    with Archive(str(place)) as archive:
        yield Desk(place, archive)


def test_names_that_may_be_one_stand_side_by_side_with_what_they_have_together(desk: Desk) -> None:
    assert desk.rows() == [f"{SADR} 4 A cleric. {OTHER} 2 A cleric. 5 one letter apart"]


def test_no_name_is_next_to_one_of_another_given_name(desk: Desk) -> None:
    assert desk.rows("kind=person&name=Ann+Lee") == []


def test_a_merge_has_as_many_articles_as_was_said(desk: Desk) -> None:
    desk.signed_in()
    answer = desk.decide(action="merge", kind="person", name=SADR, alias=OTHER, next="/names?kind=person")

    assert (answer.status_code, answer.headers["location"]) == (303, "/names?kind=person#done")
    assert (desk.total(SADR), desk.total(OTHER), desk.rows()) == (5, 5, [])
    assert f"merge person {SADR}: {OTHER}" in desk.page()
    assert "night desk" in desk.page()


def test_a_split_has_as_many_articles_as_was_said(desk: Desk) -> None:
    desk.signed_in()
    desk.decide(action="merge", kind="person", name=SADR, alias=OTHER)
    page = desk.page(urlencode({"name": OTHER}))
    said = re.search(r"Split off Moqtada al-Sabri: (.*?) there, (\d+) here", page)
    assert said is not None
    assert said.groups() == ("2 articles", "4")
    desk.decide(action="split", kind="person", name=OTHER)

    assert (desk.total(SADR), desk.total(OTHER), desk.rows()) == (4, 2, [])


def test_a_blocked_name_is_hidden_until_it_is_shown_again(desk: Desk) -> None:
    desk.signed_in()
    desk.decide(action="block", kind="person", name="Ann Lee")
    assert desk.total("Ann Lee") == 0
    assert "1 article · not shown" in desk.page("name=Ann+Lee")
    desk.decide("name=Ann+Lee", action="unblock", kind="person", name="Ann Lee")

    assert desk.total("Ann Lee") == 1


def test_any_decision_is_undone_with_its_button(desk: Desk) -> None:
    desk.signed_in()
    desk.decide(action="merge", kind="person", name=SADR, alias=OTHER)
    desk.decide(action="block", kind="person", name="Ann Lee")
    desk.decide(action="undo", change="1")

    assert (desk.total(OTHER), desk.total("Ann Lee")) == (2, 0)
    assert desk.page().count('name="change"') == 2


def test_who_is_not_an_editor_sees_names_and_no_button(desk: Desk) -> None:
    for scope in (None, "read"):
        if scope is not None:
            desk.signed_in("read")
        page = desk.page()
        assert OTHER in page
        assert 'method="post"' not in page.partition("<main")[2].partition("</main>")[0]
        assert "Sign in to decide" in page


@cases(
    "fields, said",
    [
        ({"action": "burn", "name": "Ann"}, "“burn” is not an action"),
        ({"action": "merge", "name": "Ann Lee"}, "nothing to merge into"),
        ({"action": "undo", "change": "7"}, "There is no change 7"),
        ({"action": "item", "name": "Ann Lee", "wikidata": "42"}, "is not a Wikidata id"),
        ({"action": "block", "kind": "country", "name": "Atlantis"}, "No country “Atlantis”"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_a_sentence(desk: Desk, fields: dict[str, str], said: str) -> None:
    desk.signed_in()
    answer = desk.decide(**{"kind": "person", **fields})

    assert answer.status_code == 400
    assert said in answer.text


@cases("query", ["kind=language", "page=0", "page=x", "page=-1", "name=" + "x" * 301])
def test_what_the_page_cannot_read_is_refused(desk: Desk, query: str) -> None:
    assert desk.client.simulate_get("/names", query_string=query).status_code == 400


@cases("kind", ["person", "country", "source", "section", "author", "topic"])
@cases("name", ["", "<script>alert(1)</script>", "Nobody", "a\u202eb", "..", "medtop:15000000"])
def test_every_kind_has_a_page_and_names_stay_text(desk: Desk, kind: str, name: str) -> None:
    desk.signed_in()
    query = urlencode({"kind": kind, "name": name})
    answer = desk.client.simulate_get(
        "/names", query_string=query, cookies=desk.cookies, headers={"Accept": "text/html"}
    )

    known = kind not in ("country", "topic") or name == "" or (kind, name) == ("topic", "medtop:15000000")
    assert answer.status_code == (200 if known else 400)
    assert "<h1>" in answer.text
    assert "<script>alert" not in answer.text


def test_the_api_decides_and_tells_what_was_decided(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.signed_in()}"}
    sent = {"action": "merge", "name": SADR, "aliases": [OTHER], "wikidata": "q312967"}
    answer = desk.client.simulate_post("/api/authority", json=sent, headers=headers)
    assert answer.status_code == 202
    Indexing(str(desk.place), 1, lambda: False).once()
    assert desk.client.simulate_get(answer.headers["location"], headers=headers).json["state"] == "done"

    told = desk.client.simulate_get("/api/authority").json
    entry = {"kind": "person", "name": SADR, "alias": OTHER, "wikidata": "Q312967", "action": "merge"}
    assert told["entries"] == [entry]
    (change,) = told["journal"]
    assert (change["number"], change["by"], change["added"]) == (1, "night desk", [entry])


def test_a_decision_has_no_other_fields(desk: Desk) -> None:
    sent = {"action": "block", "name": SADR, "colour": "red"}
    answer = desk.client.simulate_post("/api/authority", json=sent, headers=desk.headers)

    assert answer.status_code == 400
    assert "No field “colour”." in answer.json["detail"]


def test_two_decisions_that_contradict_each_other_are_not_both_applied(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.signed_in()}"}
    links = []
    for name, alias in ((SADR, OTHER), (OTHER, SADR)):
        answer = desk.client.simulate_post(
            "/api/authority", json={"action": "merge", "name": name, "aliases": [alias]}, headers=headers
        )
        links.append(answer.headers["location"])
    indexing = Indexing(str(desk.place), 1, lambda: False)
    indexing.once()
    first, second = (desk.client.simulate_get(link, headers=headers).json for link in links)

    assert (first["state"], second["state"]) == ("done", "failed")
    assert "merged into each other" in second["problem"]
    assert desk.total(OTHER) == 5


def test_another_person_of_one_name_is_told_apart_by_a_search(desk: Desk) -> None:
    desk.signed_in()
    other = f"{SADR} (footballer)"
    fields = {"action": "apart", "kind": "person", "name": SADR, "other": other, "next": "/names?kind=person"}

    assert desk.decide(**fields, question="/?q=cleric&person=Nobody").status_code == 303  # of the name, whoever it says
    assert (desk.total(SADR), desk.total(other)) == (0, 4)
    assert desk.decide(**{**fields, "name": other, "other": SADR}, question="q=cleric").status_code == 303
    assert (desk.total(SADR), desk.total(other)) == (4, 0)


def test_decisions_sent_without_waiting_are_applied_as_one_after_another(
    desk: Desk, amount: Callable[[int], int]
) -> None:
    """Whatever is valid once those sent before are applied is accepted at once, an undo of any change among them."""
    chosen, expected = random.Random(4), Authority()
    names, indexing = (SADR, OTHER, "Ann Lee", "M. Sabri"), Indexing(str(desk.place), 1, lambda: False)
    for _ in range(amount(120)):
        if chosen.random() < 0.25:
            indexing.once()
        name, alias = chosen.sample(names, 2)
        sent: dict[str, Any] = chosen.choice(
            [
                {"action": "merge", "name": name, "aliases": [alias]},
                {"action": "split", "name": name},
                {"action": "undo", "change": len(expected.journal)},
                {"action": "undo", "change": chosen.randint(1, len(expected.journal) + 1)},
            ]
        )
        answer = desk.client.simulate_post("/api/authority", json=sent, headers=desk.headers)
        with suppress(BadAuthority):
            expected = decision.applied(decision.read(sent), expected, "2026-12-01T00:00:00Z", "night desk")
            assert answer.status_code == 202, (sent, answer.json)
    indexing.once()
    told = desk.client.simulate_get("/api/authority").json
    assert told["entries"] == [asdict(entry) for entry in expected.entries]
    assert len(told["journal"]) == len(expected.journal)


def test_a_facet_and_an_article_lead_an_editor_to_their_names(desk: Desk) -> None:
    facet, article = ("/", "more=person"), ("/article/both", "")

    def links(address: tuple[str, str]) -> list[str]:
        page = desk.client.simulate_get(address[0], query_string=address[1], cookies=desk.cookies).text
        return re.findall(r'href="(/names[^"]*)"', page)

    assert (links(facet), links(article)) == ([], [])
    desk.signed_in()
    sadr = "/names?kind=person&amp;name=Muqtada%20al-Sabri"
    assert sadr in links(facet)
    assert "/names?kind=person" in links(facet)
    assert sadr in links(article)


def test_who_comes_second_to_a_wikidata_item_is_told_of_the_first(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.signed_in()}"}

    def item(wikidata: str, before: str) -> Result:
        sent = {"action": "item", "name": SADR, "wikidata": wikidata, "before": before}
        return desk.client.simulate_post("/api/authority", json=sent, headers=headers)

    assert item("Q312967", "").status_code == 202
    waiting = item("Q1", "")
    indexing = Indexing(str(desk.place), 1, lambda: False)
    while indexing.once():
        pass
    refused = item("Q1", "")
    changed = f"Somebody has changed the Wikidata item of “{SADR}” meanwhile."
    said = f"{changed} It is now: “Q312967”. Yours was not stored: “Q1”."

    assert (refused.status_code, refused.json["detail"]) == (409, said)
    job = desk.client.simulate_get(waiting.headers["location"], headers=headers).json
    assert (job["state"], job["problem"]) == ("failed", said)
    assert item("q312967", "").status_code == 202
    assert item("Q1", "q312967").status_code == 202


def test_the_form_of_a_name_does_not_replace_the_item_that_another_has_set(desk: Desk) -> None:
    desk.signed_in()
    form = {"action": "item", "kind": "person", "name": SADR, "before": ""}
    assert '<input type="hidden" name="before" value="">' in desk.page(urlencode({"name": SADR}))

    assert desk.decide(**form, wikidata="Q312967").status_code == 303
    assert desk.decide(**form, wikidata="Q1").status_code == 409
    assert '<input type="hidden" name="before" value="Q312967">' in desk.page(urlencode({"name": SADR}))
