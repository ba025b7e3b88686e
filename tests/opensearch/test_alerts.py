"""Alerts on an index in a cluster tell the same as on one in a directory."""

from __future__ import annotations

from indexer.alerts.alert import Alert
from indexer.alerts.store import Alerts
from search import Article, dates
from service import removal
from service.alerts import looking
from service.archive import Archive
from tests.opensearch.conftest import Remote

AT = "2026-11-27T06:00:00Z"


def test_what_comes_changes_and_goes_is_told(remote: Remote) -> None:
    with remote.writer() as writer:
        writer.add(Article("a", "oil"))
        writer.add(Article("b", "oil and gas"))
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
