"""Saved searches: what is new in each, who may change them, and what becomes of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import falcon.testing
import pytest

import search
from desk.lists.store import Lists
from desk.people import keys
from desk.searches.store import Searches
from desk.store.where import FILE
from search import Article
from search.local.safe import backup, restoring
from search.local.safe.verify import verify
from search.text import dates
from service.archive import Archive
from service.commands import side_files
from service.formats import question
from service.server import removal
from tests import waiting
from tests.cases import cases
from tests.desk.damage import damage
from tests.service.commands.running import Run, dateline
from tests.service.desk.editor import Editor

Result = falcon.testing.Result


class Desk(Editor):
    PAGE = "/searches"

    def add(self, *ids: str, ago_s: int = 0, text: str = "oil") -> None:
        with search.writer(self.place) as writer:
            for one in ids:
                writer.add(Article(one, text, added=dates.now(timedelta(seconds=ago_s))))

    def save(self, name: str = "Oil", question: str = "q=oil") -> Result:
        return self.client.simulate_post(
            "/api/searches", json={"name": name, "question": question}, headers=self.headers
        )

    def as_saved(self, question: str) -> Any:
        """A search as it was saved, which is not kept."""
        saved = self.save("For a moment", question)
        self.client.simulate_delete("/api/searches/For%20a%20moment", headers=self.headers)
        return saved.json

    def patch(self, saved: str = "Oil", **fields: Any) -> Result:
        return self.client.simulate_patch(f"/api/searches/{quote(saved)}", json=fields, headers=self.headers)

    def one(self, name: str = "Oil", headers: dict[str, str] | None = None) -> Any:
        return self.client.simulate_get(f"/api/searches/{quote(name)}", headers=headers or self.headers).json

    def signed_in(self) -> str:
        self.sign_in()
        return self.token("q=oil")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "oil", added="2026-01-01T00:00:00Z"))
        writer.add(Article("other", "gas", added="2026-01-01T00:00:00Z"))
    with Archive(str(place)) as archive:
        yield Desk(place, archive)


@cases("encoding", ["utf-16", "utf-32-be"])
def test_another_encoding_is_refused_for_what_it_is(desk: Desk, encoding: str) -> None:
    headers = desk.headers | {"Content-Type": "application/json"}
    answer = desk.client.simulate_post("/api/searches", body='{"name": "Oil"}'.encode(encoding), headers=headers)

    assert (answer.status_code, answer.json["detail"]) == (400, "The body is in UTF-16 or UTF-32. Send UTF-8.")


def test_a_search_says_that_the_file_of_its_list_is_damaged(desk: Desk) -> None:
    desk.save()
    with Lists(desk.place) as lists:
        lists.put("few", {"a": ""}, "Ann", dates.now(), make=True)
    desk.save("Few", "q=oil&list=few")
    damage(desk.place, "UPDATE lists SET name = 'x'")

    assert "is damaged" in desk.one("Few")["problem"]
    assert desk.one()["problem"] is None


def test_what_was_there_when_a_search_was_saved_is_not_new(desk: Desk) -> None:
    desk.add("just now")
    saved = desk.save()

    assert saved.status_code == 201
    assert (saved.json["total"], saved.json["new"], saved.json["made_by"]) == (2, 0, "night desk")


def test_what_comes_later_is_new_until_it_is_seen(desk: Desk) -> None:
    desk.save()
    desk.add("b", "c")
    desk.add("d", text="gas")
    assert (desk.one()["total"], desk.one()["new"]) == (3, 2)

    assert desk.patch(seen=True).json["new"] == 0
    desk.add("e")
    assert desk.one()["new"] == 1


@cases(
    "ago_s, question",
    [(40, "q=oil"), (30, "q=oil&group=story"), (20, "q=oil&sort=oldest"), (10, "q=oil&added.from=-1d")],
)
def test_the_links_of_what_is_new_open_as_many_articles_as_they_say(desk: Desk, ago_s: int, question: str) -> None:
    desk.add("seen1", "seen2", "seen3", ago_s=60)
    desk.save("New", question)
    desk.add(f"new{ago_s}", ago_s=ago_s)
    found = desk.one("New")
    opened = desk.client.simulate_get(found["links"]["new"]).json
    desk.signed_in()
    (link,) = re.findall(r'href="(/\?[^"]*added\.from=[^"]*)">1</a>', desk.page())

    assert found["new"] == opened["total"] == 1
    assert [hit["id"] for hit in opened["hits"]] == [f"new{ago_s}"]
    assert len(re.findall(r'<h2[^>]*><a href="/article/', desk.client.simulate_get(unescape(link)).text)) == 1
    desk.client.simulate_delete("/api/searches/New", headers=desk.headers)


def test_an_article_whose_commit_came_after_the_look_is_new(desk: Desk) -> None:
    desk.save()
    desk.add("slow", ago_s=120)

    assert desk.one()["new"] == 1


@cases("address", ["/searches", "/api/searches", "/api/searches/Oil"])
def test_what_depends_on_who_asks_is_not_cached(desk: Desk, address: str) -> None:
    desk.save()
    answer = desk.client.simulate_get(address, headers=desk.headers)

    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


def test_each_has_seen_what_he_has_seen(desk: Desk) -> None:
    desk.save()
    other = {"Authorization": f"Bearer {keys.add(str(desk.place), ['edit'], 'day desk')[1]}"}
    assert desk.one(headers=other)["new"] is None
    desk.client.simulate_patch("/api/searches/Oil", json={"seen": True}, headers=other)
    desk.add("b")
    desk.patch(seen=True)

    assert (desk.one()["new"], desk.one(headers=other)["new"]) == (0, 1)


@cases("question", ["q=oil&added.from=-7d", "q=oil&added.from=2026-01-01", "country=FR&sort=oldest", ""])
def test_any_search_is_saved_as_it_was_asked(desk: Desk, question: str) -> None:
    saved = desk.as_saved(question)

    assert (saved["question"], saved["new"]) == (question, 0)


@cases(
    "given",
    [
        "q=oil&country=FR&utm_source=x&fbclid=1", "http://127.0.0.1:8971/?q=oil&country=FR",
        " https://news.example.org/archive/?utm_source=x&q=oil&country=FR&view=map&scale=archive&page=2#results\n",
        "localhost:8971/?q=oil&country=FR&size=50", "http://[::1/?q=oil&country=FR", "/?q=oil&country=FR",
        "?q=oil&country=FR",
    ],
)  # fmt: skip
def test_a_search_is_saved_from_its_url(desk: Desk, given: str) -> None:
    assert desk.as_saved(given)["question"] == "q=oil&country=FR"


@cases("question", ["q=who+is+it%3F", "q=http%3A%2F%2Fa%2F%3Fb", "q=c%23"])
def test_signs_of_a_url_in_a_search_are_its_own(desk: Desk, question: str) -> None:
    for given in (question, f"http://a/?{question}", question.replace("%3F", "?").replace("%3A", ":")):
        assert desk.as_saved(given)["question"] == question


@cases("url", ["http://a.example/", "http://a.example/entity/person/Bo?utm_source=x", "/lists/Oil"])
def test_a_url_without_a_search_is_refused_with_what_to_give(desk: Desk, url: str) -> None:
    detail = desk.save(question=url).json["detail"]

    assert f"“{url}” has no parameters of a search. Give the URL of a result" in detail


def test_a_url_is_read_in_linear_time() -> None:
    def reading(count: int) -> Callable[[], object]:
        url = f"{' ' * count}{'a' * count}/?q=oil{' ' * count}#{'?' * count}"
        return lambda: question.given(url)

    assert waiting.grows_less(40, reading, 20_000, 200_000)


@cases(
    "name, question, status",
    [("", "q=oil", 400), ("a/b", "q=oil", 400), ("a\u202eb", "q=oil", 400), ("x" * 101, "q=oil", 400),
     ("Oil", "colour=red", 400), ("Oil", "q=a1+b1+c1&match=auto", 400),
     ("Oil", "country=Atlantis", 400), ("Oil", f"q={'x' * 9000}", 400)],
)  # fmt: skip
def test_what_cannot_be_saved_is_refused_with_a_sentence(desk: Desk, name: str, question: str, status: int) -> None:
    answer = desk.save(name, question)

    assert (answer.status_code, bool(answer.json["detail"])) == (status, True)


def test_a_name_is_taken_once(desk: Desk) -> None:
    desk.save()
    assert desk.save("OIL").status_code == 409
    desk.save("Gas", "q=gas")
    assert desk.patch("Gas", name="oil").status_code == 409
    assert desk.patch("Gas", name="Natural gas").json["name"] == "Natural gas"
    assert [one["name"] for one in desk.client.simulate_get("/api/searches").json["searches"]] == ["Natural gas", "Oil"]


def test_a_deleted_search_is_gone(desk: Desk) -> None:
    desk.save()

    assert desk.client.simulate_delete("/api/searches/Oil", headers=desk.headers).status_code == 200
    assert desk.client.simulate_get("/api/searches/Oil").status_code == 404
    assert desk.client.simulate_get("/api/searches").json == {"searches": [], "links": {"next": None}}


def test_a_search_that_cannot_be_asked_any_more_is_kept_and_says_why(desk: Desk) -> None:
    desk.client.simulate_post("/api/lists", json={"name": "Wall", "articles": ["old"]}, headers=desk.headers)
    desk.save("On the list", "list=Wall")
    desk.client.simulate_delete("/api/lists/Wall", headers=desk.headers)

    found = desk.one("On the list")
    assert (found["total"], found["new"]) == (None, None)
    assert "was deleted" in found["problem"]
    assert "finds nothing now" in desk.page()


def test_forms_save_see_rename_and_delete(desk: Desk) -> None:
    token = desk.signed_in()
    desk.post(token=token, do="save", name="Oil <b>", question="q=oil")
    desk.add("b")
    page = desk.page()
    assert "Oil &lt;b&gt;" in page
    (new,) = re.findall(r'href="(/\?[^"]*added\.from=[^"]*)">1</a>', page)
    assert desk.client.simulate_get("/", query_string=new.partition("?")[2].replace("&amp;", "&")).status_code == 200
    desk.post(token=token, do="seen", name="Oil <b>")
    assert not re.search(r"added\.from=[^\"]*\">", desk.page())
    desk.post(token=token, do="rename", name="Oil <b>", new="Oil")
    assert desk.one()["total"] == 2
    desk.post(token=token, do="delete", name="Oil")
    assert "No search is saved yet" in desk.page()


def test_searches_outlive_a_restore_and_a_purge_erases_those_that_ask_for_its_article(
    desk: Desk, tmp_path: Path
) -> None:
    desk.save()
    desk.save("One", "q=id:other")
    backup.create(desk.place, tmp_path / "snapshot")
    desk.save("Gas", "q=gas")
    restoring.replace(tmp_path / "snapshot", desk.place, side_files.RULES)
    with search.writer(desk.place) as writer:
        removal.delete(writer, desk.place, ("other",))
        writer.commit()
        removal.erase(writer, desk.place, ("other",))

    with Searches(desk.place) as kept:
        assert [one.name for one in kept.listed("")] == ["Gas", "Oil"]
    assert b"id:other" not in (desk.place / FILE).read_bytes()
    assert b"id%3Aother" not in (desk.place / FILE).read_bytes()
    assert verify(desk.place).whole


def test_the_command_saves_lists_and_removes(desk: Desk) -> None:
    def searches(*arguments: str) -> Run:
        return dateline("searches", desk.place, *arguments)

    assert searches("list").returncode == 1
    assert searches("add", "Oil", "q=oil").stderr == "“Oil” is saved.\n"
    assert searches("add", "Red", "colour=red").returncode == 2
    desk.add("b")
    (found,) = json.loads(searches("list", "--json").stdout)
    assert (found["name"], found["total"], found["new"]) == ("Oil", 2, 1)
    assert searches("seen", "Oil").returncode == 0
    assert "Oil" in searches("list").stdout
    assert searches("remove", "Oil").returncode == 0
    assert "no saved search “Oil”" in searches("remove", "Oil").stderr
