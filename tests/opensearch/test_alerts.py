"""Alerts on an index in a cluster tell the same as on one in a directory."""

from __future__ import annotations

import threading

import falcon.testing

from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from desk.people import keys
from search import Article
from search.text import dates
from service.archive import Archive
from service.desk.alerts import looking
from service.desk.alerts.channels import channels
from service.desk.alerts.delivering import Delivering
from service.desk.alerts.telling import Telling
from service.server import removal
from service.server.app import create_app
from service.settings import Settings
from tests.opensearch.conftest import Remote

AT = "2026-11-27T06:00:00Z"


def test_what_comes_changes_and_goes_is_told(remote: Remote) -> None:
    remote.add(Article("a", "oil"), Article("b", "oil and gas"))
    with Archive(remote.place) as archive, Alerts(remote.place) as alerts:
        new = Alert(0, "Oil", "q=oil", "at once", "UTC", "feed", "", "Ann", AT, "", 0, "")
        number = looking.begin(archive, alerts, new).number
        told = []
        for step in range(3):
            with remote.writer() as writer:
                if step == 0:
                    writer.add(Article("c", "oil"))
                    writer.add(Article("d", "gold"))
                elif step == 1:
                    writer.add(Article("b", "oil, again"))
                    writer.delete("a")
                else:
                    removal.erase(writer, remote.place, ("c",))
            looking.look(archive, alerts, dates.now(), lambda _alert, at: at)
        told = [(one.came, one.changed, one.went, one.erased) for one in alerts.deliveries(number)[::-1]]

    assert told == [((), (), (), 1), ((), ("b",), ("a",), 0), ((), (), (), 1)]


def test_machines_make_one_delivery_of_what_is_new(remote: Remote) -> None:
    remote.add(Article("a", "oil"))
    _, secret = keys.add(remote.place, ["edit"], "night desk")
    with Archive(remote.place) as archive:
        client = falcon.testing.TestClient(create_app(archive, Settings()))
        sent = {"name": "Oil", "question": "q=oil"}
        made = client.simulate_post("/api/alerts", json=sent, headers={"Authorization": f"Bearer {secret}"})
        assert made.status_code == 201
        remote.add(Article("b", "oil"))
        machines = [Telling(archive, Delivering(archive, channels(Settings()), Settings())) for _ in range(3)]
        threads = [threading.Thread(target=machine.step) for machine in machines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for machine in machines:
            machine.finish()
        told = client.simulate_get("/api/alerts/Oil").json["deliveries"]

    assert [(one["number"], one["new"], one["state"], one["attempts"]) for one in told] == [(1, 1, "delivered", 0)]


def test_a_delivery_is_claimed_once(remote: Remote) -> None:
    remote.add(Article("a", "oil"))
    with Archive(remote.place) as archive, Alerts(remote.place) as alerts, Alerts(remote.place) as others:
        looking.begin(archive, alerts, Alert(0, "Oil", "q=oil", "at once", "UTC", "feed", "", "Ann", AT, "", 0, ""))
        remote.add(Article("b", "oil"))
        looking.look(archive, alerts, dates.now(), lambda _alert, at: at)
        (waiting,) = alerts.waiting(dates.now())

        assert others.claim(waiting, "2999-01-01T00:00:00Z")
        assert not alerts.claim(waiting, "2999-01-01T00:00:00Z")
        assert alerts.waiting(dates.now()) == ()
