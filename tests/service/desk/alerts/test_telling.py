"""Alerts as `dateline serve` delivers them: real servers at both ends, and processes that are killed in between."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import search
from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from desk.people import keys
from search import Article
from search.text import dates
from service.archive import Archive
from service.desk.alerts import delivering, looking, telling
from service.desk.alerts.channels import channels
from service.desk.alerts.delivering import Delivering
from service.desk.alerts.telling import Telling
from service.settings import Settings
from tests import waiting
from tests.service.commands.running import Run, dateline
from tests.service.desk.alerts.receivers import Mailbox, Posted, mailbox, receiver
from tests.service.desk.alerts.test_post import SECRET, answering
from tests.service.serving import Served, serving

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")  # Linux has


def archive(folder: Path) -> Path:
    place = folder / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "oil", title="Old oil"))
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return archive(tmp_path)


def smtp(box: Mailbox) -> dict[str, Any]:
    return {
        "smtp_host": "127.0.0.1", "smtp_port": str(box.port), "smtp_tls": "none", "smtp_from": "a@news.example.org",
        "public_url": "http://127.0.0.1",
    }  # fmt: skip


def posting(posted: Posted) -> dict[str, Any]:
    return {"alert_urls": f"{posted.address}/", "alert_secret": SECRET}


def add(place: Path, *ids: str, text: str = "oil") -> None:
    with search.writer(place) as writer:
        for one in ids:
            writer.add(Article(one, text, title=f"Title of {one}"))


class Desk:
    """Somebody at a server, who makes alerts."""

    def __init__(self, served: Served, name: str = "night desk") -> None:
        self.served = served
        self.place = served.place
        self.key = keys.add(str(served.place), ["edit"], name)[1]

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        body = json.dumps(sent).encode() if sent else None
        answer = self.served.ask(
            method, path, body, Authorization=f"Bearer {self.key}", Content_Type="application/json"
        )
        assert answer.status < 300, answer.body
        return answer.json

    def make(self, name: str, word: str, **fields: str) -> Any:
        return self.ask("POST", "/api/alerts", name=name, question=f"q={word}", **fields)

    def settled(self, name: str, deliveries: int = 1) -> Any:
        """The alert, when so many deliveries have arrived; the store is looked at until then, not the server asked."""
        with Alerts(self.place) as alerts:
            number = alerts.named(name).number

            def arrived() -> bool:
                return [one.state for one in alerts.deliveries(number)].count("delivered") >= deliveries

            waiting.until(arrived, f"{deliveries} deliveries of {name} have arrived")
        return self.ask("GET", f"/api/alerts/{name}")

    def failing(self, name: str) -> Any:
        with Alerts(self.place) as alerts:
            number = alerts.named(name).number

            def failed() -> bool:
                return any(one.attempts for one in alerts.waiting("9999") if one.alert == number)

            waiting.until(failed, f"{name} has failed")
        return self.ask("GET", f"/api/alerts/{name}")


@dataclass
class Shared:
    """What the tests of a server that nobody kills have together; the articles of each have a word of its own."""

    desk: Desk
    box: Mailbox
    posted: Posted
    settings: dict[str, Any]

    @property
    def place(self) -> Path:
        return self.desk.place

    def at(self, path: str) -> list[bytes]:
        """What was posted there."""
        return [body for where, _, body in self.posted.requests if where == path]

    def to(self, path: str) -> dict[str, str]:
        """The channel of an alert that is posted there."""
        return {"channel": "post", "target": f"{self.posted.address}{path}"}


@pytest.fixture(scope="module")
def serving_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    place = archive(tmp_path_factory.mktemp("shared"))
    with mailbox() as box, receiver() as posted:
        settings = smtp(box) | posting(posted)
        with serving(place, **settings) as served:
            yield Shared(Desk(served), box, posted, settings)


@pytest.fixture
def shared(serving_all: Shared) -> Shared:
    serving_all.posted.answer = answering(204)
    return serving_all


def test_what_is_new_is_mailed_and_nothing_else(shared: Shared) -> None:
    place, desk, box = shared.place, shared.desk, shared.box
    add(place, "old tin", text="tin")
    desk.make("Tin", "tin", channel="mail", target="desk@example.org")
    add(place, "a", "b", text="tin")
    add(place, "gas", text="gas")
    desk.settled("Tin")
    with search.writer(place) as writer:
        writer.delete("old tin")
    desk.settled("Tin", deliveries=2)
    bodies = [mail.get_body(("plain",)) for mail in box.mails]
    told = "".join(body.get_content() for body in bodies if body is not None).replace("\r\n", "\n")

    assert [envelope.rcpt_tos for envelope in box.envelopes] == [["desk@example.org"]] * len(box.mails)
    assert told.count("Title of a\n") == told.count("Title of b\n") == 1
    assert told.count("\nTitle of old tin\n") == 1
    assert "gas" not in told


def test_what_fails_is_kept_shown_and_delivered_later(shared: Shared) -> None:
    place, desk = shared.place, shared.desk
    statuses = iter([503])

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(next(statuses, 200) if request.path == "/zinc" else 204)

    shared.posted.answer = answer
    desk.make("Zinc", "zinc", **shared.to("/zinc"))
    add(place, "zinc a", text="zinc")
    failing = desk.failing("Zinc")
    add(place, "zinc b", text="zinc")
    reader = desk.served.ask("GET", "/api/alerts/Zinc").json
    with Alerts(place) as alerts:
        for one in alerts.waiting("9999"):
            if one.alert == alerts.named("Zinc").number and one.attempts:
                alerts.failed(one, one.problem, "2026-01-01T00:00:00Z")  # the time has passed
    settled = desk.settled("Zinc", deliveries=2)
    sent = [json.loads(body) for body in shared.at("/zinc")]

    assert failing["waiting"]["problem"] == "The receiver answered 503."
    assert failing["waiting"]["next_try"] > failing["waiting"]["at"]
    assert (reader["target"], "answered 503" in json.dumps(reader)) == (None, False)
    assert settled["waiting"] is None
    assert [one["number"] for one in sent] == [1, 1, 2]
    assert sent[0]["id"] == sent[1]["id"] != sent[2]["id"]
    assert [[story["id"] for story in one["new"]] for one in sent[1:]] == [["zinc a"], ["zinc b"]]


def test_receivers_that_do_not_answer_hold_up_no_others(shared: Shared) -> None:
    desk, go_on = shared.desk, threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        if "hangs" in request.path:
            go_on.wait(waiting.HANG_S)
        request.send_response(204)

    shared.posted.answer = answer
    for number in range(8):
        desk.make(f"Hangs {number}", "lead", **shared.to(f"/hangs/{number}"))
    desk.make("Well", "lead", **shared.to("/well"))
    add(shared.place, "lead", text="lead")
    desk.settled("Well")
    attempts = [desk.ask("GET", f"/api/alerts/Hangs%20{number}")["waiting"]["attempts"] for number in range(8)]
    go_on.set()

    assert attempts == [0] * 8  # none of them was given up before


def test_a_slow_receiver_delays_no_other_alert(shared: Shared) -> None:
    place, desk, go_on = shared.place, shared.desk, threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/slow":
            go_on.wait(waiting.HANG_S)
        request.send_response(200)

    shared.posted.answer = answer
    desk.make("Slow", "iron", **shared.to("/slow"))
    desk.make("Fast", "iron", **shared.to("/fast"))
    add(place, "iron a", text="iron")
    waiting.until(lambda: shared.at("/slow") and shared.at("/fast"), "both have been asked")
    add(place, "iron b", text="iron")
    desk.settled("Fast", deliveries=2)
    while_it_waits = len(shared.at("/slow"))
    go_on.set()
    desk.settled("Slow", deliveries=2)

    assert while_it_waits == 1  # one at a time


def test_an_alert_that_cannot_be_asked_is_kept_and_says_why(shared: Shared) -> None:
    place, desk = shared.place, shared.desk
    desk.ask("POST", "/api/lists", name="Wall", articles=["old"])
    desk.ask("POST", "/api/alerts", name="Wall", question="list=Wall")
    desk.ask("DELETE", "/api/lists/Wall")
    add(place, "listed")
    with Alerts(place) as alerts:
        waiting.until(lambda: alerts.named("Wall").problem, "it says why")

    assert "was deleted" in desk.ask("GET", "/api/alerts/Wall")["problem"]


def run(place: Path, *arguments: str, **settings: str) -> Run:
    variables = {f"DATELINE_{name.upper()}": value for name, value in settings.items()}
    return dateline("alerts", place, *arguments, env=variables)


def test_a_run_beside_a_server_delivers_to_commands_only(shared: Shared) -> None:
    place, desk = shared.place, shared.desk
    desk.make("Command", "gold", channel="command")
    desk.make("Post", "gold", **shared.to("/gold"))
    waiting.until((place / "spool/alerts.lock").exists, "the server is at work")
    add(place, "gold", text="gold")
    desk.settled("Post")
    refused = run(place, "run", **shared.settings)
    done = run(place, "run", "--", sys.executable, "-c", "", **shared.settings)
    desk.settled("Command")

    assert (refused.returncode, "“dateline serve” delivers these alerts" in refused.stderr) == (2, True)
    assert (done.returncode, done.stderr) == (0, "1 delivery has arrived.\n")
    assert len(shared.at("/gold")) == 1


def test_what_waits_is_sent_one_after_the_other(place: Path) -> None:
    with Archive(str(place)) as archive, Alerts(place) as alerts:
        for number in range(4 * delivering.OF_ONE):
            looking.begin(
                archive, alerts, Alert(0, f"{number}", "q=oil", "at once", "UTC", "feed", "", "", "", "", 0, "")
            )
        add(place, "a")
        Telling(archive, Delivering(archive, channels(Settings()), Settings())).step()

        assert [one.state for alert in alerts.listed() for one in alerts.deliveries(alert.number)] == ["delivered"] * (
            4 * delivering.OF_ONE
        )


@pytest.mark.check
def test_kill_9_between_sending_and_noting_sends_it_again_under_the_same_id(place: Path) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        arrived.set()
        go_on.wait(waiting.HANG_S)
        request.send_response(200)

    with receiver() as posted:
        posted.answer = answer
        with serving(place, **posting(posted)) as served:
            desk = Desk(served)
            desk.make("Oil", "oil", channel="post", target=f"{posted.address}/hook")
            add(place, "a")
            assert arrived.wait(waiting.HANG_S)
            os.kill(served.telling(), signal.SIGKILL)  # it has been sent, and nobody knows
            go_on.set()
            desk.settled("Oil")
            add(place, "b")
            desk.settled("Oil", deliveries=2)
    sent = [json.loads(body) for _, _, body in posted.requests]
    by_id = {one["id"]: [story["id"] for story in one["new"]] for one in sent}

    assert len(sent) == 3
    assert sorted(by_id.values()) == [["a"], ["b"]]


@pytest.mark.check
def test_two_servers_tell_it_once(place: Path) -> None:
    with receiver() as posted, serving(place, **posting(posted)) as one, serving(place, **posting(posted)) as other:
        one.telling(), other.telling()
        desk = Desk(one)
        desk.make("Oil", "oil", channel="post", target=f"{posted.address}/hook")
        add(place, "a")
        desk.settled("Oil")
        one.kill_all()
        add(place, "b")
        desk.served = other
        desk.settled("Oil", deliveries=2)

    assert len(posted.requests) == 2


@pytest.mark.check
def test_a_server_without_settings_leaves_delivery_to_one_that_has_them(place: Path) -> None:
    with mailbox() as box, serving(place) as bare:
        feed = Desk(bare)
        feed.make("Seen", "oil")
        bare.telling()
        add(place, "a")
        feed.settled("Seen")
        with serving(place, **smtp(box)) as able:
            desk = Desk(able, "day desk")
            desk.make("Oil", "oil", channel="mail", target="desk@example.org")
            add(place, "b")
            alert = desk.settled("Oil")

    assert alert["waiting"] is None
    assert len(box.mails) == 1


def test_what_a_server_may_not_deliver_waits_untried(place: Path) -> None:
    able = Settings(smtp_host="mail.example.org", smtp_from="a@news.example.org")
    with Archive(str(place)) as archive, Alerts(place) as alerts:
        new = Alert(0, "Oil", "q=oil", "at once", "UTC", "mail", "desk@example.org", "", "", "", 0, "")
        looking.begin(archive, alerts, new)
        add(place, "b")
        bare = Delivering(archive, channels(Settings()), Settings())
        Telling(archive, bare).step()

        assert not bare.busy
        assert [delivery.attempts for delivery in alerts.waiting(dates.now())] == [0]
        assert bare.barred(alerts) == ["DATELINE_SMTP_HOST"]
        assert Delivering(archive, channels(able), able).barred(alerts) == []


def test_cron_delivers_to_a_command_and_by_mail(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    to_file = [sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')", str(out)]
    with mailbox() as box:
        made = run(place, "add", "By mail", "q=oil", "--mail", "desk@example.org", **smtp(box))
        run(place, "add", "By command", "q=oil", "--command")
        add(place, "a")
        first = run(place, "run", **smtp(box))
        second = run(place, "run", "--", *to_file, **smtp(box))
        third = run(place, "run", "--", *to_file, **smtp(box))

    assert (made.returncode, made.stderr) == (0, "“By mail” is made.\n")
    assert [one.stderr for one in (first, second, third)] == [
        "1 delivery has arrived.\n", "1 delivery has arrived.\n", "0 deliveries have arrived.\n",
    ]  # fmt: skip
    assert len(box.mails) == 1
    (line,) = out.read_text("utf-8").splitlines()
    assert [story["id"] for story in json.loads(line)["new"]] == ["a"]


@pytest.mark.parametrize("allowed", [True, False])
def test_between_two_looks_it_waits(place: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    if allowed:  # to use every channel; else it makes way for another process after each look
        way = {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "a@news.example.org", "PUBLIC_URL": "http://127.0.0.1"}
        for name, value in {**way, "ALERT_URLS": "http://127.0.0.1/", "ALERT_SECRET": SECRET}.items():
            monkeypatch.setenv(f"DATELINE_{name}", value)
    asked, paused = 0, list[float]()

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return len(paused) >= 3 or asked > 100

    telling.tell(str(place), stop, paused.append)

    assert set(paused) == {telling.TICK_S}
    assert asked < 20


def test_a_command_that_fails_is_reported(place: Path) -> None:
    run(place, "add", "Oil", "q=oil", "--command")
    add(place, "a")
    failed = run(place, "run", "--", sys.executable, "-c", "exit(7)")
    (listed,) = json.loads(run(place, "list", "--json").stdout)
    problem = "The command ended with 7."

    assert failed.returncode == 2
    assert f"“Oil” has not: {problem} The next try is after {listed['waiting']['next_try']}." in failed.stderr
    assert (listed["waiting"]["attempts"], listed["waiting"]["problem"]) == (1, problem)
    assert "not arrived" in run(place, "list").stdout
    with Alerts(place) as alerts:
        (one,) = alerts.waiting("9999")
        alerts.failed(one, problem, "2999-01-01T00:00:00Z")  # the time does not come before the next run begins
    early = run(place, "run", "--", sys.executable, "-c", "")
    assert early.returncode == 2
    again = f"{problem} The next try is after 2999-01-01T00:00:00Z."
    assert f"“Oil” was not tried now, but failed before: {again}" in early.stderr


def test_the_time_until_the_next_try_grows_up_to_six_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def now(ago: timedelta) -> str:
        seen.append(-ago.total_seconds())
        return ""

    monkeypatch.setattr("search.text.dates.now", now)
    for attempts in (0, 1, 2, 9, 10, 10_000):
        delivering.next_try(attempts)
    bounds = [(15, 30), (30, 60), (60, 120), (7_680, 15_360), (10_800, 21_600), (10_800, 21_600)]

    assert all(low <= wait <= high for wait, (low, high) in zip(seen, bounds, strict=True))
