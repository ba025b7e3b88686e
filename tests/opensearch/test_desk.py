"""The desk of an index in a cluster: what people correct, decide, list, save and cite is the same as in a directory."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from falcon.testing import Result, TestClient

import search
from desk.citations import store as citations
from desk.corrections.application import apply, settle
from desk.corrections.correction import checked
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.people import keys
from desk.searches.store import Searches
from desk.store import where
from search import Article, Query
from search.errors import BadQuery
from search.names.authority import block
from search.opensearch.cluster import Conflict
from search.text import dates
from service.archive import Archive
from service.commands.cli import main
from service.desk.citations.citing import Citing
from service.server import job_queue
from service.server.app import create_app
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from tests.cases import cases
from tests.conftest import PATIENT
from tests.opensearch.conftest import Remote

AT = "2026-11-27T06:00:00Z"


class Desk:
    """The service of an index in a cluster, and a key of scope edit."""

    def __init__(self, remote: Remote) -> None:
        self.place = remote.place
        remote.add(
            Article("a", "Oil in Rome.", "Oil", person=("Ada Lovelace",), published="1998-05-01"),
            Article("b", "Oil in Bonn.", "More oil", person=("Ada King",), published="1999-05-01"),
            Article("c", "Tin.", "Tin"),
        )
        _, self.secret = keys.add(self.place, ["edit", "index"], "night desk")
        self.archive = Archive(self.place)
        self.client = TestClient(create_app(self.archive, PATIENT))

    def send(self, method: str, path: str, body: object = None, key: str | None = None) -> Result:
        headers = {"Authorization": f"Bearer {key or self.secret}"}
        return self.client.simulate_request(method, path, json=body, headers=headers)

    def ask(self, path: str, **parameters: object) -> Any:
        answer = self.client.simulate_get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json

    def work(self) -> None:
        """Do the jobs that wait."""
        Indexing(self.place, 1, lambda: False).once()

    def done(self, answer: Result) -> dict[str, Any]:
        """The job of an answer, after it was done."""
        assert answer.status_code == 202, answer.text
        self.work()
        job: dict[str, Any] = self.send("GET", answer.json["links"]["self"]).json
        assert job["state"] == "done", job
        return job


@pytest.fixture
def desk(remote: Remote) -> Iterator[Desk]:
    made = Desk(remote)
    with made.archive:
        yield made


def correction(article: str, action: str = "add", value: str = "Grace Hopper") -> dict[str, str]:
    return {"article": article, "field": "person", "action": action, "value": value}


def test_a_key_of_a_cluster_opens_its_desk_until_it_is_revoked(desk: Desk) -> None:
    assert desk.send("GET", "/api/citations").status_code == 200
    assert desk.send("GET", "/api/citations", key="dl_other").status_code == 401
    (key,) = keys.listed(desk.place)
    assert (key.name, key.scopes) == ("night desk", ("index", "edit"))
    keys.revoke(desk.place, key.id)
    assert desk.send("GET", "/api/citations").status_code == 401


def test_a_correction_is_found_at_once_and_undone(desk: Desk) -> None:
    made = desk.send("POST", "/api/corrections", correction("a"))
    assert desk.done(made)["updated"] == 1
    assert desk.ask("/api/search", person="Grace Hopper")["total"] == 1
    assert "corrected by night desk" in str(desk.ask("/api/articles/a")["evidence"])

    desk.done(desk.send("DELETE", f"/api/corrections/{made.json['corrections'][0]['number']}"))
    assert desk.ask("/api/search", person="Grace Hopper")["total"] == 0
    assert desk.ask("/api/articles/a")["person"] == ["Ada Lovelace"]


def run(*arguments: str) -> str:
    answer = CliRunner().invoke(main, list(arguments))
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_correction_outlives_reading_the_archive_again(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    file.write_text(json.dumps({"id": "d", "text": "Gas.", "person": ["Ada Lovelace"]}))
    run("index", desk.place, str(tmp_path))
    run("corrections", desk.place, "add", "d", "person", "add", "Grace Hopper")
    assert desk.ask("/api/articles/d")["person"] == ["Ada Lovelace", "Grace Hopper"]

    file.write_text(json.dumps({"id": "d", "text": "Gas again.", "person": ["Ada Lovelace", "Ada King"]}))
    run("index", desk.place, str(tmp_path))
    assert desk.ask("/api/articles/d")["person"] == ["Ada Lovelace", "Ada King", "Grace Hopper"]
    run("corrections", desk.place, "undo", "1")
    assert desk.ask("/api/articles/d")["person"] == ["Ada Lovelace", "Ada King"]


def test_a_correction_made_while_a_run_has_read_the_article_is_applied_after_it(desk: Desk, remote: Remote) -> None:
    before = dates.now()
    with remote.writer() as run, remote.writer() as service:
        run.add(Article("a", "Oil in Rome, again.", person=("Ada Lovelace",)))  # as read before the correction
        with Store(desk.place) as store:
            store.add([checked("a", "person", "add", "Grace Hopper", "Ada", dates.now())])
        assert settle(service, desk.place) == 1
        run.commit()
        assert desk.ask("/api/articles/a")["person"] == ["Ada Lovelace"]
        assert settle(run, desk.place) == 0
        assert settle(run, desk.place, before) == 1

    assert desk.ask("/api/articles/a")["person"] == ["Ada Lovelace", "Grace Hopper"]


def test_several_that_settle_at_once_lose_no_correction(desk: Desk, remote: Remote) -> None:
    people = [f"Person {number}" for number in range(12)]

    def correct(some: list[str]) -> None:
        for person in some:
            with Store(desk.place) as store:
                store.add([checked("a", "person", "add", person, "Ada", dates.now())])
            with remote.writer() as writer:
                settle(writer, desk.place)

    threads = [threading.Thread(target=correct, args=(people[n::3],)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(desk.ask("/api/articles/a")["person"]) == {"Ada Lovelace", *people}
    with Store(desk.place) as store, remote.writer() as writer:
        assert store.pending()[0] == []
        assert apply(writer, store, ["a"]) == 0


def test_a_name_is_decided_over_http(desk: Desk) -> None:
    told = {"action": "merge", "kind": "person", "name": "Ada Lovelace", "aliases": ["Ada King"]}
    desk.done(desk.send("POST", "/api/authority", told))
    assert desk.ask("/api/search", person="Ada Lovelace")["total"] == 2
    (change,) = desk.ask("/api/authority")["journal"]
    assert change["by"] == "night desk"


def test_of_two_that_decide_at_once_one_tries_again(desk: Desk, remote: Remote) -> None:
    with remote.writer() as one, remote.writer() as other:
        one.set_authority(block(one.authority(), "person", "Ada King", AT))
        other.set_authority(block(other.authority(), "person", "Ada Lovelace", AT))
        one.commit()
        with pytest.raises(Conflict, match="has changed the names of"):
            other.commit()
        other.rollback()


def test_a_list_restricts_a_search(desk: Desk) -> None:
    desk.send("POST", "/api/lists", {"name": "Berlin wall", "articles": [{"id": "a", "note": "First."}, "c"]})
    assert desk.ask("/api/search", q="oil", list="berlin wall")["total"] == 1
    assert [one["id"] for one in desk.ask("/api/lists/Berlin wall")["entries"]] == ["a", "c"]
    desk.send("PUT", "/api/lists/Berlin wall/articles/b", {})
    assert desk.ask("/api/search", q="oil", list="Berlin wall")["total"] == 2
    assert "berlin wall" in desk.client.simulate_get("/article/a").text.lower()
    with pytest.raises(BadQuery, match="There is no list “Wall”"):
        desk.archive.engine.search(Query(list="Wall"))


def test_a_list_may_have_ten_thousand_articles(desk: Desk) -> None:
    with Lists(desk.place) as lists:
        lists.make("all", "Ada", AT, notes=dict.fromkeys(["a", *(f"other-{n}" for n in range(9_999))], ""))
    assert desk.ask("/api/search", q="oil", list="all")["total"] == 1


def test_a_search_is_saved_with_what_is_new(desk: Desk, remote: Remote) -> None:
    assert desk.send("POST", "/api/searches", {"name": "Oil", "question": "q=oil"}).status_code == 201
    remote.add(Article("n", "Oil.", added=dates.now()))
    saved = desk.send("GET", "/api/searches/Oil").json
    assert (saved["total"], saved["new"]) == (3, 1)
    assert desk.send("PATCH", "/api/searches/Oil", {"seen": True}).json["new"] == 0


def test_a_citation_is_stored_and_says_what_changed(desk: Desk, remote: Remote) -> None:
    made = desk.send("POST", "/api/citations?q=oil")
    assert made.status_code == 201, made.text
    with remote.writer() as writer:
        writer.add(Article("n", "Oil."))
        writer.delete("a")
    there = desk.ask(f"/api/citations/{made.json['id']}")
    assert ([one["id"] for one in there["came"]], [one["id"] for one in there["went"]]) == (["n"], ["a"])


def test_an_address_is_signed_alike_in_every_process(desk: Desk) -> None:
    made = Citing(desk.archive, PATIENT).make(Query("oil"), None, has_key=False)
    with Archive(desk.place) as other:
        assert Citing(other, PATIENT).open(made.id).same


def test_a_changed_list_is_not_answered_as_before(desk: Desk) -> None:
    desk.send("POST", "/api/lists", {"name": "Wall", "articles": ["a"]})
    before = desk.client.simulate_get("/api/lists/Wall")
    desk.send("PUT", "/api/lists/Wall/articles/b")

    again = desk.client.simulate_get("/api/lists/Wall", headers={"If-None-Match": before.headers["etag"]})

    assert again.status_code == 200
    assert again.json["articles"] == 2


def test_people_sign_in_and_use_the_pages(desk: Desk) -> None:
    answer = desk.client.simulate_post("/sign-in", body=f"key={desk.secret}", headers=FORM)
    cookie = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
    token = {"token": ""}
    page = desk.client.simulate_get("/article/a", headers=cookie).text
    token["token"] = page.partition('name="token" value="')[2].partition('"')[0]
    assert "Signed in as" in page

    form = f"token={token['token']}&do=make&name=Wall&about="
    sent = desk.client.simulate_post("/lists", body=form, headers=FORM | cookie)
    assert sent.status_code == 303, sent.text
    assert "Wall" in desk.client.simulate_get("/lists", headers=cookie).text
    assert desk.client.simulate_get("/names", headers=cookie).status_code == 200
    assert desk.client.simulate_get("/searches?q=oil", headers=cookie).status_code == 200


FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://falconframework.org",
        "Sec-Fetch-Site": "same-origin"}  # fmt: skip


@pytest.mark.check
def test_a_purge_erases_an_article_from_all_that_is_kept(desk: Desk) -> None:
    desk.done(desk.send("POST", "/api/corrections", correction("b", value="Purged Person")))
    desk.send("POST", "/api/lists", {"name": "Wall", "articles": [{"id": "b", "note": "purged note"}, "a"]})
    desk.send("POST", "/api/searches", {"name": "One", "question": "q=id:b"})
    cited = desk.send("POST", "/api/citations?q=oil").json["id"]

    desk.done(desk.send("DELETE", "/api/articles/b?purge=true"))

    with Store(desk.place) as store, Lists(desk.place) as lists, Searches(desk.place) as searches:
        assert store.listed() == ()
        assert lists.ids("Wall") == ("a",)
        assert searches.listed("") == ()
    with citations.Store(desk.place) as found:
        assert ([each.id for each in found.get(cited).entries or ()], found.get(cited).purged) == (["a"], 1)
    left = Path(str(where.of(desk.place))).read_bytes()
    for gone in (b"Purged Person", b"purged note", b"q=id:b"):
        assert gone not in left


def test_one_of_several_machines_does_a_job(desk: Desk) -> None:
    first, second = JobQueue(desk.place), JobQueue(desk.place)
    for article in "ab":
        desk.send("POST", "/api/corrections", correction(article))
    job = first.take()
    assert job is not None
    assert second.take() is None  # while the other is busy
    first.finish(job, {})
    assert second.take() is not None


def test_a_job_of_a_machine_that_died_is_done_by_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.send("POST", "/api/corrections", correction("a"))
    dead, living = JobQueue(desk.place), JobQueue(desk.place)
    begun = dead.take()
    assert living.take() is None
    monkeypatch.setattr(job_queue, "DEAD_S", 0.0)
    again = living.take()
    assert begun is not None
    assert again is not None
    assert (again.id, again.attempts) == (begun.id, 2)


def test_a_copy_brings_along_what_is_kept(desk: Desk, make_remote: Callable[[], Remote], tmp_path: Path) -> None:
    desk.done(desk.send("POST", "/api/corrections", correction("a")))
    desk.send("POST", "/api/lists", {"name": "Wall", "articles": ["a"]})
    desk.send("POST", "/api/citations?q=oil")
    away, back = str(tmp_path / "news.idx"), make_remote().place
    for source, dest in ((desk.place, away), (away, back)):
        assert "Lists copied." in run("copy", source, dest)
        with Store(dest) as store, Lists(dest) as lists, citations.Store(dest) as cited:
            assert [each.value for each in store.listed()] == ["Grace Hopper"]
            assert lists.ids("Wall") == ("a",)
            assert len(cited.listed()) == 1
        with search.open(dest) as engine:
            assert engine.article("a").person == ("Ada Lovelace", "Grace Hopper")
    assert "has lists of its own" in run("copy", away, desk.place)


@pytest.mark.parametrize("replacing", [[], ["--replace"]])
def test_articles_copied_into_a_cluster_get_its_corrections(desk: Desk, replacing: list[str], tmp_path: Path) -> None:
    desk.done(desk.send("POST", "/api/corrections", correction("a")))
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("a", "Oil in Rome.", "Oil", person=("Ada Lovelace",)))
    run("copy", str(tmp_path / "news.idx"), desk.place, *replacing)

    assert desk.ask("/api/articles/a")["person"] == ["Ada Lovelace", "Grace Hopper"]
    assert desk.ask("/api/search", person="Grace Hopper")["total"] == 1


def test_articles_sent_to_a_cluster_are_refused_for_good(desk: Desk) -> None:
    answer = desk.send("POST", "/api/articles", {"id": "x", "text": "abc"})

    assert (answer.status_code, answer.headers.get("retry-after")) == (501, None)
    assert answer.json["detail"].endswith("Use dateline index for this one.")


@cases("command", [("verify",), ("snapshot", "backup")])
def test_a_cluster_is_backed_up_with_its_own_tools(desk: Desk, command: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(main, [command[0], desk.place, *command[1:]])
    assert answer.exit_code == 2
    assert "back them up, with the desk, and restore them together" in answer.output
