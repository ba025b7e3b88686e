"""Alerts over HTTP and on their page: who sees and changes what, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import falcon.testing
import pytest

import search
from desk.alerts.alert import Delivery
from desk.alerts.store import Alerts
from desk.people import keys
from desk.people.holder import Scope
from search import Article
from search.text import dates
from service.archive import Archive
from service.desk.alerts.looking import look
from service.desk.alerts.telling import next_due
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases
from tests.service.desk.alerts.test_message import HOSTILE
from tests.service.desk.alerts.test_post import SECRET
from tests.service.desk.editor import Editor

ATOM = {"": "http://www.w3.org/2005/Atom"}
Result = falcon.testing.Result
SETTINGS = Settings(
    smtp_host="127.0.0.1", smtp_from="archive@news.example.org", alert_urls="https://ok.example/hooks/",
    alert_secret=SECRET,
)  # fmt: skip


class Desk(Editor):
    PAGE = "/alerts"

    def make(self, **fields: Any) -> Result:
        sent = {"name": "Oil", "question": "q=oil", **fields}
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.client.simulate_post("/api/alerts", json=kept, headers=self.headers)

    def patch(self, alert: str = "Oil", **fields: Any) -> Result:
        return self.client.simulate_patch(f"/api/alerts/{quote(alert)}", json=fields, headers=self.headers)

    def one(self, name: str = "Oil", headers: dict[str, str] | None = None) -> Any:
        return self.client.simulate_get(f"/api/alerts/{quote(name)}", headers=headers or self.headers).json

    def add(self, *articles: Article) -> None:
        """Add articles, and look."""
        with search.writer(self.place) as writer:
            for one in articles:
                writer.add(one)
        with Alerts(self.place) as alerts:
            look(self.archive, alerts, dates.now(), next_due, names=[one.name for one in alerts.listed()])

    def waiting(self) -> Delivery:
        with Alerts(self.place) as alerts:
            return alerts.waiting("9999")[0]

    def failed(self, problem: str) -> None:
        with Alerts(self.place) as alerts:
            alerts.failed(self.waiting(), problem, "2026-12-01T00:00:00Z")

    def feed(self, name: str = "Oil") -> ET.Element:
        return ET.fromstring(self.client.simulate_get(f"/alerts/{quote(name)}/feed.atom").content)

    def signed_in(self, scope: Scope = "edit") -> str:
        self.sign_in(keys.add(str(self.place), [scope], "day desk")[1])
        return self.token("q=oil")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "oil", title="Old oil"))
    with Archive(str(place)) as archive:
        yield Desk(place, archive, SETTINGS)


def test_an_alert_says_when_how_and_of_what(desk: Desk) -> None:
    made = desk.make(
        question="q=oil&country=FR", schedule="Weekly monday 7:00", zone="europe/berlin", channel="mail",
        target="desk@example.org",
    )  # fmt: skip
    found = made.json

    assert (made.status_code, made.headers["location"]) == (201, "/api/alerts/Oil")
    assert [found[name] for name in ("question", "schedule", "zone", "channel", "target", "made_by")] == [
        "q=oil&country=FR", "weekly Mon 07:00", "Europe/Berlin", "mail", "desk@example.org", "night desk",
    ]  # fmt: skip
    assert found["due"] > found["looked"]
    assert (found["waiting"], found["deliveries"], found["problem"]) == (None, [], None)


def test_an_alert_is_made_of_the_url_of_a_result(desk: Desk) -> None:
    made = desk.make(question="https://a.example/?q=oil&page=2&utm_source=x")

    assert made.json["question"] == "q=oil"


def test_an_alert_is_made_of_a_saved_search(desk: Desk) -> None:
    desk.client.simulate_post("/api/searches", json={"name": "France", "question": "country=FR"}, headers=desk.headers)

    assert desk.make(question=None, search="France").json["question"] == "country=FR"
    assert desk.make(name="B", question=None, search="Spain").status_code == 404
    assert desk.make(name="B", question=None).status_code == 400
    assert desk.make(name="B", question="q=a", search="France").status_code == 400


@cases(
    "fields, named",
    [
        ({"name": ""}, "name"), ({"name": "a/b"}, "name"), ({"name": 7}, "name"),
        ({"question": "colour=red"}, "colour"), ({"question": f"q={'x' * 9000}"}, "question"),
        ({"schedule": "sometimes"}, "schedule"), ({"schedule": "daily 25:00"}, "schedule"),
        ({"zone": "Mars"}, "zone"), ({"channel": "pigeon"}, "channel"),
        ({"channel": "mail"}, "target"), ({"channel": "mail", "target": "a@b, c@d"}, "target"),
        ({"channel": "mail", "target": "a@example.org\r\nBcc: b@example.org"}, "target"),
        ({"channel": "post", "target": "https://ok.example.evil/hooks/"}, "target"),
        ({"channel": "post", "target": "http://169.254.169.254/latest/"}, "target"),
        ({"channel": "command", "target": "rm -rf /"}, "target"), ({"target": "x"}, "target"),
        ({"colour": "x"}, "colour"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_named(desk: Desk, fields: dict[str, Any], named: str) -> None:
    answer = desk.make(**fields)

    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.json["errors"]] == [named]
    assert desk.client.simulate_get("/api/alerts").json == {"alerts": []}


def test_white_space_between_the_words_of_a_name_is_a_space(desk: Desk) -> None:
    answer = desk.make(name="a\r\nBcc: b")

    assert (answer.status_code, answer.json["name"]) == (201, "a Bcc: b")


def test_a_channel_that_is_not_set_up_says_what_to_set(desk: Desk) -> None:
    client = falcon.testing.TestClient(create_app(desk.archive, Settings()))
    for channel, variable in (("mail", "DATELINE_SMTP_HOST"), ("post", "DATELINE_ALERT_URLS")):
        sent = {"name": "Oil", "question": "q=oil", "channel": channel, "target": "a@b"}
        assert variable in client.simulate_post("/api/alerts", json=sent, headers=desk.headers).json["detail"]


def test_an_alert_is_changed_and_deleted(desk: Desk) -> None:
    desk.make()
    desk.make(name="Gas")

    assert desk.patch(name="gas").status_code == 409
    assert desk.patch(channel="mail").status_code == 400  # to whom?
    changed = desk.patch(name="Crude", schedule="hourly", channel="mail", target="a@example.org").json
    assert [changed[name] for name in ("name", "schedule", "channel", "target")] == [
        "Crude", "hourly", "mail", "a@example.org",
    ]  # fmt: skip
    assert changed["due"].endswith(":00:00Z")
    assert desk.patch("Crude", channel="feed").json["target"] is None
    assert desk.client.simulate_delete("/api/alerts/Crude", headers=desk.headers).status_code == 200
    assert desk.client.simulate_get("/api/alerts/Crude").status_code == 404
    assert desk.patch("Crude", name="x").status_code == 404


def test_only_editors_see_where_it_is_sent_and_what_was_answered(desk: Desk) -> None:
    desk.make(channel="mail", target="desk@example.org")
    desk.add(Article("a", "oil"))
    desk.failed("The mail server refuses the address, with 550: desk@example.org")
    reader = {"Authorization": f"Bearer {keys.add(str(desk.place), ['read'])[1]}"}
    shown = [
        desk.client.simulate_get(path, headers=headers).text
        for path in ("/api/alerts", "/api/alerts/Oil", "/alerts", "/alerts/Oil/feed.atom")
        for headers in ({}, reader)
    ]

    assert [text for text in shown if "desk@example" in text or "with 550" in text] == []
    assert "Those who may edit see why" in shown[0]
    assert desk.one()["waiting"]["problem"].endswith("desk@example.org")


def test_the_feed_has_an_entry_for_each_delivery_with_all_that_it_says(desk: Desk) -> None:
    desk.make()
    desk.add(Article("a", "oil", title=HOSTILE, group="g"), Article("b", "oil", title="A copy", group="g"))
    desk.add(Article("old", "oil", title="New title"))
    with search.writer(desk.place) as writer:
        writer.delete("old")
    desk.add()
    feed = desk.feed()
    entries = feed.findall("entry", ATOM)
    texts = ["".join(ET.fromstring(f"<x>{_content(entry)}</x>").itertext()) for entry in entries]

    assert [entry.findtext("title", "", ATOM) for entry in entries] == ["Oil: 1 gone", "Oil: 1 changed", "Oil: 2 new"]
    assert "not in the archive any more" in texts[0]
    assert "<script>alert(1)" in texts[2]  # as text
    assert "A copy" in texts[2]
    before = [entry.findtext("id", "", ATOM) for entry in entries]
    desk.patch(name="Crude")
    again = desk.feed("Crude")
    assert [entry.findtext("id", "", ATOM) for entry in again.findall("entry", ATOM)] == before
    assert again.findtext("id", "", ATOM) == feed.findtext("id", "", ATOM)


def _content(entry: ET.Element) -> str:
    return entry.findtext("content", "", ATOM).replace("<br>", "<br/>")


def test_a_feed_is_read_with_a_password(desk: Desk) -> None:
    desk.make()
    closed = falcon.testing.TestClient(create_app(desk.archive, Settings(require_key=True)))
    refused = closed.simulate_get("/alerts/Oil/feed.atom")

    assert (refused.status_code, refused.headers["www-authenticate"].split()[0]) == (401, "Basic")
    assert closed.simulate_get("/alerts/Oil/feed.atom", headers=desk.headers).status_code == 200


def test_forms_make_change_and_delete(desk: Desk) -> None:
    token = desk.signed_in()
    new = {"question": "q=oil", "every": "daily", "at": "07:00", "day": "Mon", "zone": "Europe/Berlin"}
    desk.post(token=token, do="make", name="Oil & <b>", channel="mail", target="desk@example.org", **new)
    page = desk.page()
    assert "only yours" in page
    desk.post(token=token, do="share", name="Oil & <b>")
    assert "shared by you" in desk.page()
    assert "Oil &amp; &lt;b&gt;" in page
    assert "desk@example.org" in page
    assert "daily 07:00" in page
    other = {**new, "every": "weekly", "day": "Fri"}
    desk.post(token=token, do="change", name="Oil & <b>", new="Oil", channel="feed", target="left over", **other)
    found = desk.one("Oil (day desk)")
    assert (found["schedule"], found["channel"], found["target"]) == ("weekly Fri 07:00", "feed", None)
    desk.post(token=token, do="delete", name="Oil")
    assert "There is no alert yet" in desk.page()


def test_the_page_says_what_is_wrong(desk: Desk) -> None:
    desk.signed_in()
    desk.client.simulate_post("/api/lists", json={"name": "Wall", "articles": ["old"]}, headers=desk.headers)
    desk.make(name="On the list", question="list=Wall", channel="post", target="https://ok.example/hooks/a")
    desk.make(channel="post", target="https://ok.example/hooks/a")
    desk.client.simulate_delete("/api/lists/Wall", headers=desk.headers)
    desk.add(Article("a", "oil"))
    assert "It waits to be sent." in desk.page()
    desk.failed("The receiver answered 503.")
    page = desk.page()

    assert "It cannot be asked now" in page
    assert "It has not arrived, after 1 attempt: The receiver answered 503. Next: 00:00 UTC." in page


def test_a_saved_search_offers_an_alert(desk: Desk) -> None:
    desk.client.simulate_post("/api/searches", json={"name": "A & B", "question": "q=oil"}, headers=desk.headers)
    desk.signed_in()
    (address,) = re.findall(r'href="(/alerts\?[^"]+)"', desk.client.simulate_get("/searches").text)
    form = desk.page(address.partition("?")[2])

    assert 'name="question" value="q=oil"' in form
    assert 'name="name" value="A &amp; B"' in form
    assert desk.client.simulate_get("/alerts", query_string="search=none").status_code == 404


def test_who_has_not_signed_in_is_told_so(desk: Desk) -> None:
    assert "Anyone who has signed in can make it." in desk.page("q=oil")


@cases("address", ["/alerts", "/api/alerts", "/api/alerts/Oil", "/alerts/Oil/feed.atom"])
def test_what_changes_by_itself_is_not_cached(desk: Desk, address: str) -> None:
    desk.make()
    answer = desk.client.simulate_get(address)

    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


def test_a_long_feed_is_cut_between_deliveries(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.desk.alerts.atom.MOST_ARTICLES", 3)
    desk.make()
    for number in range(5):
        desk.add(*(Article(f"{number}-{each}", "oil") for each in "ab"))

    assert [entry.findtext("title", "", ATOM) for entry in desk.feed().findall("entry", ATOM)] == ["Oil: 2 new"]


@cases("field, theirs, mine", [
    ("schedule", "hourly", "daily 07:00"), ("zone", "Europe/Berlin", "Europe/Rome"), ("channel", "mail", "command"),
    ("target", "a@example.org", "b@example.org"), ("name", "Crude", "Petrol"),
])  # fmt: skip
def test_who_comes_second_to_a_value_of_an_alert_is_told_of_the_first(
    desk: Desk, field: str, theirs: str, mine: str
) -> None:
    desk.make(channel="mail", target="desk@example.org", schedule="at once", zone="UTC")
    if field == "channel":
        desk.patch(channel="feed", target="")
    before = {field: desk.one()[field]}
    with_target = {"target": "x@example.org"} if field == "channel" else {}
    first = desk.patch(**{field: theirs}, **with_target, before=before)
    named = theirs if field == "name" else "Oil"
    second = desk.patch(named, **{field: mine}, before=before)

    assert (first.status_code, second.status_code) == (200, 409)
    assert f"It is now: “{theirs}”. Yours was not stored: “{mine}”." in second.json["detail"]
    assert desk.one(named)[field] == theirs
    assert desk.patch(named, **{field: theirs}, before=before).status_code == 200


def test_a_value_that_is_given_as_it_was_does_not_replace_that_of_another(desk: Desk) -> None:
    desk.make(schedule="at once", zone="UTC")
    before = {"schedule": "at once", "zone": "UTC"}
    desk.patch(schedule="hourly")

    changed = desk.patch(schedule="at once", zone="Europe/Rome", before=before)

    assert (changed.status_code, changed.json["schedule"], changed.json["zone"]) == (200, "hourly", "Europe/Rome")


def test_the_form_of_an_alert_does_not_replace_what_another_has_changed(desk: Desk) -> None:
    desk.make(schedule="daily 07:00", zone="UTC")
    token = desk.signed_in()
    form = {
        "do": "change", "token": token, "name": "Oil", "new": "Oil", "every": "daily", "at": "07:00", "zone": "UTC",
        "channel": "feed", **dict(re.findall(r'name="(before-\w+)" value="([^"]*)"', desk.page())),
    }  # fmt: skip
    desk.patch(schedule="hourly")

    assert desk.post(**form | {"zone": "Europe/Rome"}).status_code == 303
    refused = desk.post(**form | {"at": "08:00"})

    assert refused.status_code == 409
    assert "It is now: “hourly”. Yours was not stored: “daily 08:00”." in refused.text
    assert (desk.one()["schedule"], desk.one()["zone"]) == ("hourly", "Europe/Rome")
