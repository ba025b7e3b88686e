"""Alerts over random histories: what was told is the difference between generations, whatever happens in between."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import search
from desk.alerts.alert import Alert, Delivery
from desk.alerts.store import Alerts
from desk.citations.result import entry
from search import Article
from search.errors import ArticleBlocked
from search.files import changes
from search.names.authority import Authority, Entry
from search.system import disk
from service.archive import Archive
from service.desk.alerts import looking
from service.server import removal

HISTORIES = 10
"""In `make check`; the variable HISTORIES asks for more."""
STEPS = 14
WORDS = ("oil", "gold", "wheat", "strike", "election", "harbour")
PERSONS = ("Ann Lee", "Bo Diaz", "A. Lee")
AT = "2026-11-27T06:00:00Z"
QUESTIONS: Mapping[str, Callable[[Article, Mapping[str, str]], bool]] = {
    "q=oil": lambda article, _names: "oil" in article.text,
    "q=oil OR gold": lambda article, _names: "oil" in article.text or "gold" in article.text,
    "q=wheat -strike": lambda article, _names: "wheat" in article.text and "strike" not in article.text,
    "q=elect*&group=story": lambda article, _names: "election" in article.text,
    "person=Ann Lee": lambda article, names: "Ann Lee" in [names.get(name, name) for name in article.person],
    'q=person:"Ann Lee" OR strike': lambda article, names: (
        "strike" in article.text or "Ann Lee" in [names.get(name, name) for name in article.person]
    ),
    "": lambda _article, _names: True,
}


def at_once(_alert: Alert, at: str) -> str:
    return at


def without(ids: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != gone)


@dataclass
class History:
    """An index with alerts, and what matched by definition when each of their deliveries was made.

    `seen` is what matched before the first one, and at each delivery of an alert, by numbers; `now` what matches.
    """

    place: Path
    chance: random.Random
    now: dict[str, dict[str, bytes]] = field(default_factory=dict)
    seen: dict[tuple[int, int], dict[str, bytes]] = field(default_factory=dict)
    delivered: list[Delivery] = field(default_factory=list)

    def begin(self) -> None:
        with search.writer(self.place) as writer:
            writer.add(Article("a0", "gold and oil"))
        self.remember()
        with Archive(str(self.place)) as archive, Alerts(self.place) as alerts:
            for number, asked in enumerate(QUESTIONS):
                new = Alert(0, f"alert {number}", asked, "at once", "UTC", "feed", "", "Ann", AT, AT, 0, AT)
                made = looking.begin(archive, alerts, new)
                self.seen[made.number, 0] = dict(self.now[asked])

    def remember(self) -> None:
        """Note what each question finds, by reading every article, and which deliveries are about that."""
        with search.open(self.place) as engine:
            articles = list(engine.export(search.Query()))
            listed = {one.alias: one.name for one in engine.authority().entries if one.action == "merge"}
        self.now = {
            asked: {one.id: entry(one).content for one in articles if matches(one, listed)}
            for asked, matches in QUESTIONS.items()
        }
        with Alerts(self.place) as alerts:
            for alert in alerts.listed():
                for made in alerts.deliveries(alert.number):
                    self.seen.setdefault((alert.number, made.number), dict(self.now[alert.question]))

    def maybe_killed(self, step: Callable[[], None]) -> None:
        """Do a step in another process, which may be killed between any two calls that change the disk."""
        last = self.chance.choice([0, 0, self.chance.randrange(1, 60)])
        child = os.fork()
        if child == 0:
            calls = 0

            def system(_what: str, _path: Path, do: Callable[[], Any]) -> Any:
                nonlocal calls
                calls += 1
                if calls == last:
                    os._exit(9)
                return do()

            disk.system = system
            try:
                step()
            except BaseException:
                import traceback

                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in ((0, 9) if last else (0,))

    def article(self) -> Article:
        words = " ".join(self.chance.sample(WORDS, self.chance.randrange(1, 4)))
        title = self.chance.choice(["", "News", "More news"])
        persons = tuple(self.chance.sample(PERSONS, self.chance.randrange(0, 2)))
        group = self.chance.choice([None, "a1"])
        return Article(f"a{self.chance.randrange(8)}", words, title=title, person=persons, group=group)

    def write(self) -> None:
        articles = [self.article() for _ in range(self.chance.randrange(1, 4))]
        gone = [f"a{self.chance.randrange(8)}"] if self.chance.random() < 0.4 else []
        with search.writer(self.place) as writer:
            again = writer.stored(f"a{self.chance.randrange(8)}")
            if again is not None and self.chance.random() < 0.5:  # other facts, the same content
                articles.append(replace(again, person=("Bo Diaz",)))
            for one in articles:
                try:
                    writer.add(one)
                except ArticleBlocked:
                    assert one.id in writer.blocked()
            for article_id in gone:
                writer.delete(article_id)

    def compact(self) -> None:
        with search.writer(self.place) as writer:
            writer.compact(100)

    def decide(self) -> None:
        merged = self.chance.random() < 0.6
        entries = (Entry("person", "Ann Lee", "A. Lee"),) if merged else ()
        with search.writer(self.place) as writer:
            writer.set_authority(Authority(entries))

    def lose(self) -> None:
        """What was noted of changes is lost."""
        changes.remove(self.place)

    def look(self) -> None:
        with Archive(str(self.place)) as archive, Alerts(self.place) as alerts:
            looking.look(archive, alerts, AT, at_once)

    def purge(self) -> None:
        gone = f"a{self.chance.randrange(8)}"
        with search.writer(self.place) as writer:
            removal.erase(writer, self.place, (gone,))
        for articles in self.seen.values():
            articles.pop(gone, None)
        self.delivered = [
            replace(one, came=without(one.came, gone), changed=without(one.changed, gone), went=without(one.went, gone))
            for one in self.delivered
        ]

    def deliver(self) -> None:
        with Alerts(self.place) as alerts:
            for one in alerts.waiting(AT):
                self.delivered.append(one)
                alerts.delivered(one, AT)

    def run(self) -> None:
        self.begin()
        for _ in range(STEPS):
            step = self.chance.choice([self.write] * 5 + [self.look] * 4 + [self.compact, self.decide, self.lose])
            self.maybe_killed(step)
            self.remember()
            if self.chance.random() < 0.1:
                self.purge()
                self.remember()
            if self.chance.random() < 0.3:
                self.deliver()
        self.look()
        self.remember()
        while True:
            told = len(self.delivered)
            self.deliver()
            if len(self.delivered) == told:
                break

    def check(self) -> None:
        with Alerts(self.place) as alerts:
            listed = alerts.listed()
        for alert in listed:
            mine = [one for one in self.delivered if one.alert == alert.number]
            assert [one.number for one in mine] == list(range(1, len(mine) + 1))  # none twice, none lost
            for one in mine:
                self.check_one(one)
            assert self.seen[alert.number, len(mine)] == self.now[alert.question]

    def check_one(self, told: Delivery) -> None:
        before, after = self.seen[told.alert, told.number - 1], self.seen[told.alert, told.number]
        assert told.came == tuple(sorted(after.keys() - before.keys()))
        assert told.went == tuple(sorted(before.keys() - after.keys()))
        both = after.keys() & before.keys()
        assert told.changed == tuple(sorted(each for each in both if before[each] != after[each]))


def test_what_is_told_is_the_difference_between_generations(amount: Callable[..., int], tmp_path: Path) -> None:
    for seed in range(int(os.environ.get("HISTORIES", amount(HISTORIES, few=1)))):
        history = History(tmp_path / f"{seed}.idx", random.Random(seed))
        history.run()
        history.check()
