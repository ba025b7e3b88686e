"""Citing a result and opening it again, as readers, editors and programs do it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import search
from desk.citations import result
from desk.citations.store import Store
from desk.lists.store import Lists
from desk.people import keys
from desk.people.keys import Key
from indexer.withheld.purge import purge
from search import Article
from search.errors import BadQuery
from service.archive import Archive
from service.desk.citations import citing
from service.formats import question
from service.http import session
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases
from tests.service.desk.editor import FORM

Client = falcon.testing.TestClient
OIL = [
    Article("a", "Oil falls.", "One", published="1998-05-17", source="Wire", country=("US",), extra={"version": 1}),
    Article("b", "Oil rises.", "Two", published="1999-05-17", country=("DE",)),
    Article("c", "Tin rises.", "Three"),
]


class Desk:
    """An archive that is served, and somebody with a key of scope `edit`."""

    def __init__(self, place: Path, archive: Archive, **settings: Any) -> None:
        self.place = place
        self.client = Client(create_app(archive, Settings(**settings)))
        self.key, secret = keys.add(str(place), ["edit"], "night desk")
        self.headers = {"Authorization": f"Bearer {secret}"}

    def write(self, *articles: Article, remove: tuple[str, ...] = ()) -> None:
        with search.writer(self.place) as writer:
            for article in articles:
                writer.add(article)
            for name in remove:
                writer.delete(name)

    def cite(self, asked: str = "q=oil") -> Any:
        made = self.client.simulate_post(f"/api/citations?{asked}", headers=self.headers)
        assert made.status_code == 201, made.text
        return made.json

    def cite_without_key(self, asked: str = "q=oil") -> str:
        made = self.client.simulate_post(f"/cite?{asked}", headers=FORM)
        assert made.status_code == 303, made.text
        return str(made.headers["location"]).removeprefix("/cite/")

    def open(self, citation_id: str) -> Any:
        opened = self.client.simulate_get(f"/api/citations/{citation_id}")
        assert opened.status_code == 200, opened.text
        return opened.json

    def page(self, citation_id: str) -> str:
        page = self.client.simulate_get(f"/cite/{citation_id}")
        assert page.status_code == 200, page.text
        return html.unescape(page.text)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "news.idx") as writer:
        for article in OIL:
            writer.add(article)
    return tmp_path / "news.idx"


@pytest.fixture
def desk(place: Path) -> Iterator[Desk]:
    with Archive(str(place)) as archive:
        yield Desk(place, archive)


def test_a_result_that_is_the_same_says_so(desk: Desk) -> None:
    cited = desk.cite()
    again = desk.open(cited["id"])

    assert (cited["by"], cited["then"]["total"], cited["order"]) == ("night desk", 2, "relevance")
    assert again["same"] is True
    assert (again["came"], again["went"], again["changed"]) == ([], [], [])
    assert again["now"]["hash"] == cited["then"]["hash"]
    assert "Nothing came, went or changed" in desk.page(cited["id"])


def test_what_came_went_and_changed_is_listed(desk: Desk) -> None:
    cited = desk.cite()
    desk.write(
        replace(OIL[0], text="Oil falls again.", extra={"version": 2}), Article("d", "More oil.", "Four"), remove=("b",)
    )
    again = desk.open(cited["id"])

    assert again["same"] is False
    assert [each["id"] for each in again["came"]] == ["d"]
    assert again["went"][0]["id"] == "b"
    assert again["went"][0]["why"].startswith("Article “b” was removed on 2")
    (changed,) = again["changed"]
    assert (changed["id"], changed["title"], changed["version"]) == ("a", "One", {"then": 1, "now": 2})
    assert again["then"] == cited["then"]
    assert again["now"]["generation"] > cited["then"]["generation"]
    page = desk.page(cited["id"])
    assert "1 article came, 1 went, 1 changed, 0 are the same." in page
    assert '<a href="/article/d">Four</a>' in page
    assert "version 1 then, 2 now" in page


def test_an_article_that_no_longer_matches_is_still_linked(desk: Desk) -> None:
    cited = desk.cite()
    desk.write(replace(OIL[1], text="Gold rises."))

    assert desk.open(cited["id"])["went"] == [{"id": "b", "why": "It does not match any more."}]
    assert '<a href="/article/b">b</a>' in desk.page(cited["id"])


def test_another_model_or_group_is_no_change(desk: Desk) -> None:
    cited = desk.cite()
    desk.write(replace(OIL[0], person=("Ann Lee",), topic=("medtop:11000000",), group="a", language="en"))

    assert desk.open(cited["id"])["same"] is True


def test_the_same_result_is_stored_once(desk: Desk) -> None:
    first = desk.cite()
    assert desk.cite() == first
    assert desk.cite("q=tin")["id"] != first["id"]
    desk.write(Article("z", "Nothing."))
    assert desk.cite()["id"] != first["id"]


def test_an_address_without_a_key_says_how_many_are_new(desk: Desk) -> None:
    desk.write(replace(OIL[0], added="2020-01-01T00:00:00Z"), replace(OIL[1], added="2020-01-01T00:00:00Z"))
    address = desk.cite_without_key()
    assert desk.open(address)["same"] is True
    desk.write(
        Article("d", "Oil.", added="2999-01-01T00:00:00Z"),
        replace(OIL[0], text="Oil!", added="2020-01-01T00:00:00Z", changed="2999-01-01T00:00:00Z"),
        remove=("b",),
    )
    again = desk.open(address)

    assert (again["same"], again["added_since"], again["changed_since"]) == (False, 1, 1)
    assert again["came"] is None
    assert "1 was added to the index since. 1 was changed since." in desk.page(address)
    assert not list(Store(desk.place).all())


@cases("at", [0, 30, 60, -2])
def test_an_address_that_was_changed_is_no_citation(desk: Desk, at: int) -> None:
    address = desk.cite_without_key()
    sign = "B" if address[at] == "A" else "A"
    forged = address[:at] + sign + address[at + 1 :]

    answer = desk.client.simulate_get(f"/api/citations/{forged}")
    assert answer.status_code == 404
    assert "copied incompletely" in answer.json["detail"]


@cases("name", ["0123456789abcdef", "x", "A" * 60 + "." + "B" * 22, "…", "../keys.json"])
def test_there_is_no_such_citation(desk: Desk, name: str) -> None:
    page = desk.client.simulate_get(f"/cite/{name}", headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert desk.client.simulate_get(f"/api/citations/{name}").status_code == 404


def test_a_purged_article_is_counted_and_not_named(desk: Desk) -> None:
    cited = desk.cite()
    with search.writer(desk.place) as writer:
        purge(writer, desk.place, ["b"])
    again = desk.open(cited["id"])

    assert (again["purged"], again["same"], again["went"]) == (1, True, [])
    page = desk.page(cited["id"])
    assert "1 article was removed by takedown." in page
    assert "Besides that, nothing came, went or changed" in page


def test_a_citation_that_asked_for_a_purged_article_is_gone(desk: Desk) -> None:
    named, like = desk.cite("q=id:b"), desk.cite("q=id:bb")
    with search.writer(desk.place) as writer:
        purge(writer, desk.place, ["b"])

    answer = desk.client.simulate_get(f"/api/citations/{named['id']}")
    assert answer.status_code == 410
    assert "named an article that was taken down" in answer.json["detail"]
    assert desk.open(like["id"])["then"]["total"] == 0


def test_a_purge_between_reading_and_storing_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The articles are read, one of them is purged, and only then is the citation stored."""
    hashed = result.hash_of

    def purged_meanwhile(entries: Any) -> str:
        monkeypatch.setattr(citing, "hash_of", hashed)
        with search.writer(desk.place) as writer:
            purge(writer, desk.place, ["b"])
        return hashed(entries)

    monkeypatch.setattr(citing, "hash_of", purged_meanwhile)
    cited = desk.cite()

    assert cited["then"]["total"] == 1
    with Store(desk.place) as store:
        assert [each.id for each in store.get(cited["id"]).entries or ()] == ["a"]


def test_a_relative_date_becomes_the_day_that_it_means(desk: Desk) -> None:
    cited = desk.cite("q=oil+AND+added:-7d..&from=1998&to=today&added.from=-1y")

    assert "-7d" not in cited["question"]
    assert "-1y" not in cited["question"]
    assert re.search(r"added:\d{4}-\d\d-\d\d\.\.", cited["question"].replace("%3A", ":"))
    assert "from=1998&" in cited["question"]
    assert re.search(r"&to=\d{4}-\d\d-\d\d", cited["question"])


@cases(
    "asked",
    ["", "q=oil&country=US&country=DE", "q=oil&sort=oldest", "country.missing=true", "q=oil&from=1998-05&group=story"],
)
def test_a_question_is_asked_again_as_it_was(desk: Desk, asked: str) -> None:
    cited = desk.cite(asked)

    assert cited["question"] == asked
    assert cited["then"]["total"] == desk.client.simulate_get(f"/api/search?{asked}").json["total"]
    assert desk.open(cited["id"])["same"] is True


def test_a_page_of_a_result_cannot_be_cited(desk: Desk) -> None:
    refused = desk.client.simulate_post("/api/citations?q=oil&page=2&size=5", headers=desk.headers)

    assert refused.status_code == 400
    assert {each["parameter"] for each in refused.json["errors"]} == {"page", "size"}
    assert desk.client.simulate_get("/cite?q=oil&page=2&view=map&utm_source=x").status_code == 200


def test_a_question_in_the_body_is_refused(desk: Desk) -> None:
    refused = desk.client.simulate_post("/api/citations", json={"q": "oil"}, headers=desk.headers)

    assert refused.status_code == 415
    assert "in the address" in refused.json["detail"]


def test_too_many_articles_are_refused_with_the_way_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cited = desk.cite()
    monkeypatch.setattr(citing, "MOST", 1)
    refused = desk.client.simulate_post("/api/citations?q=oil", headers=desk.headers)

    assert refused.status_code == 400
    assert refused.json["errors"][0]["reason"] == "This result has 2 articles; a citation has up to 1."
    again = desk.open(cited["id"])
    assert (again["now"]["total"], again["now"]["hash"], again["came"], again["same"]) == (2, None, None, False)
    assert "only the totals are compared" in desk.page(cited["id"])
    page = desk.client.simulate_get("/cite?q=oil").text
    assert "Narrow the search" in page
    assert "Make the citation" not in page


def test_without_a_key_a_citation_is_as_large_as_an_export(place: Path) -> None:
    with Archive(str(place)) as archive:
        desk = Desk(place, archive, anonymous_export=1)
        refused = desk.client.simulate_post("/cite?q=oil", headers=FORM)
        assert refused.status_code == 400
        assert "up to 1." in refused.text
        assert desk.cite()["then"]["total"] == 2


def test_a_question_too_long_for_an_address_is_refused_with_the_way_out(desk: Desk) -> None:
    asked = "q=oil&source=" + "".join(sha256(bytes([number])).hexdigest() for number in range(60))
    refused = desk.client.simulate_post(f"/cite?{asked}", headers=FORM)

    assert refused.status_code == 409
    assert "Sign in with an editor’s key" in refused.text
    assert desk.cite(asked)["then"]["total"] == 0


def test_only_so_many_citations_are_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citing, "MOST_STORED", 1)
    desk.cite()
    refused = desk.client.simulate_post("/api/citations?q=gas", headers=desk.headers)

    assert refused.status_code == 409
    assert "1 stored citations already" in refused.text


def signed_in(place: Path, key: Key) -> tuple[dict[str, str], str]:
    """The headers and the token of somebody who has signed in with a key."""
    begun = session.Sessions(str(place)).begin(key)
    return {**FORM, "Cookie": f"{session.COOKIE}={begun.secret}"}, begun.token


def test_a_form_of_an_editor_stores_the_citation(desk: Desk) -> None:
    headers, token = signed_in(desk.place, desk.key)
    assert f'name="token" value="{token}"' in desk.client.simulate_get("/cite?q=oil", headers=headers).text
    made = desk.client.simulate_post("/cite?q=oil", headers=headers, body=f"token={token}")

    assert made.status_code == 303
    (stored,) = desk.client.simulate_get("/api/citations", headers=desk.headers).json["citations"]
    assert made.headers["location"] == f"/cite/{stored['id']}"


def test_what_a_browser_sends_by_itself_stores_nothing(desk: Desk) -> None:
    cookie = {key: value for key, value in signed_in(desk.place, desk.key)[0].items() if key == "Cookie"}

    assert desk.client.simulate_post("/api/citations?q=oil", headers=cookie).status_code == 401
    with Store(desk.place) as store:
        assert not store.some


def test_a_key_for_reading_gets_an_address(desk: Desk) -> None:
    key, _ = keys.add(str(desk.place), ["read"], "reader")
    headers, _ = signed_in(desk.place, key)
    made = desk.client.simulate_post("/cite?q=oil", headers=headers)

    assert "." in made.headers["location"]
    with Store(desk.place) as store:
        assert store.listed() == ()


def test_citations_are_listed_page_by_page(desk: Desk) -> None:
    made = [desk.cite(f"q={word}")["id"] for word in ("oil", "tin", "gold", "rises", "falls")]
    found, path = [], "/api/citations?limit=2"
    while path:
        answer = desk.client.simulate_get(path, headers=desk.headers).json
        found += [each["id"] for each in answer["citations"]]
        path = answer["links"]["next"]

    assert sorted(found) == sorted(made)
    assert len(found) == len(set(found))


@cases("query", ["limit=0", "limit=1001", "limit=x", "colour=red"])
def test_a_bad_list_is_refused(desk: Desk, query: str) -> None:
    assert desk.client.simulate_get(f"/api/citations?{query}", headers=desk.headers).status_code == 400


def test_the_articles_of_then_are_given_on_request(desk: Desk) -> None:
    cited = desk.cite()
    found = desk.client.simulate_get(f"/api/citations/{cited['id']}?articles=true").json["then"]["articles"]

    assert [each["id"] for each in found] == ["a", "b"]
    assert desk.client.simulate_get(f"/api/citations/{cited['id']}?articles=yes").status_code == 400
    address = desk.cite_without_key()
    assert desk.client.simulate_get(f"/api/citations/{address}?articles=true").json["then"]["articles"] is None


def test_the_search_page_leads_to_the_citation_of_its_result(desk: Desk) -> None:
    text = desk.client.simulate_get("/?q=oil&country=US&page=1&view=map&sort=oldest").text

    assert '<a href="/cite?q=oil&amp;country=US&amp;sort=oldest">Cite this result</a>' in text


def test_no_text_of_a_question_or_an_article_is_markup(desk: Desk) -> None:
    asked = "q=%3Cscript%3Ealert(1)%3C/script%3E+OR+oil&source.not=%3Cb%3E"
    desk.write(Article("x", "oil", "<i>Title</i>", source="<b>S</b>"))
    cited = desk.cite(asked)
    desk.write(Article("y", "oil", "<i>Other</i>", source="<b>S</b>"))
    page = desk.client.simulate_get(f"/cite/{cited['id']}").text + desk.client.simulate_get(f"/cite?{asked}").text

    assert "<script>alert" not in page
    assert "<i>Other" not in page
    assert "&lt;i&gt;Other&lt;/i&gt;" in page
    assert "<b>S" not in page


def test_a_question_is_read_as_it_was_written() -> None:
    query = question.read("q=oil&country=US&sort=oldest&group=story")

    assert question.pairs(query) == [("q", "oil"), ("country", "US"), ("sort", "oldest"), ("group", "story")]
    with pytest.raises(BadQuery):
        question.read("q=oil&country=Nowhere")


def test_an_export_of_the_citation_is_as_json_says(desk: Desk) -> None:
    cited = desk.cite()
    page = desk.page(cited["id"])
    (address,) = re.findall(r'href="(/api/export[^"]*)"', page)
    lines = desk.client.simulate_get(address).text.splitlines()

    assert sorted(json.loads(line)["id"] for line in lines) == ["a", "b"]
    assert f"dateline verify-citation {cited['then']['hash']} FILE" in page


def test_a_question_about_a_list_that_is_gone_still_has_its_citation(desk: Desk) -> None:
    with Lists(desk.place) as lists:
        lists.make("Oil", "night desk", "2026-11-27T02:00:00Z", notes={"a": "", "c": ""})
    cited = desk.cite("list=Oil")
    assert cited["then"]["total"] == 2
    with Lists(desk.place) as lists:
        lists.take("Oil", ["c"], "night desk", "2026-11-27T02:00:01Z")
    assert [each["id"] for each in desk.open(cited["id"])["went"]] == ["c"]
    with Lists(desk.place) as lists:
        lists.remove("Oil")

    again = desk.open(cited["id"])
    assert (again["same"], again["came"], again["then"]) == (False, None, cited["then"])
    assert again["problem"].startswith("There is no list “Oil”.")
    assert "The question cannot be asked any more: There is no list “Oil”." in desk.page(cited["id"])


def test_a_citation_to_copy_names_the_question_and_its_filters(desk: Desk) -> None:
    cited = desk.cite("q=oil&country=US&source.not=Post")
    page = desk.page(cited["id"])

    said = (
        "Result of a search for “oil” (Country: United States; not Source: Post). Dateline, 1 article, generation 1, "
    )
    assert said in page
    assert f"{cited['then']['hash']}. http://falconframework.org/cite/{cited['id']}<" in page
    assert "@misc{result-" in page
