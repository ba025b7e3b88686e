"""What a reader may not see is on no route, however it is asked for; and who may see what is decided by rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus

import falcon.testing
import orjson
import pytest

import search
from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from desk.lists.store import Lists
from desk.people import keys
from desk.people.holder import SCOPES, Scope
from desk.rights import rule
from desk.rights.store import KEY, Rights
from search import Article, Evidence
from search.errors import BadQuery
from search.names.authority import Authority, Entry
from search.text import dates
from search.values import rights as rights_seen
from search.values.article import changed
from search.values.scan import ScanPage
from service.archive import Archive
from service.assistants.passages import verdict
from service.desk.alerts.channels import channels
from service.desk.alerts.delivering import Delivering
from service.desk.alerts.looking import look
from service.desk.alerts.owners import sights
from service.desk.alerts.telling import next_due
from service.desk.rights.reader import NARROWED
from service.http.auth import OPEN
from service.server.app import create_app
from service.server.asking import Asking
from service.server.indexing import Indexing
from service.settings import Settings
from tests.cases import cases
from tests.conftest import PATIENT
from tests.search.indexes import written
from tests.service import routes
from tests.service.desk.editor import FORM
from tests.waiting import HANG_S

HIDDEN, SHELVED, READABLE, OWN = "case-oxlip", "shelf-1", "reading-1", "plain0"
PERSON = "Xanthippa Quillby"
ALIAS = "Walburga Quixotte"
"""Of Ann Lee, by decision; only the hidden article has it."""
DECIDED = (Entry("person", "Ann Lee", ALIAS), Entry("topic", "Kerfuffle", "medtop:20000822"))
SECRETS = {
    HIDDEN: (
        "quillby", "zymurgist", "quillpost", "courtroomery", "wimple", "informant", "ouagadougou", "oxlip",
        "medtop:20000822",
        "quixotte", "kerfuffle",
    ),
    SHELVED: ("lumberyarder", "palimpsest", "stevedoring", "colophonic"),
}  # fmt: skip
"""By article, words that nothing else has: of the first one everywhere, of the other in what is not metadata."""
RULES = [
    {"who": "group:insiders", "what": {}, "tier": "export"},
    {"who": "everyone", "what": {"collection": ["leak"]}, "tier": "none"},
    {"who": "everyone", "what": {"source": ["shelf"], "from": "1950"}, "tier": "metadata"},
    {"who": "everyone", "what": {"source": ["Reading Room"]}, "tier": "text"},
]
PRINTED = (ScanPage("1", 600, 800, f"{'0' * 64}.jpg"),)
WHO = ("nobody", "read", "index", "edit")
PRIVATE = "Zymurgist papers"
"""A list, a search and an alert of one insider alone."""


def articles() -> Iterator[Article]:
    evidence = {"person": (Evidence(PERSON, 14, 14 + len(PERSON), PERSON, "crf", 0.9),)}
    yield Article(
        HIDDEN,
        f"The informant {PERSON} testified in Ouagadougou about harbours and trade to {ALIAS}.",
        "Zymurgist unmasked",
        url="https://quillpost.test/zymurgist", source="Quillpost Gazette", section="Courtroomery", collection="leak",
        byline="Jocasta Wimple", author=("Jocasta Wimple",), person=(PERSON, ALIAS), published="1987-03-04",
        country=("BF",), topic=("medtop:20000822",), evidence=evidence, group=HIDDEN, language="en",
        digest="d1", scan=PRINTED, added="1987-03-05T06:07:08Z",
    )  # fmt: skip
    lee = {"person": (Evidence("Ann Lee", 0, 7, "Ann Lee lumberyarder", "crf", 0.9),)}
    yield Article(
        SHELVED, "Ann Lee read a palimpsest about harbours: stevedoring, said the lumberyarder.", "From the shelf",
        source="Shelf", published="1960-01-02", person=("Ann Lee",), extra={"kicker": "Colophonic"}, evidence=lee,
        language="en", scan=PRINTED,
    )  # fmt: skip
    yield Article(
        READABLE,
        "Harbours are readable.",
        "Reading",
        source="Reading Room",
        published="1961",
        language="en",
        scan=PRINTED,
    )
    for number in range(4):
        yield Article(
            f"plain{number}", f"Harbours again, number {number}. Trade and trade winds.", "Harbours",
            person=("Ann Lee", "Bo Ek"), group=HIDDEN if number < 2 else None, published=f"198{number}-05-06",
            language="en",
        )  # fmt: skip


class Reading:
    """An archive with rules, and keys of each scope, of which those that begin with `in-` are of insiders."""

    def __init__(self, place: str, archive: Archive) -> None:
        self.place, self.archive = place, archive
        self.client = falcon.testing.TestClient(create_app(archive, PATIENT))
        scopes: dict[str, Scope] = {scope: scope for scope in SCOPES}
        scopes |= {"in-read": "read", "in-edit": "edit"}
        self.keys = {name: keys.add(place, [scope], name) for name, scope in scopes.items()}
        with Rights(place) as rights:
            for name, (key, _) in self.keys.items():
                rights.put(KEY + key.id, ["insiders"] if name.startswith("in-") else [])

    def set(self, rules: object) -> None:
        with Rights(self.place) as rights:
            rights.set(rule.read(rules), "tester", "2026-01-01T00:00:00Z")

    def get(self, address: str, who: str = "nobody", **headers: str) -> falcon.testing.Result:
        shown = {"Authorization": f"Bearer {self.keys[who][1]}"} if who in self.keys else {}
        return self.client.simulate_get(address, headers={**shown, "Accept": "*/*", **headers})

    def send(self, address: str, sent: Any, who: str = "nobody", method: str = "POST") -> falcon.testing.Result:
        shown = {"Authorization": f"Bearer {self.keys[who][1]}"} if who in self.keys else {}
        return self.client.simulate_request(method, address, json=sent, headers=shown)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the index is to be."""
    return str(tmp_path_factory.mktemp("rights") / "news.idx")


@pytest.fixture(scope="module")
def reading(place: str) -> Iterator[Reading]:
    with search.writer(place) as writer:
        for article in articles():
            writer.add(article)
        writer.set_authority(Authority(DECIDED))
    with Archive(place) as archive:
        made = Reading(place, archive)
        for address, sent in (
            ("/api/lists", {"name": "mine", "articles": [HIDDEN, SHELVED, "plain1"]}),
            ("/api/searches", {"name": "harbours", "question": "q=harbours"}),
            ("/api/alerts", {"name": "harbours", "question": "q=harbours"}),
            ("/api/lists", {"name": PRIVATE, "articles": [HIDDEN], "shared": False}),
            ("/api/lists", {"name": "Quillpost wire", "articles": [HIDDEN, "plain1"], "shared": True}),
            ("/api/lists", {"name": "Winds", "articles": ["plain2", "plain3"], "shared": True}),
            ("/api/searches", {"name": PRIVATE, "question": f"list={PRIVATE}", "shared": False}),
            ("/api/searches", {"name": "Winds", "question": "q=harbours", "shared": True}),
            ("/api/alerts", {"name": PRIVATE, "question": f"list={PRIVATE}", "shared": False}),
        ):
            assert made.send(address, sent, "in-edit").status_code < 300
        assert made.client.simulate_post(
            "/api/citations", query_string="q=harbours", headers={"Authorization": f"Bearer {made.keys['in-edit'][1]}"}
        ).status_code < 300  # fmt: skip
        correction = {"article": HIDDEN, "field": "person", "action": "add", "value": "Bo Ek", "note": "informant"}
        assert made.send("/api/corrections", {"corrections": [correction]}, "in-edit").status_code < 300
        made.set(RULES)
        yield made


@pytest.fixture(scope="module")
def pairs_place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the other index is to be."""
    return str(tmp_path_factory.mktemp("pairs") / "news.idx")


@pytest.fixture(scope="module")
def paired(pairs_place: str) -> Iterator[Reading]:
    """An archive of two pairs of near-duplicates, of which one each is hidden, and one other is not exported."""
    scan = (ScanPage(picture=f"{'0' * 64}.jpg"),)
    with search.writer(pairs_place) as writer:
        writer.add(Article("solo", "The harbour opens.", "Harbour", source="Solo", group="solo", scan=scan))
        writer.add(Article("pair", "The harbour opens.", "Harbour", collection="leak", group="solo"))
        writer.add(Article("free", "A harbour shuts.", "Shut", group="gone"))
        writer.add(Article("gone", "A harbour shuts.", "Shut", collection="leak", group="gone"))
    with Archive(pairs_place) as archive:
        made = Reading(pairs_place, archive)
        made.set([*RULES[:2], {"who": "everyone", "what": {"source": ["Solo"]}, "tier": "text"}])
        yield made


ASKED = (
    "", "q=harbours", "q=zymurgst", "q=informannt OR harbours", "q=palimpsset", "q=stevedor*", "q=%22a%20palimpsest%22",
    "q=title:zymurg*", "q=person:Xanthipa", "q=lumberyard~", f"q=id:{HIDDEN}", f"q=id:{SHELVED}", "q=quillpost",
    "person=Ann%20Lee", "person=Xanthippa", "list=Winds%20(in-edit)", "group=story",
    "sort=oldest&explain=true&q=harbours",
    "prefix=xan", "prefix=q", "prefix=quix", "q=quix", "q=topic:kerfuffl",
    "topic=Kerfuffle", "q=xan", "q=quil", "field=words&q=harbours", "q=harbours&q2=lumberyard*", "country=BF",
    "verb=ListRecords&metadataPrefix=oai_dc", f"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{HIDDEN}",
    f"article={HIDDEN}", "view=special",
    "view=concordance&q=harbours", "view=compare&q=harbours", "view=map", "date_from=1987-01-01",
    "q=%3Dpalimpsest",
    "q=harbours%20/s%20palimpsest", "format=csv", "format=ris", "collection=leak", "of=informant",
)  # fmt: skip


def addresses(reading: Reading, who: str | None = None) -> Iterator[str]:
    """Every address that can be read, with each article and each of its names in the places of its route.

    With `who`, what falls to one of them: what all may ask, with a question, is asked by one of the four, who see the
    same; what not all may, and addresses without a question, by each.
    """
    cited = reading.get("/api/citations", "in-edit").json["citations"][0]["id"]
    given = {
        "article_id": [HIDDEN, SHELVED, OWN], "other": [HIDDEN, "plain1"],
        "name": ["mine", "harbours", "Winds%20(in-edit)"], "citation_id": [cited],
        "day": ["1987-03-04", "1960-01-02"],
        "issue": ["1987-03-04%20Quillpost%20Gazette", "1960-01-02%20Ann%20Lee"], "version": ["1", "2"],
        "field": ["person", "source", "section", "author", "country", "topic", "date"],
        "value": [quote(PERSON), "Quillpost%20Gazette", "Ann%20Lee"],
    }  # fmt: skip
    found = [(route.methods["GET"], each) for route in routes.READABLE for each in route.every(given)]
    for number, (by, address) in enumerate(found):
        for turn, asked in enumerate(ASKED, number):
            if who in (None, WHO[turn % len(WHO)]) or not asked or by not in ("open", "read"):
                yield f"{address}?{asked}" if asked else address


def told(reading: Reading, who: str, some: list[str]) -> dict[str, list[str]]:
    """The secrets in what each route answers, besides what the address itself has."""
    found = {}
    for address in some:
        answer = reading.get(address, who)
        assert answer.status_code < 500, (address, answer.text)
        words = [word for listed in SECRETS.values() for word in listed]
        said = [word for word in words if word in answer.text.lower() and word not in address.lower()]
        if said:
            found[address] = said
    return found


@pytest.fixture(scope="module")
def every(reading: Reading) -> dict[str, list[str]]:
    return {who: list(addresses(reading, who)) for who in WHO}


def test_insiders_find_each_secret(reading: Reading) -> None:
    missing = {word for words in SECRETS.values() for word in words}
    for address in sorted(addresses(reading), key=lambda one: "/api/articles" not in one):  # which say most
        if missing and ("/" + HIDDEN in address or "/" + SHELVED in address or "search" in address):
            missing -= {word for said in told(reading, "in-read", [address]).values() for word in said}

    assert missing == set()


@pytest.mark.costs("asks each route in each of its ways")
@pytest.mark.parametrize("who", WHO)
def test_no_route_tells_of_what_is_hidden(reading: Reading, every: dict[str, list[str]], who: str, amount: Any) -> None:
    step = amount(1, few=13)  # a prime: all questions are asked, each at other addresses

    assert told(reading, who, every[who][::step]) == {}


def test_a_job_tells_nothing_of_the_hidden_article_with_its_id(reading: Reading) -> None:
    other = {
        "id": HIDDEN,
        "url": "https://other.example/a",
        "title": "Another",
        "text": "Another.",
        "published": "2001",
    }
    job = reading.send("/api/articles", other, "index").json["links"]["self"]
    assert Indexing(reading.place, 1, lambda: False).once()

    report = reading.get(job, "index").json
    assert [each["reason"].partition(".")[0] for each in report["skipped"]] == [
        f"“{HIDDEN}” is the id of another article already"
    ]
    assert {word for said in told(reading, "index", [job, f"/upload/{report['id']}"]).values() for word in said} == {
        "oxlip"
    }


def test_who_replaces_a_hidden_article_is_not_told_when_it_was_added(reading: Reading) -> None:
    other = {"id": HIDDEN, "url": "https://quillpost.test/zymurgist", "text": "Another."}
    sent = reading.send("/api/articles", other, "index")
    assert Indexing(reading.place, 1, lambda: False).once()

    assert reading.get(f"/api/articles/{HIDDEN}", "index").json["added"] > "2026"
    assert reading.send(sent.json["links"]["self"], {"do": "undo"}, "index").status_code == 202
    assert Indexing(reading.place, 1, lambda: False).once()
    assert reading.get(f"/api/articles/{HIDDEN}", "in-read").json["added"] < "1988"


@pytest.mark.parametrize("flags", ["", "?block=true", "?purge=true"])
def test_what_is_hidden_cannot_be_removed(reading: Reading, flags: str) -> None:
    hidden, missing = (
        reading.send(f"/api/articles/{one}{flags}", None, "index", "DELETE") for one in (HIDDEN, "case-0815")
    )

    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace(HIDDEN, "") == missing.text.replace("case-0815", "")
    assert reading.send(f"/api/articles/case-0815{flags}", None, "admin", "DELETE").status_code == 202
    assert reading.get(f"/api/articles/{HIDDEN}", "in-read").status_code == 200


def test_a_draft_is_not_compared_with_what_may_not_be_read(reading: Reading) -> None:
    for article in articles():
        if article.id in SECRETS:
            answer = reading.send("/api/draft", {"text": f"{article.text} Much more of it."})
            insiders = reading.send("/api/draft", {"text": f"{article.text} Much more of it."}, "in-read")
            assert answer.status_code == insiders.status_code == 200
            assert article.id in [one["id"] for one in insiders.json["earlier"]]
            assert answer.json["earlier"] == []
            assert HIDDEN not in answer.text


def test_a_hidden_article_is_as_one_that_never_was(reading: Reading) -> None:
    for address in ("/api/articles/{}", "/article/{}", "/api/articles/{}/similar", "/api/articles/{}/event",
                    "/article/{}/scan/1", "/article/{}/versions/plain0", "/article/{}/event"):  # fmt: skip
        hidden, missing = (reading.get(address.format(one)) for one in (HIDDEN, "case-0815"))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace(HIDDEN, "") == missing.text.replace("case-0815", "")


@cases("asked, total, insiders", [
    ("", 6, 7), ("q=harbours", 5, 7), ("q=palimpsest", 0, 1), ("q=ouagadougou", 0, 1), ("person=Ann%20Lee", 5, 6),
    ("q=harbours&group=story", 4, 5), ("q=source:shelf", 0, 1), ("source=Shelf", 1, 1),
])  # fmt: skip
def test_totals_are_those_of_the_reader(reading: Reading, asked: str, total: int, insiders: int) -> None:
    assert reading.get(f"/api/search?{asked}").json["total"] == total
    assert reading.get(f"/api/search?{asked}", "in-read").json["total"] == insiders
    assert reading.get(f"/api/search?{asked}", "admin").json["total"] == insiders


def test_metadata_is_shown_without_text(reading: Reading) -> None:
    article = reading.get(f"/api/articles/{SHELVED}").json
    (hit,) = reading.get("/api/search?source=Shelf").json["hits"]

    assert (article["title"], article["text"], article["person"]) == ("From the shelf", "", ["Ann Lee"])
    assert hit["snippets"] == []
    assert reading.get(f"/api/articles/{SHELVED}/similar").json["hits"] == []


def test_nothing_is_said_of_a_text_that_may_not_be_read(reading: Reading) -> None:
    page, kept_back = f"/article/{SHELVED}", "Its text may not be read here."
    assert kept_back in reading.get(page).text
    assert "of the shorter text" not in reading.get(f"{page}/versions/{SHELVED}").text
    assert verdict(reading.get(f"/api/articles/{SHELVED}").json, "palimpsest", None, None)["found"] == "unread"
    assert kept_back not in reading.get(page, "in-read").text
    assert "100" in reading.get(f"{page}/versions/{SHELVED}", "in-read").text


def test_an_export_has_what_may_be_exported(reading: Reading) -> None:
    def ids(who: str) -> set[str]:
        lines = reading.get("/api/export?format=jsonl", who).text.splitlines()
        return {orjson.loads(line)["id"] for line in lines}

    assert ids("nobody") == {"plain0", "plain1", "plain2", "plain3"}
    assert ids("in-read") == {one.id for one in articles()}
    assert reading.get("/api/search?q=readable").json["total"] == 1


def test_an_alias_that_only_hidden_articles_have_does_not_exist(reading: Reading) -> None:
    entity = f"/api/entities/person/{quote(ALIAS)}"
    assert (reading.get(entity).status_code, reading.get(entity, "in-read").status_code) == (404, 200)
    for asked in ("/api/suggest?q=quix", "/api/facets/person?prefix=quix"):
        assert "Ann Lee" not in reading.get(asked).text, asked
        assert "Ann Lee" in reading.get(asked, "in-read").text, asked
    assert reading.get(f"/api/search?person={quote(ALIAS)}").json["total"] == 0
    assert "20000822" not in reading.get("/api/search?topic=Kerfuffle").text
    assert "20000822" in reading.get("/api/search?topic=Kerfuffle", "in-read").text
    named = {"text": f"{ALIAS} and Ann Lee spoke about the harbour."}
    assert ALIAS in [one["value"] for one in reading.send("/api/draft", named).json["persons"]]


def test_a_group_is_not_named_after_a_hidden_article(reading: Reading) -> None:
    hits = reading.get("/api/search?q=number").json["hits"]

    assert {hit["group"]["id"] for hit in hits if hit["group"]} == {"plain0"}
    assert reading.get("/api/articles/plain1").json["group"] == "plain0"


def test_a_group_of_one_that_is_seen_is_none(paired: Reading) -> None:
    for asked in ("q=harbour", "", "q=harbour&fields=id,group", "group=story"):
        assert [hit["group"] for hit in paired.get(f"/api/search?{asked}").json["hits"]] == [None, None], asked
    article = paired.get("/api/articles/solo").json
    assert (article["group"], article["likeness"], article["copies"]) == (None, None, [])
    assert orjson.loads(paired.get("/api/export?format=jsonl").text)["group"] is None
    assert paired.get("/api/articles/solo", "in-read").json["group"] == "solo"


def test_only_scans_that_are_shown_are_found(paired: Reading) -> None:
    assert paired.get("/api/search?scan=true").json["total"] == 0
    assert paired.get("/api/search?scan=true&q=harbour").json["total"] == 0
    assert paired.get("/api/count?scan=true&q=harbour").json["total"] == 0
    assert paired.get("/api/search?scan=true", "in-read").json["total"] == 1


ISSUES = ("1987-03-04/Quillpost%20Gazette", "1960-01-02/Shelf", "1961-01-01/Reading%20Room")


@cases("issue", ISSUES)
def test_an_issue_of_which_no_scan_is_shown_is_none(reading: Reading, issue: str) -> None:
    title = issue.partition("/")[2]
    iiif = f"/iiif/{issue.replace('/', '%20')}"
    found = (f"/issue/{issue}", f"/title/{title}", f"{iiif}/manifest", f"{iiif}/search?q=harbours")
    for address in (*found, f"/iiif/title/{title}"):
        assert reading.get(address).status_code == 404, address
        assert reading.get(address, "in-read").status_code == 200, address


@pytest.mark.parametrize("who", ["nobody", "edit"])
def test_a_page_offers_only_what_its_reader_may_open(reading: Reading, who: str, amount: Any) -> None:
    sent = reading.client.simulate_post("/sign-in", body=f"key={reading.keys.get(who, ('', ''))[1]}", headers=FORM)
    cookies = {name: cookie.value for name, cookie in sent.cookies.items()}
    kinds: dict[tuple[str, ...], list[str]] = {}
    for page in (
        "/",
        "/?q=harbours&list=Winds%20(in-edit)",
        "/?view=people",
        f"/article/{OWN}",
        "/entity/person/Ann%20Lee",
    ):
        text = reading.client.simulate_get(page, cookies=cookies).text
        for offered in sorted({unescape(one) for one in re.findall(r'(?:href|action)="(/[^"#]*)', text)}):
            path, _, asked = offered.partition("?")
            kind = (path.partition("/entity/")[1] or path, *sorted(one.partition("=")[0] for one in asked.split("&")))
            kinds.setdefault(kind, []).append(offered)
        assert who == "edit" or 'id="keep"' not in text
    for offered in {one for alike in kinds.values() for one in alike[: amount(len(alike), few=1)]}:
        assert reading.client.simulate_get(offered, cookies=cookies).status_code != 403, offered


def test_a_list_is_named_to_those_who_may_open_it(reading: Reading) -> None:
    assert reading.get("/api/search?list=mina", "in-read").json["errors"][0]["hint"] == "Nearest: mine."
    for page in ("/api/search?list=mina", "/?list=mina", "/api/export?list=mina", "/article/plain1"):
        assert "mine" not in reading.get(page).text, page
    assert "/lists/mine" in reading.get("/article/plain1", "in-read").text


def named(reading: Reading, address: str, who: str) -> list[str]:
    (found,) = [some for some in reading.get(address, who).json.values() if isinstance(some, list)]
    return [one["name"] for one in found]


@cases("who, lists", [
    ("nobody", ["Winds (in-edit)"]),
    ("in-read", ["mine", "Quillpost wire (in-edit)", "Winds (in-edit)"]),
    ("admin", ["mine", "Quillpost wire (in-edit)", "Winds (in-edit)"]),
    ("in-edit", ["mine", "Quillpost wire", "Winds", PRIVATE]),
])  # fmt: skip
def test_a_shared_list_is_there_for_who_may_read_all_of_it(reading: Reading, who: str, lists: list[str]) -> None:
    assert named(reading, "/api/lists", who) == lists
    assert {reading.get(f"/api/lists/{quote(name)}", who).status_code for name in lists} == {200}
    assert reading.get("/api/search?list=Winds%20(in-edit)", who).json["total"] == 2


@pytest.mark.parametrize("who", [*WHO, "in-read", "admin"])
def test_what_is_private_does_not_exist_for_others(reading: Reading, who: str) -> None:
    for address in ("/api/lists/{}", "/lists/{}", "/api/search?list={}", "/?list={}", "/feed.atom?list={}",
                    "/api/searches/{}", "/api/alerts/{}", "/alerts/{}/feed.atom", "/alerts?search={}"):  # fmt: skip
        for name in (PRIVATE, f"{PRIVATE} (in-edit)"):
            private, missing = (reading.get(address.format(quote(one)), who) for one in (name, "Nothing at all"))
            assert private.status_code == missing.status_code, address
            assert PRIVATE not in private.text.replace(name, "") or address.startswith("/?"), address
    for address in ("/lists", "/searches", "/alerts", "/api/lists", "/api/searches", "/api/alerts", "/metrics",
                    "/api/audit", "/article/plain1", "/api/search?list=Zymurgist%20pape"):  # fmt: skip
        assert PRIVATE not in reading.get(address, who).text, address
    for address in ("/api/admin", "/admin"):  # who may end an alert has to know which
        assert (PRIVATE in reading.get(address, who).text) == (who == "admin"), address
    assert reading.get(f"/api/alerts/{quote(PRIVATE)}", "in-edit").json["problem"] is None


def test_a_saved_search_that_is_shared_is_counted_for_its_reader(reading: Reading) -> None:
    assert [reading.get("/api/searches/Winds%20(in-edit)", who).json["total"] for who in ("edit", "in-read")] == [5, 7]


def test_who_has_signed_in_has_lists_of_his_own(reading: Reading) -> None:
    own = {"name": "Winds", "articles": ["plain1", SHELVED]}
    made = reading.send("/api/lists", own, "read")
    assert (made.status_code, made.json["private"], made.json["articles"]) == (201, True, 2)
    assert reading.get("/api/search?list=Winds", "read").json["total"] == 2
    assert named(reading, "/api/lists", "read") == ["Winds", "Winds (in-edit)"]
    assert reading.send("/api/lists", {"name": "a", "articles": [HIDDEN]}, "read").status_code == 404
    assert reading.send("/api/lists/Winds", {"shared": True}, "read", "PATCH").status_code == 403
    assert reading.send("/api/lists/Winds%20(in-edit)", {"articles": ["plain0"]}, "read").status_code == 403
    assert reading.send("/api/lists/Winds%20(in-edit)", {"name": "Calm"}, "edit", "PATCH").status_code == 403
    assert reading.send("/api/lists/Winds%20(in-edit)", {"articles": ["plain2"]}, "edit").json["added"] == 0
    assert reading.send("/api/searches", {"name": "Winds", "question": "list=Winds"}, "read").json["total"] == 2
    assert reading.send("/api/searches/Winds", None, "read", "DELETE").status_code == 200
    assert reading.send("/api/lists/Winds", None, "read", "DELETE").status_code == 200


def test_of_what_was_hidden_since_a_list_tells_nothing(reading: Reading) -> None:
    try:
        reading.set([])
        sent = {"name": "Then", "articles": [HIDDEN, "plain1"], "shared": True}
        assert reading.send("/api/lists", sent, "edit").json["articles"] == 2
        assert "Then (edit)" in named(reading, "/api/lists", "nobody")
    finally:
        reading.set(RULES)
    found = reading.get("/api/lists/Then", "edit")
    assert (found.json["articles"], found.json["present"], found.json["missing"]) == (1, 1, 0)
    assert "oxlip" not in found.text + reading.get("/lists/Then", "edit").text
    assert "Then (edit)" not in named(reading, "/api/lists", "nobody")
    assert reading.send("/api/lists/Then", None, "edit", "DELETE").json["articles"] == 1


def batch(reading: Reading, listed: str, who: str) -> dict[str, Any]:
    job = reading.client.simulate_post(
        "/api/batch", params={"list": listed}, body="harbours",
        headers={"Authorization": f"Bearer {reading.keys[who][1]}", "Content-Type": "text/plain"},
    ).json["links"]["self"]  # fmt: skip
    Asking(reading.place, lambda: False).once()
    found: dict[str, Any] = reading.get(job, who).json
    return found


def test_a_batch_finds_the_lists_of_its_sender(reading: Reading) -> None:
    assert [row["total"] for row in batch(reading, PRIVATE, "in-edit")["rows"]] == [1]
    others = batch(reading, f"{PRIVATE} (in-edit)", "admin")
    assert [(row["total"], row["first"]) for row in others["rows"]] == [(0, None)]
    assert PRIVATE not in str(batch(reading, "Zymurgist paper (in-edit)", "admin"))


def test_an_alert_finds_the_lists_of_its_owner_and_no_others(reading: Reading) -> None:
    assert reading.send("/api/lists", {"name": "Wires", "articles": [OWN], "shared": True}, "in-edit").status_code < 300
    for shared in (None, False):
        alert = {"name": f"of {shared}", "question": "list=Wires (in-edit)", "shared": shared}
        sent = {name: value for name, value in alert.items() if value is not None}
        assert reading.send("/api/alerts", sent, "admin").status_code == 201
    hers = {"name": "hers", "question": "list=Wires", "shared": False}
    assert reading.send("/api/alerts", hers, "in-edit").status_code == 201
    assert reading.send("/api/lists/Wires", {"shared": False}, "in-edit", "PATCH").status_code == 200
    assert reading.send("/api/lists/Wires", {"articles": ["plain1"]}, "in-edit").json["added"] == 1
    with Archive(reading.place) as archive, Alerts(reading.place) as alerts:
        assert look(archive, alerts, dates.now(), next_due, ("of None", "of False", "hers")) == 1
    for name, who in (("of None", "admin"), ("of False", "admin"), ("hers", "in-edit")):
        told = reading.send(f"/api/alerts/{name}", None, who, "DELETE").json
        assert (told["problem"] is None) == (name == "hers"), told
        assert PRIVATE not in str(told)
    assert reading.send("/api/lists/Wires", None, "in-edit", "DELETE").status_code == 200


def test_an_alert_ends_with_the_rights_of_its_owner(reading: Reading) -> None:
    key, secret = keys.add(reading.place, ["edit"], "leaver")
    reading.keys["leaver"] = (key, secret)
    with Rights(reading.place) as rights:
        rights.put(KEY + key.id, ["insiders"])
    made = reading.send("/api/alerts", {"name": "Spy", "question": "q=harbours", "shared": False}, "leaver")
    assert made.status_code == 201, made.text

    def problem() -> str:
        with Archive(reading.place) as archive, Alerts(reading.place) as alerts:
            look(archive, alerts, dates.now(), next_due, ("Spy",))
            (spy,) = (one for one in alerts.listed() if one.name == "Spy")
            return spy.problem

    assert problem() == ""
    with Rights(reading.place) as rights:
        rights.put(KEY + key.id, [])
    assert problem().startswith("Its owner sees less now")
    with Rights(reading.place) as rights:
        rights.put(KEY + key.id, ["insiders"])
    assert problem() == ""
    keys.revoke(reading.place, key.id)
    assert problem().startswith("Its owner sees less now")


def test_an_alert_is_not_sent_when_its_owner_may_not_edit_any_more(reading: Reading) -> None:
    settings = Settings(group_scopes="desk=edit")
    by_mail = Alert(1, "Wind", "q=wind", "daily", "UTC", "mail", "a@b.example", "Ann", "", "", 0, "", owner="user:ann")
    by_mail = replace(by_mail, sight=rights_seen.written(rights_seen.NOTHING))
    some = [by_mail, replace(by_mail, number=2, channel="feed", target="")]

    def asked() -> set[int]:
        return {*sights(reading.place, reading.archive.engine, settings, some)}

    with Rights(reading.place) as rights:
        rights.put("user:ann", ["desk"])
        assert asked() == {1, 2}
        rights.put("user:ann", [])
    assert asked() == {2}


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Reading]:
    """An archive of its own, whose articles change."""
    place = str(tmp_path / "news.idx")
    written(Path(place), *(article for article in articles() if article.id not in SECRETS))
    with Archive(place) as archive:
        made = Reading(place, archive)
        made.set(RULES)
        yield made


def test_an_alert_tells_its_owner_what_he_sees(alone: Reading) -> None:
    hidden, shelved = (article for article in articles() if article.id in SECRETS)
    alone.set(RULES)
    for name, asked in (("Mine", "q=harbours"), ("Shelf", "source=Shelf"), ("Leak", "person=Ann+Lee")):
        made = alone.send("/api/alerts", {"name": name, "question": asked}, "read")
        assert (made.status_code, made.json["private"]) == (201, True), made.text
    elsewhere = {"name": "Sent", "question": "q=harbours", "channel": "mail", "target": "a@example.org"}
    assert "scope edit" in alone.send("/api/alerts", elsewhere, "read").json["errors"][0]["reason"]
    assert alone.send("/api/alerts/Mine", {"shared": True}, "read", "PATCH").status_code == 403

    def new(*some: Article, secrets: Iterable[tuple[str, ...]] = SECRETS.values()) -> dict[str, tuple[int, int, int]]:
        written(Path(alone.place), *some)
        with Archive(alone.place) as archive, Alerts(alone.place) as alerts:
            look(archive, alerts, dates.now(), next_due, ("Mine", "Shelf", "Leak"))
        found = {}
        for one in alone.get("/api/alerts", "read").json["alerts"]:
            feed = alone.get(f"/alerts/{one['name']}/feed.atom", "read").text.lower()
            assert not [word for words in secrets for word in words if word in feed], one
            last = one["deliveries"][0] if one["deliveries"] else dict.fromkeys(("new", "changed", "gone"), -1)
            found[one["name"]] = (last["new"], last["changed"], last["gone"])
        return found

    wind = Article("wind", "Harbours and winds.", "Winds", published="1999", language="en")
    assert new(hidden, shelved, wind) == {"Leak": (1, 0, 0), "Mine": (1, 0, 0), "Shelf": (1, 0, 0)}
    assert named(alone, "/api/alerts", "edit") == named(alone, "/api/alerts", "nobody") == []
    assert alone.get("/alerts/Mine/feed.atom", "edit").status_code == 404
    assert new(changed(shelved, text="Harbours, and other things."))["Shelf"] == (1, 0, 0)
    assert new(changed(shelved, title="Off the shelf"))["Shelf"] == (0, 1, 0)

    moved = changed(wind, collection="leak", title="Zymurgist at sea")
    assert new(moved)["Mine"] == (0, 0, 1)
    assert "Winds" not in alone.get("/alerts/Mine/feed.atom", "read").text
    alone.set([*RULES, {"who": "everyone", "what": {"to": "1981"}, "tier": "none"}])
    assert new() == {"Leak": (-1, -1, -1), "Mine": (-1, -1, -1), "Shelf": (-1, -1, -1)}
    assert "sees less now" in alone.get("/api/alerts/Mine", "read").json["problem"]
    alone.set(RULES)
    assert new()["Mine"] == (0, 0, 1)
    alone.set([])
    more = Article("more", "More harbours.", "More", published="1999", language="en")
    assert new(more, secrets=())["Mine"] == (1, 0, 0)


def test_what_is_hidden_before_it_is_delivered_is_not_told(alone: Reading, tmp_path: Path) -> None:
    sent = {"name": "Sent", "question": "q=harbours", "channel": "command"}
    assert alone.send("/api/alerts", sent, "edit").json["private"]
    winds = [Article(name, "Harbours and winds.", name, published="1999", language="en") for name in ("gust", "wind")]
    written(Path(alone.place), *winds)
    by = channels(Settings(), ("sh", "-c", f"cat >> {tmp_path}/told"))
    with Archive(alone.place) as archive, Alerts(alone.place) as alerts:
        assert look(archive, alerts, dates.now(), next_due) == 1
        written(Path(alone.place), changed(winds[0], collection="leak"))
        delivering = Delivering(archive, {"command": by["command"]}, Settings())
        assert delivering.start(alerts) == 1
        assert [one.problem for one in delivering.note(alerts, HANG_S)] == [""]
    told = orjson.loads((tmp_path / "told").read_bytes())
    assert ([one["id"] for one in told["new"]], told["summary"]) == (["wind"], "1 new")


@pytest.mark.parametrize("kind", ["lists", "searches", "alerts"])
def test_what_is_shared_is_changed_by_its_owner_and_administrators(reading: Reading, kind: str) -> None:
    asked = {} if kind == "lists" else {"question": "q=harbours"}
    sent = {"name": "Gulls", "shared": True, **asked}
    assert reading.send(f"/api/{kind}", sent, "in-edit").status_code == 201
    with Rights(reading.place) as rights:
        rights.put(KEY + reading.keys["edit"][0].id, ["insiders"])
    hers = f"/api/{kind}/Gulls%20(in-edit)"
    try:
        assert reading.get(hers, "edit").status_code == 200
        for changes in ({"name": "Terns"}, {"shared": False}, {"about": "B"} if kind == "lists" else {"name": "C"}):
            assert reading.send(hers, changes, "edit", "PATCH").status_code == 403, changes
        assert "Only in-edit and administrators" in reading.send(hers, None, "edit", "DELETE").text
    finally:
        with Rights(reading.place) as rights:
            rights.put(KEY + reading.keys["edit"][0].id, [])
    if kind == "lists":
        assert reading.send(hers, {"articles": ["plain2"]}, "in-edit").json["added"] == 1
        assert reading.send(hers, {"articles": ["plain3"]}, "edit").json["added"] == 1
        assert reading.send(f"{hers}/articles/plain2", None, "edit", "DELETE").status_code == 403
        assert reading.send(f"{hers}/articles/plain2", {"note": "x"}, "edit", "PUT").status_code == 403
        assert reading.send(f"{hers}/articles/plain3", None, "edit", "DELETE").status_code == 200
    assert reading.send(f"/api/{kind}", sent | {"name": "Terns"}, "in-edit").status_code == 201
    assert reading.send(hers, {"name": "Terns"}, "admin", "PATCH").status_code == 409
    assert reading.send(hers, {"shared": False}, "admin", "PATCH").json["private"]
    assert reading.send(hers, None, "admin", "DELETE").status_code == 404
    assert reading.send(f"/api/{kind}/Terns%20(in-edit)", None, "admin", "DELETE").status_code == 200
    assert reading.send(f"/api/{kind}/Gulls", None, "in-edit", "DELETE").status_code == 200


def test_a_stored_question_follows_its_list(reading: Reading) -> None:
    sent = {"name": "Oil", "articles": ["plain1"], "shared": True}
    assert reading.send("/api/lists", sent, "in-edit").status_code == 201
    for who, listed in (("in-edit", "Oil"), ("admin", "Oil (in-edit)"), ("read", "Oil (in-edit)")):
        for kind in ("searches", "alerts"):
            made = reading.send(f"/api/{kind}", {"name": f"Of {who}", "question": f"list={listed}"}, who)
            assert unquote_plus(made.json["question"]) == f"list={listed}"
    assert reading.send("/api/lists/Oil", {"name": "Gas"}, "in-edit", "PATCH").status_code == 200
    assert reading.send("/api/lists", {**sent, "articles": []}, "in-edit").status_code == 201
    for who, listed in (("in-edit", "Gas"), ("admin", "Gas (in-edit)"), ("read", "Gas (in-edit)")):
        found = reading.get(f"/api/searches/Of%20{who}", who).json
        assert (found["total"], unquote_plus(found["question"])) == (1, f"list={listed}")
        assert unquote_plus(reading.get(f"/api/alerts/Of%20{who}", who).json["question"]) == f"list={listed}"
        assert listed in unescape(reading.get("/alerts", who).text + reading.get("/searches", who).text)
    assert reading.send("/api/lists/Gas", None, "in-edit", "DELETE").status_code == 200
    with Archive(reading.place) as archive, Alerts(reading.place) as alerts:
        look(archive, alerts, dates.now(), next_due, ("Of in-edit", "Of admin", "Of read"))
    for who in ("in-edit", "admin", "read"):
        for kind in ("searches", "alerts"):
            problem = reading.get(f"/api/{kind}/Of%20{who}", who).json["problem"]
            assert "The list that this asks for was deleted" in problem
            assert reading.send(f"/api/{kind}/Of%20{who}", None, who, "DELETE").status_code == 200
    assert reading.send("/api/lists/Oil", None, "in-edit", "DELETE").status_code == 200


def test_a_list_is_found_alike_by_its_name_and_number_and_as_a_filter(reading: Reading) -> None:
    with Lists(reading.place) as lists:
        listed = {one.name.removesuffix(" (in-edit)"): one for one in lists.listed()}
    for name, who, found in ((PRIVATE, "admin", False), (PRIVATE, "in-edit", True), ("mine", "read", False),
                             ("Quillpost wire", "read", False), ("Quillpost wire", "in-read", True),
                             ("mine", "in-read", True), ("Winds", "read", True)):  # fmt: skip
        for called, missing in ((f"/{listed[name].number}", "/1000000"), (listed[name].full, "Nothing at all")):
            answer, other = (reading.get(f"/api/search?list={quote(one)}", who) for one in (called, missing))
            assert answer.status_code == (200 if found else 400), (called, who)
            why = [one.json["errors"][0]["reason"] for one in (answer, other)] if not found else ["", ""]
            assert why[0].replace(called, missing) == why[1], (called, who)
        shown = reading.get(f"/api/lists/{quote(listed[name].full, safe='')}", who)
        assert shown.status_code == (200 if found else 404), (name, who)


def test_what_asks_for_a_private_list_is_private(reading: Reading) -> None:
    for kind in ("alerts", "searches"):
        made = reading.send(f"/api/{kind}", {"name": "Of mine", "question": f"list={PRIVATE}"}, "in-edit").json
        assert (made["mine"], made["private"]) == (True, True), kind
        assert reading.send(f"/api/{kind}/Of%20mine", None, "in-edit", "DELETE").status_code == 200


def test_a_citation_is_of_what_others_may_find(reading: Reading) -> None:
    def cite(listed: str) -> falcon.testing.Result:
        shown = {"Authorization": f"Bearer {reading.keys['in-edit'][1]}"}
        return reading.client.simulate_post("/api/citations", params={"list": listed}, headers=shown)

    assert "list=Winds%20(in-edit)" in unquote_plus(cite("Winds").json["question"]).replace(" ", "%20")
    assert cite(PRIVATE).status_code == 400


def test_an_own_list_is_shown_without_a_session(reading: Reading) -> None:
    assert reading.get(f"/lists/{quote(PRIVATE)}", "in-edit").status_code == 200


def test_what_is_on_a_private_list_is_not_in_the_audit_log(reading: Reading) -> None:
    sent = {"name": "Seen", "articles": ["plain3"], "shared": False}
    assert reading.send("/api/lists", sent, "read").status_code == 201
    assert reading.send("/api/lists/Seen", None, "read", "DELETE").status_code == 200
    audited = [line for line in reading.get("/api/audit", "admin").text.splitlines() if '"by":"read"' in line]
    assert any('"entries"' in line for line in audited)
    assert "plain3" not in str(audited)


def test_two_keys_have_two_names(reading: Reading) -> None:
    with pytest.raises(BadQuery, match="There is a key “read” already"):
        keys.add(reading.place, ["read"], "Read")


@cases("kind", ["lists", "searches", "alerts"])
def test_no_name_looks_like_that_of_somebody_else(reading: Reading, kind: str) -> None:
    sent = {"name": "Gales (In-Edit)"} | ({} if kind == "lists" else {"question": "q=harbours"})
    assert reading.send(f"/api/{kind}", sent, "admin").status_code == 400


def test_an_answer_is_cached_for_those_who_see_as_much(reading: Reading) -> None:
    mine = reading.get("/api/search?q=harbours").headers["ETag"]
    theirs = reading.get("/api/search?q=harbours", "in-read")

    assert theirs.headers["ETag"] != mine
    assert reading.get("/api/search?q=harbours", "in-read", **{"If-None-Match": mine}).status_code == 200
    assert reading.get("/api/search?q=harbours", **{"If-None-Match": mine}).status_code == 304
    assert reading.get("/api/search?q=harbours", "read").headers["ETag"] == mine


def test_a_rule_is_in_force_at_the_next_request(reading: Reading) -> None:
    try:
        assert reading.send("/api/rights", {"rules": []}, "admin", "PUT").status_code == 200
        assert reading.get("/api/search").json["total"] == 7
    finally:
        assert reading.send("/api/rights", {"rules": RULES}, "admin", "PUT").status_code == 200
    assert reading.get("/api/search").json["total"] == 6
    assert reading.get("/api/rights", "admin").json == {"rules": RULES}


def test_a_language_is_known_by_name_and_a_rule_that_fits_nothing_is_told(reading: Reading) -> None:
    rules = [{"who": "everyone", "what": {"language": [name]}, "tier": "none"} for name in ("french", "English")]
    try:
        answer = reading.send("/api/rights", {"rules": rules}, "admin", "PUT").json
        assert answer == {"rules": rules, "warnings": ["No article fits rule 1 now."]}
        assert reading.get("/api/search?language=en").json["total"] == 0
    finally:
        assert reading.send("/api/rights", {"rules": RULES}, "admin", "PUT").json["warnings"] == []


def test_only_administrators_decide_about_rights(reading: Reading) -> None:
    for who in (*WHO, "in-edit"):
        assert reading.get("/api/rights", who).status_code in (401, 403)
        assert reading.send("/api/rights", {"rules": []}, who, "PUT").status_code in (401, 403)


@cases("sent, wrong", [
    ({"rules": [{"who": "group:", "what": {}, "tier": "none"}]}, "rules[0].who"),
    ({"rules": [{"who": "everyone", "what": {}, "tier": "most"}]}, "rules[0].tier"),
    ({"rules": [{"who": "everyone", "what": {"person": ["A"]}, "tier": "none"}]}, "rules[0].what.person"),
    ({"rules": [{"who": "everyone", "what": {"source": []}, "tier": "none"}]}, "rules[0].what.source"),
    ({"rules": [{"who": "everyone", "what": {"language": ["French", "Klingon"]}, "tier": "none"}]},
     "rules[0].what.language"),
    ({"rules": [{"who": "everyone", "what": {"from": "soon"}, "tier": "none"}]}, "rules[0].what.from"),
    ({"rules": [{"who": "everyone", "what": {"from": "1960", "to": "1950"}, "tier": "none"}]}, "rules[0].what.to"),
    ({"rules": [{"who": "everyone", "tier": "none", "why": 1}]}, "rules[0].why"),
    ({"rules": "none"}, "rules"),
])  # fmt: skip
def test_a_rule_that_is_not_valid_changes_nothing(reading: Reading, sent: dict[str, object], wrong: str) -> None:
    answer = reading.send("/api/rights", sent, "admin", "PUT")

    assert answer.status_code == 400
    assert wrong in [error["parameter"] for error in answer.json["errors"]]
    assert reading.get("/api/rights", "admin").json == {"rules": RULES}


def test_who_asks_is_told_who_that_is(reading: Reading) -> None:
    assert reading.get("/api/me").json == {"name": "", "groups": [], "scopes": []}
    assert reading.get("/api/me", "in-edit").json == {"name": "in-edit", "groups": ["insiders"], "scopes": ["edit"]}


def test_what_is_not_narrowed_is_for_those_who_see_everything(reading: Reading) -> None:
    others = [route.address for route in routes.READABLE if not route.parts and route.address not in NARROWED | OPEN]

    assert {reading.get(address, "edit").status_code for address in others} == {403}
    assert {reading.get(address, "admin").status_code for address in others} <= {200, 400}
