"""Looking for what is new: what a random history does not reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

import search
from desk.alerts.alert import Alert, Delivery
from desk.alerts.store import Alerts
from desk.lists.store import Lists
from desk.store.tables import TITLES, TOLD
from indexer.ledger import Ledger
from indexer.withheld import withdrawn
from indexer.withheld.withdrawn import Withdrawn
from search import Article
from search.engine import Engine
from search.errors import BadQuery
from search.local.safe import backup, restoring
from search.text import dates
from service.archive import Archive
from service.commands import side_files
from service.desk.alerts import looking
from service.desk.alerts.message import compose
from service.server import removal
from tests.desk.damage import damage

AT = "2026-11-27T06:00:00Z"


@dataclass
class Desk:
    place: Path
    archive: Archive
    alerts: Alerts

    def add(self, article_id: str, text: str = "oil", **more: str) -> None:
        with search.writer(self.place) as writer:
            writer.add(Article(article_id, text, **more))  # type: ignore[arg-type]

    def alert(self, question: str, name: str = "Oil") -> Alert:
        new = Alert(0, name, question, "at once", "UTC", "feed", "", "Ann", AT, "", 0, "")
        return looking.begin(self.archive, self.alerts, new)

    def look(self) -> int:
        return looking.look(self.archive, self.alerts, dates.now(), lambda _alert, at: at)

    def told(self, name: str = "Oil") -> list[Delivery]:
        return list(self.alerts.deliveries(self.alerts.named(name).number))[::-1]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("a", "oil"))
    with Archive(str(place)) as archive, Alerts(place) as alerts:
        yield Desk(place, archive, alerts)


def test_what_is_there_when_an_alert_is_made_is_not_told(desk: Desk) -> None:
    desk.alert("q=oil")
    desk.add("b", "gold")

    assert desk.look() == 0
    assert desk.told() == []


def test_a_question_that_is_not_valid_makes_no_alert(desk: Desk) -> None:
    with pytest.raises(BadQuery):
        desk.alert("q=oil&from=never")
    assert desk.alerts.listed() == ()


def test_a_deleted_list_stops_its_alert_until_it_is_back(desk: Desk) -> None:
    with Lists(desk.place) as lists:
        lists.put("few", {"a": "", "b": ""}, "Ann", AT, make=True)
        desk.alert("q=oil&list=few", "Few")
        desk.alert("q=oil")
        lists.remove("few")
        desk.add("b")

        assert desk.look() == 1
        assert "There is no list “few”" in desk.alerts.named("Few").problem
        assert [one.came for one in desk.told()] == [("b",)]

        lists.put("few", {"b": "", "a": ""}, "Ann", AT, make=True)
        desk.look()
    assert desk.alerts.named("Few").problem == ""
    assert [one.came for one in desk.told("Few")] == [("b",)]


def test_what_is_put_on_a_list_is_new_to_its_alert(desk: Desk) -> None:
    desk.add("b")
    with Lists(desk.place) as lists:
        lists.put("few", {"a": ""}, "Ann", AT, make=True)
        desk.alert("q=oil&list=few", "Few")
        lists.put("few", {"b": ""}, "Ann", AT)
    desk.look()

    assert [one.came for one in desk.told("Few")] == [("b",)]


def test_a_damaged_list_stops_no_other_alert(desk: Desk) -> None:
    with Lists(desk.place) as lists:
        lists.put("few", {"a": ""}, "Ann", AT, make=True)
    desk.alert("q=oil&list=few", "Few")
    desk.alert("q=oil")
    damage(desk.place, "UPDATE lists SET name = 'x'")
    desk.add("b")
    desk.look()

    assert "damaged" in desk.alerts.named("Few").problem
    assert [one.came for one in desk.told()] == [("b",)]


def test_what_days_leave_behind_is_not_told_as_gone(desk: Desk) -> None:
    desk.add("old", published="2001-01-01")
    then = Alert(
        0, "Oil", "q=oil&from=-7d", "at once", "UTC", "feed", "", "Ann", AT, "2001-01-02T06:00:00Z",
        desk.archive.engine.generation, "",
    )  # fmt: skip
    made = desk.alerts.make(then, {"old": b"content"}, desk.archive.shown)
    desk.add("new", published=dates.now()[:10])
    desk.look()

    assert [(one.came, one.went) for one in desk.told()] == [(("new",), ())]
    assert list(desk.alerts.seen([made.number])[made.number]) == ["new"]


def test_a_purged_article_is_only_counted(desk: Desk) -> None:
    desk.alert("q=oil")
    desk.add("purged-one")
    desk.look()
    with search.writer(desk.place) as writer:
        removal.erase(writer, desk.place, ("purged-one",))
    desk.look()

    assert [(one.came, one.went, one.erased) for one in desk.told()] == [((), (), 1), ((), (), 1)]
    assert not any(b"purged-one" in path.read_bytes() for path in desk.place.rglob("*") if path.is_file())


def remove(desk: Desk, article_id: str, block: bool = False) -> None:
    with search.writer(desk.place) as writer:
        removal.delete(writer, desk.place, (article_id,), block=block)


def gone(desk: Desk) -> list[str]:
    """What the last delivery says of the articles that are gone."""
    told = compose(desk.archive.engine, desk.alerts.named("Oil"), desk.told()[-1], "Dateline", "")
    return [story.first.title for story in told.went]


def test_an_article_that_is_gone_is_told_by_its_title(desk: Desk) -> None:
    desk.add("seen", title="Seen from the beginning")
    desk.alert("q=oil")
    desk.add("came", title="Came later")
    desk.look()
    desk.add("came", "oil again", title="Changed\nlater")
    desk.look()
    for article_id in ("seen", "came", "a"):
        remove(desk, article_id)
    desk.look()

    assert sorted(gone(desk)) == ["Changed later", "Seen from the beginning", "a"]


def test_titles_are_forgotten_with_the_last_alert_that_has_seen_them(desk: Desk) -> None:
    desk.add("b", title="A title of its own")
    for name in ("Oil", "Petrol"):
        desk.alert("q=oil", name)
    remove(desk, "b")
    desk.look()
    desk.alerts.delete("Oil")
    assert gone_titles(desk) == ["A title of its own"]
    desk.alerts.delete("Petrol")

    assert gone_titles(desk) == []


def gone_titles(desk: Desk) -> list[str]:
    """All titles that the alerts have."""
    with desk.alerts.snapshot():
        found = [row.title for table in (TITLES, TOLD) for row in desk.alerts._rows(select(table))]
    return sorted({title for title in found if title})


@pytest.mark.parametrize("how", ["blocked at once", "blocked later", "withdrawn later", "purged later"])
def test_no_title_of_an_article_that_is_withheld_is_told(desk: Desk, how: str) -> None:
    desk.add("b", title="Hushed zebra")
    desk.alert("q=oil")
    remove(desk, "b", block=how == "blocked at once")
    desk.look()
    assert gone(desk) == ["b" if how == "blocked at once" else "Hushed zebra"]
    with search.writer(desk.place) as writer:
        if how == "blocked later":
            removal.delete(writer, desk.place, ("b",), block=True)
        elif how == "withdrawn later":
            with Ledger(desk.place) as ledger:
                withdrawn.withdraw(ledger, "b", Withdrawn(None, "Wrong."))
                ledger.commit()
        elif how == "purged later":
            removal.erase(writer, desk.place, ("b",))
    desk.look()

    assert gone(desk) == ([] if how == "purged later" else ["b"])
    assert gone_titles(desk) == []
    if how == "purged later":
        assert not any(b"zebra" in path.read_bytes() for path in desk.place.rglob("*") if path.is_file())


def test_an_alert_for_a_purged_article_goes_with_it(desk: Desk) -> None:
    desk.alert("q=id:a")
    with search.writer(desk.place) as writer:
        removal.erase(writer, desk.place, ("a",))

    assert desk.alerts.listed() == ()


def test_what_a_restore_has_changed_is_told(desk: Desk, tmp_path: Path) -> None:
    backup.create(desk.place, tmp_path / "backup")
    desk.add("b")
    desk.alert("q=oil")
    restoring.replace(tmp_path / "backup", desk.place, side_files.RULES)
    desk.look()

    assert [(one.came, one.went) for one in desk.told()] == [((), ("b",))]


def test_looking_at_many_new_articles_reads_each_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        desk.alert("q=oil", f"Oil {number}")
    with search.writer(desk.place) as writer:
        for number in range(20):
            writer.add(Article(f"n{number}", "oil"))
    read: list[str] = []
    article = type(desk.archive.engine).article

    def counted(engine: Engine, name: str) -> Article:
        read.append(name)
        return article(engine, name)

    monkeypatch.setattr(type(desk.archive.engine), "article", counted)
    desk.look()

    assert sorted(read) == sorted(f"n{number}" for number in range(20))
