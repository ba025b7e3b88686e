"""Looking for what is new to the alerts of an archive.

A look compares the articles that match in the last generation with those that an alert has seen. Usually only the
articles that commits have changed since are looked at (`search.files.changes`). All are if others may match too:
after a restore, after a decision about names, on another day for relative dates; always for questions about a list, a
person or words like one, since what other articles have decides about these.

Cost: linear in the changed articles and in the alerts that are due; in all matches where everything is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple, TypeVar

from desk.alerts.alert import Alert
from desk.alerts.store import Alerts, ArchiveMoved, Difference
from desk.asker import Asker, asking_for
from desk.citations.result import entry
from indexer.withheld import withdrawn
from search.engine import Engine, present_among
from search.errors import ArticleMissing, BadQuery, IndexDamaged
from search.files import changes
from search.seen import seen as seen_by
from search.syntax import parse
from search.syntax.nodes import depends_on_others
from search.text import dates
from search.values.query import Query
from search.values.rights import Sight, stored, written
from service.archive import Archive
from service.desk.alerts.owners import WHY, asker_of, sights
from service.formats import question
from service.http import log
from service.settings import Settings

ATTEMPTS = 10
_IN_ONE = 100
"""Queries that are asked together."""

BARE = Settings()
NextDue = Callable[[Alert, str], str]
"""The next time at which an alert is to look, after a time."""
T = TypeVar("T")
R = TypeVar("R")


class _Asked(NamedTuple):
    """An alert with its query.

    Attributes:
        by_day: articles come and go with the days that have passed since the last look.
        by_others: articles come and go with what others have: those of a list, and those that decide which names are
            one person, or which forms of a word are the nearest.
        sight: what its owner sees now.
    """

    alert: Alert
    query: Query
    by_day: bool
    by_others: bool
    sight: Sight


def begin(archive: Archive, alerts: Alerts, alert: Alert, shared: bool | None = None) -> Alert:
    """Make an alert; all that matches now is seen. Its number, time and generation are set here.

    Raises:
        BadQuery: if its question or its name is not valid.
        AlertConflict: if there is one with this name, or there are too many.
        ArchiveMoved: if the archive changes so fast that it cannot be looked at.
    """
    query = _query(alert.question)
    _follow(archive)
    alert = replace(alert, owner=alerts.begun(shared)["owner"], sight=written(archive.sight))
    asker = archive.asker or Asker(sees_all=True)

    def store(engine: Engine, generation: int) -> tuple[Alert, dict[str, bytes], dict[str, str]]:
        seen, titles = dict[str, bytes](), dict[str, str]()
        with asking_for(replace(asker, member=alert.owner)):
            for article in engine.export(query):
                seen[article.id], titles[article.id] = entry(article).content, article.title
        made = replace(alert, looked=dates.now(), generation=generation, rules=_rules(engine))
        return made, seen, titles

    def there(ids: Collection[str]) -> frozenset[str]:
        return present_among(archive.engine, ids)

    return _in_one_generation(archive, store, lambda made: alerts.make(made[0], made[1], there, made[2], shared))


def look(
    archive: Archive,
    alerts: Alerts,
    at: str,
    next_due: NextDue,
    names: Collection[str] | None = None,
    settings: Settings = BARE,
) -> int:
    """Store what is new to the alerts that are due. Returns the number of deliveries.

    An alert that cannot be asked, such as one about a list that is deleted, is told why (`Alert.problem`), and what is
    new since is delivered when it can be asked again.

    Args:
        at: now.
        names: look for these only, whether they are due or not.
        settings: say which groups have which scopes.

    Raises:
        ArchiveMoved: if the archive changes so fast that it cannot be looked at.
    """
    alerts.withhold(partial(_withheld, archive))
    if names is None:
        now = (archive.engine.generation, _rules(archive.engine))
        due = [one for one in alerts.listed() if one.due <= at and not _is_idle(one, now, at, next_due)]
    else:
        due = [one for one in alerts.listed() if one.name in names]
    if not due:
        return 0
    _follow(archive)
    asked: list[_Asked] = []
    problems: list[tuple[Alert, str]] = []
    seeing = sights(archive.place, archive.engine, settings, due)
    for alert in due:
        if alert.number not in seeing:
            problems.append((alert, str(WHY)))
            continue
        try:
            asked.append(_asked(alert, seeing[alert.number]))
        except BadQuery as invalid:
            problems.append((alert, str(invalid)))

    def store(read: tuple[_News, Sequence[tuple[_Asked, Alert, Difference | str]]]) -> int:
        news = []
        for one, looked, difference in read[1]:
            if isinstance(difference, str):
                problems.append((one.alert, difference))
            else:
                after = replace(looked, looked=at, due=next_due(one.alert, at), problem="")
                news.append((one.alert, after, difference))
        return alerts.look(news, at, archive.shown, read[0].titles, partial(_withheld, archive))

    def read(engine: Engine, generation: int) -> tuple[_News, Sequence[tuple[_Asked, Alert, Difference | str]]]:
        news = _News(archive, alerts, engine, generation)
        return news, news.of(asked)

    made = _in_one_generation(archive, read, store)
    for alert, problem in problems:
        alerts.note_problem(alert, problem, next_due(alert, at))
    _forget(archive, alerts)
    return made


class _News:
    """What is new in one generation.

    Attributes:
        titles: of the articles that have been read, by id.
    """

    def __init__(self, archive: Archive, alerts: Alerts, engine: Engine, generation: int) -> None:
        self._archive = archive
        self._alerts = alerts
        self._engine = engine
        self._generation = generation
        self._seen: dict[Sight, _Eyes] = {}
        self.titles: dict[str, str] = {}

    def of(self, asked: Sequence[_Asked]) -> list[tuple[_Asked, Alert, Difference | str]]:
        """What is new to each alert, with its generation; a sentence for one that cannot be asked."""
        by_seen = defaultdict[tuple[int, str, Sight], list[_Asked]](list)
        for one in asked:
            by_seen[one.alert.generation, one.alert.rules, one.sight].append(one)
        found: list[tuple[_Asked, Alert, Difference | str]] = []
        rules = _rules(self._engine)
        for (seen, under, _), group in by_seen.items():
            for one, difference in self._of_group(group, self._changed(seen), under != rules):
                looked = replace(one.alert, generation=self._generation, rules=rules, sight=written(one.sight))
                found.append((one, looked, difference))
        return found

    def _changed(self, seen: int) -> frozenset[str] | None:
        if seen == self._generation:
            return frozenset()
        folder = self._archive.folder
        return None if folder is None else changes.between(folder, seen, self._generation)

    def _of_group(
        self, group: Sequence[_Asked], changed: frozenset[str] | None, renamed: bool
    ) -> Iterator[tuple[_Asked, Difference | str]]:
        """What is new to alerts that have seen the same generation, and whose owners see as much now.

        Args:
            renamed: there have been decisions about names since.
        """
        sight = group[0].sight
        eyes, now_sees = self._eyes(sight), written(sight)
        some = [one for one in group if not one.by_day | one.by_others and one.alert.sight == now_sees]
        some = [] if changed is None or renamed else some
        if some and changed is not None:
            before = self._alerts.seen_among(changed, [one.alert.number for one in some])
            for start in range(0, len(some), _IN_ONE):
                part = some[start : start + _IN_ONE]
                for one, now in zip(part, eyes.matching([each.query for each in part], changed), strict=True):
                    yield (
                        one,
                        now if isinstance(now, str) else eyes.difference(one, before[one.alert.number], now, changed),
                    )
        few = {one.alert.number for one in some}
        whole = [one for one in group if one.alert.number not in few]
        seen = self._alerts.seen([one.alert.number for one in whole]) if whole else {}
        for one in whole:
            with asking_for(asker_of(one.alert, self._engine, sight)):
                difference = self._since(one, seen[one.alert.number], changed)
            yield one, difference

    def _since(self, one: _Asked, before: Mapping[str, bytes], changed: frozenset[str] | None) -> Difference | str:
        """What is new to an alert, as its owner saw the archive before; what he sees only now is not told."""
        now, then = self._eyes(one.sight), self._eyes(stored(one.alert.sight))
        (found,) = then.matching([one.query], None)
        if isinstance(found, str):
            return found
        told = then.difference(one, before, found, changed)
        if now is then:
            return told
        (more,) = now.matching([one.query], None)
        if isinstance(more, str):
            return more
        came, changes = ({each: one[each] for each in one if each in more} for one in (told.came, told.changed))
        had = {**before, **came, **changes}
        known = {each: content for each in more if (content := now.content(each)) != had.get(each)}
        return replace(told, came=came, changed=changes, known=known)

    def _eyes(self, sight: Sight) -> _Eyes:
        if sight not in self._seen:
            self._seen[sight] = _Eyes(seen_by(self._engine, sight), self.titles)
        return self._seen[sight]


class _Eyes:
    """One generation, as some owners of alerts see it.

    Attributes:
        titles: of the articles that have been read, by id; who sees that an article exists sees its title.
    """

    def __init__(self, engine: Engine, titles: dict[str, str]) -> None:
        self._engine = engine
        self._contents: dict[str, bytes] = {}
        self._titles = titles

    def matching(self, queries: Sequence[Query], among: frozenset[str] | None) -> Sequence[frozenset[str] | str]:
        """The ids that each query finds, or a sentence that says why it cannot be asked."""
        if among is not None and not among:
            return [among] * len(queries)
        try:
            return self._engine.matching(queries, among)
        except BadQuery as problem:
            if len(queries) == 1:
                return [str(problem)]
        except IndexDamaged as damaged:
            if len(queries) > 1 or not queries[0].list:
                raise
            log.say(str(damaged))
            return ["A file of its list is damaged; the server's log names it."]
        return [found for query in queries for found in self.matching([query], among)]

    def difference(
        self, one: _Asked, before: Mapping[str, bytes], now: frozenset[str], changed: frozenset[str] | None
    ) -> Difference:
        came = {each: self.content(each) for each in now if each not in before}
        both = [each for each in now if each in before and (changed is None or each in changed)]
        other = {each: content for each in both if (content := self.content(each)) != before[each]}
        gone = before.keys() - now
        lapsed: frozenset[str] = frozenset()
        if one.by_day and gone:
            sure = gone - present_among(self._engine, gone) if changed is None else gone & changed
            lapsed, gone = frozenset(gone - sure), sure
        return Difference(came, other, frozenset(gone), lapsed)

    def content(self, article_id: str) -> bytes:
        """A hash of what is seen of an article."""
        if article_id not in self._contents:
            article = self._engine.article(article_id)
            self._contents[article_id], self._titles[article_id] = entry(article).content, article.title
        return self._contents[article_id]


def _in_one_generation(archive: Archive, read: Callable[[Engine, int], T], store: Callable[[T], R]) -> R:
    """Read from one generation, and store what was read, again if the archive has changed in between."""
    engine = archive.engine
    for attempt in range(ATTEMPTS):
        try:
            with engine.batch():
                generation = engine.generation
                found = read(engine, generation)
                if engine.generation != generation:  # a cluster shows what is new at once
                    continue
            return store(found)
        except (ArchiveMoved, ArticleMissing):
            if attempt == ATTEMPTS - 1:
                raise
    raise ArchiveMoved


def _withheld(archive: Archive, ids: Collection[str]) -> frozenset[str]:
    """Those of some ids that have been withdrawn by their publisher, or blocked."""
    taken = withdrawn.among(archive.folder, ids) if archive.folder is not None else frozenset[str]()
    return taken | (frozenset(ids) & archive.engine.removals().blocked)


def _rules(engine: Engine) -> str:
    """A hash of the decisions about names that are in force."""
    return sha256(repr(engine.authority().entries).encode("utf-8", "surrogatepass")).hexdigest()


def _query(text: str) -> Query:
    return replace(question.read(text), group=None)


def _asked(alert: Alert, sight: Sight) -> _Asked:
    query = _query(alert.question)
    moved = question.settled(query, _day(alert.looked)) != question.settled(query, date.today())
    others = query.list is not None or "person" in query.filters or depends_on_others(parse(query.text).tree)
    return _Asked(alert, query, moved, others, sight)


def _is_idle(alert: Alert, now: tuple[int, str], at: str, next_due: NextDue) -> bool:
    """True if nothing can be new to an alert that looks at every opportunity."""
    if alert.problem or (alert.generation, alert.rules) != now or next_due(alert, at) > at:
        return False
    return _day(alert.looked) == _day(at) and "list=" not in alert.question


def _day(at: str) -> date:
    """The day of a time here, by which relative dates go."""
    return datetime.fromisoformat(at).astimezone().date()


def _follow(archive: Archive) -> None:
    """Have writers note what they change."""
    if archive.folder is not None:
        _ = archive.engine  # there is an index
        changes.follow(archive.folder)


def _forget(archive: Archive, alerts: Alerts) -> None:
    """Forget the changes that all alerts have seen, other than those that cannot be asked."""
    seen = [alert.generation for alert in alerts.listed() if not alert.problem]
    if seen and archive.folder is not None:
        changes.forget(archive.folder, min(seen))
