"""What is taken down is gone from every route, whatever it was on: corrections, lists, alerts, citations, names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import falcon.testing
import pytest
from click.testing import CliRunner

import search
from desk.alerts.store import Alerts
from desk.people import keys
from indexer.ledger import Ledger
from indexer.withheld import withdrawn
from indexer.withheld.withdrawn import Withdrawn
from search import Article, Evidence
from search.names.authority import block, merge
from search.text import dates
from service.archive import Archive
from service.commands.cli import main
from service.desk.alerts.looking import look
from service.desk.alerts.telling import next_due
from service.server.app import create_app
from service.server.indexing import Indexing
from tests.conftest import PATIENT
from tests.service.routes import READABLE
from tests.tiers import ends

ID = "case-4711"
PERSON = "Xanthippa Quillby"
SECRETS = (
    "quillby", "zymurgist", "quillpost", "courtroomery", "wimple", "quizzical", "ouagadougou", "stillabower",
    "murmured", "scribbled",
)  # fmt: skip
"""Words that only the article has, and what was said of it."""
TEXT = f"The informant {PERSON} testified in Ouagadougou about harbours; quizzical jurors gasped."
TAKEN_DOWN: dict[str, Callable[[Path], None]] = {}


def way(take_down: Callable[[Path], None]) -> Callable[[Path], None]:
    TAKEN_DOWN[take_down.__name__] = take_down
    return take_down


def run(*arguments: object) -> None:
    result = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output


@way
def purged(place: Path) -> None:
    run("delete", place, ID, "--purge")


@way
def deleted(place: Path) -> None:
    run("delete", place, ID)


@way
def blocked(place: Path) -> None:
    run("delete", place, ID, "--block")


@way
def withdrawn_by_its_publisher(place: Path) -> None:
    with Ledger(place) as ledger:
        withdrawn.withdraw(ledger, ID, Withdrawn(None, "one"))
    run("delete", place, ID)


class Desk:
    """Somebody who edits, in an archive that others read."""

    def __init__(self, place: Path, archive: Archive) -> None:
        self.place, self.archive = place, archive
        self.client = falcon.testing.TestClient(create_app(archive, PATIENT))
        self.keys = {scope: keys.add(str(place), [scope], f"{scope} desk")[1] for scope in ("read", "edit")}

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}

    def cite(self, question: str) -> None:
        answer = self.client.simulate_post("/api/citations", query_string=question, headers=self.headers("edit"))
        assert answer.status_code < 300, answer.text

    def post(self, address: str, **sent: Any) -> Any:
        answer = self.client.simulate_post(address, json=sent, headers=self.headers("edit"))
        assert answer.status_code < 300, answer.text
        return answer.json


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An article with a correction, on a list, told by an alert, cited, with a name that was merged."""
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        for number in range(3):
            writer.add(Article(f"plain{number}", f"Harbours again {number}.", "Harbours", person=("Ann Lee",)))
    with Archive(str(place)) as archive:
        desk = Desk(place, archive)
        desk.post("/api/alerts", name="harbours", question="q=harbours")
        evidence = {"person": (Evidence(PERSON, 14, 14 + len(PERSON), PERSON, "crf", 0.9),)}
        with search.writer(place) as writer:
            writer.add(
                Article(
                    ID, TEXT, "Zymurgist unmasked", url="https://quillpost.test/zymurgist", source="Quillpost Gazette",
                    section="Courtroomery", byline="Jocasta Wimple", author=("Jocasta Wimple",), person=(PERSON,),
                    published="1987-03-04", country=("BF",), evidence=evidence,
                )
            )  # fmt: skip
        with Alerts(place) as alerts:
            look(archive, alerts, dates.now(), next_due)
        desk.post(
            "/api/corrections",
            corrections=[
                {
                    "article": ID,
                    "field": "title",
                    "action": "set",
                    "value": "Stillabower zymurgist",
                    "note": "murmured",
                },
                {"article": ID, "field": "person", "action": "add", "value": "Ottoline Stillabower"},
                {"article": "plain0", "field": "person", "action": "add", "value": "Zoe Xu", "note": "plain"},
            ],
        )
        Indexing(str(place), 1, lambda: False).once()
        desk.post("/api/lists", name="mine", articles=[ID, "plain1"])
        answer = desk.client.simulate_put(
            f"/api/lists/mine/articles/{ID}", json={"note": "scribbled"}, headers=desk.headers("edit")
        )
        assert answer.status_code == 200, answer.text
        desk.post("/api/searches", name="harbours", question="q=harbours")
        desk.cite("q=harbours")
        yield desk


def addresses(desk: Desk) -> Iterator[str]:
    """Every address that can be read, with what stands for the article in the places of its route."""
    cited = desk.client.simulate_get("/api/citations", headers=desk.headers("edit")).json["citations"][0]["id"]
    given = {
        "article_id": [ID], "other": ["plain0"], "name": ["mine", "harbours"], "citation_id": [cited],
        "field": ["person", "source", "section", "author", "country", "date"],
        "value": [quote(PERSON), "Quillpost%20Gazette"], "day": ["1987-03-04"],
        "issue": ["1987-03-04%20Quillpost%20Gazette"], "version": ["1", "2"],
    }  # fmt: skip
    for route in READABLE:
        for each in route.every(given):
            yield each
            yield f"{each}?q=harbours"
            yield f"{each}?article={ID}"


def told(desk: Desk, who: str) -> dict[str, list[str]]:
    """The secrets in what each route answers, beside what the address itself says."""
    found = {}
    for address in addresses(desk):
        answer = desk.client.simulate_get(address, headers={**desk.headers(who), "Accept": "*/*"})
        assert answer.status_code < 500, (address, answer.text)
        said = [word for word in SECRETS if word in answer.text.lower() and word not in address.lower()]
        if said:
            found[address] = said
    return found


def test_it_is_found_where_it_is_there(desk: Desk) -> None:
    found = told(desk, "nobody")
    every = {word for words in found.values() for word in words}

    assert every == {*SECRETS}
    assert {"/api/corrections", "/api/lists/mine", f"/api/articles/{ID}"} <= {*found}


def test_a_purge_erases_each_mention_in_what_people_keep(desk: Desk, tmp_path: Path) -> None:
    questions = [
        f"id:(plain0 OR {ID})", 'source:"Quillpost Gazette"', f'person:"{PERSON}" harbours', f'"{PERSON}"',
        'person:"X. Quillby"', "url:quillpost.test/zymurgist",
    ]  # fmt: skip
    desk.post("/api/authority", action="merge", kind="person", name=PERSON, aliases=["Xanthippa Q."])
    Indexing(str(desk.place), 1, lambda: False).once()
    for number, asked in enumerate(questions):
        desk.post("/api/searches", name=f"search {number}", question=urlencode({"q": asked}))
        desk.post("/api/alerts", name=f"alert {number}", question=urlencode({"q": asked}))
        desk.cite(urlencode({"q": asked}))
    desk.post("/api/searches", name="filter", question=urlencode({"source": "Quillpost Gazette"}))
    with search.writer(desk.place) as writer:
        writer.set_authority(merge(writer.authority(), "person", PERSON, ("X. Quillby",), "", dates.now()))
    run("snapshot", desk.place, tmp_path / "monday")
    run("delete", desk.place, ID, "--purge")

    for folder in (desk.place, tmp_path / "monday"):
        for path in (each for each in folder.rglob("*") if each.is_file()):
            data = path.read_bytes().lower()
            assert [word for word in (*SECRETS, ID) if word.encode() in data] == [], path
    assert {each["name"] for each in desk.client.simulate_get("/api/searches").json["searches"]} == {"harbours"}
    assert {each["name"] for each in desk.client.simulate_get("/api/alerts").json["alerts"]} == {"harbours"}


def test_a_purge_keeps_what_is_decided_about_others(desk: Desk) -> None:
    with search.writer(desk.place) as writer:
        writer.add(Article("more", "Harbours.", person=("Bo Ek",)))
        authority = merge(writer.authority(), "person", PERSON, ("Bo Ek", "X. Q."), "", dates.now())
        authority = block(authority, "person", "Ann Lee", dates.now())
        writer.set_authority(authority)
    run("delete", desk.place, "plain0", "--purge")
    run("delete", desk.place, ID, "--purge")
    with search.open(desk.place) as engine:
        kept = engine.authority()

    assert [(one.action, one.name) for one in kept.entries if one.action == "block"] == [("block", "Ann Lee")]
    assert [change.what for change in kept.journal][1:] == ["block person Ann Lee"]


READERS = ("nobody", "edit", "read")


@pytest.mark.costs("asks every route, as several readers")
@pytest.mark.parametrize("name", ends([*TAKEN_DOWN]))
def test_what_is_taken_down_is_on_no_route(desk: Desk, amount: Callable[..., int], name: str) -> None:
    TAKEN_DOWN[name](desk.place)

    for who in READERS[: amount(len(READERS), few=2)]:
        assert told(desk, who) == {}, who
